"""Every figure opens its proof: links from `<data>` to the rows, passages or methods that it rests on.

A template says where the proof stands with `data-proof="fields-list-2"` (an anchor without its language, or a file)
and how many cases stand behind with `data-n="10"`, on any element around the figure; the nearest one counts. One pass
over the finished page turns that into links.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape

from strategy_miner.report.content import Content, Row
from strategy_miner.report.part import Part

_TAG = re.compile(
    r"<(script|style)\b.*?</\1>|<!--.*?-->|<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)"
    r"(?P<attributes>(?:[^<>\"]|\"[^\"]*\")*?)(?P<empty>/?)>",
    re.DOTALL,
)
_ID = re.compile(r'\bid="([^"]*)"')
_OURS = re.compile(r'\s+data-(proof|n)="([^"]*)"')
_VOID = frozenset(("br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
SHOWN = ("H1", "H2", "H3_corrected", "H3", "I2", "I3")  # estimands whose values are listed per project


def proof(figure: object, anchors: str, n: object = None) -> Markup:
    """The figures of a text with their proof, as the filter `proof` of the templates.

    Args:
        figure: markup with any number of `<data>`; one that has a proof already keeps it.
        anchors: anchors without language, or files; the first that exists counts.
        n: number of cases behind the figure.
    """
    own = Markup(' data-proof="{}"').format(anchors)
    size = Markup("") if n is None else Markup(' data-n="{}"').format(n)
    parts = []
    for part in re.split(r"(<data\b[^>]*>)", str(escape(figure))):
        if part.startswith("<data"):
            added = [at for name, at in (("proof", own), ("n", size)) if f"data-{name}=" not in part]
            part = part[:-1] + "".join(added) + ">"
        parts.append(part)
    return Markup("".join(parts))


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    name: str
    id: str
    anchors: str
    n: str


def link_figures(page: str, lang: str, files: Collection[str] = ()) -> Markup:
    """The page with each `<data>` inside a link to its proof and with its `data-n`; without `data-proof` elsewhere.

    The nearest anchor counts that exists and does not hold the figure itself. A figure within a link or a summary
    stays as it is: there the link, or what the summary opens, is the proof. A whole count without a stated n counts
    itself.
    """
    known = {anchor: f"#{anchor}" for anchor in _ID.findall(page)}
    known |= {file.replace(f".{lang}.", "."): file for file in files}  # a table has a file in each language
    stack: list[_Open] = []
    parts: list[str] = []
    at = 0
    linked = False  # whether the open `<data>` was given a link
    for match in _TAG.finditer(page):
        parts.append(page[at : match.start()])
        at = match.end()
        name, tag = match["name"], match[0]
        if not name:
            parts.append(tag)
        elif match["end"]:
            while stack and stack.pop().name != name:
                pass
            parts.append(tag + "</a>" if linked and name == "data" else tag)
            linked = linked and name != "data"
        else:
            element, clean = _read(tag, name)
            if name == "data":
                target = _target(element, stack, known, lang)
                linked = bool(target)
                clean = f"{target}{clean[:-1]}{_size(element, stack, clean)}>"
            parts.append(clean)
            if name not in _VOID and not match["empty"]:
                stack.append(element)
    return Markup("".join([*parts, page[at:]]))


def _read(tag: str, name: str) -> tuple[_Open, str]:
    """An opening tag, and its text without our attributes."""
    if "data-proof=" not in tag and "data-n=" not in tag:
        found = _ID.search(tag) if " id=" in tag else None
        return _Open(name, found[1] if found else "", "", ""), tag
    ours = dict(_OURS.findall(tag))
    found = _ID.search(tag)
    return _Open(name, found[1] if found else "", ours.get("proof", ""), ours.get("n", "")), _OURS.sub("", tag)


def _target(figure: _Open, around: list[_Open], known: Mapping[str, str], lang: str) -> str:
    """The opening tag of the link, or ''."""
    if any(element.name in ("a", "summary") for element in around):
        return ""
    holds_it = {element.id for element in around}
    for element in (figure, *reversed(around)):
        for anchor in element.anchors.split():
            own = anchor if "." in anchor else f"{lang}-{anchor}"
            if own in known and own not in holds_it:
                return f'<a class="proof" href="{known[own]}">'
    return ""


def _size(figure: _Open, around: Iterable[_Open], tag: str) -> str:
    """The attribute data-n: the nearest stated, else a count is its own."""
    stated = next((e.n for e in (figure, *reversed([*around])) if e.n), "")
    if not stated:
        value = tag.partition('value="')[2].partition('"')[0]
        stated = value if value.isdigit() else ""
    return f' data-n="{stated}"' if stated else ""


def place(content: Content, cohort: str | None) -> str:
    """A cohort as the end of an anchor: its number; all projects have none, those outside "outside"."""
    if cohort is None:
        return "-outside"
    return f"-{content.cohorts.index(cohort) + 1}" if cohort in content.cohorts else ""


class Proof(Part):
    """A part of View: where the proof of a kind of figure stands, as `data-proof` wants it."""

    def place(self, cohort: str | None) -> str:
        return place(self.content, cohort)

    def at_fields(self, cohort: str | None = "") -> str:
        """The declared fields of a cohort, with page and source."""
        return f"fields-list{self.place(cohort)} fields-list"

    def at_documents(self, cohort: str | None = "") -> str:
        """The projects of a cohort with their documents and how far these were read."""
        return f"documents{self.place(cohort)} documents coverage"

    def documents_in(self, cohort: str | None) -> list[tuple[Row, Row]]:
        """Pairs of a project of a cohort and one of its documents."""
        projects = self.content.projects_in.get(cohort, [])
        return [(p, document) for p in projects for document in self.content.documents_of.get(p["project_id"], [])]

    def coverage_proof(self, cohort: str, key: str) -> str:
        """What stands behind a cell of the coverage table."""
        where = {"projects_with_fields": self.at_fields(cohort), "documents_failed": "failures",
                 "documents_missing": "missing-files", "pages_unread": "unread"}  # fmt: skip
        return f"{where.get(key, '')} {self.at_documents(cohort)}".strip()

    def coverage_n(self, cohort: str, key: str) -> int:
        """Of how many the cell counts some."""
        row = self.content.coverage_of[cohort]
        if key.startswith("projects"):
            return int(row["projects"])
        if key.startswith("documents"):
            return int(row["documents_read"] + row["documents_failed"] + row["documents_missing"])
        return int(row[key.split("_")[0]] or 0)

    def at_text(self) -> str:
        """The values of text, corrected where people labelled some."""
        return f"{self.at_values('H3_corrected')} {self.at_values('H3')}"

    def published_proof(self, row: Row) -> str:
        """What a computed figure beside a published one counts."""
        subject = row["subject"]
        if subject == "ecology":
            return self.at_fields(row["scope_value"] if row["scope_kind"] == "cohort" else "")
        if subject.startswith(("measures", "twin")):
            return "measures tables/measures.csv published-rule"
        return f"{'' if subject.startswith('funding') else 'documents'} tables/project_facts.csv published-rule".strip()

    def planted_n(self, row: Row) -> int:
        """The projects of a row of the regression check."""
        return int(self.content.coverage_of[row["cohort"]]["projects"])

    def at_code(self, code: str, dimension: str = "field") -> str:
        """The passages of a code; where there are none, how text is coded."""
        return f"{'code-' if dimension == 'field' else f'found-{dimension}-'}{code} methods-coding"

    def at_gap(self, gap: Row) -> str:
        """The evidence of a gap; of one that the page does not show, the list of all."""
        return f"gap-{gap['rank']} tables/gaps.csv emphasis"

    def at_values(self, estimand: str, code: str = "", cohort: str = "") -> str:
        """The values of the projects behind an estimate, an interval or a test; else how it comes about."""
        if estimand in ("H2", "H4", "H4_corrected") and code != "ecology":
            return self.at_code(code) if estimand != "H2" else self.at_fields(cohort)
        name = f"{estimand}-{code}" if code else estimand
        return f"values-{name}{self.place(cohort)} values-{name} methods-interval"

    @cached_property
    def _places(self) -> dict[str, int]:
        return {project: number for number, project in enumerate(self.content.project_of, 1)}

    def at_project(self, project_id: str) -> str:
        """A municipality."""
        return f"project-{self._places[project_id]}"

    def at_declared(self, project_id: str) -> str:
        """The declared fields of a municipality; where there are none, the municipality."""
        return f"declared-{self._places[project_id]} {self.at_project(project_id)}"

    def at_value(self, row: Row) -> str:
        """What the value of a project rests on."""
        by_field = row["estimand"] in ("H1", "H2")
        return (self.at_declared if by_field else self.at_project)(row["project_id"])

    def valued_name(self, estimand: str, code: str) -> Markup:
        """What the values of a list are."""
        indicator = "indicators.name_" + "_".join(filter(None, (estimand, code)))
        return self.t("result.estimand_H2" if estimand == "H2" else indicator)

    def counted(self, estimand: str) -> bool:
        """Whether the values of an estimand are counts of counts."""
        return estimand in ("H1", "H2", "I3")

    def cases(self, row: Row) -> int:
        """The n of a project's value: its fields, measures or labels, else the project itself."""
        return int(row["denominator"]) if self.counted(row["estimand"]) or row["estimand"] == "H3_corrected" else 1

    @property
    def valued(self) -> list[tuple[str, str, dict[str, list[Row]]]]:
        """Estimand, code and the projects' values by cohort, of the estimands that are listed per project."""
        found: dict[tuple[str, str], dict[str, list[Row]]] = {}
        for row in self.content.tables["values"]:
            found.setdefault((row["estimand"], row["code"]), {}).setdefault(row["cohort"], []).append(row)
        order = sorted(found, key=lambda key: (SHOWN.index(key[0]), key[1] != "fields"))
        return [(*key, found[key]) for key in order]
