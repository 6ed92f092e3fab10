"""The fields of action that a document itself declares, found by witnesses that are weighed against one another.

Headings that name a field ("Handlungsfeld 3: Mobilität"), the parts of a chapter such as "Handlungsfelder", sentences
and lists that enumerate them, tables and fact sheets with a column of that name, and the contents. The rule for the
list that counts: each witness has a weight, less for terms that often mean something else, more where the document says
how many fields it has and the list is as long; the heaviest list is it. A document without a credible list has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from strategy_miner.coding import field_terms as terms
from strategy_miner.coding.field_lists import from_contents, from_tables, from_text
from strategy_miner.coding.field_outline import (
    FoundList,
    FoundName,
    Outline,
    from_chapters,
    from_furniture,
    from_headings,
)
from strategy_miner.coding.named import CodeNames
from strategy_miner.records import DeclaredField, Page, stable_id

_LESSER_TERM = 1.5  # what each rank of a term costs
_COUNT_AGREES = 1.0
_LEAST_TRUST = 1.5
_SELF_NAMED = 6.5  # of a chapter's parts those that call themselves fields are the fields
_FIRM = 5.0  # trust of a witness that others only repeat


def declared_fields(pages: Sequence[Page], code_names: CodeNames) -> list[DeclaredField]:
    """The fields that a document declares, coded, in the order of the document; empty if it declares none.

    Args:
        pages: all pages of one document, in order.
        code_names: gives codes, orientation and ecology of n names.
    """
    found = find_names(pages)
    if not found:
        return []
    document_id = pages[0].document_id
    codings = code_names([item.name for item in found])
    return [
        DeclaredField(
            id=stable_id(document_id, "declared", item.name), project_id="", document_id=document_id,
            field_name=item.name, page=item.page, level=item.level, codes=tuple(coding.codes),
            orientation=coding.orientation, ecology=coding.ecology, evidence=item.evidence, origin="text",
            source=item.source,
        )
        for item, coding in zip(found, codings, strict=True)
    ]  # fmt: skip


def find_names(pages: Sequence[Page]) -> list[FoundName]:
    """The names of the declared fields, without codes: the most credible list, in its order."""
    lists = found_lists(pages)
    return list(max(lists, key=lambda pair: (pair[0], len(pair[1].names)))[1].names) if lists else []


def found_lists(pages: Sequence[Page]) -> list[tuple[float, FoundList]]:
    """All credible lists with their weights."""
    outline = Outline(pages)
    headings, chapters = from_headings(outline), from_chapters(outline)
    firm = [*_without_strays(headings, chapters), *chapters, *from_furniture(outline), *from_text(outline)]
    lists = [*firm, *_not_within(firm, [*from_tables(outline), *from_contents(outline)])]
    weighed = [(_weight(outline, found), found) for found in lists if terms.LEAST <= len(found.names) <= terms.MOST]
    return [(weight, found) for weight, found in weighed if weight >= _LEAST_TRUST]


def _weight(outline: Outline, found: FoundList) -> float:
    stated = found.stated or (outline.counts.get("handlungsfeld", 0) if found.rank == 0 else 0)
    return found.trust - _LESSER_TERM * found.rank + (_COUNT_AGREES if len(found.names) == stated else 0)


def _not_within(firm: Sequence[FoundList], lists: Sequence[FoundList]) -> list[FoundList]:
    """Without those that repeat, or repeat in part, what headings or a sentence say: sheets name what has measures."""
    whole = [_keys(found) for found in firm if found.trust >= _FIRM]
    return [found for found in lists if not any(_keys(found) <= keys for keys in whole)]


def _keys(found: FoundList) -> set[str]:
    return {terms.key(item.name) for item in found.names}


def _without_strays(headings: Sequence[FoundList], chapters: Sequence[FoundList]) -> list[FoundList]:
    """Headings that name few of a chapter's parts do not stand for them; two alone are chance unless numbered."""
    kept = []
    for found in headings:
        keys = _keys(found)
        larger = [c for c in chapters if c.rank <= found.rank and len(keys & _keys(c)) * 2 >= len(keys)]
        few = any(len(keys) < 0.6 * len(chapter.names) for chapter in larger)
        if not few and (len(keys) >= 3 or found.trust >= 6):
            kept.append(replace(found, trust=_SELF_NAMED) if larger else found)
    return kept
