"""Numbers and dates as German and English readers expect them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from strategy_miner.report.typography import HARD, MINUS, NARROW, Typography

DE, EN = Typography("de", Markup("<i>–</i>")), Typography("en", Markup("<i>–</i>"))

CASES = [
    (DE.percent(0.381), f"38,1{NARROW}%", "decimal comma, narrow space before the sign"),
    (EN.percent(0.381), "38.1%", "decimal point, no space"),
    (DE.number(90000), f"90{NARROW}000", "thousands apart"),
    (EN.number(90000), "90,000", "thousands by comma"),
    (DE.points(0.163), f"+16,3{HARD}Punkte", "a difference has a sign and points, not per cent"),
    (DE.points(-0.163), f"{MINUS}16,3{HARD}Punkte", "a true minus, not a hyphen"),
    (DE.points(0.0), f"0,0{HARD}Punkte", "no sign at zero"),
    (DE.points(-0.0004), f"0,0{HARD}Punkte", "no minus at a rounded zero"),
    (DE.points(0.1, signed=False), f"10,0{HARD}Punkte", "a margin has no sign"),
    (EN.points(0.163, word=False), "+16.3", "the unit stands in the head of the table"),
    (DE.n_of(48, 61), f"48{HARD}von{HARD}61", "a count with its base"),
    (EN.n_of(48, 61), f"48{HARD}of{HARD}61", "a count with its base"),
    (DE.percent_range(0.1, 0.25), f"10,0{NARROW}% bis 25,0{NARROW}%", "both ends, in words"),
    (DE.points_range(-0.01, 0.3), f"{MINUS}1,0 bis +30,0{HARD}Punkte", "the unit once"),
    (DE.p_value(0.0304), "0,030", "three places"),
    (DE.p_value(0.0001), "kleiner als 0,001", "no more places than the permutations give"),
    (DE.percent(None), "–", "not measured is no zero"),
    (DE.percent(float("nan")), "–", "not a number is not measured"),
    (DE.number(0), "0", "a counted zero is a zero"),
    (DE.percent_range(0.1, None), "–", "half an interval is none"),
    (DE.complement(0.4), f"60,0{NARROW}%", "the other part of a whole"),
    (DE.probability(0.999), f"&gt;{HARD}0,99", "a machine is never certain"),
    (DE.probability(1.0), f"={HARD}1,00", "a person is"),
    (EN.probability(0.994), f"={HARD}0.99", "two places"),
    (DE.month("2020-10"), f"Oktober{HARD}2020", "month in words"),
    (EN.month("2021-03"), f"March{HARD}2021", "month in words"),
    (DE.month("2020"), "2020", "a year alone stays"),
    (DE.month("2020-13"), "2020-13", "no such month: as it is"),
    (DE.month(None), "", "unknown month"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "text", "reason"), CASES)
def test_format(markup: str, text: str, reason: str) -> None:
    assert re.sub(r"<[^>]+>", "", markup) == text, reason


@given(st.floats(-1, 1), st.sampled_from([DE, EN]))
def test_the_text_of_a_share_says_its_value_to_one_place(value: float, f: Typography) -> None:
    markup = f.percent(value)
    exact = float(re.findall(r'value="([^"]+)"', markup)[0])
    text = re.sub(r"<[^>]+>", "", markup).rstrip("%" + NARROW).replace(MINUS, "-")
    shown = float(text.replace(",", ".") if f is DE else text)
    assert abs(shown / 100 - exact) <= 0.0005 + 1e-6
