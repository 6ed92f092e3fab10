"""The German spaCy pipeline: the project's own around HanTa, or any installed spaCy model."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import Any

from strategy_miner.errors import ModelError
from strategy_miner.language.hanta import VERSION

OWN = "hanta"
_TEXTS = {
    "tags": "HanTa's, close to STTS; `pos_` maps them to Universal Dependencies",
    "source": "HanTa's model follows the conventions of TIGER (newspaper text); the package names no training data",
}
_CARD = """# {id}

German tokens, sentences, tags, base forms and morphemes for municipal strategies.

    import spacy
    nlp = spacy.load("this/folder")
    [(t.text, t.lemma_, t.tag_, t.pos_, t._.morphemes) for t in nlp("Die Elektromobilität wächst.")]

| | |
|---|---|
| Version | {version} |
| Needs | the packages strategy-miner (Apache-2.0) and HanTa (LGPL-3.0-or-later, its model included) |
| Tags | {tags} |
| Base forms | HanTa's in today's spelling; new nouns by their last part or ending |
| Morphemes | `token._.morphemes`, lower case; what is not known stays whole |
| Trained on | {source} |
| Safety | HanTa's model is a pickle: it is opened only if its SHA-256 is the known one |
| Limits | no parser, no entities; not trained on administrative German |

| measured | value |
|---|---|
{measured}
"""


def load_pipeline(model: str = OWN) -> Any:
    """A spaCy Language that sets sentence starts, tags, parts of speech and lemmas.

    Args:
        model: "hanta" for the project's own pipeline; else the name of an installed spaCy model, or the folder of a
            saved pipeline (`nlp.to_disk(folder)` saves the own one too).

    Raises ModelError if the model is missing or HanTa's model is not the known one.
    """
    import spacy

    from strategy_miner.language import components  # noqa: F401  (registers the components, which a saved one needs)

    if model != OWN:
        try:
            return spacy.load(model)
        except (OSError, ValueError, ImportError) as error:
            remedy = "Install it, or set nlp.model to hanta in params.yaml."
            reason = " ".join(str(error).split())[:200]
            raise ModelError(f"spaCy cannot load the language model: {reason}", model, remedy) from error
    nlp = spacy.blank("de")
    nlp.add_pipe("german_sentences")
    nlp.add_pipe("hanta")
    nlp.meta["name"] = OWN
    nlp.meta["version"] = importlib.metadata.version("strategy-miner")
    nlp.meta["description"] = "Sentences by rule, tags and lemmas by HanTa, morphemes as token._.morphemes"
    nlp.meta["author"] = "strategy-miner; HanTa by Christian Wartena"
    nlp.meta["license"] = "Apache-2.0; HanTa and its model, an installed package, LGPL-3.0-or-later"
    nlp.meta["requirements"] = ["strategy-miner", f"hanta=={VERSION}"]
    return nlp


def save_pipeline(folder: Path, real: Path | None = None) -> None:
    """Write the project's pipeline so that `spacy.load(folder)` opens it, with a model card.

    HanTa's model is no part of the folder: the installed package is used, checked by its SHA-256. With reference data
    (`real`, a folder such as ../shared/real) accuracies are measured and stand in meta.json and the card.
    """
    from strategy_miner.language.evaluate import lemma_accuracy, sentence_f1

    nlp = load_pipeline()
    figures: dict[str, float] = {}
    if real:
        for name in ("de_gsd-ud-dev", "de_pud-ud"):
            figures[f"lemma_acc_{name}"] = round(lemma_accuracy(nlp, real / "ud_german" / f"{name}.conllu")[0], 4)
        figures["sents_f_de_pud-ud"] = round(sentence_f1(nlp, real / "ud_german" / "de_pud-ud.conllu")[0], 4)
    nlp = load_pipeline()  # a fresh one: the words of the reference do not belong into its vocabulary
    nlp.meta["performance"] = figures
    nlp.to_disk(folder)
    measured = "\n".join(f"| {name} | {value} |" for name, value in figures.items()) or "| (not measured) | |"
    card = _CARD.format(id=pipeline_id(nlp), version=nlp.meta["version"], measured=measured, **_TEXTS)
    (folder / "README.md").write_text(card, encoding="utf-8")


def pipeline_id(nlp: Any) -> str:
    """Name and version of a pipeline, for the provenance; for HanTa also the hash of its model."""
    from strategy_miner.language import hanta

    name = f"{nlp.meta['lang']}_{nlp.meta['name']}"
    if OWN in nlp.pipe_names:
        return f"{name} (HanTa {hanta.VERSION}, {hanta.SHA256[:12]})"
    return f"{name} {nlp.meta['version']}"
