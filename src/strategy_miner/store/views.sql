-- Views over coded.duckdb that the analysis, the report and people share.

CREATE VIEW declared AS
WITH ranked AS (
    SELECT
        f.*,
        f.rowid AS place,
        row_number() OVER (
            PARTITION BY project_id, lower(trim(field_name)) ORDER BY origin = 'person' DESC, f.rowid
        ) AS repetition
    FROM declared_fields AS f
    WHERE counts
)
SELECT
    r.project_id, p.cohort, r.id, r.document_id, r.field_name, r.page, r.level, r.codes, r.orientation, r.ecology,
    r.evidence, r.origin, r.source, r.oriented_by, r.ecology_by
FROM ranked AS r
JOIN projects AS p USING (project_id)
WHERE r.repetition = 1
ORDER BY p.cohort_order NULLS LAST, r.project_id, r.place;

COMMENT ON VIEW declared IS 'The declared fields that count: per project those of its text, else those of public pages, each as people corrected it in declared_fields.csv, a repeated name once. Unit: declared field. Key: project_id, id.';
COMMENT ON COLUMN declared.project_id IS 'see projects';
COMMENT ON COLUMN declared.cohort IS 'cohort of the project; NULL outside the cohorts';
COMMENT ON COLUMN declared.id IS 'see declared_fields';
COMMENT ON COLUMN declared.document_id IS 'see documents; empty for names from outside the PDFs';
COMMENT ON COLUMN declared.field_name IS 'the name as written';
COMMENT ON COLUMN declared.page IS 'page of the name, if it was read from a PDF';
COMMENT ON COLUMN declared.level IS 'level of its heading, if it was one';
COMMENT ON COLUMN declared.codes IS 'codes of the dimension field';
COMMENT ON COLUMN declared.orientation IS 'sectoral, integrated or unclear';
COMMENT ON COLUMN declared.ecology IS 'whether it names energy, environment, climate or sustainable mobility';
COMMENT ON COLUMN declared.evidence IS 'what spoke for it';
COMMENT ON COLUMN declared.origin IS 'person, text or web';
COMMENT ON COLUMN declared.source IS 'where the origin says so';
COMMENT ON COLUMN declared.oriented_by IS 'person or machine: who set the orientation';
COMMENT ON COLUMN declared.ecology_by IS 'person or machine: who set ecology';

CREATE VIEW quote_list AS
SELECT
    c.dimension, c.code, k.name_de AS code_name, p.name AS project, p.cohort, d.file, s.page, c.p,
    coalesce(s.heading_path[-1], '') AS heading, s.text, c.coder, c.unit_id AS segment_id, c.document_id, p.project_id
FROM codings AS c
JOIN segments AS s ON s.id = c.unit_id
JOIN documents AS d ON d.document_id = c.document_id
JOIN project_documents AS pd ON pd.document_id = c.document_id
JOIN projects AS p ON p.project_id = pd.project_id
LEFT JOIN codes AS k ON k.dimension = c.dimension AND k.id = c.code
ORDER BY c.dimension, c.code, c.p DESC, s.id, p.project_id;

COMMENT ON VIEW quote_list IS 'Every coded passage with municipality, cohort, page and code. Unit: coding and project. Key: segment_id, dimension, code, coder, project_id.';
COMMENT ON COLUMN quote_list.dimension IS 'see codes.dimension';
COMMENT ON COLUMN quote_list.code IS 'see codes.id';
COMMENT ON COLUMN quote_list.code_name IS 'German name of the code';
COMMENT ON COLUMN quote_list.project IS 'name of the project';
COMMENT ON COLUMN quote_list.cohort IS 'cohort of the project; NULL outside the cohorts';
COMMENT ON COLUMN quote_list.file IS 'file name of the document';
COMMENT ON COLUMN quote_list.page IS 'first page of the passage';
COMMENT ON COLUMN quote_list.p IS 'the coder''s probability';
COMMENT ON COLUMN quote_list.heading IS 'nearest heading above the passage';
COMMENT ON COLUMN quote_list.text IS 'the passage';
COMMENT ON COLUMN quote_list.coder IS 'person or model id';
COMMENT ON COLUMN quote_list.segment_id IS 'see segments.id';
COMMENT ON COLUMN quote_list.document_id IS 'see documents';
COMMENT ON COLUMN quote_list.project_id IS 'see projects';

CREATE VIEW declared_by_cohort AS
SELECT
    coalesce(cohort, '') AS cohort,
    count(DISTINCT project_id) AS projects,
    count(*) AS fields,
    count(*) FILTER (orientation = 'sectoral') AS sectoral,
    count(*) FILTER (orientation = 'integrated') AS integrated,
    count(*) FILTER (orientation = 'unclear') AS unclear,
    count(*) FILTER (ecology) AS ecology,
    count(*) FILTER (origin = 'person') AS from_person,
    count(*) FILTER (origin = 'text') AS from_text,
    count(*) FILTER (origin = 'web') AS from_web
FROM declared
GROUP BY ALL
ORDER BY cohort;

COMMENT ON VIEW declared_by_cohort IS 'Counts of declared fields per cohort; cohorts without any have no row. Counts of fields, not the estimate H1, which weighs every project the same. Unit: cohort. Key: cohort.';
COMMENT ON COLUMN declared_by_cohort.cohort IS 'cohort; empty for projects outside the cohorts';
COMMENT ON COLUMN declared_by_cohort.projects IS 'projects with at least one declared field';
COMMENT ON COLUMN declared_by_cohort.fields IS 'declared fields';
COMMENT ON COLUMN declared_by_cohort.sectoral IS 'of these, sectoral';
COMMENT ON COLUMN declared_by_cohort.integrated IS 'of these, integrated';
COMMENT ON COLUMN declared_by_cohort.unclear IS 'of these, unclear';
COMMENT ON COLUMN declared_by_cohort.ecology IS 'of these, naming energy, environment, climate or sustainable mobility';
COMMENT ON COLUMN declared_by_cohort.from_person IS 'of these, named by a person';
COMMENT ON COLUMN declared_by_cohort.from_text IS 'of these, read from a PDF';
COMMENT ON COLUMN declared_by_cohort.from_web IS 'of these, from a public web page';

CREATE VIEW measures_by_cohort AS
SELECT
    coalesce(p.cohort, '') AS cohort,
    count(DISTINCT p.project_id) AS projects,
    count(DISTINCT m.id) AS measures,
    count(DISTINCT m.id) FILTER (m.status = 'quick_win') AS quick_win,
    count(DISTINCT m.id) FILTER (m.status = 'implementation') AS implementation,
    count(DISTINCT m.id) FILTER (m.status = 'begun') AS begun,
    count(DISTINCT m.id) FILTER (m.status = 'done') AS done,
    count(DISTINCT m.id) FILTER (m.status = '') AS not_said,
    count(DISTINCT m.id) FILTER (m.form IN ('list', 'section')) AS weak_evidence
FROM measures AS m
JOIN project_documents USING (document_id)
JOIN projects AS p USING (project_id)
GROUP BY ALL
ORDER BY cohort;

COMMENT ON VIEW measures_by_cohort IS 'Counts of measures per cohort by their status; cohorts without any have no row. A measure of a shared document counts once per cohort. Unit: cohort. Key: cohort.';
COMMENT ON COLUMN measures_by_cohort.cohort IS 'cohort; empty for projects outside the cohorts';
COMMENT ON COLUMN measures_by_cohort.projects IS 'projects with at least one measure';
COMMENT ON COLUMN measures_by_cohort.measures IS 'measures';
COMMENT ON COLUMN measures_by_cohort.quick_win IS 'of these, Quick Wins';
COMMENT ON COLUMN measures_by_cohort.implementation IS 'of these, conceived for implementation';
COMMENT ON COLUMN measures_by_cohort.begun IS 'of these, begun and carried on';
COMMENT ON COLUMN measures_by_cohort.done IS 'of these, completed';
COMMENT ON COLUMN measures_by_cohort.not_said IS 'of these, without any statement of status';
COMMENT ON COLUMN measures_by_cohort.weak_evidence IS 'of these, known only from a list or a section without labels';

CREATE VIEW technologies_by_cohort AS
WITH named AS (
    SELECT coalesce(p.cohort, '') AS cohort, m.id, p.project_id, unnest(m.technologies) AS technology
    FROM measures AS m
    JOIN project_documents USING (document_id)
    JOIN projects AS p USING (project_id)
)
SELECT cohort, technology, count(DISTINCT id) AS measures, count(DISTINCT project_id) AS projects
FROM named
GROUP BY ALL
ORDER BY cohort, technology;

COMMENT ON VIEW technologies_by_cohort IS 'Measures that name a technology, per cohort; a measure may name several. Unit: cohort and technology. Key: cohort, technology.';
COMMENT ON COLUMN technologies_by_cohort.cohort IS 'cohort; empty for projects outside the cohorts';
COMMENT ON COLUMN technologies_by_cohort.technology IS 'code of the dimension technology';
COMMENT ON COLUMN technologies_by_cohort.measures IS 'measures that name it';
COMMENT ON COLUMN technologies_by_cohort.projects IS 'projects with such a measure';
