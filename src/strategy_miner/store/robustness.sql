-- Tables of the robustness panel: the comparison of last and first cohort again under other choices of measurement.

-- One row per cell: one combination of choices. '' where a choice does not apply to the estimand. Key: cell.
CREATE TABLE robustness (
    cell VARCHAR,        -- name of the cell, estimand and choices: `strategy-miner robustness --cell NAME` computes it again
    estimand VARCHAR,    -- H1 or H3
    correction VARCHAR,  -- H3 raw: shares of machine codes; corrected: by the gold labels
    unit VARCHAR,        -- H3: what is counted: segment, section (same headings), page, window (three segments in a row)
    coder VARCHAR,       -- H3: see scores.coder
    threshold VARCHAR,   -- H3 own: the coder's; strict: a third fewer codes; loose: a third more; matched: every code as often as its mean probability says; none: probabilities without threshold
    cut DOUBLE,          -- H3: that threshold as a number; NULL where there is none or one per code
    level VARCHAR,       -- H1 found: the whole list; upper, lower: where a list mixes levels of headings, only its topmost or lowest
    origin VARCHAR,      -- H1 all; text, web, person: only names of this origin
    unclear VARCHAR,     -- H1 counted: names of unclear orientation count below the line; dropped: they do not count
    counting VARCHAR,    -- H1 orientation: that of the name; fraction: integrated among its codes; any: at least one integrated code
    weighting VARCHAR,   -- document: every project counts the same; ratios: mean of the projects' ratios (H3); pooled: every unit counts the same; tokens, tokens_pooled: the same two, units weighing by their words (H3)
    is_primary BOOLEAN,  -- whether it is the cell that the report calls the result
    n_projects INTEGER,  -- projects with a value in any cohort: the sample size
    difference DOUBLE,   -- between the last and the first cohort, as in contrasts
    low DOUBLE,          -- lower end of its 95 % process interval
    high DOUBLE,         -- upper end of its 95 % process interval
    low90 DOUBLE,        -- lower end of its 90 % process interval
    high90 DOUBLE,       -- upper end of its 90 % process interval
    p DOUBLE,            -- trend over the cohorts: studentised permutation of the slope; NULL for uncorrected cells
    permutations INTEGER,  -- permutations behind p; NULL for uncorrected cells
    verdict VARCHAR,     -- shift, no relevant shift or undecided; '' for uncorrected cells
    reason VARCHAR,      -- why, in words
    label VARCHAR,       -- provisional or confirmed for H1 (see estimates), corrected or uncorrected for H3
    same_direction BOOLEAN,  -- whether the difference has the sign of the primary cell's
    holds BOOLEAN        -- whether the verdict is that of the primary cell, for a shift in the same direction too; NULL for uncorrected cells
);

-- Estimates behind the cells of the panel. Key: cell, cohort.
CREATE TABLE robustness_cohorts (
    cell VARCHAR,        -- see robustness
    cohort VARCHAR,      -- cohort, '' for all projects of the corpus
    n_projects INTEGER,  -- projects with a value: the sample size
    n_units INTEGER,     -- H1 declared fields; H3 units of text (see robustness.unit), coded or not
    value DOUBLE,        -- the estimate, 0 to 1; NULL without projects
    low DOUBLE,          -- lower end of the 95 % process interval; NULL below two projects or without any spread
    high DOUBLE          -- upper end of the 95 % process interval
);

-- In how many cells the result holds, in all and per choice. Key: estimand, label, dimension, value.
CREATE TABLE robustness_summary (
    estimand VARCHAR,        -- H1 or H3
    label VARCHAR,           -- see robustness.label
    dimension VARCHAR,       -- column of robustness with the choice; '' for all cells
    value VARCHAR,           -- the choice; '' for the whole dimension
    n_cells INTEGER,         -- cells with a difference, the primary one included
    n_same_direction INTEGER,  -- of these, cells whose difference has the sign of the primary cell's
    n_beyond_zero INTEGER,   -- of these, cells whose 95 % interval lies on that side of 0
    n_holds INTEGER,         -- cells with the primary cell's verdict (for a shift, in its direction); NULL where none is given
    median_difference DOUBLE,  -- median over the cells
    lowest DOUBLE,           -- smallest difference
    highest DOUBLE,          -- largest difference
    spread DOUBLE            -- of a whole dimension: largest less smallest median of its choices; else NULL
);

-- Share of text per code under other weights of segments and projects, uncorrected: H4 as sensitivity. Key: code, cohort, weighting.
CREATE TABLE robustness_codes (
    code VARCHAR,        -- see codes.id, dimension field
    cohort VARCHAR,      -- cohort, '' for all projects of the corpus
    weighting VARCHAR,   -- see robustness.weighting
    n_projects INTEGER,  -- projects with text: the sample size
    n_units INTEGER,     -- segments
    value DOUBLE         -- share of text with the code, 0 to 1; NULL without text
);
