"""The pictures that the stage evidence drew, and their files beside the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from strategy_miner.parallel import read_failures
from strategy_miner.parquet import read_records, whole
from strategy_miner.records import Cutout, Failure

FOLDER = "evidence"  # beside the page, and beside the database, where the stage of that name writes


@dataclass(frozen=True)
class Pictures:
    """What the stage evidence drew: rows by kind and id, documents that it could not draw, and whether it ran."""

    rows: dict[tuple[str, str], Cutout] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    drawn: bool = False

    @classmethod
    def read(cls, folder: Path) -> Pictures:
        """The pictures in a folder of the stage evidence; none where there is no such folder."""
        found = [cutout for path in sorted(folder.glob("*.parquet")) for cutout in read_records(Cutout, path)]
        return cls({(c.kind, c.id): c for c in found}, tuple(read_failures(folder)), folder.is_dir())

    def get(self, kind: str, id_: str) -> Cutout | None:
        """The picture of a segment, field or measure, if there is one."""
        row = self.rows.get((kind, id_))
        return row if row is not None and row.picture else None

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The pictures by the name of their file."""
        return {row.file: row.picture for row in self.rows.values() if row.picture}

    def write(self, folder: Path) -> list[str]:
        """Lay the pictures into the folder of a report and remove those of an earlier one; their paths from there."""
        target = folder / FOLDER
        for path in target.glob("*.png"):
            if path.name not in self.files:
                path.unlink()
        for name, picture in self.files.items():
            path = target / name
            if not path.is_file() or path.read_bytes() != picture:
                with whole(path) as partial:
                    partial.write_bytes(picture)
        return [f"{FOLDER}/{name}" for name in sorted(self.files)]
