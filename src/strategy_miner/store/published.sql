-- Published figures beside the same quantity computed from this corpus. Filled by analysis/published.py.

-- Published against computed, in the order of the corpus's file. Why a figure is not compared is a key with parameters, as the report says it in two languages. Key: id.
CREATE TABLE published (
    id VARCHAR,                    -- see published_figures
    subject VARCHAR,               -- what is counted: ecology, strategies, type, ...; '' if the id is not known
    quantity VARCHAR,              -- what was published, as written
    scope VARCHAR,                 -- for which projects, as written
    scope_kind VARCHAR,            -- all, cohort, type (of municipality), programme (more than this corpus); '' if not known
    scope_value VARCHAR,           -- the cohort or type; for subject type the type that is counted
    published DOUBLE,              -- the published figure
    places INTEGER,                -- its digits behind the decimal point
    denominator DOUBLE,            -- what it is a part of; NULL if it is no part
    unit VARCHAR,                  -- projects, measures, share, Mio. EUR, ...
    kind VARCHAR,                  -- count, from_text, from_table, lower_bound or approximate
    computed DOUBLE,               -- the same from this corpus; NULL if it was not measured
    computed_denominator DOUBLE,   -- what it is a part of
    n INTEGER,                     -- projects with a value behind computed
    n_scope INTEGER,               -- projects of the scope in this corpus
    comparable BOOLEAN,            -- whether the two can be compared
    result VARCHAR,                -- agrees, differs, not_compared
    difference DOUBLE,             -- computed less published where compared; with reason outside the least possible one
    tolerance DOUBLE,              -- what still counts as agreeing: half a unit of the last digit; a tenth if approximate
    reason VARCHAR,                -- why not compared: beyond, inside, no_cases, no_code, no_column, no_fields, no_text, partial, scope, unit, unknown, values; or outside
    parameters VARCHAR             -- JSON object with the values that the reason needs
);
