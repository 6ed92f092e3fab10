-- title: {de: "Handlungsfelder eines Projekts", en: "Declared fields of a project"}
-- about:
--   de: "Namen, Orientierung, Codes, Seite."
--   en: "Names, orientation, codes, page."
-- parameters:
--   projekt: {de: "project_id oder Name", en: "project_id or name", known: "SELECT project_id, name FROM projects"}
SELECT field_name, orientation, ecology, d.codes, page, origin, source
FROM declared AS d JOIN projects AS p USING (project_id)
WHERE lower($projekt) IN (lower(project_id), lower(p.name))
