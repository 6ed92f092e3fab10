"""The full-text index of a database: BM25 over German stems and the parts of compounds, as tables that macros ask.

Why not DuckDB's own extension: docs/dependencies.md; how well it finds: docs/quality.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from strategy_miner.store.database import insert
from strategy_miner.store.exports import Table
from strategy_miner.store.schema import create_tables
from strategy_miner.text import FUNCTION_WORDS

if TYPE_CHECKING:
    from strategy_miner.store.database import Connection

_SHORTEST = 6  # letters from which a word is looked at for parts
# What HanTa sets off and is no part of a compound: endings of three letters and more.
_ENDINGS = frozenset(["ern", "ens", "end", "est", "ten", "nen", "innen", "sten", "ung", "eren", "erin"])

# k1 and b are the usual ones; ln(1 + ...) keeps the weight of a frequent term above 0, as Lucene has it.
_INDEX = """
    INSERT INTO search_index
    WITH whole AS (SELECT count(*) AS n, avg(terms) AS terms FROM search_segments)
    SELECT f.term, f.n,
        ln(1 + (w.n - v.segments + 0.5) / (v.segments + 0.5))
        * f.times * 2.2 / (f.times + 1.2 * (0.25 + 0.75 * s.terms / w.terms))
    FROM frequencies AS f
    JOIN search_vocabulary AS v ON v.term = f.term
    JOIN search_segments AS s ON s.n = f.n, whole AS w
    ORDER BY f.term, f.n
"""


def add_search(connection: Connection) -> None:
    """Create the tables, views and macros of search.sql and fill them from the segments."""
    create_tables(connection, "search.sql")
    insert(connection, "search_ignored", [(word,) for word in sorted(FUNCTION_WORDS)])
    connection.execute(
        """CREATE TEMP TABLE numbered AS
        SELECT row_number() OVER (ORDER BY document_id, "order", id) - 1 AS n, id AS segment_id, text FROM segments"""
    )
    connection.execute(
        r"""CREATE TEMP TABLE found AS
        SELECT n, word, count(*) AS times FROM (
            SELECT n, unnest(regexp_extract_all(lower(text), '[\p{L}\p{N}]+')) AS word FROM numbered
        ) WHERE word NOT IN (SELECT word FROM search_ignored) GROUP BY ALL"""
    )
    connection.execute(
        """CREATE TEMP TABLE stems AS
        SELECT word, german_stem(word) AS stem, times
        FROM (SELECT word, sum(times) AS times FROM found GROUP BY word)"""
    )
    _add_parts(connection)
    connection.execute(
        """CREATE TEMP TABLE frequencies AS
        WITH own AS (SELECT n, stem, sum(found.times) AS times FROM found JOIN stems USING (word) GROUP BY ALL)
        SELECT n, term, sum(times)::INTEGER AS times FROM (
            SELECT n, stem AS term, times FROM own
            UNION ALL SELECT n, unnest(parts), times FROM own JOIN parts USING (stem)
        ) GROUP BY ALL"""
    )
    connection.execute(
        """INSERT INTO search_segments
        SELECT n, segment_id, coalesce(terms, 0) FROM numbered
        LEFT JOIN (SELECT n, sum(times) AS terms FROM frequencies GROUP BY n) USING (n) ORDER BY n"""
    )
    connection.execute(
        """INSERT INTO search_vocabulary
        SELECT term, segments, coalesce(parts, [])
        FROM (SELECT term, count(*) AS segments FROM frequencies GROUP BY term)
        LEFT JOIN parts ON stem = term ORDER BY term"""
    )
    connection.execute(_INDEX)
    for table in ("numbered", "found", "stems", "parts", "frequencies"):
        connection.execute(f"DROP TABLE {table}")


def _add_parts(connection: Connection) -> None:
    """Temporary table parts: the stem of every compound and the stems of its parts, those of its commonest word."""
    from strategy_miner.language.compounds import compounds

    split = compounds().parts
    sql = f"""SELECT stem, arg_max(word, (times, word)) FROM stems
        WHERE length(word) >= {_SHORTEST} AND NOT regexp_matches(word, '[0-9]') GROUP BY stem ORDER BY stem"""
    rows = [
        (stem, part)
        for stem, word in connection.execute(sql).fetchall()
        for part in split(word)
        if len(part) > 2 and part != word and part not in _ENDINGS
    ]
    connection.execute("CREATE TEMP TABLE pieces (stem VARCHAR, part VARCHAR)")
    insert(connection, "pieces", rows)
    connection.execute(
        """CREATE TEMP TABLE parts AS
        SELECT stem, list(DISTINCT german_stem(part) ORDER BY german_stem(part)) AS parts FROM pieces
        WHERE german_stem(part) <> stem GROUP BY stem"""
    )
    connection.execute("DROP TABLE pieces")


_FUSED = 60  # Cormack, Clarke and Buettcher 2009, "Reciprocal rank fusion", doi 10.1145/1571941.1572114
_NEAREST = 200  # passages by meaning that are ranked; all have some similarity
_FIND = f"""
    WITH chosen AS (
        SELECT DISTINCT segment_id FROM passages WHERE $cohort::VARCHAR IS NULL OR cohort = $cohort::VARCHAR
    ), words AS (
        SELECT segment_id, max(score) AS score FROM search($words) JOIN chosen USING (segment_id) GROUP BY segment_id
    ), meaning AS (
        SELECT segment_id, round(array_cosine_similarity(vector, $vector::FLOAT[{{length}}])::DOUBLE, 4) AS score
        FROM vectors JOIN chosen USING (segment_id) WHERE $vector IS NOT NULL
        ORDER BY score DESC, segment_id LIMIT {_NEAREST}
    ), ranked AS (
        SELECT segment_id, 'words' AS by, score, row_number() OVER (ORDER BY score DESC, segment_id) AS place FROM words
        UNION ALL
        SELECT segment_id, 'meaning', score, row_number() OVER (ORDER BY score DESC, segment_id) FROM meaning
    )
    SELECT p.project, p.cohort, p.page, p.heading, p.text, p.file,
        max(r.score) FILTER (r.by = 'words') AS words, max(r.score) FILTER (r.by = 'meaning') AS meaning,
        p.segment_id, p.project_id
    FROM ranked AS r JOIN passages AS p USING (segment_id)
    WHERE $cohort::VARCHAR IS NULL OR p.cohort = $cohort::VARCHAR
    GROUP BY ALL ORDER BY sum(1 / ({_FUSED} + r.place)) DESC, p.segment_id, p.project_id LIMIT $limit::INTEGER
"""


def search_table(words: str, vector: Sequence[float] | None, limit: int, cohort: str | None) -> Table:
    """The query for the passages with the words sought, best first; with a vector also those nearest to it in meaning.

    Both lists become one by the sum of 1 / (60 + place). Its columns words (BM25) and meaning (cosine) say why a
    passage was found.
    """
    given = {"words": words, "vector": list(vector) if vector else None, "limit": limit, "cohort": cohort}
    return Table("search", _FIND.format(length=len(vector) if vector else 1), given)
