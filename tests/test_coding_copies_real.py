"""Changed copies of real passages are found again, and programmes of other parties hold none.

`python -m pytest -s tests/test_coding_copies_real.py` prints the figures of docs/statistics.md.
"""

from __future__ import annotations

import random
import re
import time
from itertools import product

import pytest

from strategy_miner.coding.copies import jaccard, municipal_names, near_pairs, plain_words, shingles
from strategy_miner.parallel import ROOT

TEXTS = ROOT.parent / "shared" / "real" / "text"
NAMES = ["Musterstadt", "Neudorf", "Altheim", "Lindenau", "Waldkirchen"]
KNOWN = municipal_names(NAMES)
pytestmark = [pytest.mark.real, pytest.mark.skipif(not TEXTS.is_dir(), reason="../shared/real is not there")]


def passages() -> list[tuple[int, list[str]]]:
    """(number of the document, words) of every paragraph of at least 8 words."""
    found = []
    for number, path in enumerate(sorted(TEXTS.glob("*.md"))):
        found += [(number, text.split()) for text in re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))]
    return [(number, words) for number, words in found if len(plain_words(" ".join(words), KNOWN)) >= 8]


def changed(words: list[str], draw: random.Random) -> str:
    """Other numbers, names put in, words lost (3 %), compounds hyphenated: as people adapt a passage."""
    copy = []
    for word in words:
        chance = draw.random()
        if any(sign.isdigit() for sign in word):
            word = str(draw.randrange(1, 3000))
        elif chance < 0.03:
            continue
        elif chance < 0.06:
            copy.append(draw.choice(NAMES))
        elif chance < 0.08 and len(word) > 10:
            word = f"{word[:5]}-{word[5:]}"
        copy.append(word)
    return " ".join(copy)


def test_changed_copies_are_found_and_other_documents_are_no_copies():
    draw = random.Random(20261122)
    texts = passages()
    originals = [shingles(plain_words(" ".join(words), KNOWN)) for _, words in texts]
    copies = [shingles(plain_words(changed(words, draw), KNOWN)) for _, words in texts]
    n = len(texts)
    near = sum(jaccard(one, copy) >= 0.5 for one, copy in zip(originals, copies, strict=True))
    started = time.process_time()
    pairs = near_pairs([*originals, *copies], 0.5, 1)
    seconds = time.process_time() - started
    found = sum((pair.first + n) == pair.second for pair in pairs)
    across = {
        (a, b) for pair in near_pairs(originals, 0.5, 1)
        for a, b in [(pair.first, pair.second)] if texts[a][0] != texts[b][0]
    }  # fmt: skip
    print(
        f"\n{n} passages: {near} copies are alike by at least 0.5, {found} of them found; {seconds:.1f} s for {2 * n}"
    )
    print(f"pairs of different documents: {len(across)}")
    for a, b in sorted(across)[:5]:
        print("  ", " ".join(texts[a][1])[:200], "|", " ".join(texts[b][1])[:200])
    assert near / n > 0.9
    assert found / near > 0.999
    assert len(across) <= 0.002 * n


def test_all_pairs_of_a_part_are_found():
    part = [shingles(plain_words(" ".join(words), KNOWN)) for _, words in passages()[:1500]]
    every = [(i, j) for i, j in product(range(len(part)), repeat=2) if i < j and jaccard(part[i], part[j]) >= 0.5]
    assert [(pair.first, pair.second) for pair in near_pairs(part, 0.5, 1)] == every
