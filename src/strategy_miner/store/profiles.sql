-- Tables on single projects and on what a cohort has more of than the others. Descriptive: nothing here is tested.

-- Share of text per code of the dimension field in each project beside the rest of its cohort; raw machine codes. Key: project_id, code.
CREATE TABLE profile_codes (
    project_id VARCHAR,    -- see projects
    code VARCHAR,          -- see codes.id, dimension field
    rank INTEGER,          -- 1 is the code with most of the project's text
    count INTEGER,         -- segments of its documents with the code
    segments INTEGER,      -- segments of its documents
    share DOUBLE,          -- count / segments
    others_share DOUBLE,   -- mean share in the other projects of its cohort; NULL without any
    n_others INTEGER,      -- so many of them have text
    segment_id VARCHAR     -- the passage with the code of highest p, see segments.id; NULL where count is 0
);

-- The projects whose text has the most similar mix of topics, at most three each; see docs/statistics.md. Key: project_id, rank.
CREATE TABLE neighbours (
    project_id VARCHAR,    -- see projects
    rank INTEGER,          -- 1 is nearest
    neighbour_id VARCHAR,  -- see projects; projects that share a document are left out
    similarity DOUBLE,     -- cosine of the roots of the shares of text per code, each less its mean over the projects: -1 to 1
    stability DOUBLE,      -- share of the resamples of the text in which it is among the three nearest
    resamples INTEGER,     -- so many of them
    n_projects INTEGER,    -- projects compared: with text that has a code
    codes VARCHAR[]        -- codes of which both have more than the mean project, those that count most first, at most three
);

-- Codes of which a cohort has more than the other cohorts, the clearest first, at most ten per basis and dimension. Key: cohort, basis, dimension, code.
CREATE TABLE typical_codes (
    cohort VARCHAR,          -- cohort
    basis VARCHAR,           -- text: mean share of text; fields: share of projects that declare a field with the code
    dimension VARCHAR,       -- see codes.dimension; field for basis fields
    code VARCHAR,            -- see codes.id
    rank INTEGER,            -- within cohort, basis and dimension, by strength
    n_projects INTEGER,      -- projects of the cohort with text, or with known fields
    projects_with INTEGER,   -- of these, with the code; at least three
    value DOUBLE,            -- mean share of text, or projects_with / n_projects
    n_others INTEGER,        -- the same of all other cohorts together
    others_with INTEGER,     -- see projects_with
    others_value DOUBLE,     -- see value
    strength DOUBLE          -- difference / its standard error, of fields with one project more with and without it: at least 1; an order, no test
);
