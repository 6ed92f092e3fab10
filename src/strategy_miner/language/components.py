"""The project's spaCy components: "german_sentences" and "hanta". Importing this module registers them with spaCy."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from strategy_miner.language.hanta import GermanTagger, universal_tag
from strategy_miner.language.tagging import spelt_like
from strategy_miner.text import sentence_spans


class GermanSentences:
    """Sets sentence starts by the rules of `strategy_miner.text.sentence_spans`."""

    def __call__(self, doc: Doc) -> Doc:
        """The doc with `is_sent_start` set on every token."""
        starts = {start for start, _ in sentence_spans(doc.text)}
        ahead = False  # a sentence that starts inside a token starts with the next one
        for token in doc:
            begins = bool(starts & set(range(token.idx, token.idx + len(token))))
            inside = begins and token.idx not in starts
            token.is_sent_start = token.i == 0 or ahead or (begins and not inside)
            ahead = inside
        return doc


class HantaTagger:
    """Sets `tag_` (HanTa's tags, close to STTS), `pos_` (Universal Dependencies) and `lemma_`."""

    def __init__(self) -> None:
        self._tagger = GermanTagger()

    def __call__(self, doc: Doc) -> Doc:
        """The doc with tags, parts of speech and lemmas; sentence by sentence if it has sentences."""
        for sentence in doc.sents if doc.has_annotation("SENT_START") else [doc[:]]:
            tokens = [token for token in sentence if not token.is_space]
            for token, (tag, lemma) in zip(tokens, self._tagger.tag([t.text for t in tokens]), strict=True):
                token.tag_, token.pos_ = tag, universal_tag(tag)
                token.lemma_ = spelt_like(token.text, lemma, token.pos_)
            for token in sentence:
                if token.is_space:
                    token.tag_, token.lemma_, token.pos_ = "_SP", token.text, "SPACE"
        return doc


def make_sentences(nlp: Language, name: str) -> GermanSentences:
    """Factory of the component "german_sentences"."""
    return GermanSentences()


def make_hanta(nlp: Language, name: str) -> HantaTagger:
    """Factory of the component "hanta". Raises ModelError if HanTa or its known model is missing."""
    return HantaTagger()


Language.factory("german_sentences", assigns=["token.is_sent_start"], func=make_sentences)
Language.factory("hanta", assigns=["token.tag", "token.pos", "token.lemma"], func=make_hanta)
