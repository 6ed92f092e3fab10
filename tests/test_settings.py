"""params.yaml -> dataclasses."""

from __future__ import annotations

import pytest
import yaml

from strategy_miner.errors import SettingsError
from strategy_miner.parallel import ROOT
from strategy_miner.settings import Settings

PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


def load(tmp_path, change):
    params = yaml.safe_load(yaml.safe_dump(PARAMS))
    change(params)
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(params), encoding="utf-8")
    return Settings.load(path)


def test_the_shipped_file_loads():
    settings = Settings.load(ROOT / "params.yaml")
    assert list(settings.corpora) == ["mpsc", "demo"]
    assert settings.demo.planted_text == (0.30, 0.38, 0.46)


def test_whole_numbers_do_as_floats(tmp_path):
    assert load(tmp_path, lambda p: p["demo"].update(spread=0)).demo.spread == 0.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.update(extra=1), "unknown key 'extra'"),
        (lambda p: p["extract"].update(orc=True), "unknown key 'orc'"),
        (lambda p: p["extract"].pop("ocr"), "missing key 'ocr'"),
        (lambda p: p["extract"].update(ocr="yes please"), "expected bool"),
        (lambda p: p["extract"].update(max_pages=True), "expected int"),
        (lambda p: p.update(segment=[1]), "expected keys and values"),
        (lambda p: p.update(corpora={}), "lists no corpus"),
        (lambda p: p.update(workers=-3), "workers: value out of range"),
        (lambda p: p["segment"].update(min_words=200), "min_words: value out of range"),
        (lambda p: p["analyse"].update(margin=7), "margin: value out of range"),
        (lambda p: p["classify"].update(threshold=3), "threshold: value out of range"),
        (lambda p: p["report"].update(quotes_per_code=11), "quotes_per_code: value out of range"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_remedy(tmp_path, change, message):
    with pytest.raises(SettingsError, match=message) as caught:
        load(tmp_path, change)
    assert "params.yaml" in str(caught.value)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_missing_and_broken_files(tmp_path):
    with pytest.raises(SettingsError, match="file not found"):
        Settings.load(tmp_path / "params.yaml")
    (tmp_path / "params.yaml").write_text("a: [")
    with pytest.raises(SettingsError, match="cannot be read as YAML"):
        Settings.load(tmp_path / "params.yaml")
