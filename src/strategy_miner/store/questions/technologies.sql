-- title: {de: "Technologien in Maßnahmen", en: "Technologies in measures"}
-- about:
--   de: "Maßnahmen und Projekte, die eine Technologie nennen, je Kohorte."
--   en: "Measures and projects that name a technology, by cohort."
FROM technologies_by_cohort
