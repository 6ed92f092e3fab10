-- What stands beside the estimates and contrasts of declared fields: further tests, effect sizes, errors of names, what would decide.

-- Further tests of the trend over the cohorts. Key: estimand, code, test.
CREATE TABLE tests (
    estimand VARCHAR,    -- see contrasts
    code VARCHAR,        -- see contrasts
    family VARCHAR,      -- primary, secondary (Holm over all of them) or exploratory and the estimand (Benjamini-Hochberg over its codes)
    test VARCHAR,        -- studentised permutation (contrasts.p), Jonckheere-Terpstra, Cochran-Armitage mid-p, exact or asymptotic
    n_projects INTEGER,  -- projects tested
    statistic DOUBLE,    -- J of Jonckheere-Terpstra; else NULL
    p DOUBLE             -- two-sided p, not adjusted; NULL where it is undefined
);

-- Effect sizes of last against first cohort beside the difference in points (contrasts.difference). Key: estimand, code, effect.
CREATE TABLE effects (
    estimand VARCHAR,       -- see contrasts
    code VARCHAR,           -- see contrasts
    effect VARCHAR,         -- log odds ratio, or Cliff's delta (a project of the last cohort above one of the first, less below)
    n_first INTEGER,        -- projects of the first cohort with a value
    n_last INTEGER,         -- projects of the last cohort with a value
    value DOUBLE,           -- NULL where it is undefined (a share of 0 or 1 has no log odds)
    standard_error DOUBLE   -- of the log odds ratio, of the process; NULL below two projects
);

-- How well the names of declared fields are measured: behind the measurement intervals of H1 and H2. Key: estimand, code, cohort.
CREATE TABLE name_bands (
    estimand VARCHAR,        -- H1 or H2
    code VARCHAR,            -- H2: ecology; else ''
    cohort VARCHAR,          -- cohort, '' for all projects of the corpus
    n_projects INTEGER,      -- projects with declared fields
    names INTEGER,           -- their declared fields
    names_machine INTEGER,   -- of these, names whose property (orientation, ecology) the machine set
    names_disputed INTEGER,  -- of these, names on which coders differ
    count INTEGER,           -- H1 integrated fields; H2 projects
    count_low INTEGER,       -- lower end of its 95 % measurement interval; NULL where the error was not measured
    count_high INTEGER       -- upper end
);

-- What would decide a verdict, and what could overturn it. Key: estimand, code, question, cohort.
CREATE TABLE deciders (
    estimand VARCHAR,    -- H1 or H2
    code VARCHAR,        -- H2: ecology; else ''
    question VARCHAR,    -- now; all known; missing down; missing up; needed for shift; needed for no relevant shift
    cohort VARCHAR,      -- cohort, '' for all cohorts together
    n_projects INTEGER,  -- now: with a value; all known: projects of the cohorts; missing: those without a value; needed: projects with a value
    value DOUBLE,        -- now, all known: smallest difference that is found in 80 of 100 cases; missing: the difference then
    low DOUBLE,          -- 95 % process interval of the difference, lower end: now, if all were known, with the missing at one end
    high DOUBLE,         -- its upper end
    verdict VARCHAR,     -- the verdict then; needed: that which so many projects would give
    possible BOOLEAN     -- needed: whether the corpus has so many projects; else NULL
);
