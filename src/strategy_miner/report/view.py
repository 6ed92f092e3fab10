"""One language's page: the content with its texts, names, anchors and charts, as the templates ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from markupsafe import Markup, escape

from strategy_miner.records import ORIGINS
from strategy_miner.report.chapters import Chapters
from strategy_miner.report.confounders import Confounders
from strategy_miner.report.content import Content, Row
from strategy_miner.report.corrected import CorrectedView
from strategy_miner.report.cutouts import Shown
from strategy_miner.report.deciding import Deciding
from strategy_miner.report.evidence import Evidence
from strategy_miner.report.integration import Integration
from strategy_miner.report.messages import Messages, message_table
from strategy_miner.report.profiles import Profiles
from strategy_miner.report.proof import Proof
from strategy_miner.report.robustness import RobustnessView
from strategy_miner.report.typography import Typography
from strategy_miner.report.verdict import VERDICT_KEYS, Verdict, ecology_sentence, headline, text_sentence

_TOPICS = 6  # codes named in the section of a cohort
_COUNTED = (
    "projects", "projects_with_file", "projects_with_document", "projects_with_fields", "documents_read",
    "documents_failed", "documents_missing",
)  # fmt: skip
_IN_FILES = ("pages", "pages_unread", "segments", "segments_coded")

SOURCES = ("outline", "headings", "enumeration", "table", "contents")  # of coding.declared


@dataclass(frozen=True, slots=True)
class Chart:
    """An SVG to be set into the page, its title for those who cannot see it, and its file beside the page."""

    title: str
    svg: Markup
    file: str


@dataclass
class View(Evidence, Integration, Confounders, Chapters, Profiles, Shown, Proof):
    """What `body.html.j2` shows in one language. Anchors carry the language, so that both fit into one file."""

    content: Content
    lang: str
    charts: dict[str, Chart]
    files: Sequence[str]
    quotes_per_code: int
    t: Messages
    f: Typography
    _numbers: dict[str, int] = field(default_factory=dict)

    @property
    def other(self) -> str:
        return "en" if self.lang == "de" else "de"

    @property
    def heading(self) -> str:
        return self.content.info.get(f"title_{self.lang}") or self.content.info.get("name", "")

    @property
    def title(self) -> str:
        title = self.t("frame.page_title", title=self.heading).unescape()
        return f"{self.t('frame.fictional_mark')}: {title}" if self.content.fictional else title

    @property
    def note(self) -> str:
        return self.content.info.get("notes_en" if self.lang == "en" else "notes", "")

    @cached_property
    def verdict(self) -> Verdict | None:
        return headline(self.content, self.t, self.f)

    @cached_property
    def text_sentence(self) -> Markup | None:
        return text_sentence(self.content, self.t, self.f)

    @cached_property
    def robust(self) -> RobustnessView:
        return RobustnessView(self.content, self.t, self.f)

    @cached_property
    def gold(self) -> CorrectedView | None:
        """Shares of text corrected by labels of people; None where there are none."""
        return CorrectedView(self.content) if self.content.corrections else None

    @cached_property
    def ecology_sentence(self) -> Markup | None:
        return ecology_sentence(self.content, self.t, self.f)

    @cached_property
    def deciding(self) -> Deciding:
        return Deciding(self.content, self.t, self.f)

    @property
    def contrasts(self) -> list[Row]:
        """The comparisons that the page shows in one table; those of single codes are in the exported tables."""
        shown = (("H1", ""), ("H2", "ecology"), ("H3_corrected", ""), ("H3", ""))
        found = (self.content.contrast(estimand, code) for estimand, code in shown)
        return [row for row in found if row is not None and row["difference"] is not None]

    @property
    def cohort_word(self) -> str:
        return self.content.cohort_label(self.lang) or self.t("frame.cohort")

    @property
    def groups(self) -> list[str | None]:
        """The cohorts, and None where there are projects outside them."""
        return [*self.content.cohorts, *([None] if None in self.content.projects_in else [])]

    @property
    def sections(self) -> list[tuple[str, str]]:
        """Anchors and names for the table of contents, in the order of body.html.j2."""
        first = ["result", "coverage", "fields", "text", "indicators", "ecology"]
        names = [(key, str(self.t(f"frame.nav_{key}"))) for key in first]
        if self.n_read:
            names += [(key, self.dimension(key)) for key in self.dimensions_first]
            names.append(("measures", str(self.t("measures.heading"))))
            names += [(key, self.dimension(key)) for key in self.dimensions_then]
        elif self.unmeasured_dimensions:
            names.append(("dimensions", str(self.t("dimensions.missing_heading"))))
        then = [
            "emphasis",
            *(["published"] if self.content.tables["published"] else []),
            *(["robustness"] if self.robust else []),
            *(["drift"] if self.gold else []),
            "confounders",
            *(["groups"] if self.content.tables["group_columns"] else []),
            "radar",
        ]
        names += [(key, str(self.t(f"frame.nav_{key}"))) for key in then]
        names += [(self._cohort_anchor(value), self.cohort(value)) for value in self.content.cohorts]
        if None in self.content.projects_in:
            names.append(("outside", str(self.t("cohorts.outside_heading"))))
        last = [
            "profiles",
            "quotes",
            *(["planted"] if self.content.tables["planted"] else []),
            *(["proof"] if self.content.tables["values"] else []),
            "methods",
            "provenance",
        ]
        return names + [(key, str(self.t(f"frame.nav_{key}"))) for key in last]

    def id(self, anchor: str) -> str:
        return f"{self.lang}-{anchor}"

    def cohort_id(self, value: str) -> str:
        return self.id(self._cohort_anchor(value))

    def project_id(self, project_id: str) -> str:
        """An anchor for any id: its place in the table, as ids may hold blanks or umlauts."""
        return self.id(self.at_project(project_id))

    def number(self, kind: str) -> int:
        """The next number for a table or figure."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return self._numbers[kind]

    def code(self, text: str) -> Markup:
        return Markup("<code>{}</code>").format(text)

    def german(self, text: str) -> Markup:
        """Words of a document, marked as German for screen readers."""
        return Markup('<span lang="de">{}</span>').format(text)

    def file(self, document_id: str) -> str:
        row = self.content.document_of.get(document_id)
        return str(row["file"]) if row else document_id

    def status(self, document: Row) -> Markup:
        return self.t(f"cohorts.status_{document['status']}", pages=self.f.number(document["pages"]))

    @property
    def covered(self) -> list[str]:
        return [cohort for cohort in [*self.content.cohorts, ""] if cohort in self.content.coverage_of]

    @property
    def coverage_rows(self) -> list[str]:
        """The rows of the coverage table; files only where there are any, pages and text where something was read."""
        whole = self.content.coverage_of.get("", {})
        counted = _COUNTED if any(whole.get(key) for key in _COUNTED[4:]) else _COUNTED[:4]
        return [*counted, *(_IN_FILES if whole.get("documents_read") else ())]

    def coverage(self, cohort: str, key: str) -> Markup:
        """A cell of the coverage table; where no file was read, pages and text were not measured."""
        row = self.content.coverage_of[cohort]
        return self.f.number(row[key]) if key in _COUNTED or row["documents_read"] else self.f.missing

    @property
    def table_files(self) -> list[str]:
        """The files of single tables."""
        return [file for file in self.files if file.startswith("tables/")]

    @property
    def long_list(self) -> bool:
        """Whether the list of quotes lies there as CSV only."""
        name = f"quotes.{self.lang}"
        return f"{name}.csv" in self.files and f"{name}.xlsx" not in self.files

    @property
    def missing_files(self) -> list[str]:
        return [row["file"] for row in self.content.tables["documents"] if row["status"] == "missing"]

    def page_list(self, rows: Sequence[Row]) -> Markup:
        """Page numbers, runs as "3–5"."""
        pages = [row["page"] for row in rows if row["page"] is not None]
        if not pages:
            return self.f.missing
        runs: list[list[int]] = []
        for page in pages:
            if runs and page == runs[-1][1] + 1:
                runs[-1][1] = page
            else:
                runs.append([page, page])
        return escape(", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs))

    def with_fields(self, cohort: str | None) -> list[Row]:
        projects = self.content.projects_in.get(cohort, [])
        return [project for project in projects if project["project_id"] in self.content.fields_of]

    def sources(self, fields: Sequence[Row]) -> Markup:
        """Who says that the fields are declared, and where, each once."""
        origins = sorted({row["origin"] for row in fields})
        places = sorted({row["source"] for row in fields if row["source"]})
        parts = [escape(self.t(f"fields.origin_{origin}")) for origin in origins]
        return Markup("{}{}").format(
            Markup(", ").join(parts),
            Markup("").join(Markup('<br><span class="source">{}</span>').format(self._place(p)) for p in places),
        )

    def _place(self, source: str) -> str:
        """Where in a document a list stands, in words of the report; an address or a name as it is."""
        return self.t(f"fields.source_{source}") if source in SOURCES else source

    @property
    def origins(self) -> list[str]:
        """Who says that fields are declared, as far as it occurs."""
        rows = self.content.counts_of.values()
        return [origin for origin in ORIGINS if any(row[f"from_{origin}"] for row in rows)]

    @property
    def shares(self) -> list[tuple[Row, Row]]:
        return self.content.ranked("H4")

    def top_text(self, cohort: str) -> list[tuple[Row, Row]]:
        return [pair for pair in self.content.ranked("H4", cohort) if pair[1]["value"] > 0][:_TOPICS]

    def top_fields(self, cohort: str) -> list[tuple[Row, Row]]:
        return [pair for pair in self.content.ranked("H2", cohort) if pair[1]["count"]][:_TOPICS]

    def n_text(self, cohort: str) -> Markup:
        """ "n = 10" of the shares per code."""
        rows = [row for _, row in self.content.ranked("H4", cohort)]
        return Markup("n&nbsp;=&nbsp;{}").format(self.f.number(rows[0]["n_projects"])) if rows else self.f.missing

    @property
    def codes_without_quote(self) -> str:
        codes = [code for code in self.content.tables["codes"] if code["id"] not in self.content.quotes_of]
        return ", ".join(self.code_name(code) for code in codes)

    def by_cohort(self, rows: Sequence[Row]) -> list[Row | None]:
        """Rows in the order of the cohorts, all projects last; None for a cohort without a row."""
        found = {row["cohort"]: row for row in rows}
        return [found.get(cohort) for cohort in (*self.content.cohorts, "")]

    def verdict_key(self, verdict: str) -> str:
        return VERDICT_KEYS.get(verdict, "empty")

    def quantity(self, name: str) -> str:
        """What was planted, in words where the messages know it."""
        key = "provenance.quantity_" + name.replace(" ", "_")
        return self.t(key) if key in message_table() else name.replace("_", " ")

    @property
    def planted(self) -> list[Row]:
        """Planted against found, each quantity by cohort and in all."""
        order = [*self.content.cohorts, ""]
        rows = [row for row in self.content.tables["planted"] if row["cohort"] in order]
        return sorted(rows, key=lambda row: (row["quantity"], order.index(row["cohort"])))

    def planted_value(self, value: float | None, row: Row) -> Markup:
        """A difference in points, a share in per cent, a count as it is."""
        if row["quantity"].endswith("difference"):
            return self.f.points(value)
        return self.f.percent(value) if _is_share(row) else self.f.number(value)

    def planted_range(self, row: Row, low: str, high: str) -> Markup:
        ends = row[low], row[high]
        return self.f.points_range(*ends) if row["quantity"].endswith("difference") else self.f.percent_range(*ends)

    def _cohort_anchor(self, value: str) -> str:
        return f"cohort-{self.content.cohorts.index(value) + 1}"


def _is_share(row: Row) -> bool:
    values = [row[key] for key in ("planted", "realised", "found") if row[key] is not None]
    return all(0 <= value <= 1 for value in values)
