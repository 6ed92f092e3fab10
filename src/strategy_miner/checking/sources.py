"""The documents of a corpus as they lie in its folder now, against those that the database was made from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.checking.findings import Part

if TYPE_CHECKING:
    from strategy_miner.corpus import Corpus
    from strategy_miner.store import Connection


def check_sources(connection: Connection, corpus: Corpus | None) -> tuple[Part, dict[str, Path]]:
    """Compare hashes of the documents; with it the files, by document id, whose content is the one that was read.

    `corpus` is None where nobody knows where the documents lie: then all of them are unchecked.
    """
    part = Part("documents", "files")
    sql = "SELECT document_id, file, sha256 FROM documents ORDER BY lower(file), document_id"
    known = {row[0]: row[1:] for row in connection.execute(sql).fetchall()}
    absent = [file for file, sha256 in known.values() if sha256 is None]
    if absent:
        part.unchecked.append(f"{len(absent)} documents were not there when the database was made")
    read = {document_id: row for document_id, row in known.items() if row[1] is not None}
    if corpus is None:
        if read:
            part.unchecked.append(f"{len(read)} documents: this project has no such corpus, so no folder to look in")
        return part, {}
    here = {document.document_id: document for document in corpus.documents()}
    names = {document.file: document for document in here.values()}
    where = str(corpus.pdf_folder)
    for document_id, (file, sha256) in read.items():
        part.checked += 1
        found = here.get(document_id)
        if found is not None and found.sha256 == sha256:
            continue
        if file in names or (corpus.pdf_folder / file).is_file():  # two equal files are one document
            part.mismatch(file, f"has another content than the document that was read (SHA-256 {sha256[:16]}...)")
        else:
            part.mismatch(file, f"is missing in {where}: the document that was read is not there")
    for document in here.values():
        if document.document_id not in read and document.file not in {file for file, _ in read.values()}:
            part.mismatch(document.file, f"lies in {where}, but the database was made without it")
    for file in corpus.unclaimed_files():
        part.mismatch(file, f"lies in {where}, but no project names it")
    same = {i: corpus.path(d) for i, d in here.items() if i in read and d.sha256 == read[i][1]}
    return part, same
