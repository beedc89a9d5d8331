"""What a stored reading and a stored report rest on: when any of it changes, they are made anew.

A reading is known by the file's content, what the profile wants measured of it, the settings that change what is
read, and the code that read it. The code is known by its own bytes, so that nobody has to remember a version number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath

from pipeline.pictures import Wanted
from pipeline.settings import Settings
from pipeline.submission import SubmittedFile
from validators.profile import Profile

ABSENT = "absent"  # stands for the hash of a file that is not there
# A file is read under this name, whatever its own: the same content under two names is read once. A character of the
# private use area, which no file name and no document text has; `named` puts the name of the submission in its place.
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
    """What a reading is stored under. Of the submission only what changes the reading: endings, slots of photos."""
    slot = file.slot if file.slot in wants.photos else ""
    wanted = json.dumps([dict(wants.photos), dict(wants.seals)], sort_keys=True)
    return _digest([sha256, _ending(file.name), slot or "", wanted, version], length=32)


def profile_digest(profile: Profile) -> str:
    """A profile as far as it judges, and the code that does."""
    return _digest([_code(), profile.model_dump_json()])


def report_key(submission: str, readings: Iterable[str], profile: str, as_of: str) -> str:
    """What a report is stored under: the digest of the submission, its readings, its profile, the day."""
    return _digest([submission, *readings, profile, as_of], length=32)


def nameless(file: SubmittedFile) -> SubmittedFile:
    """The file under the name that stands for any, with the ending, which says what it pretends to be."""
    return replace(file, name=STAND_IN + _ending(file.name), caption="")


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
