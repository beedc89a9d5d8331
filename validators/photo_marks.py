"""Words that say where a picture comes from and what for: marks of picture sites, programs, purposes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

import yaml

from extractors.values import compact, simplified


@cache
def _marks() -> dict[str, tuple[str, ...]]:
    text = resources.files("validators").joinpath("data/photo_marks.yaml").read_text("utf-8")
    return {name: tuple(str(word) for word in words) for name, words in yaml.load(text, yaml.CSafeLoader).items()}


def sources_named(texts: Iterable[str]) -> list[str]:
    """The picture sites named on a photo; what a phone writes (Shot on …) and time stamps are none."""
    return _found("sources", texts)


def editors_named(texts: Iterable[str]) -> list[str]:
    """The programs that changed a picture, by what they wrote into its file."""
    return _found("editors", texts)


def purposes_named(texts: Iterable[str]) -> list[str]:
    """What a copy may be used for that is what it is used for here: joining a platform, being verified."""
    return _found("purposes", texts)


def _found(kind: str, texts: Iterable[str]) -> list[str]:
    folded = [simplified(compact(text)).lower() for text in texts]
    return [word for word in _marks()[kind] if any(word in text for text in folded)]
