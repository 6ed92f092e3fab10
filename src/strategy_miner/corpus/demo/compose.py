"""Compose one document: chapters, fields, units of coding, passages without a code, tables, figures."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from strategy_miner.corpus.demo.allocation import allocate_codes, declare_fields
from strategy_miner.corpus.demo.blocks import DeclaredName, Draft, PlannedMeasure, Unit
from strategy_miner.corpus.demo.grammar import Phrases, Voice
from strategy_miner.corpus.demo.planting import Plan
from strategy_miner.records import Project

_UNITS_IN_FIELDS = 34  # paragraphs, shared out among the fields; less where a theme takes more room
_PLAIN_SHARE = 0.35  # of the paragraphs of a document carry no code
_HEADING_PREFIX = (
    "{name}",
    "{name}",
    "{name}",
    "{word} {n}: {name}",
    "{letter} | {name}",
    "{word} {name}",
)


class Composer:
    """Builds the Draft of one project."""

    def __init__(self, project: Project, plan: Plan, phrases: Phrases, theme: dict[str, Any], seed: int) -> None:
        self.rng = random.Random(f"{seed}:text:{project.project_id}")
        self.voice = Voice(phrases, project, self.rng)
        self.phrases, self.plan, self.theme = phrases, plan, theme
        self.draft = Draft(numbering=theme["numbering"])
        self.captions = {"figure": 0, "table": 0}
        self._profile_style = self.rng.randrange(len(phrases.frame["steckbrief"]["felder"]))
        self._profile_title = self.voice.choose(phrases.frame["steckbrief"]["vorspann"])
        self._amount = theme["amount"] * self.rng.uniform(0.55, 1.0)
        # A letter before a name would stand beside the number that the look prints.
        prefixes = [prefix for prefix in _HEADING_PREFIX if not (theme["numbering"] and "{letter}" in prefix)]
        self._prefix = self.voice.choose(prefixes)
        self._charts = self.rng.sample(phrases.frame["abbildungen"], len(phrases.frame["abbildungen"]))

    def compose(self) -> Draft:
        """The document, chapter by chapter."""
        chapters = [c for c in self.phrases.frame["kapitel"] if self.rng.random() < c.get("wahl", 1.0)]
        fields = declare_fields(self.plan, self.phrases, self.voice.fill("{Stadt}"), self.rng)
        homes = self._units(chapters, fields)
        units = [unit for home in homes for unit in home]
        allocate_codes(units, self.plan.text_share, fields, self.phrases, self.rng)
        frame_plain = [self.rng.randint(*chapter["absaetze"]) for chapter in chapters]
        wanted = _PLAIN_SHARE / (1 - _PLAIN_SHARE) * sum(unit.shape != "card" for unit in units)
        extra = max(0, round((wanted - sum(frame_plain)) / len(fields)))
        queue = iter(homes)
        for chapter, plain in zip(chapters, frame_plain, strict=True):
            self._chapter(chapter, plain, next(queue))
            if chapter.get("felder"):
                self._field_chapters(chapter, fields, queue, extra)
        return self.draft

    def _units(self, chapters: list[dict[str, Any]], fields: list[DeclaredName]) -> list[list[Unit]]:
        """Units chapter by chapter, the fields' own after the chapter that holds them."""
        homes: list[list[Unit]] = []
        for chapter in chapters:
            shapes = ["paragraph"] * int(chapter["kodiert"])
            if chapter.get("kasten") and shapes:
                shapes[-1] = "box"
            homes.append([Unit(shape, 1, None) for shape in shapes])
            if chapter.get("felder"):
                homes += [self._field_units(field, len(fields)) for field in fields]
        return homes

    def _field_units(self, field: DeclaredName, fields: int) -> list[Unit]:
        wanted = _UNITS_IN_FIELDS * self._amount / fields
        count = max(2 if fields < 8 else 1, round(wanted + self.rng.uniform(-0.8, 0.8)))
        units = [Unit("paragraph", 1, field) for _ in range(count)]
        if self.rng.random() < 0.33:
            units.append(Unit("list", self.rng.randint(3, 4), field))
        if self.rng.random() < 0.3:
            units.append(Unit("box", 1, field))
        profiles = self.rng.randint(1, 2) if fields < 6 else self.rng.randint(0 if fields > 6 else 1, 1)
        units += [Unit("card", 1, field) for _ in range(profiles)]
        return units

    def _chapter(self, chapter: dict[str, Any], plain: int, units: list[Unit]) -> None:
        title = self.voice.choose(chapter["titel"])
        self._heading(title, 1, new_page=chapter.get("neue_seite", False))
        subtitles = self.rng.sample(chapter["unterkapitel"], 2) if "unterkapitel" in chapter else []
        jobs = [*([None] * plain), *units]
        if not chapter.get("kasten"):
            jobs = self.rng.sample(jobs, len(jobs))
        for n, unit in enumerate(jobs):
            if subtitles and n in (len(jobs) // 3, 2 * len(jobs) // 3):
                self._heading(subtitles.pop(), 2)
            if unit is None:
                self._plain(chapter["ohne"])
            else:
                self._unit(unit)
            if chapter.get("abbildung") and n == 1:
                self._figure()
        if chapter.get("tabelle"):
            self._table(chapter["tabelle"])

    def _field_chapters(
        self, chapter: dict[str, Any], fields: list[DeclaredName], homes: Iterator[list[Unit]], extra: int
    ) -> None:
        if self.rng.random() < 0.7:
            self._field_list(fields, self.draft.path[0].removeprefix("Unsere "))
        word = self.phrases.frame["einzahl"][self.draft.path[0]]
        for n, field in enumerate(fields, start=1):
            name = self._prefix.format(name=field.name, n=n, letter=chr(64 + n), word=word)
            block_id = self._heading(name, 2)
            self.draft.fields.append(DeclaredName(field.name, field.orientation, field.codes, field.ecology, block_id))
            units = next(homes)
            text = [unit for unit in units if unit.shape != "card"]
            jobs: list[Unit | None] = [*text, *([None] * max(0, extra + self.rng.choice((-1, 0, 0, 1))))]
            jobs = self.rng.sample(jobs, len(jobs))
            cut = self.rng.randrange(2, len(jobs)) if len(jobs) > 4 and self.rng.random() < 0.5 else None
            for k, unit in enumerate(jobs):
                if k == cut:
                    self._heading(self.voice.choose(self.phrases.frame["feld_zwischentitel"]), 3)
                if unit is None:
                    self._plain(chapter["ohne"])
                else:
                    self._unit(unit)
            if self._charts and self.rng.random() < 0.2:
                self._figure()
            for unit in units:
                if unit.shape == "card":
                    self._card(unit, field)

    def _heading(self, text: str, level: int, *, new_page: bool = False) -> str:
        block_id = self.draft.add("heading", text, level=level)
        look = {"level": level, "plain": level == 3, "new_page": new_page}
        self.draft.page_blocks.append({"draw": "heading", "id": block_id, "text": text, **look})
        return block_id

    def _plain(self, lists: list[str]) -> None:
        self._paragraph(self.voice.plain_paragraph(*lists), ())

    def _paragraph(self, text: str, codes: tuple[str, ...], *, unit: bool = True) -> None:
        block_id = self.draft.add("paragraph", text, codes=codes, unit=unit)
        # A lead-in stays with its list.
        block: dict[str, Any] = {"draw": "paragraph" if unit else "lead", "id": block_id, "text": text}
        if unit and self.rng.random() < 0.06:
            note = self.voice.sentence("fussnote")
            block["footnote"] = {"id": self.draft.add("footnote", note), "text": note}
        self.draft.page_blocks.append(block)

    def _unit(self, unit: Unit) -> None:
        draw: dict[str, Callable[[Unit], None]] = {"paragraph": self._coded, "box": self._box, "list": self._items}
        draw[unit.shape](unit)

    def _coded(self, unit: Unit) -> None:
        self._paragraph(self.voice.coded_paragraph(unit.codes), unit.codes)

    def _box(self, unit: Unit) -> None:
        title = self.voice.choose([*self.phrases.frame["kasten_titel"], ""])
        text = self.voice.coded_paragraph(unit.codes)
        block_id = self.draft.add("box", f"{title} {text}".strip(), codes=unit.codes, unit=True)
        self.draft.page_blocks.append({"draw": "box", "id": block_id, "title": title, "text": text})

    def _items(self, unit: Unit) -> None:
        self._paragraph(self.voice.choose(self.phrases.frame["listen_einleitung"]) + ":", (), unit=False)
        self.voice.new_paragraph()
        items = []
        for _ in range(unit.weight):
            lead, text = self.voice.measure(unit.codes[0])
            if len(text.split()) < 17:
                text = f"{text} {self.voice.sentence(unit.codes[0], 'schluss')}"
            block_id = self.draft.add("list_item", f"{lead}: {text}", codes=unit.codes, unit=True)
            items.append({"id": block_id, "lead": lead, "text": text})
        self.draft.page_blocks.append({"draw": "items", "items": items})

    def _field_list(self, fields: list[DeclaredName], called: str) -> None:
        numbers = self.phrases.slots["zahlwort"]
        lead = self.voice.choose(self.phrases.frame["feldliste_einleitung"])
        self._paragraph(lead.format(anzahl=numbers[len(fields) - 2], kapitel=called), (), unit=False)
        items = [{"id": self.draft.add("list_item", field.name), "text": field.name} for field in fields]
        self.draft.page_blocks.append({"draw": "fields", "items": items})

    def _card(self, unit: Unit, field: DeclaredName) -> None:
        profile, voice, code = self.phrases.frame["steckbrief"], self.voice, unit.codes[0]
        number = len(self.draft.measures) + 1
        voice.new_paragraph()
        plain_title, first = voice.measure(code)
        title = self._profile_title.format(n=number, titel=plain_title)
        start = int(voice.fill("{stand1}"))
        end = start + self.rng.randrange(1, 5)
        what = f"{first} {voice.sentence('allgemein')}"
        cost = f"{self.rng.randrange(3, 90) * 10}.000 Euro"
        values = (
            field.name, what, voice.sentence(code, "schluss"), voice.choose(profile["verantwortlich"]),
            voice.choose([f"{start}–{end}", f"{self.rng.randrange(1, 13):02d}/{start} bis 12/{end}"]), cost,
            voice.choose(profile["status"]),
        )  # fmt: skip
        rows = [list(pair) for pair in zip(profile["felder"][self._profile_style], values, strict=True)]
        title_id = self.draft.add("heading", title, level=3)
        text = "\n".join(f"{label}: {value}" for label, value in rows)
        block_id = self.draft.add("table", text, codes=unit.codes, unit=True)
        self.draft.path = self.draft.path[:2]
        self.draft.measures.append(
            PlannedMeasure(block_id, plain_title, what, field.name, unit.codes, values[3], values[4], cost, values[6])
        )
        block = {"draw": "card", "id": block_id, "title_id": title_id, "title": title, "rows": rows}
        self.draft.page_blocks.append(block)

    def _figure(self) -> None:
        if not self._charts:
            return
        chart, self.captions["figure"] = self._charts.pop(), self.captions["figure"] + 1
        last = int(self.voice.fill("{stand}"))
        names = chart.get("namen") or [str(year) for year in range(last - self.rng.randrange(3, 6), last + 1)]
        values = [self.rng.randrange(20, 60)]
        for _ in names[1:]:
            values.append(max(5, values[-1] + self.rng.randrange(-6, 8) * (1 if chart["art"] == "linie" else 3)))
        caption = f"{chart['titel']} ({chart['einheit']})"
        block_id = self.draft.add("caption", f"Abbildung {self.captions['figure']}: {caption}")
        self.draft.page_blocks.append(
            {
                "draw": "figure",
                "id": block_id,
                "caption": caption,
                "art": chart["art"],
                "names": names,
                "values": values,
            }
        )

    def _table(self, kind: str) -> None:
        frame = self.phrases.frame[kind]
        self.captions["table"] += 1
        caption = self.voice.choose(self.phrases.frame["tabellentitel"][kind])
        rows = [self.voice.choose(frame["kopf"]), *(self._row(kind, name) for name in frame["zeilen"])]
        caption_id = self.draft.add("caption", f"Tabelle {self.captions['table']}: {caption}")
        block_id = self.draft.add("table", "\n".join(" | ".join(row) for row in rows))
        self.draft.page_blocks.append(
            {"draw": "table", "id": block_id, "caption_id": caption_id, "caption": caption, "rows": rows}
        )

    def _row(self, kind: str, name: str) -> list[str]:
        if kind == "kosten":
            return [name, f"{self.rng.randrange(8, 400) * 5}", f"{self.rng.randrange(2, 40)}"]
        start = int(self.voice.fill("{stand}")) + self.rng.randrange(0, 3)
        months = sorted(self.rng.sample(range(1, 13), 2))
        progress = self.voice.choose(self.phrases.frame[kind]["stand"])
        return [name, f"{months[0]:02d}/{start}", f"{months[1]:02d}/{start}", progress]
