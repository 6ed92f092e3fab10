"""How good and how fast the language room is: lemmas, sentence boundaries, tokens per second, encoder formats."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strategy_miner.language.encoder import Encoder
from strategy_miner.settings import EncoderSettings


@dataclass(frozen=True, slots=True)
class UdSentence:
    """A sentence of a CoNLL-U file: its text, whether it opens a document, and (form, lemma, universal tag)s."""

    text: str
    opens: bool
    words: tuple[tuple[str, str, str], ...]


def read_conllu(path: Path) -> Iterator[UdSentence]:
    """The sentences of a CoNLL-U file; ranges ("am") and empty nodes are left out, their syntactic words kept."""
    text, opens, words = "", False, list[tuple[str, str, str]]()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newdoc"):
            opens = True
        elif line.startswith("# text = "):
            text = line[9:].strip()
        elif line and line[0].isdigit():
            number, form, lemma, tag = line.split("\t")[:4]
            if number.isdigit():
                words.append((form, lemma, tag))
        elif not line and words:
            yield UdSentence(text, opens, tuple(words))
            text, opens, words = "", False, []


def lemma_accuracy(nlp: Any, path: Path) -> tuple[float, int]:
    """Share of words with the reference lemma, without regard to case and without punctuation; and their number."""
    counts = lemmas_by_tag(nlp, path).values()
    total = sum(words for words, _ in counts)
    return sum(right for _, right in counts) / total, total


def lemmas_by_tag(nlp: Any, path: Path) -> dict[str, tuple[int, int]]:
    """For each universal tag of the reference: words, and those with the reference lemma; without punctuation."""
    from spacy.tokens import Doc

    counts: dict[str, tuple[int, int]] = {}
    for sentence in read_conllu(path):
        doc = Doc(nlp.vocab, words=[form for form, _, _ in sentence.words], sent_starts=_one_sentence(sentence))
        for name, component in nlp.pipeline:
            if name != "german_sentences":  # the reference's sentences are given
                doc = component(doc)
        for token, (_, lemma, tag) in zip(doc, sentence.words, strict=True):
            if tag != "PUNCT":
                words, right = counts.get(tag, (0, 0))
                counts[tag] = words + 1, right + (token.lemma_.lower() == lemma.lower())
    return dict(sorted(counts.items()))


def _one_sentence(sentence: UdSentence) -> list[bool]:
    return [number == 0 for number in range(len(sentence.words))]


def sentence_f1(nlp: Any, path: Path) -> tuple[float, int, int]:
    """F1 of whole sentences (start and end right), number of documents and of sentences.

    Documents are the sentences of the reference joined with a space.
    """
    documents: list[list[str]] = []
    for sentence in read_conllu(path):
        if sentence.opens or not documents:
            documents.append([])
        documents[-1].append(sentence.text)
    both = found = wanted = 0
    for texts in documents:
        spans, at = set(), 0
        for text in texts:
            spans.add((at, at + len(text)))
            at += len(text) + 1
        own = {_stripped(sentence) for sentence in nlp(" ".join(texts)).sents}
        both, found, wanted = both + len(own & spans), found + len(own), wanted + len(spans)
    return 2 * both / (found + wanted), len(documents), wanted


def _stripped(sentence: Any) -> tuple[int, int]:
    return sentence.start_char, sentence.start_char + len(sentence.text.rstrip())


def tokens_per_second(nlp: Any, texts: list[str]) -> tuple[float, int]:
    """Tokens per second of processor time over running texts, and the number of tokens."""
    started = time.process_time()
    tokens = sum(len(doc) for doc in nlp.pipe(texts))
    return tokens / (time.process_time() - started), tokens


def plain_tokens_per_second(texts: list[str]) -> tuple[float, int]:
    """The same for HanTa as it comes, without a cache, on the tokens and sentences of the own pipeline."""
    from strategy_miner.language.hanta import load_hanta
    from strategy_miner.language.pipeline import load_pipeline

    sentences = [[t.text for t in s if not t.is_space] for doc in load_pipeline().pipe(texts) for s in doc.sents]
    hanta = load_hanta()
    started = time.process_time()
    for sentence in sentences:
        hanta.tag_sent(sentence)
    tokens = sum(map(len, sentences))
    return tokens / (time.process_time() - started), tokens


def encoder_formats(folder: str, texts: list[str]) -> list[tuple[str, float, float, float, float]]:
    """For float32 and bfloat16: (format, wall and processor seconds per 1,000 texts, mean and least cosine)."""
    rows = []
    reference = None
    for dtype in ("float32", "bfloat16"):
        encoder = Encoder(EncoderSettings(model=folder, dtype=dtype, batch_size=32))
        encoder.encode(["Ein erster Satz lädt das Modell."])
        wall, processor = time.perf_counter(), time.process_time()
        vectors = encoder.encode(texts)
        scale = 1000 / len(set(texts))
        seconds = (time.perf_counter() - wall) * scale, (time.process_time() - processor) * scale
        reference = vectors if reference is None else reference
        cosines = (vectors * reference).sum(axis=1)
        rows.append((dtype, *seconds, float(cosines.mean()), float(cosines.min())))
    return rows


def language_report(real: Path, model: str, encoder: str) -> str:
    """A Markdown table of all figures, measured on the reference data in a folder such as ../shared/real."""
    from strategy_miner.language.pipeline import load_pipeline, pipeline_id

    nlp = load_pipeline(model)
    running = [p for f in sorted((real / "text").glob("*.md")) for p in f.read_text("utf-8").split("\n\n") if p.strip()]
    segments = [json.loads(line)["text"] for line in (real / "gold" / "segments_dev.jsonl").open(encoding="utf-8")]
    segments = [text for text in segments if 45 <= len(text.split()) <= 75][:100]
    fresh, tokens = tokens_per_second(nlp, running)
    plain, few = plain_tokens_per_second(running[::80])
    lemmas, words = lemma_accuracy(nlp, real / "ud_german" / "de_gsd-ud-dev.conllu")
    f1, documents, sentences = sentence_f1(nlp, real / "ud_german" / "de_pud-ud.conllu")
    rows = [
        ("pipeline", pipeline_id(nlp)),
        (f"lemma accuracy, UD German-GSD dev ({words:,} words)", f"{lemmas:.4f}"),
        (f"sentence F1, German-PUD ({documents} documents, {sentences:,} sentences)", f"{f1:.4f}"),
        (f"tokens per second of one core, running text from an empty cache ({tokens:,} tokens)", f"{fresh:,.0f}"),
        (f"the same for HanTa as it comes, every 80th paragraph ({few:,} tokens)", f"{plain:,.0f}"),
    ]
    for name in ("de_gsd-ud-dev", "de_pud-ud"):
        by_tag = lemmas_by_tag(nlp, real / "ud_german" / f"{name}.conllu")
        shares = ", ".join(f"{tag} {right / n:.3f} ({n})" for tag, (n, right) in by_tag.items() if n >= 100)
        rows.append((f"lemma accuracy by part of speech, {name}", shares))
    for dtype, wall, processor, mean, least in encoder_formats(encoder, segments):
        what = f"encoder, {dtype}: seconds per 1,000 segments of 60 words (n = {len(segments)})"
        rows.append((what, f"{wall:.1f} wall, {processor:.1f} processor; cosine {mean:.5f}, least {least:.5f}"))
    return "\n".join(["| figure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])
