"""Writes the part of docs/data.md that describes tables and views: `python -m tests.data_doc`.

Names, types and meanings come from the database, that is from the .sql files; the examples stand here.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from strategy_miner.analysis import analyse
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import connect, write_coded
from tests.store_corpus import TECHNOLOGY, CorpusFolder, SmallCodebook

DOC = Path(__file__).resolve().parents[1] / "docs" / "data.md"
MARK = (
    "<!-- From here on written by `python -m tests.data_doc`; the meanings stand in src/strategy_miner/store/*.sql. -->"
)

CODED = {
    "projects": "SELECT cohort, municipality_type, count(*) AS n FROM projects GROUP BY ALL ORDER BY ALL",
    "corpus_info": "SELECT value FROM corpus_info WHERE key = 'title_de'",
    "project_facts": "SELECT value, count(*) AS projects FROM project_facts WHERE fact = 'published_year' "
    "GROUP BY ALL ORDER BY ALL",
    "published_figures": "SELECT quantity, value, denominator FROM published_figures WHERE kind = 'from_text'",
    "documents": "SELECT file, status, pages FROM documents ORDER BY status, file",
    "project_documents": "SELECT name, file FROM project_documents JOIN projects USING (project_id) "
    "JOIN documents USING (document_id) ORDER BY ALL",
    "pages": "SELECT document_id, page, reason FROM pages WHERE grade <> 'read' ORDER BY ALL",
    "blocks": 'SELECT page, kind, level, text FROM blocks WHERE page = 1 ORDER BY document_id, "order"',
    "words": "SELECT w.text, w.page, w.x0, w.top FROM segments AS s JOIN words AS w "
    "ON w.document_id = s.document_id AND list_contains(s.words, w.n) ORDER BY s.id, w.n LIMIT 20",
    "segments": "SELECT page, text FROM segments WHERE text ILIKE '%wärme%' ORDER BY document_id, \"order\"",
    "vectors": "SELECT s.text, array_cosine_similarity(v.vector, w.vector) AS cosine FROM vectors AS v "
    "JOIN segments AS s ON s.id = v.segment_id, (SELECT vector FROM vectors ORDER BY segment_id LIMIT 1) AS w "
    "ORDER BY cosine DESC LIMIT 10",
    "lemmas": "SELECT word, count(*) AS n FROM (SELECT unnest(lemmas) AS word, unnest(tags) AS tag FROM lemmas) "
    "WHERE tag = 'NOUN' GROUP BY word ORDER BY n DESC, word LIMIT 20",
    "codes": "SELECT id, name_de FROM codes WHERE kind = 'integrated' ORDER BY id",
    "codings": "SELECT dimension, code, count(*) AS segments FROM codings GROUP BY ALL ORDER BY segments DESC, code",
    "scores": "SELECT s.text, round(p[1], 2) AS p FROM scores JOIN segments AS s ON s.id = segment_id "
    "WHERE coder = 'codebook' ORDER BY p DESC, s.id LIMIT 10",
    "thresholds": "FROM thresholds ORDER BY coder",
    "gold_sample": "SELECT stratum, count(*) AS labels, round(sum(stratum_size / stratum_drawn)) AS stand_for "
    "FROM gold_sample WHERE segment_id IS NOT NULL GROUP BY ALL ORDER BY ALL",
    "gold_labels": "SELECT s.text, g.codes FROM gold_labels AS g JOIN segments AS s ON s.id = g.segment_id "
    "WHERE g.coder = 'consensus' ORDER BY s.id",
    "gold_notes": "SELECT kind, file, n, message FROM gold_notes ORDER BY ALL",
    "declared_fields": "SELECT origin, orientation, count(*) AS fields FROM declared_fields GROUP BY ALL ORDER BY ALL",
    "measures": "SELECT title, responsible, period, cost, cost_euro_low FROM measures "
    "WHERE list_contains(codes, 'energie') ORDER BY ALL",
    "calls": "SELECT file, cohort, length(text) AS letters FROM calls ORDER BY file",
    "second_readings": "SELECT project_id, field_name, coder, orientation FROM second_readings",
    "failures": "SELECT file, stage, message FROM failures ORDER BY ALL",
    "runs": "SELECT value FROM runs WHERE key = 'schema_version'",
    "declared": "SELECT cohort, field_name FROM declared WHERE orientation = 'integrated' ORDER BY ALL",
    "quote_list": "SELECT text, project, cohort, page, code FROM quote_list WHERE code = 'energie' ORDER BY p DESC",
    "declared_by_cohort": "SELECT cohort, projects, fields, integrated FROM declared_by_cohort",
    "measures_by_cohort": "SELECT cohort, quick_win, implementation, begun FROM measures_by_cohort",
    "technologies_by_cohort": "FROM technologies_by_cohort WHERE technology = 'dashboard'",
    "passages": "SELECT project, cohort, page, heading, text FROM passages WHERE project_id = 'adorf' ORDER BY page",
    "search_segments": "SELECT avg(terms) AS mean_length FROM search_segments",
    "search_vocabulary": "SELECT term, segments, parts FROM search_vocabulary ORDER BY segments DESC, term LIMIT 20",
    "search_index": "SELECT n, score FROM search_index WHERE term = german_stem('Wärme') ORDER BY score DESC, n",
    "search_ignored": "SELECT count(*) AS words FROM search_ignored",
}
RESULTS = {
    "coverage": "SELECT cohort, projects, projects_with_document, documents_failed FROM coverage",
    "project_values": "SELECT project_id, cohort, value FROM project_values WHERE estimand = 'H1' ORDER BY value",
    "estimates": "SELECT cohort, n_projects, value, low, high, label FROM estimates "
    "WHERE estimand = 'H1' AND interval = 'process'",
    "tests": "SELECT test, n_projects, p FROM tests WHERE estimand = 'H2' AND code = 'ecology'",
    "effects": "SELECT effect, n_first, n_last, value, standard_error FROM effects WHERE estimand = 'H1'",
    "name_bands": "SELECT cohort, names, names_machine, count, count_low, count_high FROM name_bands",
    "deciders": "SELECT question, cohort, n_projects, value, low, high, verdict FROM deciders WHERE estimand = 'H1'",
    "bounds": "SELECT cohort, n_missing, low, high FROM bounds WHERE estimand = 'H1'",
    "group_columns": "FROM group_columns",
    "project_groups": "SELECT group_name, count(*) AS projects, avg(value) AS mean FROM project_groups "
    "JOIN project_values USING (project_id) WHERE estimand = 'H1' AND column_name = 'municipality_type' GROUP BY ALL",
    "group_estimates": "SELECT group_name, n_projects, value, low, high FROM group_estimates "
    "WHERE column_name = 'municipality_type' AND estimand = 'H1' ORDER BY place",
    "group_contrasts": "SELECT estimand, code, test, n_projects, p, p_adjusted FROM group_contrasts ORDER BY p",
    "stratified_trend": "SELECT estimand, within, n_projects, n_movable, p, p_within FROM stratified_trend",
    "contrast_bounds": "SELECT estimand, n_projects, n_missing, difference, low, high FROM contrast_bounds",
    "missing_projects": "SELECT what, cohort, count(*) AS projects FROM missing_projects GROUP BY ALL ORDER BY ALL",
    "published": "SELECT id, published, denominator, computed, computed_denominator, n, result, reason FROM published",
    "contrasts": "SELECT n_projects, difference, low, high, p, verdict, reason FROM contrasts WHERE estimand = 'H1'",
    "corrections": "SELECT cohort, n_projects, n_labels, n_integrated, tau FROM corrections",
    "corrected_projects": "SELECT project_id, cohort, n_labels, value FROM corrected_projects ORDER BY value",
    "drift": "SELECT cohort, n_labels, rectifier, low, high, unalike FROM drift "
    "WHERE scores = 'codebook' AND figure = 'integrated' AND raw_from = 'codes'",
    "coder_band": "SELECT quantity, cohort, disputed, value, low, high FROM coder_band",
    "gold_codes": "SELECT code, positives, precision, recall FROM gold_codes ORDER BY positives DESC, code",
    "coder_agreement": "SELECT what, units, alpha, low, gate FROM coder_agreement",
    "measure_counts": """SELECT cohort, measures, n_measures, projects, n_projects FROM measure_counts
        WHERE subject = 'status' AND value = 'quick_win'""",
    "measure_costs": "SELECT cohort, in_euro, n_measures, median, low, high FROM measure_costs",
    "profile_codes": "SELECT code, share, others_share FROM profile_codes WHERE project_id = 'adorf' AND rank <= 5",
    "neighbours": "SELECT neighbour_id, similarity, stability, resamples FROM neighbours WHERE project_id = 'adorf'",
    "typical_codes": """SELECT code, projects_with, n_projects, value, others_value FROM typical_codes
        WHERE cohort = '1' AND basis = 'text'""",
    "exploratory": "SELECT code, cohort, n_projects, value, low, high FROM exploratory WHERE dimension = 'technology'",
    "quotes": "SELECT rank, text, project, page FROM quotes WHERE dimension = 'field' AND code = 'energie' "
    "ORDER BY rank",
    "typical_words": "SELECT cohort, word, documents FROM typical_words WHERE rank <= 5 ORDER BY cohort, rank",
    "robustness": "SELECT cell, n_projects, difference, low, high, p, verdict, holds FROM robustness "
    "WHERE estimand = 'H1' ORDER BY difference",
    "robustness_cohorts": "SELECT cohort, n_projects, value FROM robustness_cohorts "
    "WHERE cell = 'H1/found/all/counted/orientation/pooled'",
    "robustness_summary": "SELECT estimand, dimension, value, n_holds, n_cells, median_difference "
    "FROM robustness_summary ORDER BY ALL",
    "robustness_codes": "SELECT cohort, weighting, n_projects, value FROM robustness_codes "
    "WHERE code = 'energie' ORDER BY ALL",
    "repeated": "SELECT group_id, projects, similarity, page, text FROM repeated JOIN segments ON id = segment_id "
    "WHERE boilerplate ORDER BY group_id, similarity DESC",
    "echoes": "SELECT file, share, e.words, text FROM echoes AS e JOIN segments ON id = segment_id ORDER BY share DESC",
    "repetition": "SELECT cohort, n_projects, n_segments, count, value FROM repetition WHERE kind = 'boilerplate'",
    "confounders": "SELECT version, cohort, n_projects, value, moved FROM confounders WHERE estimand = 'H3'",
    "confounder_contrasts": "SELECT version, left_out, difference, moved FROM confounder_contrasts "
    "WHERE estimand = 'H3'",
    "typical_word_versions": "SELECT word, in_call FROM typical_word_versions WHERE version = 'no_copies' "
    "ORDER BY cohort, rank",
    "radar_search": "SELECT candidates, searched, projects_discover, projects_measure, kept FROM radar_search",
    "radar_clusters": "SELECT cluster_id, words[:5], runs, projects, lift FROM radar_clusters ORDER BY cluster_id",
    "radar_cohorts": "SELECT cluster_id, cohort, projects_with, n_projects FROM radar_cohorts ORDER BY ALL",
    "radar_passages": "SELECT project, page, text FROM radar_passages WHERE cluster_id = 1 ORDER BY rank",
    "call_vocabulary": "SELECT cohort, words_in_call, words, fields_in_call, fields FROM call_vocabulary",
    "mixing_variants": "SELECT variant, n_projects, value, rho_length FROM mixing_variants WHERE cohort = ''",
    "indicator_correlations": "SELECT one, other, scope, n_projects, rho, low, high FROM indicator_correlations "
    "WHERE scope <> 'cohort'",
    "emphasis": "SELECT code, fields, declared, segments, written, measures, planned FROM emphasis "
    "WHERE project_id = 'adorf' AND written > 0",
    "gaps": "SELECT rank, kind, project_id, code, count, total, usual, ratio FROM gaps ORDER BY rank LIMIT 20",
    "gap_counts": "SELECT kind, code, n_projects, count, without FROM gap_counts WHERE cohort = '' ORDER BY count DESC",
    "codes_by_cohort": "SELECT code_name, n_projects, projects, share FROM codes_by_cohort WHERE cohort = ''",
    "topic_shift": "SELECT what, cohort, n_projects, value, low, high, difference, p, verdict FROM topic_shift "
    "WHERE estimand = 'H1'",
    "ecology_by_cohort": "FROM ecology_by_cohort",
    "sustainability_by_project": "SELECT cohort, count(*) AS n_projects, count(*) FILTER (all_three) AS all_three "
    "FROM sustainability_by_project GROUP BY ALL ORDER BY cohort",
    "measures_by_topic": "SELECT code, n_measures, measures, share FROM measures_by_topic "
    "WHERE technology = 'dashboard' AND cohort = ''",
    "technologies_in_text": "SELECT code_name, cohort, n_projects, projects FROM technologies_in_text",
    "sustainability_by_cohort": "SELECT code_name, cohort, projects, share FROM sustainability_by_cohort",
    "participation_by_cohort": "SELECT code_name, cohort, projects, share FROM participation_by_cohort",
    "actors_by_cohort": "SELECT code_name, cohort, projects, share FROM actors_by_cohort",
    "organisation_by_cohort": "SELECT code_name, cohort, projects, share FROM organisation_by_cohort",
    "programme_goals_by_cohort": "SELECT code_name, cohort, projects, share FROM programme_goals_by_cohort",
    "transfer_by_cohort": "SELECT code_name, cohort, projects, share FROM transfer_by_cohort",
    "facts_and_topics": "SELECT fact_value, count(*) AS n_projects, avg(value) AS mean FROM facts_and_topics "
    "WHERE fact = 'municipality_type' AND estimand = 'H1' GROUP BY ALL ORDER BY ALL",
    "planted": "SELECT quantity, cohort, planted, found FROM planted ORDER BY ALL",
}
EXAMPLES = CODED | RESULTS
MACROS = {
    "quotes": "SELECT text, project, cohort, page, code FROM quotes('energie', staffel := '1') LIMIT 10",
    "share": "SELECT cohort, n_projects, projects, share, low, high FROM share('energie')",
    "shift": "SELECT estimand, difference, low, high, measurement_low, measurement_high, p, verdict FROM shift()",
    "search": "SELECT score, project, cohort, page, text FROM search('Planung der Wärme') LIMIT 20",
    "similar": "SELECT score, project, page, text FROM similar((SELECT min(segment_id) FROM vectors)) LIMIT 20",
    "search_terms": "FROM search_terms('Wissen und Wärme') ORDER BY weight DESC, term",
    "german_stem": "SELECT german_stem('Speicherbehältern') AS stem",
}


COPIED = "Alle Ergebnisse stehen unter einer offenen Lizenz und können von anderen Kommunen genutzt werden."


def small_database(root: Path) -> Path:
    """A strategy.duckdb with all tables and views."""
    corpus = CorpusFolder(root)
    words = [[("Wärme", "NOUN"), ("und", "CCONJ"), ("Wissen", "NOUN")], [("noch", "ADV"), ("Satz", "NOUN")]]
    for project, cohort, code in (("adorf", "1", "energie"), ("bedorf", "2", "bildung"), ("cedorf", "3", "stadtland")):
        corpus.project(project, cohort, f"{project}.pdf", municipality_type=f"Stadt {cohort}")
        corpus.text(
            corpus.pdf(f"{project}.pdf"),
            [("Wärme und Wissen", {code: 0.9}), ("Noch ein Satz", {"technology/sensors": 0.75}), (COPIED, {})],
        )
        corpus.tags(corpus.pdf(f"{project}.pdf"), words)
        corpus.measure(corpus.pdf(f"{project}.pdf"), "Neue Leuchten")
        corpus.fields(corpus.pdf(f"{project}.pdf"), [("Miteinander", "integrated", False), ("Strom", "sectoral", True)])
    said = {"AB": ["energie"], "CD": ["energie", "bildung"], "consensus": ["energie"]}
    corpus.gold([(corpus.pdf(f"{project}.pdf"), 0, "coded", 1, 1, said) for project in ("adorf", "bedorf", "cedorf")])
    corpus.call("1_aufruf.txt", f"Gesucht werden Kommunen. {COPIED}")
    by = ("municipality_type", "published_year")
    settings = AnalyseSettings(margin=0.1, permutations=99, by=by, within=by[:1])
    coded, target = root / "coded.duckdb", root / "strategy.duckdb"
    write_coded(corpus.load(), [SmallCodebook(), TECHNOLOGY], corpus.build, coded, {})  # type: ignore[arg-type]
    analyse(coded, target, settings, 1)
    return target


def described(database: Path) -> str:
    """The tables and views of a database as Markdown."""
    lines = [MARK, ""]
    with connect(database) as connection:
        for title, names in (("coded.duckdb and strategy.duckdb", CODED), ("strategy.duckdb only", RESULTS)):
            lines += [f"## Tables and views: {title}", ""]
            for name, example in names.items():
                comment = connection.execute(_COMMENT, [name, name]).fetchall()[0][0]
                columns = connection.execute(_COLUMNS, [name]).fetchall()
                lines += [f"### {name}", "", comment, "", "| column | type | meaning |", "|---|---|---|"]
                lines += [f"| {column} | {kind} | {meaning} |" for column, kind, meaning in columns]
                lines += ["", "```sql", example, "```", ""]
        lines += _macros(connection)
    return "\n".join(lines)


def _macros(connection: Any) -> list[str]:
    """The macros of a database as lines of Markdown."""
    lines = ["## Macros", "", "Those that give a table stand after FROM.", ""]
    for name, example in MACROS.items():
        parameters, comment = connection.execute(_MACRO, [name]).fetchall()[0]
        lines += [f"### {name}({', '.join(parameters)})", "", comment, "", "```sql", example, "```", ""]
    return lines


_MACRO = "SELECT parameters, comment FROM duckdb_functions() WHERE function_name = ? AND NOT internal"
_COMMENT = """
    SELECT comment FROM duckdb_tables() WHERE table_name = ?
    UNION ALL SELECT comment FROM duckdb_views() WHERE view_name = ?"""
_COLUMNS = """
    SELECT column_name, replace(data_type, '"', ''), comment FROM duckdb_columns()
    WHERE table_name = ? ORDER BY column_index"""


def main() -> None:
    by_hand = DOC.read_text(encoding="utf-8").split(MARK)[0]
    with tempfile.TemporaryDirectory() as folder:
        DOC.write_text(by_hand + described(small_database(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
