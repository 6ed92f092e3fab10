"""The result database: write it, query it, export it.

write_coded(corpus, codebooks, build, target, provenance)   # all records of a corpus -> coded.duckdb
query(path, "SELECT name FROM projects")                # (columns, rows), read-only
write_csv(path, "FROM quotes", Path("quotes.csv"))      # also write_xlsx, write_parquet
"""

from typing import TYPE_CHECKING

from strategy_miner.store.database import connect, insert, query, writing
from strategy_miner.store.exports import Table, as_objects, write_csv, write_json, write_parquet, write_xlsx
from strategy_miner.store.load import write_coded
from strategy_miner.store.provenance import provenance
from strategy_miner.store.questions import Question, questions, read_question, unknown_question
from strategy_miner.store.quote_list import Chosen, quote_list
from strategy_miner.store.schema import (
    RESULTS,
    SCHEMA_VERSION,
    create_tables,
    demand_schema,
)
from strategy_miner.store.search import search_table
from strategy_miner.store.shown import shown_passages
from strategy_miner.store.tables import chosen_tables, every_table, exported_tables, with_rows
from strategy_miner.store.wording import Wording

if TYPE_CHECKING:
    from strategy_miner.store.database import Connection as Connection

__all__ = [
    "RESULTS", "SCHEMA_VERSION", "Chosen", "Question", "Table", "Wording", "as_objects", "chosen_tables", "connect",
    "create_tables", "demand_schema", "every_table", "exported_tables", "insert", "provenance", "query", "questions",
    "quote_list", "read_question", "search_table", "shown_passages", "unknown_question", "with_rows", "write_coded",
    "write_csv", "write_json", "write_parquet", "write_xlsx", "writing",
]  # fmt: skip
