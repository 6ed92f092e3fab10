"""What `codebook lint` and `codebook test` find, each on a codebook that was made wrong in one way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from strategy_miner import codebooks
from strategy_miner.cli import app
from strategy_miner.coding import Codebook
from strategy_miner.coding.codebook_lint import NOTE, PROBLEM, lint, lint_models
from strategy_miner.coding.codebook_trial import trial, words_of
from strategy_miner.errors import CodebookError
from tests.test_coding_classifier import Triples

TOPICS = {
    "wald": "Im Forst stehen {} Eichen, der Förster pflanzt junge Bäume, Rehe und Wildschweine fressen die Triebe ab.",
    "schiff": "Am Kai liegen {} Frachter, Kräne löschen Container, Lotsen bringen die Kapitäne durch das Fahrwasser.",
    "brot": "Die Bäckerei backt {} Laibe aus Roggenmehl, der Sauerteig ruht über Nacht, morgens duftet es im Laden.",
}
NUMBERS = (
    "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "zwanzig", "dreißig",
    "vierzig", "hundert", "tausend",
)  # fmt: skip
WORDS = {"wald": ["forst", "eiche"], "schiff": ["frachter", "lotse"], "brot": ["bäckerei", "sauerteig"]}


def toy() -> dict:
    """A clean codebook of three plain subjects."""
    return {
        "dimension": "toy",
        "version": 1,
        "label": {"de": "Spiel", "en": "Toy"},
        "none_examples": ["Der Bericht hat vier Kapitel.", "Die Sitzung war am Montag.", "Danke für die Mitarbeit."],
        "codes": [
            {
                "id": name,
                "label": {"de": name.title(), "en": f"the {name}"},
                "definition": {"de": text.format("viele"), "en": f"All about {name}."},
                "includes": [f"was zu {name} gehört"],
                "excludes": ["alles andere"],
                "lexicon": {"include": [*WORDS[name], name]},
                "positive": [f"{number.title()} {text.format(number)}" for number in NUMBERS],
                "negative": [{"text": f"{number} {other}", "codes": []} for number in NUMBERS[:6]],
            }
            for (name, text), other in zip(TOPICS.items(), ("Steine", "Hefte", "Wolken"), strict=True)
        ],
    }


def written(folder: Path, content: dict) -> Path:
    content = json.loads(json.dumps(content))  # no object twice: YAML would write an alias
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    (folder / "toy.yaml").write_text(text, encoding="utf-8")
    return folder


def rich(content: dict) -> dict:
    """With examples that do not resemble each other: copies would be told."""
    for code in content["codes"]:
        words = code["positive"][0].replace(".", "").replace(",", "").split()
        code["positive"] = [
            f"{words[i % len(words)]} {words[(3 * i + 1) % len(words)]} {number}" for i, number in enumerate(NUMBERS)
        ]
    return content


def change(content: dict, code: int, key: str, value: object) -> dict:
    content["codes"][code][key] = value
    return content


CASES = [
    (lambda c: c, None, "", "nothing is wrong"),
    (lambda c: change(c, 1, "id", "wald"), PROBLEM, "code id 'wald' is used twice", "a duplicate id"),
    (lambda c: change(c, 0, "definition", None), PROBLEM, "no definition", "a definition is missing"),
    (lambda c: change(c, 0, "includes", []), NOTE, "no includes", "includes are missing"),
    (lambda c: change(c, 0, "label", {"de": "Wald"}), NOTE, "no English label", "English is missing"),
    (lambda c: change(c, 0, "parent", "meer"), PROBLEM, "unknown parent 'meer'", "unknown parent"),
    (lambda c: change(change(c, 0, "parent", "schiff"), 1, "parent", "wald"), PROBLEM, "cycle of parents", "a cycle"),
    (lambda c: change(c, 0, "excludes", ["Holzbau (holz_bau)"]), PROBLEM, "unknown code 'holz_bau'", "a stale border"),
    (lambda c: change(c, 0, "lexicon", {"include": ["reh", "reh"]}), NOTE, "lists 'reh' twice", "a term twice"),
    (
        lambda c: change(c, 0, "lexicon", {"include": ["wildschwein"], "exclude": ["schwein"]}),
        PROBLEM, "'wildschwein' is excluded by its own code", "a code that takes its own term away",
    ),
    (lambda c: change(c, 0, "lexicon", {"include": ["schiff"]}), NOTE, "'schiff' is a term of", "the same term"),
    (
        lambda c: change(change(c, 0, "lexicon", {"include": ["schiff"]}), 0, "parent", "schiff"),
        None, "", "the same term in a code and in the one above it",
    ),
    (
        lambda c: change(c, 0, "lexicon", {"include": ["schifffahrt"]}),
        NOTE, "'schifffahrt' is found by 'schiff' of schiff too", "a term inside another's",
    ),
    (
        lambda c: change(c, 0, "positive", ["Ein Reh, ein Hirsch.", "ein reh ein hirsch"]),
        NOTE, "stands twice", "an example twice but for case and commas",
    ),
    (
        lambda c: change(c, 0, "positive", ["Ein Reh steht mit dem Hirsch im tiefen Wald am See.",
                                            "Ein Reh steht mit dem Hirsch im tiefen Wald am Berg."]),
        NOTE, "stands twice, nearly", "an example twice but for a word",
    ),
    (
        lambda c: change(change(c, 0, "positive", ["Ein Reh."]), 1, "positive", ["Ein Reh."]),
        PROBLEM, "with different codes", "one text, two answers",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "severity", "what", "reason"), CASES, ids=[case[3] for case in CASES])
def test_what_the_file_shows(tmp_path: Path, wrong, severity: str | None, what: str, reason: str) -> None:
    _, findings = lint(written(tmp_path, wrong(rich(toy()))), "toy")
    if severity is None:
        assert not findings
        return
    assert [f for f in findings if what in f.what and f.severity == severity], (reason, findings)
    for finding in findings:
        assert finding.remedy
        assert "toy.yaml" in finding.where
        assert "\n" not in str(finding)


def test_a_broken_file_tells_everything_at_once(tmp_path: Path) -> None:
    content = rich(toy())
    change(content, 0, "parent", "meer")
    change(content, 1, "label", None)
    change(content, 2, "colour", "red")
    content["version"] = "eins"
    codebook, findings = lint(written(tmp_path, content), "toy")
    told = "\n".join(map(str, findings))
    for what in ("unknown parent 'meer'", "`label` is missing", "unknown key 'colour'", "`version` is not"):
        assert what in told
    assert codebook is None  # nothing is tried on a file that the loader refuses
    with pytest.raises(CodebookError, match="`version` is not"):
        Codebook.load(tmp_path, "toy")


def test_field_demands_examples(tmp_path: Path) -> None:
    content = rich(toy())
    for code in content["codes"]:
        code["kind"] = "sectoral"
    change(content, 0, "positive", content["codes"][0]["positive"][:14])
    change(content, 0, "negative", [])
    content["dimension"] = "field"
    written(tmp_path, content).joinpath("toy.yaml").rename(tmp_path / "field.yaml")
    told = "\n".join(str(f) for f in lint(tmp_path, "field")[1] if f.severity == PROBLEM)
    assert "14 positive examples, 15 are needed. Add 1." in told
    assert "0 negative examples, 6 are needed. Add 6." in told
    assert told.count("\n") == 1


def test_examples_are_tried_by_models_that_have_not_seen_them(tmp_path: Path) -> None:
    codebook = Codebook.load(written(tmp_path, toy()), "toy")
    tried = trial(codebook, Triples(), 7)
    assert len(tried.tried) == len(codebook.examples())
    assert tried.share_right > 0.9
    # One example under the wrong code: only a model that was not fitted on it can tell.
    stranger = replace(codebook.codes[0].positive[0], text="Der Lotse bringt Frachter und Container an den Kai.")
    first = replace(codebook.codes[0], positive=(stranger, *codebook.codes[0].positive[1:]))
    wrong = trial(replace(codebook, codes=(first, *codebook.codes[1:])), Triples(), 7)
    found = next(one for one in wrong.tried if one.example.text == stranger.text)
    assert not found.right
    assert "wald" not in found.given
    rows = {code: counts for code, *counts in wrong.scores()}
    assert rows["wald"][0] - rows["wald"][1] == 1


def test_copies_of_an_example_leave_with_it(tmp_path: Path) -> None:
    content = toy()
    twin = "Der Lotse bringt Frachter und Container an den Kai."
    content["codes"][0]["positive"][0] = twin
    content["codes"][2]["negative"][0] = {"text": twin.lower(), "codes": ["wald"]}
    tried = trial(Codebook.load(written(tmp_path, content), "toy"), Triples(), 7)
    p = [tried.probabilities[i] for i, one in enumerate(tried.tried) if words_of(one.example.text) == words_of(twin)]
    assert len(p) == 2
    assert p[0][0] < 0.5  # not fitted on the copy either


def test_codes_that_nobody_could_tell_apart(tmp_path: Path) -> None:
    content = toy()
    half = content["codes"][0]["positive"]
    content["codes"][0]["positive"], content["codes"][1]["positive"] = half[::2], half[1::2]
    content["codes"][1]["lexicon"] = content["codes"][0]["lexicon"]
    content["codes"][1]["definition"] = content["codes"][0]["definition"]
    codebook = Codebook.load(written(tmp_path, content), "toy")
    findings = lint_models(tmp_path, trial(codebook, Triples(), 7), Triples())
    pairs = [f for f in findings if "codes wald, schiff" in f.where]
    assert next(f.what for f in pairs if f.severity == PROBLEM) == "the same definition"
    assert any("hard to tell apart" in f.what and f.severity == PROBLEM for f in pairs), pairs
    assert not [f for f in findings if "codes wald, brot" in f.where]


def test_a_code_whose_examples_fail_is_a_problem(tmp_path: Path) -> None:
    content = toy()
    content["codes"][0]["positive"] = content["codes"][1]["positive"][:6] + content["codes"][0]["positive"][:4]
    content["codes"][1]["positive"] = content["codes"][1]["positive"][6:]
    codebook = Codebook.load(written(tmp_path, content), "toy")
    findings = lint_models(tmp_path, trial(codebook, Triples(), 7), Triples())
    assert any("of its 10 examples are given the code" in f.what and f.severity == PROBLEM for f in findings)
    assert any(f.severity == NOTE and "positive example" in f.what for f in findings)


def test_without_examples_there_is_nothing_to_try(tmp_path: Path) -> None:
    content = {**toy(), "none_examples": []}
    for code in content["codes"]:
        code["positive"], code["negative"] = [], []
    with pytest.raises(CodebookError, match="no examples to try"):
        trial(Codebook.load(written(tmp_path, content), "toy"), Triples(), 7)


def run(arguments: list[str]) -> tuple[int, str]:
    from typer.testing import CliRunner

    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


def test_too_few_examples_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = {**toy(), "none_examples": []}
    content["codes"] = content["codes"][:1]
    content["codes"][0] |= {"positive": ["Ein Reh.", "Ein Hirsch."], "negative": []}
    written(tmp_path, content)
    monkeypatch.setattr("strategy_miner.codebooks.project_encoder", Triples)
    assert any("too few examples to fit a classifier" in finding.what for finding in codebooks.lint("toy", tmp_path))
    with pytest.raises(CodebookError, match="too few examples"):
        list(codebooks.trials("toy", tmp_path))


def test_the_shipped_codebooks_have_no_problems() -> None:
    problems = [str(finding) for finding in codebooks.lint("all", quick=True) if finding.severity == PROBLEM]
    assert not problems


def test_the_command_lint(tmp_path: Path) -> None:
    written(tmp_path, rich(toy()))
    where = ["codebook", "lint", "--quick", "--codebook", str(tmp_path), "--dimension", "toy"]
    assert run(where) == (0, "toy: 0 problems, 0 notes\n")
    written(tmp_path, change(change(rich(toy()), 0, "parent", "meer"), 1, "excludes", []))
    code, output = run([*where, "--jsonl"])
    assert code == 1
    first, second = map(json.loads, output.splitlines())
    assert (first["severity"], second["severity"]) == ("problem", "note")
    assert set(first) == {"severity", "where", "what", "remedy"}


def test_the_command_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strategy_miner.codebooks.project_encoder", Triples)
    written(tmp_path, toy())
    where = ["codebook", "test", "--codebook", str(tmp_path), "--dimension", "all"]
    code, output = run([*where, "--least", "0.5"])
    assert code == 0
    assert "examples right" in output
    code, output = run([*where, "--least", "1", "--jsonl"])
    rows = [json.loads(line) for line in output.splitlines()]
    assert code == int(not all(row["right"] for row in rows))
    assert {row["role"] for row in rows} == {"positive", "negative", "none"}
    code, _ = run([*where, "--least", "2"])
    assert code
