"""What a document says of its fields outside its headings: in sentences, lists, tables, fact sheets, the contents.

A list counts where the document goes on to treat what it names, in headings; or, if it is plainly the document's own
and as long as it says itself, where the text at least uses the names. Lists of the state, of another city, of a
superordinate plan or of the funding call do not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from strategy_miner.coding import field_terms as terms
from strategy_miner.coding.field_outline import FoundList, FoundName, Outline, distinct, located, place
from strategy_miner.records import Block
from strategy_miner.text import sentence_spans

_STRUCTURE = re.compile(
    r"glieder|unterteil|umfass|besteh|verteil|festgeleg|definier|identifizier|ausgewähl|abgeleitet|benannt|ergeben|"
    r"untergliedert|aufgeteilt|verständig|priorisier|entwickelt|erarbeitet|herausgearbeitet|kristallisier|ruht|stützt|"
    r"baut|fußt|setzt sich|konzentrier|fokussier|beschreib|bearbeitet|gebildet|gebündelt|geordnet|strukturier|hat ",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    r"(?P<intro>\bfolgende[nr]?|\b(?:die|den|unsere[nr]?|ihre[nr]?|in|auf|aus)\s+(?:[\w-]+e[rns]?\s+)?)\s*$",
    re.IGNORECASE,
)
_VERB = r"(?:sind|lauten|heißen|umfassen|bilden|nennen\s+sich)"
_OPENING = re.compile(
    rf"^(?P<between>[^:;,.(]{{0,90}}?)(?P<sign>:|\(|\s[–-]\s|,\s(?:nämlich|und zwar)\s|\b{_VERB}\b:?)\s*"
)
_REVERSED = re.compile(
    rf"^(?P<names>[A-ZÄÖÜ„\"].{{8,300}}?)\s+(?:{_VERB}|stellen|zählen)\s+(?:\w+\s+){{0,3}}?(?:die|unsere|zu den)\s+",
)
_CUT = re.compile(
    r",\s+(?:die|welche|in denen|mit denen|zu denen|für die|wobei|um|damit|auf die|deren|denen)\s.*$|\s[–-]\s.*$|"
    r"\)(?:[\s,.].*)?$"
)
_ATOMS = re.compile(r"(\s*;\s*(?:und\s|sowie\s)?|,\s+(?:und\s|sowie\s)?|\s+(?:und|sowie)\s+)")
_TRAILING = re.compile(r"(?:\s+(?:[a-zäöüß][\wäöüß]*))+$")
_QUOTED = re.compile(r"[„“‚‘»«\"]([^„“”‚‘’»«\"]{3,80})[“”‘’«»\"]")
_MARKED = re.compile(r"\(?\b(?:\d{1,2}|[a-zA-Z])\)\s*")
_MOST_ATOMS = 40


@dataclass(frozen=True, slots=True)
class _Saying:
    """What announces a list: its words, those before or after the names, the term's rank, the number it states."""

    words: str
    lead: str
    block: Block
    page: int | None
    rank: int
    count: int


def from_text(outline: Outline) -> list[FoundList]:
    """Sentences, and lists after a sentence or under a heading that announces fields."""
    found: list[FoundList] = []
    for at, (block, page) in enumerate(outline.body):
        if block.kind == "heading":
            title = terms.chapter(block.text)
            if title:
                words = terms.tidy(block.text)
                saying = _Saying(words, words, block, page, title[0], outline.counts.get(terms.root(words), 0))
                found += _credible(outline, _listed(outline, at), saying)
        elif block.kind in ("paragraph", "box", "caption", "list_item", "figure"):
            found += _said(outline, at, block, page)
    return found


def _said(outline: Outline, at: int, block: Block, page: int | None) -> Iterator[FoundList]:
    text = " ".join(block.text.split("\n")) if block.kind != "box" else block.text
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        for match in terms.TERM.finditer(sentence):
            if not terms.PLURAL.search(match.group()):
                continue
            before, rest = sentence[: match.start()], sentence[match.end() :]
            counted = terms.COUNTED.search(sentence[: match.end()])
            count = terms.number_of(counted["count"]) if counted and counted.end() == match.end() else 0
            introduced = count or _FOLLOWING.search(before) or not before.strip()
            names: list[str] = []
            if introduced and end >= len(text.rstrip()) and sentence.rstrip().endswith(":"):
                names = _listed(outline, at)
            if not names and introduced:
                names = _after(outline, rest, count, sentence)
            lead = before
            if not names:
                names, lead = _before(outline, sentence, match.start(), count), rest
            rank = terms.rank_of(match.group()) or 0
            yield from _credible(outline, names, _Saying(sentence, lead, block, page, rank, count))


def _after(outline: Outline, rest: str, count: int, sentence: str) -> list[str]:
    """The names behind the term: after a colon, a bracket or "sind", else at once where the sentence sets up parts."""
    opening = _OPENING.match(rest)
    if opening and (count or opening["sign"].strip() not in ("–", "-")):
        return _split(outline, rest[opening.end() :], count)
    if _STRUCTURE.search(sentence) and re.match(r"\s+[A-ZÄÖÜ„\"‚»(]", rest):
        return _split(outline, rest, count)
    return []


def _before(outline: Outline, sentence: str, term_at: int, count: int) -> list[str]:
    """ "A, B und C sind die drei Handlungsfelder"."""
    match = _REVERSED.match(sentence)
    if not match or match.end() > term_at or len(sentence[match.end() : term_at].split()) > 3:
        return []
    return _split(outline, match["names"], count)


def _split(outline: Outline, words: str, count: int) -> list[str]:
    """Names out of an enumeration: by quotation marks or numbers where it has them, else at the best commas."""
    words = words.strip().rstrip(".! ")
    for parts in (_QUOTED.findall(words), [p for p in _MARKED.split(words)[1:] if p.strip()]):
        if len(parts) >= 3 and count in (0, len(parts)):
            return [_bare(part, outline) for part in parts]
    words = _CUT.sub("", words)
    pieces = _ATOMS.split(words)
    atoms, joints = pieces[::2], pieces[1::2]
    if not 2 <= len(atoms) <= _MOST_ATOMS:
        return []
    return [_bare(part, outline) for part in _segmented(outline, atoms, joints, count)]


def _segmented(outline: Outline, atoms: Sequence[str], joints: Sequence[str], count: int) -> list[str]:
    """Which commas and which "und" part names: the cut whose parts are best known as headings, of the stated number.

    Dynamic programming over (atoms used, names made). A comma usually parts, "und" only before the last name.
    """
    last = len(atoms)
    best: dict[tuple[int, int], tuple[float, list[str]]] = {(0, 0): (0.0, [])}
    for end in range(1, last + 1):
        for start in range(max(0, end - 5), end):
            name = "".join(
                x for pair in zip(atoms[start:end], [*joints[start : end - 1], ""], strict=True) for x in pair
            )
            worth = _worth(outline, name, joints, start, end, last)
            for made in range(start + 1):
                if (start, made) in best:
                    score, names = best[start, made]
                    if score + worth > best.get((end, made + 1), (-1e9, []))[0]:
                        best[end, made + 1] = (score + worth, [*names, name])
    ends = [value for (end, made), value in best.items() if end == last and (made == count or not count)]
    return max(ends, key=lambda value: value[0])[1] if ends else []


def _worth(outline: Outline, name: str, joints: Sequence[str], start: int, end: int, last: int) -> float:
    inside = sum(
        1.0 if "," in j or ";" in j else (0.6 if k == last - 2 else -0.4)
        for k, j in enumerate(joints)
        if start <= k < end - 1
    )
    return (3.0 if terms.key(_bare(name, outline)) in outline.treated else 0.0) - inside


def _bare(name: str, outline: Outline) -> str:
    """A name without article and without the predicate that may follow the last one."""
    name = terms.clean_name(re.sub(r"^(?:die|der|das|den|dem|und|sowie)\s+", "", name.strip()))
    if terms.key(name) in outline.treated:
        return name
    return _TRAILING.sub("", name)


def _listed(outline: Outline, at: int) -> list[str]:
    """The items, or the lines of a box, that follow a block."""
    names = []
    for block, _ in outline.body[at + 1 :]:
        if block.kind == "list_item":
            names.append(_head(block.text))
        elif not names and block.kind in ("box", "figure") and block.text.count("\n") >= 2:
            return [_head(line) for line in block.text.split("\n")]
        else:
            break
    return names


def _head(item: str) -> str:
    return terms.clean_name(re.split(r":\s|\s[–-]\s|:$|\n|\.\s", item.lstrip("•–-▪◦ "))[0])


def _credible(outline: Outline, names: Sequence[str], saying: _Saying) -> Iterator[FoundList]:
    good = [name for name in dict.fromkeys(names) if terms.is_name(name) and name[:1].isupper()]
    if not 3 <= len(good) <= terms.MOST or len(good) < 0.75 * len(names):
        return
    headings = [outline.treated.get(terms.key(name)) for name in good]
    trust = _trust(outline, good, sum(h is not None for h in headings) / len(good), saying)
    if not trust:
        return
    kind = "Überschrift über einer Liste" if saying.block.kind == "heading" else "Satz"
    evidence = f"{kind}: „{_shortened(saying.words)}“{place(saying.page)}"
    found = [
        located(outline, FoundName(name, saying.page, None, evidence, "enumeration")) for name in good
    ]  # fmt: skip
    yield FoundList(distinct(found), saying.rank, trust, saying.count)


def _trust(outline: Outline, names: Sequence[str], treated: float, saying: _Saying) -> float:
    """How far an enumeration is the document's own: by the share of names it treats, whose it is, whether it counts."""
    foreign = terms.is_foreign(saying.lead, saying.block.heading_path, outline.title)
    own = bool(terms.OWN.search(saying.words)) or saying.block.kind == "heading"
    if treated == 1:
        return (5.5 if saying.count or own else 5.0) - (1.5 if foreign else 0)
    if foreign:
        return 0
    if treated >= 0.5:
        return 4.0 if own else 3.0
    elsewhere = outline.text.replace(f" {terms.key(saying.words)} ", " ")
    used = sum(f" {terms.key(name)} " in elsewhere for name in names)
    return (3.0 if saying.count else 2.0) if own and saying.rank == 0 and used >= 0.6 * len(names) else 0


def from_tables(outline: Outline) -> list[FoundList]:
    """The column of a table, or the line of fact sheets, whose label is a term for a field."""
    found: dict[int, list[FoundName]] = {}
    for block, page in outline.body:
        for label, value in block.pairs:
            rank = _label_rank(label)
            if rank is not None:
                evidence = f"Steckbrief, Zeile „{label}“{place(page)}"
                found.setdefault(rank, []).append(FoundName(terms.clean_name(value), page, None, evidence, "table"))
        for column, label in enumerate(block.rows[0] if block.rows and not block.pairs else ()):
            rank = _label_rank(label)
            if rank is None:
                continue
            evidence = f"Tabelle, Spalte „{label}“{place(page)}"
            cells = [row[column] for row in block.rows[1:] if column < len(row)]
            names = [FoundName(terms.clean_name(cell), page, None, evidence, "table") for cell in cells]
            found.setdefault(rank, []).extend(names)
    return [known for rank, rows in found.items() for known in _kept(outline, rank, rows)]


def _label_rank(label: str) -> int | None:
    words = terms.tidy(label).strip(" :*")
    return terms.rank_of(words) if terms.TERM.fullmatch(words) else None


def _kept(outline: Outline, rank: int, rows: Sequence[FoundName]) -> Iterator[FoundList]:
    """Values that come back or that the document treats; of lesser terms only lists whose names it treats."""
    times = Counter(terms.key(row.name) for row in rows)
    names = [
        row for row in distinct(rows)
        if terms.is_name(row.name) and (times[terms.key(row.name)] > 1 or terms.key(row.name) in outline.treated)
    ]  # fmt: skip
    treated = sum(terms.key(name.name) in outline.treated for name in names)
    if 3 <= len(names) <= terms.MOST and (treated * 2 >= len(names) or rank == 0):
        trust = 5.0 if treated == len(names) else 3.5 if treated * 2 >= len(names) else 2.5
        yield FoundList(tuple(located(outline, name) for name in names), rank, trust)


def from_contents(outline: Outline) -> list[FoundList]:
    """Entries of the contents that name a field, or that stand by their number under an entry for fields."""
    named: dict[int, list[FoundName]] = {}
    under: list[FoundList] = []
    for at, (line, page) in enumerate(outline.entries):
        said = terms.named(line)
        if said:
            evidence = f"Inhaltsverzeichnis: „{_entry(line)}“{place(page)}"
            named.setdefault(said[2], []).append(FoundName(said[0], page, None, evidence, "contents"))
        title = terms.chapter(_entry(line))
        number = re.match(r"\s*(\d+(?:\.\d+)*)\.?\s", line)
        if title and number:
            below = re.compile(rf"\s*{re.escape(number[1])}\.\d+\.?\s")
            evidence = f"Inhaltsverzeichnis: „{_entry(line)}“{place(page)}"
            names = [
                FoundName(terms.clean_name(entry), where, None, evidence, "contents")
                for entry, where in outline.entries[at + 1 :]
                if below.match(entry) and terms.is_name(terms.clean_name(entry))
            ]
            if len(names) >= 3:
                under.append(FoundList(distinct(names), title[0], 4.0 if title[1] else 3.0))
    lists = [FoundList(distinct(names), rank, 4.5) for rank, names in named.items() if len(names) >= terms.LEAST]
    return lists + under


def _entry(line: str) -> str:
    return re.sub(r"\s*(?:\.\s?){3,}.*$|\s+\d{1,3}$|\s*…+.*$", "", " ".join(line.split()))


def _shortened(text: str, most: int = 240) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
