"""PDFs made by hand, object by object: small files with one property each."""

from __future__ import annotations

from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=50, wall_seconds=30, cpu_seconds=20, memory_mb=1500)
SENTENCE = "Die Stadt plant ein neues Rathaus."


def pdf(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of numbered objects, the first the catalogue, with a right cross-reference table."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<</Size %d /Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n" % (len(content), entries) + content + b"\nendstream"


def one_page(content: bytes, entries: bytes = b"", page: bytes = b"", more: list[bytes] | None = None) -> bytes:
    """A page with Helvetica as /F1 and the given content stream, which is object 5; `more` starts at 6, /X is 6."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>/XObject<</X 6 0 R>>>>"
            b"/Contents 5 0 R" + page + b">>",
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
            stream(content, entries),
            *(more or []),
        ]
    )


HELLO = b"BT /F1 12 Tf 72 700 Td (Die Stadt plant ein neues Rathaus.) Tj ET\n"
