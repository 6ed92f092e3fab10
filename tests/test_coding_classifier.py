"""The classifier on the shipped codebook, with a small encoder of character triples in place of the neural one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from strategy_miner.coding import Classifier, Codebook
from strategy_miner.coding.classifier import decided, not_codable
from strategy_miner.coding.features import LONGEST_WHOLE, NAMES, headings, input_text, is_structural, parts
from strategy_miner.coding.practice import practice
from strategy_miner.parallel import ROOT


class Triples:
    """Counts character triples, hashed into 128 places: texts that share words are alike."""

    id = "triples"

    def encode(self, texts: Sequence[str], prefix: str = "query: ") -> np.ndarray:
        vectors = np.zeros((len(texts), 128), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for i in range(len(text) - 2):
                row[hashlib.md5(text[i : i + 3].lower().encode(), usedforsecurity=False).digest()[0] % 128] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1)


@dataclass(frozen=True)
class Text:
    id: str
    text: str
    heading_path: tuple[str, ...] = ()
    document_id: str = "d"


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return Codebook.load(ROOT / "corpus" / "codebook")


@pytest.fixture(scope="module")
def classifier(codebook: Codebook) -> Classifier:
    return Classifier.fit(codebook, Triples(), 7)


CLEAR = [
    ("energie", "Neue Photovoltaikanlagen und eine Wärmepumpe senken den Stromverbrauch der Turnhalle."),
    ("mobilitaet", "Die Radwege am Bahnhof werden breiter, Busse und Straßenbahnen fahren öfter."),
    ("gesundheit", "Die Klinik sucht Pflegekräfte, Hausärzte und Fachärzte für die Sprechstunde."),
    ("landwirtschaft_ernaehrung", "Landwirte verkaufen Gemüse und Getreide im Hofladen."),
    ("umwelt_klima", "Starkregen und Hitze nehmen zu, Bäume und Grünflächen schützen vor Klimawandel."),
]


@pytest.mark.parametrize(("code", "text"), CLEAR)
def test_clear_texts_get_their_code_first(classifier: Classifier, code: str, text: str) -> None:
    (codings,) = classifier.code([Text("s", text)])
    assert codings[0].code == code
    assert [c.p for c in codings] == sorted((c.p for c in codings), reverse=True)
    assert {(c.unit_id, c.document_id, c.dimension, c.coder) for c in codings} == {("s", "d", "field", classifier.id)}
    assert codings[0].evidence


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t ", "blank"),
        ("12,5 %  3 / 4", "figures only"),
        ("\x00\x01\x02", "control characters"),
        ("The city will build new cycle paths and a mobility station with electric buses for the people.", "English"),
        ("La ville et les transports: une nouvelle station pour les vélos est dans le centre.", "French"),
        ("Das Dokument gliedert sich in vier Kapitel und einen Anhang mit Abkürzungen.", "about nothing"),
    ],
)
def test_none_is_an_answer(classifier: Classifier, text: str, reason: str) -> None:
    assert classifier.code([Text("s", text)]) == [[]], reason


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        (
            "Das Smart-City-Team stellt den Open Data Hub und die City App of the Year vor.",
            "",
            "English words in German",
        ),
        ("Radweg, Bahnhof, Busspur, Carsharing", "", "a list without function words"),
        ("Der Verein von Ayşe Yılmaz und Łukasz Wójcik lädt ins Bürgerhaus zum gemeinsamen Kochen ein.", "", "names"),
        ("The plan is for all of the people and it will be ready in May.", "another language", "English"),
        ("Şehir yönetimi enerji tasarrufu için yeni bir plan hazırladı.", "another language", "Turkish"),
        ("Miasto planuje rozwój transportu oraz budowę ścieżek dla mieszkańców.", "another language", "Polish"),
        ("La città costruirà nuove piste ciclabili.", "", "one foreign word proves nothing"),
        ("La città costruirà nuove piste e promuoverà la mobilità elettrica.", "another language", "Italian"),
        ("De gemeente bouwt voor de zomer een fietspad naar het station.", "another language", "Dutch"),
        ("Photovoltaik, LED, E-Bike", "", "no function word at all"),
        ("Город развивает общественный транспорт.", "another language", "Russian"),
        ("", "empty", "empty"),
        ("12 % – 3 🚲", "empty", "no word"),
    ],
)
def test_what_can_be_coded(text: str, expected: str, reason: str) -> None:
    assert not_codable(text) == expected, reason


def test_a_heading_helps(classifier: Classifier, codebook: Codebook) -> None:
    bare, headed = classifier.probabilities(
        [Text("1", "Das Angebot wird ausgebaut."), Text("2", "Das Angebot wird ausgebaut.", ("Kultur und Sport",))]
    )
    assert headed[codebook.position("kultur_freizeit")] > bare[codebook.position("kultur_freizeit")] + 0.1


def test_given_vectors_replace_encoding(classifier: Classifier) -> None:
    texts = [Text(str(i), text) for i, (_, text) in enumerate(CLEAR)]
    vectors = Triples().encode([Classifier.inputs(text) for text in texts])
    assert classifier.code(texts, vectors) == classifier.code(texts)
    assert classifier.code([]) == []


def test_one_text_does_not_change_another(classifier: Classifier) -> None:
    texts = [Text(str(i), text) for i, (_, text) in enumerate(CLEAR)]
    together = classifier.probabilities(texts)
    alone = np.vstack([classifier.probabilities([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_fitting_again_gives_the_same(classifier: Classifier, codebook: Codebook) -> None:
    again = Classifier.fit(codebook, Triples(), 7)
    texts = [Text(str(i), text) for i, (_, text) in enumerate(CLEAR)]
    assert again.id == classifier.id
    assert again.threshold == classifier.threshold
    assert again.code(texts) == classifier.code(texts)


def test_a_threshold_of_ones_own(classifier: Classifier) -> None:
    text = Text("s", CLEAR[0][1])
    assert classifier.code([text], threshold=1.0) == [[]]
    assert len(classifier.code([text], threshold=0.0)[0]) == len(classifier.codebook.codes)


def test_a_huge_paragraph(classifier: Classifier) -> None:
    (codings,) = classifier.code([Text("s", "Der Radweg zum Bahnhof wird gebaut. " * 2800)])
    assert codings[0].code == "mobilitaet"


def test_practice_never_compares_a_passage_with_its_own_examples(classifier: Classifier) -> None:
    space = classifier.space
    passages = practice(space, 1, 3)
    blind = space.features(passages.seen, passages.made_from)
    sighted = space.features(passages.seen)
    nearest = NAMES.index("nearest example")
    own = passages.labels
    assert sighted[:, :, nearest][own].mean() > blind[:, :, nearest][own].mean() + 0.2
    direction = NAMES.index("direction of the code")
    assert sighted[:, :, direction][own].mean() > blind[:, :, direction][own].mean()


def test_practice_carries_the_codes_of_what_it_is_made_from(classifier: Classifier) -> None:
    passages = practice(classifier.space, 2, 3)
    for label, made_from in zip(passages.labels, passages.made_from, strict=True):
        assert (label == classifier.space.labels[made_from].any(axis=0)).all()


HEADINGS = [
    (("Handlungsfelder", "Mobilität", "Ziele"), ["Mobilität"], "structural headings say nothing"),
    (("3 Mobilität", "3.1 Herausforderungen (für uns)"), ["3 Mobilität"], "numbers and brackets do not count"),
    (("Energie", "Herausfoderungen"), ["Energie"], "a letter is missing"),
    (("Energie", "Ziele der Energiepolitik"), ["Ziele der Energiepolitik", "Energie"], "names a subject"),
    ((), [], "no headings"),
]


@pytest.mark.parametrize(("path", "expected", "reason"), HEADINGS)
def test_headings_that_name_a_subject(path: tuple[str, ...], expected: list[str], reason: str) -> None:
    assert headings(path) == expected, reason


def test_the_input_is_the_nearest_subject_and_the_text() -> None:
    assert input_text("Es geht los.", ("Mobilität:", "Ziele")) == "Mobilität. Es geht los."
    assert input_text("Es geht los.", ("Ziele",)) == "Es geht los."
    assert is_structural("12.")


DECISIONS = [
    ([0.9, 0.6, 0.1], [1, 1, 0], "all above the threshold"),
    ([0.4, 0.3, 0.1], [1, 0, 0], "none above it, but some code is likely: the likeliest"),
    ([0.2, 0.1, 0.1], [0, 0, 0], "none"),
    ([0.0, 0.0, 0.0], [0, 0, 0], "another language"),
]


@pytest.mark.parametrize(("probabilities", "expected", "reason"), DECISIONS)
def test_decisions(probabilities: list[float], expected: list[int], reason: str) -> None:
    assert decided(np.array([probabilities]), 0.5).astype(int).tolist() == [expected], reason


def test_long_texts_are_cut_between_sentences() -> None:
    sentence = "Der Radweg zum Bahnhof wird gebaut."
    assert [part.text for part in parts(Text("s", sentence))] == [sentence]
    cut = parts(Text("s", " ".join([sentence] * 60), ("Verkehr",)))
    assert len(cut) == 6
    assert all(part.text.endswith("gebaut.") and part.heading_path == ("Verkehr",) for part in cut)
    endless = parts(Text("s", "Radweg " * 1000))
    assert max(len(part.text.split()) for part in endless) == LONGEST_WHOLE
    assert sum(len(part.text.split()) for part in endless) == 1000


def test_a_long_text_is_the_mean_of_its_parts(classifier: Classifier) -> None:
    text = Text("s", " ".join(text for _, text in CLEAR * 4))
    own = [Text("p", part.text) for part in parts(text)]
    assert len(own) > 2
    mean = classifier.probabilities(own).mean(axis=0)
    np.testing.assert_allclose(classifier.probabilities([text])[0], mean, atol=1e-6)


@pytest.fixture(scope="module")
def topics() -> Codebook:
    return Codebook.load(ROOT / "tests" / "codebooks", "topics")


def test_a_codebook_of_names_and_definitions_alone(codebook: Codebook, topics: Codebook) -> None:
    classifier = Classifier.fit(topics, Triples(), 7, teacher=codebook)
    texts = [
        Text("1", "Schulen und Hochschulen brauchen bessere Ausstattung für Bildung und Forschung."),
        Text("2", "Die Rente muss im Alter reichen, die Grundsicherung vor Armut schützen."),
        Text("3", "The schools of the city are to be renovated with funds from the state."),
    ]
    found = [[coding.code for coding in codings] for codings in classifier.code(texts)]
    assert (found[0][0], found[1][0], found[2]) == ("forschung_bildung", "soziales", [])
    assert Classifier.fit(topics, Triples(), 7).id != classifier.id


def test_labelled_texts_teach_a_new_word(codebook: Codebook) -> None:
    """A word that no lexicon knows is always about farming in the documents that a person has coded."""
    words = ["Am Montag", "Im Juni", "Jedes Jahr", "Bald", "Zum Herbst", "Danach", "Nun", "Später"]
    labelled = [
        (
            Text(f"{d}{i}", f"{word} kommt die Zwirbelknolze auf die Zwirbelknolzenbank.", (), d),
            ["landwirtschaft_ernaehrung"],
        )
        for d in "abcdef"
        for i, word in enumerate(words)
    ]
    new = Text("n", "Heute kommt die Zwirbelknolze auf eine Zwirbelknolzenbank.", (), "new")
    column = codebook.position("landwirtschaft_ernaehrung")
    without = Classifier.fit(codebook, Triples(), 7)
    with_labels = Classifier.fit(codebook, Triples(), 7, labelled)
    assert with_labels.id != without.id
    assert with_labels.probabilities([new])[0, column] > without.probabilities([new])[0, column] + 0.3


def test_probabilities_do_not_hang_on_the_number_of_cores(classifier: Classifier) -> None:
    from threadpoolctl import threadpool_info

    threads = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    assert threads
    assert set(threads) == {1}, "sums of several threads differ in the last digits"
