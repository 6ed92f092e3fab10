-- Tables on what "integrated" is measured by. The indicators themselves stand in project_values, estimates, bounds and
-- contrasts as the estimands I2 and I3, beside H1 and H3.

-- Indicator I2 under other rules: sections cut, counted or chosen differently. Key: variant, cohort.
CREATE TABLE mixing_variants (
    variant VARCHAR,        -- subject: as in I2; pieces, three, paths, short, long, raw: see docs/statistics.md
    cohort VARCHAR,         -- cohort, '' for all projects of the corpus
    n_projects INTEGER,     -- projects with a value
    n_sections INTEGER,     -- their sections
    value DOUBLE,           -- observed / expected as in I2; for raw the share of sections with two or more fields
    low DOUBLE,             -- lower end of the 95 % process interval
    high DOUBLE,            -- upper end of the 95 % process interval
    difference DOUBLE,      -- last less first cohort; on the row of all projects only
    difference_low DOUBLE,  -- lower end of its 95 % process interval
    difference_high DOUBLE, -- upper end of its 95 % process interval
    rho_length DOUBLE       -- over the projects, Spearman's rho of the value with the mean length of sections; on the row of all projects only
);

-- How far the indicators agree over the projects: Spearman's rho. Key: one, other, scope, cohort.
CREATE TABLE indicator_correlations (
    one VARCHAR,         -- estimand, with its code after a slash if it has one: H1, H3, I2, I3/fields, I3/codes
    other VARCHAR,       -- the other estimand
    scope VARCHAR,       -- all: projects of all cohorts; within: the same, ranks less the mean rank of their cohort; cohort: those of one
    cohort VARCHAR,      -- cohort, '' for all projects within the cohorts
    n_projects INTEGER,  -- projects with both values
    rho DOUBLE,          -- Spearman's rho; NULL below ten projects or without any spread
    low DOUBLE,          -- lower end of its 95 % interval
    high DOUBLE          -- upper end of its 95 % interval
);
