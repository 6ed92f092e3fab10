"""Stage static: the sentence encoder -> static vectors of word pieces, if params.yaml asks for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from strategy_miner.language import Encoder, distil, static_folder
from strategy_miner.settings import Settings


def main() -> None:
    settings = Settings.load().encoder
    target = Path(static_folder(settings))
    if settings.tier == "static":
        distil(Encoder(replace(settings, tier="neural")), settings.model, target)
    else:  # the stages that follow depend on the folder, so that it must be there
        target.mkdir(parents=True, exist_ok=True)
        (target / "README.md").write_text("Not made: encoder.tier in params.yaml is not static.\n", encoding="utf-8")


if __name__ == "__main__":
    main()
