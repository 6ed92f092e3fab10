-- title: {de: "Anteil am Text zu einem Code", en: "Share of text on a code"}
-- about:
--   de: "Je Kohorte: Projekte, Textstellen, mittlerer Anteil mit Intervall; nicht korrigierte Maschinencodes."
--   en: "By cohort: projects, passages, mean share with interval; uncorrected machine codes."
-- parameters:
--   code: {de: "Kürzel oder deutscher Name des Codes", en: "id or German name of the code", known: "SELECT id, name_de FROM codes"}
FROM share($code)
