-- Tables of coded.duckdb. The line above a table and the text behind a column become their comments in the database.

-- One row per project of projects.csv; its further columns follow as they are, as text. Unit: project. Key: project_id.
CREATE TABLE projects (
    project_id VARCHAR,         -- short name of the project within the corpus
    name VARCHAR,               -- municipality or group of municipalities
    cohort VARCHAR,             -- value of the corpus's cohort column; NULL outside the cohorts
    cohort_order INTEGER,       -- place of the cohort in the order of corpus.yaml, from 0; NULL outside the cohorts
    municipality_type VARCHAR,  -- type of municipality as in projects.csv
    title VARCHAR,              -- title of the strategy
    published VARCHAR,          -- month of publication, YYYY-MM; empty if unknown
    files VARCHAR[]             -- names of the project's PDF files as in projects.csv
);

-- What the corpus says about itself. Unit: property of the corpus. Key: key.
CREATE TABLE corpus_info (
    key VARCHAR,   -- name, title_de, title_en, cohort_label, cohort_label_en, cohort_values (JSON list), fictional, notes, notes_en, scope, scope_en
    value VARCHAR  -- its value as text
);

-- What projects.csv and the further tables say about a project, column by column. Unit: column and project. Key: fact, project_id.
CREATE TABLE project_facts (
    fact VARCHAR,        -- name of the column; published_year is the year of published; a name used before follows its table's and a point
    source VARCHAR,      -- the file it stands in; tables with several rows for a project are left out
    project_id VARCHAR,  -- see projects
    value VARCHAR,       -- the cell as written; NULL if it is empty
    number DOUBLE        -- the same as a number, if all filled cells of the column are numbers
);

-- Figures that others published about these projects, as the corpus gives them; table published compares them. Unit: figure. Key: id.
CREATE TABLE published_figures (
    id VARCHAR,              -- says what is counted; docs/data.md lists those that can be computed
    quantity VARCHAR,        -- what was published, as written
    scope VARCHAR,           -- for which projects, as written
    value DOUBLE,            -- the figure
    text VARCHAR,            -- the figure as written, with a decimal point: its precision
    denominator DOUBLE,      -- what it is a part of; NULL if it is no part
    unit VARCHAR,            -- projects, measures, share, Mio. EUR, ...
    kind VARCHAR             -- count, from_text, from_table, lower_bound or approximate
);

-- One row per file of the corpus, whether or not it could be read. Unit: document. Key: document_id.
CREATE TABLE documents (
    document_id VARCHAR,   -- first 16 hex digits of the file's SHA-256; 'missing:' and the file name where it is missing
    file VARCHAR,          -- file name, the first one if two files are equal
    sha256 VARCHAR,        -- SHA-256 of the file; NULL if missing
    status VARCHAR,        -- read: text was read and coded; failed: a stage gave nothing (see failures); missing: no file
    pages INTEGER,         -- pages read or tried; NULL if nothing is known of them
    pages_unread INTEGER,  -- of these, pages of grade unread
    words INTEGER,         -- words on the pages
    segments INTEGER       -- segments cut from the text
);

-- Which project wrote which document; a shared document has several rows. Key: project_id, document_id.
CREATE TABLE project_documents (
    project_id VARCHAR,  -- see projects
    document_id VARCHAR  -- see documents
);

-- One row per page. Unit: page. The page is NULL for formats without pages. Key: document_id, page.
CREATE TABLE pages (
    document_id VARCHAR,  -- see documents
    page INTEGER,         -- page number in the file, from 1
    width FLOAT,          -- in PDF points
    height FLOAT,         -- in PDF points
    engine VARCHAR,       -- what read the page
    grade VARCHAR,        -- read, doubtful, unread or empty
    reason VARCHAR,       -- why the grade is not 'read'
    words INTEGER,        -- words in the blocks that start on the page
    german FLOAT,         -- share of the words that speak for German, 0 to 1; NULL with too few words
    disagreement FLOAT,   -- share of words in which two readers differ; NULL where only one ran
    confidence FLOAT      -- what OCR says of its words, 0 to 1; NULL where the text was not read from a picture
);

-- One row per block of a page in reading order, running heads and footnotes included. Unit: block. Key: id.
CREATE TABLE blocks (
    id VARCHAR,              -- stable id
    document_id VARCHAR,     -- see documents
    page INTEGER,            -- page on which the block starts
    "order" INTEGER,         -- place in the document's reading order
    kind VARCHAR,            -- heading, paragraph, list_item, table, caption, footnote, box, toc, running_head, ...
    level INTEGER,           -- level of a heading, or nesting of a list item, from 1; else NULL
    text VARCHAR,            -- repaired text: hyphens joined, ligatures resolved
    raw VARCHAR,             -- text as the page shows it, lines split by newlines
    heading_path VARCHAR[],  -- headings above the block, outermost first
    boxes STRUCT(page INTEGER, x0 FLOAT, top FLOAT, x1 FLOAT, bottom FLOAT)[],  -- where it stands, in PDF points
    rows VARCHAR[][],        -- cells of a table by row, else empty
    header_rows INTEGER,     -- so many rows from the top name the columns
    header_columns INTEGER,  -- so many columns from the left name the rows
    pairs VARCHAR[][],       -- label and value of each line of a form (measure sheet), else empty
    belongs_to VARCHAR,      -- block with a footnote's mark, or table or figure of a caption; empty if none
    language VARCHAR,        -- ISO 639-1 code; empty where the block is too short to tell
    offsets INTEGER[][]      -- stretches that text and raw have alike: start in text, start in raw, length
);

-- One row per word as the page shows it. Unit: word. Key: document_id, n.
CREATE TABLE words (
    document_id VARCHAR,  -- see documents
    page INTEGER,         -- page on which the word stands
    block_id VARCHAR,     -- see blocks.id
    n INTEGER,            -- number of the word in the document's reading order, from 0
    text VARCHAR,         -- the word with its punctuation
    x0 FLOAT,             -- left edge in PDF points
    top FLOAT,            -- upper edge, from the top of the page
    x1 FLOAT,             -- right edge
    bottom FLOAT          -- lower edge, from the top of the page
);

-- One row per piece of text that is coded: a paragraph, list item, box or group of table rows. Unit: segment. Key: id.
CREATE TABLE segments (
    id VARCHAR,              -- stable id
    document_id VARCHAR,     -- see documents
    "order" INTEGER,         -- place in the document
    page INTEGER,            -- first page of the segment; NULL without pages
    role VARCHAR,            -- kind of block it came from
    heading_path VARCHAR[],  -- headings above the segment, outermost first
    text VARCHAR,            -- repaired text
    words INTEGER[],         -- numbers of its words, see words.n
    boxes STRUCT(page INTEGER, x0 FLOAT, top FLOAT, x1 FLOAT, bottom FLOAT)[],  -- where it stands, in PDF points
    blocks VARCHAR[]         -- the blocks it came from, see blocks.id
);

-- One row per segment with its sentence vector; as long as the encoder's vectors. Key: segment_id.
CREATE TABLE vectors (
    segment_id VARCHAR,  -- see segments.id
    vector FLOAT[384]    -- of length 1, so that the dot product is the cosine
);

-- The words of a segment with lemma and part of speech, without signs and numbers. Unit: segment. Key: segment_id.
CREATE TABLE lemmas (
    segment_id VARCHAR,   -- see segments.id
    document_id VARCHAR,  -- see documents
    lemmas VARCHAR[],     -- base forms in the order of the text; nouns with their capital
    tags VARCHAR[]        -- for each of them its part of speech (Universal Dependencies: NOUN, ADJ, PROPN, VERB, ...)
);

-- The codebook: one row per code. Unit: code. Key: dimension, id.
CREATE TABLE codes (
    dimension VARCHAR,     -- field, technology, ...
    id VARCHAR,            -- fixed short name
    kind VARCHAR,          -- sectoral or integrated for fields; empty in other dimensions
    name_de VARCHAR,       -- German name
    name_en VARCHAR,       -- English name
    definition_de VARCHAR  -- German definition
);

-- One row per code that a coder gave to a segment; codes below the coder's threshold are not kept. Key: unit_id, dimension, code, coder.
CREATE TABLE codings (
    unit_id VARCHAR,      -- the segment, see segments.id
    document_id VARCHAR,  -- see documents
    dimension VARCHAR,    -- see codes.dimension
    code VARCHAR,         -- see codes.id
    p DOUBLE,             -- the coder's probability, 0 to 1; 1 for people
    coder VARCHAR,        -- person or model id
    evidence VARCHAR      -- what spoke for the code
);

-- Probabilities of every code of the dimension field for every segment, also below the threshold. Key: segment_id, coder.
CREATE TABLE scores (
    segment_id VARCHAR,   -- see segments.id
    document_id VARCHAR,  -- see documents
    coder VARCHAR,        -- lexicon: the words of the codebook, a rank in four steps; codebook: the model fitted on the codebook; supervised: models that labels of other documents trained, where there are any
    p FLOAT[]             -- one for each code of the dimension field, in the order of codes
);

-- The probability above which a coder gives a code. Unit: coder of scores. Key: coder.
CREATE TABLE thresholds (
    coder VARCHAR,    -- see scores.coder
    threshold DOUBLE  -- 0 to 1
);

-- Segments drawn for people to code, by strata within each document; empty where nothing was drawn. Key: drawn_segment_id.
CREATE TABLE gold_sample (
    segment_id VARCHAR,        -- the segment as it is now, see segments.id; NULL where the drawn one is lost
    document_id VARCHAR,       -- see documents
    stratum VARCHAR,           -- what the classifier said at the draw: none, coded or uncertain
    stratum_size INTEGER,      -- segments of the stratum in the document at the draw
    stratum_drawn INTEGER,     -- of these, segments drawn; a segment's probability of being drawn is this / stratum_size
    drawn_segment_id VARCHAR,  -- id of the segment as it was drawn
    how VARCHAR                -- how the present segment was found: id, text, similar, or lost
);

-- Codes of the dimension field that people gave to the segments drawn; lost ones are left out. Key: segment_id, coder.
CREATE TABLE gold_labels (
    segment_id VARCHAR,  -- see segments.id
    coder VARCHAR,       -- name of the person; consensus is the settled label, the gold
    codes VARCHAR[]      -- see codes.id; empty: no code fits
);

-- What is to be said of the labels: files and labels that could not be used. Key: kind, file.
CREATE TABLE gold_notes (
    kind VARCHAR,    -- unreadable, undrawn, lost, moved, unsettled, outdated or codebook (drawn for another one)
    file VARCHAR,    -- file under corpus/<name>/labels
    n INTEGER,       -- labels or segments concerned; 0 where none could be read
    message VARCHAR  -- one line with the remedy
);

-- Names of fields of action that a project declares, of every origin; view declared has those that count. Key: project_id, id.
CREATE TABLE declared_fields (
    id VARCHAR,           -- stable id
    project_id VARCHAR,   -- see projects; a shared document gives one row per project
    document_id VARCHAR,  -- see documents; empty for names from outside the PDFs
    field_name VARCHAR,   -- the name as written
    page INTEGER,         -- page of the name, if it was read from a PDF
    level INTEGER,        -- level of its heading, if it was one
    codes VARCHAR[],      -- codes of the dimension field
    orientation VARCHAR,  -- sectoral, integrated or unclear
    ecology BOOLEAN,      -- whether it names energy, environment, climate or sustainable mobility
    evidence VARCHAR,     -- what spoke for it
    origin VARCHAR,       -- person, text or web: who says that it is declared
    source VARCHAR,       -- where the origin says so
    oriented_by VARCHAR,  -- person if a person set the orientation in declared_fields.csv, else machine
    ecology_by VARCHAR,   -- the same for ecology
    counts BOOLEAN        -- whether the name belongs to the list of its project, as people corrected it
);

-- What further coders say of names of declared_fields.csv: the first row there counts, these show how far coders differ. Key: project_id, field_name, coder.
CREATE TABLE second_readings (
    project_id VARCHAR,   -- see projects
    field_name VARCHAR,   -- the name as the row that counts has it, see declared_fields.field_name
    coder VARCHAR,        -- who says so
    orientation VARCHAR,  -- sectoral, integrated or unclear; NULL if left empty
    ecology BOOLEAN       -- NULL if left empty
);

-- One row per measure (Maßnahme) found in a document. Unit: measure. Key: id.
CREATE TABLE measures (
    id VARCHAR,           -- stable id
    document_id VARCHAR,  -- see documents
    page INTEGER,         -- page on which it starts
    title VARCHAR,        -- its title as written
    description VARCHAR,  -- its description
    codes VARCHAR[],      -- codes of the dimension field
    labels VARCHAR[][],   -- pairs of label and value as written
    boxes STRUCT(page INTEGER, x0 FLOAT, top FLOAT, x1 FLOAT, bottom FLOAT)[],  -- where it stands, in PDF points
    form VARCHAR,         -- how the document states it: sheet, table, list or section, strongest evidence first
    fields VARCHAR[],     -- names of fields of action as the sheet writes them
    technologies VARCHAR[],  -- codes of the dimension technology
    status VARCHAR,       -- quick_win, implementation (planned), begun, done; empty if not said
    responsible VARCHAR,  -- who carries it out, as written
    partners VARCHAR,     -- with whom, as written
    period VARCHAR,       -- when, as written
    start_year INTEGER,   -- first year; NULL if open or not stated
    end_year INTEGER,     -- last year; NULL if open or not stated
    cost VARCHAR,         -- cost as written
    cost_euro_low DOUBLE,   -- lower end of the cost in euro; NULL if open or no number is stated
    cost_euro_high DOUBLE,  -- upper end of the cost in euro
    cost_per_year BOOLEAN   -- whether that sum is due every year
);

-- Texts of calls for proposals that the user supplied as calls/*.txt. Unit: file. Key: file.
CREATE TABLE calls (
    file VARCHAR,    -- name of the text file
    cohort VARCHAR,  -- the cohort whose call it is, from the file name; NULL: of all cohorts
    text VARCHAR     -- the text as supplied
);

-- What could not be processed and what to do about it. Unit: document and stage. Key: document_id, stage.
CREATE TABLE failures (
    document_id VARCHAR,  -- see documents
    file VARCHAR,         -- file name
    stage VARCHAR,        -- extract, segment, embed, tag, classify, fields, measures; store for a document without any text
    error VARCHAR,        -- kind of error
    message VARCHAR       -- one line with the remedy
);

-- Provenance: what made this database. Unit: property of the run. Key: key.
CREATE TABLE runs (
    key VARCHAR,   -- schema_version, nlp (language pipeline), versions of code and libraries, model ids, hashes, seed
    value VARCHAR  -- its value as text
);
