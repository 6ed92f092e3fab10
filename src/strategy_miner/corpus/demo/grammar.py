"""A slot grammar: lines with `[a|b]` alternatives and `{slots}` become German sentences and paragraphs."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strategy_miner.errors import CorpusError
from strategy_miner.records import Project
from strategy_miner.settings import read_yaml

_ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([A-Za-z_0-9]+)(?:\.([a-z]+))?\}")
_CASES = ("nom", "gen", "dat", "akk")
CODE_FILES = ("sektoral_1.yaml", "sektoral_2.yaml", "integriert.yaml", "integriert_2.yaml")
_SHORTEST = 36  # words of a paragraph
PARTS = ("auftakt", "kern", "schluss", "massnahmen")


@dataclass(frozen=True)
class Phrases:
    """All phrases of a demo corpus. `codes`: code -> part -> lines; `none`: list name -> lines; the rest as in YAML."""

    codes: dict[str, dict[str, list[str]]]
    none: dict[str, list[str]]
    slots: dict[str, Any]
    fields: dict[str, list[dict[str, Any]]]
    frame: dict[str, Any]
    themes: list[dict[str, Any]]

    @classmethod
    def load(cls, source: Path) -> Phrases:
        """Read corpus/demo. Raises SettingsError or CorpusError naming the file that is missing or wrong."""
        folder = source / "phrases"
        codes: dict[str, dict[str, list[str]]] = {}
        for name in CODE_FILES:
            for code, parts in read_yaml(folder / name).items():
                if sorted(parts) != sorted(PARTS):
                    raise CorpusError(f"{code} needs {', '.join(PARTS)}", str(folder / name), "Add what is missing.")
                codes[code] = {part: _lines(text) for part, text in parts.items()}
                if len(codes[code]["kern"]) != len(codes[code]["massnahmen"]):
                    raise CorpusError(f"{code} needs one title per line of kern", str(folder / name), "Add or remove.")
        none = {key: _lines(text) for key, text in read_yaml(folder / "ohne.yaml").items()}
        slots, fields, frame = (read_yaml(folder / f"{name}.yaml") for name in ("slots", "felder", "rahmen"))
        return cls(codes, none, slots, fields, frame, read_yaml(source / "themes.yaml"))

    @property
    def integrated(self) -> set[str]:
        """The integrated codes, by the declared fields that stand for them."""
        return {code for entry in self.fields["integrated"] for code in entry["codes"]}


class Voice:
    """Speaks for one municipality: fills slots and never repeats a line before all of its list were used."""

    def __init__(self, phrases: Phrases, project: Project, rng: random.Random) -> None:
        self.phrases = phrases
        self.rng = rng
        self._decks: dict[tuple[str, ...], list[str]] = {}
        self._year = int(project.published[:4])
        self._fixed = _municipality(phrases.slots["kommune"], project)
        self._rural = self._fixed["Stadt"] != "Stadt"
        self.new_paragraph()

    def choose(self, options: list[Any]) -> Any:
        """One of a list."""
        return options[self.rng.randrange(len(options))]

    def sentence(self, *deck: str) -> str:
        """The next sentence of a list: ("energie", "kern") of a code, ("prozess",) of the passages without a code."""
        return self.fill(self._draw(deck))

    def measure(self, code: str) -> tuple[str, str]:
        """Title of a measure and the sentence that belongs to it."""
        line = self._draw((code, "kern"))
        parts = self.phrases.codes[code]
        return self.fill(parts["massnahmen"][parts["kern"].index(line)]), self.fill(line)

    def fill(self, template: str) -> str:
        """Resolve alternatives and slots; start with a capital, end with a full stop if it is a sentence."""
        while True:
            resolved = _ALTERNATIVES.sub(lambda match: str(self.choose(match[1].split("|"))), template)
            if resolved == template:
                break
            template = resolved
        filled = re.sub(r" +([.,;:])", r"\1", " ".join(_SLOT.sub(self._slot, template).split()))
        # A question inside a line starts a new sentence.
        filled = re.sub(r"([?] )(\w)", lambda match: match[1] + match[2].upper(), filled)
        return filled[:1].upper() + filled[1:]

    def coded_paragraph(self, codes: tuple[str, ...]) -> str:
        """A paragraph of 35 to 110 words on one code or on two, one after the other."""
        self.new_paragraph()
        sentences = [self.sentence(codes[0], "auftakt"), self.sentence(codes[0], "kern")]
        if len(codes) == 2:
            bridge = [self.sentence("bruecke")] if self.rng.random() < 0.5 else []
            sentences += [*bridge, self.sentence(codes[1], "auftakt"), self.sentence(codes[1], "kern")]
            if _count(sentences) < _SHORTEST:
                sentences.append(self.sentence(codes[1], "kern"))
            return " ".join(sentences)
        aim = self.rng.randrange(38, 78)
        if self.rng.random() < 0.3:
            sentences.append(self.sentence("allgemein"))
        while _count(sentences) < aim and len(sentences) < 5:
            sentences.append(self.sentence(codes[0], "kern"))
        if _count(sentences) < _SHORTEST or (self.rng.random() < 0.55 and _count(sentences) < 85):
            sentences.append(self.sentence(codes[0], "schluss"))
        return " ".join(sentences)

    def plain_paragraph(self, *lists: str) -> str:
        """A paragraph of 35 to 90 words without a code, from one of the lists of ohne.yaml, which it keeps to."""
        self.new_paragraph()
        source, aim = self.choose(list(lists)), self.rng.randrange(36, 72)
        sentences: list[str] = []
        while _count(sentences) < aim and len(sentences) < 6:
            sentences.append(self.sentence(source))
        return " ".join(sentences)

    def _draw(self, deck: tuple[str, ...]) -> str:
        """The next line of a list that the present paragraph has not used, if there is one."""
        lines = self.phrases.codes[deck[0]][deck[1]] if len(deck) == 2 else self.phrases.none[deck[0]]
        left = self._decks.setdefault(deck, [])
        if not set(left) - self._used:
            left[:0] = self.rng.sample(lines, len(lines))
        at = max((n for n, line in enumerate(left) if line not in self._used), default=len(left) - 1)
        self._used.add(left[at])
        return left.pop(at)

    def new_paragraph(self) -> None:
        """Forget which lines were used; choose partners and a place for what follows."""
        self._used: set[str] = set()
        partners = self.rng.sample(self.phrases.slots["akteur"], 2)
        self._actors = {"akteur": _forms(partners[0]), "akteur2": _forms(partners[1])}
        places = self.phrases.slots["teil_land" if self._rural else "teil_stadt"]
        self._place = dict(zip(("dat", "name"), str(self.choose(places)).split("|"), strict=True))

    def _slot(self, match: re.Match[str]) -> str:
        name, case = match[1], match[2]
        if name in self._actors:
            return self._actors[name][case]
        if name == "teil":
            return self._place[case]
        fixed = self._fixed.get(f"{name}.{case}" if case else name)
        return fixed if fixed is not None else self._number(name)

    def _number(self, name: str) -> str:
        rng, year, slots = self.rng, self._year, self.phrases.slots
        match name:
            case "jahr":
                return str(year + rng.randrange(2, 8))
            case "jahr0":
                return str(year - rng.randrange(1, 5))
            case "stand":
                return str(year)
            case "stand1":
                return str(year + 1)
            case "z10":
                return str(self.choose(slots["zahlwort"]))
            case "z100":
                return str(rng.randrange(14, 96))
            case "proz":
                return str(rng.randrange(11, 79))
            case "ziffer":
                return str(rng.randrange(0, 10))
            case "monat" | "monate":
                return str(self.choose(slots[name]))
        raise CorpusError(f"unknown slot {{{name}}}", "corpus/demo/phrases", "Use a slot that slots.yaml explains.")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _count(sentences: list[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)


def _forms(entry: str) -> dict[str, str]:
    forms = entry.split("|")
    if len(forms) == 1:  # a feminine noun only changes its article
        noun = entry.removeprefix("die ")
        forms = [entry, f"der {noun}", f"der {noun}", entry]
    return dict(zip(_CASES, forms, strict=True))


def _municipality(kinds: dict[str, list[str]], project: Project) -> dict[str, str]:
    word, _, rest = project.name.partition(" ")
    if word not in kinds:
        word, rest = "Stadt", project.name
    *cases, place, council, utility, generic = kinds[word]
    slots = {f"kurz.{case}": form for case, form in zip(_CASES, cases, strict=True)}
    slots |= {"rat.nom": f"der {council}", "rat.dat": f"dem {council}", "rat.akk": f"den {council}"}
    slots |= {"werke.nom": f"die {utility}", "in_ort": f"{place} {rest}", "Stadt": generic, "name": project.name}
    return slots
