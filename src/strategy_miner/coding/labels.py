"""The labels of Maßnahmensteckbriefe: which part of a measure a label such as "Zuständigkeit" announces."""

from __future__ import annotations

import re
from functools import lru_cache

from strategy_miner.text import fold

# Role -> words that name it. Cities word their templates differently; these are the terms of municipal planning.
_TERMS = {
    "title": "titel projekttitel massnahmentitel massnahmenname projektname massnahme projekt vorhaben einzelmassnahme "
    "massnahmenbezeichnung projektbezeichnung",
    "description": "kurzbeschreibung beschreibung inhalt inhalte projektbeschreibung massnahmenbeschreibung grundidee "
    "projektinhalt kurzinfo idee erlaeuterung projektidee kurztext massnahmeninhalt vorhabenbeschreibung",
    "goal": "ziel ziele zielsetzung zielsetzungen zielbild wirkung wirkungen nutzen mehrwert wirkungsziel projektziel "
    "projektziele effekte zielstellung massnahmenziel strategie wirkungsziele",
    "field": "handlungsfeld handlungsfelder themenfeld themenfelder zuordnung leitthema schwerpunkt themenbereich "
    "aktionsfeld handlungsbereich",
    "responsible": "zustaendig zustaendige zustaendigkeit zustaendigkeiten verantwortlich verantwortliche "
    "verantwortlicher verantwortlichkeit verantwortlichkeiten verantwortung federfuehrung federfuehrend akteur akteure "
    "initiator initiatoren traeger projekttraeger projektleitung ansprechpartner ansprechpartnerin ansprechperson "
    "ansprechpersonen hauptverantwortlich umsetzungsverantwortung projektverantwortung projektverantwortliche "
    "projektverantwortlicher traegerschaft massnahmentraeger vorhabentraeger lead leitung umsetzer umsetzende "
    "massnahmenverantwortung massnahmenverantwortliche akteurinnen",
    "partners": "partner beteiligte beteiligung kooperationspartner projektpartner partnerinnen mitwirkende "
    "projektbeteiligte umsetzungspartner kooperationen kooperation projektpartnerinnen netzwerkpartner mitwirkung "
    "unterstuetzer kooperationspartnerinnen mitarbeit",
    "period": "zeitraum laufzeit umsetzungszeitraum zeitplan zeitrahmen zeithorizont beginn start dauer "
    "projektlaufzeit umsetzungsbeginn umsetzungsdauer zeitliche fristigkeit realisierungszeitraum projektstart "
    "projektende projektbeginn zeitplanung umsetzungshorizont projektzeitraum termin umsetzungsstart realisierung "
    "zeitschiene projektdauer massnahmenbeginn umsetzungsende fertigstellung durchfuehrungszeitraum",
    "cost": "kosten kostenrahmen budget finanzierung aufwand anschubkosten investitionen investitionskosten "
    "kostenschaetzung finanzbedarf mittelbedarf foerdermittel finanzmittel ressourcen ressourcenbedarf gesamtkosten "
    "projektkosten gesamtaufwand finanzierungsansatz gesamtbudget investition finanzierungsbedarf finanzvolumen "
    "projektbudget foerdersumme sachkosten umsetzungskosten projektvolumen investitionsvolumen mitteleinsatz "
    "kostenaufwand investitionsbedarf finanzaufwand haushaltsmittel",
    "status": "status stand umsetzungsstand projektstatus massnahmentyp prioritaet bearbeitungsstand reifegrad "
    "umsetzungsstatus projektstand projektphase sachstand projekttyp umsetzungsphase massnahmenstatus massnahmenart "
    "priorisierung umsetzungsreife",
    "steps": "handlungsschritte meilensteine umsetzungsschritte arbeitsschritte schritte arbeitspakete umsetzung "
    "teilmassnahmen bausteine vorgehen vorgehensweise projektschritte massnahmenschritte teilschritte",
    "technology": "technologie technologien technik technikeinsatz schnittstellen",
    "other": "zielgruppe zielgruppen indikatoren erfolgsindikatoren indikator kennzahlen risiken hinweise anmerkungen "
    "voraussetzungen erfolgsfaktoren hemmnisse uebertragbarkeit ausgangslage ausgangssituation synergien "
    "wertschoepfung standort kpi kpis wirkungsindikatoren skalierbarkeit erfolgskontrolle bemerkungen bemerkung "
    "herausforderungen verortung raumbezug controlling monitoring evaluation anmerkung",
}  # fmt: skip
_ROLE = {word: role for role, words in _TERMS.items() for word in words.split()}
# Templates that ask: "Worum geht es?", "Wer macht mit?"
_QUESTIONS = (
    ("partners", r"mit wem|wer (?:ist|wirkt|macht|hilft) (?:noch )?(?:mit|beteiligt|dabei)|wer unterstuetzt"),
    ("responsible", r"wer (?:macht|setzt|ist|kuemmert|uebernimmt|fuehrt|verantwortet)"),
    ("period", r"(?:bis |ab )?wann|wie lange"),
    ("cost", r"was kostet|wie ?viel|wie teuer|was darf"),
    ("goal", r"warum|wozu|weshalb|was (?:bringt|wollen wir|soll erreicht)|welches? ziele?"),
    ("description", r"worum|was (?:ist|wird|haben wir|machen wir|passiert|soll|tun|planen|steckt)"),
    ("status", r"wie (?:weit|ist der stand)|wo stehen"),
    ("steps", r"wie (?:machen|setzen|gehen|wird)|was sind die naechsten"),
    ("other", r"fuer wen|wem|woran|wo"),
)
PLANNING = frozenset({"responsible", "partners", "period", "cost", "status"})
_MOST_WORDS = 5
# What may stand before the first label word inside running text; else the label would swallow the end of a sentence.
_MODIFIER = re.compile(
    r"(?:möglich|weiter|geplant|voraussichtlich|jährlich|erwartet|nächst|beteiligt|geschätzt|zeitlich|ergänzend|zentral|"
    r"wesentlich|mögl|fachlich|politisch|finanziell|angestrebt|wichtig|konkret|strategisch|übergeordnet|erst|extern|"
    r"intern|einmalig|laufend|grob|kurz|federführend|zuständig|verantwortlich|beabsichtigt|inhaltlich|technisch|"
    r"einführung|räumlich|notwendig|benötigt|potenziell|potentiell|aktuell|derzeitig|personell|organisatorisch)\w*\.?$",
    re.IGNORECASE,
)
# Beside label words, modifiers and these a label that stands alone has no others: "Allianz der Partner" is a title.
_SMALL = frozenset(
    ["der", "die", "das", "des", "dem", "den", "und", "oder", "fuer", "zur", "zum", "im", "in", "am", "an", "von",
     "bei", "mit", "durch", "auf", "aus", "bzw", "sowie", "zu", "nach", "pro", "je", "ca", "massnahme", "massnahmen",
     "projekt", "projekts", "projektes", "projekte", "umsetzung", "amt", "aemter", "stelle", "stellen", "organisation",
     "einheit", "fachbereich", "eur", "euro", "teur", "beispiele", "effekte", "stadt", "verwaltung", "person",
     "personen", "akteure", "innen"]
)  # fmt: skip
_OF_MEASURE = re.compile(r"\s+(?:der|des|zur|im)\s+(?:Einzel)?(?:Maßnahmen?|Projekt(?:e?s)?|Vorhabens?)$")
# After these a label word belongs to the sentence: "daraus folgen diese Schritte: ..."
_DETERMINER = re.compile(
    r"\b(?:der|die|das|den|dem|des|eine?[nmrs]?|folgenden?|nachstehenden?|unser\w*|diese\w*|welche\w*|seine?\w*|ihre?\w*|"
    r"alle\w?|mit|von|für|zu|zur|zum|im|in|am|an|auf|bei|und|oder|als|wie|sind|ist)\s+$",
    re.IGNORECASE,
)
_WINDOW = 120  # characters before a colon in which its label begins
_COLON = re.compile(r"\s*:(?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:[-*:_]?[^\W\d_]+)*")


@lru_cache(maxsize=20_000)  # labels recur
def label_role(phrase: str, alone: bool = False) -> str | None:
    """The role that a label announces, or None if the phrase is no label.

    Up to five words, of which the last one known decides: "Mögliche Akteure / Initiatoren (intern)" -> responsible.
    `alone`: the phrase stands by itself, as a heading might; then every word must belong to the language of labels
    and nouns must have their capital ("Baulücken nutzen" is a title, though "Nutzen" is a label).
    """
    bare = re.sub(r"\(.*?\)|\(.*$", "", phrase).strip(" :?.")
    if (of := _OF_MEASURE.search(bare)) and (head := fold(bare[: of.start()])):
        bare = "Zeitraum" if head == "einfuehrung" else bare[: of.start()]
    found = _WORD.findall(bare)
    words = [fold(word) for word in found]
    if phrase.rstrip(" :").endswith("?") and len(phrase.split()) <= 2 * _MOST_WORDS:
        return _asked(bare)
    if not 1 <= len(words) <= _MOST_WORDS or not bare[:1].isupper() or re.search(r":|[.;!]\s|\)", bare):
        return None
    roles = [_ROLE[word] for word in words if word in _ROLE]
    if not roles or (roles[-1] == "title" and len(words) > 2):
        return None
    if alone and not all(_in_label(word, folded) for word, folded in zip(found, words, strict=True)):
        return None
    if words[0].startswith(("weiter", "beteiligt")) and roles[-1] == "responsible":
        return "partners"
    return roles[0] if len(words) == len(roles) or "und" in words else roles[-1]


def _asked(question: str) -> str | None:
    folded = " ".join(fold(word) for word in _WORD.findall(question))
    return next((role for role, pattern in _QUESTIONS if re.match(rf"(?:{pattern})\b", folded)), None)


def _in_label(word: str, folded: str) -> bool:
    if folded in _SMALL or _MODIFIER.match(word):
        return True
    return folded in _ROLE and (word[:1].isupper() or folded.endswith(("end", "lich", "ig")))


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
    floor = max(floor, colon - _WINDOW)
    window = text[floor:colon]
    starts = [match.start() for match in re.finditer(r"(?<!\S)\S", window)][-7:]
    for start in starts:
        phrase = window[start:]
        if not phrase[:1].isupper():
            continue
        first = phrase.split()[0]
        known = _WORD.findall(fold(first))
        starts_label = any(word in _ROLE for word in known) or bool(_MODIFIER.match(first))
        if starts_label and label_role(phrase) and not _DETERMINER.search(window[:start]):
            return floor + start
    return None
