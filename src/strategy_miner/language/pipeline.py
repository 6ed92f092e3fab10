"""The German spaCy pipeline: the project's own around HanTa, or any installed spaCy model."""

from __future__ import annotations

from typing import Any

from strategy_miner.errors import ModelError

OWN = "hanta"


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
    nlp.meta["description"] = "Sentences by rule, tags and lemmas by HanTa"
    return nlp


def pipeline_id(nlp: Any) -> str:
    """Name and version of a pipeline, for the provenance; for HanTa also the hash of its model."""
    from strategy_miner.language import hanta

    name = f"{nlp.meta['lang']}_{nlp.meta['name']}"
    if OWN in nlp.pipe_names:
        return f"{name} (HanTa {hanta.VERSION}, {hanta.SHA256[:12]})"
    return f"{name} {nlp.meta['version']}"
