"""The demo corpus: what is planted, that its text is varied and its own, that the pages hold what the truth says."""

import csv
import hashlib
import random
import re
import shutil
from pathlib import Path
from statistics import fmean, stdev

import pyarrow.parquet as pq
import pypdfium2
import pytest

from strategy_miner.coding.codebook import Codebook
from strategy_miner.corpus.demo import compose_corpus, generate
from strategy_miner.corpus.demo.generate import read_projects
from strategy_miner.corpus.demo.grammar import Phrases, Voice
from strategy_miner.errors import CorpusError
from strategy_miner.records import BLOCK_KINDS
from strategy_miner.settings import DemoSettings

SOURCE = Path(__file__).parents[1] / "corpus" / "demo"
SETTINGS = DemoSettings((0.30, 0.38, 0.46), (0.30, 0.38, 0.46), 0.10)
SEED = 20261122


@pytest.fixture(scope="module")
def drafts():
    return compose_corpus(SOURCE, SETTINGS, SEED)


@pytest.fixture(scope="module")
def phrases():
    return Phrases.load(SOURCE)


@pytest.fixture(scope="module")
def codebook():
    return Codebook.load(SOURCE.parent / "codebook")


def units(draft):
    return [block for block in draft.truth if block.unit]


def integrated_share(draft, phrases):
    shares = [fmean(code in phrases.integrated for code in block.codes) for block in units(draft) if block.codes]
    return fmean(shares)


# --- planted


def test_planted_shares_come_out_by_cohort(drafts, phrases):
    for cohort, planted in zip("123", SETTINGS.planted_fields, strict=True):
        mine = [draft for project, _, draft in drafts if project.cohort == cohort]
        fields = [fmean(f.orientation == "integrated" for f in draft.fields) for draft in mine]
        text = [integrated_share(draft, phrases) for draft in mine]
        assert fmean(fields) == pytest.approx(planted, abs=0.006)
        assert fmean(text) == pytest.approx(planted, abs=0.015)
        assert 0.06 < stdev(fields) < 0.16, "documents must differ in their fields"
        assert 0.06 < stdev(text) < 0.16, "documents must differ in their text"


def test_fields_and_text_are_planted_apart(drafts, phrases):
    gaps = [
        abs(fmean(f.orientation == "integrated" for f in draft.fields) - integrated_share(draft, phrases))
        for _, _, draft in drafts
    ]
    assert max(gaps) > 0.1
    assert fmean(gaps) < 0.15, "a chapter is mostly about its field"


def test_other_shares_can_be_planted():
    reversed_shift = DemoSettings((0.6, 0.4, 0.2), (0.2, 0.4, 0.6), 0.05)
    for cohort, wanted in zip("123", reversed_shift.planted_fields, strict=True):
        mine = [d for p, _, d in compose_corpus(SOURCE, reversed_shift, 7) if p.cohort == cohort]
        shares = [fmean(f.orientation == "integrated" for f in d.fields) for d in mine]
        assert fmean(shares) == pytest.approx(wanted, abs=0.01)


def test_documents_declare_four_to_nine_fields_without_a_shared_code(drafts):
    for project, _, draft in drafts:
        assert 4 <= len(draft.fields) <= 9, project.name
        codes = [code for field in draft.fields for code in field.codes]
        assert len(codes) == len(set(codes)), project.name


# --- text


def test_at_most_two_percent_of_segment_pairs_are_alike(drafts):
    words = [
        (project.project_id, frozenset(re.findall(r"\w+", block.text.lower())))
        for project, _, draft in drafts
        for block in units(draft)
    ]
    rng, alike, pairs = random.Random(1), 0, 0
    while pairs < 200_000:
        (one, a), (other, b) = rng.choice(words), rng.choice(words)
        if one != other:
            pairs += 1
            alike += len(a & b) > 0.5 * len(a | b)
    assert alike / pairs <= 0.02


def test_no_sentence_is_shared_with_the_codebook(drafts, codebook):
    examples = [e for code in codebook.codes for e in (*code.positive, *code.negative)]
    theirs = {s for example in (*examples, *codebook.none_examples) for s in sentences(example.text)}
    ours = {s for _, _, draft in drafts for block in units(draft) for s in sentences(block.text)}
    assert len(theirs) > 200
    assert not theirs & ours


def sentences(text):
    """Letters only, so that punctuation and case hide nothing; very short ones ("Das gilt weiter.") are left out."""
    found = (" ".join(re.findall(r"\w+", part.lower())) for part in re.split(r"(?<=[.?!:])\s+", text))
    return {sentence for sentence in found if len(sentence.split()) > 3}


def test_paragraphs_have_the_length_of_a_segment(drafts):
    for _, _, draft in drafts:
        for block in units(draft):
            if block.kind == "paragraph":
                assert 35 <= len(block.text.split()) <= 110, block.text
                assert 2 <= len(re.findall(r"[.?!](?= [A-ZÄÖÜ0-9]|$)", block.text)) <= 8, block.text


def test_about_a_third_of_the_units_has_no_code_and_some_have_two(drafts):
    blocks = [block for _, _, draft in drafts for block in units(draft)]
    assert 0.27 < fmean(not block.codes for block in blocks) < 0.40
    assert 0.05 < fmean(len(block.codes) == 2 for block in blocks) < 0.20
    assert max(len(block.codes) for block in blocks) == 2


def test_every_line_resolves_to_a_clean_sentence(phrases):
    projects = {project.name.split()[0]: project for project in read_projects(SOURCE / "projects.csv")}
    lines = [
        line for parts in phrases.codes.values() for part in ("auftakt", "kern", "schluss") for line in parts[part]
    ]
    lines += [line for name, passages in phrases.none.items() if name != "fussnote" for line in passages]
    for n, project in enumerate(projects.values()):
        voice = Voice(phrases, project, random.Random(n))
        for line in lines:
            text = voice.fill(line)
            assert re.fullmatch(r"[A-ZÄÖÜ0-9].*[.?]", text), line
            assert not re.search(r"[\[\]{}|]|  | [.,;]|,,|[.,] ?\.", text), f"{line} -> {text}"


def test_codes_and_orientations_are_those_of_the_codebook(phrases, codebook):
    kinds = {code.id: code.kind for code in codebook.codes}
    assert set(phrases.codes) == set(kinds)
    for orientation, entries in phrases.fields.items():
        for entry in entries:
            assert {kinds[code] for code in entry["codes"]} == {orientation}, entry["name"]


# --- pages


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Four of the 61, in one and two columns, one scanned per cohort; set by one process and again by two."""
    folder = tmp_path_factory.mktemp("demo")
    source = folder / "source"
    shutil.copytree(SOURCE, source)
    rows = list(csv.reader((SOURCE / "projects.csv").open(encoding="utf-8")))
    kept = [rows[1], rows[2], rows[12], rows[40]]
    with (source / "projects.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([rows[0], *kept])
    stale = folder / "one" / "pdf" / "old.pdf"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"left over")
    generate(source, folder / "one", SETTINGS, SEED, 1)
    generate(source, folder / "two", SETTINGS, SEED, 2)
    return folder


def table(folder, name):
    """The rows of a truth table as dicts."""
    path = folder / "one" / ("truth.parquet" if name == "truth" else f"truth/{name}.parquet")
    return pq.read_table(path).to_pylist()


def page_texts(path):
    document = pypdfium2.PdfDocument(path)
    return [document[n].get_textpage().get_text_bounded() for n in range(len(document))]


def squeezed(text):
    """Without line ends, hyphens and spaces: how a page breaks its lines is not the point here."""
    return re.sub(r"[\s\u00ad\u0002\ufffe-]|‐", "", text)


def test_files_are_those_of_projects_csv_and_the_same_again(small):
    named = {project.files[0] for project in read_projects(small / "source" / "projects.csv")}
    for run in ("one", "two"):
        assert {path.name for path in (small / run / "pdf").iterdir()} == named
    for path in sorted((small / "one").rglob("*.p*")):
        if path.is_file():
            again = small / "two" / path.relative_to(small / "one")
            assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(again.read_bytes()).digest(), path.name


def test_every_page_says_that_it_is_fictional(small):
    for document in table(small, "documents"):
        path = small / "one" / "pdf" / document["file"]
        texts = page_texts(path)
        assert len(texts) == document["pages"]
        assert 8 <= len(texts) <= 16
        if document["scanned"]:
            assert not any(text.strip() for text in texts), "a scan has no text"
            assert path.stat().st_size < 4_000_000
        else:
            assert all(re.search("[Ff]iktiv|Erfunden", text) for text in texts)


def test_blocks_lie_where_the_truth_says(small):
    readable = {d["file"] for d in table(small, "documents") if not d["scanned"]}
    assert readable
    pages = {file: [squeezed(text) for text in page_texts(small / "one" / "pdf" / file)] for file in readable}
    blocks = [block for block in table(small, "truth") if block["file"] in readable]
    assert {block["kind"] for block in blocks} <= set(BLOCK_KINDS)
    assert len({block["kind"] for block in blocks}) == 10
    for block in blocks:
        assert 0 <= block["x"] <= 596
        assert 0 <= block["y"] <= 842
        assert block["page"] <= block["page_end"] <= len(pages[block["file"]])
        if block["kind"] in ("paragraph", "heading", "caption", "list_item", "footnote", "running_head"):
            first_words = squeezed(" ".join([block["number"], *block["text"].split()[:5]]))
            assert first_words in pages[block["file"]][block["page"] - 1], block["text"]


def test_fields_and_measures_name_blocks_that_exist(small):
    blocks = {(b["file"], b["block_id"]): b for b in table(small, "truth")}
    fields, measures = table(small, "fields"), table(small, "measures")
    for field in fields:
        heading = blocks[field["file"], field["block_id"]]
        assert heading["kind"] == "heading"
        assert field["field_name"] in heading["text"]
    names = {(field["file"], field["field_name"]) for field in fields}
    assert measures
    for measure in measures:
        profile = blocks[measure["file"], measure["block_id"]]
        assert profile["kind"] == "table"
        assert measure["cost"] in profile["text"]
        assert {(measure["file"], name) for name in measure["fields"]} <= names


# --- projects.csv and errors


def test_projects_are_the_announced_ones():
    projects = read_projects(SOURCE / "projects.csv")
    cohorts = [project.cohort for project in projects]
    assert [cohorts.count(value) for value in "123"] == [10, 24, 27]
    kinds = [project.municipality_type for project in projects]
    assert sorted(map(kinds.count, set(kinds))) == [7, 9, 22, 23]
    assert len({p.name for p in projects}) == len({p.files for p in projects}) == 61


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(CorpusError, match=r"projects\.csv"):
        generate(tmp_path, tmp_path / "out", SETTINGS, SEED, 1)


def test_as_many_shares_as_cohorts(tmp_path):
    with pytest.raises(CorpusError, match="3 cohorts"):
        generate(SOURCE, tmp_path, DemoSettings((0.3,), (0.3,), 0.1), SEED, 1)
