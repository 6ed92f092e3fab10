-- title: {de: "Ökologie: Wie viele Strategien haben ein Handlungsfeld dazu?", en: "Ecology: how many strategies have a field on it?"}
-- about:
--   de: "Projekte mit mindestens einem Handlungsfeld zu Energie, Umwelt, Klima oder nachhaltiger Mobilität, je Kohorte."
--   en: "Projects with at least one field on energy, environment, climate or sustainable mobility, by cohort."
FROM ecology_by_cohort
