"""The command: redraw the committed submissions, or draw a labelled set for experiments."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from extractors.registry import document_types
from samples.generator import capture, fonts, photograph, truth
from samples.generator.catalogue import MAKERS
from samples.generator.flaws import OVER_A_FIELD
from samples.generator.truth import Drawn

PHOTOS = ("handheld_photo", "factory_photo", "portrait_photo")  # not of a page: never scanned, never on a desk
SEVERITIES = (0.15, 0.4, 0.7, 1.0)
FLAW_CHOICES = ("blur", "motion", "dark", "low_resolution", "grey_copy", "cut")


def main(arguments: list[str] | None = None) -> int:
    """Parses the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m samples.generator", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="submissions to redraw (default: all)")
    parser.add_argument("--set", type=Path, metavar="DIR", help="draw a labelled set there instead")
    parser.add_argument("--count", type=int, default=5, help="pictures of each type")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--types", nargs="+", choices=list(MAKERS), default=list(MAKERS))
    parser.add_argument("--preset", choices=("scan", "photo", "bad", "flat"), default="photo")
    flaws_told = f"every picture with this flaw, at severities {SEVERITIES} in turn: {', '.join(capture.FLAWS)}"
    parser.add_argument("--flaws", nargs="+", choices=list(capture.FLAWS), default=[], metavar="FLAW", help=flaws_told)
    parser.add_argument("--fonts", choices=("committed", "heldout"), default="committed")
    options = parser.parse_args(arguments)
    try:
        if options.set:
            draw_set(
                options.set, options.count, options.seed, options.types, options.preset, options.fonts, options.flaws
            )
        else:
            from samples.generator import submissions

            submissions.draw(options.names)
    except (fonts.MissingFontError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def draw_set(
    folder: Path, count: int, seed: int, types: list[str], preset: str, family: str, flaws: Sequence[str] = ()
) -> None:
    """`count` pictures of each type (and flaw) with a truth file beside each."""
    folder.mkdir(parents=True, exist_ok=True)
    families = fonts.COMMITTED if family == "committed" else fonts.HELDOUT
    for kind in types:
        for number in range(count):
            rng = random.Random(f"{seed}/{kind}/{number}")
            drawn = MAKERS[kind](rng, families[number % len(families)], rng.randrange(1000))
            name = f"{kind}_{preset}_{seed}_{number:03d}"
            for flaw in flaws:
                severity = SEVERITIES[number % len(SEVERITIES)]
                save(folder, f"{kind}_{flaw}_{seed}_{number:03d}", flawed(drawn, rng, preset, flaw, severity))
            if flaws:
                continue
            if drawn.book:
                (folder / f"{name}.xlsx").write_bytes(drawn.book)
                truth.write(folder / f"{name}.xlsx", truth.document(drawn))
                continue
            save(folder, name, take(drawn, rng, preset))
            if drawn.pdf:
                (folder / f"{name}.pdf").write_bytes(drawn.pdf)
                truth.write(folder / f"{name}.pdf", truth.document(drawn) | {"boxes": {}})


def take(drawn: Drawn, rng: random.Random, preset: str) -> Drawn:
    """A picture of a drawing: `bad` is a photo with one or two flaws."""
    seed = rng.randrange(10**6)
    side = {"front": 1200, "back": 1200}.get(drawn.side, 1800)
    if drawn.type in PHOTOS and preset != "flat":
        return capture.take(drawn, "snapshot", seed, side=1280, flaws=_flaws(rng, preset))
    if preset in ("scan", "flat"):
        rotation = 0 if rng.random() < 0.85 else rng.choice((90, 180, 270))
        return capture.take(drawn, preset, seed, side=side, rotation=rotation)
    rotation = 0 if rng.random() < 0.75 else rng.choice((90, 180, 270))
    flaws = _flaws(rng, preset)
    return capture.take(drawn, "photo", seed, side=side, rotation=rotation, flaws=flaws)


def flawed(drawn: Drawn, rng: random.Random, preset: str, flaw: str, severity: float) -> Drawn:
    """A scan or photo with one flaw, over one of its key fields where it is a flaw of a place."""
    seed = rng.randrange(10**6)
    side = {"front": 1200, "back": 1200}.get(drawn.side, 1800)
    good = capture.take(drawn, preset, seed, side=side)
    keys = [s.name for s in document_types()[drawn.type].fields if s.key and s.name in good.boxes]
    options = {"severity": severity}
    if keys and (flaw in OVER_A_FIELD or flaw == "patched"):
        options["field"] = rng.choice(keys)
    bad = capture.FLAWS[flaw](good, seed, **options)
    told = {"name": flaw, **options, "legible": capture.legible(good, bad)}
    return replace(bad, flaws=[told])


def _flaws(rng: random.Random, preset: str) -> tuple[tuple[str, dict[str, float]], ...]:
    if preset != "bad":
        return ()
    chosen = rng.sample(FLAW_CHOICES, rng.choice((1, 1, 2)))
    return tuple((name, {"severity": rng.uniform(0.3, 0.9)}) for name in chosen)


def save(folder: Path, name: str, drawn: Drawn, quality: int = 84) -> None:
    """Writes NAME.jpg and NAME.jpg.truth.json."""
    path = folder / f"{name}.jpg"
    path.write_bytes(photograph.jpeg(drawn.image, quality, drawn.exif))
    truth.write(path, truth.document(drawn))
