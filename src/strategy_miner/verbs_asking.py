"""The verbs query, questions and search: ask the result database of a corpus.

from strategy_miner import query, search
columns, rows = query("quotes", corpus="demo", code="energie")
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategy_miner.errors import SettingsError, StoreError
from strategy_miner.verbs import project_encoder, project_root, project_settings, results, results_file

if TYPE_CHECKING:
    from strategy_miner.store import Question, Table

WAYS = ("both", "words", "meaning")
FORMATS = ("csv", "json", "parquet", "xlsx")


def query(sql: str, corpus: str | None = None, **parameters: object) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of a SQL statement, of a named question or of a SQL file, read-only.

    `parameters` are those of the question. Raises StoreError if there is no such question, a parameter is missing or
    unknown, the database is missing or of another schema version, or the statement fails: with the place in it.
    """
    return ask(asked_for(sql, corpus, parameters), corpus)


def questions(corpus: str | None = None) -> list[Question]:
    """The named questions: ours, and the SQL files in corpus/<name>/questions/."""
    from strategy_miner.store import questions as all_of

    name = corpus or next(iter(project_settings().corpora))
    return list(all_of(sorted((project_root() / "corpus" / name / "questions").glob("*.sql"))).values())


def search(
    words: str, corpus: str | None = None, by: str = "both", limit: int = 20, cohort: str | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Passages with the words in any inflection and inside compounds, or near in meaning, best first.

    `by`: words, meaning, or both. Raises SettingsError for another way, ModelError if the encoder is missing,
    StoreError as `query`, and if the database was made with another encoder.
    """
    return ask(searched_for(words, corpus, by, limit, cohort), corpus)


def ask(table: Table, corpus: str | None) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of what was asked for. Raises StoreError as `query`."""
    from strategy_miner.store import query as run

    with results(corpus):  # a database of another version is told before its tables are missed
        pass
    columns, rows = run(results_file(corpus), table.sql, table.parameters)
    if not columns:
        raise StoreError("gives no result", table.sql.strip() or "the statement is empty", "Write a SELECT statement.")
    return columns, rows


def write(table: Table, target: Path, corpus: str | None) -> int:
    """Write what was asked for to a file, by its ending: .csv, .json, .parquet or .xlsx; the number of rows.

    Raises StoreError as `query`, and if the file cannot be written.
    """
    from strategy_miner.store import write_csv, write_json, write_parquet, write_xlsx

    kind = target.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise SettingsError(f"unknown format {kind!r}", str(target), f"Let the name end with .{', .'.join(FORMATS)}.")
    with results(corpus):
        pass
    database = results_file(corpus)
    if kind == "xlsx":
        return write_xlsx(database, [table], target, [("SQL", table.sql)])[table.name]
    return {"csv": write_csv, "json": write_json, "parquet": write_parquet}[kind](database, table, target)


def asked_for(sql: str, corpus: str | None, parameters: dict[str, object]) -> Table:
    """What a statement, the name of a question or of a SQL file stands for. Raises StoreError as `query`."""
    from strategy_miner.store import Table, read_question, unknown_question

    text = sql.strip()
    if text.endswith(".sql"):
        question: Question | None = read_question(Path(text))
    elif re.fullmatch(r"[\w-]+", text):
        known = {question.name: question for question in questions(corpus)}
        question = known.get(text.replace("-", "_"))
        if question is None:
            raise unknown_question(text, list(known))
    else:
        question = None
    if question is None:
        return Table("answer", sql, parameters)
    bound = question.bound(parameters)
    for name, what in question.parameters.items():
        if "known" in what and name in parameters:
            _demand_known(name, str(bound[name]), what["known"], f"question {question.name}", corpus)
    return Table(question.name[:31], question.sql, bound)


def _demand_known(what: str, value: str, sql: str, place: str, corpus: str | None) -> None:
    """Raise StoreError if a value is none of those that `sql` gives: an empty answer would read as a finding."""
    from strategy_miner.store.quote_list import known_ids

    with results(corpus):  # a database of another version is told before its tables are missed
        pass
    known_ids(results_file(corpus), what, [value], sql, place)


def searched_for(words: str, corpus: str | None, by: str, limit: int, cohort: str | None) -> Table:
    """What `search` asks for."""
    from strategy_miner.store import search_table
    from strategy_miner.store.quote_list import COHORTS

    if by not in WAYS:
        raise SettingsError(f"unknown way {by!r}", "--by", f"Use {', '.join(WAYS)}.")
    if not words.strip():
        raise SettingsError("nothing is sought", "search", "Give words or a sentence.")
    if cohort is not None:
        _demand_known("cohort", cohort, COHORTS, "--cohort", corpus)
    vector = None
    if by != "words":
        with results(corpus) as connection:
            row = connection.execute("SELECT len(vector::FLOAT[]) FROM vectors LIMIT 1").fetchone()
        if row:
            vector = [float(x) for x in project_encoder().encode([words])[0]]
            if len(vector) != row[0]:
                what = f"the encoder gives vectors of {len(vector)} numbers, the database holds such of {row[0]}"
                raise StoreError(what, str(results_file(corpus)), "Run `dvc repro`, or search --by words.")
    return search_table("" if by == "meaning" else words, vector, limit, cohort)
