"""dvc.yaml against the code: which files each stage imports. `python -m tests.house` rewrites the lists."""

from __future__ import annotations

import re

from strategy_miner.parallel import ROOT, import_closure

DVC = ROOT / "dvc.yaml"
_LIST = re.compile(r"(?P<head>^ +# imports of (?P<module>[\w.]+)\n)(?P<files>(?:^ +- [\w/.]+\n)*)", re.MULTILINE)


def listed(text: str) -> dict[str, list[str]]:
    """Module of each stage -> the files that dvc.yaml lists as its imports."""
    return {m["module"]: re.findall(r"- (\S+)", m["files"]) for m in _LIST.finditer(text)}


def needed(module: str) -> list[str]:
    """The files that a stage's module imports, as dvc.yaml names them."""
    return [path.relative_to(ROOT).as_posix() for path in import_closure(module)]


def rewritten(text: str) -> str:
    """dvc.yaml with the lists as they should be."""

    def replace(match: re.Match[str]) -> str:
        indent = " " * (len(match["head"]) - len(match["head"].lstrip()))
        return match["head"] + "".join(f"{indent}- {name}\n" for name in needed(match["module"]))

    return _LIST.sub(replace, text)


if __name__ == "__main__":
    DVC.write_text(rewritten(DVC.read_text(encoding="utf-8")), encoding="utf-8")
