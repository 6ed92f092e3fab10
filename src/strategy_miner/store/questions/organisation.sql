-- title: {de: "Organisation: Strukturen in und neben der Verwaltung", en: "Organisation: structures in and beside the administration"}
-- about:
--   de: "Projekte mit Textstellen je Struktur und Kohorte, Anteil am Text; nicht korrigierte Maschinencodes."
--   en: "Projects with passages by structure and cohort, share of text; uncorrected machine codes."
FROM organisation_by_cohort
