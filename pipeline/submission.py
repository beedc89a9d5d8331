"""A submission as the applicant wrote it: a folder with `submission.yaml` (or `.json`), or loose files.

Whatever is wrong with the description is a SubmissionError with the key and what it should be; what
is wrong with a file is found later and becomes a finding.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from extractors.errors import SubmissionError
from pipeline.earlier import load_earlier
from pipeline.remote import Location
from pipeline.written import place_named, read_mapping, refuse_unknown
from validators.case import Earlier
from validators.declared import STANDARD
from validators.profile import Profile
from validators.slots import known_slots

DESCRIPTIONS = ("submission.yaml", "submission.yml", "submission.json")
SUFFIXES = {
    "", ".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".heif", ".gif", ".pdf", ".ofd",
    ".xml", ".zip", ".xlsx", ".xlsm", ".xls",
}  # fmt: skip
_CLUTTER = {"thumbs.db", "desktop.ini", "__macosx"}  # what file managers leave behind; names that begin with . as well
_KEYS = {"profile", "declared", "documents", "earlier"}
_DOCUMENT_KEYS = {"file", "slot", "caption"}
# Declared values that may be written as a bare number or date; numbers that identify lose digits or zeros so.
_AMOUNT = re.compile(r"(?:^|_)(?:amount|capital|rate|count|limit|total|deposit|quantity|value)$")
_DAY = re.compile(r"_(?:on|from|to|date|at)$")


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """A file to read, its name in the submission, and the slot the applicant put it into."""

    path: Location
    name: str
    slot: str | None = None
    caption: str = ""  # what the applicant says a photo shows

    @property
    def here(self) -> Path:
        """Its path on this machine. A file in a store has to be fetched before anybody asks for that."""
        assert isinstance(self.path, Path), "a file in a store was not fetched"
        return self.path


@dataclass(frozen=True, slots=True)
class Submission:
    """A profile id (None: nothing to judge by yet), declared values, files, and results of earlier procedures."""

    name: str
    profile: str | None
    declared: dict[str, Any]
    files: tuple[SubmittedFile, ...]
    ignored: tuple[str, ...] = field(default=())  # files in the folder that cannot be documents
    earlier: tuple[Earlier, ...] = ()
    origin: str = field(default="", compare=False)  # where it lies: others may have its name


def load_submission(
    path: Path, profile: str | None = None, declared: Path | None = None, *,
    known: Sequence[str] = (), protocols: Collection[str] = (),
) -> Submission:  # fmt: skip
    """The submission at `path`: a folder, its description file, or one loose document.

    `profile` and `declared` (a YAML or JSON file of declared values) override what the description
    says. `known` are the declared keys that exist; another one is refused. `protocols` are those of
    the URLs that may name its files. Raises SubmissionError.
    """
    if not path.exists() and not path.is_symlink():
        raise SubmissionError(f"There is no {path}.", remedy="Give a folder, a submission.yaml or a document.")
    description: dict[str, Any] = {}
    folder = path if path.is_dir() else path.parent
    source = next((folder / n for n in DESCRIPTIONS if (folder / n).exists()), None)
    if path.name in DESCRIPTIONS:
        source = path
    if source and (path.is_dir() or path.name in DESCRIPTIONS):
        description = read_mapping(source)
        refuse_unknown(description, _KEYS, source.name)
    own: dict[str, Any] = {}
    if declared:
        given = read_mapping(declared)
        own = _declared(given.get("declared", given), known, declared.name)
    name, place = folder.resolve().name, folder if path.name in DESCRIPTIONS else path
    found = _submission(
        description, path, folder, name, profile=profile, declared=own, known=known, protocols=protocols
    )
    return replace(found, origin=place.resolve().as_uri())


def described(
    description: Mapping[str, Any], folder: Location, name: str, profile: str | None = None, *,
    protocols: Collection[str] = (),
) -> Submission:  # fmt: skip
    """The submission a description gives, its files lying in `folder` or where URLs say. Raises SubmissionError."""
    refuse_unknown(description, _KEYS, "submission")
    return _submission(description, folder, folder, name, profile=profile, protocols=protocols)


def _submission(
    description: Mapping[str, Any], path: Location, folder: Location, name: str, *,
    profile: str | None = None, declared: Mapping[str, Any] | None = None, known: Sequence[str] = (),
    protocols: Collection[str] = (),
) -> Submission:  # fmt: skip
    values = _declared(description.get("declared", {}), known, "declared") | dict(declared or {})
    earlier = load_earlier(folder, description.get("earlier"))
    files, ignored = _files(path, folder, description.get("documents"), _reports(description.get("earlier")), protocols)
    chosen = profile or description.get("profile")
    if chosen is not None and not isinstance(chosen, str):
        raise SubmissionError("profile: a text such as 1688/name-verification is expected.")
    return Submission(name, chosen, values, files, ignored, earlier)


def is_clutter(name: str) -> bool:
    """Whether a name in a folder is nobody's document: hidden, a lock file of Excel or WPS, a file manager's own."""
    return name.startswith((".", "~$")) or name.lower() in _CLUTTER


def chosen_profile(submission: Submission, profiles: Mapping[str, Profile]) -> Profile:
    """The profile a submission names; SubmissionError when there is none, or it has not the slots and keys named."""
    remedy = f"Known: {', '.join(sorted(profiles))}."
    if submission.profile is None:
        raise SubmissionError("No profile is named to check against.", remedy=f"Use --profile. {remedy}")
    if submission.profile not in profiles:
        raise SubmissionError(f"There is no profile {submission.profile!r}.", remedy=remedy)
    profile = profiles[submission.profile]
    for file in submission.files:
        if file.slot and file.slot not in known_slots(profile):
            raise SubmissionError(
                f"documents: {profile.id} has no slot {file.slot!r}.", remedy=f"Its slots: {', '.join(profile.slots)}."
            )
    for key in submission.declared:
        if key not in STANDARD and key not in profile.declared:
            known = ", ".join(sorted(STANDARD | set(profile.declared)))
            raise SubmissionError(f"declared: unknown key {key[:60]!r}.", remedy=f"Known: {known}.")
    return profile


def _reports(listed: Any) -> set[str]:
    """Files in the folder that are earlier reports, no documents."""
    return {name for name in listed if isinstance(name, str)} if isinstance(listed, list) else set()


def _files(
    path: Location, folder: Location, listed: Any, reports: set[str], protocols: Collection[str]
) -> tuple[tuple[SubmittedFile, ...], tuple[str, ...]]:
    if path != folder and path.is_file() and path.name not in DESCRIPTIONS:
        return (SubmittedFile(path, path.name),), ()
    if listed is not None:
        return _listed(folder, listed, protocols), ()
    files, ignored = [], []
    entries: Sequence[Location] = sorted(folder.iterdir()) if isinstance(folder, Path) else list(folder.iterdir())
    for entry in entries:
        is_folder = entry.is_dir() and not entry.is_symlink()
        if is_folder or is_clutter(entry.name) or entry.name in {*DESCRIPTIONS, *reports}:
            continue
        if entry.suffix.lower() in SUFFIXES:
            files.append(SubmittedFile(entry, entry.name))
        else:
            ignored.append(entry.name)
    if not files:
        raise SubmissionError(f"There is no document in {folder}.", remedy="Put pictures or PDF files into the folder.")
    return tuple(files), tuple(ignored)


def _listed(folder: Location, listed: Any, protocols: Collection[str]) -> tuple[SubmittedFile, ...]:
    if not isinstance(listed, list):
        raise SubmissionError("documents: a list of {file, slot} is expected; [] where there are none.")
    files: list[SubmittedFile] = []
    for at, entry in enumerate(listed, 1):
        entry = {"file": entry} if isinstance(entry, str) else entry
        if not isinstance(entry, Mapping) or not isinstance(entry.get("file"), str):
            raise SubmissionError(f"documents[{at}]: 'file' with the name of a file is expected.")
        refuse_unknown(entry, _DOCUMENT_KEYS, f"documents[{at}]")
        name, slot = entry["file"], entry.get("slot")
        if slot is not None and not isinstance(slot, str):
            raise SubmissionError(f"documents[{at}].slot: a text is expected.")
        if not isinstance(caption := entry.get("caption", ""), str):
            raise SubmissionError(f"documents[{at}].caption: a text is expected.")
        place = place_named(folder, name, f"documents[{at}].file", protocols)
        if any(f.path == place for f in files):
            raise SubmissionError(f"documents[{at}].file: {name} is listed twice.")
        files.append(SubmittedFile(place, name, slot, caption))
    return tuple(files)


def _declared(values: Any, known: Sequence[str], where: str) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        raise SubmissionError(f"{where}: a mapping of declared values is expected.")
    if known:
        refuse_unknown(values, set(known), where)
    declared: dict[str, Any] = {}
    for key, value in values.items():
        if value is None or isinstance(value, (str, bool)):
            declared[key] = value.strip() if isinstance(value, str) else value
        elif isinstance(value, int | float) and _AMOUNT.search(str(key)):
            declared[key] = str(value)
        elif isinstance(value, date) and _DAY.search(str(key)):
            declared[key] = value.isoformat()
        else:
            raise SubmissionError(
                f"{where}.{key}: a text is expected, not {_type_name(value)}.",
                remedy='Write it in quotes, such as "330108198805142030": a bare number can lose digits.',
            )
    return declared


def _type_name(value: Any) -> str:
    return {int: "a number", float: "a number", date: "a date", list: "a list", dict: "a mapping"}.get(
        type(value), type(value).__name__
    )
