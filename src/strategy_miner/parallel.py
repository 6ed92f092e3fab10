"""Map a stage over the documents of a corpus: skip what is unchanged, keep going when one fails.

A document is skipped when the key of everything its result depends on is unchanged: the content of its input, the
stage's parameters, models and tables, and the source of every module that the stage imports. Keys stand in
`keys.json` beside the results; a document that fails leaves `<document_id>.failure.json` instead of a result.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from strategy_miner.errors import StrategyMinerError
from strategy_miner.records import Document, Failure, file_sha256, stable_id

ROOT = Path(__file__).resolve().parents[2]
_SOURCES = {"strategy_miner": ROOT / "src" / "strategy_miner", "pipeline": ROOT / "pipeline"}
_MODULE = re.compile(r"(?:strategy_miner|pipeline)(?:\.\w+)+")
_DATA = (".sql", ".j2", ".css", ".js", ".yaml", ".typ")

Work = Callable[[Document, Path], None]
Progress = Callable[[str, int, int], None]


def map_documents(stage: str, folder: Path, inputs: dict[Document, str], work: Work, *, workers: int = 1,
                  progress: Progress | None = None, beside: Path | None = None) -> list[Failure]:  # fmt: skip
    """Run `work(document, target)` for every document whose key changed; return the failures, old ones included.

    Args:
        stage: name of the stage, for the failure rows.
        folder: where results lie; results of documents that are no longer in `inputs` are removed.
        inputs: key per document, see `key`.
        work: writes the result of one document to `target` (whole or not at all) or raises.
        workers: how many documents at a time (0: one per core). Work that needs safety or several cores starts a
            process of its own, so threads are enough here.
        progress: called with (document's file, done, all) after each document.
        beside: a folder into which `work` writes a second result per document, under the same name.
    """
    folders = [folder] if beside is None else [folder, beside]
    for own in folders:
        own.mkdir(parents=True, exist_ok=True)
        _remove_others(own, inputs)
    keys = _read_keys(folder)
    todo = [document for document, key in inputs.items() if not _is_done(folders, document, key, keys)]
    with ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool:
        done = pool.map(lambda document: _attempt(stage, folders, document, work), todo)
        for count, document in enumerate(todo, start=1):
            next(done)
            keys[document.document_id] = inputs[document]
            _write_keys(folder, inputs, keys)  # after each, so that a run that is stopped goes on from there
            if progress:
                progress(document.file, count, len(todo))
    _write_keys(folder, inputs, keys)
    return read_failures(folder)


def key(input_hash: str, *dependencies: object) -> str:
    """The key of one result: the hash of its input and of everything else it depends on."""
    return stable_id(input_hash, *dependencies)


def results(folder: Path) -> dict[Document, str]:
    """The documents that a stage has results for, with the content hash of each result, ordered by document id."""
    keys = json.loads((folder / "keys.json").read_text()) if (folder / "keys.json").exists() else {}
    return {
        Document(document_id, entry["file"], entry["sha256"]): file_sha256(folder / f"{document_id}.parquet")
        for document_id, entry in sorted(keys.items())
        if (folder / f"{document_id}.parquet").exists()
    }


def read_failures(folder: Path) -> list[Failure]:
    """The failures that a stage left in its folder, ordered by document id."""
    return [Failure(**json.loads(path.read_text())) for path in sorted(folder.glob("*.failure.json"))]


def code_hash(module: str) -> str:
    """Hash over the sources of a module and of everything of this project that it imports."""
    return stable_id(*(f"{path.relative_to(ROOT)}:{file_sha256(path)}" for path in import_closure(module)))


def import_closure(module: str) -> list[Path]:
    """The files of this project that a module needs, sorted.

    Itself, what it imports (late imports too), modules that it names in a string in order to start them as a process,
    and the data files of the packages above them.
    """
    seen: dict[Path, None] = {}
    todo = [module]
    while todo:
        path = _source(todo.pop())
        if path is None or path in seen:
            continue
        seen[path] = None
        todo.extend(_imports(ast.parse(path.read_text(encoding="utf-8"))))
        if path.name == "__init__.py":
            seen.update(dict.fromkeys(_package_data(path.parent)))
    return sorted(seen)


def _source(module: str) -> Path | None:
    top, *rest = module.split(".")
    if top not in _SOURCES:
        return None
    base = _SOURCES[top].joinpath(*rest)
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.exists() and (rest or path.name == "__init__.py"):
            return path
    return None


def _package_data(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not (path / "__init__.py").exists():
            yield from _package_data(path)
        elif path.suffix in _DATA:
            yield path


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue  # seen by the type checker only
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _MODULE.fullmatch(node.value):
            names = [node.value]
        for name in names:
            parts = name.split(".")
            # Importing a module runs the __init__ of every package above it.
            yield from (".".join(parts[: i + 1]) for i in range(len(parts)))
        yield from _imports(node)


def _is_done(folders: Sequence[Path], document: Document, wanted: str, keys: dict[str, str]) -> bool:
    if keys.get(document.document_id) != wanted:
        return False
    whole = all((folder / f"{document.document_id}.parquet").exists() for folder in folders)
    return whole or (folders[0] / f"{document.document_id}.failure.json").exists()


def _attempt(stage: str, folders: Sequence[Path], document: Document, work: Work) -> None:
    folder = folders[0]
    target = folder / f"{document.document_id}.parquet"
    failed = folder / f"{document.document_id}.failure.json"
    try:
        work(document, target)
    except Exception as error:
        # Anything may go wrong inside a document; it becomes a row, and the other documents go on.
        message = error if isinstance(error, StrategyMinerError) else f"{error} ({type(error).__name__})"
        for own in folders:
            (own / target.name).unlink(missing_ok=True)
        failure = Failure.of(document, stage, error)
        _write_json(failed, {**asdict(failure), "message": " ".join(str(message).split())})
    else:
        failed.unlink(missing_ok=True)


def _remove_others(folder: Path, inputs: dict[Document, str]) -> None:
    wanted = {document.document_id for document in inputs}
    for path in [*folder.glob("*.parquet"), *folder.glob("*.failure.json")]:
        if path.name.split(".")[0] not in wanted:
            path.unlink()


def _read_keys(folder: Path) -> dict[str, str]:
    try:
        entries = json.loads((folder / "keys.json").read_text())
        return {document_id: entry["key"] for document_id, entry in entries.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # without readable keys everything is done again


def _write_keys(folder: Path, inputs: dict[Document, str], keys: dict[str, str]) -> None:
    entries = {
        d.document_id: {"file": d.file, "sha256": d.sha256, "key": keys[d.document_id]}
        for d in inputs
        if d.document_id in keys
    }
    _write_json(folder / "keys.json", dict(sorted(entries.items())))


def _write_json(path: Path, value: object) -> None:
    partial = path.with_name(path.name + ".part")
    partial.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)
