"""Labels by people: checking a coding sheet, the label file of each coder, and the settled gold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.gold import Design, Drawn
from strategy_miner.coding.gold_anchors import Anchor, plain
from strategy_miner.errors import CorpusError, SheetError
from strategy_miner.records import Coding

NONE = "-"  # "no code" is an answer; an empty cell is none
CONSENSUS = "consensus"
RESERVED = frozenset({"design", "sheet", "sheet_second", "settle", CONSENSUS})
NEEDED = ("id", "text", "codes")
_NONE_WORDS = frozenset({"-", "–", "—", "−", "none", "keine", "keiner", "kein", "ohne"})
_YES = frozenset({"", "ja", "j", "yes", "y", "true", "wahr", "1", "x"})
_NO = frozenset({"nein", "n", "no", "false", "falsch", "0"})
_CUT = 32_000  # a text in a sheet ends here: Excel holds 32,767 characters in a cell

SheetRow = tuple[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Label:
    """What a coder says about a segment. No codes means "no code".

    `basis` of a settled label: agreed, settled (after a dispute) or single (one coder only); empty for a coder.
    """

    anchor: Anchor
    codes: tuple[str, ...]
    sure: bool = True
    note: str = ""
    basis: str = ""


def codings(labels: Iterable[Label], coder: str, dimension: str) -> list[list[Coding]]:
    """Labels in the form of predictions: a list of Codings per segment, empty where there is no code."""
    return [
        [Coding(a.segment_id, a.document_id, dimension, code, 1.0, coder, label.note) for code in label.codes]
        for label in labels
        for a in (label.anchor,)
    ]


def check_coder(name: str, known: Iterable[str] = ()) -> str:
    """The coder's name. Raises CorpusError unless it can name a file and is taken neither by the tool nor, in other
    capitals, by a coder who is `known`: AB and ab would be two people on Linux and one file on Windows.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}", name):
        raise CorpusError(f"{name!r} is no coder's name", "--coder", "Use letters without umlauts, digits, - and _.")
    if name.lower() in RESERVED:
        raise CorpusError(f"the name {name!r} is taken", "--coder", "Use a name or initials of the person.")
    if alike := [other for other in known if other != name and other.lower() == name.lower()]:
        raise CorpusError(f"{name!r} differs from {alike[0]!r} in capitals only", "--coder", f"Write {alike[0]}.")
    return name


def row_id(segment_id: str) -> str:
    """A segment's id as a sheet shows it: with a letter, or a spreadsheet takes 12345678e1234567 for a number."""
    return f"s{segment_id}"


def book_mark(sha256: str) -> str:
    """A codebook's hash as a sheet shows it."""
    return f"v{sha256[:12]}"


def shown(text: str) -> str:
    """A text as a sheet shows it."""
    return plain(text)[:_CUT]


def checked(
    rows: Sequence[SheetRow], design: Design, codebook: Codebook, where: str, complete: Sequence[frozenset[str]]
) -> list[Label]:
    """The labels of a filled sheet, in the order of the design.

    Args:
        rows: number and cells (by column) of each row, as people see them.
        design: what was drawn.
        codebook: its codes may be given.
        where: the sheet's name, for errors.
        complete: the sets of segments that a whole sheet may hold, the smallest first; every row must then be there
            and filled in. None: take what is filled in.

    Raises SheetError with everything that is wrong; then nothing may be taken.
    """
    drawn = {row.anchor.segment_id: row for row in design.rows}
    if rows and not any(_identity(cells) in drawn for _, cells in rows):
        remedy = "Name its corpus with --corpus, or use the sheet that was drawn for this one."
        raise SheetError("none of its rows is of this sample, nothing was imported", where, remedy)
    problems = _another_codebook(rows, design)
    found: dict[str, Label] = {}
    line_of: dict[str, int] = {}
    for line, cells in rows:
        identity = _identity(cells)
        if identity not in drawn:
            problems.append(f"row {line}: {_unknown_id(identity, drawn)}")
            continue
        if identity in line_of:
            problems.append(
                f"row {line}: the same segment as row {line_of[identity]}, {row_id(identity)}; delete one of them"
            )
            continue
        line_of[identity] = line
        label, wrong = _label(drawn[identity].anchor, cells, codebook, not complete)
        problems += [f"row {line}: {problem}" for problem in wrong]
        if label:
            found[identity] = label
    problems += _missing_rows(frozenset(line_of), complete)
    if problems:
        number = f"{len(problems)} problems" if len(problems) > 1 else "1 problem"
        raise SheetError(
            f"{number}, nothing was imported", where, "Correct the rows named and import again.", tuple(problems)
        )
    return [found[identity] for identity in drawn if identity in found]


def _identity(cells: Mapping[str, str]) -> str:
    return cells.get("id", "").strip().removeprefix("s")


def _another_codebook(rows: Sequence[SheetRow], design: Design) -> list[str]:
    problems, short = [], book_mark(design.codebook)
    by_codebook: dict[str, list[int]] = {}
    for line, cells in rows:
        by_codebook.setdefault(cells.get("codebook", "").strip() or short, []).append(line)
    for other, lines in sorted(by_codebook.items()):
        if other != short:
            span = f"row {lines[0]}" if len(lines) == 1 else f"rows {lines[0]} to {lines[-1]}"
            problems.append(f"{span}: coded by codebook {other}, but the sample was drawn for {short}")
    return problems


def _unknown_id(identity: str, drawn: Mapping[str, Drawn]) -> str:
    if not identity:
        return "no id; restore it from the sheet that was drawn"
    near = get_close_matches(identity, drawn, n=1, cutoff=0.8)
    return f"unknown id {identity!r}" + (f"; did you mean {row_id(near[0])}?" if near else ", not in this sample")


def _missing_rows(there: frozenset[str], complete: Sequence[frozenset[str]]) -> list[str]:
    if not there:
        return ["the sheet has no row of this sample"]
    wanted = next((whole for whole in complete if there <= whole), there)
    return [f"the row with id {row_id(identity)} is missing" for identity in sorted(wanted - there)]


def _label(
    anchor: Anchor, cells: Mapping[str, str], codebook: Codebook, partial: bool
) -> tuple[Label | None, list[str]]:
    problems = []
    if _letters(cells.get("text", "")) != _letters(shown(anchor.text)):
        problems.append(f"the text is not the one that was drawn (it began {anchor.text[:40]!r})")
    codes, wrong = parsed_codes(cells.get("codes", ""), codebook)
    problems += wrong
    if codes is None and not wrong and not partial:
        problems.append(f"no codes; write {NONE} where no code fits")
    sure = plain(cells.get("sure", "")).lower()
    if sure not in _YES | _NO:
        problems.append(f"sure is {sure!r}; write ja or nein")
    if problems or codes is None:
        return None, problems
    return Label(anchor, codes, sure not in _NO, plain(cells.get("note", ""))), []


def _letters(text: str) -> str:
    """What of a text every spreadsheet keeps: Excel's CSV makes "?" of ▪ and CO₂, others put an apostrophe first."""
    return "".join(re.findall(r"[A-Za-zÄÖÜäöüß]", plain(text)))


def parsed_codes(cell: str, codebook: Codebook) -> tuple[tuple[str, ...] | None, list[str]]:
    """The codes of a cell in the order of the codebook, () for "no code", None for an empty cell; and what is wrong.

    A code may be written as its id or as its whole name.
    """
    text = plain(cell).lower().removeprefix("'")
    for name, identity in sorted(_names(codebook).items(), key=lambda item: (-len(item[0]), item)):
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", f" {identity} ", text)  # names hold commas and "und"
    words = [word for word in re.split(r"[\s;,|/+&]+", text) if word]
    none = [word for word in words if word in _NONE_WORDS]
    codes = [word for word in words if word not in _NONE_WORDS]
    problems = [_unknown_code(code, codebook) for code in codes if code not in codebook.ids]
    if none and codes:
        problems.append(f"{none[0]} says that no code fits, but there are codes beside it")
    if problems:
        return None, problems
    if not words:
        return None, []
    return tuple(code for code in codebook.ids if code in codes), []


def _names(codebook: Codebook) -> dict[str, str]:
    """Code by name in lower case, where the name means one code only and is no id."""
    pairs = {(name.lower(), code.id) for code in codebook.codes for name in (code.name_de, code.name_en) if name}
    names = [name for name, _ in pairs]
    return {name: identity for name, identity in pairs if names.count(name) == 1 and name not in codebook.ids}


def _unknown_code(word: str, codebook: Codebook) -> str:
    names = {code.id: code.id for code in codebook.codes} | {c.name_de.lower(): c.id for c in codebook.codes}
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    return f"unknown code {word!r}" + (f"; did you mean {names[near[0]]}?" if near else "; see the sheet Codebook")


def changes(old: Iterable[Label], new: Iterable[Label]) -> list[str]:
    """What a new version of a coder's labels changes, a line per segment."""
    before = {label.anchor.segment_id: label for label in old}
    after = {label.anchor.segment_id: label for label in new}
    lines = [f"{identity}: no longer coded" for identity in sorted(before.keys() - after.keys())]
    lines += [f"{identity}: new, {written(after[identity].codes)}" for identity in sorted(after.keys() - before.keys())]
    lines += [
        f"{identity}: {written(before[identity].codes)} -> {written(after[identity].codes)}"
        for identity in sorted(before.keys() & after.keys())
        if before[identity].codes != after[identity].codes
    ]
    return lines


def outdated(gold: Iterable[Label], coders: Mapping[str, Sequence[Label]]) -> int:
    """How many labels of the gold its coders no longer give, because a sheet was imported after settling."""
    given: dict[str, set[tuple[str, ...]]] = {}
    for own in coders.values():
        for label in own:
            given.setdefault(label.anchor.segment_id, set()).add(label.codes)
    return sum(given.get(g.anchor.segment_id) != {g.codes} for g in gold if g.basis != "settled")


def written(codes: Iterable[str]) -> str:
    """Codes as a cell holds them."""
    return " ".join(codes) or NONE


def settled(coders: Mapping[str, Sequence[Label]], decisions: Sequence[Label]) -> list[Label]:
    """The gold: what the coders agree on, decisions where they do not, and the labels of those who coded alone.

    Raises CorpusError while a dispute is undecided, naming how many there are.
    """
    given: dict[str, list[Label]] = {}
    for _, own in sorted(coders.items()):
        for label in own:
            given.setdefault(label.anchor.segment_id, []).append(label)
    decided = {label.anchor.segment_id: label for label in decisions}
    open_ones = [i for i, own in given.items() if len({label.codes for label in own}) > 1 and i not in decided]
    if open_ones:
        raise CorpusError(
            f"{len(open_ones)} segments are disputed and not settled, the first is {sorted(open_ones)[0]}", "labels",
            "Fill in the column codes of the sheet that `gold agree` wrote and run `gold settle SHEET`.",
        )  # fmt: skip
    gold = []
    for identity, own in sorted(given.items()):
        first, sure = own[0], all(label.sure for label in own)
        if len({label.codes for label in own}) > 1:
            label = decided[identity]
            gold.append(Label(first.anchor, label.codes, label.sure, label.note, "settled"))
        else:
            basis = "agreed" if len(own) > 1 else "single"
            gold.append(Label(first.anchor, first.codes, sure, first.note if basis == "single" else "", basis))
    return gold
