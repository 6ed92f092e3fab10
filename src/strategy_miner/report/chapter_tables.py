"""What the page reads for its chapters on the further dimensions, measures, cohorts and projects; see content.py."""

TABLES = {
    "dimensions": "SELECT dimension FROM codes WHERE dimension <> 'field' GROUP BY dimension ORDER BY min(rowid)",
    "all_codes": "FROM codes",
    "measure_counts": "FROM measure_counts ORDER BY subject, measures DESC, value, cohort",
    "measure_costs": "FROM measure_costs ORDER BY cohort",
    "typical_codes": """
        SELECT t.*, k.name_de, k.name_en, k.id FROM typical_codes AS t
        JOIN codes AS k ON k.dimension = t.dimension AND k.id = t.code
        QUALIFY row_number() OVER (
            PARTITION BY t.cohort, t.basis, t.dimension = 'field' ORDER BY t.strength DESC, t.dimension, t.code
        ) <= 6
        ORDER BY t.cohort, t.basis, t.strength DESC, t.dimension, t.code""",
    "neighbours": "FROM neighbours ORDER BY project_id, rank",
    "profile_values": "FROM project_values WHERE estimand IN ('H1', 'H3') AND code = '' ORDER BY project_id, estimand",
    "profile_codes": """
        SELECT c.*, p.name AS project, p.cohort, s.page, coalesce(s.heading_path[-1], '') AS heading, s.text,
            s.document_id, (SELECT max(g.p) FROM codings AS g
                WHERE g.unit_id = s.id AND g.dimension = 'field' AND g.code = c.code) AS p
        FROM profile_codes AS c JOIN projects AS p USING (project_id) JOIN segments AS s ON s.id = c.segment_id
        WHERE c.rank <= 5 AND c.count > 0 ORDER BY c.project_id, c.rank""",
    "profile_less": """
        FROM profile_codes WHERE others_share > share
        QUALIFY row_number() OVER (PARTITION BY project_id ORDER BY others_share - share DESC, code) <= 3
        ORDER BY project_id, others_share - share DESC, code""",
    "profile_gaps": "SELECT rank, kind, project_id, code, count, total, usual, n_compared FROM gaps ORDER BY rank",
    "profile_measures": """
        SELECT pd.project_id, m.id, m.title, m.page, m.status, m.cost FROM measures AS m
        JOIN documents AS d ON d.document_id = m.document_id AND d.status = 'read'
        JOIN project_documents AS pd ON pd.document_id = m.document_id
        ORDER BY pd.project_id, m.document_id, m.page, m.rowid""",
}
