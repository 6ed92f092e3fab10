-- title: {de: "Zitate zu einem Code", en: "Quotes on a code"}
-- about:
--   de: "Zitat, Kommune, Kohorte, Seite; die sichersten zuerst."
--   en: "Quote, municipality, cohort, page; surest first."
-- parameters:
--   code: {de: "Kürzel oder deutscher Name des Codes", en: "id or German name of the code", known: "SELECT id, name_de FROM codes"}
--   staffel: {de: "nur diese Kohorte", en: "this cohort only", default: null, known: "SELECT DISTINCT cohort FROM projects ORDER BY ALL"}
SELECT text, project, cohort, page, code, p, file FROM quotes($code, staffel := $staffel)
