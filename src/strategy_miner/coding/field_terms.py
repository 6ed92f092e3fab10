"""What municipalities call their fields of action, and how a name is told from everything else that heads a text.

Three ranks of terms: those that mean a field of action and nothing else (Handlungsfeld, Themenfeld), those that often
do (Leitthema, Zielbild, Säule), and goals that stand in for fields where nothing else does (Leitziel). Cross-cutting
themes (Querschnittsthemen) are no fields.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from strategy_miner.text import fold

LEAST, MOST = 2, 20  # names in a list; what programmes declare lies between 3 and 14
MOST_WORDS = 14

_FORE = r"(?:smart[-\s]?city[-\s]?|digital(?:isierungs)?-?|strategie-?|haupt-?|kern-?|schlüssel-?)?"
_ART = rf"{_FORE}(?:handlungs|themen|aktions|fokus|strategie|politik)feld|{_FORE}handlungsbereich|aktionsbereich"
_LOOSE = (
    r"(?:leit|fokus|kern|zukunfts|schlüssel|schwerpunkt|haupt)them|themenschwerpunkt|handlungsschwerpunkt|zielbild|"
    r"(?:ziel|zukunfts|kern|innovations|gestaltungs|wirkungs|entwicklungs|schlüssel|arbeits|maßnahmen|schwerpunkt)feld|"
    r"(?:themen|schwerpunkt|fokus|lebens|kern|wirkungs)bereich|themencluster|schwerpunkt|säule|dimension"
)
_GOAL = r"leitziel|strategische[rns]?\s+ziel|entwicklungsziel|themenblock"
_ENDING = r"(?:er[ns]?|en|es|e|s|n|a)?"
_RANKS = tuple(re.compile(rf"(?:{stem}){_ENDING}(?!\w)", re.IGNORECASE) for stem in (_ART, _LOOSE, _GOAL))
_ANY = rf"(?:{_ART}|{_LOOSE}|{_GOAL})"
COUNT = r"(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|vierzehn|\d{1,2})"
_NUMERALS = (
    "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "dreizehn", "vierzehn"
)  # fmt: skip

NUMBER = re.compile(
    r"^\s*(?:(?:kapitel|teil)\s+(?:[A-Z]|\d+|[IVX]+)\s*[:|–.-]\s+|(?:(?:kapitel|teil)\s+)?(?:[A-Z]?\d+(?:\.\d+)*\.?|[IVX]+\.|[A-Z][.)]|[A-Z](?=\s*[|–]))\s*[|:–-]?\s+)",
    re.IGNORECASE,
)
PLURAL = re.compile(
    r"(?:felder[ns]?|themen|bilder[n]?|bereiche[n]?|säulen|punkte[n]?|dimensionen|cluster[n]?|ziele[n]?|"
    r"blöcke[n]?)(?!\w)",
    re.IGNORECASE,
)
TERM = re.compile(rf"(?<![\w-]){_ANY}{_ENDING}(?!\w)", re.IGNORECASE)
COUNTED = re.compile(
    rf"(?<!\w)(?P<count>{COUNT})\s+(?:[\w-]+e[rns]?\s+(?:und\s+[\w-]+e[rns]?\s+)?)?(?P<term>{_ANY}){_ENDING}(?!\w)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"^(?:(?:unser|das|die)e?\s+)?(?P<term>{_ANY}a?|HF)\s*(?P<number>(?-i:[A-Z])?\d{{0,2}}(?:\.\d{{1,2}})?|"
    rf"\s(?-i:[IVX]{{1,4}}|[A-Z])(?!\w))"
    rf"\s*(?P<mark>[:|.–-])?\s+(?P<name>\S.*)$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    rf"^(?P<term>{_ANY}a?|HF)\s*(?:(?-i:[A-Z])?\d{{1,2}}|\s(?-i:[IVX]{{1,4}}|[A-Z]))?\s*[:|.–-]?$", re.IGNORECASE
)
_WITHIN = re.compile(
    rf"^(?:\w+\s+){{1,4}}(?:im|des|zum|"
    rf"in)\s+(?P<term>{_ANY}(?:e?s)?)\s*(?P<number>\d{{0,2}})\s*[:|–-]?\s+(?P<name>\S.*)$",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"\s*(?:[:–|-]|\()\s*(?:(?:ziele?|maßnahmen|projekte|steckbriefe?|überblick|übersicht)(?:\s+(?:und|&)\s+\w+)?|"
    rf"(?:{_ANY}|HF)\s*[A-Z]?\d{{0,2}}|fortsetzung)\)?$",
    re.IGNORECASE,
)  # fmt: skip
_DOTS = re.compile(r"\s*(?:\.\s?){3,}.*$|\s+\d{1,3}$|\s*…+.*$|\s*_{3,}.*$")
_SPACED = re.compile(r"(?<!\S)(?:\S ){3,}\S(?!\S)")

# Words that may stand before the term in the title of the chapter, and words that make another matter of it.
_LEAD = (
    r"(?:(?:die|der|den|das|unsere[rns]?|ihre|überblick|übersicht|über|zu|von|smart|city|smart-city|"
    rf"(?:vision|ziele?|themen|leitbild|strategie|säulen|zielbilder|leitlinien)[,:]?(?:\s+(?:und|&))?|{COUNT}|"
    r"(?:strategisch|zentral|thematisch|inhaltlich|priorisiert|digital|smart|kommunal|städtisch|konkret|ausgewählt|"
    r"wichtig|wesentlich|sektoral|fachlich|gewählt|definiert|identifiziert|prioritär|übergeordnet|"
    r"operativ)e[rns]?)\s+)*"
)
_TAIL = r"(?:\s*(?:[–:(&,-]|(?:der|des|für|in|im|von|und|mit|auf|als)\s)\s*.{0,80})?"
_CHAPTER = re.compile(rf"^{_LEAD}(?:{_ART}){_ENDING}{_TAIL}$", re.IGNORECASE)
_PURE_CHAPTER = re.compile(rf"^{_LEAD}{_ANY}{_ENDING}(?:\s*(?:und|&)\s*\w+(?:\s+\w+)?)?$", re.IGNORECASE)
_PROCESS = re.compile(
    r"herleitung|ableitung|auswahl|priorisierung|entstehung|bewertung|zusammenspiel|verknüpf|wechselwirk|vergleich|"
    r"querschnitt|gewichtung|abstimmung|rückblick|beteiligung|umfrage|definition|festlegung|identifi[kz]ation|"
    r"zuordnung|"
    r"weitere|nicht |matrix|bestandsaufnahme|ausgangslage|analyse|status|swot|stärken|projekte nach|ableiten",
    re.IGNORECASE,
)  # fmt: skip
_FOREIGN = re.compile(
    r"\b(?:bund(?:es\w*)?|l(?:and|ande|andes|änder)(?=[\s,.)“]|$)|landes(?!haupt)\w+|freistaats?|europ\w+|"
    r"eu(?:-\w+)?|ministeri\w+|kfw|bbsr|bmi|bmwsb|"
    r"förder(?:aufruf|programm|richtlinie|geber|ung)\w*|charta|dialogplattform|agenda 2030|vorbild\w*|best[- ]practice|"
    r"ander(?:e[rn]?|swo)\b.{0,20}(?:stadt|städte|kommunen)?|nachbar(?:stadt|kreis|gemeinde)\w*|isek|insek|"
    r"\w*entwicklungskonzept\w*|klimaschutzkonzept\w*|masterplan\w*|stadtentwicklungsplan\w*|regionalplan\w*|"
    r"(?:landkreis|region|metropolregion) \w+ (?:nennt|unterscheidet|definiert)|bitkom|deutschland\w*)\b",
    re.IGNORECASE,
)  # fmt: skip
_FOREIGN_PLACE = re.compile(
    r"vorbild|best[- ]practice|andere (?:städte|kommunen)|vergleichs|übergeordnet|bundesebene|landesebene|eu-ebene|"
    r"rahmenbedingung|bestehende (?:konzepte|strategien)|vorhandene (?:konzepte|strategien)|einbettung|förderprogramm|"
    r"literatur|quellen|glossar|blick über|exkurs|rahmenwerk|politische[rn]? rahmen",
    re.IGNORECASE,
)  # fmt: skip
OWN = re.compile(
    r"\b(?:strategie\w*|\w+strategie|wir|unser\w*|uns|agenda|konzepts?|smart[- ]city[- ]\w+|dokuments?|"
    r"vorliegende\w*|(?:die|der|unsere) stadt|"
    r"(?:die|der) gemeinde|(?:der|des) (?:land)?kreis\w*|modellprojekts?|projekts?)\b",
    re.IGNORECASE,
)  # fmt: skip
# Marks of table cells, sums and misread scans: no one names a field so.
_DEBRIS = re.compile(r"[|©®\[\]{}=<>_\\\"€•]|\bEuro\b")
# Headings inside the chapter that are no field.
_GENERIC = re.compile(
    r"^(?:einleitung|einführung|einstieg|überblick\b.*|übersicht\b.*|übergeordnete.*|übergreifende.*|"
    r"vorbemerkung(?:en)?|"
    r"(?:aktuelle |zentrale |unsere |wichtige |die )?(?:herausfor?derungen?|ausgangslage|ausgangssituation|"
    r"status[- ]quo|ist-(?:stand|analyse|zustand)|"
    r"bedarfe?|chancen|potenziale|risiken|hintergrund|bestandsaufnahme|situation)(?: und .*| & .*)?|"
    r"(?:strategische |operative |unsere |die |konkrete |smarte |geplante |weitere )?(?:ziele?|zielsetzung(?:en)?|"
    r"unterziele|oberziele|leitziele?|teilziele|"
    r"maßnahmen|projekte?|vorhaben|projektideen|leuchtturmprojekte|leitprojekte|schlüsselprojekte|wirkung(?:en)?|"
    r"nutzen|indikatoren|kennzahlen)"
    r"(?: (?:und|&|im|in|der|des|für) .*)?|maßnahmen(?:übersicht|katalog|plan|liste|pakete?|steckbriefe?|bündel)\b.*|"
    r"projekt(?:übersicht|liste|steckbriefe?|katalog)\b.*|steckbriefe?\b.*|vision|leitbild|leitlinien|mission|werte|"
    r"fazit|zusammenfassung|ausblick|anhang|anlagen?|auswahl.*|methodik|vorgehen(?:sweise)?|prozess|zwischenfazit|"
    r"exkurs.*|"
    r"querschnitts.*|impressum|umsetzung\w*(?: .*)?|umsetzungs\w+|finanzierung(?: .*)?|kosten.*|quellen.*|"
    r"literatur.*|abbildung.*|tabelle.*|"
    r"glossar|danksagung|vorwort|grußwort.*|worum es geht|ausgangspunkt|perspektiven|"
    r"organisations.*|monitoring.*|evaluation.*|controlling.*|erfolgsmessung|verstetigung.*|fortschreibung.*|"
    r"zeit(?:plan|schiene|horizont).*|meilensteine|roadmap|akteure?|beteiligte|zielgruppen?|zuständigkeit(?:en)?|"
    r"verantwortlich(?:keit(?:en)?|e)?|aufbau .*|lesehilfe|hinweise?.*|legende|inhalt(?:sverzeichnis)?|abkürzungs.*|"
    r"zusammenspiel.*|wechselwirkungen.*|verknüpfung(?:en)?.*|synergien.*|schnittstellen.*|nächste schritte|"
    r"wie es weitergeht|"
    r"was wir .*|wo wir .*|wie wir .*|warum .*|wer .*|so .*|quick[- ]wins?|kurzbeschreibung|beschreibung|"
    r"rahmenbedingungen|trends|"
    r"beteiligung am .*|stand der .*|handlungsbedarfe?|handlungsempfehlung(?:en)?|handlungsansätze|ansätze|"
    r"lösungsansätze|praxisbeispiele?|beispiele?|"
    r"swot.*|stärken.*|schwächen.*|sdgs?.*|bezug.*|beitrag .*|definition.*|begriff.*|zielbild|wirkungslogik)$",
    re.IGNORECASE,
)  # fmt: skip
_CLOSING = re.compile(
    r"^(?:fazit|ausblick|anhang|anlagen?|umsetzung\w*\b.*|finanzierung.*|governance.*|organisation.*|monitoring.*|"
    r"evaluation.*|"
    r"controlling.*|verstetigung.*|fortschreibung.*|querschnitts.*|impressum|literatur.*|quellen.*|glossar|schluss\w*|"
    r"zeitplan.*|roadmap|nächste schritte|wie es weitergeht|von der strategie.*|maßnahmen\w*|projekte|steckbriefe|"
    r"erfolgsmessung|"
    r"abbildungs.*|abkürzungs.*|zusammenfassung|beteiligungsprozess.*|prozess.*)$",
    re.IGNORECASE,
)  # fmt: skip
_ITEM = re.compile(r"^(?:(?:maßnahme|projekt|vorhaben|ziel|steckbrief|aktion)\s*\d|[MPZ]\s?\d)", re.IGNORECASE)
_CROSS = re.compile(r"^querschnitt", re.IGNORECASE)


def tidy(text: str) -> str:
    """One line; letters that only stand apart for looks ("Z I E L E") closed up."""
    line = " ".join(text.split())
    return _SPACED.sub(lambda match: match.group().replace(" ", ""), line)


def key(name: str) -> str:
    """A name for comparing: letters only, case, umlauts and "&" evened out."""
    return " ".join(re.sub(r"[^\w]+", " ", fold(name.replace("&", " und ").replace("+", " und "))).split())


def number_of(word: str | None) -> int:
    """The value of a numeral or figure; 0 for none."""
    if not word:
        return 0
    return int(word) if word.isdigit() else _NUMERALS.index(word.lower()) + 2 if word.lower() in _NUMERALS else 0


def rank_of(text: str) -> int | None:
    """The best rank of the terms in a text, 0 to 2; None if there is none."""
    return next((rank for rank, term in enumerate(_RANKS) if term.search(text)), None)


def root(text: str) -> str:
    """The first term in a text as a key: "Smart-City-Handlungsfelder" and "Handlungsfeld" are alike."""
    match = re.search(_ANY, text, re.IGNORECASE)
    return re.sub(rf"^{_FORE}", "", match.group().lower()) if match else ""


def without_number(text: str) -> str:
    return NUMBER.sub("", tidy(text))


def named(text: str) -> tuple[str, str, int] | None:
    """Name, number and rank where a heading says itself that it is a field: "Handlungsfeld 3: Mobilität"."""
    title = without_number(text)
    match = _NAMED.match(title) or _WITHIN.match(title)
    if not match or _CROSS.match(title):
        return None
    short = match["term"].upper() == "HF"
    mark = match.groupdict().get("mark")
    if short and not match["number"]:
        return None
    if not match["number"] and not mark and not _begins_name(match["name"]):
        return None
    name = clean_name(match["name"])
    rank = 0 if short else rank_of(match["term"] + ("a" if match["term"].lower().endswith("them") else ""))
    return (name, match["number"], rank or 0) if is_name(name) else None


def _begins_name(text: str) -> bool:
    return text.lstrip('„“"»«‚')[:1].isupper()


def is_item(text: str) -> bool:
    """The title of a measure, a project or a goal: "M1 Mobilstation", "Maßnahme 3: ..."."""
    return bool(_ITEM.match(tidy(text)))


def is_label(text: str) -> bool:
    """ "Handlungsfeld 2" alone: the name stands in the next heading."""
    title = without_number(text)
    return bool(_LABEL.match(title)) and not (PLURAL.search(title) and not any(c.isdigit() for c in title))


def clean_name(text: str) -> str:
    """A heading or entry without its number, the word for field, leader dots and closing signs."""
    name = NUMBER.sub("", _DOTS.sub("", tidy(text)))
    match = _NAMED.match(name)
    if match and (match["number"] or match["mark"] or _begins_name(match["name"])):
        name = match["name"]
    name = _AFTER_NAME.sub("", NUMBER.sub("", name))
    return name.strip(' "„“”»«›‹‚‘’:;,.–-|•')


def is_name(name: str) -> bool:
    """Whether words can be the name of a field: few, of letters, no part of every chapter, no measure, no question."""
    words = name.split()
    if not 1 <= len(words) <= MOST_WORDS or not any(c.isalpha() for c in name) or len(name) < 3:
        return False
    letters, readable = sum(c.isalpha() for c in name), sum(c.isalnum() or c.isspace() for c in name)
    if _DEBRIS.search(name) or letters < 0.5 * len(name) or readable < 0.75 * len(name):
        return False
    return not (_GENERIC.match(name) or TERM.search(name) or is_item(name) or name.endswith("?"))


def is_title(text: str) -> bool:
    """A short line without the end of a sentence that may be a name."""
    return len(text.split()) <= 8 and text[:1].isupper() and not text.endswith((".", "!", ":")) and is_name(text)


def is_closing(text: str) -> bool:
    """A heading after which no field comes: implementation, governance, annex."""
    return bool(_CLOSING.match(without_number(text)))


def chapter(text: str) -> tuple[int, bool] | None:
    """Rank of the term and whether the title is nothing but the term, for a heading over a list of fields."""
    title = without_number(text).strip(" :.")
    if len(title.split()) > 12 or title.endswith("?") or named_or_label(title):
        return None
    rank = rank_of(title)
    if rank is None or not PLURAL.search(title) or _PROCESS.search(title):
        return None
    pure = bool(_PURE_CHAPTER.match(title))
    if not pure and not (rank == 0 and _CHAPTER.match(title)):
        return None
    return rank, pure


def named_or_label(title: str) -> bool:
    match = _NAMED.match(title)
    return bool(match and (match["number"] or match["mark"]) and not PLURAL.match(match["term"])) or is_label(title)


def is_foreign(words: str, path: Sequence[str] = (), title: str = "") -> bool:
    """Whether a list is somebody else's: the state's, another city's, a superordinate plan's, the funding call's.

    What the document's own title says is not foreign to it: a "Masterplan" may be the document itself.
    """
    others = [word for word in _FOREIGN.findall(words) if word.lower() not in title.lower()]
    return bool(others) or any(_FOREIGN_PLACE.search(part) for part in path)
