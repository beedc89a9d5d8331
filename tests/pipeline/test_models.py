import json
import multiprocessing
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import EngineError
from pipeline import models
from pipeline.models import BUNDLED, CONFIG, NETWORK, flush_subnormals, intact, metadata, model_folder
from pipeline.settings import Settings

DETECTION, RECOGNITION = BUNDLED


def varint(value: int) -> bytes:
    head = bytearray()
    while value > 0x7F:
        head.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*head, value])


def block(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def onnx(weights: np.ndarray, kind: int = 1) -> bytearray:
    """The smallest file that has what `pipeline.models` looks for: IR version, one tensor, one entry of metadata."""
    tensor = bytes([1 << 3, weights.size, 2 << 3, kind]) + block(8, b"w") + block(9, weights.tobytes())
    entry = block(1, b"character") + block(2, "一\n二".encode())
    return bytearray(bytes([1 << 3, 8]) + block(7, block(5, tensor)) + block(14, entry))


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=40))
def test_subnormal_weights_become_zero_and_no_other_changes(values: list[float]) -> None:
    weights = np.array(values, "<f4")
    network = onnx(weights)
    subnormal = (weights != 0) & (np.abs(weights) < np.finfo("f4").smallest_normal)
    assert flush_subnormals(network) == subnormal.sum()
    assert network == onnx(np.where(subnormal, np.copysign(np.float32(0), weights), weights).astype("<f4"))


def test_only_float_tensors_are_touched() -> None:
    network = onnx(np.array([1, 2, 3], "<u4"), kind=6)
    before = bytes(network)
    assert flush_subnormals(network) == 0
    assert network == before


def test_metadata_of_a_network() -> None:
    assert metadata(onnx(np.zeros(1, "<f4"))) == {"character": "一\n二"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def test_folders_are_built_with_checked_weights(cache: Path) -> None:
    settings = Settings(cache_dir=cache)
    for name in BUNDLED:
        folder = model_folder(name, settings)
        assert folder is not None
        assert folder.name == name
        assert {file.name for file in folder.iterdir()} == {NETWORK, CONFIG}
        assert intact(name, settings)


def test_the_configuration_is_yaml_and_holds_all_characters(cache: Path) -> None:
    folder = model_folder(RECOGNITION, Settings(cache_dir=cache))
    assert folder is not None
    config = yaml.safe_load((folder / CONFIG).read_text("utf-8"))
    assert config["Global"]["model_name"] == RECOGNITION
    assert len(config["PostProcess"]["character_dict"]) == 18_708
    assert config == json.loads((folder / CONFIG).read_text("utf-8"))


def test_a_built_folder_is_not_touched_again(cache: Path) -> None:
    settings = Settings(cache_dir=cache)
    folder = model_folder(DETECTION, settings)
    assert folder is not None
    before = (folder / NETWORK).stat().st_mtime_ns
    assert model_folder(DETECTION, settings) == folder
    assert (folder / NETWORK).stat().st_mtime_ns == before


def test_a_truncated_folder_is_built_anew(tmp_path: Path) -> None:
    settings = Settings(cache_dir=tmp_path)
    folder = model_folder(DETECTION, settings)
    assert folder is not None
    (folder / NETWORK).write_bytes(b"half")
    assert not intact(DETECTION, settings)
    assert model_folder(DETECTION, settings) == folder
    assert intact(DETECTION, settings)
    assert [file.name for file in folder.parent.iterdir()] == [DETECTION]  # nothing temporary is left


def build(cache: str) -> str:
    return str(model_folder(DETECTION, Settings(cache_dir=Path(cache))))


def test_several_processes_build_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        places = pool.map(build, [str(tmp_path)] * 6)
    assert len(set(places)) == 1
    assert intact(DETECTION, Settings(cache_dir=tmp_path))
    assert len(list(Path(places[0]).parent.iterdir())) == 1


def test_a_missing_wheel_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "find_spec", lambda _: None)
    with pytest.raises(EngineError, match="pip install"):
        model_folder(DETECTION, Settings(cache_dir=tmp_path))


def test_other_bytes_in_the_wheel_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Spec:
        submodule_search_locations = (str(tmp_path),)

    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "ppocrv6_det.onnx").write_bytes(bytes(BUNDLED[DETECTION].bytes))
    monkeypatch.setattr(models, "find_spec", lambda _: Spec)
    with pytest.raises(EngineError, match="SHA-256"):
        model_folder(DETECTION, Settings(cache_dir=tmp_path / "cache"))


def test_a_cache_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EngineError, match="HEYAN_CACHE_DIR"):
        model_folder(DETECTION, Settings(cache_dir=tmp_path / "file"))


def test_own_models(tmp_path: Path) -> None:
    settings = Settings(ocr_model_dir=tmp_path)
    with pytest.raises(EngineError, match=r"inference\.onnx and no inference\.yml"):
        model_folder("PP-OCRv6_medium_det", settings)
    own = tmp_path / "PP-OCRv6_medium_det"
    own.mkdir()
    (own / NETWORK).write_bytes(b"x")
    (own / CONFIG).write_bytes(b"x")
    assert model_folder("PP-OCRv6_medium_det", settings) == own


def test_an_official_model_that_is_not_bundled_is_left_to_paddleocr(tmp_path: Path) -> None:
    assert model_folder("PP-OCRv6_medium_det", Settings(cache_dir=tmp_path)) is None
