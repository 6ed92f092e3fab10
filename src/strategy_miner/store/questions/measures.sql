-- title: {de: "Maßnahmen: wie viele, in welchem Stand?", en: "Measures: how many, at what stage?"}
-- about:
--   de: "Maßnahmen je Kohorte nach Stand: Quick Win, Umsetzung, begonnen, abgeschlossen, ohne Angabe."
--   en: "Measures by cohort and status: quick win, implementation, begun, done, not said."
FROM measures_by_cohort
