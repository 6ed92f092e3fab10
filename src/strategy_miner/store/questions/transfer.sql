-- title: {de: "Transfer: Open Source, Nachnutzung, Netzwerke, Wissen", en: "Transfer: open source, re-use, networks, knowledge"}
-- about:
--   de: "Projekte mit Textstellen je Form des Transfers und Kohorte, Anteil am Text; nicht korrigierte Maschinencodes."
--   en: "Projects with passages by form of transfer and cohort, share of text; uncorrected machine codes."
FROM transfer_by_cohort
