"""Markdown and plain text -> items. Markdown is read as CommonMark with tables and footnotes, as far as prose needs."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from strategy_miner.errors import ReadingError
from strategy_miner.reading.flow import Flow, Item, table_item
from strategy_miner.text import repair_line_ends, vocabulary

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?(?:[ \t]*\{[#.][^}]*\})?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_LABEL = re.compile(r"([ \t]*)([-*+•–▪◦]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+(?=\S)")
_NOTE = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*(.*)")
_NOTE_MARK = re.compile(r"\[\^([^\]\s]+)\]")
_TARGET = re.compile(r" {0,3}\[[^\]^][^\]]*\]:[ \t]*\S+.*$")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_INLINE = [
    (re.compile(r"!\[([^\]]*)\]\([^)]*\)"), r"\1"),  # a picture, by its description
    (re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),  # a link, by its text
    (re.compile(r"<((?:https?://|mailto:)[^>\s]+)>"), r"\1"),
    (re.compile(r"</?(?:b|i|u|em|strong|span|sub|sup|a|small|code)\b[^>]*>", re.IGNORECASE), ""),
    (re.compile(r"</?[a-zA-Z][^>]*>"), " "),
    (re.compile(r"(`+)(.+?)\1"), r"\2"),
    # Not inside words, though CommonMark has it there: "Bürger*innen und Händler*innen" are no emphasis.
    (re.compile(r"(?<![\w\\])(\*{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"~~(?=\S)(.+?)(?<=\S)~~"), r"\1"),
    (re.compile(r"(?<=\w)([~^])(\w+)\1"), r"\2"),  # CO~2~
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
]  # fmt: skip
_NUMBERED = re.compile(
    r"(?:(\d{1,2}(?:\.\d{1,2})*)\.?|[IVX]{1,5}\.|[A-Z]\.|(?:Kapitel|Teil|Abschnitt|Handlungsfeld|Ziel)\s\d{1,2}[.:]?)\s"
)
HEADING_WORDS = 14  # a longer line is no heading
WRAPPED = 120  # characters; longer lines were not broken to fit a page


def decoded(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252. Raises ReadingError if it is none."""
    if not data:
        raise ReadingError("is empty (0 bytes)", name, "Get the file again.")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    elif data[1:2000:2].count(0) > 500:  # German in UTF-16 without its mark: every second byte is zero
        text = data.decode("utf-16-le", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    signs = sum(c < " " and c not in "\t\n\r\f\v" for c in text)
    if signs > 0.01 * len(text):
        raise ReadingError("is no text, whatever its name ends in", name, "Save it as UTF-8 text, DOCX or PDF.")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")


def read_markdown(text: str) -> Flow:
    """The items of a Markdown text."""
    text = re.sub(r"\A---\n.*?\n(?:---|\.\.\.)\n", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).expandtabs(4)
    reader = _Markdown(text.split("\n"))
    return Flow("markdown", "", reader.items())


class _Markdown:
    """One pass over the lines; `open` is the block that a following line may go on with."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.done: list[Item] = []
        self.open: tuple[str, int | None, list[str]] | None = None
        self.indents: list[int] = []
        self.defined = {note[1] for line in lines if (note := _NOTE.match(line))}
        self.bearers: dict[str, int] = {}
        self.note = ""

    def items(self) -> list[Item]:
        at = 0
        while at < len(self.lines):
            at = self._step(at)
        self._close()
        return [i._replace(of=self.bearers.get(i.raw, -1), raw="") if i.kind == "footnote" else i for i in self.done]

    def _step(self, at: int) -> int:
        """Take in the line (or table, or code) at a place; the place of the next one."""
        line = re.sub(r"^(?: {0,3}> ?)+", "", self.lines[at])
        if not line.strip():
            self._close()
            return at + 1
        if _FENCE.match(line):
            end = next((n for n in range(at + 1, len(self.lines)) if _FENCE.match(self.lines[n])), len(self.lines))
            self._close()
            self.done.append(Item("paragraph", " ".join(" ".join(self.lines[at + 1 : end]).split())))
            return end + 1
        below = self.lines[at + 1] if at + 1 < len(self.lines) else ""
        if "|" in line and "-" in below and _TABLE_RULE.match(below):
            return self._table(at)
        self._line(line)
        return at + 1

    def _line(self, line: str) -> None:
        if heading := _HEADING.match(line):
            self._start("heading", len(heading[1]), heading[2] or "")
            self._close()
        elif self.open and self.open[0] == "paragraph" and (mark := _UNDERLINE.match(line)):
            self.open = ("heading", 1 if mark[1][0] == "=" else 2, self.open[2])
            self._close()
        elif _RULE.match(line) or _TARGET.match(line):
            self._close()
        elif note := _NOTE.match(line):
            self._start("footnote", None, note[2])
            self.note = note[1]
        elif label := _LABEL.match(line):
            self._item(len(label[1]), label[2], line[label.end() :])
        elif self.open:
            self.open[2].append(line)
        else:
            indented = bool(self.indents) and line[:1] == " "
            if not indented:
                self.indents = []
            self._start("paragraph", None, line)

    def _item(self, indent: int, label: str, text: str) -> None:
        while self.indents and indent < self.indents[-1]:
            self.indents.pop()
        if not self.indents or indent > self.indents[-1]:
            self.indents.append(indent)
        shown = label if label[-1] in ".)" else "•"
        self._start("list_item", len(self.indents), f"{shown} {text}")

    def _table(self, at: int) -> int:
        self._close()
        end = at + 2
        while end < len(self.lines) and "|" in self.lines[end] and self.lines[end].strip():
            end += 1
        rows = [_cells(self.lines[n]) for n in (at, *range(at + 2, end))]
        self.done.append(table_item(rows, 1 if any(rows[0]) else 0))
        return end

    def _start(self, kind: str, level: int | None, text: str) -> None:
        self._close()
        if kind == "heading":
            self.indents = []
        self.open = (kind, level, [text])

    def _close(self) -> None:
        if self.open is None:
            return
        kind, level, lines = self.open
        self.open = None
        source = "\n".join(lines)
        text = inline(_NOTE_MARK.sub(lambda m: "" if m[1] in self.defined else f"[{m[1]}]", source))
        for mark in self.defined.intersection(_NOTE_MARK.findall(source)) if text else ():
            self.bearers.setdefault(mark, len(self.done))
        if kind == "footnote":
            self.done.append(Item(kind, f"{self.note} {text}", raw=self.note))
        elif text:
            self.done.append(Item(kind, text, level))


def inline(text: str) -> str:
    """The text without Markdown's and HTML's marks, on one line."""
    for pattern, shown in _INLINE:
        text = pattern.sub(shown, text)
    return " ".join(html.unescape(text).split())


def _cells(line: str) -> list[str]:
    return [inline(cell) for cell in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))]


def read_text(text: str) -> Flow:
    """The items of a plain text: paragraphs between blank lines or, where none are broken to fit, one a line."""
    lines = [line.expandtabs(4).rstrip() for line in text.replace("\f", "\n\n").split("\n")]
    known = vocabulary(lines)
    groups = _groups(lines)
    items = [_item_of(group, known, following) for group, following in pairwise([*groups, _Group([""], True)])]
    return Flow("text", "", items)


class _Group(NamedTuple):
    """Lines that belong together; `alone` where no text stands directly above or below; `rule` is a sign below it."""

    lines: list[str]
    alone: bool
    rule: str = ""


def _groups(lines: Sequence[str]) -> list[_Group]:
    wrapped = max((len(line) for line in lines), default=0) <= WRAPPED
    lengths = sorted(len(line) for line in lines if line)
    full = lengths[int(0.9 * len(lengths))] if lengths else 0
    groups: list[_Group] = []
    open_lines: list[str] = []
    blank_above = True
    for line in [*lines, ""]:
        rule = re.fullmatch(r"\s*([=_*~-])\1{2,}", line)
        if open_lines and (not line or rule or not wrapped or _LABEL.match(line) or _ends(open_lines[-1], full)):
            alone = not wrapped or (blank_above and (not line or rule is not None))
            groups.append(_Group(open_lines, alone, rule[1] if rule else ""))
            blank_above = not line or rule is not None
            open_lines = []
        if not line:
            blank_above = True
        elif not rule:
            open_lines = [*open_lines, line]
    return groups


def _ends(line: str, full: int) -> bool:
    """Whether a line ends its paragraph: clearly short of the width, after a full stop."""
    return len(line) < 0.7 * full and line[-1] in ".!?:"


def _is_short(group: _Group) -> bool:
    line = group.lines[0]
    return len(group.lines) == 1 and len(line.split()) <= HEADING_WORDS and line[-1:] not in tuple(".!?:;,")


def _item_of(group: _Group, known: dict[str, int], following: _Group) -> Item:
    """A heading stands alone, is short, and is numbered, in capitals, underlined or followed by a paragraph."""
    text, raw = repair_line_ends(group.lines, known), "\n".join(group.lines)
    number = _NUMBERED.match(text)
    if group.alone and _is_short(group):
        depth = number[1].count(".") + 1 if number and number[1] else 1
        if group.rule in ("=", "-"):
            return Item("heading", text, 1 if group.rule == "=" else 2, raw=raw)
        listed = number is not None and depth == 1 and _NUMBERED.match(following.lines[0]) is not None
        names_a_paragraph = text[:1].isupper() and not _is_short(following)
        if (number and not listed) or (text.isupper() and len(text) > 3) or (names_a_paragraph and not number):
            return Item("heading", text, depth, raw=raw)
    return Item("list_item", text, 1, raw=raw) if _LABEL.match(raw) else Item("paragraph", text, raw=raw)
