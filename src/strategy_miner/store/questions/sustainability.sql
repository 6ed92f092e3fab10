-- title: {de: "Nachhaltigkeit: Wer schreibt von allen drei Zielen?", en: "Sustainability: who writes of all three goals?"}
-- about:
--   de: "Ökologische, ökonomische und soziale Ziele: Projekte mit Textstellen dazu, je Kohorte; nicht korrigierte Maschinencodes."
--   en: "Ecological, economic and social goals: projects with passages on them, by cohort; uncorrected machine codes."
SELECT
    coalesce(cohort, '') AS cohort,
    count(*) AS n_projects,
    count(*) FILTER (ecological > 0) AS ecological,
    count(*) FILTER (economic > 0) AS economic,
    count(*) FILTER (social > 0) AS social,
    count(*) FILTER (all_three) AS all_three
FROM sustainability_by_project GROUP BY ALL ORDER BY ALL
