"""What is wrong, thin or doubtful in a codebook file, all of it at once. Nothing is changed.

A problem is something that makes the codebook wrong or unusable for a code; a note is something a person should look
at and may leave (a child-care centre belongs to education and to social affairs, so both may have the word).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from strategy_miner.coding.codebook import FIELD, Code, Codebook, Example
from strategy_miner.coding.codebook_trial import Trial, words_of
from strategy_miner.coding.codebook_twins import twins
from strategy_miner.coding.features import TextEncoder
from strategy_miner.coding.lexicon import Lexicon
from strategy_miner.text import fold

PROBLEM, NOTE = "problem", "note"
LEAST_POSITIVE, LEAST_NEGATIVE = 15, 6  # examples that a code of the dimension field needs
_ENOUGH = 4  # examples from which their share says something about a code
_NEARLY = 0.8  # share of words that two texts have in common from which they are nearly the same


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `codebook lint`."""

    severity: str
    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.where}: {self.what}. {self.remedy}"


def lint(folder: Path, dimension: str) -> tuple[Codebook | None, list[Finding]]:
    """What the file itself shows, in the order of the codes: no model needed. None instead of a codebook that cannot
    be read."""
    codebook, faults = Codebook.checked(folder, dimension)
    findings = [Finding(PROBLEM, fault.where, fault.what, fault.remedy) for fault in faults]
    if codebook is None:
        return None, findings
    path = str(folder / f"{dimension}.yaml")
    for code in codebook.codes:
        findings += _texts(code, f"{path}: code {code.id}", dimension == FIELD)
        findings += _mentions(code, f"{path}: code {code.id}", set(codebook.ids))
    findings += _terms(codebook, path)
    findings += _copies(codebook, path)
    return None if faults else codebook, findings


def lint_models(folder: Path, tried: Trial, encoder: TextEncoder) -> list[Finding]:
    """What models show: examples that come out wrong, codes most of whose examples do, codes that cannot be told
    apart (`codebook_twins`)."""
    path = str(folder / f"{tried.codebook.dimension}.yaml")
    findings = []
    for code, positive, hits, _, _ in tried.scores():
        if positive >= _ENOUGH and hits < positive / 2:
            what = f"only {hits} of its {positive} examples are given the code by a model not fitted on them"
            remedy = "Say in definition and lexicon what these examples have in common, or replace them."
            findings.append(Finding(PROBLEM, f"{path}: code {code}", what, remedy))
    for one in tried.tried:
        if not one.right:
            given = ", ".join(one.given) or "nothing"
            what = f"{one.role} example {one.example.text[:50]!r} is given {given} (p = {one.p:.2f})"
            remedy = "Check that it is clear; add a term, or an example that is like it."
            where = f"{path}: code {one.code}" if one.code else f"{path}: none_examples"
            findings.append(Finding(NOTE, where, what, remedy))
    for pair in twins(tried, encoder):
        remedy = "Sharpen definitions and excludes, add counter-examples, or merge them."
        severity = PROBLEM if pair.serious else NOTE
        findings.append(Finding(severity, f"{path}: codes {pair.one}, {pair.other}", pair.said, remedy))
    return findings


def _texts(code: Code, where: str, strict: bool) -> Iterator[Finding]:
    missing = {
        "definition": not code.definition_de,
        "includes": not code.includes,
        "lexicon": not code.lexicon.include,
        "excludes": not code.excludes,
    }
    for key, is_missing in missing.items():
        # What the loader refuses in this dimension is told by it already.
        if is_missing and not (strict and key == "definition"):
            serious = key == "definition" or (strict and key == "includes")
            yield Finding(PROBLEM if serious else NOTE, where, f"no {key}", f"Add `{key}`.")
    for key, german, english in (
        ("label", code.name_de, code.name_en),
        ("definition", code.definition_de, code.definition_en),
    ):
        if german and german == english:
            severity = PROBLEM if strict else NOTE
            yield Finding(severity, where, f"no English {key}, or the same as the German one", f"Add `{key}: en`.")
    if strict:
        for key, examples, least in (
            ("positive", code.positive, LEAST_POSITIVE),
            ("negative", code.negative, LEAST_NEGATIVE),
        ):
            if len(examples) < least:
                what = f"{len(examples)} {key} examples, {least} are needed"
                yield Finding(PROBLEM, where, what, f"Add {least - len(examples)}.")


def _mentions(code: Code, where: str, ids: set[str]) -> Iterator[Finding]:
    for key, texts in (("includes", code.includes), ("excludes", code.excludes)):
        for text in texts:
            for name in re.findall(r"[a-z]+(?:_[a-z]+)+", text):
                if name not in ids:
                    yield Finding(PROBLEM, where, f"{key} name the unknown code {name!r}", "Use an existing id.")


def _terms(codebook: Codebook, path: str) -> Iterator[Finding]:
    """Terms that never find themselves, and terms whose words another code finds too, unless one is above the other."""
    ancestors = {code.id: set(_above(codebook, code)) for code in codebook.codes}
    for key in ("lexicon", "names"):
        terms = [getattr(code, key) for code in codebook.codes]
        own = [Lexicon([each.by_role()]) for each in terms]
        everyone = Lexicon([{"include": each.include, "exclude": each.exclude} for each in terms])
        for j, code in enumerate(codebook.codes):
            where = f"{path}: code {code.id}: {key}"
            for term in (*terms[j].include, *terms[j].weak):
                text = _written(term)
                if not own[j].matches(text):
                    excluded = bool(Lexicon([{"include": [term]}]).matches(text))
                    what = f"term {term!r} is {'excluded by its own code' if excluded else 'never found'}"
                    yield Finding(PROBLEM, where, what, "Remove it, or narrow the excluded term.")
            for term in terms[j].include if key == "lexicon" else ():
                for match in everyone.matches(_written(term)):
                    other = codebook.codes[match.code].id
                    same = fold(match.entry.strip("-=")) == fold(term.strip("-="))
                    related = other in ancestors[code.id] or code.id in ancestors[other]
                    if other != code.id and not related and (not same or code.id < other):
                        how = f"is a term of {other} too" if same else f"is found by {match.entry!r} of {other} too"
                        remedy = f"If it should not speak for {other}, exclude it there."
                        yield Finding(NOTE, where, f"term {term!r} {how}", remedy)
    for code in codebook.codes:
        for role, listed in code.lexicon.by_role().items():
            for term in sorted({term for term in listed if listed.count(term) > 1}):
                where = f"{path}: code {code.id}: lexicon"
                yield Finding(NOTE, where, f"{role} lists {term!r} twice", "Remove one.")


def _above(codebook: Codebook, code: Code) -> Iterator[str]:
    known = {each.id: each.parent for each in codebook.codes}
    at, seen = code.parent, {code.id}
    while at in known and at not in seen:  # a cycle is told elsewhere
        yield at
        seen.add(at)
        at = known[at]


def _written(term: str) -> str:
    """A term as it would stand in a text."""
    return " ".join(word.strip("-=") for word in term.split())


def _copies(codebook: Codebook, path: str) -> Iterator[Finding]:
    """Examples that stand twice, or nearly: a copy weighs double, and one with other codes contradicts."""
    places: list[tuple[str, str, Example]] = [
        (code.id, role, example)
        for code in codebook.codes
        for role, examples in (("positive", code.positive), ("negative", code.negative))
        for example in examples
    ]
    places += [("none_examples", "", example) for example in codebook.none_examples]
    words = [frozenset(words_of(example.text).split()) for _, _, example in places]
    for i, j in combinations(range(len(places)), 2):
        shared = len(words[i] & words[j])
        if shared < _NEARLY * len(words[i] | words[j]):
            continue
        (one, _, first), (two, _, second) = places[i], places[j]
        same = words_of(first.text) == words_of(second.text)
        where = f"{path}: {f'code {one}' if one == two else f'codes {one}, {two}'}"
        contradict = same and set(first.codes) != set(second.codes) and first.heading == second.heading
        what = f"example {first.text[:50]!r} stands {'twice' if same else 'twice, nearly'}"
        if contradict:
            yield Finding(PROBLEM, where, f"{what}, with different codes", "Give it the same codes in both places.")
        else:
            yield Finding(NOTE, where, what, "Write another one in place of the copy.")
