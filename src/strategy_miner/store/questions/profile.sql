-- title: {de: "Profil eines Projekts", en: "Profile of a project"}
-- about:
--   de: "Je Thema: Handlungsfelder, Anteil am Text und an den Maßnahmen, daneben der mittlere Textanteil der Kohorte; nicht korrigierte Maschinencodes."
--   en: "By topic: declared fields, share of text and of measures, beside the mean share of text in the cohort; uncorrected machine codes."
-- parameters:
--   projekt: {de: "project_id oder Name", en: "project_id or name", known: "SELECT project_id, name FROM projects"}
SELECT e.code, e.declared, e.written, e.segments, e.written_share, s.share AS cohort_share, s.n_projects, e.planned, e.measures
FROM emphasis AS e
JOIN projects AS p ON p.project_id = e.project_id
LEFT JOIN codes_by_cohort AS s ON s.dimension = 'field' AND s.code = e.code AND s.cohort = coalesce(e.cohort, '')
WHERE lower($projekt) IN (lower(p.project_id), lower(p.name))
ORDER BY e.written_share DESC NULLS LAST, e.code
