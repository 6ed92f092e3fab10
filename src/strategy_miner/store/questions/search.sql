-- title: {de: "Textstellen mit Wörtern", en: "Passages with words"}
-- about:
--   de: "Volltextsuche über alle Textstellen: Beugung und zusammengesetzte Wörter werden gefunden. Nach Bedeutung sucht `strategy-miner search`."
--   en: "Full-text search over all passages, inflected forms and compounds included. `strategy-miner search` looks for the meaning, too."
-- parameters:
--   worte: {de: "Suchworte", en: "words sought"}
--   anzahl: {de: "so viele Treffer", en: "so many passages", default: 20}
SELECT score, project, cohort, page, heading, text, segment_id FROM search($worte) LIMIT $anzahl::INTEGER
