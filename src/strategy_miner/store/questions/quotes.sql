-- title: {de: "Zitate zu einem Code", en: "Quotes on a code"}
-- about:
--   de: "Zitat, Kommune, Kohorte, Seite; die sichersten zuerst."
--   en: "Quote, municipality, cohort, page; surest first."
-- parameters:
--   code: {de: "Kürzel oder deutscher Name des Codes", en: "id or German name of the code"}
--   staffel: {de: "nur diese Kohorte", en: "this cohort only", default: null}
SELECT text, project, cohort, page, code, p, file FROM quotes($code, staffel := $staffel)
