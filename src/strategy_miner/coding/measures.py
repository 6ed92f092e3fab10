"""Maßnahmen of a document: from profiles (Steckbriefe), from tables of measures, from lists and sections of measures.

A sheet counts as a measure when it has at least three labels that this project knows, or two that at least three sheets
of the document have alike, one of them about planning (who, with whom, when, at what cost, how far): goals alone are no
measure. A row counts under a head that names measures and their planning. Lists and sections are weaker evidence; see
`listed.py` for their rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from strategy_miner.coding.labels import PLANNING, label_role
from strategy_miner.coding.listed import listed
from strategy_miner.coding.planning import planning
from strategy_miner.coding.profiles import (
    MOST_TITLE_WORDS,
    Profile,
    clean_title,
    is_field_heading,
    is_named,
    key,
    without_template,
)
from strategy_miner.coding.sheets import sheets
from strategy_miner.records import MEASURE_FORMS, Coding, Measure, Page, stable_id
from strategy_miner.text import fold

LEAST_LABELS = 3
LEAST_ALIKE = 3  # sheets with the same labels, where these are fewer
_LEAST_STEMS = 3  # words that a shorter title shares with a longer one in another template
_SAME = 0.9  # likeness of two titles as OCR may read them


@dataclass(frozen=True, slots=True)
class MeasureText:
    """What a coder sees of a measure."""

    id: str
    document_id: str
    text: str
    heading_path: tuple[str, ...]


CodeTexts = Callable[[Sequence[MeasureText]], list[list[Coding]]]


def measures(
    pages: Sequence[Page], code: CodeTexts | None = None, technology: CodeTexts | None = None
) -> list[Measure]:
    """The measures of one document in reading order, each once, with its codes.

    A measure that is listed and has a sheet, too, is one: the sheet's text counts, with the boxes of both.

    Args:
        pages: all pages of the document, in order.
        code: gives n lists of codings for n texts, such as `Classifier.code`; without it the codes stay empty.
        technology: the same for the dimension technology, such as `LexiconCoder.code`.
    """
    profiles = find_measures(pages)
    if not profiles:
        return []
    document_id = pages[0].document_id
    items = [
        MeasureText(
            stable_id(document_id, "measure", number, profile.title), document_id,
            f"{profile.title}. {profile.description}".strip(), profile.path,
        )
        for number, profile in enumerate(profiles)
    ]  # fmt: skip
    codings = code(items) if code else [[] for _ in items]
    named = (
        technology([_whole(i, p) for i, p in zip(items, profiles, strict=True)]) if technology else [[] for _ in items]
    )
    return [
        Measure(
            id=item.id, document_id=document_id, page=p.page, title=p.title, description=p.description,
            codes=tuple(coding.code for coding in given), labels=tuple(p.pairs), boxes=tuple(p.boxes), form=p.form,
            technologies=tuple(coding.code for coding in technologies), **planning(p.pairs, p.title, p.path),
        )
        for item, p, given, technologies in zip(items, profiles, codings, named, strict=True)
    ]  # fmt: skip


def find_measures(pages: Sequence[Page]) -> list[Profile]:
    """The measures of a document in reading order, each once, before they are coded."""
    read = sheets(pages)
    for profile in read:
        _use_title_label(profile)
    alike = Counter(_signature(profile) for profile in read)
    found = [p for p in read if _is_measure(p, alike[_signature(p)])]
    with_sheet = [p for p in found if p.form == "sheet"]
    for profile, title in zip(with_sheet, without_template([p.title for p in with_sheet]), strict=True):
        profile.title = title
    found += listed(pages, found)
    return _once(sorted(found, key=_place))


def _place(profile: Profile) -> tuple[int, int]:
    return profile.page or 0, profile.order


def _whole(item: MeasureText, profile: Profile) -> MeasureText:
    """With all that its labels say: technologies stand in steps and goals, too."""
    rest = [value for label, value in profile.pairs if label_role(label) not in ("description", "field", *PLANNING)]
    return MeasureText(item.id, item.document_id, " ".join([item.text, *rest]), item.heading_path)


def _signature(profile: Profile) -> frozenset[str]:
    return frozenset(key(label) for label, _ in profile.pairs)


def _is_measure(profile: Profile, alike: int) -> bool:
    roles = profile.roles - {"title"}
    if not is_named(profile.title) or is_field_heading(profile.title):
        return False
    if profile.form == "table":
        return True  # its head names the planning
    if not roles & PLANNING:
        return False
    return len(roles) >= LEAST_LABELS or (len(roles) >= 2 and alike >= LEAST_ALIKE)


def _use_title_label(profile: Profile) -> None:
    """A sheet that names its measure in a label of its own needs no heading."""
    if profile.form != "sheet":
        return
    named = [
        value for label, value in profile.pairs
        if label_role(label) == "title" and 0 < len(value.split()) <= MOST_TITLE_WORDS and is_named(clean_title(value))
    ]  # fmt: skip
    if named:
        profile.title = clean_title(named[0])


def _once(profiles: Sequence[Profile]) -> list[Profile]:
    """Each measure once: the form with the strongest evidence stays and takes boxes and missing labels of others."""
    kept: list[Profile] = []
    for profile in profiles:
        same = next((k for k, other in enumerate(kept) if _is_same(profile, other)), None)
        if same is None:
            kept.append(profile)
            continue
        first, second = kept[same], profile
        if MEASURE_FORMS.index(second.form) < MEASURE_FORMS.index(first.form):
            first, second = second, first
        known = {label_role(label) or key(label) for label, value in first.pairs if value}
        first.pairs += [(label, v) for label, v in second.pairs if (label_role(label) or key(label)) not in known]
        first.lead = first.lead or (second.description if not first.description else "")
        first.boxes += [box for box in second.boxes if box not in first.boxes]
        kept[same] = first
    return sorted(kept, key=_place)


def _is_same(one: Profile, other: Profile) -> bool:
    a, b = key(one.title), key(other.title)
    if a == b:
        return True
    if one.number and one.number == other.number and one.form != other.form:
        return True
    fewer, more = sorted((_stems(one.title), _stems(other.title)), key=len)
    if fewer <= more and _signature(one) != _signature(other):
        return len(fewer) >= _LEAST_STEMS
    if min(len(a), len(b)) <= 12 or _differ_in_digits(a, b):
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() >= _SAME and matcher.quick_ratio() >= _SAME and matcher.ratio() >= _SAME


@lru_cache(maxsize=20_000)
def _stems(title: str) -> frozenset[str]:
    """The starts of a title's long words: what stays the same when it is worded anew."""
    return frozenset(fold(word)[:6] for word in re.findall(r"[^\W\d_]{5,}", title))


def _differ_in_digits(a: str, b: str) -> bool:
    return [ch for ch in a if ch.isdigit()] != [ch for ch in b if ch.isdigit()]
