-- The estimands for groups of projects other than the cohorts: exploratory. Filled by analysis/groups.py.

-- The columns of project_facts that params.yaml names (analyse.by), and whether they could be used. Key: column_name.
CREATE TABLE group_columns (
    column_name VARCHAR,  -- see project_facts.fact
    ordered BOOLEAN,      -- numbers are ordered, texts are not
    n_groups INTEGER,     -- values or classes
    n_projects INTEGER,   -- projects with a value
    reason VARCHAR        -- '' if used; no_column, empty, one_group or too_many if not
);

-- Which project is in which group. Join with project_values to cross a column with the topics. Key: column_name, project_id.
CREATE TABLE project_groups (
    column_name VARCHAR,  -- see group_columns
    project_id VARCHAR,   -- see projects; those without a value are in no group
    group_name VARCHAR,   -- the value, or the class of numbers it falls in
    place INTEGER         -- order of the groups, from 0
);

-- Estimates per group, as table estimates has them per cohort. Key: column_name, place, estimand, code.
CREATE TABLE group_estimates (
    column_name VARCHAR,  -- see group_columns
    group_name VARCHAR,   -- the value, or the class of numbers
    place INTEGER,        -- order of the groups, from 0
    value_low DOUBLE,     -- smallest number in a class; NULL if the group is one value
    value_high DOUBLE,    -- greatest number in a class
    estimand VARCHAR,     -- H1, H2, H3 or H4
    code VARCHAR,         -- H2: ecology or a code; H4: a code; else ''
    n_projects INTEGER,   -- projects of the group with a value of the estimand: the sample size
    n_units INTEGER,      -- see estimates
    count INTEGER,        -- see estimates
    value DOUBLE,         -- the estimate, 0 to 1; NULL without projects
    low DOUBLE,           -- lower end of the 95 % process interval (H2: Wilson); NULL below two projects or without spread
    high DOUBLE,          -- upper end
    label VARCHAR         -- see estimates
);

-- Whether the groups of a column differ: exploratory, no verdict. Key: column_name, estimand, code.
CREATE TABLE group_contrasts (
    column_name VARCHAR,   -- see group_columns
    estimand VARCHAR,      -- H1, H2, H3 or H4
    code VARCHAR,          -- H2: ecology or a code; H4: a code; else ''
    test VARCHAR,          -- slope: studentised permutation, ordered groups; cochran_armitage: exact, mid-p, the same for H2; omnibus: permutation of the Brown-Forsythe F*, unordered groups; '' where nothing is tested (uncorrected shares, too few projects)
    n_groups INTEGER,      -- groups in the test: at least two projects each (cochran_armitage: one)
    n_projects INTEGER,    -- projects in them
    group_from VARCHAR,    -- first of them if ordered, else NULL
    group_to VARCHAR,      -- last of them
    difference DOUBLE,     -- estimate of the last less the first
    low DOUBLE,            -- lower end of its 95 % process interval
    high DOUBLE,           -- upper end
    p DOUBLE,              -- two-sided; NULL where nothing is tested
    p_adjusted DOUBLE      -- Benjamini-Hochberg over the tests of the column
);

-- The trend over the cohorts with their labels permuted within another column only: sensitivity. Key: estimand, code, within.
CREATE TABLE stratified_trend (
    estimand VARCHAR,     -- H1, H2, or H3 where it is corrected
    code VARCHAR,         -- H2: ecology; else ''
    within VARCHAR,       -- column of project_facts whose values are the strata; no value is a stratum too
    test VARCHAR,         -- see group_contrasts
    n_strata INTEGER,     -- values among the projects
    n_projects INTEGER,   -- projects with a value of the estimand in any cohort
    n_movable INTEGER,    -- of these, in strata that hold more than one cohort: only they bear the test
    p DOUBLE,             -- labels permuted over all projects
    p_within DOUBLE       -- the same with values less their stratum's mean, labels permuted within the strata; NULL where no label can move
);
