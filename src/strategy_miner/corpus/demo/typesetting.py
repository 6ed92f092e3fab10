"""Set a draft with typst, ask where its blocks lie, and make image-only copies."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_SCAN_DPI = 150
_SCAN_QUALITY = 40
_SCAN_SKEW = 0.6  # degrees at most
_SCAN_NOISE = 6.0  # standard deviation in grey levels


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block begins and ends; points from the top left of the page, pages from 1."""

    page: int
    x: float
    y: float
    page_end: int
    x_end: float
    y_end: float


def set_pages(source: Path, data: dict[str, Any]) -> tuple[bytes, dict[str, list[Place]]]:
    """The PDF of a document and the places of its blocks by id (running heads have one per page).

    `data`: see templates/document.typ. The bytes depend on the data and the typst version only.
    """
    import typst

    compiler = typst.Compiler(
        input=str(source / "templates" / "document.typ"),
        root=str(source),
        ignore_system_fonts=True,  # else the pages would depend on the machine
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    stamp = datetime(data["year"], data["month"], 15, 12, tzinfo=UTC)
    pdf = compiler.compile(format="pdf", timestamp=stamp, pdf_tags=False)
    assert isinstance(pdf, bytes)
    return pdf, _places(json.loads(compiler.query("<mark>", field="value")))


def _places(marks: list[dict[str, Any]]) -> dict[str, list[Place]]:
    places: dict[str, list[Place]] = {}
    starts: dict[str, dict[str, Any]] = {}
    for mark in marks:
        if mark["edge"] == "start":
            starts[mark["id"]] = mark
            places.setdefault(mark["id"], []).append(_place(mark, mark))
        else:
            places[mark["id"]][-1] = _place(starts[mark["id"]], mark)
    return places


def _place(start: dict[str, Any], end: dict[str, Any]) -> Place:
    first, last = ((mark["page"], round(mark["x"], 1), round(mark["y"], 1)) for mark in (start, end))
    return Place(*first, *last)


def scan(pdf: bytes, seed: int, year: int, month: int) -> bytes:
    """An image-only copy that looks scanned: grey, slightly skewed, noisy, JPEG.

    pdfium is used here although reading is the room for it: this makes a test input and reads nothing.
    """
    import numpy as np
    import pypdfium2
    from PIL import Image

    noise = np.random.default_rng(seed)
    sheets: list[Image.Image] = []
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        grey = page.render(scale=_SCAN_DPI / 72, grayscale=True).to_pil().convert("L")
        skewed = grey.rotate(noise.uniform(-_SCAN_SKEW, _SCAN_SKEW), Image.Resampling.BILINEAR, fillcolor=250)
        grain = noise.normal(0, _SCAN_NOISE, (skewed.height // 2 + 1, skewed.width // 2 + 1)).astype(np.float32)
        grain = grain.repeat(2, axis=0).repeat(2, axis=1)[: skewed.height, : skewed.width]
        pixels = np.asarray(skewed, dtype=np.float32) * 0.92 + 8 + grain
        sheets.append(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)))
    document.close()
    stamp = datetime(year, month, 15, 12, tzinfo=UTC).timetuple()
    target = io.BytesIO()
    sheets[0].save(
        target, "PDF", save_all=True, append_images=sheets[1:], resolution=_SCAN_DPI, quality=_SCAN_QUALITY,
        creationDate=stamp, modDate=stamp,
    )  # fmt: skip
    return target.getvalue()
