-- Result tables that the analysis adds in strategy.duckdb. Long format; '' as cohort means all projects of the corpus.
-- Estimands: H1 mean share of integrated among a project's declared fields; H2 projects with at least one declared
-- field X (code: ecology, or a code of the codebook); H3 integrated share of coded text; H4 share of text per code.
-- I2 mixing of sectoral fields within sections (observed / expected); I3 measures with two or more fields (code: fields
-- as the sheets write them, or codes).

-- What was read, per cohort and in all; a document shared by two cohorts counts in both and once in all. Key: cohort.
CREATE TABLE coverage (
    cohort VARCHAR,                 -- cohort, '' for all projects of the corpus
    projects INTEGER,               -- projects of the corpus
    projects_with_file INTEGER,     -- projects of which at least one document is in the folder, read or not
    projects_with_document INTEGER, -- projects of which at least one document was read
    documents_read INTEGER,         -- documents of status read
    documents_failed INTEGER,       -- documents of status failed
    documents_missing INTEGER,      -- files named in projects.csv that are not there
    projects_with_fields INTEGER,   -- projects with at least one declared field, of whatever origin
    pages INTEGER,                  -- pages of the documents
    pages_unread INTEGER,           -- of these, pages of grade unread
    segments INTEGER,               -- segments of documents of status read
    segments_coded INTEGER          -- of these, segments with at least one code of the dimension field
);

-- One value per project behind every mean: the dots of the charts. Key: estimand, code, project_id.
CREATE TABLE project_values (
    estimand VARCHAR,    -- H1, H2, H3, H4, I2 or I3
    project_id VARCHAR,  -- see projects
    cohort VARCHAR,      -- cohort of the project; NULL outside the cohorts
    code VARCHAR,        -- H2: ecology or a code; H4: a code; I3: fields or codes; else ''
    numerator DOUBLE,    -- H1 integrated fields; H2 fields naming X; H3 integrated share of text; H4 segments with the code; I2 observed; I3 measures with two or more fields
    denominator DOUBLE,  -- H1, H2 declared fields; H3 coded share of text; H4 segments; I2 expected; I3 measures
    value DOUBLE         -- H1, H3, H4, I2, I3 numerator / denominator (NULL if that is 0); H2 1 if numerator > 0, else 0
);

-- Estimates per cohort and for all, one row per interval kind. Shares of text stand there raw and, with gold, corrected. Key: estimand, code, cohort, interval, label.
CREATE TABLE estimates (
    estimand VARCHAR,    -- H1, H2, H3, H4, I2 or I3
    cohort VARCHAR,      -- cohort, '' for all projects of the corpus
    code VARCHAR,        -- H2: ecology or a code; H4: a code; I3: fields or codes; else ''
    n_projects INTEGER,  -- projects with a value: the sample size
    n_units INTEGER,     -- H1, H2 declared fields; H3 coded segments; H4 segments; corrected: gold labels; I2 sections; I3 measures
    count INTEGER,       -- H1 integrated fields; H2 projects with a field on X; H3 segments with an integrated code; H4 segments with the code; corrected: gold labels with it; I2 sections with two or more fields; I3 measures with two or more
    value DOUBLE,        -- the estimate, 0 to 1 (I2 may be above 1); NULL without projects
    low DOUBLE,          -- lower end of the 95 % interval; NULL below two projects or without any spread between them
    high DOUBLE,         -- upper end of the 95 % interval
    interval VARCHAR,    -- process: projects as draws of a process; wilson: the same for a count; measurement: these documents, coding error only
    label VARCHAR        -- provisional: names oriented by the machine; confirmed: by a person; uncorrected: raw machine codes; corrected: machine scores and gold labels
);

-- What the estimate would be if every project without a value had 0 (low) or 1 (high): Manski bounds. Key: estimand, code, cohort.
CREATE TABLE bounds (
    estimand VARCHAR,    -- H1, H2, H3 or I3
    cohort VARCHAR,      -- cohort, '' for all projects of the corpus
    code VARCHAR,        -- H2: ecology or a code; I3: fields; else ''
    n_projects INTEGER,  -- projects of the corpus
    n_missing INTEGER,   -- of these, projects without a value
    low DOUBLE,          -- estimate with every missing value at 0
    high DOUBLE          -- estimate with every missing value at 1
);

-- Last against first cohort, trend test over all cohorts, verdict. Shares of text stand there raw and, with gold, corrected. Key: estimand, code, label.
CREATE TABLE contrasts (
    estimand VARCHAR,     -- H1, H2, H3, H4, I2 or I3
    code VARCHAR,         -- H2: ecology or a code; H4: a code; I3: fields or codes; else ''
    cohort_from VARCHAR,  -- first cohort of the corpus
    cohort_to VARCHAR,    -- last cohort of the corpus
    n_projects INTEGER,   -- projects with a value in any cohort
    difference DOUBLE,    -- estimate of the last less that of the first cohort
    low DOUBLE,           -- lower end of its 95 % process interval
    high DOUBLE,          -- upper end of its 95 % process interval
    low90 DOUBLE,         -- lower end of its 90 % process interval
    high90 DOUBLE,        -- upper end of its 90 % process interval
    measurement_low DOUBLE,   -- lower end of its 95 % measurement interval: these documents, error of coding only
    measurement_high DOUBLE,  -- upper end of its 95 % measurement interval
    p DOUBLE,             -- trend over the cohorts: H1, I2, I3 studentised permutation of the slope; H2 exact Cochran-Armitage, mid-p
    p_adjusted DOUBLE,    -- H1 as p (primary); H2 ecology Holm (secondary); H2 per code, I2, I3 Benjamini-Hochberg (exploratory)
    verdict VARCHAR,      -- shift, no relevant shift, undecided; '' where no verdict is given
    reason VARCHAR,       -- why, in words
    label VARCHAR         -- as in estimates
);

-- Share of text per code of the dimensions other than field: codes of a lexicon, for which there are no reference labels. Key: dimension, code, cohort.
CREATE TABLE exploratory (
    dimension VARCHAR,   -- see codes.dimension
    code VARCHAR,        -- see codes.id
    cohort VARCHAR,      -- cohort, '' for all projects of the corpus
    n_projects INTEGER,  -- projects with a value: the sample size
    n_units INTEGER,     -- segments
    count INTEGER,       -- of these, segments with the code
    projects_with INTEGER, -- projects with at least one segment with the code
    value DOUBLE,        -- mean over the projects of the share of segments with the code; NULL without projects
    low DOUBLE,          -- lower end of the 95 % process interval; NULL below two projects or without any spread
    high DOUBLE          -- upper end of the 95 % process interval
);

-- The best passages per code over all cohorts, at most two per document as long as there are others. Key: dimension, code, rank.
CREATE TABLE quotes (
    dimension VARCHAR,    -- see codes.dimension
    code VARCHAR,         -- see codes.id
    cohort VARCHAR,       -- cohort of the project; NULL outside the cohorts
    rank INTEGER,         -- 1 is best
    segment_id VARCHAR,   -- see segments.id
    document_id VARCHAR,  -- see documents
    project_id VARCHAR,   -- see projects; the first of them for a shared document
    project VARCHAR,      -- name of the project; all names for a shared document
    page INTEGER,         -- first page of the passage
    p DOUBLE,             -- the coder's probability; outside the dimension field a rank of what was found
    heading VARCHAR,      -- nearest heading above the passage
    text VARCHAR          -- the passage
);

-- Nouns and adjectives that a cohort uses more than the others do: descriptive, no test. Key: cohort, rank.
CREATE TABLE typical_words (
    cohort VARCHAR,     -- cohort
    rank INTEGER,       -- 1 is most typical
    word VARCHAR,       -- base form (lemma), see lemmas.lemmas
    documents INTEGER,  -- projects of the cohort that use it
    log_ratio DOUBLE    -- log odds ratio against the other cohorts, every project weighing the same
);

-- Planted against found; only in corpora with a known truth. Key: quantity, cohort.
CREATE TABLE planted (
    quantity VARCHAR,  -- what was planted
    cohort VARCHAR,    -- cohort, '' for the whole corpus
    planted DOUBLE,    -- value that the generator aimed at
    realised DOUBLE,   -- value in the generated documents
    found DOUBLE,      -- value that the pipeline found
    low DOUBLE,        -- lower end of the process interval (of a count Wilson's) of the found value
    high DOUBLE,       -- upper end of that interval
    measurement_low DOUBLE,   -- lower end of the measurement interval of the found value: it should hold what was realised
    measurement_high DOUBLE   -- upper end of that interval
);
