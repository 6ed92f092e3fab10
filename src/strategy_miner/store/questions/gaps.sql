-- title: {de: "Lücken zwischen Handlungsfeldern, Text und Maßnahmen", en: "Gaps between declared fields, text and measures"}
-- about:
--   de: "Wo ein Projekt sich am stärksten von den anderen unterscheidet; zum Nachlesen, kein Test."
--   en: "Where a project differs most from the others; for reading, no test."
-- parameters:
--   projekt: {de: "project_id; ohne Angabe alle", en: "project_id; all if left out", default: null, known: "SELECT project_id FROM projects"}
SELECT rank, kind, project_id, cohort, code, count, total, usual, ratio FROM gaps
WHERE $projekt::VARCHAR IS NULL OR project_id = $projekt::VARCHAR ORDER BY rank
