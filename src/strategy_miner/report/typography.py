"""Numbers, dates and intervals as a reader of German or English expects them.

Sources: DIN 5008 and Duden for German (decimal comma, narrow no-break space before %, en dash for ranges and minus
as U+2212). Every figure becomes a `<data value=...>` element, so that a test or a reader's script finds the number
behind the text. Nothing here computes a result; rounding is for the eye only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup, escape

LANGUAGES = ("de", "en")
NARROW = "\u202f"  # narrow no-break space
HARD = "\u00a0"  # no-break space
MINUS = "\u2212"
_MONTHS = {
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
}  # fmt: skip
_WORDS = {
    "de": {"of": "von", "to": "bis", "points": "Punkte", "below": "kleiner als"},
    "en": {"of": "of", "to": "to", "points": "points", "below": "below"},
}


def measured(value: object) -> bool:
    """Whether there is a number at all; NULL and NaN mean that nothing was measured."""
    return value is not None and not (isinstance(value, float) and math.isnan(value))


@dataclass(frozen=True, slots=True)
class Typography:
    """Formats for one language, "de" or "en". `missing` is what stands where nothing was measured."""

    lang: str
    missing: Markup

    def plain(self, value: float, places: int = 0, signed: bool = False) -> str:
        """A number as text, grouped in thousands; `signed` writes + or a true minus."""
        text = f"{abs(value):,.{places}f}"
        if self.lang == "de":
            text = text.replace(",", NARROW).replace(".", ",")
        zero = not any(digit in "123456789" for digit in text)
        if value < 0 and not zero:
            return MINUS + text
        return f"+{text}" if signed and not zero else text

    def percent_text(self, value: float, places: int = 1) -> str:
        """A share of 1 as "38,1 %" or "38.1%"."""
        return self.plain(value * 100, places) + (NARROW + "%" if self.lang == "de" else "%")

    def number(self, value: float | int | None, places: int = 0) -> Markup:
        """A count or measure."""
        return self._data(value, lambda v: self.plain(v, places))

    def percent(self, value: float | None, places: int = 1) -> Markup:
        """A share of 1 in percent."""
        return self._data(value, lambda v: self.percent_text(v, places))

    def complement(self, value: float | None) -> Markup:
        """The other part of a share, for two parts that make up a whole."""
        return self.percent(1 - value if value is not None and measured(value) else None)

    def points(self, value: float | None, signed: bool = True, word: bool = True) -> Markup:
        """A difference of two shares in percentage points, with its sign and the word "points"."""
        unit = HARD + _WORDS[self.lang]["points"] if word else ""
        return self._data(value, lambda v: self.plain(v * 100, 1, signed) + unit)

    def percent_range(self, low: float | None, high: float | None) -> Markup:
        """The ends of an interval of shares."""
        return self._range(self.percent(low), self.percent(high), measured(low) and measured(high))

    def points_range(self, low: float | None, high: float | None, word: bool = True) -> Markup:
        """The ends of an interval of differences, in points; the word stands once, at the end."""
        return self._range(self.points(low, word=False), self.points(high, word=word), measured(low) and measured(high))

    def number_range(self, low: float | None, high: float | None, places: int = 0) -> Markup:
        """The ends of an interval of plain numbers."""
        return self._range(self.number(low, places), self.number(high, places), measured(low) and measured(high))

    def n_of(self, count: int | None, total: int | None) -> Markup:
        """A count with its base: "48 von 61"."""
        if not measured(count) or not measured(total):
            return self.missing
        pair = (self._data(part, self.plain, total) for part in (count, total))
        return Markup(f"{HARD}{_WORDS[self.lang]['of']}{HARD}").join(pair)

    def p_value(self, value: float | None) -> Markup:
        """A p value to three places; below that a bound, because permutations cannot say more."""
        bound = Markup(f"{_WORDS[self.lang]['below']} ") + self.plain(0.001, 3)
        if value is not None and measured(value) and value < 0.001:
            return Markup('<data value="{}">{}</data>').format(_exact(value), bound)
        return self._data(value, lambda v: self.plain(v, 3))

    def probability(self, value: float | None) -> Markup:
        """A coder's probability with its relation, "= 0,95"; a machine's is never rounded up to certainty."""
        bounded = value is not None and 0.995 <= value < 1
        figure = self._data(value, lambda v: self.plain(0.99 if bounded else v, 2))
        return Markup("{}{}{}").format(">" if bounded else "=", HARD, figure)

    def month(self, text: str | None) -> str:
        """ "2020-10" as "Oktober 2020"; anything else as it is."""
        year, _, month = (text or "").partition("-")
        if not (len(year) == 4 and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
            return text or ""
        return f"{_MONTHS[self.lang][int(month) - 1]}{HARD}{year}"

    def _range(self, low: Markup, high: Markup, there: bool) -> Markup:
        if not there:
            return self.missing
        return Markup("{} {} {}").format(low, _WORDS[self.lang]["to"], high)

    def _data(self, value: float | int | None, text: object, n: float | int | None = None) -> Markup:
        if value is None or not measured(value):
            return self.missing
        assert callable(text)
        cases = "" if n is None else Markup(' data-n="{}"').format(_exact(n))
        return Markup('<data value="{}"{}>{}</data>').format(_exact(value), cases, escape(text(value)))


def _exact(value: float | int) -> str:
    return repr(round(value, 6)) if isinstance(value, float) else str(int(value))
