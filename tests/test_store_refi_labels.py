"""Codes given to the gold sample in another program: the sample goes out without codings, its labels come back."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from strategy_miner.coding import Codebook
from strategy_miner.coding.gold import Design, Drawn
from strategy_miner.coding.gold_anchors import Anchor, plain, text_hash
from strategy_miner.coding.gold_labels import checked
from strategy_miner.errors import SheetError
from strategy_miner.parallel import ROOT
from strategy_miner.records import Document
from strategy_miner.store import write_coded
from strategy_miner.store.database import query
from strategy_miner.store.refi_export import MARK, NO_CODE, Choice, code_guid, project_of
from strategy_miner.store.refi_labels import read_coded_sample
from strategy_miner.store.refi_project import Applied, Area, Code, Passage, Project, Source, User, write_project
from strategy_miner.store.refi_read import read_project
from tests.made_pdf import HELLO, one_page
from tests.store_corpus import CorpusFolder, SmallCodebook

BOOK = Codebook.load(ROOT / "corpus" / "codebook")
REST = "Wärme und „Schulen“ am Fluß. Die Stadt plant all das gemeinsam mit ihren Nachbarn und Landkreisen"
TEXTS = [f"Abschnitt {n} über Straßen, {REST}, Größe {n} ha." for n in range(6)]
JANA, ONUR = User("11111111-1111-4111-8111-111111111111", "Jana"), User("22222222-2222-4222-8222-222222222222", "Onur")


@pytest.fixture
def database(tmp_path) -> Path:
    folder = CorpusFolder(tmp_path)
    pdf = folder.folder / "pdf" / "a.pdf"
    pdf.parent.mkdir(parents=True)
    pdf.write_bytes(one_page(HELLO))
    document = folder.pdf("b.txt")
    folder.text(Document.of(pdf), [(text, {"energie": 0.9}) for text in TEXTS])
    folder.text(document, [(text.replace("Abschnitt", "Kapitel"), {}) for text in TEXTS])
    folder.project("adorf", "1", "a.pdf")
    folder.project("behausen", "2", "b.txt")
    target = folder.build / "strategy.duckdb"
    write_coded(folder.load(), [SmallCodebook()], folder.build, target, {})
    return target


@pytest.fixture
def design(database) -> Design:
    """The first, third and fourth segment of each document."""
    rows = query(database, 'SELECT id, document_id, page, text FROM segments WHERE "order" IN (0, 2, 3) ORDER BY ALL')[
        1
    ]

    anchors = [Anchor(i, d, page, text_hash(text), "Handlungsfelder", plain(text)) for i, d, page, text in rows]
    drawn = tuple(Drawn(n, anchor, "none", 6, 3, False) for n, anchor in enumerate(anchors, 1))
    return Design("field", "m" * 16, BOOK.sha256, 7, "2026-11-22", drawn)


@pytest.fixture
def sample(database, design) -> Project:
    ids = frozenset(row.anchor.segment_id for row in design.rows)
    folder = database.parents[2] / "corpus" / "klein" / "pdf"
    return project_of(database, [BOOK], Choice(folder, ("field",), sample=ids))


def applied(code: str, user: User, n: int) -> Applied:
    guid = {"-": NO_CODE}.get(code) or code_guid("field", code)
    return Applied(f"{n:08d}-0000-4000-8000-{user.guid[-12:]}", guid, user.guid)


def coded(project: Project, given: dict[int, list[str]], *users: User) -> Project:
    """The project as if each user had given these codes to the segments, counted over all documents."""
    sources, number = [], 0
    for source in project.sources:
        passages = []
        for passage in source.passages:
            own = [applied(c, user, 100 * number + i) for user in users for i, c in enumerate(given.get(number, []))]
            passages.append(replace(passage, codings=(*passage.codings, *own)))
            number += 1
        sources.append(replace(source, passages=tuple(passages)))
    return replace(project, users=(*project.users, *users), sources=tuple(sources))


def labels(project: Project, design: Design, tmp_path, user: str = "") -> tuple[dict[str, str], tuple[str, ...]]:
    """Codes by segment text as read from the written project, and the notes."""
    write_project(project, tmp_path / "coded.qdpx")
    filled = read_coded_sample(tmp_path / "coded.qdpx", design, BOOK, user)
    return {cells["text"]: cells["codes"] for _, cells in filled.rows}, filled.notes


def test_a_sample_goes_out_marked_and_blind(sample, tmp_path):
    write_project(sample, tmp_path / "sample.qdpx")
    read = read_project(tmp_path / "sample.qdpx")
    assert {coding.code for s in read.sources for p in s.passages for coding in p.codings} == {MARK}
    assert [len(s.passages) for s in read.sources] == [3, 3]
    assert not read.cases
    assert not read.variables
    assert not [group for group in read.groups if group.sources], "cohorts would tell what to expect"
    assert [p.description for s in read.sources for p in s.passages] == [""] * 6
    with zipfile.ZipFile(tmp_path / "sample.qdpx") as archive:
        assert b"energie" not in archive.read("project.qde").split(b"<Sources>")[1]


ALL = {0: ["energie", "bildung"], 1: ["-"], 2: ["bildung"], 3: ["energie"], 4: ["-"], 5: ["energie"]}


def test_labels_come_back_and_are_checked_like_a_sheet(sample, design, tmp_path):
    write_project(coded(sample, ALL, JANA), tmp_path / "coded.qdpx")
    filled = read_coded_sample(tmp_path / "coded.qdpx", design, BOOK)
    whole = [frozenset(row.anchor.segment_id for row in design.rows)]
    got = checked(filled.rows, design, BOOK, "coded.qdpx", whole)
    by_text = {label.anchor.text: set(label.codes) for label in got}
    assert len(by_text) == 6
    texts = [s.text[p.start : p.end] for s in sample.sources for p in s.passages]
    assert by_text == {text: set(ALL[n]) - {"-"} for n, text in enumerate(texts)}
    assert filled.notes == ()


def test_a_segment_without_any_code_is_missing_unless_partial(sample, design, tmp_path):
    write_project(coded(sample, {0: ["energie"]}, JANA), tmp_path / "coded.qdpx")
    filled = read_coded_sample(tmp_path / "coded.qdpx", design, BOOK)
    whole = [frozenset(row.anchor.segment_id for row in design.rows)]
    with pytest.raises(SheetError, match="5 problems, nothing was imported"):
        checked(filled.rows, design, BOOK, "coded.qdpx", whole)
    assert len(checked(filled.rows, design, BOOK, "coded.qdpx", [])) == 1


def test_no_code_beside_a_code_is_a_problem(sample, design, tmp_path):
    write_project(coded(sample, ALL | {0: ["-", "energie"]}, JANA), tmp_path / "coded.qdpx")
    filled = read_coded_sample(tmp_path / "coded.qdpx", design, BOOK)
    with pytest.raises(SheetError, match="1 problem, nothing was imported") as error:
        checked(filled.rows, design, BOOK, "coded.qdpx", [])
    assert "says that no code fits, but there are codes beside it" in error.value.problems[0]


def test_several_users(sample, design, tmp_path):
    both = coded(sample, ALL, JANA, ONUR)
    with pytest.raises(SheetError, match=r"2 users coded in it. Name one with --user: Jana, Onur"):
        labels(both, design, tmp_path)
    assert labels(both, design, tmp_path, "onur")[0].keys() == {row.anchor.text for row in design.rows}
    with pytest.raises(SheetError, match=r"no codings of 'Ida'. Users who coded: Jana, Onur"):
        labels(both, design, tmp_path, "Ida")
    with pytest.raises(SheetError, match="nobody has coded in it"):
        labels(sample, design, tmp_path)


def test_another_program_changed_guids_line_breaks_and_selections(sample, design, tmp_path):
    """New guids, its own reading of the PDF (hyphens, ligatures, the foot of a page), parts selected, a rectangle."""
    source = sample.sources[1]
    text = source.text.replace("\n\n", "\r\n\r\n \n").replace("Straßen, ", "Stra-\nßen,\n").replace("fl", "ﬂ")
    text = text.replace("Die Stadt", "\n12 Strategie der Stadt\n\x0cDie Stadt", 1)
    wanted = [row.anchor.text for row in design.rows if row.anchor.text in source.text]
    starts = [text.index(one[:10]) for one in wanted]
    green = Code("33333333-3333-4333-8333-333333333333", "Energie")  # the name of our code, another guid
    own = Code("44444444-4444-4444-8444-444444444444", "Mein Einfall")
    give = [Applied(f"5555555{n}-3333-4333-8333-333333333333", green.guid, JANA.guid) for n in range(5)]
    odd = Applied("66666666-3333-4333-8333-333333333333", own.guid, JANA.guid)
    outside = text.index("Kapitel 1")
    passages = (
        Passage("77777771-3333-4333-8333-333333333333", starts[0], starts[0] + 12, codings=(give[0], odd)),
        Passage("77777772-3333-4333-8333-333333333333", outside, outside + 30, codings=(give[1],)),
    )
    areas = (
        Area("77777773-3333-4333-8333-333333333333", 0, 1, 2, 3, 4, text=wanted[1][:30], codings=(give[2],)),
        Area("77777774-3333-4333-8333-333333333333", 0, 1, 2, 3, 4, codings=(give[3],)),
    )
    pdf = tmp_path / "x.pdf"
    pdf.write_bytes(b"%PDF")
    other = Source(JANA.guid, "umbenannt", text, ONUR.guid, pdf, passages, areas)
    project = Project("x", "Anderes Programm", users=(JANA,), codes=(green, own), sources=(other,))
    got, notes = labels(project, design, tmp_path)
    assert got == {wanted[0]: "energie", wanted[1]: "energie"}
    assert notes == (
        "1 codings of 'Mein Einfall', which is no code of field, are not taken over",
        "3 segments of the sample are not in the file",
        "1 codings lie outside the sample and are not taken over",
        "1 rectangles without text cannot be placed and are not taken over",
    )
