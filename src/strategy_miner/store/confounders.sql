-- What may look like a topic and is a copy: passages that several projects share, and wording of the call texts.

-- Passages that stand in documents of different projects, word for word or nearly so. Unit: segment. Key: segment_id.
CREATE TABLE repeated (
    segment_id VARCHAR,   -- see segments.id
    document_id VARCHAR,  -- see documents
    group_id INTEGER,     -- number of the group of copies, from 1; the group of most projects first
    documents INTEGER,    -- documents in which a passage of the group stands
    projects INTEGER,     -- projects in which a passage of the group stands
    boilerplate BOOLEAN,  -- whether these are so many projects that the passage counts as boilerplate (runs: params analyse)
    similarity DOUBLE,    -- Jaccard similarity, 0 to 1, to the most similar passage of another project
    nearest VARCHAR       -- that passage, see segments.id
);

-- Passages that take over wording of a call text. Unit: segment. Key: segment_id.
CREATE TABLE echoes (
    segment_id VARCHAR,   -- see segments.id
    document_id VARCHAR,  -- see documents
    file VARCHAR,         -- the call text that has most of it, see calls.file
    share DOUBLE,         -- share of the passage's runs of three words that stand in the call text, 0 to 1
    words INTEGER         -- words in a row that stand in the call text, without numbers and names of municipalities
);

-- How much of the text is repeated, per cohort and in all. Key: kind, cohort.
CREATE TABLE repetition (
    kind VARCHAR,         -- copy: in a project besides; boilerplate: in many projects; within: near-duplicate in the same project; furniture: short text that stands three times in a document; echo: of a call text
    cohort VARCHAR,       -- cohort, '' for all projects of the corpus
    n_projects INTEGER,   -- projects with a value: the sample size
    n_segments INTEGER,   -- their segments
    count INTEGER,        -- of these, segments of the kind
    projects_with INTEGER,  -- projects with at least one segment of the kind
    value DOUBLE,         -- mean over the projects of the share of segments of the kind; NULL where it was not measured
    low DOUBLE,           -- lower end of the 95 % process interval; NULL below two projects or without any spread
    high DOUBLE           -- upper end of the 95 % process interval
);

-- Shares with and without what is repeated. H1 is without fields whose name is taken over from the call. Key: estimand, code, label, version, cohort.
CREATE TABLE confounders (
    estimand VARCHAR,    -- H1, H3 or H4
    code VARCHAR,        -- H4: a code; else ''
    label VARCHAR,       -- see estimates.label; corrected shares only for H3
    version VARCHAR,     -- all; no_copies: without passages of table repeated; no_echo: without those of table echoes; neither: without both
    cohort VARCHAR,      -- cohort, '' for all projects of the corpus
    n_projects INTEGER,  -- projects with a value: the sample size
    n_segments INTEGER,  -- H3 coded segments, corrected: labels; H4 segments; H1 declared fields
    value DOUBLE,        -- the estimate, 0 to 1; NULL without projects
    moved DOUBLE         -- that less the value of version all
);

-- Last against first cohort with and without what is repeated; no test. Key: estimand, code, label, version.
CREATE TABLE confounder_contrasts (
    estimand VARCHAR,     -- H1, H3 or H4
    code VARCHAR,         -- H4: a code; else ''
    label VARCHAR,        -- see estimates.label
    version VARCHAR,      -- see confounders.version
    cohort_from VARCHAR,  -- first cohort of the corpus
    cohort_to VARCHAR,    -- last cohort of the corpus
    n_projects INTEGER,   -- projects with a value in any cohort
    n_segments INTEGER,   -- their segments as in confounders.n_segments
    left_out INTEGER,     -- so many fewer than in version all
    difference DOUBLE,    -- estimate of the last less that of the first cohort
    low DOUBLE,           -- lower end of its 95 % process interval
    high DOUBLE,          -- upper end of its 95 % process interval
    moved DOUBLE          -- the difference less that of version all
);

-- Typical words with and without what is repeated. Key: version, cohort, rank.
CREATE TABLE typical_word_versions (
    version VARCHAR,     -- see confounders.version
    cohort VARCHAR,      -- cohort
    rank INTEGER,        -- 1 is most typical
    word VARCHAR,        -- base form (lemma), see lemmas.lemmas
    documents INTEGER,   -- projects of the cohort that use it
    log_ratio DOUBLE,    -- see typical_words.log_ratio
    in_call BOOLEAN      -- whether a call text of the cohort has the word in any inflection; NULL without a call text
);

-- What the vocabulary of a cohort shares with its call texts; cohorts with a call text only. Key: cohort.
CREATE TABLE call_vocabulary (
    cohort VARCHAR,        -- cohort
    calls VARCHAR[],       -- its call texts, see calls.file
    words INTEGER,         -- typical words of the cohort
    words_in_call INTEGER, -- of these, words of its call
    projects INTEGER,      -- projects of the cohort with declared fields
    fields INTEGER,        -- declared fields of these projects
    fields_in_call INTEGER -- of these, fields whose name stands in the call, in whatever inflection
);
