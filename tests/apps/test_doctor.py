"""The doctor names what is wrong and what to do, and looks at everything else all the same."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from apps import doctor
from apps.doctor import Diagnosis, examine
from extractors.errors import EngineError
from pipeline.settings import Settings

Reading = Callable[..., Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache")


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> Callable[[Reading], None]:
    """The engine of the self-test; by default one that reads what is drawn."""

    def put(read: Reading) -> None:
        fake = SimpleNamespace(read=read, describe=lambda: {"engine": "fake"})
        monkeypatch.setattr("pipeline.ocr.open_reader", lambda settings: fake)

    put(lambda picture: (SimpleNamespace(text="9133 0108"),))
    return put


def about(settings: Settings, name: str) -> list[Diagnosis]:
    return list(examine(settings, [e for e in doctor.EXAMINATIONS if e[0].en == name]))


def test_a_good_installation_has_nothing_that_fails(settings: Settings) -> None:
    diagnoses = list(examine(settings))
    assert [d.found for d in diagnoses if d.state == "fail"] == []
    assert {d.about.en for d in diagnoses} >= {"Python", "Packages", "OpenCV", "Models", "Self-test"}


def test_several_releases_of_opencv_are_a_failure(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    releases = {"opencv-python": "4.10.0.84", "opencv-contrib-python": "4.12.0.88"}
    monkeypatch.setattr(doctor, "installed_version", releases.get)
    (found,) = about(settings, "OpenCV")
    assert found.state == "fail"
    assert "4.12.0.88" in found.found
    assert "Uninstall" in found.remedy


def test_the_opencv_in_use_is_told_by_its_bytes(settings: Settings) -> None:
    import cv2
    from cv2 import version

    name = "opencv" + ("-contrib" if version.contrib else "") + "-python" + ("-headless" if version.headless else "")
    (found,) = about(settings, "OpenCV")
    assert f"in use: {name}, cv2 {cv2.__version__}" in found.found


@pytest.mark.parametrize(("there", "state"), [(True, "ok"), (False, "warn")])
def test_without_a_chinese_font_pictures_lack_text(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, there: bool, state: str
) -> None:
    monkeypatch.setattr("pipeline.pdf_fonts.draws_chinese", lambda: there)
    (found,) = about(settings, "Chinese font")
    assert found.state == state
    assert ("fonts-noto-cjk" in found.remedy) is not there


def test_other_versions_than_tested_are_a_warning(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "constraints", lambda: {"numpy": "0.0.1", "not-installed-here": "1.0"})
    (found,) = about(settings, "Packages")
    assert found.state == "warn"
    assert "0.0.1" in found.found
    assert "not-installed-here" not in found.found


def test_a_missing_package_is_a_failure_with_the_command_that_mends_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor.metadata, "requires", lambda _: ["no-such-package>=3", "numpy>=99", "x; extra == 'dev'"])
    failed = [d for d in about(settings, "Packages") if d.state == "fail"]
    assert [d.remedy for d in failed] == ['pip install "no-such-package>=3"', 'pip install "numpy>=99"']


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (found,) = about(Settings(cache_dir=tmp_path / "file" / "cache"), "Cache folder")
    assert found.state == "fail"
    assert "HEYAN_CACHE_DIR" in found.remedy


def test_damaged_models_are_found(settings: Settings) -> None:
    from pipeline.models import model_folder

    folder = model_folder(settings.ocr_detection_model, settings)
    assert folder
    network = folder / "inference.onnx"
    data = bytearray(network.read_bytes())
    data[len(data) // 2] ^= 1
    network.write_bytes(data)
    states = [d.state for d in about(settings, "Models")]
    assert states == ["fail", "ok"]


def test_models_that_do_not_come_with_it_are_a_warning(tmp_path: Path) -> None:
    given = Settings(cache_dir=tmp_path, ocr_detection_model="PP-OCRv6_large_det")
    assert [d.state for d in about(given, "Models")] == ["warn", "ok"]


def test_more_threads_than_cores_and_a_device_that_is_not_there(settings: Settings) -> None:
    assert about(settings.model_copy(update={"ocr_threads": 10_000}), "OCR engine")[0].state == "warn"
    assert about(settings.model_copy(update={"ocr_device": "gpu"}), "OCR engine")[0].state == "fail"


def test_a_variable_that_is_no_setting_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYAN_OCR_THREDS", "2")
    monkeypatch.setenv("HEYAN_PDF_DPI", "200")
    first, second = about(settings, "Settings")
    assert (first.state, second.state) == ("warn", "ok")
    assert "HEYAN_OCR_THREDS" in first.found
    assert "pdf_dpi=200" in second.found


@pytest.mark.parametrize("text", ["", "91330l08", "错误"])
def test_an_engine_that_reads_wrongly_fails(settings: Settings, reader: Callable[[Reading], None], text: str) -> None:
    reader(lambda picture: (SimpleNamespace(text=text),))
    (found,) = about(settings, "Self-test")
    assert found.state == "fail"
    assert "engine=fake" in found.found


@pytest.mark.parametrize("error", [EngineError("broken", remedy="mend it"), RuntimeError("crash")])
def test_an_engine_that_breaks_does_not_stop_the_others(
    settings: Settings, reader: Callable[[Reading], None], error: Exception
) -> None:
    def read(picture: object) -> object:
        raise error

    reader(read)
    found, *others = examine(settings, [e for e in doctor.EXAMINATIONS if e[0].en in ("Self-test", "Profiles")])
    assert found.state == "fail"
    assert found.remedy
    assert [d.state for d in others] == ["ok"]


def test_the_real_engine_reads_the_drawn_number() -> None:
    """The self-test itself, with the engine that is installed, in a process of its own; stdout stays clean."""
    code = (
        "import json\nfrom apps.doctor import examine\nfrom pipeline.settings import Settings\n"
        "print(json.dumps([[d.about.en, d.state, d.found] for d in examine(Settings())]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=Path(__file__).parents[2]
    )
    found = {name: (state, text) for name, state, text in json.loads(done.stdout.splitlines()[-1])}
    assert found["Self-test"][0] == "ok", found["Self-test"][1]


def test_the_registry_source_is_named_and_tried(settings: Settings, tmp_path: Path) -> None:
    def found(**given: str) -> Diagnosis:
        return about(settings.model_copy(update=given), "Company registry")[0]

    assert (found().state, "none set" in found().found) == ("ok", True)
    table = tmp_path / "companies.csv"
    table.write_text("企业名称,统一社会信用代码\n杭州云帆数字科技有限公司,91330108MA2CG4HU3R\n", "utf-8")
    assert found(registry=str(table)).found == "table companies.csv: 1 companies"
    assert found(registry=str(tmp_path / "no.csv")).state == "fail"
    assert found(registry="http://127.0.0.1:9/").state == "warn"


def test_the_store_is_named_without_its_password_and_not_made(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.database.PATIENCE", 0.1)

    def found(url: str) -> Diagnosis:
        return about(settings.model_copy(update={"database_url": SecretStr(url)}), "Store of runs")[0]

    new = found(f"sqlite:///{tmp_path}/new.db")
    assert (new.state, "the first batch makes it" in new.found) == ("ok", True)
    assert not (tmp_path / "new.db").exists()
    away = found("postgresql://heyan:hidden-word@127.0.0.1:9/heyan")
    assert away.state == "fail"
    assert "hidden-word" not in away.found + away.remedy
    other = tmp_path / "other.db"
    other.write_bytes(b"no database" * 100)
    assert found(f"sqlite:///{other}").state == "fail"
