"""Which lines are headings and on which level, on pages set word by word: one row per pattern, with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from strategy_miner.reading.layout import lay_out
from strategy_miner.reading.raw import RawPage, RawWord, Style
from strategy_miner.records import Page

TITLES = ("Mobilität für alle", "Energie vor Ort", "Wohnen am Fluss", "Kultur im Quartier", "Lernen ein Leben lang")
BODY = (
    "Die Stadt Beispielhausen ist erfunden. Ihre Verwaltung baut Wege, pflegt Bäume und lädt zu Gesprächen ein. "
    "Wer mitreden will, findet jeden Monat eine Gelegenheit, und die Ergebnisse stehen danach im Rathaus aus. "
)
LEFT, RIGHT, FOOT = 70.0, 520.0, 760.0


@dataclass(frozen=True)
class Set:
    """A piece of text and how it is set; `at` moves it from the left edge, `gap` is the space above it in lines."""

    text: str
    size: float = 10.0
    bold: bool = False
    slant: bool = False
    colour: int = 0
    right: bool = False
    at: float = 0.0
    gap: float = 1.8
    underlined: bool = False


def document(sets: list[Set]) -> list[Page]:
    """The pages of a document with these pieces one under the other."""
    pages = [RawPage(1, 595.0, 842.0)]
    base = 90.0
    for piece in sets:
        base += (piece.gap - 1.2) * piece.size
        for row in piece.text.split("\n"):
            for words in _rows(row, piece):
                base += 1.2 * piece.size
                if base > FOOT:
                    pages.append(RawPage(len(pages) + 1, 595.0, 842.0))
                    base = 90.0
                _put(pages[-1], words, base, piece)
    return list(lay_out("0" * 16, pages))


def _rows(text: str, piece: Set) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    for word in text.strip().split(" "):
        if LEFT + piece.at + _width(" ".join([*rows[-1], word]), piece) > RIGHT:
            rows.append([])
        rows[-1].append(word)
    return rows


def _width(text: str, piece: Set) -> float:
    return 0.5 * piece.size * len(text)


def _put(page: RawPage, words: list[str], base: float, piece: Set) -> None:
    font = "Schrift" + "-Fett" * piece.bold + "-Kursiv" * piece.slant
    style = Style(piece.size, font, piece.bold, piece.slant, 0, piece.colour, False)
    total = _width(" ".join(words), piece)
    x = RIGHT - total if piece.right else LEFT + piece.at
    if piece.underlined:
        page.rules.append((x, base + 1, x + total, base + 1.5))
    for word in words:
        if "\t" in word:  # "3\tMobilität": a tabulator between number and title
            number, word = word.split("\t")
            page.words.append(_word(number, x, base, piece, style))
            x += 3.5 * piece.size
        page.words.append(_word(word, x, base, piece, style))
        x += _width(word + " ", piece)


def _word(text: str, x: float, base: float, piece: Set, style: Style) -> RawWord:
    top, bottom = base - 0.8 * piece.size, base + 0.2 * piece.size
    return RawWord(text, x, top, x + _width(text, piece), bottom, base, style)


def outline(sets: list[Set]) -> list[tuple[int | None, str]]:
    return [(b.level, b.text) for page in document(sets) for b in page.blocks if b.kind == "heading"]


def chapters(*pieces: Set, text: str = BODY * 3) -> list[Set]:
    """Each chapter: the pieces, # replaced by its title and @ by its number, then text."""
    sets = []
    for number, title in enumerate(TITLES, 1):
        sets += [_filled(p, number, title) for p in pieces] + [Set(text)]
    return sets


def _filled(piece: Set, number: int, title: str) -> Set:
    return replace(piece, text=piece.text.replace("#", title).replace("@", str(number)))


def expected(*headings: tuple[int, str]) -> list[tuple[int, str]]:
    return [
        (level, t.replace("#", title).replace("@", str(n)))
        for n, title in enumerate(TITLES, 1)
        for level, t in headings
    ]


LOOKS = [
    (Set("#", bold=True), "bold, no larger than the text"),
    (Set("#", colour=0x006699), "colour alone, when every such line heads a text"),
    (Set("#", slant=True), "slant alone, by font or by matrix"),
    (Set("#", underlined=True), "underlined only"),
    (Set("#", bold=True, gap=1.2), "bold, with no space above"),
    (Set("#.", bold=True), "a full stop ends each of them"),
    (Set("#?", bold=True), "a question"),
    (Set("@. #:", bold=True), "a number in front, a colon behind"),
    (Set("Handlungsfeld @: #", bold=True), "a named number"),
    (Set("A. #", bold=True), "a letter"),
    (Set("IV. #", bold=True), "a Roman number"),
    (Set("@ #", size=16.0, bold=True), "larger"),
    (Set("# und wie wir sie in den kommenden Jahren mit allen gemeinsam in der ganzen Stadt erreichen", bold=True),
     "a bold heading of two lines"),
]  # fmt: skip


@pytest.mark.parametrize(("look", "reason"), LOOKS, ids=[reason for _, reason in LOOKS])
def test_a_look_that_heads_text_is_a_heading(look: Set, reason: str) -> None:
    assert outline(chapters(look)) == expected((1, look.text)), reason


JOINED = [
    (Set("@\t#", size=16.0, bold=True), "@ #", "a chapter's number stands far left of its title"),
    (Set("@\t#", bold=True), "@ #", "the same in the size of the text"),
    (
        Set("#\nin Beispielhausen", size=14.0, bold=True, right=True),
        "# in Beispielhausen",
        "two lines set to the right",
    ),
]


@pytest.mark.parametrize(("piece", "whole", "reason"), JOINED, ids=[row[2] for row in JOINED])
def test_what_belongs_together_is_one_heading(piece: Set, whole: str, reason: str) -> None:
    assert outline(chapters(piece)) == expected((1, whole)), reason


def test_a_number_or_label_above_a_title_belongs_to_it() -> None:
    for label in ("@", "Kapitel @"):
        found = outline(chapters(Set(label, size=28.0, bold=True), Set("#", size=18.0, bold=True, gap=1.3)))
        assert found == expected((1, f"{label} #"))


def test_title_and_subtitle_that_always_come_together_are_one_heading() -> None:
    title, subtitle = Set("#", size=16.0, bold=True), Set("Was wir bis zum Jahr 203@ erreichen", size=13.0, slant=True)
    assert outline(chapters(title, subtitle)) == expected((1, "# Was wir bis zum Jahr 203@ erreichen"))


NO_HEADINGS = [
    (Set("Wer hier lebt, soll auch in @ Jahren gern hier leben. " + BODY, bold=True), "a bold lead under the title"),
    (Set("Das ist uns wichtig.", bold=True), "an emphasised sentence among many"),
    (Set("„Wir bauen heute die Wege, auf denen morgen alle gehen, so sagt es die Nummer @.“", size=15.0, slant=True),
     "a quotation in large type"),
    (Set("www.beispielhausen.example", size=15.0, bold=True), "an address"),
    (Set("9.528.214,@5 EUR", bold=True), "a sum"),
    (Set("o Wege bauen, Bäume pflegen und alle zu Gesprächen einladen"), "Word's small o is a bullet"),
]  # fmt: skip


@pytest.mark.parametrize(("piece", "reason"), NO_HEADINGS, ids=[reason for _, reason in NO_HEADINGS])
def test_emphasis_is_no_heading(piece: Set, reason: str) -> None:
    bold = Set("So steht es auch im Beschluss des Rates der Stadt aus dem Frühjahr. " * 2, bold=True)
    sets = chapters(Set("#", size=16.0, bold=True), Set(BODY), piece, *([bold] if piece.bold else []))
    assert outline(sets) == expected((1, "#")), reason


def test_a_name_under_a_quotation_is_no_heading() -> None:
    sub = Set("Zu #", bold=True, slant=True)
    quote = Set("„Einen großen Teil meines Weges gehe ich zu Fuß, und das soll auch so bleiben.“", slant=True)
    name = Set("Erika, 51, aus dem Oberdorf", bold=True, slant=True, gap=1.2)
    found = outline([*chapters(Set("#", size=16.0, bold=True), quote, name), *chapters(sub)])
    assert not any("Erika" in text for _, text in found)


def test_a_sentence_broken_off_by_the_page_is_no_heading() -> None:
    before = [*chapters(Set("#", size=16.0, bold=True)), *[Set(BODY * 4)] * 4]
    torn = Set("Darüber hinaus wollen wir die Partnerschaft mit den Orten der Umgebung auf neue Füße stellen und sie "
               "so oft besuchen, wie es der Fahrplan zulässt", bold=True)  # fmt: skip
    room = [Set(BODY)] * 2
    for fill in range(6):
        found = outline([*before, *room[:1] * fill, torn, Set(BODY)])
        assert not any("Darüber" in text and "Fahrplan" not in text for _, text in found)


def test_numbers_in_one_look_make_levels() -> None:
    sets = chapters(Set("@ #", bold=True), Set(BODY), Set("@.1 Ziele der Stadt", bold=True))
    assert outline(sets) == expected((1, "@ #"), (2, "@.1 Ziele der Stadt"))


def test_what_has_no_number_stands_below_the_number_above() -> None:
    look = {"size": 14.0, "bold": True}
    sets = chapters(Set("@ #", **look), Set(BODY), Set("@.1 Ziele", **look), Set(BODY), Set("Wirkung", **look))
    assert outline(sets) == expected((1, "@ #"), (2, "@.1 Ziele"), (3, "Wirkung"))


def test_colours_of_one_size_are_one_level() -> None:
    """The titles of tables and sub-headings in another colour: neither stands under the other."""
    look = {"size": 12.0, "bold": True}
    sets = []
    for number, title in enumerate(TITLES):
        colour = 0x338833 if number % 2 else 0x993333
        sets += [
            Set(title, size=18.0, bold=True),
            Set(BODY),
            Set(f"Wege {number}", colour=colour, **look),
            Set(BODY * 2),
        ]
    assert [level for level, _ in outline(sets)] == [1, 2] * len(TITLES)


def test_a_line_spread_by_justification_stays_one_line() -> None:
    page = RawPage(1, 595.0, 842.0)
    style = Style(10.0, "Schrift", False, False, 0, 0, False)
    first = "Die Stadt baut neue Wege und pflegt alte Bäume und lädt alle zu Gesprächen ein und hört zu,"
    second = "indem sie jeden Monat einlädt,"
    full, wide = first.split(), second.split()
    for base, words, space in ((100.0, full, 2.5), (112.0, wide, 60.0), (124.0, full[:5], 2.5)):
        x = LEFT
        for word in words:
            page.words.append(RawWord(word, x, base - 8, x + 4.5 * len(word), base + 2, base, style))
            x += 4.5 * len(word) + space
    (laid,) = lay_out("0" * 16, [page])
    (block,) = laid.blocks
    assert block.raw.split("\n")[1] == second


def test_a_heading_over_a_list_in_a_box_is_its_own_block() -> None:
    """Where lines of its look are headings outside; its path ends with the box."""
    pages = chapters(Set("#", bold=True))
    head = document(pages)
    assert len([b for p in head for b in p.blocks if b.kind == "heading"]) == len(TITLES)
    raw = [RawPage(1, 595.0, 842.0)]
    base = 90.0
    for piece in [*chapters(Set("#", bold=True), text=BODY), Set("Wer mitmacht", bold=True, at=10)]:
        base += 8
        for words in _rows(piece.text, piece):
            base += 12
            _put(raw[0], words, base, piece)
    top = base - 16
    for item in ("• baut Wege mit", "• pflegt Bäume", "• lädt andere ein"):
        base += 14
        _put(raw[0], item.split(), base, Set(item, at=10))
    raw[0].fills.append(((LEFT, top, RIGHT, base + 8), 0xDDDDDD))
    _put(raw[0], BODY.split()[:12], base + 40, Set(BODY))
    (laid,) = lay_out("0" * 16, raw)
    blocks = [b for b in laid.blocks if b.kind != "paragraph" or "erfunden" in b.text]
    box = next(n for n, b in enumerate(blocks) if b.text == "Wer mitmacht")
    assert blocks[box].kind == "heading"
    assert [b.kind for b in blocks[box + 1 : box + 4]] == ["list_item"] * 3
    assert blocks[box + 1].heading_path[-1] == "Wer mitmacht"
    assert blocks[-1].heading_path == (TITLES[-1],), "text after the box does not stand under the box's title"


@pytest.mark.real
@pytest.mark.parametrize(("name", "least"), [("wp13_spd", 0.95), ("kv_bw_2021", 0.99)])
def test_headings_of_real_documents(name: str, least: float) -> None:
    from strategy_miner.reading.evaluate import evaluate, f1
    from strategy_miner.settings import ExtractSettings

    real = Path(__file__).resolve().parents[2] / "shared" / "real"
    if not real.is_dir():
        pytest.skip("../shared is absent: no reference for headings")
    settings = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=500, wall_seconds=120, cpu_seconds=120, memory_mb=1500)
    (score,) = evaluate(real, settings, [name])
    assert (f1(score.heading_precision, score.heading_recall) or 0.0) >= least
