"""Are the words under the quoted boxes found again, and is a damaged box, text or document told?"""

import duckdb
import pytest

from strategy_miner.checking.passages import quoted
from strategy_miner.checking.reread import check_quotes, difference, normalised
from strategy_miner.checking.sources import check_sources
from strategy_miner.store import connect
from tests.made_pdf import SETTINGS
from tests.quoted_corpus import LINES, database, page, quoted_corpus


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    corpus = quoted_corpus(tmp_path_factory.mktemp("quoted"))
    return corpus, database(corpus)


@pytest.fixture
def damaged(made, tmp_path):
    """A function that copies the database, runs SQL on the copy and checks it."""
    corpus, path = made

    def check(sql="SELECT 1"):
        copy = tmp_path / "copy.duckdb"
        copy.write_bytes(path.read_bytes())
        with duckdb.connect(str(copy)) as connection:
            connection.execute(sql)
        with connect(copy) as connection:
            documents, files = check_sources(connection, corpus.load())
            return [documents, *check_quotes(quoted(connection), files, SETTINGS)]

    return check


def test_every_passage_is_found_again(damaged):
    documents, quotes, names = damaged()
    assert (documents.checked, quotes.checked) == (3, 4)
    assert documents.mismatches == quotes.mismatches == quotes.unchecked == names.mismatches == []


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE words SET x0 = x0 + 30, x1 = x1 + 30 WHERE text = 'Speicher'", "stands there"),
        ("UPDATE words SET top = top + 14, bottom = bottom + 14 WHERE text = 'Speicher'", "stands there"),
        ("UPDATE words SET x0 = 0, x1 = 5 WHERE text = 'Speicher'", "nothing stands where the word “Speicher” should"),
        ("UPDATE segments SET text = replace(text, 'Speicher', 'Spender')", "is quoted, but “Speicher” stands there"),
        ("UPDATE segments SET text = replace(text, 'Rufbus', 'Zug')", "does not stand in the document"),
        ("UPDATE segments SET boxes = list_transform(boxes, lambda b: {'page': b.page, 'x0': b.x0 + 9, 'top': b.top,"
         " 'x1': b.x1 + 9, 'bottom': b.bottom})", "in none of the passage's boxes"),
        ("UPDATE segments SET boxes = list_append(boxes, {'page': 1, 'x0': 1, 'top': 1, 'x1': 9, 'bottom': 9})"
         " WHERE len(boxes) > 0", "hold no word of the passage"),
        ("UPDATE segments SET words = words[:-2]", "but no box leads to it"),
    ],
)  # fmt: skip
def test_a_damaged_box_or_text_is_named(damaged, sql, told):
    _, quotes, _ = damaged(sql)
    assert quotes.mismatches
    assert told in quotes.mismatches[0]
    assert quotes.mismatches[0].startswith(("auf.pdf, page 1, passage ", "ohne.txt, passage "))


def test_a_name_that_is_not_on_its_page_is_told(damaged):
    sql = """INSERT INTO declared_fields (id, project_id, document_id, field_name, page, origin, counts)
        SELECT name, 'auf', document_id, name, 1, 'text', true
        FROM documents, (VALUES ('Energie und Wärme'), ('Wasser')) AS given (name) WHERE file = 'auf.pdf'"""
    _, _, names = damaged(sql)
    assert names.checked == 2
    assert names.mismatches == ["auf.pdf, page 1, declared field Wasser: “Wasser” does not stand on the page"]


def test_a_document_replaced_by_a_copy_of_another_is_not_called_missing(damaged, made):
    folder = made[0].folder / "pdf"
    kept = (folder / "auf.pdf").read_bytes()
    try:
        (folder / "auf.pdf").write_bytes((folder / "quer.pdf").read_bytes())
        told = damaged()[0].mismatches
    finally:
        (folder / "auf.pdf").write_bytes(kept)
    assert [line.partition(" (")[0] for line in told] == [
        "auf.pdf: has another content than the document that was read"
    ]


def test_a_swapped_a_missing_and_an_unknown_document_are_named(damaged, made):
    folder = made[0].folder / "pdf"
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    try:
        (folder / "auf.pdf").write_bytes(page((*LINES[:2], "Ganz anders.")))
        (folder / "quer.pdf").unlink()
        (folder / "fremd.pdf").write_bytes(page())
        documents, quotes, _ = damaged()
    finally:
        (folder / "fremd.pdf").unlink()
        for path, content in kept.items():
            path.write_bytes(content)
    told = "\n".join(documents.mismatches)
    assert "auf.pdf: has another content than the document that was read" in told
    assert "quer.pdf: is missing" in told
    assert "fremd.pdf: lies in" in told
    assert len(documents.mismatches) == 3
    assert (quotes.checked, len(quotes.unchecked)) == (2, 2), "what cannot be checked is said"


@pytest.mark.parametrize(
    ("text", "read", "marks", "told", "why"),
    [
        ("Wärmewende", ["Wärme-", "wende"], (), "", "a hyphen at a line end"),
        ("Büro der Zukunft", ["Bu\u0308ro", "der", "Zukunft"], (), "", "an accent set apart"),
        ("effizient", ["e\ufb03zient"], (), "", "a ligature"),
        ("a | b", ["a", "b"], (), "", "cells of a table"),
        ("Das gilt. Und", ["Das", "gilt.3", "Und"], ("3",), "", "the mark of a footnote"),
        ("im Jahr 2008 lag", ["im", "Jahr", "2008", "22", "lag"], ("22",), "", "a mark that stands apart"),
        ("Das gilt.", ["Das", "gilt.3"], (), "“gilt.” is quoted, but “gilt.3” stands there", "no footnote has it"),
        ("Das gilt.", ["Das", "gilt.3"], ("4",), "“gilt.” is quoted, but “gilt.3” stands there", "another's mark"),
        ("8 Uhr", ["9", "Uhr"], ("9",), "“8Uhr” is quoted, but “Uhr” stands there", "a figure edited"),
        ("Das gilt nicht", ["Das", "gilt"], (), "“nicht” is quoted, but no box leads to it", "a word added"),
        ("Das gilt", ["Das", "gilt", "nicht"], (), "“” is quoted, but “nicht” stands there", "a word left out"),
    ],
)
def test_what_is_equal_after_normalisation(text, read, marks, told, why):
    assert difference(text, [normalised(word) for word in read], marks) == told, why
