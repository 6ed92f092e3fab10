-- What is missing, and what it could change at most. Filled by analysis/coverage.py.

-- Projects of which something is not at hand: file, no document in the folder; read, a document but none that could be read; fields, no declared field known. Key: what, project_id.
CREATE TABLE missing_projects (
    what VARCHAR,        -- file, read or fields
    project_id VARCHAR,  -- see projects
    name VARCHAR,        -- name of the project
    cohort VARCHAR       -- cohort of the project; NULL outside the cohorts
);

-- Last less first cohort if every project without a value had the value that pulls the difference down (low) or up (high) most: Manski bounds. Key: estimand, code.
CREATE TABLE contrast_bounds (
    estimand VARCHAR,     -- H1, H2 or H3
    code VARCHAR,         -- H2: ecology; else ''
    cohort_from VARCHAR,  -- first cohort of the corpus
    cohort_to VARCHAR,    -- last cohort of the corpus
    n_projects INTEGER,   -- projects of these two cohorts
    n_missing INTEGER,    -- of these, projects without a value
    difference DOUBLE,    -- last less first among the projects with a value; NULL if one of the two has none
    low DOUBLE,           -- missing ones of the first cohort at 1, of the last at 0
    high DOUBLE           -- missing ones of the first cohort at 0, of the last at 1
);
