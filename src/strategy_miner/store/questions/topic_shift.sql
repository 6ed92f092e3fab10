-- title: {de: "Themenverschiebung: integrierte statt sektorale Felder?", en: "Topic shift: integrated instead of sectoral fields?"}
-- about:
--   de: "Jeder Indikator je Kohorte mit Intervall, dazu Differenz der letzten zur ersten Kohorte und Urteil."
--   en: "Each indicator by cohort with its interval, the difference of the last to the first cohort and the verdict."
FROM topic_shift
