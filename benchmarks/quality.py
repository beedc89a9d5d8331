"""How well flaws of pictures are found, named and told from good pictures, on a labelled set drawn for it.

    python -m benchmarks.quality [--count 8] [--good 48] [--seed 1] [--fonts committed|heldout] [--out FILE.json]
                                 [--curves FILE.svg]

Each flaw is drawn at four severities over scans and phone photos of the commonest documents. A picture counts as
unreadable when a key field that is printed on it is not read as it is printed: then an error is due, and its first
finding should name the flaw. On good pictures any error or warning is a false alarm. Signs that a picture is not of
the original are due on every picture that has them. The area under the curve (AUC) is how often a picture with the flaw
has a worse measure of it than a good one, severities too light to see among them.

Drawing needs `pip install -e '.[samples]'` and the fonts of samples/README.md.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality_curves import drawing
from extractors.registry import document_types
from pipeline.ocr import Reader, open_reader
from pipeline.settings import Settings
from pipeline.verify import extract
from samples.generator import fonts
from samples.generator.catalogue import MAKERS
from samples.generator.make import SEVERITIES, flawed, save, take
from validators.findings import Finding, Severity

TYPES = ("business_licence", "id_card", "account_permit", "vat_invoice", "credit_code_certificate", "bank_receipt")
PRESETS = ("photo", "photo", "scan")
# The finding that names a flaw; of two, either is right.
NAMES = {
    "blur": {"QUALITY_BLURRED"}, "motion": {"QUALITY_MOTION"}, "dark": {"QUALITY_DARK"},
    "bright": {"QUALITY_OVEREXPOSED"}, "faded": {"QUALITY_LOW_CONTRAST"}, "low_resolution": {"QUALITY_TEXT_SMALL"},
    "compressed": {"QUALITY_COMPRESSED"}, "grainy": {"QUALITY_NOISY"}, "cut": {"QUALITY_CUT_EDGE"},
    "far": {"QUALITY_FAR", "QUALITY_TEXT_SMALL"}, "slanted": {"QUALITY_SLANTED"}, "crooked": {"QUALITY_SKEWED"},
    "glare": {"QUALITY_GLARE"}, "shadow": {"QUALITY_SHADOW", "QUALITY_DARK"}, "covered": {"QUALITY_COVERED"},
    "creased": {"QUALITY_CREASED"}, "curled": {"QUALITY_CURLED", "QUALITY_SLANTED"},
    "screen": {"AUTH_SCREEN_PHOTO"}, "screenshot": {"AUTH_SCREENSHOT"},
    "grey_copy": {"AUTH_PHOTOCOPY"}, "two_tone": {"AUTH_PHOTOCOPY"}, "watermarked": {"AUTH_OTHER_USE"},
    "patched": {"AUTH_PATCHED"},
}  # fmt: skip
# These are found by name, readable or not.
SIGNS = ("screen", "screenshot", "grey_copy", "two_tone", "watermarked", "patched")


# The measure of a flaw.
MEASURES = {
    "blur": "sharpness", "motion": "motion", "dark": "brightness", "bright": "clipped", "faded": "contrast",
    "low_resolution": "text_height", "compressed": "blocks", "grainy": "noise", "cut": "margin", "far": "frame",
    "slanted": "fan", "crooked": "skew", "curled": "bend", "glare": "glare", "shadow": "shadow", "creased": "fold",
    "grey_copy": "colour_spread", "two_tone": "colour_spread",
}  # fmt: skip
_LOWER_IS_WORSE = ("sharpness", "brightness", "contrast", "text_height", "margin", "frame", "colour_spread")


@dataclass(slots=True)
class Seen:
    """One picture: its flaw ("" for a good one), which of its key fields were lost, and what was said of it."""

    picture: str
    flaw: str
    severity: float
    keys: int
    lost: list[str]
    measures: dict[str, float]
    errors: list[str]
    warnings: list[str]


def drawn_set(folder: Path, count: int, good: int, seed: int, family: str) -> None:
    """The labelled set: `good` pictures, and `count` of each flaw."""
    families = fonts.COMMITTED if family == "committed" else fonts.HELDOUT
    for number, (flaw, at) in enumerate([("", i) for i in range(good)] + [(f, i) for f in NAMES for i in range(count)]):
        rng = random.Random(f"{seed}/{number}")
        kind, preset = TYPES[(at + number) % len(TYPES)], PRESETS[at % len(PRESETS)]
        drawn = MAKERS[kind](rng, families[number % len(families)], rng.randrange(1000))
        severity = SEVERITIES[at % len(SEVERITIES)]
        picture = flawed(drawn, rng, preset, flaw, severity) if flaw else take(drawn, rng, preset)
        save(folder, f"{number:04d}_{flaw or 'good'}_{kind}", picture, rng.choice((80, 84, 88, 92)))


def seen(folder: Path, reader: Reader) -> Iterator[Seen]:
    for path in sorted(folder.glob("*.jpg")):
        truth = json.loads(path.with_name(path.name + ".truth.json").read_text("utf-8"))
        extraction = extract([path], settings=Settings(), reader=reader)
        flaw = (truth.get("flaws") or [{}])[0]
        told = [f for f in extraction.findings if f.code.startswith(("QUALITY_", "AUTH_", "TYPE_"))]
        measures = extraction.documents[0].quality if extraction.documents else {}
        yield Seen(
            path.name, flaw.get("name", ""), flaw.get("severity", 0.0), len(_keys(truth)),
            lost(truth, extraction.documents),
            {name: abs(float(measures[name])) for name in MEASURES.values() if measures.get(name) is not None},
            _codes(told, Severity.ERROR), _codes(told, Severity.WARNING),
        )  # fmt: skip


def lost(truth: dict[str, Any], documents: Sequence[Any]) -> list[str]:
    """The key fields that are printed and were not read so; all of them where the type was not told."""
    keys = _keys(truth)
    document = next((d for d in documents if d.type == truth["type"]), None)
    if document is None:
        return keys
    return [name for name in keys if _plain(document.fields[name].value) != _plain(truth["fields"][name])]


def _keys(truth: dict[str, Any]) -> list[str]:
    """The key fields that are printed."""
    return [s.name for s in document_types()[truth["type"]].fields if s.key and truth["fields"].get(s.name)]


def _plain(value: Any) -> str:
    try:
        return f"{float(str(value)):.2f}" if "." in str(value) else str(int(str(value)))
    except ValueError:
        return "".join(c for c in str(value) if c.isalnum())


def area_under_curve(flawed: Sequence[Seen], good: Sequence[Seen], measure: str) -> float | None:
    """How often a flawed picture's measure is worse than a good one's, ties counting half; None without any."""
    bad, fine = ([p.measures[measure] for p in group if measure in p.measures] for group in (flawed, good))
    if not bad or not fine:
        return None
    sign = -1 if measure in _LOWER_IS_WORSE else 1
    return sum((sign * b > sign * f) + 0.5 * (b == f) for b in bad for f in fine) / (len(bad) * len(fine))


def _codes(findings: Sequence[Finding], severity: Severity) -> list[str]:
    return [f.code for f in findings if f.severity is severity]


def table(pictures: Sequence[Seen]) -> Iterator[str]:
    """A row for each flaw, then the good pictures and all of them together."""
    by_flaw: dict[str, list[Seen]] = defaultdict(list)
    for picture in pictures:
        by_flaw[picture.flaw].append(picture)
    good = by_flaw.pop("")
    yield "| flaw | pictures | unreadable | found | named | false alarms | AUC |\n|---|---|---|---|---|---|---|"
    sums = [0, 0, 0]
    for flaw, made in by_flaw.items():
        due = made if flaw in SIGNS else [p for p in made if p.lost]
        found = [p for p in due if p.errors or (flaw in SIGNS and NAMES[flaw] & set(p.warnings))]
        named = [p for p in found if set(p.errors[:1] if flaw not in SIGNS else p.warnings) & NAMES[flaw]]
        alarms = sum(bool(NAMES[flaw] & set(p.errors + p.warnings)) for p in good)
        area = area_under_curve(made, good, MEASURES.get(flaw, ""))
        told = "" if area is None else f"{MEASURES[flaw]} {area:.2f}"
        yield f"| {flaw} | {len(made)} | {len(due)} | {len(found)} | {len(named)} | {alarms} of {len(good)} | {told} |"
        if flaw not in SIGNS:
            sums = [a + len(b) for a, b in zip(sums, (due, found, named), strict=True)]
    yield f"| all flaws | | {sums[0]} | {sums[1] / max(sums[0], 1):.0%} | {sums[2] / max(sums[0], 1):.0%} | | |"
    errors, warned = sum(bool(p.errors) for p in good), sum(bool(p.errors or p.warnings) for p in good)
    yield f"\n{len(good)} good pictures: {errors} with an error, {warned} with an error or a warning"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=8, help="pictures of each flaw")
    parser.add_argument("--good", type=int, default=48)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fonts", choices=("committed", "heldout"), default="heldout")
    parser.add_argument("--out", type=Path, help="what was said of each picture, as JSON")
    parser.add_argument("--curves", type=Path, help="how many key fields are read at each measure, drawn as SVG")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        drawn_set(Path(folder), given.count, given.good, given.seed, given.fonts)
        pictures = list(seen(Path(folder), open_reader(Settings())))
    if given.out:
        given.out.write_text(json.dumps([asdict(p) for p in pictures], ensure_ascii=False, indent=1), "utf-8")
    if given.curves:
        given.curves.write_text(drawing(pictures, MEASURES), "utf-8")
    print("\n".join(table(pictures)))


if __name__ == "__main__":
    main()
