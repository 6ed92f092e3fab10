"""The verbs export_quotes and export_tables: the flat list of quotes and the tables, as files for people or programs.

from strategy_miner import export_quotes, export_tables
export_quotes("zitate.xlsx", corpus="mpsc", codes=["energie"])
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.errors import SettingsError
from strategy_miner.verbs import results_file

if TYPE_CHECKING:
    from strategy_miner.store import Table, Wording

FORMATS = ("csv", "xlsx", "parquet")
LANGUAGES = ("de", "en", "")


def export_quotes(target: str | Path, corpus: str | None = None, lang: str = "de", **chosen: Sequence[str]) -> int:
    """Write every coding with its quote, municipality, cohort, page and code; returns the number of rows.

    Args:
        target: the file; its ending, csv, xlsx or parquet, says how.
        corpus: its name, by default the first of params.yaml.
        lang: "de" (CSV as German Excel opens it), "en", or "" for names and numbers as in the database.
        chosen: `codes`, `dimensions`, `cohorts`, `projects`, `coders`: ids or names; see store.Chosen.

    Raises SettingsError for an unknown format or language, StoreError for an unknown choice, a missing or outdated
    database, or a file that cannot be written (one that was there is unchanged then).
    """
    from strategy_miner.report.tables import nothing_found, quote_notes
    from strategy_miner.store import Chosen, quote_list, write_xlsx

    path, kind = Path(target), _format(Path(target), None)
    wording = _wording(corpus, lang)
    database, choice = results_file(corpus), Chosen(**chosen)
    table = quote_list(database, choice, lang)
    if kind != "xlsx":
        return _write(database, table, path, kind, wording)
    named = {"code": choice.codes, "dimension": choice.dimensions, "cohort": choice.cohorts,
             "project": choice.projects, "coder": choice.coders}  # fmt: skip
    notes = quote_notes(database, lang or "de", list(named.items()))
    rows = write_xlsx(database, [table], path, notes, wording)[table.name]
    if not rows:
        write_xlsx(database, [table], path, [nothing_found(database, lang or "de"), *notes], wording)
    return rows


def export_tables(
    target: str | Path, corpus: str | None = None, lang: str = "de", format: str | None = None,
    names: Sequence[str] = (), every: bool = False,
) -> dict[str, int]:  # fmt: skip
    """Write the tables of the report; returns the number of rows by table.

    Args:
        target: an XLSX file with one sheet per table, or a folder with one file per table.
        corpus: its name, by default the first of params.yaml.
        lang: as for `export_quotes`.
        format: csv (the default in a folder) or parquet.
        names: only these tables or views of the database.
        every: all tables and views of the database.

    Tables without rows are left out, unless `names` asks for them.

    Raises as `export_quotes`, and StoreError for a table that is not there.
    """
    from strategy_miner.report.tables import empty_note, table_notes
    from strategy_miner.store import chosen_tables, every_table, exported_tables, with_rows, write_xlsx
    from strategy_miner.store.tables import with_names

    path = Path(target)
    kind = _format(path, format) if path.suffix or format else "csv"
    ending = path.suffix.lower()
    if (kind == "xlsx" and ending != ".xlsx") or (ending in (".csv", ".parquet") and not path.is_dir()):
        remedy = "Name an .xlsx file, or a folder for one file per table, with --format csv or parquet."
        raise SettingsError("several tables do not fit into it", str(path), remedy)
    wording, database = _wording(corpus, lang), results_file(corpus)
    if names:
        tables = asked = chosen_tables(database, names)
    else:
        asked = (every_table if every else exported_tables)(database)
        tables = with_rows(database, asked)
    if kind != "parquet":
        tables = with_names(database, tables, lang)
    if kind == "xlsx":
        empty = empty_note(lang or "de", [table for table in asked if table.name not in {t.name for t in tables}])
        return write_xlsx(database, tables, path, table_notes(database, lang or "de") + empty, wording)
    return {table.name: _write(database, table, path / f"{table.name}.{kind}", kind, wording) for table in tables}


def _write(database: Path, table: Table, path: Path, kind: str, wording: Wording) -> int:
    from strategy_miner.store import write_csv, write_parquet

    return write_parquet(database, table, path) if kind == "parquet" else write_csv(database, table, path, wording)


def _wording(corpus: str | None, lang: str) -> Wording:
    from strategy_miner.report.tables import wording_of

    if lang not in LANGUAGES:
        raise SettingsError(f"unknown language {lang!r}", "--lang", "Use de or en.")
    return wording_of(results_file(corpus), lang)


def _format(path: Path, format: str | None) -> str:
    kind = format or path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        what = f"unknown format {kind!r}" if kind else "no format"
        raise SettingsError(what, str(path), f"Let the name end with one of {', '.join(FORMATS)}.")
    return kind
