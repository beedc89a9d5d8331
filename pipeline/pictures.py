"""What a profile wants to know of pictures beside their text, and the measuring of just that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.model import Classification
from extractors.registry import document_types
from pipeline.ocr import Reader
from pipeline.pages import Image, OpenedFile
from pipeline.parts import Part
from pipeline.photos import look_of, measure_photo
from pipeline.reading import ReadPage
from pipeline.settings import Settings
from validators.carriers import INVOICE
from validators.profile import Profile
from validators.seal_text import measure_seals


@dataclass(frozen=True, slots=True)
class Wanted:
    """Measures a profile's checks rest on."""

    photos: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # slots (or types) of photos → what they take
    seals: Mapping[str, bool] = field(default_factory=dict)  # types seals are looked for on → whether they are read

    def parts(self, slot: str | None, pages: Sequence[ReadPage], parts: list[Part]) -> list[Part]:
        """The parts of a file; in a slot of photos, each picture that is no document the slot takes is a photo."""
        accepts = self.photos.get(slot or "", ())
        photo = next((type_id for type_id in accepts if document_types()[type_id].photo), None)
        if photo is None or all(told.type in accepts for told, _ in parts):
            return parts
        if photo in self.seals:  # a document of several pages, sealed on one of them
            return [(Classification(photo, 1.0, ("slot",)), list(pages))]
        if any(page.picture is None for page in pages):
            return parts
        return [(Classification(photo, 1.0, ("slot",)), [page]) for page in pages]


def wanted(profile: Profile) -> Wanted:
    """What the slots and checks of a profile need measured."""
    photos: dict[str, tuple[str, ...]] = {}
    for name, slot in profile.slots.items():
        for photo in (type_id for type_id in slot.accepts if document_types()[type_id].photo):
            photos |= {name: slot.accepts, photo: (photo,)}
    seals: dict[str, bool] = {}
    for check in profile.checks:
        if check.check == "seal_on":
            for type_id in profile.slots[check.params["slot"]].accepts:
                seals[type_id] = seals.get(type_id, False) or bool(check.params.get("text") or check.params.get("name"))
    return Wanted(photos, seals)


def measure_pictures(
    type_id: str,
    pages: Sequence[ReadPage],
    opened: OpenedFile,
    wants: Wanted,
    settings: Settings,
    engine: Callable[[], Reader],
    picture: Callable[[int], Image | None],
) -> dict[str, Any]:
    """The measures of one document as `FiledDocument.picture` holds them; {} where the profile wants none.

    `picture` gives an upright page by its number, those that carry their text too; `engine` loads the reader.
    """
    kind = document_types().get(type_id)
    measures: dict[str, Any] = {}
    if kind is not None and kind.photo and (image := picture(pages[0].page.number)) is not None:
        measures = measure_photo(image, pages[0].page.lines, opened, engine(), settings)
    elif type_id == INVOICE and pages and (shown := pages[0].image) is not None:
        measures = {"look": look_of(shown)}  # an altered copy of another one looks like it
    if type_id not in wants.seals:
        return measures
    read = (lambda image: engine().read(image)) if wants.seals[type_id] else None
    found: list[dict[str, Any]] = []
    for page in pages:
        image = picture(page.page.number)
        if image is not None:
            found += measure_seals(image, page.page.lines, read, page.page.number)
    return {**measures, "seals": found}
