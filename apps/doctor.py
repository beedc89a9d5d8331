"""`heyan doctor`: is everything in place, and which settings are really in effect.

Each examination gives one line: ok, warn (it works, but) or fail (it cannot work), with the remedy.
"""

from __future__ import annotations

import base64
import hashlib
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from apps.words import two
from extractors.errors import HeyanError
from pipeline.settings import Settings
from validators.findings import Bilingual

OPENCV = ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless")
_DRAWN = "91330108"
_OLDEST_PYTHON = (3, 11)
_OWN_VARIABLES = {"HEYAN_DEBUG", "HEYAN_HOME", "HEYAN_LANG"}  # the command's and deployment's own, no settings


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was looked at, what was found, and what to do where it is not right."""

    state: Literal["ok", "warn", "fail"]
    about: Bilingual
    found: str
    remedy: str = ""


Examination = tuple[Bilingual, Callable[[Settings, Bilingual], Iterator[Diagnosis]]]


def examine(settings: Settings, examinations: Sequence[Examination] | None = None) -> Iterator[Diagnosis]:
    """Every examination in turn; one that breaks is itself a failure, and the others still run."""
    for about, look in EXAMINATIONS if examinations is None else examinations:
        try:
            yield from look(settings, about)
        except HeyanError as error:
            yield Diagnosis("fail", about, error.message, error.remedy)
        except Exception as error:
            yield Diagnosis(
                "fail", about, f"{type(error).__name__}: {error}", "Install Heyan anew, in an environment of its own."
            )


def _python(_: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    found = f"Python {platform.python_version()} ({sys.executable}), {platform.platform(terse=True)}"
    if sys.version_info[:2] < _OLDEST_PYTHON:
        yield Diagnosis("fail", about, found, "Use Python 3.11 or newer.")
    else:
        yield Diagnosis("ok", about, found)


def _packages(_: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    """What is installed against what Heyan asks for, and against the versions it was tested with."""
    from packaging.requirements import Requirement

    wanted = [Requirement(text) for text in metadata.requires("heyan") or []]
    wanted = [r for r in wanted if not r.marker or r.marker.evaluate({"extra": ""})]
    wrong = 0
    for requirement in wanted:
        installed = installed_version(requirement.name)
        if installed is None or not requirement.specifier.contains(installed, prereleases=True):
            wrong += 1
            yield Diagnosis(
                "fail", about, f"{requirement.name} {installed or 'is not installed'}", f'pip install "{requirement}"'
            )
    differing = [
        f"{name} {installed} (tested: {tested})"
        for name, tested in constraints().items()
        if (installed := installed_version(name)) not in (None, tested)
    ]
    if differing:
        yield Diagnosis(
            "warn", about, "other versions than tested: " + ", ".join(differing), "pip install -c constraints.txt heyan"
        )
    elif not wrong:
        tested = "as tested" if constraints() else "as required"
        yield Diagnosis("ok", about, f"heyan {metadata.version('heyan')}, {len(wanted)} packages {tested}")


def _opencv(_: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    """The distributions of OpenCV overwrite each other's files: all must be of one release (design §5)."""
    installed = {name: version for name in OPENCV if (version := installed_version(name))}
    named = ", ".join(f"{name} {version}" for name, version in installed.items()) or "none"
    if len(set(installed.values())) > 1:
        yield Diagnosis(
            "fail",
            about,
            f"different releases lie on top of each other: {named}",
            "Uninstall all of them, then: pip install -c constraints.txt heyan",
        )
        return
    try:
        import cv2
    except ImportError as error:
        yield Diagnosis(
            "fail",
            about,
            f"{named}, but cv2 cannot be loaded: {error}",
            "On Debian or Ubuntu: apt-get install libgl1 libglib2.0-0",
        )
        return
    top = next((name for name in installed if _lies_on_top(name, Path(cv2.__file__).parent)), None)
    if top is None:
        yield Diagnosis(
            "warn",
            about,
            f"{named}; the files in use are of none of them",
            "Uninstall all of them, then: pip install -c constraints.txt heyan",
        )
    elif not hasattr(cv2, "wechat_qrcode_WeChatQRCode"):
        yield Diagnosis(
            "warn",
            about,
            f"{named}; in use: {top}, without the second reader of QR codes: fewer worn codes are read",
            "pip install -c constraints.txt --force-reinstall --no-deps opencv-contrib-python",
        )
    else:
        yield Diagnosis("ok", about, f"{named}; in use: {top}, cv2 {cv2.__version__}")


def _lies_on_top(name: str, folder: Path) -> bool:
    """Whether the library file there is the one this distribution brought (by the hash in its record)."""
    for file in metadata.distribution(name).files or []:
        if file.parent.name == "cv2" and file.suffix in (".so", ".pyd") and file.hash and (folder / file.name).exists():
            digest = hashlib.new(file.hash.mode, (folder / file.name).read_bytes()).digest()
            return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value
    return False


def _engine(settings: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    import onnxruntime

    providers = ", ".join(p.removesuffix("ExecutionProvider") for p in onnxruntime.get_available_providers())
    threads = settings.ocr_threads or os.cpu_count() or 1
    found = (
        f"{settings.ocr_engine} {installed_version(settings.ocr_engine) or '(not installed)'} on onnxruntime "
        f"{onnxruntime.__version__}, {settings.ocr_device}, {threads} threads; providers: {providers}"
    )
    if settings.ocr_device != "cpu" and "CUDA" not in providers:
        yield Diagnosis("fail", about, found, "Install onnxruntime-gpu, or leave HEYAN_OCR_DEVICE at cpu.")
    elif threads > (os.cpu_count() or 1):
        yield Diagnosis("warn", about, found, f"This machine has {os.cpu_count()} cores: set HEYAN_OCR_THREADS=0.")
    else:
        yield Diagnosis("ok", about, found)


def _models(settings: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    """The folder of each network (built when missing), and for those that come with Heyan every byte of it."""
    from pipeline.models import BUNDLED, intact, model_folder

    for name in (settings.ocr_detection_model, settings.ocr_recognition_model):
        folder = model_folder(name, settings)
        if folder is None:
            yield Diagnosis(
                "warn",
                about,
                f"{name} does not come with Heyan: paddleocr fetches it from the network",
                "Put it into HEYAN_OCR_MODEL_DIR to work offline.",
            )
        elif settings.ocr_model_dir is None and name in BUNDLED and not intact(name, settings):
            yield Diagnosis("fail", about, f"{folder} is damaged", "Delete that folder; it is built anew.")
        else:
            known = "your own" if settings.ocr_model_dir else "SHA-256 as expected"
            yield Diagnosis("ok", about, f"{name} ({known}): {folder}")


def _cache(settings: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    try:
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.cache_dir):
            pass
    except OSError as error:
        yield Diagnosis(
            "fail",
            about,
            f"{settings.cache_dir}: {error.strerror or error}",
            "Set HEYAN_CACHE_DIR to a folder you may write to.",
        )
    else:
        yield Diagnosis("ok", about, str(settings.cache_dir))


def _fonts(_: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    """Whether pages can be drawn whose Chinese fonts the file only names."""
    from pipeline.pdf_fonts import draws_chinese

    if draws_chinese():
        yield Diagnosis("ok", about, "a Chinese font is there: pages whose fonts are not embedded can be drawn")
    else:
        yield Diagnosis(
            "warn",
            about,
            "no Chinese font: pages whose fonts are not embedded cannot be drawn: their pictures in reports lack text",
            "On Debian or Ubuntu: apt-get install fonts-noto-cjk",
        )


def _self_test(settings: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    """Read a drawn number with the engine as it is set: the one proof that all parts work together."""
    import cv2
    import numpy as np

    from pipeline.ocr import open_reader

    started = time.monotonic()
    reader = open_reader(settings)
    picture = np.full((160, 720, 3), 255, np.uint8)
    cv2.putText(picture, _DRAWN, (40, 105), cv2.FONT_HERSHEY_SIMPLEX, 2.4, (20, 20, 20), 5, cv2.LINE_AA)
    read = "".join(line.text for line in reader.read(picture)).replace(" ", "")
    found = f"read {read!r} in {time.monotonic() - started:.1f} s, start included"
    effective = ", ".join(f"{key}={value}" for key, value in reader.describe().items())
    if read == _DRAWN:
        yield Diagnosis("ok", about, f"{found}; in effect: {effective}")
    else:
        yield Diagnosis(
            "fail",
            about,
            f"{found} where {_DRAWN!r} is drawn; in effect: {effective}",
            "Unset HEYAN_OCR_MODEL_DIR and the other HEYAN_OCR_ settings, or install Heyan anew.",
        )


def _settings(settings: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    """What differs from the defaults, and variables that look like settings but are none."""
    known = {f"HEYAN_{name.upper()}" for name in Settings.model_fields} | _OWN_VARIABLES
    given = sorted(name for name in os.environ if name.upper().startswith("HEYAN_"))
    unknown = [name for name in given if name.upper() not in known]
    if unknown:
        yield Diagnosis("warn", about, f"unknown: {', '.join(unknown)}", f"Known: {', '.join(sorted(known))}.")
    changed = [
        f"{name}={getattr(settings, name)}"
        for name in Settings.model_fields
        if f"HEYAN_{name.upper()}" in (n.upper() for n in given)
    ]
    yield Diagnosis("ok", about, ", ".join(changed) or "all at their defaults")


def _profiles(settings: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    from validators.loading import load_profiles

    yield Diagnosis("ok", about, ", ".join(sorted(load_profiles(settings.profiles))))


def _registry(settings: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    """Which source of company registry data is set, and whether it answers: a service is asked for an invented code."""
    from pipeline.registry import open_registry, probe

    registry = open_registry(settings)
    if registry is None:
        yield Diagnosis("ok", about, "none set (HEYAN_REGISTRY): what profiles ask of the registry stays unchecked")
        return
    found, answers = probe(registry)
    if answers:
        yield Diagnosis("ok", about, found)
    else:
        yield Diagnosis("warn", about, found, "See docs/registry.md; HEYAN_REGISTRY and HEYAN_REGISTRY_KEY set it.")


def _authenticity(settings: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    """Who checks invoices with the tax authority. Nobody is asked: each question counts, and costs."""
    from urllib.parse import urlsplit

    from pipeline.authenticity import open_authenticity

    if open_authenticity(settings) is None:
        yield Diagnosis("ok", about, "none set (HEYAN_AUTHENTICITY): the tax authority is not asked about invoices")
    else:
        limit = settings.authenticity_daily_limit
        host = urlsplit(settings.authenticity or "").hostname
        yield Diagnosis("ok", about, f"service at {host}, at most {limit} questions a day for one invoice; not asked")


def _store(settings: Settings, about: Bilingual) -> Iterator[Diagnosis]:
    """The database of batches and nights; a file of it is not made here."""
    from pipeline.store import open_store
    from pipeline.store.database import address_of

    address = address_of(settings)
    shown = address.render_as_string(hide_password=True)
    if address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists():
        yield Diagnosis("ok", about, f"{shown}: the first batch makes it")
        return
    runs = open_store(settings).runs(1)
    yield Diagnosis("ok", about, f"{shown}; latest run: {runs[0].id if runs else 'none'}")


def installed_version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def constraints() -> dict[str, str]:
    """The tested version of each package, where the project's own folder is at hand."""
    path = Path(__file__).parents[1] / "constraints.txt"
    if not path.is_file():
        return {}
    lines = (line.partition("#")[0].partition(";")[0].strip() for line in path.read_text("utf-8").splitlines())
    return {name.strip(): version.strip() for name, sign, version in (line.partition("==") for line in lines) if sign}


EXAMINATIONS: tuple[Examination, ...] = (
    (two("Python", "Python"), _python),
    (two("软件包", "Packages"), _packages),
    (two("OpenCV", "OpenCV"), _opencv),
    (two("识别引擎", "OCR engine"), _engine),
    (two("中文字体", "Chinese font"), _fonts),
    (two("缓存目录", "Cache folder"), _cache),
    (two("模型", "Models"), _models),
    (two("自检", "Self-test"), _self_test),
    (two("设置", "Settings"), _settings),
    (two("规则", "Profiles"), _profiles),
    (two("批次数据库", "Store of runs"), _store),
    (two("企业登记信息", "Company registry"), _registry),
    (two("发票查验", "Invoice authenticity"), _authenticity),
)
