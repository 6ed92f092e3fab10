"""German string rules, pure and with offsets: line-end hyphens, ligatures, abbreviations, sentence ends, folding."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

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
_LIGATURE = re.compile("|".join(_LIGATURES))
# Words after which a hyphen at a line end stands for a left-out part: "Umwelt- und Klimaschutz".
_JOINING = re.compile(
    r"(?:und|oder|bzw\.?|sowie|bis|als|noch|u\.|und/oder|beziehungsweise|wie|statt|samt)$", re.IGNORECASE
)
_HYPHENS = "-\u2010\u2011\u00ad"
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
    return unicodedata.normalize("NFC", _LIGATURE.sub(lambda m: _LIGATURES[m.group()], text))


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


def repair_line_ends(lines: Sequence[str], vocabulary: Mapping[str, int] | Collection[str] = ()) -> str:
    """The lines of a paragraph as running text; a hyphen at a line end goes where it only marked the break.

    The document's own words decide first (`vocabulary`), then spelling: a small letter after the break joins,
    a capital keeps the hyphen, "und", "oder", "bzw." keep hyphen and space.
    """
    parts = [line.strip() for line in lines if line.strip()]
    if not parts:
        return ""
    text = parts[0]
    for part in parts[1:]:
        text = join_lines(text, part, vocabulary)
    return ligatures_resolved(text)


def join_lines(left: str, right: str, vocabulary: Mapping[str, int] | Collection[str] = ()) -> str:
    """Two pieces of text that a line break separates, as one. See `repair_line_ends`."""
    if left.endswith("\u00ad"):
        return left[:-1] + right
    if len(left) < 2 or left[-1] not in _HYPHENS or (not left[-2].isalnum() and left[-2] not in ")*:"):
        return _join_without_hyphen(left, right)
    first = right.split(None, 1)[0] if right.split() else ""
    if not first or _JOINING.match(first.rstrip(",")) or not (first[0].isalnum() or first[0] in "("):
        return f"{left} {right}"
    head = left.split()[-1].lstrip(_EDGES)[:-1]
    tail = first.rstrip(_EDGES)
    return left[:-1] + right if _joins(head, tail, vocabulary) else left + right


def _join_without_hyphen(left: str, right: str) -> str:
    # A web address, "und/oder" or a dash without spaces may break after its sign.
    if left[-1:] == "/" and left[-2:-1].isalnum() and right[:1].isalnum():
        return left + right
    return f"{left} {right}"


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
    ):
        return False  # "a-Service", "CO2-frei", a web address
    if _count(vocabulary, f"{last}-{first}"[: len(last) + 1 + _STEM] + "*"):
        return False  # another form of the same compound is written with a hyphen elsewhere
    if first[0].islower():
        return not (len(last) > 1 and last[-2:].isupper())
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
