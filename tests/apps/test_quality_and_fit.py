"""`heyan quality` and `heyan fit` as they are typed: what they print, where they write, what they end with."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest
from PIL import Image as Pillow

from apps import cli
from pipeline import documents, orientation
from tests.documents_by_hand import Scripted, drawn, save


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orientation, "proposed_rotation", lambda _: 0)
    monkeypatch.setattr(documents, "open_reader", lambda _: Scripted())


def heyan(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        cli.main([str(a) for a in arguments])
    out, err = capfd.readouterr()
    return int(str(left.value.code)), out, err


def test_quality_tells_each_document_in_json(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good = save(tmp_path, "front").here
    soft = save(tmp_path, "licence", cv2.GaussianBlur(drawn("licence"), (0, 0), 5)).here
    code, out, _ = heyan(capfd, "quality", good, soft, "--json")
    told = json.loads(out)["documents"]
    assert code == 3
    assert [(d["file"], d["type"]) for d in told] == [(str(good), "id_card"), (str(soft), "business_licence")]
    assert told[0]["findings"] == []
    assert told[0]["quality"]["text_height"] > 15
    assert [(f["code"], f["severity"]) for f in told[1]["findings"]] == [("QUALITY_BLURRED", "error")]
    assert told[1]["findings"][0]["evidence"][0]["box"]


def test_quality_says_so_where_nothing_is_wrong_and_where_nothing_was_looked_at(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.xml").write_text("<no/>")
    code, out, _ = heyan(capfd, "quality", save(tmp_path, "front").here, "--lang", "en")
    assert (code, "Nothing wrong with the picture was found" in out) == (0, True)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no")
    code, out, err = heyan(capfd, "quality", tmp_path / "broken.jpg", "--lang", "en")
    assert (code, "FILE_" in out, "Traceback" in err) == (1, True, False)
    assert heyan(capfd, "quality", tmp_path / "gone.jpg")[0] == 2


def test_quality_tells_a_card_that_is_over_on_the_day(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    back = save(tmp_path, "back").here  # 2015.03.09-2035.03.09
    for day, expected in (("2035-03-09", []), ("2035-03-10", ["AUTH_DOCUMENT_EXPIRED"])):
        code, out, _ = heyan(capfd, "quality", back, "--json", "--as-of", day)
        assert [f["code"] for f in json.loads(out)["documents"][0]["findings"]] == expected
        assert code == 0  # a warning


def test_fit_writes_a_copy_beside_the_original(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "licence.bmp"
    assert cv2.imwrite(str(path), drawn("licence"))
    before = path.read_bytes()
    code, out, _ = heyan(capfd, "fit", path, "--profile", "alibaba/basic", "--json")
    told = json.loads(out)
    assert (code, told["slot"], told["format"], told["limit"]) == (0, "business_licence", "jpeg", 2_000_000)
    assert told["copy_bytes"] <= told["limit"]
    assert path.read_bytes() == before
    with Pillow.open(told["copy"]) as copy:
        assert (copy.format, copy.size) == ("JPEG", (told["width"], told["height"]))


def test_fit_refuses_what_would_harm(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, "licence").here
    assert heyan(capfd, "fit", path, "--profile", "alibaba/basic", "--out", path)[::2][0] == 2
    assert heyan(capfd, "fit", path, "--profile", "no/such")[0] == 2
    assert heyan(capfd, "fit", path, "--profile", "alibaba/basic", "--out", tmp_path / "a.pdf")[0] == 2
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    code, _, err = heyan(capfd, "fit", tmp_path / "broken.jpg", "--profile", "alibaba/basic")
    assert (code, err.count("\n")) == (1, 1)
