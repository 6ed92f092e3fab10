-- title: {de: "Was nicht gelesen werden konnte", en: "What could not be read"}
-- about:
--   de: "Dateien und Seiten mit Grund."
--   en: "Files and pages with the reason."
SELECT file, NULL::INTEGER AS page, message AS reason FROM failures
UNION ALL
SELECT d.file, g.page, g.reason FROM pages AS g JOIN documents AS d USING (document_id) WHERE g.grade = 'unread'
ORDER BY ALL
