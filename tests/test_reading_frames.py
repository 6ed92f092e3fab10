"""Where pages lie in their file: what is measured on the page as shown is found on the page as stored."""

import pytest

from strategy_miner.errors import ReadingError
from strategy_miner.reading import frames as module
from strategy_miner.reading import read
from strategy_miner.reading.frames import PageFrame, frames
from tests.made_pdf import HELLO, SETTINGS, one_page

X, Y, SIZE = 72, 700, 12  # where HELLO begins, on the page as stored


def page(tmp_path, entries=b"", media=b"[0 0 595 842]"):
    path = tmp_path / "one.pdf"
    path.write_bytes(one_page(HELLO, page=entries).replace(b"[0 0 595 842]", media))
    return path


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [b"", b"/CropBox[40 60 500 800]"], ids=["whole", "cropped"])
@pytest.mark.parametrize(("media", "origin"), [(b"[0 0 595 842]", (0, 0)), (b"[20 30 595 842]", (20, 30))])
def test_a_line_is_found_where_it_was_drawn(tmp_path, turn, crop, media, origin):
    path = page(tmp_path, b"/Rotate %d" % turn + crop, media)
    (block,) = [block for found in read(path, SETTINGS) for block in found.blocks]
    (frame,) = frames([path])[0]
    for _, *box in block.boxes:
        left, bottom, right, top = frame.stored(*box)
        assert left + origin[0] == pytest.approx(X, abs=2)
        assert bottom + origin[1] < Y + 2
        assert top + origin[1] > Y + SIZE / 2
        assert (right - left) > (top - bottom), "the line is lying"
        assert frame.shown(left, bottom, right, top) == pytest.approx(box, abs=0.01)


def test_a_file_that_cannot_be_opened_costs_itself_only(tmp_path):
    good = page(tmp_path)
    bad, missing = tmp_path / "bad.pdf", tmp_path / "missing.pdf"
    bad.write_bytes(b"%PDF-1.4 no pages")
    one, two, three, four = frames([bad, good, missing, good])
    assert [type(found) for found in (one, three)] == [ReadingError, ReadingError]
    assert "missing.pdf: file not found" in str(three)
    assert two == four == [PageFrame(0, 0, 595, 842, 0, 0, 0)]


def test_a_file_that_ends_the_child_costs_itself_only(tmp_path, monkeypatch):
    good, deadly = page(tmp_path), tmp_path / "deadly.pdf"
    deadly.write_bytes(b"%PDF-1.4")
    ask = module._asked
    monkeypatch.setattr(module, "_asked", lambda paths: [] if paths[0] == deadly else ask(paths[:1]))
    one, two, three = frames([good, deadly, good])
    assert isinstance(two, ReadingError)
    assert one == three == [PageFrame(0, 0, 595, 842, 0, 0, 0)]
