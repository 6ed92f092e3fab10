"""The codebook as SKOS: read by rdflib, complete, without the faults that SKOS forbids."""

from __future__ import annotations

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS
from typer.testing import CliRunner

from strategy_miner.cli import app
from strategy_miner.coding import Codebook
from strategy_miner.coding.dimension import chosen
from strategy_miner.coding.refi_qda import guid_of
from strategy_miner.coding.skos import BASE, export_skos
from strategy_miner.errors import CodebookError
from strategy_miner.parallel import ROOT

FOLDER = ROOT / "corpus" / "codebook"
BOOKS = [Codebook.load(FOLDER, name) for name in chosen(FOLDER, "all")]
ODD = r"""dimension: odd
version: 3
label: {de: "Über \"alles\" \\ Größe", en: On everything}
notes: "Erste Zeile\nzweite Zeile mit ümläut, \t Tab und \x07 Klingel 😀"
codes:
  - {id: größe.1, kind: "eine Art/mehr", label: {de: Größe, en: Size}, definition: {de: d, en: e},
     includes: ["Anführung \"x\"", "Anführung \"x\""], positive: ["Ein <Beispiel> & mehr"]}
  - {id: unten, parent: größe.1, label: {de: Unten}}
"""


def graph(books: list[Codebook], base: str = BASE) -> Graph:
    return Graph().parse(data=export_skos(books, base), format="turtle")


def iri(*parts: str) -> URIRef:
    return URIRef(BASE + "/".join(parts))


@pytest.fixture(scope="module")
def shipped() -> Graph:
    return graph(BOOKS)


def test_every_code_has_its_labels_definitions_borders_and_examples(shipped):
    for book in BOOKS:
        for code in book.codes:
            own = iri(book.dimension, code.id)
            assert (own, RDF.type, SKOS.Concept) in shipped
            assert Literal(code.name_de, "de") in set(shipped.objects(own, SKOS.prefLabel))
            assert Literal(code.name_en, "en") in set(shipped.objects(own, SKOS.prefLabel))
            texts = {Literal(code.definition_de, "de"), Literal(code.definition_en, "en")}
            assert set(shipped.objects(own, SKOS.definition)) == texts
            notes = [str(note).split(": ", 1) for note in shipped.objects(own, SKOS.scopeNote)]
            assert {text for head, text in notes if head == "Dazu gehört"} == set(code.includes)
            assert {text for head, text in notes if head == "Nicht dazu gehört"} == set(code.excludes)
            assert len(set(shipped.objects(own, SKOS.example))) == len(
                {(example.heading, example.text) for example in code.positive}
            )
            assert str(shipped.value(own, DCTERMS.identifier)) == guid_of("code", book.dimension, code.id)


def test_codes_lie_below_their_kind_and_their_dimension(shipped):
    for book in BOOKS:
        top = iri(book.dimension)
        assert (iri("scheme"), SKOS.hasTopConcept, top) in shipped
        assert (top, SKOS.topConceptOf, iri("scheme")) in shipped
        for code in book.codes:
            own = iri(book.dimension, code.id)
            (above,) = shipped.objects(own, SKOS.broader)
            kind = iri(book.dimension, "kind", code.kind)
            assert above == (iri(book.dimension, code.parent) if code.parent else kind if code.kind else top)
            assert top in shipped.transitive_objects(own, SKOS.broader)
    labels = set(shipped.objects(iri("field", "kind", "integrated"), SKOS.prefLabel))
    assert labels == {Literal("integriert", "de"), Literal("integrated", "en")}


def test_rules_of_skos_hold(shipped):
    for concept in shipped.subjects(RDF.type, SKOS.Concept):
        languages = [label.language for label in shipped.objects(concept, SKOS.prefLabel)]
        assert len(languages) == len(set(languages)), "one preferred label a language (S14)"
        assert (concept, SKOS.inScheme, iri("scheme")) in shipped
        assert concept not in set(shipped.transitive_objects(concept, SKOS.broader)) - {concept}
    pairs = {(below, above) for below, above in shipped.subject_objects(SKOS.broader)}
    assert pairs == {(below, above) for above, below in shipped.subject_objects(SKOS.narrower)}
    assert not [below for below, above in pairs if below == above]


def test_odd_signs_and_nesting(tmp_path):
    (tmp_path / "odd.yaml").write_text(ODD, encoding="utf-8")
    book = Codebook.load(tmp_path, "odd")
    found = graph([book])
    assert Literal('Über "alles" \\ Größe', "de") in set(found.objects(iri("odd"), SKOS.prefLabel))
    assert str(found.value(iri("odd"), SKOS.scopeNote)) == book.notes
    own = iri("odd", "gr%C3%B6%C3%9Fe.1")
    assert set(found.objects(own, SKOS.scopeNote)) == {Literal('Dazu gehört: Anführung "x"', "de")}
    assert str(found.value(own, SKOS.broader)) == BASE + "odd/kind/eine%20Art/mehr"
    below = iri("odd", "unten")
    assert found.value(below, SKOS.broader) == own
    assert list(found.objects(below, SKOS.prefLabel)) == [Literal("Unten", "de")], "no German tagged as English"
    assert export_skos([book]) == export_skos([book])


@pytest.mark.parametrize("base", ["", "no scheme", "x:<y>", "http://a b/", 'urn:"x"'])
def test_a_base_that_is_no_iri_is_refused(base):
    with pytest.raises(CodebookError, match="is no beginning of an IRI"):
        export_skos(BOOKS[:1], base)


def test_command(tmp_path):
    target = tmp_path / "codebook.ttl"
    base = "https://daten.beispiel.invalid/codebook/"
    done = CliRunner().invoke(app, ["codebook", "export", str(target), "--skos", "--base", base])
    assert done.exit_code == 0, done.output
    found = Graph().parse(target, format="turtle")
    assert len(set(found.objects(URIRef(base + "scheme"), SKOS.hasTopConcept))) == len(BOOKS)
