"""The tables behind the report as CSV files and one workbook, written by the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from strategy_miner.report.messages import Messages
from strategy_miner.report.typography import LANGUAGES
from strategy_miner.store import (
    Chosen,
    Table,
    Wording,
    exported_tables,
    query,
    quote_list,
    with_rows,
    write_csv,
    write_xlsx,
)
from strategy_miner.store.tables import with_names

# A longer list lies beside the report as CSV only: Excel takes long to open it and the report long to write it.
_ROWS_OF_SHEET = 50_000
Notes = list[tuple[str, str]]


def write_tables(database: Path, folder: Path) -> list[str]:
    """Write quotes.*, tables.* and tables/ in both languages; returns their paths relative to the folder.

    quotes.<lang>.csv and, up to 50,000 rows, .xlsx are the flat list of all coded passages, tables.<lang>.xlsx and
    tables/<name>.<lang>.csv the tables. One without rows gets no file. Files of an earlier report are replaced or
    removed.
    """
    (folder / "tables").mkdir(exist_ok=True)
    asked = exported_tables(database)
    filled = with_rows(database, asked)
    quotes = any(table.name == "quotes" for table in filled)
    files = []
    for lang in LANGUAGES:
        wording, notes = wording_of(database, lang), table_notes(database, lang)
        if quotes:
            listed = quote_list(database, Chosen(), lang)
            files.append(f"quotes.{lang}.csv")
            if write_csv(database, listed, folder / files[-1], wording) <= _ROWS_OF_SHEET:
                files.append(f"quotes.{lang}.xlsx")
                write_xlsx(database, [listed], folder / files[-1], quote_notes(database, lang, ()), wording)
        tables = with_names(database, filled, lang)
        empty = empty_note(lang, [table for table in asked if table not in filled])
        write_xlsx(database, tables, folder / f"tables.{lang}.xlsx", notes + empty, wording)
        files.append(f"tables.{lang}.xlsx")
        for table in tables:
            files.append(f"tables/{table.name}.{lang}.csv")
            write_csv(database, table, folder / files[-1], wording)
    for path in sorted([*folder.glob("tables/*.csv"), *folder.glob("quotes.*"), *folder.glob("tables*.xlsx")]):
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    return files


def wording_of(database: Path, lang: str) -> Wording:
    """The headings of a language ("" for the names of the database), with this corpus's word for a cohort."""
    key = "cohort_label_en" if lang == "en" else "cohort_label"
    rows = query(database, "SELECT value FROM corpus_info WHERE key = ?", [key])[1]
    return Wording(lang, (rows[0][0] or "") if rows else "")


def table_notes(database: Path, lang: str) -> Notes:
    """What a reader of the tables alone must know, in one language."""
    return _corpus(database, lang) + _told(lang, "methods", ("unit", "interval", "uncorrected", "causal"))


def _told(lang: str, part: str, keys: Sequence[str]) -> Notes:
    t = Messages(lang)
    return [(t(f"{part}.{key}_head").unescape(), t(f"{part}.{key}").unescape()) for key in keys]


def _corpus(database: Path, lang: str) -> Notes:
    rows: dict[str, str | None] = dict(query(database, "SELECT key, value FROM corpus_info")[1])
    t, remark = Messages(lang), "notes_en" if lang == "en" else "notes"
    notes = [(t("exports.corpus_head").unescape(), rows.get(f"title_{lang}") or "")]
    if rows.get("fictional") == "true":
        notes.append((t("frame.fictional_mark").unescape(), t("frame.fictional_text").unescape()))
    notes += [(t("frame.note_heading").unescape(), text)] if (text := rows.get(remark)) else []
    return notes


def empty_note(lang: str, tables: Sequence[Table]) -> Notes:
    """Which tables are left out because they have no rows."""
    t, names = Messages(lang), ", ".join(Wording(lang).title(table.name) for table in tables)
    return [(t("exports.empty_head").unescape(), t("exports.empty", names=names).unescape())] if tables else []


def quote_notes(database: Path, lang: str, chosen: Sequence[tuple[str, Sequence[str]]]) -> Notes:
    """What a reader of the quote list must know: what a row is, how to read the columns, what was chosen."""
    t = Messages(lang)
    notes = _corpus(database, lang) + _told(lang, "exports", ("row", "page", "certainty"))
    wording = wording_of(database, lang)
    for column, names in chosen:
        if names:
            text = f"{wording.heading('quote_list', column)}: {', '.join(names)}"
            notes.append((t("exports.chosen_head").unescape(), text))
    return notes


def nothing_found(database: Path, lang: str) -> tuple[str, str]:
    """Why the quote list is empty, where it is."""
    t = Messages(lang)
    rows = query(database, "SELECT projects_with_document, projects FROM coverage WHERE cohort = ''")[1]
    read, projects = rows[0] if rows else (0, 0)
    return t("exports.nothing_head").unescape(), t("exports.nothing", read=read, projects=projects).unescape()
