"""What docs/ says is what the code does."""

from pathlib import Path

import pytest

from apps.reference import PAGES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_the_committed_page_is_the_generated_one(name):
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), f"run `make docs`: docs/{name} is out of date"
