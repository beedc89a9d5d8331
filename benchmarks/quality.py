"""How well flaws of pictures are found, named and told from good pictures, on a labelled set drawn for it.

    python -m benchmarks.quality [--count 8] [--good 48] [--seed 1] [--fonts committed|heldout] [--out FILE.json]

Each flaw is drawn at four severities over scans and phone photos of the commonest documents. A picture counts as
unreadable when a key field that is printed on it is not read as it is printed: then an error is due, and its first
finding should name the flaw. On good pictures any error or warning is a false alarm. Signs that a picture is not of
the original are due on every picture that has them.

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
    "creased": {"QUALITY_CREASED"}, "screen": {"AUTH_SCREEN_PHOTO"}, "screenshot": {"AUTH_SCREENSHOT"},
    "grey_copy": {"AUTH_PHOTOCOPY"}, "two_tone": {"AUTH_PHOTOCOPY"}, "watermarked": {"AUTH_OTHER_USE"},
}  # fmt: skip
SIGNS = ("screen", "screenshot", "grey_copy", "two_tone", "watermarked")  # these are found by name, readable or not


@dataclass(slots=True)
class Seen:
    """One picture: its flaw ("" for a good one), whether a key field was lost, and what was said of it."""

    picture: str
    flaw: str
    severity: float
    lost: list[str]
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
        yield Seen(
            path.name, flaw.get("name", ""), flaw.get("severity", 0.0), lost(truth, extraction.documents),
            _codes(told, Severity.ERROR), _codes(told, Severity.WARNING),
        )  # fmt: skip


def lost(truth: dict[str, Any], documents: Sequence[Any]) -> list[str]:
    """The key fields that are printed and were not read so; all of them where the type was not told."""
    from extractors.registry import document_types

    keys = [s.name for s in document_types()[truth["type"]].fields if s.key and truth["fields"].get(s.name)]
    document = next((d for d in documents if d.type == truth["type"]), None)
    if document is None:
        return keys
    return [name for name in keys if _plain(document.fields[name].value) != _plain(truth["fields"][name])]


def _plain(value: Any) -> str:
    return "".join(c for c in str(value) if c.isalnum())


def _codes(findings: Sequence[Finding], severity: Severity) -> list[str]:
    return [f.code for f in findings if f.severity is severity]


def table(pictures: Sequence[Seen]) -> Iterator[str]:
    """A row for each flaw, then the good pictures and all of them together."""
    by_flaw: dict[str, list[Seen]] = defaultdict(list)
    for picture in pictures:
        by_flaw[picture.flaw].append(picture)
    good = by_flaw.pop("")
    yield "| flaw | pictures | unreadable | found | named | false alarms |\n|---|---|---|---|---|---|"
    sums = [0, 0, 0]
    for flaw, made in by_flaw.items():
        due = made if flaw in SIGNS else [p for p in made if p.lost]
        found = [p for p in due if p.errors or (flaw in SIGNS and NAMES[flaw] & set(p.warnings))]
        named = [p for p in due if set((p.errors + p.warnings)[:1] if flaw not in SIGNS else p.warnings) & NAMES[flaw]]
        alarms = sum(bool(NAMES[flaw] & set(p.errors + p.warnings)) for p in good)
        yield f"| {flaw} | {len(made)} | {len(due)} | {len(found)} | {len(named)} | {alarms} of {len(good)} |"
        if flaw not in SIGNS:
            sums = [a + len(b) for a, b in zip(sums, (due, found, named), strict=True)]
    yield f"| all flaws | | {sums[0]} | {sums[1] / max(sums[0], 1):.0%} | {sums[2] / max(sums[0], 1):.0%} | |"
    errors, warned = sum(bool(p.errors) for p in good), sum(bool(p.errors or p.warnings) for p in good)
    yield f"\n{len(good)} good pictures: {errors} with an error, {warned} with an error or a warning"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=8, help="pictures of each flaw")
    parser.add_argument("--good", type=int, default=48)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fonts", choices=("committed", "heldout"), default="heldout")
    parser.add_argument("--out", type=Path, help="what was said of each picture, as JSON")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        drawn_set(Path(folder), given.count, given.good, given.seed, given.fonts)
        pictures = list(seen(Path(folder), open_reader(Settings())))
    if given.out:
        given.out.write_text(json.dumps([asdict(p) for p in pictures], ensure_ascii=False, indent=1), "utf-8")
    print("\n".join(table(pictures)))


if __name__ == "__main__":
    main()
