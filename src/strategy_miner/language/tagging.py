"""The words of segments with their lemmas and parts of speech."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from strategy_miner.records import Segment, TaggedSegment

_NO_WORDS = ("PUNCT", "SPACE", "NUM", "SYM")
_NAMING = ("NOUN", "PROPN", "X")
_LONGEST_ACRONYM = 5  # letters; a longer word in capitals is an ordinary word of a heading
_LONG_VOWEL = re.compile(r"(?:[aeo]u|äu|[ei]i|ie|gro|stra|fu|spa|ma|grü|sü|flo)$")
_PLAIN = str.maketrans("äöü", "aou")


def tag_segments(nlp: Any, segments: Sequence[Segment]) -> list[TaggedSegment]:
    """One TaggedSegment per segment, in their order; signs, spaces and numbers are left out.

    Args:
        nlp: what `load_pipeline` returns, or any spaCy Language that sets `pos_` and `lemma_`.
        segments: their `text` is read; each stands for itself, so the result does not depend on the others.
    """
    tagged = []
    for segment, doc in zip(segments, nlp.pipe(segment.text for segment in segments), strict=True):
        words = [token for token in doc if _is_word(token)]
        lemmas = tuple(spelt_like(token.text, token.lemma_, token.pos_) for token in words)
        tagged.append(TaggedSegment(segment.id, segment.document_id, lemmas, tuple(token.pos_ for token in words)))
    return tagged


def _is_word(token: Any) -> bool:
    return token.pos_ not in _NO_WORDS and any(sign.isalpha() for sign in token.text)


def spelt_like(word: str, lemma: str, tag: str) -> str:
    """The lemma in the spelling of its word: HanTa's are those of the 1990s ("Prozeß"), lower but for the first letter.

    "ss" stays where the stem is the same ("Prozesse", but not "beschloss", "beschließen"). The capitals of a noun stay
    too ("LED", "Smart-City-Büro"), unless the whole word is set in capitals.
    """
    plain = word.lower().translate(_PLAIN)
    start, *rest = lemma.split("ß")
    for part in rest:
        # After a long vowel ß stands in today's spelling too; a text without it is Swiss.
        short = not _LONG_VOWEL.search(start.lower())
        start += ("ss" if short and plain.startswith(start.lower().translate(_PLAIN) + "ss") else "ß") + part
    lemma = start
    if tag not in _NAMING:
        return lemma
    parts = [part.capitalize() if part.isupper() and len(part) > _LONGEST_ACRONYM else part for part in word.split("-")]
    same = (a == b for a, b in zip(word.lower(), lemma.lower(), strict=False))
    shared = sum(takewhile(bool, same))
    return lemma[:1] + "-".join(parts)[1:shared] + lemma[max(shared, 1) :]
