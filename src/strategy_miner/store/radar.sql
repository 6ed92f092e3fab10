-- Gap radar: clusters of passages without a code of the dimension field, found on one half of the projects. Exploratory.

-- What the search worked on and what came of it; one row, none without vectors. Key: segments.
CREATE TABLE radar_search (
    segments INTEGER,           -- segments of documents of status read
    candidates INTEGER,         -- of these, without a code of the dimension field, no copy or echo, and with enough words
    searched INTEGER,           -- of these, searched: all, or a random sample (runs: params analyse)
    coder VARCHAR,              -- what says that there is no code: codebook, see scores, or codings where there are none
    projects_discover INTEGER,  -- projects with candidates in the half where clusters were found
    projects_measure INTEGER,   -- projects with candidates in the other half, where they were confirmed and counted
    confirmed INTEGER,          -- clusters found with nearly every seed and confirmed in the other half
    kept INTEGER                -- of these, in enough projects: the rows of table radar_clusters
);

-- Clusters found, most often found first: candidates for a topic that the codebook lacks, for people to judge. Key: cluster_id.
CREATE TABLE radar_clusters (
    cluster_id INTEGER,     -- from 1
    words VARCHAR[],    -- its most typical base forms, frozen in the half where it was found
    runs INTEGER,       -- so many seeds found it
    segments INTEGER,   -- passages of both halves
    projects INTEGER,   -- projects of both halves
    lift DOUBLE         -- how many times as frequent its words are in its passages of the other half as in the rest of it
);

-- Where a cluster stands in the half of the projects that did not find it. Key: cluster_id, cohort.
CREATE TABLE radar_cohorts (
    cluster_id INTEGER,         -- see radar_clusters
    cohort VARCHAR,         -- cohort, '' for all projects
    n_projects INTEGER,     -- projects of that half with text
    projects_with INTEGER,  -- of these, with at least one passage of the cluster
    n_segments INTEGER,     -- segments of these projects
    count INTEGER,          -- of these, passages of the cluster among those searched
    low DOUBLE,             -- lower end of the 95 % Wilson interval of projects_with / n_projects
    high DOUBLE             -- upper end of it
);

-- The most central passages of a cluster, one per project, from both halves. Key: cluster_id, rank.
CREATE TABLE radar_passages (
    cluster_id INTEGER,       -- see radar_clusters
    rank INTEGER,         -- 1 is most central
    segment_id VARCHAR,   -- see segments.id
    document_id VARCHAR,  -- see documents
    project_id VARCHAR,   -- see projects; the first of them for a shared document
    project VARCHAR,      -- name of the project
    cohort VARCHAR,       -- its cohort; NULL outside the cohorts
    page INTEGER,         -- first page of the passage
    heading VARCHAR,      -- nearest heading above it
    text VARCHAR          -- the passage
);
