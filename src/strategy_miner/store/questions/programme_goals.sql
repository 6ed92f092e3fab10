-- title: {de: "Programmziele", en: "Programme goals"}
-- about:
--   de: "Projekte mit Textstellen je Programmziel und Kohorte, Anteil am Text; nicht korrigierte Maschinencodes."
--   en: "Projects with passages by goal of the programme and cohort, share of text; uncorrected machine codes."
FROM programme_goals_by_cohort
