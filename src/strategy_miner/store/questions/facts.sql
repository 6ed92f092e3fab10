-- title: {de: "Projektmerkmale und Themen", en: "Facts of the projects and topics"}
-- about:
--   de: "Mittelwert eines Indikators nach einem Merkmal der Projekte, etwa Gemeindetyp oder Förderung (Spalte von projects.csv oder einer weiteren Tabelle)."
--   en: "Mean of an indicator by a fact of the projects, such as type or funding (a column of projects.csv or of a further table)."
-- parameters:
--   merkmal: {de: "Name der Spalte, siehe project_facts", en: "name of the column, see project_facts", default: "municipality_type", known: "SELECT DISTINCT fact FROM facts_and_topics ORDER BY ALL"}
--   indikator: {de: "H1, H2, H3, H4, I2 oder I3", en: "H1, H2, H3, H4, I2 or I3", default: "H1", known: "SELECT DISTINCT estimand FROM facts_and_topics ORDER BY ALL"}
--   code: {de: "nur bei H2, H4, I3", en: "with H2, H4, I3 only", default: ""}
SELECT fact_value AS value, count(*) AS n_projects, avg(value) AS mean, min(value) AS least, max(value) AS most
FROM facts_and_topics
WHERE fact = $merkmal AND estimand = $indikator AND code = $code AND facts_and_topics.value IS NOT NULL
GROUP BY fact_value ORDER BY fact_value
