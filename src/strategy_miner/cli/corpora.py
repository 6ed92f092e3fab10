"""`strategy-miner corpus`: lay out and check corpus folders."""

from __future__ import annotations

from typing import Annotated

import typer

from strategy_miner import verbs
from strategy_miner.settings import Settings

corpus_app = typer.Typer(no_args_is_help=True, help="Lay out and check corpus folders.")


@corpus_app.command("new")
def corpus_new(name: str) -> None:
    """Lay out an empty corpus folder."""
    from strategy_miner.corpus import new_corpus

    folder = new_corpus(verbs.project_root() / "corpus", name)
    print(f"{folder} laid out. Fill projects.csv, put PDFs into its folder pdf, and list it in params.yaml:")
    print(f"  corpora:\n    {name}: corpus/{name}/pdf")


@corpus_app.command("check")
def corpus_check(name: Annotated[str | None, typer.Argument()] = None) -> None:
    """Explain what is wrong with a corpus folder."""
    from strategy_miner.coding import Codebook
    from strategy_miner.corpus import Corpus, check_corpus, demand_known_codes

    root = verbs.project_root()
    settings = Settings.load(root / "params.yaml")
    name = name or next(iter(settings.corpora))
    folder = settings.corpora.get(name)
    corpus = Corpus.load(root / "corpus", name, root / folder if folder else None)
    findings = check_corpus(corpus)
    corrections = [row for row in corpus.corrections() if row.codes]
    if corrections:
        codebook = Codebook.load(root / settings.classify.codebook)
        demand_known_codes(corrections, {code.id for code in codebook.codes})
    print(f"{name}: {len(corpus.projects)} projects, {len(corpus.documents())} documents")
    if not folder:
        print(f"note: params.yaml does not list {name}; the pipeline does not run it.")
    for finding in findings:
        print(f"{'problem' if finding.serious else 'note'}: {finding.message}")
    if any(finding.serious for finding in findings):
        raise typer.Exit(1)
