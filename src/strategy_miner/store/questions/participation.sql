-- title: {de: "Beteiligung: Formate und Erreichte", en: "Participation: formats and who was reached"}
-- about:
--   de: "Projekte mit Textstellen je Format und Kohorte, Anteil am Text; nicht korrigierte Maschinencodes."
--   en: "Projects with passages by format and cohort, share of text; uncorrected machine codes."
FROM participation_by_cohort
