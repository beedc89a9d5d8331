"""What the platforms ask for, as numbered lines: what profiles name as their `source`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict

from validators.profile import Profile, sources


class Requirement(BaseModel):
    """One line of a platform's document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    checked: bool  # by Heyan; otherwise the platform's own process, told to the applicant
    zh: str
    en: str
    section: str  # where the platform's document says so


@cache
def requirements() -> dict[str, Requirement]:
    """Every requirement by its id, in the order of the platforms' documents."""
    listed = yaml.load(resources.files("validators").joinpath("requirements.yaml").read_text("utf-8"), yaml.CSafeLoader)
    return {id_: Requirement(id=id_, **told) for id_, told in listed.items()}


def checks_of(profile: Profile) -> Iterator[tuple[str, str]]:
    """Each check a profile makes, by the id it has in a report, with each requirement it is made for."""
    named = {f"prerequisite:{key}": step.source for key, step in profile.prerequisites.items() if step.required}
    named |= {f"slot:{key}": slot.source for key, slot in profile.slots.items()}
    named |= {f"declared:{key}": value.source for key, value in profile.declared.items()}
    named |= {check.id: check.source for check in profile.checks}
    for id_, source in named.items():
        for requirement in sources(source):
            yield id_, requirement


def sources_of(profile: Profile) -> set[str]:
    """Every requirement a profile names anywhere, in its settings and notes too."""
    told = [
        *(parameter.source for parameter in profile.parameters.values()),
        *(step.source for step in profile.prerequisites.values()),
        *(slot.source for slot in profile.slots.values()),
        *(value.source for value in profile.declared.values()),
        *(check.source for check in profile.checks),
        *(note.source for note in profile.notes),
    ]
    return {requirement for source in told for requirement in sources(source)}
