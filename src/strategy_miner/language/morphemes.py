"""HanTa's search for the morphemes of a word, in about 60 % of its time and with the same results.

HanTa asks for every piece of a word and every tag how likely the piece is. Here an index from pieces to tags answers
for all tags at once, so that pieces which are no known morpheme cost nothing.
"""

from __future__ import annotations

import math
from typing import Any

State = tuple[int, int]
Scores = dict[int, float]

_BEAM = 3
_LOWEST = -1e6
_EMPTY, _START, _UNKNOWN, _END_UNKNOWN = 0, 1, 3, -3
_WHOLE_WORD = 4.6  # log penalty of HanTa for taking a whole word as one unknown morpheme
_MOST_WORDS = 500_000  # in the cache, before it starts anew
_LONGEST = 24  # letters; longer pieces count as this long


class MorphemeSearch:
    """Replaces `analyze_forward` and `analyze_viterbi` of a HanoverTagger, see `install`."""

    def __init__(self, hanta: Any) -> None:
        self._hanta = hanta
        self._known: dict[str, Scores] = {}
        for tag, morphemes in hanta.LP_m_t.items():
            if tag > 0:
                for morpheme, score in morphemes.items():
                    self._known.setdefault(morpheme, {})[tag] = score
        self._follow: dict[State, Scores] = {s: dict(pairs) for s, pairs in hanta.LP_trans_nonfinal.items()}
        self._end: dict[State, list[tuple[int, float]]] = hanta.LP_trans_final
        self._towards: dict[tuple[State, int], Scores] = {}
        self._open_tags = [tag for tag in hanta.LP_hapax_t if tag in hanta.LP_s_t]
        self._guessed: dict[tuple[str, int, bool], Scores] = {}
        self._opened: dict[State, tuple[Scores, list[tuple[int, float]]]] = {}
        self._lengths: dict[int, list[float]] = {}
        self._endings: dict[tuple[str, int], list[float]] = {}
        self._forward: dict[str, list[tuple[int, float]]] = {}

    def install(self) -> None:
        """Let the tagger search this way from now on."""
        self._hanta.analyze_forward = self.forward
        self._hanta.analyze_viterbi = self.best_path

    def forward(self, word: str) -> list[tuple[int, float]]:
        """(tag, log likelihood) of a word, best first; HanTa's `analyze_forward`."""
        found = self._forward.get(word)
        if found is None:
            if len(self._forward) > _MOST_WORDS:
                self._forward.clear()
            found = self._forward[word] = self._search(word)
        return found

    def _search(self, word: str) -> list[tuple[int, float]]:
        length = len(word)
        shortest = 3 if length >= 4 else 1  # letters from which a piece may be guessed
        table: list[dict[State, float]] = [{(_EMPTY, _START): 0.0}, *({} for _ in range(length))]
        for start in range(length):
            row = table[start]
            bound = _bound(row)
            states = [(s[1], so_far, *self._open(s)) for s, so_far in row.items() if so_far >= bound]
            for end in range(start + 1, length + 1) if states else ():
                known = self._known.get(word[start:end], {})
                guessed = self._scores(word[start:end], length) if end - start >= shortest else {}
                reached = table[end]
                for last, so_far, follow, pairs in states:
                    for tag, step in pairs if guessed else ():
                        total, new = so_far + step + guessed[tag], (last, tag)
                        if total > reached.get(new, _LOWEST):
                            reached[new] = total
                    for tag in known:
                        if tag in follow:
                            total, new = so_far + follow[tag] + known[tag], (last, tag)
                            if total > reached.get(new, _LOWEST):
                                reached[new] = total
        return self._finals(table[length])

    def _open(self, state: State) -> tuple[Scores, list[tuple[int, float]]]:
        """What may follow a state, and that part of it which may be guessed."""
        found = self._opened.get(state)
        if found is None:
            follow = self._follow.get(state, {})
            found = self._opened[state] = follow, [(tag, follow[tag]) for tag in self._open_tags if tag in follow]
        return found

    def _finals(self, row: dict[State, float]) -> list[tuple[int, float]]:
        last: dict[State, float] = {}
        for state, so_far in row.items():
            for tag, step in self._end.get(state, ()):
                new = (state[1], tag)
                if so_far + step > last.get(new, _LOWEST):
                    last[new] = so_far + step
        results: dict[int, float] = {}
        for state, score in last.items():
            tag = -state[1]
            results[tag] = _log_sum(results[tag], score) if tag in results else score
        return sorted(results.items(), key=lambda item: item[1], reverse=True) or [(_UNKNOWN, 0.0)]

    def best_path(self, word: str, target: int) -> list[tuple[int, int]]:
        """(tag, end) of each morpheme of a word whose tag is known; HanTa's `analyze_viterbi`."""
        for strict in (True, False):
            table, back = self._paths(word, target, strict)
            if table[-1]:
                break
        else:
            return [(_UNKNOWN, len(word)), (_END_UNKNOWN, len(word) + 1)]
        at = len(word) + 1
        state = max(table[-1], key=lambda s: table[-1][s])
        path = [(state[1], at)]
        while at > 0:
            state, at = back[at][state]
            path.append((state[1], at))
        return path[:-1][::-1]

    def _paths(
        self, word: str, target: int, strict: bool
    ) -> tuple[list[dict[State, float]], list[dict[State, tuple[State, int]]]]:
        length = len(word)
        table: list[dict[State, float]] = [{(_EMPTY, _START): 0.0}, *({} for _ in range(length + 1))]
        back: list[dict[State, tuple[State, int]]] = [{} for _ in range(length + 2)]
        for start in range(length):
            row = table[start]
            bound = _bound(row)
            for state, so_far in row.items():
                follow = self._follow_towards(state, target) if so_far >= bound else None
                if not follow:
                    continue
                for end in range(start + 1, length + 1):
                    piece = word[start:end]
                    scores = self._known.get(piece) if strict else self._scores(piece, length)
                    if not scores:
                        continue
                    reached, origin = table[end], back[end]
                    for tag, score in scores.items():
                        if tag in follow:
                            total = so_far + follow[tag] + score
                            new = (state[1], tag)
                            if total > reached.get(new, _LOWEST):
                                reached[new], origin[new] = total, (state, start)
        self._finish(table, back, target)
        return table, back

    def _finish(self, table: list[dict[State, float]], back: list[dict[State, tuple[State, int]]], target: int) -> None:
        for state, so_far in table[-2].items():
            for tag, step in self._end.get(state, ()):
                new = (state[1], tag)
                if tag == target and so_far + step > table[-1].get(new, _LOWEST):
                    table[-1][new], back[-1][new] = so_far + step, (state, len(table) - 2)

    def _follow_towards(self, state: State, target: int) -> Scores:
        key = (state, target)
        follow = self._towards.get(key)
        if follow is None:
            reachable = self._hanta.reachability.get(target, frozenset())
            follow = {t: p for t, p in self._follow.get(state, {}).items() if t in reachable}
            self._towards[key] = follow
        return follow

    def _scores(self, piece: str, length: int) -> Scores:
        """Log likelihood of a piece for each tag that it may have, known or guessed from its ending."""
        known = self._known.get(piece)
        size = len(piece)
        if length >= 4 and size <= 2:
            return known or {}
        guessed = self._guess(piece[-4:], min(size, _LONGEST), size == length)
        return {**guessed, **known} if known else guessed

    def _guess(self, ending: str, size: int, whole: bool) -> Scores:
        key = (ending, size, whole)
        scores = self._guessed.get(key)
        if scores is None:
            penalty = _WHOLE_WORD if whole else 0.0
            lengths, endings = self._by_length(size), self._by_ending(ending, min(size, 5))
            scores = self._guessed[key] = {
                tag: length + end - penalty for tag, length, end in zip(self._open_tags, lengths, endings, strict=True)
            }
        return scores

    def _by_length(self, size: int) -> list[float]:
        found = self._lengths.get(size)
        if found is None:
            hanta = self._hanta
            found = [hanta.Int_t + hanta.LP_hapax_t[tag] + hanta.LP_len_t[tag][size] for tag in self._open_tags]
            self._lengths[size] = found
        return found

    def _by_ending(self, ending: str, size: int) -> list[float]:
        found = self._endings.get((ending, size))
        if found is None:
            # HanTa looks for endings shorter than the piece itself, the longest first.
            endings = [ending[-n:] for n in (4, 3, 2, 1) if size > n] + [""]
            likely = [self._hanta.LP_s_t[tag] for tag in self._open_tags]
            found = [next(scores[e] for e in endings if e in scores) for scores in likely]
            self._endings[ending, size] = found
        return found


def _bound(row: dict[State, float]) -> float:
    return sorted(row.values(), reverse=True)[_BEAM] - 1 if len(row) > _BEAM else _LOWEST


def _log_sum(left: float, right: float) -> float:
    high, low = max(left, right), min(left, right)
    return high + math.log1p(math.exp(low - high))
