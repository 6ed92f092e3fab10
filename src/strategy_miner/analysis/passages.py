"""What stands behind the figures: the best passages per code, and the words that are typical of a cohort."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from strategy_miner.analysis.samples import OUTSIDE, Cohorts
from strategy_miner.text import FUNCTION_WORDS

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]

QUOTES_PER_CODE = 10
QUOTES_PER_DOCUMENT = 2
WORDS_PER_COHORT = 20
# Adjectives of degree, order and reference, nouns of time and measure: they say how much and when, not about what.
_MEASURING = """
    ander anderer besonder bestehend bisherig deutlich eigen einzeln entsprechend erheblich erst folgend früh ganz
    genannt gering gesamt gleich groß gut heutig hoch jährlich klein kommend kurz lang laufend letzt möglich neu
    nächst spät stark unterschiedlich vergangen verschieden voll vorhanden weit wesentlich wichtig zusätzlich übrig
    anfang anzahl beginn ende hälfte höhe jahr minute monat stand stunde tag teil woche zahl zeit zeitraum zeitpunkt
    cent euro hektar kilometer meter milliarde million prozent quadratmeter tonne
    januar februar märz april mai juni juli august september oktober november dezember
    montag dienstag mittwoch donnerstag freitag samstag sonntag frühjahr frühling sommer herbst winter
"""
UNSPECIFIC_WORDS = FUNCTION_WORDS | frozenset(_MEASURING.split())
WORD_DOCUMENTS = 3  # a word of fewer projects of the cohort is a habit of theirs, not of the cohort


def quote_rows(connection: Connection) -> list[Row]:
    """Rows of table quotes: per code the passages of highest p, at most two per document, then filled up by p."""
    candidates: dict[tuple[str, str], list[Row]] = {}
    for row in connection.execute(_CANDIDATES, [QUOTES_PER_CODE]).fetchall():
        candidates.setdefault((row[0], row[1]), []).append(row)
    return [row for rows in candidates.values() for row in _diverse(rows)]


# The best per document are enough to choose from. A text that recurs, in one document or in several, counts once.
_CANDIDATES = """
    WITH given AS (SELECT dimension, code, unit_id, max(p) AS p FROM codings GROUP BY dimension, code, unit_id),
    ranked AS (
        SELECT g.dimension, g.code, g.p, s.*,
            row_number() OVER (PARTITION BY g.dimension, g.code, lower(s.text) ORDER BY g.p DESC, s.id) AS repetition
        FROM given AS g JOIN segments AS s ON s.id = g.unit_id
    ),
    best AS (
        SELECT *, row_number() OVER (PARTITION BY dimension, code, document_id ORDER BY p DESC, id) AS place
        FROM ranked WHERE repetition = 1
    ),
    owner AS (
        SELECT pd.document_id, first(p.cohort ORDER BY p.project_id) AS cohort, min(p.project_id) AS project_id,
            string_agg(p.name, ' / ' ORDER BY p.project_id) AS project
        FROM project_documents AS pd JOIN projects AS p USING (project_id) GROUP BY pd.document_id
    )
    SELECT b.dimension, b.code, o.cohort, b.id, b.document_id, o.project_id, o.project, b.page, b.p,
        coalesce(b.heading_path[-1], ''), b.text
    FROM best AS b JOIN owner AS o USING (document_id)
    WHERE b.place <= ?
    ORDER BY b.dimension, b.code, b.p DESC, b.id"""


def _diverse(rows: list[Row]) -> list[Row]:
    taken: Counter[object] = Counter()
    first: list[Row] = []
    later: list[Row] = []
    for row in rows:
        document_id = row[4]
        (first if taken[document_id] < QUOTES_PER_DOCUMENT else later).append(row)
        taken[document_id] += 1
    chosen = [*first, *later][:QUOTES_PER_CODE]
    return [(*row[:3], rank, *row[3:]) for rank, row in enumerate(chosen, start=1)]


def typical_word_rows(connection: Connection, cohorts: Cohorts) -> list[Row]:
    """Rows of table typical_words: weighted log odds ratio of each cohort against the others.

    Words are the base forms of nouns and adjectives: they say what a text is about.
    Counts are scaled so that every project weighs the same, however long its text; the Dirichlet prior has the
    words of an average project in the proportions of all. Ranked by log odds ratio / standard error.
    Source: Monroe, Colaresi, Quinn 2008, Political Analysis 16:372, equations 15 to 22.
    """
    connection.execute(_WORD_COUNTS, [sorted(UNSPECIFIC_WORDS)])
    sizes = dict(connection.execute("SELECT project_id, sum(n)::BIGINT FROM word_counts GROUP BY ALL").fetchall())
    projects = sorted(p for p in sizes if cohorts.number_of[p] != OUTSIDE)
    sql = "SELECT word FROM word_counts GROUP BY word HAVING count(*) >= ? ORDER BY word"
    words = [row[0] for row in connection.execute(sql, [WORD_DOCUMENTS]).fetchall()]
    rates = np.zeros((len(projects), len(words)))
    project_at, word_at = {p: i for i, p in enumerate(projects)}, {w: i for i, w in enumerate(words)}
    for project_id, word, n in connection.execute("FROM word_counts").fetchall():
        if project_id in project_at and word in word_at:
            rates[project_at[project_id], word_at[word]] = n / sizes[project_id]
    connection.execute("DROP TABLE word_counts")
    spoken = np.flatnonzero(rates.sum(axis=0))  # the others are words of projects outside the cohorts
    rates, words = rates[:, spoken], [words[i] for i in spoken]
    number = np.array([cohorts.number_of[p] for p in projects], dtype=np.int64)
    mean_size = float(np.mean([sizes[p] for p in projects])) if projects else 0.0
    return [row for n, name in enumerate(cohorts.names) for row in _typical(name, number == n, rates, mean_size, words)]


_WORD_COUNTS = r"""
    CREATE TEMP TABLE word_counts AS
    SELECT project_id, word, count(*) AS n
    FROM (
        SELECT pd.project_id, unnest(l.lemmas) AS word, unnest(l.tags) AS tag
        FROM lemmas AS l
        JOIN documents AS d ON d.document_id = l.document_id AND d.status = 'read'
        JOIN project_documents AS pd ON pd.document_id = l.document_id
    )
    WHERE tag IN ('NOUN', 'ADJ') AND regexp_full_match(word, '\p{L}[\p{L}-]{3,}')
        AND lower(word) NOT IN (SELECT unnest(?::VARCHAR[]))
    GROUP BY ALL ORDER BY ALL"""


def _typical(name: str, inside: np.ndarray, rates: np.ndarray, mean_size: float, words: list[str]) -> list[Row]:
    if not inside.any() or inside.all():
        return []
    prior = rates.mean(axis=0) * mean_size
    here, there = rates[inside].sum(axis=0) * mean_size, rates[~inside].sum(axis=0) * mean_size
    n_here, n_there = inside.sum() * mean_size, (~inside).sum() * mean_size
    odds_here = (here + prior) / (n_here + mean_size - here - prior)
    odds_there = (there + prior) / (n_there + mean_size - there - prior)
    ratio = np.log(odds_here) - np.log(odds_there)
    strength = ratio / np.sqrt(1 / (here + prior) + 1 / (there + prior))
    documents = (rates[inside] > 0).sum(axis=0)
    order = [i for i in np.lexsort((np.array(words), -strength)) if documents[i] >= WORD_DOCUMENTS and ratio[i] > 0]
    return [
        (name, rank, words[i], int(documents[i]), float(ratio[i]))
        for rank, i in enumerate(order[:WORDS_PER_COHORT], start=1)
    ]
