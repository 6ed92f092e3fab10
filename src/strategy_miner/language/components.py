"""The project's spaCy components: "german_sentences" and "hanta". Importing this module registers them with spaCy.

It also gives every token `token._.morphemes`: the parts of the word, lower case, e.g. ("elektro", "mobilität").
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Token

from strategy_miner.language.compounds import compounds
from strategy_miner.language.hanta import GermanTagger, universal_tag
from strategy_miner.language.tagging import spelt_like
from strategy_miner.text import sentence_spans


class GermanSentences:
    """Sets sentence starts by the rules of `strategy_miner.text.sentence_spans`."""

    def __call__(self, doc: Doc) -> Doc:
        """The doc with `is_sent_start` set on every token."""
        starts = [start for start, _ in sentence_spans(doc.text)][::-1]
        begins = True
        for token in doc:
            while starts and starts[-1] <= token.idx:  # one inside a token starts with the next one
                starts.pop()
                begins = True
            token.is_sent_start = begins
            begins = False
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
if not Token.has_extension("morphemes"):
    Token.set_extension("morphemes", getter=lambda token: compounds().parts(token.text))
