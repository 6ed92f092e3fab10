"""The codebook as SKOS in Turtle: for thesaurus tools, catalogues and the semantic web.

Source: SKOS Reference (W3C Recommendation, 18 August 2009). Each dimension is a top concept of one scheme, its kinds
and codes lie below it. Definitions, borders (scope notes), examples come along; the lexicon does not, as its terms are
patterns and no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from strategy_miner.coding.codebook import KINDS, Code, Codebook
from strategy_miner.coding.refi_qda import guid_of
from strategy_miner.errors import CodebookError

BASE = "urn:strategy-miner:codebook:"
_KIND_NAMES = dict(zip(KINDS, (("sektoral", "sectoral"), ("integriert", "integrated")), strict=True))
_PREFIXES = (
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
    "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NO_LETTER = re.compile('[\\\\"\x00-\x1f\x7f]|[\ud800-\udfff]')

Property = tuple[str, str]  # name and object, as Turtle writes them


def export_skos(codebooks: Sequence[Codebook], base: str = BASE) -> bytes:
    """The dimensions as one SKOS concept scheme in Turtle, UTF-8. Equal codebooks give equal bytes.

    `base`: what the IRIs begin with, for example "https://daten.beispiel.invalid/codebook/".
    Raises CodebookError if `base` is no beginning of an IRI.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f]+", base):
        raise CodebookError(f"{base!r} is no beginning of an IRI", "--base", "Write for example urn:stadt:codebook:.")
    parts = [_PREFIXES]
    scheme = [
        ("skos:prefLabel", _text("Codebuch der Strategien", "de")),
        ("skos:prefLabel", _text("Codebook of strategies", "en")),
        *(("skos:hasTopConcept", _iri(base, book.dimension)) for book in codebooks),
    ]
    parts.append(_resource(_iri(base), "skos:ConceptScheme", scheme))
    for book in codebooks:
        parts += _dimension(book, base)
    return "\n".join(parts).encode("utf-8")


def _dimension(book: Codebook, base: str) -> Iterator[str]:
    top = _iri(base, book.dimension)
    kinds = list(dict.fromkeys(code.kind for code in book.codes if code.kind))
    kind_iri = {kind: _iri(base, book.dimension, "kind", kind) for kind in kinds}
    above = {code.id: _above(code, base, book.dimension, kind_iri) for code in book.codes}
    german = book.name_de or book.dimension
    yield _resource(top, "skos:Concept", [
        *_labels(german, book.name_en if book.name_en != german else ""),
        ("skos:inScheme", _iri(base)),
        ("skos:topConceptOf", _iri(base)),
        ("skos:notation", _text(book.dimension)),
        ("dcterms:identifier", _text(guid_of("code", book.dimension, ""))),
        ("owl:versionInfo", _text(str(book.version))),
        *([("skos:scopeNote", _text(book.notes, "de"))] if book.notes else []),
        *(("skos:narrower", iri) for iri in kind_iri.values()),
        *_narrower(book.codes, above, top, base, book.dimension),
    ])  # fmt: skip
    for kind, iri in kind_iri.items():
        yield _resource(iri, "skos:Concept", [
            *_labels(*_KIND_NAMES.get(kind, (kind, ""))),
            ("skos:inScheme", _iri(base)),
            ("skos:notation", _text(kind)),
            ("skos:broader", top),
            *_narrower(book.codes, above, iri, base, book.dimension),
        ])  # fmt: skip
    for code in book.codes:
        own = _iri(base, book.dimension, code.id)
        below = _narrower(book.codes, above, own, base, book.dimension)
        yield _resource(own, "skos:Concept", [
            *_properties(code, book.dimension), ("skos:inScheme", _iri(base)), ("skos:broader", above[code.id]), *below,
        ])  # fmt: skip


def _properties(code: Code, dimension: str) -> Iterator[Property]:
    # English falls back to German in the codebook; what has an English definition has an English name too.
    english = code.definition_en != code.definition_de
    yield from _labels(code.name_de, code.name_en if english or code.name_en != code.name_de else "")
    yield "skos:notation", _text(code.id)
    yield "dcterms:identifier", _text(guid_of("code", dimension, code.id))
    if code.definition_de:
        yield "skos:definition", _text(code.definition_de, "de")
    if english and code.definition_en:
        yield "skos:definition", _text(code.definition_en, "en")
    for head, borders in (("Dazu gehört", code.includes), ("Nicht dazu gehört", code.excludes)):
        for border in borders:
            yield "skos:scopeNote", _text(f"{head}: {border}", "de")
    for example in code.positive:
        yield "skos:example", _text(": ".join(part for part in (example.heading, example.text) if part), "de")


def _above(code: Code, base: str, dimension: str, kind_iri: dict[str, str]) -> str:
    if code.parent:
        return _iri(base, dimension, code.parent)
    return kind_iri.get(code.kind) or _iri(base, dimension)


def _narrower(codes: Iterable[Code], above: dict[str, str], iri: str, base: str, dimension: str) -> list[Property]:
    return [("skos:narrower", _iri(base, dimension, code.id)) for code in codes if above[code.id] == iri]


def _labels(german: str, english: str) -> Iterator[Property]:
    yield "skos:prefLabel", _text(german, "de")
    if english:
        yield "skos:prefLabel", _text(english, "en")


def _resource(iri: str, kind: str, properties: Iterable[Property]) -> str:
    lines = dict.fromkeys(f"    {name} {value}" for name, value in properties)  # a statement counts once
    return f"{iri} a {kind} ;\n" + " ;\n".join(lines) + " .\n"


def _iri(base: str, *parts: str) -> str:
    return f"<{base}{'/'.join(quote(part) for part in parts) or 'scheme'}>"


def _text(text: str, language: str = "") -> str:
    escaped = _NO_LETTER.sub(lambda m: _ESCAPES.get(m.group()) or f"\\u{ord(m.group()):04X}", text)
    return f'"{escaped}"' + (f"@{language}" if language else "")
