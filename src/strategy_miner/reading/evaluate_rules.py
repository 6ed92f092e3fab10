"""What each rule of reading gains and costs: the evaluation again with that rule alone switched off.

A rule is a function of some module with a neutral replacement; it is swapped in this process only, so the layout
reruns on raw pages that a child read once. What the child itself decides (hidden text, second reader, OCR, ruled
tables) is not covered.
"""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from strategy_miner.reading.evaluate import Score, f1, score
from strategy_miner.reading.layout import lay_out
from strategy_miner.reading.raw import RawPage
from strategy_miner.records import Page

Raw = Mapping[str, Sequence[RawPage]]  # raw pages by document name


def _nothing(*_: Any) -> None:
    return None


def _first(*given: Any) -> Any:
    return given[0]


def _never(*_: Any) -> bool:
    return False


def _zero(*_: Any) -> float:
    return 0.0


def _empty_list(*_: Any) -> list[Any]:
    return []


def _empty_dict(*_: Any) -> dict[Any, Any]:
    return {}


def _empty_set(*_: Any) -> set[Any]:
    return set()


def _flat(found: Sequence[Any], *_: Any) -> list[int]:
    return [0] * len(found)


RULES: tuple[tuple[str, str, str, Callable[..., Any] | property], ...] = (
    ("furniture: all of it", "layout", "mark_furniture", _nothing),
    ("furniture: what comes back at one height", "furniture", "_mark_repeated", _nothing),
    ("furniture: running heads by chapter", "furniture", "_mark_same_place", _nothing),
    ("furniture: numbers that run with the pages", "furniture", "_mark_page_numbers", _nothing),
    ("furniture: printed line numbers", "furniture", "_mark_line_numbers", _nothing),
    ("furniture: turned thumb tabs", "furniture", "_mark_turned", _nothing),
    ("furniture: lines set like the body must stand apart", "furniture", "_set_apart", _first),
    ("furniture: chapter labels are none", "furniture", "_are_labels", _never),
    ("contents pages", "layout", "mark_contents", _empty_list),
    ("words: printed twice at one place", "lines", "_once", _first),
    ("lines: pieces of one line rejoined", "lines", "_rejoined", _first),
    ("lines: words spread by justification", "lines", "_spread_joined", _first),
    ("lines: numbers and bullets set off", "lines", "_labels_joined", _first),
    ("order: cut into columns where the stream jumps", "layout", "reading_order", _first),
    ("order: columns painted row by row", "lines", "_zigzags", _never),
    ("paragraphs: break where the face changes", "paragraphs", "_face_changes", _never),
    ("paragraphs: break at indents and short lines", "paragraphs", "_indent_breaks", _never),
    ("paragraphs: go on in the next column", "paragraphs", "_runs_over", _never),
    ("paragraphs: go on over pages, figures, notes", "layout", "goes_on", _never),
    ("paragraphs: torn in mid-sentence", "joining", "_is_torn", _never),
    ("paragraphs: a dash that begins a line", "joining", "_is_inserted", _never),
    ("paragraphs: full last line of a column", "joining", "_fills_column", _never),
    ("headings: larger type", "looks", "_larger", _zero),
    ("headings: weight", "looks", "_bolder", _zero),
    ("headings: colour", "looks", "_coloured", _zero),
    ("headings: slant", "looks", "_slanted", _zero),
    ("headings: another font", "looks", "_other_font", _zero),
    ("headings: capitals", "looks", "_capitals", _zero),
    ("headings: underlining", "lines", "_mark_underlines", _nothing),
    ("headings: gap above", "headings", "_stands_apart", _never),
    ("headings: numbering", "headings", "is_numbered", _never),
    ("headings: a look of sentences is emphasis", "headings._Vote", "emphasis", property(_never)),
    ("headings: a look that always heads a text", "headings._Vote", "titled", property(_never)),
    ("headings: lines torn from a heading", "headings._Vote", "title", property(_never)),
    ("headings: names under quotations are none", "headings", "_is_signature", _never),
    ("headings: in tinted strips and over lists in boxes", "headings", "_box_heads", _empty_dict),
    ("headings: several lines merged", "headings", "_merge_neighbours", _nothing),
    ("headings: number on a line of its own", "headings", "_merge_labels", _nothing),
    ("headings: title and subtitle merged", "headings", "_merge_subtitles", _nothing),
    ("headings: rows of short ones are a list", "headings", "_drop_lonely", _nothing),
    ("levels: looks on covers do not rank", "levels", "_only_on_covers", _empty_set),
    ("levels: colours of one size are equal", "levels", "_same_rank", _never),
    ("levels: depth of decimal numbers", "levels", "_below", _flat),
    ("levels: rare looks follow their numbers", "levels", "_follow_numbers", _nothing),
    ("notes: small type at the foot", "layout", "mark_footnotes", _nothing),
    ("notes: numbered small paragraphs", "layout", "mark_notes", _nothing),
    ("notes: marks are no words", "layout", "tie_notes", _nothing),
    ("captions", "layout", "mark_captions", _nothing),
    ("figures and drawings", "layout", "mark_figures", _nothing),
    ("boxes", "layout", "mark_boxes", _nothing),
    ("tables ruled across only", "cells", "band_tables", _empty_list),
    ("hyphens: the document's own vocabulary", "layout", "vocabulary", lambda _: Counter[str]()),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effect:
    """What reading loses without a rule: differences of figures (with it minus without), macro over documents."""

    rule: str
    text: float
    headings: float
    levels: float
    leaked: float
    hyphens: float
    changed: float  # share of all blocks that are others without it
    worst: str  # the document that the rule helps most
    costs: str  # the document that it harms most, "" if none


def effects(raw: Raw, texts: Path, wanted: str = "") -> list[Effect]:
    """The effect of every rule whose name contains `wanted`, in the order of the table."""
    before = {name: _pages(pages) for name, pages in raw.items()}
    scores = {name: score(name, pages, texts) for name, pages in before.items()}
    found = []
    for rule, place, name, neutral in RULES:
        if wanted not in rule:
            continue
        with switched_off(place, name, neutral):
            after = {document: _pages(pages) for document, pages in raw.items()}
        changed = {document: _difference(before[document], after[document]) for document in raw}
        without = {d: score(d, after[d], texts) if changed[d] else scores[d] for d in raw}
        found.append(_effect(rule, scores, without, changed))
    return found


@contextmanager
def switched_off(place: str, name: str, neutral: Callable[..., Any] | property) -> Iterator[None]:
    """One function of a module of reading (or property of a class in it) replaced for a while."""
    module, _, inner = place.partition(".")
    owner = importlib.import_module(f"strategy_miner.reading.{module}")
    owner = getattr(owner, inner) if inner else owner
    usual = getattr(owner, name)
    setattr(owner, name, neutral)
    try:
        yield
    finally:
        setattr(owner, name, usual)


def _pages(raw: Sequence[RawPage]) -> list[Page]:
    """Laid out afresh; the layout notes tables on raw pages, so it gets copies."""
    return list(lay_out("0" * 16, [replace(p, words=list(p.words), tables=list(p.tables)) for p in raw]))


def _difference(before: Sequence[Page], after: Sequence[Page]) -> float:
    """Share of the blocks before that are not found, with kind and text, after."""
    left, right = (Counter((b.kind, b.level, b.text) for p in pages for b in p.blocks) for pages in (before, after))
    return (left - right).total() / max(left.total(), 1)


def _effect(rule: str, on: Mapping[str, Score], off: Mapping[str, Score], changed: Mapping[str, float]) -> Effect:
    def text(s: Score) -> float | None:
        return f1(s.precision, s.recall)

    def headings(s: Score) -> float | None:
        return f1(s.heading_precision, s.heading_recall) if s.heading_recall is not None else cloud(s)

    def cloud(s: Score) -> float | None:
        return f1(s.cloud_precision, s.cloud_recall)

    gains = {d: sum(_gain(m, on[d], off[d]) for m in (text, headings)) - _gain(_leaked, on[d], off[d]) for d in on}
    best, worst = max(gains, key=lambda d: gains[d]), min(gains, key=lambda d: gains[d])
    alike = {d: s for d, s in on.items() if (s.levels or 0.0) > 0.5}  # the other references have levels of their own
    return Effect(
        rule, _macro(text, on, off), _macro(headings, on, off), _macro(_levels, alike, off), _macro(_leaked, on, off),
        _macro(_hyphens, on, off), sum(changed.values()) / len(changed),
        f"{best} {gains[best]:+.3f}" if gains[best] > 0.0005 else "",
        f"{worst} {gains[worst]:+.3f}" if gains[worst] < -0.0005 else "",
    )  # fmt: skip


def _leaked(s: Score) -> float | None:
    return s.leaked


def _hyphens(s: Score) -> float | None:
    return s.hyphens


def _levels(s: Score) -> float | None:
    return s.levels


def _gain(measure: Callable[[Score], float | None], on: Score, off: Score) -> float:
    with_it, without = measure(on), measure(off)
    return 0.0 if with_it is None or without is None else with_it - without


def _macro(measure: Callable[[Score], float | None], on: Mapping[str, Score], off: Mapping[str, Score]) -> float:
    """Mean gain over the documents that have the figure."""
    gains = [_gain(measure, on[d], off[d]) for d in on if measure(on[d]) is not None]
    return sum(gains) / len(gains) if gains else 0.0


def effects_table(found: Sequence[Effect]) -> str:
    """The effects as a Markdown table; plus: the rule helps, but furniture leaked is better when negative."""
    rows = [
        "| rule | ordered F1 | heading F1 | levels right | furniture leaked | hyphens right | blocks it changes "
        "| helps most | harms |",
        "|---|---:|---:|---:|---:|---:|---:|---|---|",
    ]
    for e in found:
        figures = " | ".join(
            f"{v:+.4f}" if abs(v) >= 0.00005 else "0" for v in (e.text, e.headings, e.levels, e.leaked, e.hyphens)
        )
        rows.append(f"| {e.rule} | {figures} | {e.changed:.2%} | {e.worst} | {e.costs} |")
    return "\n".join(rows)
