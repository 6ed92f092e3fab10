"""Signs of real PDFs that typst's fonts cannot show: PDF/UA-1 refuses a document with one of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

STANDARD: Final = "ua-1"  # PDF/UA-1: tagged, with the document's language and words for every picture
BULLET, OTHER = "\u2022", "\ufffd"
_PRIVATE: Final = range(0xE000, 0xF900)


def showable(source: str, folder: Path) -> str:
    """A typst source in which a sign without a glyph is a bullet (private use: symbol fonts, whose bullets they nearly
    always are) or the replacement character.

    typst names only the first such sign of a document and does not list what its fonts hold, so each sign is tried.

    Args:
        source: the source of the document.
        folder: an empty place for trials, typst's root.
    """
    signs = sorted({sign for sign in source if ord(sign) > 0x17F or not (sign.isprintable() or sign == "\n")})
    if _set("\n\n".join(map(_line, signs)), folder):
        return source
    missing = [sign for sign in signs if not _set(_line(sign), folder)]
    return source.translate({ord(sign): BULLET if ord(sign) in _PRIVATE else OTHER for sign in missing})


def _line(sign: str) -> str:
    return f'#"{sign}"'


def _set(lines: str, folder: Path) -> bool:
    trial = folder / "trial.typ"
    trial.write_text(f'#set document(title: "trial")\n{lines}\n', encoding="utf-8")
    try:
        compiled(trial)
    except RuntimeError:
        return False
    return True


def compiled(source: Path) -> bytes:
    """The PDF of a typst file whose folder holds all it names, with typst's own fonts. Raises RuntimeError, of which
    TypstError is one."""
    import typst

    return typst.compile(
        source, root=source.parent, format="pdf", ignore_system_fonts=True, pdf_standards=STANDARD, timestamp=0
    )
