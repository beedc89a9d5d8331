"""What a stored reading and a stored report rest on: when any of it changes, they are made anew.

A reading is known by the file's content, what the profile wants measured of it, the settings that change what is
read, and the code that read it. The code is known by its own bytes, so that nobody has to remember a version number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath

from pipeline.pictures import Wanted
from pipeline.settings import Settings
from pipeline.submission import SubmittedFile
from validators.profile import Profile

# A file is read under this name, whatever its own: the same content under two names is read once. A character of the
# private use area that stands in no font; whoever uses the reading puts the file's own name in its place.
STAND_IN = "\ue0e0"
_CODE = ("extractors", "validators", "pipeline")
_READING = (
    "ocr_engine", "ocr_device", "ocr_detection_model", "ocr_recognition_model", "ocr_model_dir", "ocr_side",
    "ocr_finer_side", "max_file_bytes", "max_pixels", "max_pages", "max_decoded_bytes", "max_unpacked_bytes",
    "max_cells", "max_members", "max_archive_bytes", "pdf_dpi", "max_page_side",
)  # fmt: skip


def reading_version(settings: Settings) -> str:
    """The code and the settings that decide what is read from a file, as 16 hexadecimal digits."""
    return _digest([_code(), *(f"{name}={getattr(settings, name)}" for name in _READING)])


def reading_key(sha256: str, file: SubmittedFile, wants: Wanted, version: str) -> str:
    """What a reading is stored under: what is wanted of it, then all it rests on.

    Of the submission only what changes the reading: the ending of the name, and the slot where photos belong.
    """
    slot = file.slot if file.slot in wants.photos else ""
    return f"{_wanted(wants)}-{_digest([sha256, _ending(file.name), slot or '', version], length=32)}"


def serves(key: str, wants: Wanted) -> bool:
    """Whether the reading stored under a key holds what is wanted now."""
    return key.startswith(_wanted(wants) + "-")


def profile_digest(profile: Profile) -> str:
    """A profile as far as it judges: another one when a later version of it does otherwise."""
    return _digest([profile.model_dump_json()])


def report_key(submission: str, readings: Iterable[str], profile: str, as_of: date) -> str:
    """What a report is stored under: the digests of submission and profile, its readings, the day, the code."""
    return _digest([submission, *readings, profile, as_of.isoformat(), _code()], length=32)


def nameless(name: str) -> str:
    """The name that stands for a file's own, with the ending, which says what the file pretends to be."""
    return STAND_IN + _ending(name)


def _wanted(wants: Wanted) -> str:
    return _digest([json.dumps([dict(wants.photos), dict(wants.seals)], sort_keys=True)], length=8)


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix


def _digest(parts: Iterable[str], length: int = 16) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:length]


@cache
def _code() -> str:
    """The digest of the code and data of the packages that read and judge."""
    found = hashlib.sha256()
    for package in _CODE:
        folder = Path(str(import_module(package).__file__)).parent
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc" and "__pycache__" not in path.parts:
                found.update(f"{package}/{path.relative_to(folder).as_posix()}\x00".encode() + path.read_bytes())
    return found.hexdigest()
