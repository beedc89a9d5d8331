"""What the platforms ask for is what the profiles check, and samples show that each check can pass and can fail."""

from __future__ import annotations

import pytest

from apps.reference import samples_of
from validators.loading import load_profiles
from validators.requirements import checks_of, requirements, sources_of

PROFILES = load_profiles().values()
CHECKED = [id_ for id_, requirement in requirements().items() if requirement.checked]


@pytest.mark.parametrize("id_", CHECKED)
def test_each_requirement_that_is_checked_has_a_check(id_: str) -> None:
    assert any(id_ == requirement for profile in PROFILES for _, requirement in checks_of(profile))


@pytest.mark.parametrize("id_", [id_ for id_ in requirements() if id_ not in CHECKED])
def test_each_other_requirement_is_told_in_a_note(id_: str) -> None:
    assert any(id_ in note.source for profile in PROFILES for note in profile.notes)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.id)
def test_a_profile_names_requirements_that_exist_and_only_its_platforms(profile) -> None:
    named = sources_of(profile)
    assert named <= requirements().keys()
    assert len({id_.partition("-")[0] for id_ in named}) == 1


@pytest.mark.parametrize("id_", CHECKED)
def test_samples_show_that_each_requirement_can_be_met_and_can_fail(id_: str) -> None:
    passed, refused = samples_of(id_)
    assert passed, "samples whose check passed"
    assert refused, "samples whose check did not"
