"""The labels of Maßnahmensteckbriefe: which part of a measure a label such as "Zuständigkeit" announces."""

from __future__ import annotations

import re

from strategy_miner.text import fold

# Role -> words that name it. Cities word their templates differently; these are the terms of municipal planning.
_TERMS = {
    "title": "titel projekttitel massnahmentitel massnahmenname projektname massnahme projekt vorhaben einzelmassnahme "
    "massnahmenbezeichnung",
    "description": "kurzbeschreibung beschreibung inhalt inhalte projektbeschreibung massnahmenbeschreibung grundidee "
    "projektinhalt kurzinfo idee erlaeuterung",
    "goal": "ziel ziele zielsetzung zielsetzungen zielbild wirkung wirkungen nutzen mehrwert wirkungsziel projektziel "
    "projektziele effekte",
    "field": "handlungsfeld handlungsfelder themenfeld themenfelder zuordnung leitthema schwerpunkt",
    "responsible": "zustaendig zustaendige zustaendigkeit zustaendigkeiten verantwortlich verantwortliche "
    "verantwortlichkeit verantwortlichkeiten verantwortung federfuehrung federfuehrend akteur akteure initiator "
    "initiatoren traeger projekttraeger projektleitung ansprechpartner ansprechpartnerin ansprechpersonen "
    "hauptverantwortlich umsetzungsverantwortung",
    "partners": "partner beteiligte beteiligung kooperationspartner projektpartner partnerinnen mitwirkende",
    "period": "zeitraum laufzeit umsetzungszeitraum zeitplan zeitrahmen zeithorizont beginn start dauer "
    "projektlaufzeit umsetzungsbeginn umsetzungsdauer zeitliche fristigkeit realisierungszeitraum",
    "cost": "kosten kostenrahmen budget finanzierung aufwand anschubkosten investitionen investitionskosten "
    "kostenschaetzung finanzbedarf mittelbedarf foerdermittel finanzmittel ressourcen ressourcenbedarf gesamtkosten",
    "status": "status stand umsetzungsstand projektstatus massnahmentyp prioritaet bearbeitungsstand reifegrad",
    "steps": "handlungsschritte meilensteine umsetzungsschritte arbeitsschritte schritte arbeitspakete umsetzung",
    "other": "zielgruppe zielgruppen indikatoren erfolgsindikatoren indikator kennzahlen risiken technologie "
    "technologien hinweise anmerkungen voraussetzungen erfolgsfaktoren hemmnisse uebertragbarkeit",
}
_ROLE = {word: role for role, words in _TERMS.items() for word in words.split()}
PLANNING = frozenset({"responsible", "partners", "period", "cost", "status"})
_MOST_WORDS = 5
# What may stand before the first label word inside running text; else the label would swallow the end of a sentence.
_MODIFIER = re.compile(
    r"(?:möglich|weiter|geplant|voraussichtlich|jährlich|erwartet|nächst|beteiligt|geschätzt|zeitlich|ergänzend|zentral|"
    r"wesentlich|mögl|fachlich|politisch|finanziell|angestrebt|wichtig)\w*\.?$",
    re.IGNORECASE,
)
_COLON = re.compile(r"\s*:(?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:[-*:_]?[^\W\d_]+)*")


def label_role(phrase: str) -> str | None:
    """The role that a label announces, or None if the phrase is no label.

    Up to five words, of which the last one known decides: "Mögliche Akteure / Initiatoren (intern)" -> responsible.
    """
    bare = re.sub(r"\(.*?\)|\(.*$", "", phrase).strip(" :?.")
    words = _WORD.findall(fold(bare))
    if not 1 <= len(words) <= _MOST_WORDS or not bare[:1].isupper() or re.search(r":|[.;!]\s|\)", bare):
        return None
    roles = [_ROLE[word] for word in words if word in _ROLE]
    if not roles or (roles[-1] == "title" and len(words) > 2):
        return None
    if words[0] in ("weitere", "beteiligte") and roles[-1] == "responsible":
        return "partners"
    return roles[0] if len(words) == len(roles) else roles[-1]


def split_labels(text: str) -> tuple[str, list[tuple[str, str]]]:
    """A text with labels inside -> (what stands before the first label, [(label, value), ...]).

    "Zeitraum: ab 2024 Möglicher Akteur: Stadt" -> ("", [("Zeitraum", "ab 2024"), ("Möglicher Akteur", "Stadt")]).
    """
    marks: list[tuple[int, int, str]] = []
    for colon in _COLON.finditer(text):
        start = _label_start(text, colon.start(), marks[-1][1] if marks else 0)
        if start is not None:
            marks.append((start, colon.end(), text[start : colon.start()].strip()))
    if not marks:
        return text, []
    ends = [start for start, _, _ in marks[1:]] + [len(text)]
    pairs = [(label, text[after:end].strip()) for (_, after, label), end in zip(marks, ends, strict=True)]
    return text[: marks[0][0]].strip(), pairs


def _label_start(text: str, colon: int, floor: int) -> int | None:
    """Where the longest label that ends at the colon begins."""
    window = text[floor:colon]
    starts = [match.start() for match in re.finditer(r"(?<!\S)\S", window)][-7:]
    for start in starts:
        phrase = window[start:]
        first = phrase.split()[0]
        known = _WORD.findall(fold(first))
        starts_label = any(word in _ROLE for word in known) or bool(_MODIFIER.match(first))
        if phrase[:1].isupper() and starts_label and label_role(phrase):
            return floor + start
    return None
