"""Codes that a person gave to the drawn segments in another program (.qdpx) -> the rows of a coding sheet."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.gold import Design
from strategy_miner.coding.gold_anchors import Anchor
from strategy_miner.coding.gold_labels import row_id, written
from strategy_miner.coding.refi_qda import guid_of
from strategy_miner.errors import SheetError
from strategy_miner.store.refi_export import MARK, NO_CODE, OURS, code_guid, source_guid
from strategy_miner.store.refi_places import part_guid
from strategy_miner.store.refi_project import Applied, Passage, Project, Source, walked
from strategy_miner.store.refi_read import read_project
from strategy_miner.store.sheets import Filled

_ENDS, _BETWEEN = 30, 400  # letters by which a segment is known, and how many may have come between them
_LEAST_TEXT = 20  # letters of a rectangle's text from which it says where the rectangle stands
Span = tuple[int, int]


def read_coded_sample(path: Path, design: Design, codebook: Codebook, user: str = "") -> Filled:
    """What a user of the project gave to the segments of the sample, one row per segment that has any of it.

    A coding counts for a segment if it covers half of it or lies by half in it. Segments are found by their letters,
    so that the program may have changed guids or read the PDF in its own way. `user`: a name in the file, needed where
    several coded.

    Raises StoreError as `read_project`; SheetError if there is no such user, several and none named, or no coding.
    """
    project = read_project(path)
    codes, notes = _codes(project, codebook)
    guid = _user(project, codes, user, str(path))
    given = [_Given(source, guid, codes) for source in project.sources]
    documents = _documents(design, given)
    rows, lost, unread = [], 0, sum(one.blind for one in given)
    for drawn in design.rows:
        source = documents.get(drawn.anchor.document_id)
        span = source.segment(drawn.anchor) if source else None
        if source is None or span is None:
            lost += 1
        elif own := source.codes_at(span):
            names = [code for code in codebook.ids if code in own]
            cell = written(names) if NO_CODE not in own else " ".join(["-", *names])
            rows.append(
                (drawn.number, {"id": row_id(drawn.anchor.segment_id), "text": drawn.anchor.text, "codes": cell})
            )
    used = {coding for one in given for coding in one.used}
    outside = len({coding for one in given for coding in one.all}) - len(used)
    notes += [f"{n} {what}" for n, what in (
        (lost, "segments of the sample are not in the file"),
        (outside, "codings lie outside the sample and are not taken over"),
        (unread, "rectangles without text cannot be placed and are not taken over"),
    ) if n]  # fmt: skip
    return Filled(tuple(rows), (*notes, *project.told))


def _codes(project: Project, codebook: Codebook) -> tuple[dict[str, str], list[str]]:
    """Code by guid: by our guids, by names where another program made new ones; what is not in the codebook is told."""
    ours = {code_guid(codebook.dimension, code): code for code in codebook.ids} | {NO_CODE: NO_CODE}
    names = {name.casefold(): code.id for code in codebook.codes for name in (code.name_de, code.id)}
    names["kein code passt"] = NO_CODE
    found, strange = {}, set()
    for code in walked(project.codes):
        own = ours.get(code.guid) or names.get(code.name.strip().casefold())
        if own:
            found[code.guid] = own
        elif code.guid != MARK:
            strange.add(code.guid)
    counts = Counter(coding.code for coding in _codings(project))
    by_name = {code.guid: code.name for code in walked(project.codes)}
    notes = [
        f"{counts[guid]} codings of {by_name[guid]!r}, which is no code of {codebook.dimension}, are not taken over"
        for guid in sorted(strange, key=by_name.__getitem__)
        if counts[guid]
    ]
    return found, notes


def _user(project: Project, codes: Mapping[str, str], wanted: str, where: str) -> str:
    """The guid of the person whose codings count."""
    names = {user.guid: user.name for user in project.users}
    coded: dict[str, str] = {}
    for coding in _codings(project):
        name = names.get(coding.user, "")
        if coding.code in codes and not name.startswith(OURS):
            coded[coding.user] = name
    if not coded:
        raise SheetError("nobody has coded in it", where, "Give codes to the segments marked „Stichprobe“.")
    known = ", ".join(sorted(name or "(no name)" for name in coded.values()))
    own = [guid for guid, name in coded.items() if not wanted or name.casefold() == wanted.casefold()]
    if wanted and not own:
        raise SheetError(f"no codings of {wanted!r}", where, f"Users who coded: {known}.")
    if len(own) > 1:
        raise SheetError(f"{len(own)} users coded in it", where, f"Name one with --user: {known}.")
    return own[0]


def _codings(project: Project) -> Iterator[Applied]:
    """All codings of passages and, where they do not stand in the text as well, of rectangles."""
    for source in project.sources:
        doubled = _doubled(source)
        for passage in source.passages:
            yield from passage.codings
        for area in source.areas:
            if area.guid not in doubled:
                yield from area.codings


def _doubled(source: Source) -> set[str]:
    """Guids of rectangles that are a passage of the text as well."""
    return {guid for p in source.passages for guid in (p.guid, *(part_guid(p.guid, n) for n in range(1, 10)))}


@dataclass
class _Place:
    """A stretch of text with the codings that stand there: pairs of guid and code."""

    start: int
    end: int
    codings: list[tuple[str, str]]


class _Given:
    """What the person gave within one source."""

    def __init__(self, source: Source, user: str, codes: Mapping[str, str]) -> None:
        self.source = source
        self.key, self.starts, self.words = _squeezed(source.text)
        self.places: list[_Place] = []
        self.used: set[str] = set()
        self.all: set[str] = set()
        self.blind = 0
        self.ours = {passage.guid: passage for passage in source.passages}
        for passage in source.passages:
            own = [(c.guid, codes[c.code]) for c in passage.codings if c.user == user and c.code in codes]
            if own:
                self.places.append(_Place(passage.start, passage.end, own))
        doubled = _doubled(source) if source.areas else set()
        for area in source.areas:
            own = [(c.guid, codes[c.code]) for c in area.codings if c.user == user and c.code in codes]
            if not own or area.guid in doubled:  # the same selection stands in the text as well
                continue
            span = self.span(area.text) if len(_squeezed(area.text)[0]) >= _LEAST_TEXT else None
            if span:
                self.places.append(_Place(*span, own))
            else:
                self.blind += 1
        self.all = {guid for place in self.places for guid, _ in place.codings}

    def span(self, text: str) -> Span | None:
        """Where a text stands in the source, whatever its line breaks, and even if a page ends in it."""
        key = _squeezed(text)[0]
        at = self.key.find(key) if key else -1
        end = at + len(key)
        if at < 0 and len(key) > 2 * _ENDS:  # its beginning and its end, with the foot and head of a page between them
            at = self.key.find(key[:_ENDS])
            end = self.key.find(key[-_ENDS:], at + _ENDS, at + len(key) + _BETWEEN) + _ENDS
        if at < 0 or end <= at:
            return None
        first = max(0, bisect_left(self.starts, at + 1) - 1)
        last = max(first, bisect_left(self.starts, end) - 1)
        return self.words[first][0], self.words[last][1]

    def segment(self, anchor: Anchor) -> Span | None:
        """Where a segment of the sample stands."""
        passage = self.ours.get(guid_of("selection", anchor.segment_id))
        if passage and _squeezed(_text(self.source, passage))[0] == _squeezed(anchor.text)[0]:
            return passage.start, passage.end
        return self.span(anchor.text)

    def codes_at(self, span: Span) -> set[str]:
        """The codes given to a segment."""
        codes = set()
        for place in self.places:
            shared = min(span[1], place.end) - max(span[0], place.start)
            if shared > 0 and 2 * shared >= min(span[1] - span[0], place.end - place.start):
                codes |= {code for _, code in place.codings}
                self.used |= {guid for guid, _ in place.codings}
        return codes


def _documents(design: Design, given: list[_Given]) -> dict[str, _Given]:
    """The source of each document of the sample: by its guid, else the one that holds most of its segments."""
    anchors: dict[str, list[Anchor]] = {}
    for row in design.rows:
        anchors.setdefault(row.anchor.document_id, []).append(row.anchor)
    found = {}
    for document, own in anchors.items():
        named = [one for one in given if one.source.guid == source_guid(document)]
        held = [(sum(one.segment(anchor) is not None for anchor in own), one) for one in named or given]
        if held and (best := max(held, key=lambda pair: pair[0]))[0]:
            found[document] = best[1]
    return found


def _text(source: Source, passage: Passage) -> str:
    return source.text[passage.start : passage.end]


def _squeezed(text: str) -> tuple[str, list[int], list[Span]]:
    """The letters and digits of a text, without the hyphens that programs put or leave at the ends of lines; for each
    word its start among them and its place in the text."""
    key: list[str] = []
    starts: list[int] = []
    words: list[Span] = []
    length = 0
    for match in re.finditer(r"\S+", text):
        word = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", match.group())))
        if word:
            key.append(word)
            starts.append(length)
            words.append(match.span())
            length += len(word)
    return "".join(key), starts, words
