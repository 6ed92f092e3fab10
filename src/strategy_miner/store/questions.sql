-- Views and macros for the questions that evaluators of a programme ask, over the result tables.

-- Written text by code: how many projects write of it, and the share of text per project. Machine codes, uncorrected. Unit: code and cohort. Key: dimension, code, cohort.
CREATE VIEW codes_by_cohort AS
WITH shares AS (
    SELECT x.dimension, x.code, x.cohort, x.n_projects, x.n_units, x.count, x.value, x.low, x.high FROM exploratory AS x
    UNION ALL
    SELECT 'field', e.code, e.cohort, e.n_projects, e.n_units, e.count, e.value, e.low, e.high FROM estimates AS e
    WHERE e.estimand = 'H4' AND e.interval = 'process' AND e.label = 'uncorrected'
), written AS (
    SELECT DISTINCT c.dimension, c.code, pd.project_id
    FROM codings AS c
    JOIN documents AS d ON d.document_id = c.document_id AND d.status = 'read'
    JOIN project_documents AS pd ON pd.document_id = c.document_id
), projects_with AS (
    SELECT w.dimension, w.code, coalesce(p.cohort, '') AS cohort, count(*) AS projects
    FROM written AS w JOIN projects AS p ON p.project_id = w.project_id AND p.cohort IS NOT NULL
    GROUP BY ALL
    UNION ALL SELECT w.dimension, w.code, '', count(*) FROM written AS w GROUP BY ALL
)
SELECT
    s.dimension,                            -- see codes.dimension
    s.code,                                 -- see codes.id
    k.name_de AS code_name,                 -- German name of the code
    s.cohort,                               -- cohort, '' for all projects of the corpus
    s.n_projects,                           -- projects with text: the sample size
    CASE WHEN s.n_projects > 0 THEN coalesce(w.projects, 0) END AS projects,  -- of these, with at least one passage of the code; NULL without text
    s.n_units AS n_segments,                -- their segments
    s.count AS segments,                    -- of these, with the code
    s.value AS share,                       -- mean over the projects of the share of segments with the code; NULL without projects
    s.low,                                  -- lower end of its 95 % process interval
    s.high                                  -- upper end of it
FROM shares AS s
LEFT JOIN projects_with AS w ON w.dimension = s.dimension AND w.code = s.code AND w.cohort = s.cohort
LEFT JOIN codes AS k ON k.dimension = s.dimension AND k.id = s.code
ORDER BY s.dimension, s.code, s.cohort;

-- The topic shift: each indicator by cohort, with the difference of the last to the first cohort and the verdict. Unit: indicator, label and cohort. Key: estimand, code, label, cohort.
CREATE VIEW topic_shift AS
SELECT
    e.estimand,          -- H1, H3, I2 or I3, see estimates.estimand
    CASE e.estimand
        WHEN 'H1' THEN 'share of integrated fields among declared fields'
        WHEN 'H3' THEN 'share of integrated codes in coded text'
        WHEN 'I2' THEN 'mixing of sectoral fields within sections, 1 as by chance'
        ELSE 'share of measures in two or more fields'
    END AS what,         -- what it measures
    e.code,              -- I3: fields or codes; else ''
    e.label,             -- see estimates.label
    e.cohort,            -- cohort, '' for all projects of the corpus
    e.n_projects,        -- projects with a value: the sample size
    e.n_units,           -- see estimates.n_units
    e.count,             -- see estimates.count
    e.value,             -- mean over the projects; NULL without projects
    e.low,               -- lower end of its 95 % process interval
    e.high,              -- upper end of it
    c.difference,        -- last less first cohort, the same on every row of the indicator
    c.low AS difference_low,    -- lower end of its 95 % process interval
    c.high AS difference_high,  -- upper end of it
    c.p,                 -- trend over the cohorts, see contrasts.p
    c.verdict            -- shift, no relevant shift, undecided; '' where no verdict is given
FROM estimates AS e
LEFT JOIN contrasts AS c ON c.estimand = e.estimand AND c.code = e.code AND c.label = e.label
WHERE e.interval = 'process' AND e.estimand IN ('H1', 'H3', 'I2', 'I3')
ORDER BY e.estimand, e.code, e.label, e.cohort;

-- Projects that declare a field on ecology (energy, environment, climate, sustainable mobility). Unit: cohort. Key: cohort.
CREATE VIEW ecology_by_cohort AS
SELECT
    e.cohort,                       -- cohort, '' for all projects of the corpus
    e.n_projects,                   -- projects with declared fields
    e.count AS projects,            -- of these, with at least one field on ecology
    e.n_units AS fields,            -- declared fields of these projects
    f.fields AS ecology_fields,     -- of these, on ecology
    e.value AS share,               -- projects / n_projects; NULL without projects
    e.low,                          -- lower end of its 95 % Wilson interval
    e.high,                         -- upper end of it
    e.label                         -- see estimates.label
FROM estimates AS e
LEFT JOIN (
    SELECT CASE WHEN grouping(d.cohort) = 1 THEN '' ELSE d.cohort END AS cohort, count(*) FILTER (d.ecology) AS fields
    FROM declared AS d GROUP BY GROUPING SETS ((d.cohort), ())
) AS f ON f.cohort = e.cohort
WHERE e.estimand = 'H2' AND e.code = 'ecology' AND e.interval = 'wilson'
ORDER BY e.cohort;

-- Goals of sustainability in the text, per project: who writes of all three. Passages that the lexicon found, uncorrected. Unit: project with text. Key: project_id.
CREATE VIEW sustainability_by_project AS
WITH found AS (
    SELECT pd.project_id, c.code, count(*) AS n
    FROM codings AS c
    JOIN documents AS d ON d.document_id = c.document_id AND d.status = 'read'
    JOIN project_documents AS pd ON pd.document_id = c.document_id
    WHERE c.dimension = 'sustainability' GROUP BY ALL
)
SELECT
    p.project_id,                                             -- see projects
    p.name AS project,                                        -- name of the project
    p.cohort,                                                 -- cohort of the project; NULL outside the cohorts
    coalesce(sum(n) FILTER (f.code = 'ecological'), 0)::INTEGER AS ecological,  -- passages on ecological goals
    coalesce(sum(n) FILTER (f.code = 'economic'), 0)::INTEGER AS economic,      -- passages on economic goals
    coalesce(sum(n) FILTER (f.code = 'social'), 0)::INTEGER AS social,          -- passages on social goals
    count(DISTINCT f.code) FILTER (f.code IN ('ecological', 'economic', 'social')) = 3 AS all_three  -- at least one passage on each of the three
FROM projects AS p
LEFT JOIN found AS f ON f.project_id = p.project_id
WHERE p.project_id IN (
    SELECT pd.project_id FROM project_documents AS pd
    JOIN documents AS d ON d.document_id = pd.document_id AND d.status = 'read'
)
GROUP BY p.project_id, p.name, p.cohort, p.cohort_order
ORDER BY p.cohort_order NULLS LAST, p.project_id;

-- Measures by topic and technology: how many measures on climate name a digital twin. Unit: code, technology and cohort. Key: code, technology, cohort.
CREATE VIEW measures_by_topic AS
WITH m AS (
    SELECT DISTINCT m.id, coalesce(p.cohort, '') AS cohort, m.codes, m.technologies
    FROM measures AS m
    JOIN documents AS d ON d.document_id = m.document_id AND d.status = 'read'
    JOIN project_documents AS pd ON pd.document_id = m.document_id
    JOIN projects AS p ON p.project_id = pd.project_id AND p.cohort IS NOT NULL
    UNION ALL
    SELECT m.id, '', m.codes, m.technologies
    FROM measures AS m JOIN documents AS d ON d.document_id = m.document_id AND d.status = 'read'
), topics AS (
    SELECT id, cohort, unnest(codes) AS code FROM m
), named AS (
    SELECT id, cohort, unnest(list_distinct(technologies)) AS technology FROM m
), totals AS (
    SELECT code, cohort, count(*) AS n FROM topics GROUP BY ALL
)
SELECT
    t.code,                           -- see codes.id, dimension field
    n.technology,                     -- see codes.id, dimension technology
    t.cohort,                         -- cohort, '' for all
    any_value(a.n) AS n_measures,     -- measures with the code
    count(*) AS measures,             -- of these, naming the technology
    count(*) / any_value(a.n) AS share  -- measures / n_measures
FROM topics AS t
JOIN named AS n ON n.id = t.id AND n.cohort = t.cohort
JOIN totals AS a ON a.code = t.code AND a.cohort = t.cohort
GROUP BY t.code, n.technology, t.cohort
ORDER BY t.code, n.technology, t.cohort;

-- Technologies in the text. Columns as in codes_by_cohort. Unit: code and cohort. Key: code, cohort.
CREATE VIEW technologies_in_text AS SELECT * EXCLUDE (dimension) FROM codes_by_cohort WHERE dimension = 'technology';

-- Goals of sustainability in the text. Columns as in codes_by_cohort. Unit: code and cohort. Key: code, cohort.
CREATE VIEW sustainability_by_cohort AS SELECT * EXCLUDE (dimension) FROM codes_by_cohort WHERE dimension = 'sustainability';

-- Participation in the text: formats and who was reached. Columns as in codes_by_cohort. Unit: code and cohort. Key: code, cohort.
CREATE VIEW participation_by_cohort AS SELECT * EXCLUDE (dimension) FROM codes_by_cohort WHERE dimension = 'participation';

-- Actors in the text. Columns as in codes_by_cohort. Unit: code and cohort. Key: code, cohort.
CREATE VIEW actors_by_cohort AS SELECT * EXCLUDE (dimension) FROM codes_by_cohort WHERE dimension = 'actor';

-- Organisation in the text: structures inside, new and outside the administration. Columns as in codes_by_cohort. Unit: code and cohort. Key: code, cohort.
CREATE VIEW organisation_by_cohort AS SELECT * EXCLUDE (dimension) FROM codes_by_cohort WHERE dimension = 'organisation';

-- Goals of the programme in the text. Columns as in codes_by_cohort. Unit: code and cohort. Key: code, cohort.
CREATE VIEW programme_goals_by_cohort AS SELECT * EXCLUDE (dimension) FROM codes_by_cohort WHERE dimension = 'programme_goal';

-- Transfer in the text: open source, re-use, networks, knowledge. Columns as in codes_by_cohort. Unit: code and cohort. Key: code, cohort.
CREATE VIEW transfer_by_cohort AS SELECT * EXCLUDE (dimension) FROM codes_by_cohort WHERE dimension = 'transfer';

-- What is known of a project beside its text, crossed with its values: funding, duration, type, any column. Unit: fact, project and value. Key: fact, project_id, estimand, code.
CREATE VIEW facts_and_topics AS
SELECT
    f.fact,                          -- see project_facts
    f.value AS fact_value,           -- the cell as written; NULL if it is empty
    f.number AS fact_number,         -- the same as a number, if the column holds numbers
    p.project_id,                    -- see projects
    p.name AS project,               -- name of the project
    p.cohort,                        -- cohort of the project; NULL outside the cohorts
    v.estimand,                      -- see project_values
    v.code,                          -- see project_values
    v.numerator,                     -- see project_values
    v.denominator,                   -- see project_values
    v.value                          -- see project_values
FROM project_facts AS f
JOIN projects AS p ON p.project_id = f.project_id
JOIN project_values AS v ON v.project_id = f.project_id
ORDER BY f.fact, p.cohort_order NULLS LAST, p.project_id, v.estimand, v.code;

-- The coded passages of a code, surest first: quote, municipality, cohort, page. The code by id or German name; one cohort, or all if it is left out.
CREATE MACRO quotes(code, staffel := NULL) AS TABLE
SELECT q.text, q.project, q.cohort, q.page, q.code, q.code_name, q.dimension, q.p, q.heading, q.file, q.segment_id, q.project_id
FROM quote_list AS q
WHERE lower(code) IN (lower(q.code), lower(q.code_name)) AND (staffel IS NULL OR q.cohort = staffel::VARCHAR)
ORDER BY q.p DESC, q.segment_id, q.project_id;

-- The share of text on a code by cohort, with the number of projects that write of it. The code by id or German name.
CREATE MACRO share(code) AS TABLE
SELECT s.dimension, s.code, s.code_name, s.cohort, s.n_projects, s.projects, s.n_segments, s.segments, s.share, s.low, s.high
FROM codes_by_cohort AS s
WHERE lower(code) IN (lower(s.code), lower(s.code_name)) ORDER BY s.dimension, s.cohort;

-- What the topic shift is and how sure: the contrast of the last to the first cohort for every indicator, with verdict. One estimand with all its codes if it is named.
CREATE MACRO shift(estimand := NULL) AS TABLE
SELECT c.estimand, c.code, c.label, c.cohort_from, c.cohort_to, c.n_projects, c.difference, c.low, c.high,
    c.measurement_low, c.measurement_high, c.p, c.p_adjusted, c.verdict, c.reason
FROM contrasts AS c
WHERE CASE WHEN estimand IS NULL THEN c.estimand <> 'H4' AND (c.estimand = 'I3' OR c.code IN ('', 'ecology'))
    ELSE upper(estimand) = c.estimand END
ORDER BY c.estimand, c.code, c.label;
