"""Every shipped profile, document type and finding is whole, and loading all of them is quick."""

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

import validators
from extractors.model import Field, Page
from extractors.registry import document_types
from validators.checks import CHECKS
from validators.findings import catalogue
from validators.loading import BUILT_IN, load_profiles

ROOT = Path(__file__).parent.parent


def test_the_packages_are_the_repositorys_own():
    assert Path(validators.__file__).is_relative_to(ROOT)


def test_loading_every_profile_and_type_stays_quick():
    """As a multiple of what importing pydantic and yaml takes here: about eleven, 0.9 s where that takes 0.08."""
    start, end = "import time; start = time.process_time();", "print(time.process_time() - start)"
    loading = (
        "from validators.loading import load_profiles; from extractors.registry import document_types;"
        "load_profiles(); document_types();"
    )

    def took(code: str) -> float:
        command = [sys.executable, "-c", f"{start}{code}{end}"]
        return min(float(subprocess.check_output(command, cwd=ROOT)) for _ in range(3))

    assert took(loading) < 16 * took("import pydantic, yaml;")


@pytest.mark.parametrize("profile", load_profiles().values(), ids=lambda p: p.id)
def test_each_profile_lies_where_its_id_says(profile):
    assert profile.path == BUILT_IN / f"{profile.id}.yaml"
    assert profile.slots or profile.declared
    assert profile.checks


PROCEDURES = {
    "1688": "name-verification general-taxpayer rongyishou qicaishang account-period shoupiaoyi integrity-service",
    "alibaba": "basic factory trade-capability strength-merchant",
    "jd": "huicai-entry huicai-settlement",
    "yiwu": "registration real-name insured-order settlement-party",
    "ciie": "unit-registration persons transfer-payment invoice",
}


def test_every_procedure_of_the_platforms_is_there():
    expected = {f"{platform}/{name}" for platform, names in PROCEDURES.items() for name in names.split()}
    assert set(load_profiles()) == expected


@pytest.mark.parametrize("kind", document_types().values(), ids=lambda k: k.id)
def test_each_type_survives_an_empty_page_and_declares_what_it_extracts(kind):
    empty = Page(1, 100, 100, ())
    read = kind.extract([empty])
    assert set(read) <= {spec.name for spec in kind.fields}
    assert all(isinstance(found, Field) and found.value in (None, False, []) for found in read.values())
    if not kind.photo:  # nothing printed tells a photo
        assert any(spec.key for spec in kind.fields)
        assert kind.titles


def test_each_finding_has_both_languages_with_the_same_parameters():
    for code, entry in catalogue().items():
        assert re.fullmatch(r"(FILE|QUALITY|TYPE|FIELD|ID|MATCH|CROSS|DATE|INVOICE|PROFILE|AUTH)_[A-Z0-9_]+", code)
        for text in (entry.message, entry.remedy):
            assert text.zh
            assert text.en
            for language in (text.zh, text.en):
                names = [name for _, name, _, _ in string.Formatter().parse(language) if name is not None]
                assert all(re.fullmatch(r"[a-z_]+", name) for name in names)


def test_each_kind_of_check_says_what_it_does():
    assert all(kind.run.__doc__ for kind in CHECKS.values())
