-- title: {de: "Akteure", en: "Actors"}
-- about:
--   de: "Projekte mit Textstellen je Akteur und Kohorte, Anteil am Text; nicht korrigierte Maschinencodes."
--   en: "Projects with passages by actor and cohort, share of text; uncorrected machine codes."
FROM actors_by_cohort
