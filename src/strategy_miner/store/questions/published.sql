-- title: {de: "Veröffentlichte Zahlen neben berechneten", en: "Published figures beside computed ones"}
-- about:
--   de: "Mit Grund, wo sie nicht vergleichbar sind."
--   en: "With the reason where they cannot be compared."
SELECT id, published, denominator, computed, computed_denominator, n, result, reason FROM published
