"""What the page reads of repeated passages, of call texts and of clusters without a code; see content.py."""

# As in content.py, what gold corrects has a name of its own.
_KINDS = "SELECT * REPLACE (estimand || CASE label WHEN 'corrected' THEN '_corrected' ELSE '' END AS estimand)"
TABLES = {
    "repetition": "FROM repetition ORDER BY kind, cohort",
    "confounder_contrasts": f"{_KINDS} FROM confounder_contrasts WHERE code = '' ORDER BY estimand, version",
    "confounder_values": f"{_KINDS} FROM confounders WHERE code = '' ORDER BY estimand, version, cohort",
    "moved_codes": """
        SELECT c.*, a.difference AS whole, k.name_de, k.name_en, k.id FROM confounder_contrasts AS c
        JOIN confounder_contrasts AS a ON a.estimand = c.estimand AND a.code = c.code AND a.version = 'all'
        JOIN codes AS k ON k.dimension = 'field' AND k.id = c.code
        WHERE c.estimand = 'H4' AND c.version <> 'all' AND c.moved IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY c.version ORDER BY abs(c.moved) DESC, c.code) <= 5
        ORDER BY c.version, abs(c.moved) DESC, c.code""",
    "copied": """
        SELECT r.segment_id, r.group_id, r.projects, r.boilerplate, p.project_id, p.name AS project, p.cohort, s.page,
            coalesce(s.heading_path[-1], '') AS heading, s.text, r.similarity
        FROM repeated AS r JOIN segments AS s ON s.id = r.segment_id
        JOIN project_documents AS pd ON pd.document_id = r.document_id JOIN projects AS p USING (project_id)
        WHERE r.group_id <= 10
        ORDER BY r.group_id, r.similarity DESC, p.cohort_order NULLS LAST, p.project_id, r.segment_id""",
    "echoes": """
        SELECT e.segment_id, e.file AS call, e.share, e.words, p.project_id, p.name AS project, p.cohort, s.page,
            coalesce(s.heading_path[-1], '') AS heading, s.text
        FROM echoes AS e JOIN segments AS s ON s.id = e.segment_id
        JOIN project_documents AS pd ON pd.document_id = e.document_id JOIN projects AS p USING (project_id)
        ORDER BY e.share DESC, e.words DESC, e.segment_id, p.project_id LIMIT 10""",
    "calls": "SELECT file, cohort FROM calls ORDER BY file",
    "call_vocabulary": "FROM call_vocabulary ORDER BY cohort",
    "word_versions": "FROM typical_word_versions ORDER BY version, cohort, rank",
    "radar_search": "FROM radar_search",
    "radar_clusters": "FROM radar_clusters ORDER BY cluster_id",
    "radar_cohorts": "FROM radar_cohorts ORDER BY cluster_id, cohort",
    "radar_passages": "FROM radar_passages ORDER BY cluster_id, rank",
}
