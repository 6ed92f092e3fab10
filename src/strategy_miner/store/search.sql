-- Full-text search that any DuckDB client can ask: an index with BM25 scores and macros that ask it, no extension.

-- The segments of the full-text index by number. Unit: segment. Key: n.
CREATE TABLE search_segments (
    n INTEGER,           -- number of the segment within the index, from 0
    segment_id VARCHAR,  -- see segments.id
    terms INTEGER        -- terms that the index has of it, each as often as it stands there: its length for BM25
);

-- The terms of the full-text index. Unit: term. Key: term.
CREATE TABLE search_vocabulary (
    term VARCHAR,      -- stem (macro german_stem) of a word or of a part of a compound; function words are left out
    segments INTEGER,  -- segments in which it stands
    parts VARCHAR[]    -- of a compound the stems of its parts, by which Planung der Wärme is found with Wärmeplanung; else empty
);

-- In which segments a term stands and what that is worth; macro search adds it up. Key: term, n.
CREATE TABLE search_index (
    term VARCHAR,  -- see search_vocabulary
    n INTEGER,     -- see search_segments
    score FLOAT    -- Okapi BM25, k1 = 1.2 and b = 0.75 (Robertson and Zaragoza 2009, doi 10.1561/1500000019)
);

-- Words that are in every text and that the index leaves out. Unit: word. Key: word.
CREATE TABLE search_ignored (
    word VARCHAR  -- in small letters
);

-- Every segment with where it stands and who wrote it: what search and similar show. Unit: segment and project. Key: segment_id, project_id.
CREATE VIEW passages AS
SELECT
    s.id AS segment_id,                             -- see segments.id
    p.name AS project,                              -- name of the project
    p.cohort,                                       -- cohort of the project; NULL outside the cohorts
    d.file,                                         -- file name of the document
    s.page,                                         -- first page of the passage
    coalesce(s.heading_path[-1], '') AS heading,    -- nearest heading above the passage
    s.text,                                         -- the passage
    s.document_id,                                  -- see documents
    p.project_id                                    -- see projects
FROM segments AS s
JOIN documents AS d ON d.document_id = s.document_id
JOIN project_documents AS pd ON pd.document_id = s.document_id
JOIN projects AS p ON p.project_id = pd.project_id;

-- The stem of a word by CISTEM, without regard to case.
-- Weissweiler and Fraser 2017, Developing a Stemmer for German Based on a Comparative Analysis of Publicly Available
-- Stemmers, GSCL. Its loop cuts em, er, nd (of more than five letters) and t, e, s, n (of more than three); as these
-- endings differ in their last letters, one regular expression cuts the same. A star stands for a letter once more.
CREATE MACRO german_stem(word) AS
    regexp_replace(replace(replace(replace(
        regexp_replace(
            replace(replace(replace(replace(replace(replace(replace(
                replace(replace(replace(
                    regexp_replace(replace(translate(lower(word), 'äöü', 'aou'), 'ß', 'ss'), '^ge(.{4,})$', '\1'),
                'sch', '$'), 'ei', '%'), 'ie', '&'),
            'dd', 'd*'), 'ee', 'e*'), 'mm', 'm*'), 'nn', 'n*'), 'rr', 'r*'), 'ss', 's*'), 'tt', 't*'),
            '^(.{3})[tesn](?:em|er|nd|[tesn])*$|^(.{4,}?)(?:em|er|nd|[tesn])*$', '\1\2'
        ),
    '$', 'sch'), '%', 'ei'), '&', 'ie'), '(.)[*]', '\1\1', 'g');

-- The terms that search looks for, with their weight: the stems of the words 1, parts of compounds 0.7.
-- A word that no text has may be spelt with ae, oe, ue, or be a compound of two words that are known.
CREATE MACRO search_terms(sought) AS TABLE
WITH given AS (
    SELECT DISTINCT german_stem(word) AS stem
    FROM (SELECT unnest(regexp_extract_all(lower(sought), '[\p{L}\p{N}]+')) AS word)
    WHERE word NOT IN (SELECT word FROM search_ignored)
), respelt AS (
    SELECT coalesce(v.term, w.term, g.stem) AS stem, v.term IS NULL AND w.term IS NULL AS unknown
    FROM given AS g
    LEFT JOIN search_vocabulary AS v ON v.term = g.stem
    LEFT JOIN search_vocabulary AS w
        ON w.term = replace(replace(replace(g.stem, 'ae', 'a'), 'oe', 'o'), 'ue', 'u')
), places AS (
    SELECT stem, unnest(range(3, length(stem) - 2)) AS place FROM respelt WHERE unknown
), halves AS (
    SELECT
        p.stem, a.term AS first, b.term AS last,
        row_number() OVER (PARTITION BY p.stem ORDER BY least(length(a.term), length(b.term)) DESC, place, a.term) AS nth
    FROM places AS p
    JOIN search_vocabulary AS a ON a.term = german_stem(left(stem, place)) AND length(a.term) > 2
    JOIN search_vocabulary AS b ON b.term = substr(stem, place + 1)
), found AS (
    SELECT stem AS term, 1::DOUBLE AS weight FROM respelt
    UNION ALL SELECT unnest([first, last]), 0.7 FROM halves WHERE nth = 1
    UNION ALL SELECT unnest(parts), 0.7 FROM search_vocabulary
    WHERE term IN (SELECT stem FROM respelt UNION SELECT unnest([first, last]) FROM halves WHERE nth = 1)
)
SELECT term, max(weight) AS weight FROM found WHERE term IN (SELECT term FROM search_vocabulary) GROUP BY term;

-- Passages with the words sought in any inflection and inside compounds, best first (BM25).
CREATE MACRO search(sought) AS TABLE
WITH scored AS (
    SELECT i.n, round(sum(i.score * t.weight), 4) AS score
    FROM search_index AS i JOIN search_terms(sought) AS t ON t.term = i.term
    GROUP BY i.n
)
SELECT s.score, p.* FROM scored AS s
JOIN search_segments AS n ON n.n = s.n
JOIN passages AS p ON p.segment_id = n.segment_id
ORDER BY s.score DESC, p.segment_id, p.project_id;

-- Passages by how near they are in meaning to a segment, nearest first (cosine of the encoder's vectors).
CREATE MACRO "similar"(segment) AS TABLE
SELECT round(array_cosine_similarity(v.vector, w.vector)::DOUBLE, 4) AS score, p.*
FROM vectors AS v
JOIN (SELECT vector FROM vectors WHERE segment_id = segment) AS w ON true
JOIN passages AS p ON p.segment_id = v.segment_id
WHERE v.segment_id <> segment
ORDER BY score DESC, p.segment_id, p.project_id;
