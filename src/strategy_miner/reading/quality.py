"""Was the page really read? Letters and signs that German words do not have, images without text, OCR confidence."""

from __future__ import annotations

import re

from strategy_miner.reading.languages import ENOUGH, is_noise
from strategy_miner.reading.raw import RawPage
from strategy_miner.text import FUNCTION_WORDS

_FOREIGN = re.compile(r"(?i)[^\W\d_a-zäöüßéèàáâçêëïîíñóôòøåæœšžčćłğşıúùû₀-₉⁰¹²³⁴-⁹¼½¾µ]")
_SIGN_INSIDE = re.compile(r"[^\W\d_][!\"#$%<=>{}\\^~¤§¢£¥\ufffd\ue000-\uf8ff][a-zäöüß]")
FEW_WORDS = 12  # a page with fewer has no text of its own beyond its furniture
GUESSED = 0.5  # OCR confidence below which half of the characters and more were wrong
SURE = 0.85  # OCR confidence below which more than one character in twenty was wrong (pipeline.evaluate_ocr)
_EDGES = "„“”\"»«‚‘’'.,;:!?()[]-–"


def strange_share(texts: list[str]) -> float:
    """Share of words with letters foreign to German, replacement signs or a sign inside: a font read wrongly."""
    whole = " ".join(texts)
    if not _SIGN_INSIDE.search(whole) and not any(_FOREIGN.match(c) for c in set(whole) if not c.isascii()):
        return 0.0
    words = [t for t in texts if any(c.isalpha() or c == "\ufffd" for c in t)]
    if not words:
        return 0.0
    strange = sum(1 for w in words if _SIGN_INSIDE.search(w) or (not w.isascii() and _FOREIGN.search(w)))
    return strange / len(words)


def function_share(texts: list[str]) -> float:
    """Share of German function words ("und", "der") among the words: .3 to .5 in sentences, near 0 in garbled text."""
    words = [w for t in texts if (w := t.strip(_EDGES).lower()).isalpha()]
    return sum(w in FUNCTION_WORDS for w in words) / max(len(words), 1)


def grade(page: RawPage) -> tuple[str, str]:
    """The grade of a page and the reason for it: read, doubtful, unread or empty."""
    texts = [w.text for w in page.words]
    if page.engine == "none":
        return "unread", page.reason
    if not texts:
        if page.images > 0.3:
            return "unread", page.reason or "image without text; OCR was off or found nothing"
        return "empty", page.reason
    strange = strange_share(texts) if len(texts) >= ENOUGH else 0.0
    if strange > 0.2:
        return "unread", f"{strange:.0%} of the words have signs that do not belong there: a font without its letters"
    if page.engine == "pdfium" and page.reason.startswith("image without text"):
        if len(texts) < FEW_WORDS:
            return "unread", page.reason
        return "doubtful", page.reason.replace("image without text", "a picture that may hold text was not read")
    if page.engine == "tesseract" and page.confidence < SURE:
        told = f"OCR is only {page.confidence:.0%} sure of its letters"
        return "unread" if page.confidence < GUESSED else "doubtful", told
    if len(texts) < ENOUGH:
        return "read", page.reason
    if strange > 0.05:
        return "doubtful", f"{strange:.0%} of the words have signs that do not belong there"
    if is_noise(texts):
        return "doubtful", "hardly a word is German or English: another language, or a font with wrong letters"
    return "read", page.reason
