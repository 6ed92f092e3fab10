"""A sealed bundle: report, database, exports and provenance of a corpus in one archive, with the hash of every file.

The seal is the SHA-256 of the list of hashes: who has noted it down can tell later whether anything was changed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from strategy_miner.checking.findings import Part
from strategy_miner.errors import StoreError
from strategy_miner.records import file_sha256
from strategy_miner.store import connect, demand_schema
from strategy_miner.store.exports import replacing, zip_entry

DATABASE, REPORT, EVIDENCE = "strategy.duckdb", "report", "evidence"
MANIFEST, PROVENANCE = "manifest.json", "provenance.json"
MOST_BYTES = 20_000_000_000  # of all unpacked files together; the synthetic corpus of 6,100 pages has 1 GB


def write_bundle(build: Path, target: Path) -> str:
    """Pack database, metrics.json, report/ and evidence/ of a folder of results into a ZIP file; returns its seal.

    Equal files give an equal archive. Raises StoreError if database or report are missing or it cannot be written.
    """
    database, report = build / DATABASE, build / REPORT
    with connect(database) as connection:
        demand_schema(connection, database)
        runs = dict(connection.execute("FROM runs ORDER BY key").fetchall())
        documents = connection.execute("SELECT file, sha256 FROM documents ORDER BY lower(file), file").fetchall()
    if not (report / "index.html").is_file():
        raise StoreError("no report", str(report), "Run `strategy-miner report` first.")
    # The pictures of quoted words lie apart; with them the report can be written again.
    packed_folders = (report, build / EVIDENCE)
    found = sorted(path for folder in packed_folders for path in folder.rglob("*") if path.is_file())
    paths = {DATABASE: database, **{path.relative_to(build).as_posix(): path for path in found}}
    if (metrics := build / "metrics.json").is_file():
        paths[metrics.name] = metrics
    texts = {PROVENANCE: _json({"runs": runs, "documents": dict(documents)})}
    hashes = {name: file_sha256(path) for name, path in paths.items()}
    hashes |= {name: hashlib.sha256(text).hexdigest() for name, text in texts.items()}
    texts[MANIFEST] = _json({"files": dict(sorted(hashes.items()))})
    with replacing(target) as partial, zipfile.ZipFile(partial, "w") as archive:
        for name in sorted([*texts, *paths]):
            with archive.open(zip_entry(name), "w", force_zip64=True) as packed:
                if name in texts:
                    packed.write(texts[name])
                else:
                    with paths[name].open("rb") as file:
                        shutil.copyfileobj(file, packed, 1 << 20)
    return hashlib.sha256(texts[MANIFEST]).hexdigest()


def unpack(bundle: Path, folder: Path, seal: str = "") -> tuple[Part, str]:
    """Unpack a bundle and compare every file with its list of hashes, and that with a seal if one is given.

    Returns what was found and the seal. Raises StoreError if it is no bundle or cannot be unpacked.
    """
    part = Part("bundle", "files")
    try:
        with zipfile.ZipFile(bundle) as archive:
            names = archive.namelist()
            unsafe = [n for n in names if PurePosixPath(n).is_absolute() or ".." in PurePosixPath(n).parts or "\\" in n]
            if unsafe or sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                remedy = "Get it again from where it was made."
                raise StoreError("is no bundle: it reaches outside its folder or is too large", str(bundle), remedy)
            archive.extractall(folder)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise StoreError(f"is damaged or no bundle: {error}", str(bundle), "Get it again.") from error
    except OSError as error:
        raise StoreError(
            f"cannot be unpacked: {error.strerror}", str(bundle), "Check its name and the disk."
        ) from error
    stated, found_seal = _manifest(bundle, folder)
    if seal and seal.lower() != found_seal:
        part.mismatch(MANIFEST, f"the seal is {found_seal}, not {seal.lower()}")
    for name in sorted({*stated, *names} - {MANIFEST}):
        part.checked += 1
        if name not in names:
            part.mismatch(name, "is missing in the bundle")
        elif name not in stated:
            part.mismatch(name, "is no file of this bundle")
        elif file_sha256(folder / name) != stated[name]:
            part.mismatch(name, "is not the file that was sealed (SHA-256)")
    return part, found_seal


def _manifest(bundle: Path, folder: Path) -> tuple[dict[str, str], str]:
    try:
        data = (folder / MANIFEST).read_bytes()
        files = json.loads(data)["files"]
        return {str(name): str(sha256) for name, sha256 in files.items()}, hashlib.sha256(data).hexdigest()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(
            f"is no bundle: it has no {MANIFEST}", str(bundle), "`strategy-miner bundle` writes one."
        ) from error


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
