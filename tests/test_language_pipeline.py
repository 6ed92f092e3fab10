"""The German spaCy pipeline: sentences, tags, lemmas."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from strategy_miner.errors import ModelError
from strategy_miner.language import hanta, load_pipeline, pipeline_id
from strategy_miner.language.evaluate import lemma_accuracy, sentence_f1
from strategy_miner.language.morphemes import MorphemeSearch
from strategy_miner.language.pipeline import save_pipeline

REAL = Path(__file__).parents[1] / ".." / "shared" / "real"


@pytest.fixture(scope="module")
def nlp() -> Any:
    return load_pipeline("hanta")


@pytest.mark.parametrize(
    ("text", "sentences", "why"),
    [
        ("Am 3. Mai tagt der Beirat. Er berät den Plan.", 2, "an ordinal ends no sentence"),
        ("Das gilt z. B. für Schulen, Kitas usw. im Quartier.", 1, "abbreviations end no sentence"),
        ("Nach Abs. 2 ist die Stadt i. d. R. zuständig.", 1, "abbreviations of law"),
        ("„Wir fangen an.“ So schloss die Sitzung.", 2, "a quotation ends with its sign"),
        ("Wozu das alles? Weil es hilft!", 2, "question and call"),
    ],
)
def test_sentences(nlp: Any, text: str, sentences: int, why: str) -> None:
    assert len(list(nlp(text).sents)) == sentences, why


@pytest.mark.parametrize(
    ("text", "word", "lemma", "pos", "why"),
    [
        ("Die Häuser stehen leer.", "Häuser", "Haus", "NOUN", "umlaut in the plural"),
        ("Der Rat beschloss den Plan.", "beschloss", "beschließen", "VERB", "strong verb"),
        ("Alle Quartiere sind beteiligt.", "Alle", "alle", "DET", "not cut to its stem"),
        ("Das Amt unterstützt uns dabei.", "uns", "wir", "PRON", "pronouns in the nominative"),
        ("Jede Schule erhält Geräte.", "Jede", "jeder", "DET", "not cut to its stem"),
        ("Wir planen die Energie- und Wärmewende.", "Energie-", "Energie", "X", "a part left open by a hyphen"),
    ],
)
def test_lemmas_and_tags(nlp: Any, text: str, word: str, lemma: str, pos: str, why: str) -> None:
    token = next(token for token in nlp(text) if token.text == word)
    assert (token.lemma_, token.pos_) == (lemma, pos), why


def test_every_token_is_annotated_and_the_text_stays_whole(nlp: Any) -> None:
    text = "  Zwei   Leerzeichen,\n\nein Umbruch: 5 % – und ein Fremdwort (Щ).  "
    doc = nlp(text)
    assert doc.text == text
    assert all(token.tag_ and token.pos_ and token.lemma_ for token in doc)


@pytest.mark.parametrize("text", ["", " ", "\n", "…", "\x00"])
def test_texts_without_words_are_no_error(nlp: Any, text: str) -> None:
    assert nlp(text).text == text


def test_a_run_of_letters_without_spaces_is_tagged_by_its_neighbours(nlp: Any) -> None:
    run = "energie" * 3000  # searched through, it would take a quarter of an hour
    assert [token.lemma_ for token in nlp(f"Das Wort {run} ist lang.")][2] == run


def test_a_saved_pipeline_opens_again(nlp: Any, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "own")
    again = load_pipeline(str(tmp_path / "own"))
    text = "Die Kommunen teilen ihre Daten. Das spart Zeit."
    assert [(t.lemma_, t.tag_, t.is_sent_start) for t in again(text)] == [
        (t.lemma_, t.tag_, t.is_sent_start) for t in nlp(text)
    ]
    assert pipeline_id(again) == pipeline_id(nlp)
    assert "HanTa" in pipeline_id(nlp)


def test_spacy_load_opens_the_saved_folder_in_a_fresh_process(nlp: Any, tmp_path: Path) -> None:
    save_pipeline(tmp_path / "german")
    text = "Die Elektromobilität wächst. Bürger:innen der Smart City nutzen Daten und Ladesäulen!"
    code = (
        "import json, spacy, sys; doc = spacy.load(sys.argv[1])(sys.argv[2]);"
        "print(json.dumps([[t.text, t.lemma_, t.tag_, t.pos_, t.is_sent_start, t._.morphemes] for t in doc]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "german"), text], capture_output=True, text=True, check=True
    )
    own = [[t.text, t.lemma_, t.tag_, t.pos_, t.is_sent_start, list(t._.morphemes)] for t in nlp(text)]
    assert json.loads(run.stdout) == own
    assert ["elektro", "mobilität"] in [row[-1] for row in own]
    meta = json.loads((tmp_path / "german" / "meta.json").read_text())
    assert "LGPL" in meta["license"]
    assert meta["version"] in (tmp_path / "german" / "README.md").read_text()


def test_the_search_gives_the_tags_of_hanta(nlp: Any) -> None:
    tagger = hanta.GermanTagger()
    for text in (
        "Die Landkreise fördern seit 2021 den Ausbau von Breitbandnetzen in kleinen Dörfern .",
        "Wer mitreden will , kann sich bis Ende März auf der Plattform anmelden .",
        "Smart Region heißt für uns : Technik folgt dem Bedarf , nicht umgekehrt .",
    ):
        words = text.split()
        assert [tag for tag, _ in tagger.tag(words)] == [tag for _, _, tag in tagger._hanta.tag_sent(words)]


def test_the_morpheme_search_gives_what_hanta_gives() -> None:
    from HanTa.HanoverTagger import HanoverTagger

    plain, fast = (HanoverTagger(str(hanta.model_path())) for _ in range(2))
    MorphemeSearch(fast).install()
    words = "Mobilitätsstation Klimaanpassungskonzept verstetigt Glasfaserausbaus umgesetzten Ö 5G xyzqq CO2 …"
    for word in words.split():
        expected = plain._tag_word(word, cutoff=5, casesensitive=True, conditional=True)
        found = fast._tag_word(word, cutoff=5, casesensitive=True, conditional=True)
        assert [tag for tag, _ in found] == [tag for tag, _ in expected], word
        assert [p for _, p in found] == pytest.approx([p for _, p in expected]), word
        for tag, _ in expected[:2]:
            assert fast._analyze(word, tag, taglevel=3) == plain._analyze(word, tag, taglevel=3), word


def test_an_unknown_pickle_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hanta, "SHA256", "0" * 64)
    with pytest.raises(ModelError, match="not the known one"):
        hanta.GermanTagger()


def test_an_unknown_model_names_the_setting() -> None:
    with pytest.raises(ModelError, match=r"nlp\.model"):
        load_pipeline("de_no_such_model")


@pytest.mark.real
def test_lemmas_and_sentences_on_universal_dependencies(nlp: Any) -> None:
    if not REAL.is_dir():
        pytest.skip("../shared is absent: lemmas and sentences are not measured")
    accuracy, words = lemma_accuracy(nlp, REAL / "ud_german" / "de_gsd-ud-dev.conllu")
    f1, documents, _ = sentence_f1(nlp, REAL / "ud_german" / "de_pud-ud.conllu")
    assert words > 10_000
    assert documents == 397
    assert accuracy >= 0.975
    assert f1 >= 0.95
