-- title: {de: "Woraus das Ergebnis entstand", en: "What the result was made of"}
-- about:
--   de: "Programmstände, Modelle, Parameter, Prüfsummen."
--   en: "Code versions, models, parameters, hashes."
SELECT key, value FROM runs ORDER BY key
