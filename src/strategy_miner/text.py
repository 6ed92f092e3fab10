"""German string rules, pure and with offsets: line-end hyphens, ligatures, abbreviations, sentence ends, folding."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

# Written with a full stop that does not end a sentence. Lower-cased, without the last stop.
_ABBREVIATIONS = """
    abb abs abschn abt allg anl anm art aufl az bd bes betr bez bgbl bsp bspw bzgl bzw ca d.h dgl dipl dr ebd
    eigtl einschl einw entspr etc evtl exkl f ff fa frl fr ggf ggfs ges gem gez h hg hj hl hr hrsg i.a i.d.r
    i.s.v i.v i.h.v inkl insb insbes ing jh jhd kap kfz lfd lit lt m.e max med mind min mio mrd mwst n.chr nr
    o.a o.ä o.g od osä pos prof rd s.o s.u sog spez st std stk str tab tel tsd u.a u.ä u.u u.v.m usw v.a v.chr
    vgl verf vol vs z.b z.t z.zt zit zz zzgl zt a.d a.m b.w d.j e.v g.h i i.e inh k.a m n n.n o p.a phil pol rer
    nat s u v z soz wiss zw jan feb mrz apr jun jul aug sep sept okt nov dez
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())

_FUNCTION_WORDS = """
    aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bereits bis bzw
    da dabei dadurch dafür damit dann daran darauf daraus das dass dazu dem den denen denn der deren des deshalb
    dessen die dies diese diesem diesen dieser dieses doch dort durch ein eine einem einen einer eines er es
    etwa für gegen gibt hat hatte haben hier hinaus ich ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem
    jeden jeder jedes jedoch kann kein keine keinen keiner können könnte mehr mit muss müssen nach neben nicht
    noch nun nur ob oder ohne sehr sein seine seinem seinen seiner seit sich sie sind so sofern sollen sollte
    sowie sowohl statt über um und uns unser unsere unserem unseren unserer unter viele vom von vor war waren
    was weil weitere weiteren welche welcher wenn werden wie wieder wir wird wo wollen wurde wurden während zu
    zudem zum zur zwischen
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())

_LIGATURES = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
    "\u00ad": "", "\u200b": "", "\ufeff": "", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "\u2010": "-",
}  # fmt: skip
# Besides those, a letter with marks of its own (NFD) and the signs that NFC writes as letters (Ohm, Kelvin, Ångström).
_ODD = re.compile("|".join(_LIGATURES) + "|[^\\W_]?[\u0300-\u036f]+|[\u2126\u212a\u212b]")
_LINE = re.compile(r"[^\n]*")
# Words after which a hyphen at a line end stands for a left-out part: "Umwelt- und Klimaschutz"; and the heads with
# which such a word is a syllable: "den-noch", "Werk-statt".
_JOINING = re.compile(
    r"(?:und|oder|bzw\.?|sowie|bis|als|noch|u\.|und/oder|beziehungsweise|wie|statt|samt|vor)$", re.IGNORECASE
)
_SYLLABLES = re.compile(
    r"(?:den-noch|(?:so|irgend|gleich)-wie|(?:an|werk|heim|lager|ruhe|grab)-statt|ge-samt|"
    r"(?:da|be|zu|her|wo|hier|hin)-vor)$",
    re.IGNORECASE,
)
# Written with a hyphen also before a small letter: names of states, two adjectives, two colours, foreign phrases.
_HYPHENATED = re.compile(
    r"(?:baden-württ|nordrhein-westf|rheinland-pfälz|rheinland-pfalz|sachsen-anhalt|schleswig-holst|mecklenburg-vorp|"
    r"(?:\w+(?:lich|isch)|sozial|deutsch)-\w+(?:lich|isch|al)(?:e[mnrs]?)?$|"
    r"(?:schwarz|rot|grün|gelb|blau)-(?:weiß|rot|grün|gelb|blau)|\w+-(?:a|as|by|down|hoc|it|of|the|to|up)-)",
    re.IGNORECASE,
)
_HYPHENS = "-\u2010\u2011\u00ad"
_SOFT = "\u00ad\u00ac"  # U+00AC is what some typesetting programs leave of a soft hyphen
_FEMALE = re.compile(r"[*_]in(?:nen)?\b|:innen\b")
_ADDRESS = re.compile(r"(?:^www\.|(?:://|www\.)\S*[/=&?_]|^\S+@)$")
_ADJECTIVE = re.compile(r"(?:gestützt|basiert|fähig)(?:e[mnrs]?)?$")
_EDGES = "\"'„“”‚‘’»«›‹()[]{}<>.,;:!?…*/|"
_STEM = 6  # letters after a hyphen that make two words forms of one compound
_STOP = re.compile(r"[.!?…]+[\"'“”‘’»«)\]]*(?=\s)|[:;](?=\s+[•–-]\s)")
_COUNTED = re.compile(
    r"\b(?:Abb|Tab|Nr|Kap|Ziff|Art|Abs|S|Bd|Anl|Seite|Kapitel|Tabelle|Abbildung|Punkt|Ziel|Phase)\.?\s\d{1,2}$"
)
_LAST_TOKEN = re.compile(r"[^\s(\[„\"»]+$")


def ligatures_resolved(text: str) -> str:
    """The text with ligatures spelt out, soft hyphens and zero-width signs gone, every space a plain one, in NFC."""
    if text.isascii():
        return text
    return "".join([text[a:b] if instead is None else instead for a, b, instead in _respelt(text)])


def _respelt(text: str) -> Iterator[tuple[int, int, str | None]]:
    """The text in stretches (start, end, what to write instead); None where it stays as it is."""
    at = 0
    if not text.isascii():
        for match in _ODD.finditer(text):
            found = match.group()
            instead = _LIGATURES.get(found)
            instead = unicodedata.normalize("NFC", found) if instead is None else instead
            if instead != found:
                if match.start() > at:
                    yield at, match.start(), None
                yield *match.span(), instead
                at = match.end()
    if at < len(text):
        yield at, len(text), None


def fold(text: str) -> str:
    """Lower case with ß as ss and umlauts as ae, oe, ue: "Größe", "GRÖSSE" and "Groesse" fold to the same."""
    text = unicodedata.normalize("NFC", text).lower().replace("ß", "ss")
    return text.translate({0xE4: "ae", 0xF6: "oe", 0xFC: "ue"})


def vocabulary(lines: Sequence[str]) -> dict[str, int]:
    """How often each word stands inside a line, lower-cased, hyphens kept; a line's first and last words are left out.

    These are the spellings that no line break has touched: the witness for `repair_line_ends`. A hyphenated word also
    counts under its stem ("baden-württem*"), which stands for its other forms.
    """
    counts: dict[str, int] = {}
    inside = Counter(chain.from_iterable(line.split()[1:-1] for line in lines))
    for word, count in inside.items():
        key = word.strip(_EDGES).lower()
        if key:
            counts[key] = counts.get(key, 0) + count
            head, hyphen, tail = key.rpartition("-")
            if hyphen and len(tail) >= _STEM:
                stem = f"{head.rpartition('-')[2]}-{tail[:_STEM]}*"
                counts[stem] = counts.get(stem, 0) + count
    return counts


Offsets = tuple[tuple[int, int, int], ...]  # start in text, start in raw, length: rising, in characters
Span = tuple[int, int]  # start and end in characters


class Repaired(NamedTuple):
    """A repaired text and the stretches that it has alike with the raw text it came from: see `records.Block`."""

    text: str
    offsets: Offsets


def repair_line_ends(lines: Sequence[str], vocabulary: Mapping[str, int] | Collection[str] = ()) -> str:
    """The lines of a paragraph as running text: `repaired` where nobody asks for offsets."""
    raw = "\n".join(lines)
    return repaired(raw, [[[span] for span in line_spans(raw)]], vocabulary).text


def line_spans(raw: str) -> list[Span]:
    """Where the lines of a raw text start and end."""
    return [m.span() for m in _LINE.finditer(raw)]


def repaired(
    raw: str, paragraphs: Iterable[Iterable[Sequence[Span]]], vocabulary: Mapping[str, int] | Collection[str] = ()
) -> Repaired:
    """Raw lines as running text; a hyphen at a line end goes where it only marked the break.

    Args:
        raw: what the page shows, lines split by newlines.
        paragraphs: the lines of each paragraph, each line as the spans of raw that belong to the text; what lies
            between them (the mark of a footnote) is left out. Paragraphs stay apart by a newline.
        vocabulary: the document's own words, which decide first. Then spelling does: a small letter after the break
            joins, a capital keeps the hyphen, "und", "oder", "bzw." keep hyphen and space.
    """
    text = _Growing(raw)
    for paragraph, lines in enumerate(paragraphs):
        if paragraph:
            text.add("\n")
        left = ""
        for spans in lines:
            spans = _stripped(raw, spans)
            right = "".join([raw[a:b] for a, b in spans])
            if not right:
                continue
            cut, between = _junction(left, right, vocabulary) if left else (0, "")
            text.cut(cut)
            text.add(between)
            for number, (start, end) in enumerate(spans):
                if number and raw[spans[number - 1][1] - 1].isalnum() and raw[start].isalnum():
                    text.add(" ")  # only the mark of a footnote kept two words apart
                text.take(start, end)
            # A word may run over more than one line end.
            left = right if between else (left[: len(left) - cut].rpartition(" ")[2] + right if left else right)
    return text.finished()


def _stripped(raw: str, spans: Sequence[Span]) -> list[Span]:
    """The spans of a line without the white space at its two ends."""
    spans = [(a, b) for a, b in spans if raw[a:b].strip()]
    if spans:
        a, b = spans[0]
        spans[0] = (b - len(raw[a:b].lstrip()), b)
        a, b = spans[-1]
        spans[-1] = (a, a + len(raw[a:b].rstrip()))
    return spans


class _Growing:
    """A text that grows from spans of a raw text and remembers where each came from."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._parts: list[tuple[str, int]] = []  # text, and its start in raw or -1

    def take(self, start: int, end: int) -> None:
        """Append a span of raw, spelt out."""
        for at, until, instead in _respelt(self._raw[start:end]):
            if instead is None:
                self._parts.append((self._raw[start + at : start + until], start + at))
            else:  # "" stands, too: it is the hyphen that `cut` may drop
                self._parts.append((instead, -1))

    def cut(self, count: int) -> None:
        """Drop characters from the end, at most one part."""
        if count and self._parts:
            text, start = self._parts.pop()
            self._parts.append((text[:-count], start))

    def add(self, text: str) -> None:
        """Append what raw does not have, or has as the newline that comes next."""
        if text:
            last, start = self._parts[-1] if self._parts else ("", -1)
            end = start + len(last)
            self._parts.append((text, end if start >= 0 and self._raw[end : end + 1] == "\n" else -1))

    def finished(self) -> Repaired:
        """The whole text with its offsets."""
        offsets: list[tuple[int, int, int]] = []
        at = 0
        for text, start in self._parts:
            if start >= 0 and text:
                before = offsets[-1] if offsets else (0, 0, 0)
                if offsets and before[0] + before[2] == at and before[1] + before[2] == start:
                    offsets[-1] = (before[0], before[1], before[2] + len(text))
                else:
                    offsets.append((at, start, len(text)))
            at += len(text)
        return Repaired("".join([text for text, _ in self._parts]), tuple(offsets))


def raw_span(offsets: Offsets, start: int, end: int, length: int) -> Span:
    """The span of a raw text of that length which a span of the repaired text came from.

    Where an end of it was repaired, the span takes in all that stood there; an empty span gives an empty one. Without
    offsets it is the whole raw text.
    """
    return _mapped(offsets, 0, (start, end), length)


def text_span(offsets: Offsets, start: int, end: int, length: int) -> Span:
    """The way back: the span of a repaired text of that length that came from a span of its raw text."""
    return _mapped(offsets, 1, (start, end), length)


def _mapped(offsets: Offsets, side: int, span: Span, length: int) -> Span:
    """A span of one side (0: text, 1: raw) on the other, which has that length."""
    start, end = span
    near = itemgetter(side)
    before = bisect_right(offsets, start, key=near) - 1
    first = 0
    if before >= 0:
        stretch = offsets[before]
        first = stretch[1 - side] + min(start - stretch[side], stretch[2])
    if end <= start:
        return first, first
    after = bisect_right(offsets, end - 1, key=near) - 1
    if after >= 0 and end - offsets[after][side] <= offsets[after][2]:
        return first, offsets[after][1 - side] + end - offsets[after][side]
    return first, offsets[after + 1][1 - side] if after + 1 < len(offsets) else length


def _junction(left: str, right: str, vocabulary: Mapping[str, int] | Collection[str]) -> tuple[int, str]:
    """How two pieces of text that a line break separates become one: characters to cut, what goes between."""
    if left[-1] in _SOFT:
        return 1, ""
    if len(left) < 2 or left[-1] not in _HYPHENS or (not left[-2].isalnum() and left[-2] not in ")*:_/"):
        return 0, _between(left, right)
    if _FEMALE.match(right):  # "Bürger-" before "*innen"
        return 1, ""
    first = right.split(None, 1)[0] if right.split() else ""
    head = left.split()[-1].lstrip(_EDGES)[:-1]
    joining = _JOINING.match(first.lstrip("(").rstrip(",)"))
    if not first or not (first[0].isalnum() or first[0] in "(") or left[-2] == "/":
        return 0, "" if left[-2] == "/" and first[:1].islower() else " "
    if joining and not _SYLLABLES.search(f"{head}-{joining.group()}"):
        return 0, " "
    tail = first.rstrip(_EDGES)
    return int(_joins(head, tail, vocabulary)), ""


def _between(left: str, right: str) -> str:
    """What goes between two lines without a hyphen: nothing where a sign holds a word or an address together."""
    last = left.rpartition(" ")[2]
    if left[-1] == "/" and left[-2:-1].isalnum() and right[:1].isalnum():
        return ""  # "und/oder"
    if right[:1].isalnum() and (_ADDRESS.search(last) or last.endswith("-)")):
        return ""  # "www.", "(Teil-)" before "Finanzierung"
    return "" if (left[-1].isalpha() and _FEMALE.match(right)) or _FEMALE.match(left[-1] + right) else " "


def _joins(head: str, tail: str, vocabulary: Mapping[str, int] | Collection[str]) -> bool:
    last = re.split(r"[-/]", head)[-1]
    first = re.split(r"[-/]", tail)[0]
    together = _count(vocabulary, head + tail) + (
        _count(vocabulary, last + first) if (last, first) != (head, tail) else 0
    )
    apart = _count(vocabulary, f"{head}-{tail}") + (
        _count(vocabulary, f"{last}-{first}") if (last, first) != (head, tail) else 0
    )
    if together != apart:
        return together > apart
    if (
        not first[:1].isalpha()
        or len(last) < 2
        or last[-1].isdigit()
        or "://" in head
        or head.lower().startswith("www")
        or _HYPHENATED.match(f"{last}-{tail}")
    ):
        return False  # "a-Service", "CO2-frei", a web address, "Baden-württembergisch"
    if first in ("In", "Innen") and last[-1].islower():
        return True  # "BürgerInnen"
    if _count(vocabulary, f"{last}-{first}"[: len(last) + 1 + _STEM] + "*"):
        return False  # another form of the same compound is written with a hyphen elsewhere
    if first[0].islower():
        # An adjective written as one word has no capital: "App-gestützt".
        return not (last[-2:].isupper() or (last[0].isupper() and _ADJECTIVE.match(first)))
    # Capitals on both sides: a heading or an acronym broken inside, unless the first part is itself an acronym.
    return len(last) > 4 and last.isupper() and len(first) > 1 and first.isupper()


def _count(vocabulary: Mapping[str, int] | Collection[str], word: str) -> int:
    key = word.lower()
    if isinstance(vocabulary, Mapping):
        return vocabulary.get(key, 0)
    return int(key in vocabulary)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, without the space between them; together they cover all other characters.

    A full stop after an abbreviation, a single letter, an ordinal ("3. Oktober") or before a small letter ends none.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _STOP.finditer(text):
        if not _ends_sentence(text, match.start(), match.end()):
            continue
        begin = _skip_space(text, start)
        if match.end() > begin:
            spans.append((begin, match.end()))
        start = match.end()
    begin, end = _skip_space(text, start), len(text.rstrip())
    if end > begin:
        spans.append((begin, end))
    return spans


def _skip_space(text: str, index: int) -> int:
    while index < len(text) and text[index].isspace():
        index += 1
    return index


def _ends_sentence(text: str, stop: int, end: int) -> bool:
    following = text[end:].lstrip()
    if not following:
        return True
    if text[stop] in "!?…:;":
        return not following[0].islower()
    if following[0].islower():
        return False
    token = _LAST_TOKEN.search(text[max(0, stop - 40) : stop])
    before = token.group().rstrip(".") if token else ""
    if not before:
        return True
    if before.lower() in ABBREVIATIONS and end - stop == 1:
        return before in ("usw", "etc", "ff") and following[0].isupper()
    if len(before) == 1 and before.isalpha():
        return False
    if not (before.isdigit() and len(before) <= 2 and end - stop == 1):
        return True
    return bool(_COUNTED.search(text[max(0, stop - 14) : stop]))  # "Tab. 4." is no ordinal
