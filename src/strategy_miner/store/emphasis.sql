-- Tables on declared against written against planned: which topics a strategy names, writes about and acts on.

-- Declared, written and planned per project and code of the dimension field; raw machine codes, uncorrected. A column is NULL where the project has no declared field, no text or no measure. Key: project_id, code.
CREATE TABLE emphasis (
    project_id VARCHAR,     -- see projects
    cohort VARCHAR,         -- cohort of the project; NULL outside the cohorts
    code VARCHAR,           -- see codes.id, dimension field
    fields INTEGER,         -- declared fields of the project
    declared INTEGER,       -- of these, with the code
    declared_share DOUBLE,  -- declared / fields
    segments INTEGER,       -- segments of its documents
    written INTEGER,        -- of these, with the code
    written_share DOUBLE,   -- written / segments
    measures INTEGER,       -- measures of its documents
    planned INTEGER,        -- of these, with the code
    planned_share DOUBLE    -- planned / measures
);

-- Where a project differs most from the other projects that declare a topic, beyond what small counts allow; for reading, no test. Key: rank.
CREATE TABLE gaps (
    rank INTEGER,            -- 1 is the largest by strength, over all kinds
    kind VARCHAR,            -- declared_not_written, declared_not_planned, written_not_declared or planned_not_declared
    project_id VARCHAR,      -- see projects
    cohort VARCHAR,          -- cohort of the project; NULL outside the cohorts
    code VARCHAR,            -- see codes.id, dimension field
    count INTEGER,           -- segments, or measures, of the project with the code
    total INTEGER,           -- its segments, or measures
    usual DOUBLE,            -- mean share with the code in the other projects that declare it
    n_compared INTEGER,      -- so many other projects
    ratio DOUBLE,            -- (count + 0.5) / (total x usual + 0.5)
    "limit" DOUBLE,          -- end of its 95 % gamma interval: the upper one where the topic is declared, else the lower one
    strength DOUBLE,         -- how many doublings the limit is below 1 where the topic is declared, else above 0.5: the ranking
    uncoded_fields INTEGER,  -- declared fields of the project to which no code was given: one of them may mean the topic
    field_ids VARCHAR[],     -- declared fields with the code, see declared.id
    segment_ids VARCHAR[],   -- the passages with the code of highest p, at most three, see segments.id
    measure_ids VARCHAR[]    -- the first measures with the code, at most five, see measures.id
);

-- How many projects have a gap, of those in which it could be seen. Key: kind, code, cohort.
CREATE TABLE gap_counts (
    kind VARCHAR,        -- see gaps
    code VARCHAR,        -- see codes.id, dimension field; '' for all topics together
    cohort VARCHAR,      -- cohort, '' for all projects of the corpus
    n_projects INTEGER,  -- projects that declare the topic (or do not) with text (or measures) to compare; for code '' pairs of project and topic
    count INTEGER,       -- of these, with the gap
    without INTEGER      -- of these, without any segment (or measure) with the code
);
