-- title: {de: "Maßnahmen: Welche Technologie bei welchem Thema?", en: "Measures: which technology for which topic?"}
-- about:
--   de: "Anteil der Maßnahmen eines Themas, die eine Technologie nennen, etwa Klima und digitaler Zwilling."
--   en: "Share of the measures on a topic that name a technology, such as climate and digital twin."
-- parameters:
--   technologie: {de: "Code der Dimension technology; ohne Angabe alle", en: "code of the dimension technology; all if left out", default: null, known: "SELECT id FROM codes WHERE dimension = 'technology'"}
SELECT code, technology, n_measures, measures, share FROM measures_by_topic
WHERE cohort = '' AND ($technologie::VARCHAR IS NULL OR technology = $technologie::VARCHAR)
ORDER BY measures DESC, code, technology
