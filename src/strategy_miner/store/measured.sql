-- Tables on the measures of the documents read: how many there are of each kind, and what they cost where that is stated.

-- Measures by what is said of them. A measure of a shared document counts once per cohort. Key: subject, value, cohort.
CREATE TABLE measure_counts (
    subject VARCHAR,      -- all, status, form, field (codes of the dimension field) or technology; of the last two a measure may have several values
    value VARCHAR,        -- see measures.status, form, codes and technologies; '' : nothing is said, or subject all
    cohort VARCHAR,       -- cohort, '' for all projects of the corpus
    n_projects INTEGER,   -- projects with a document of status read
    projects INTEGER,     -- of these, with at least one such measure
    n_measures INTEGER,   -- measures of these projects
    measures INTEGER      -- of these, such measures
);

-- What measures cost as far as their sheets state it, in euro; a range counts with its middle. Key: cohort.
CREATE TABLE measure_costs (
    cohort VARCHAR,       -- cohort, '' for all projects of the corpus
    n_measures INTEGER,   -- measures of the documents read
    stated INTEGER,       -- of these, with anything said of the cost
    in_euro INTEGER,      -- of these, with a number in euro that is due once
    yearly INTEGER,       -- of those stated, with a number in euro that is due every year: left out below
    projects INTEGER,     -- projects with a measure of in_euro
    median DOUBLE,        -- median over in_euro; NULL without any
    low DOUBLE,           -- first quartile; NULL below four
    high DOUBLE,          -- third quartile
    total DOUBLE          -- sum over in_euro: of what is stated only, no sum of all measures
);
