-- Shares of text corrected for the errors of the classifier: what stands behind the estimates labelled 'corrected'. All empty without gold.

-- The corrected integrated share of coded text (H3) by cohort: labels, documents and true spread behind it. Key: cohort.
CREATE TABLE corrections (
    cohort VARCHAR,        -- cohort, '' for all projects of the corpus
    scores VARCHAR,        -- whose scores were corrected, see scores.coder
    n_projects INTEGER,    -- projects with labels: the sample size
    n_documents INTEGER,   -- their documents with labels
    n_unlabelled INTEGER,  -- their documents of status read without a label: they do not enter
    n_labels INTEGER,      -- gold labels
    n_coded INTEGER,       -- of these, with at least one code
    n_integrated INTEGER,  -- of these, with an integrated code
    coded DOUBLE,          -- corrected share of text with a code
    tau DOUBLE             -- standard deviation of the projects' true shares: their spread less the error of measuring
);

-- Corrected values by project behind the estimates; noisy, a project has few labels. Key: project_id.
CREATE TABLE corrected_projects (
    project_id VARCHAR,  -- see projects
    cohort VARCHAR,      -- cohort of the project; NULL outside the cohorts
    n_labels INTEGER,    -- gold labels
    integrated DOUBLE,   -- a: integrated share of its text; may lie outside 0 to 1
    coded DOUBLE,        -- b: share of its text with a code; may lie outside 0 to 1
    value DOUBLE         -- R + (a - R b) / mean b, R being the share over all projects: the values whose mean is R
);

-- Drift panel: by how much gold corrects the classifier, per cohort; that of the raw shares and that of the corrected ones. Key: scores, figure, raw_from, cohort.
CREATE TABLE drift (
    scores VARCHAR,      -- see scores.coder
    figure VARCHAR,      -- integrated: integrated share of text (A); coded: share of text with a code (B)
    raw_from VARCHAR,    -- probabilities: means of the scores; codes: codes given at the threshold
    cohort VARCHAR,      -- cohort, '' for all projects of the corpus
    n_projects INTEGER,  -- projects with labels
    n_labels INTEGER,    -- gold labels
    raw DOUBLE,          -- mean over the projects of what the classifier says
    rectifier DOUBLE,    -- mean over the projects of true less raw
    low DOUBLE,          -- lower end of its 95 % measurement interval
    high DOUBLE,         -- upper end of its 95 % measurement interval
    spread DOUBLE,       -- largest less smallest rectifier of the cohorts; NULL with one cohort
    unalike BOOLEAN      -- spread above 0.03: the classifier treats the cohorts differently
);

-- Corrected H3 when every label in dispute is settled at random for one of its coders. Key: quantity, cohort.
CREATE TABLE coder_band (
    quantity VARCHAR,  -- share, or difference: last less first cohort
    cohort VARCHAR,    -- cohort, '' for all projects and for the difference
    n_labels INTEGER,  -- gold labels
    n_twice INTEGER,   -- of these, coded by two people or more
    disputed INTEGER,  -- of these, coded differently
    draws INTEGER,     -- random settlements
    value DOUBLE,      -- with the settled labels
    low DOUBLE,        -- 2.5 % of the settlements lie below
    high DOUBLE        -- 2.5 % of the settlements lie above
);

-- The classifier behind the raw shares against gold, by code; a code is corrected from 30 labels with it on. Key: code.
CREATE TABLE gold_codes (
    code VARCHAR,        -- see codes.id
    n_labels INTEGER,    -- gold labels
    positives INTEGER,   -- of these, with the code
    given INTEGER,       -- of these, given the code by the classifier at its threshold
    precision DOUBLE,    -- of what is given, the share that is right; labels weighted by 1 / pi; NULL if nothing is given
    recall DOUBLE,       -- of what is there, the share that is given; weighted; NULL without positives
    corrected BOOLEAN    -- whether its share is corrected
);

-- Agreement of the coders on segments that two of them coded. Key: what.
CREATE TABLE coder_agreement (
    what VARCHAR,       -- sets: all codes of a segment (MASI distance); coded; integrated; a code
    units INTEGER,      -- segments coded twice
    prevalence DOUBLE,  -- share of the answers that say yes; NULL for sets
    positive DOUBLE,    -- positive agreement: of what one says, the share that the other says too
    alpha DOUBLE,       -- Krippendorff's alpha
    low DOUBLE,         -- lower end of its 95 % interval over documents
    high DOUBLE,        -- upper end
    gate VARCHAR        -- what the lower end allows: firm, tentative, below, unknown
);
