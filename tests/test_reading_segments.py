"""Segments: of readable length, inside one section, traceable to words and boxes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from strategy_miner.errors import SettingsError
from strategy_miner.reading import segment
from strategy_miner.reading.segments import word_spans
from strategy_miner.records import Block, Page, Word
from strategy_miner.settings import SegmentSettings

SETTINGS = SegmentSettings(min_words=20, max_words=60)
SENTENCE = "Die Stadt baut im nächsten Jahr sieben neue Haltestellen am Ring. "  # 11 words


def block(order: int, kind: str, text: str, path: tuple[str, ...] = ("1 Wege",), raw: str = "") -> Block:
    """A block with one box per raw line, words ten points wide."""
    lines = (raw or text).split("\n")
    words, boxes = [], []
    for row, line in enumerate(lines):
        top = 20.0 + 14 * row
        shown = line.replace(" | ", " ").split()
        boxes.append((1, 50.0, top, 50.0 + 12 * len(shown), top + 12))
        for column, word in enumerate(shown):
            n = 1000 * order + len(words)
            words.append(Word(n, word, 50.0 + 12 * column, top, 60.0 + 12 * column, top + 12))
    return Block(f"b{order}", order, kind, None, text, "\n".join(lines), path, tuple(boxes), (), tuple(words))


def page(*blocks: Block) -> Page:
    return Page("d" * 16, 1, 600.0, 800.0, "pdfium", "read", "", blocks)


def test_headings_furniture_contents_and_notes_give_no_segments() -> None:
    kinds = ("heading", "running_head", "page_number", "toc", "footnote", "caption", "margin_note")
    assert segment([page(*(block(n, kind, SENTENCE * 3) for n, kind in enumerate(kinds)))], SETTINGS) == []


@pytest.mark.parametrize(
    "title",
    [
        "Impressum",
        "Literaturverzeichnis",
        "9. Quellen",
        "Bildnachweis",
        "Abkürzungsverzeichnis",
        "Literatur- und Quellenangaben",
    ],
)
def test_sections_that_are_not_the_documents_own_words_give_none(title: str) -> None:
    assert segment([page(block(0, "paragraph", SENTENCE * 3, (title,)))], SETTINGS) == []


def test_a_page_that_could_not_be_read_gives_none() -> None:
    noise = replace(page(block(0, "paragraph", SENTENCE * 3)), grade="unread", reason="a font without its letters")
    good = page(block(1, "paragraph", SENTENCE * 3))
    assert [s.blocks for s in segment([noise, good], SETTINGS)] == [("b1",)]


def test_an_imprint_without_a_heading_gives_none() -> None:
    imprint = block(0, "paragraph", "Herausgeber: Stadt Beispielhausen\nV.i.S.d.P. Amt für Presse\n" + SENTENCE, ())
    assert segment([page(imprint)], SETTINGS) == []
    assert (
        len(segment([page(block(0, "paragraph", "Der Herausgeber: er schweigt. " + SENTENCE * 2, ()))], SETTINGS)) == 1
    )


def test_short_items_are_merged_with_their_lead_in() -> None:
    blocks = [block(0, "paragraph", SENTENCE * 2 + "Dazu gehören:")]
    blocks += [block(n, "list_item", f"• Haltestelle Nummer {n}") for n in range(1, 5)]
    (found,) = segment([page(*blocks)], SETTINGS)
    assert found.text.startswith("Die Stadt")
    assert found.text.endswith("• Haltestelle Nummer 4")
    assert found.blocks == ("b0", "b1", "b2", "b3", "b4")
    assert found.role == "paragraph", "most of its words"


def test_sections_are_never_mixed() -> None:
    blocks = [block(0, "paragraph", "Kurz.", ("A",)), block(1, "paragraph", SENTENCE * 2, ("B",))]
    assert [s.heading_path for s in segment([page(*blocks)], SETTINGS)] == [("A",), ("B",)]


def test_long_paragraphs_are_cut_at_sentence_ends_into_even_parts() -> None:
    text = (SENTENCE * 12).strip()
    found = segment([page(block(0, "paragraph", text))], SETTINGS)
    assert " ".join(s.text for s in found) == text
    sizes = [len(s.text.split()) for s in found]
    assert sizes == [44, 44, 44]
    assert all(s.text.endswith("Ring.") for s in found)
    numbers = [n for s in found for n in s.words]
    assert numbers == list(range(132)), "every word once, in order"


def test_long_tables_are_cut_between_rows() -> None:
    text = "\n".join(f"Maßnahme {n} | wird vom Bauamt der Stadt bis 2025 umgesetzt" for n in range(12))
    found = segment([page(block(0, "table", text))], SETTINGS)
    assert "\n".join(s.text for s in found) == text
    assert len(found) > 1
    assert all(len(s.text.split()) <= 60 for s in found)


def test_a_short_rest_goes_to_the_part_before() -> None:
    blocks = [block(0, "paragraph", SENTENCE * 3), block(1, "paragraph", "Das ist alles.")]
    (found,) = segment([page(*blocks)], SETTINGS)
    assert found.text.endswith("Das ist alles.")


def test_words_are_found_in_repaired_text() -> None:
    raw = "Die Verwal-\ntung pﬂegt Umwelt-\nund Klimadaten."
    found = block(0, "paragraph", "Die Verwaltung pflegt Umwelt- und Klimadaten.", raw=raw)
    assert [found.text[a:b] for a, b in word_spans(found)] == [
        "Die", "Verwal", "tung", "pflegt", "Umwelt-", "und", "Klimadaten.",
    ]  # fmt: skip


def test_boxes_cover_the_lines_of_the_part_only() -> None:
    raw = "\n".join(SENTENCE.strip() for _ in range(12))
    found = segment([page(block(0, "paragraph", " ".join(raw.split()), raw=raw))], SETTINGS)
    assert [len(s.boxes) for s in found] == [4, 4, 4]
    assert found[1].boxes[0][2] > found[0].boxes[-1][2]


def test_ids_survive_changes_elsewhere_and_tell_equal_texts_apart() -> None:
    one, two = block(0, "paragraph", SENTENCE * 2, ("A",)), block(1, "paragraph", SENTENCE * 2, ("B",))
    before = segment([page(one, two)], SETTINGS)
    after = segment([page(block(9, "paragraph", SENTENCE * 3, ("Neu",)), one, two)], SETTINGS)
    assert before[0].id != before[1].id
    assert [s.id for s in before] == [s.id for s in after[1:]]


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(SettingsError, match="min_words"):
        SegmentSettings(min_words=50, max_words=20)
