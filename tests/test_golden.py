"""Every committed sample submission, read and judged for real, against its expected report.

`pytest tests/test_golden.py --update-golden` writes `tests/golden/` anew. What a golden leaves out, and why:
engine, versions and timings (they say how, not what); sizes, hashes, notes and sources (copied from the sample or the
profile, not found out); scores and picture measures (another processor rounds floats differently, so a fourth digit
moves); the text of doubtful fields (what is read from a blur is noise: that it is doubtful is the result). Boxes are
kept, and may lie a few pixels off. Long texts may differ in a mark.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rapidfuzz import fuzz

from extractors.model import Field, Status, TextLine
from extractors.registry import document_types
from extractors.values import simplified
from pipeline.ocr import Reader, open_reader
from pipeline.pages import Image
from pipeline.report import DocumentReport, Report
from pipeline.settings import Settings
from pipeline.submission import load_submission
from pipeline.verify import verify
from validators.findings import Finding, Verdict

HERE = Path(__file__).parent
ROOT = HERE.parent
GOLDEN = HERE / "golden"
SUBMISSIONS = ROOT / "samples" / "submissions"
NAMES = sorted(folder.name for folder in SUBMISSIONS.iterdir() if folder.is_dir())

PIXELS = 8  # how far an edge of a box may lie from where it lay: a third of a line of text
LONG, ALIKE = 30, 96.0  # texts from this length on are the same when they agree to this percentage

Check = Callable[[str], Report]


@dataclass
class Remembering:
    """A reader that reads a picture once: samples of one applicant share their papers."""

    engine: Reader
    known: dict[bytes, tuple[TextLine, ...]] = field(default_factory=dict)

    def read(self, image: Image, page: int = 1, side: int | None = None) -> tuple[TextLine, ...]:
        key = hashlib.blake2b(repr((image.shape, side)).encode() + image.tobytes()).digest()
        if key not in self.known:
            self.known[key] = self.engine.read(image, page, side)
        return tuple(replace(line, page=page) for line in self.known[key])

    def describe(self) -> dict[str, Any]:
        return self.engine.describe()


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def engine(cache_dir: Path) -> Reader:
    return open_reader(Settings(cache_dir=cache_dir))


@pytest.fixture(scope="module")
def report_of(engine: Reader, cache_dir: Path) -> Check:
    """The report of a sample, made once for all tests."""
    reader = Remembering(engine)
    return cache(lambda name: _checked(name, reader, cache_dir))


def _checked(name: str, reader: Reader, cache_dir: Path) -> Report:
    told = _told(name)
    given = {key: str(ROOT / value) for key, value in told.get("settings", {}).items()}  # all of them files
    settings = Settings.model_validate({"cache_dir": cache_dir, **given})
    submission = load_submission(SUBMISSIONS / name)
    return verify(submission, settings=settings, as_of=_expected(name)[0], reader=reader).report


def _told(name: str) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((SUBMISSIONS / name / "expected.yaml").read_text("utf-8"))
    return told


def _expected(name: str) -> tuple[date, Verdict, set[str]]:
    told = _told(name)
    return date.fromisoformat(str(told["as_of"])), Verdict(told["verdict"]), set(told["findings"])


def test_goldens_are_not_being_rewritten(pytestconfig: pytest.Config) -> None:
    assert not pytestconfig.getoption("--update-golden"), (
        "Goldens were written, not compared. Look at `git diff tests/golden`, then run without --update-golden; "
        "it must not stay in addopts, PYTEST_ADDOPTS or the Makefile."
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_report_is_the_expected_one(name: str, report_of: Check, pytestconfig: pytest.Config) -> None:
    path = GOLDEN / f"{name}.json"
    told = essence(report_of(name))
    if pytestconfig.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(_pretty(told) + "\n", "utf-8")
        pytest.skip("golden written")
    assert list(differences(json.loads(path.read_text("utf-8")), told)) == []


@pytest.mark.parametrize("name", NAMES)
def test_verdict_and_findings_are_the_samples_own(name: str, report_of: Check) -> None:
    report = report_of(name)
    _, verdict, codes = _expected(name)
    assert report.verdict is verdict
    assert codes <= {f.code for f in report.findings}
    refused = {f.code for f in report.findings if f.verdict is Verdict.REJECT}
    assert {code for code in refused if code.startswith(("QUALITY_", "TYPE_", "FILE_"))} <= codes, "not its flaw"
    if verdict is Verdict.ACCEPT:
        assert {f.verdict for f in report.findings} <= {Verdict.ACCEPT}
    else:
        assert any(f.verdict is verdict for f in report.findings), "a refusal without a finding that says why"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_verified_is_true(name: str, report_of: Check) -> None:
    wrong = [
        (document.file, field, found.value, truth[field])
        for document, truth in _with_truth(name, report_of(name))
        for field, found in document.fields.items()
        if found.status is Status.VERIFIED and not _same(found, truth.get(field))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in NAMES if _expected(name)[1] is Verdict.ACCEPT])
def test_key_fields_of_good_pictures_are_all_read_right(name: str, report_of: Check) -> None:
    for document, truth in _with_truth(name, report_of(name)):
        kind = document_types()[document.type]
        for spec in kind.fields:
            if spec.key and truth.get(spec.name) is not None:
                found = document.fields[spec.name]
                assert found.status in (Status.VERIFIED, Status.READ), (document.file, spec.name)
                assert _same(found, truth[spec.name]), (document.file, spec.name)


@pytest.mark.parametrize("name", ["accept-both-sides-one-page", "accept-seal-on-the-name"])
def test_the_same_submission_gives_the_same_report_byte_for_byte(
    name: str, report_of: Check, engine: Reader, cache_dir: Path
) -> None:
    first, second = (
        report.model_copy(update={"timings_ms": {}}).model_dump_json(by_alias=True)
        for report in (report_of(name), _checked(name, engine, cache_dir))
    )
    assert first == second


def test_each_golden_belongs_to_a_sample() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == NAMES


def essence(report: Report) -> dict[str, Any]:
    """What a report says, without how it was come by."""
    return {
        "profile": report.profile,
        "as_of": report.as_of,
        "verdict": report.verdict.value,
        "documents": [_document(d) for d in report.documents],
        "findings": [_finding(f) for f in report.findings],
        "checks": {c.id: f"{c.result.value}: {c.why}".removesuffix(": ") for c in report.checks},
    }


def _document(document: DocumentReport) -> dict[str, Any]:
    pages = [f"{p.number}: {p.width} × {p.height}, turned {p.rotation}, {p.source.value}" for p in document.pages]
    fields = {name: _field(found) for name, found in document.fields.items() if found.status is not Status.MISSING}
    seen = {name: document.quality[name] for name in ("colour", "cut_edges") if name in document.quality}
    told = {
        "file": document.file, "part": document.part, "format": document.format, "slot": document.slot,
        "type": document.type, "side": document.side, "pages": pages, "quality": seen, "fields": fields,
    }  # fmt: skip
    if document.proofs:
        told["proofs"] = {proof.id: proof.result for proof in document.proofs}
    if document.signatures:
        told["signatures"] = [signature.integrity.value for signature in document.signatures]
    return told | ({"copy_of": document.copy_of[0]} if document.copy_of else {})


def _field(found: Field) -> dict[str, Any]:
    if found.status is Status.DOUBTFUL:
        return {"status": "doubtful"}
    plain = found.model_dump(mode="json")
    kept = {"status": plain["status"], "value": plain["value"], "reason": plain["reason"], "page": plain["page"]}
    return kept | {"box": _edges(found.box)}


def _finding(found: Finding) -> dict[str, Any]:
    plain = found.model_dump(mode="json")
    keys = ["code", "severity", "verdict", "document", "field", "expected"]
    if not found.code.startswith(("FIELD_", "QUALITY_")):  # theirs quote a measure, or text that is doubtful
        keys += ["actual", "message"]
    places = [{"document": e.document, "page": e.page, "box": _edges(e.box)} for e in found.evidence]
    return {key: plain[key] for key in keys} | {"evidence": places}


def _edges(box: Any) -> list[int] | None:
    if box is None:
        return None
    xs, ys = zip(*box, strict=True)
    return [round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))]


def differences(old: Any, new: Any, where: str = "") -> Iterator[str]:
    """Where two reports part, in words."""
    if where.endswith(".box") and old and new:
        if any(abs(a - b) > PIXELS for a, b in zip(old, new, strict=True)):
            yield f"{where}: {old} → {new}"
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() | new.keys():
            yield from differences(old.get(key), new.get(key), f"{where}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for at, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from differences(a, b, f"{where}[{at}]")
    elif isinstance(old, str) and isinstance(new, str) and len(old) >= LONG and where.endswith(".value"):
        if fuzz.ratio(old, new) < ALIKE:
            yield f"{where}: {old} → {new}"
    elif old != new:
        yield f"{where}: {old} → {new}"


def test_a_difference_is_seen_and_noise_is_not() -> None:
    golden = json.loads((GOLDEN / "accept-both-sides-one-page.json").read_text("utf-8"))
    assert list(differences(golden, golden)) == []
    for change in (
        lambda r: r.update(verdict="review"),
        lambda r: r["documents"][0]["fields"]["credit_code"].update(value="91340104MAM8781HX3"),
        lambda r: r["documents"][0]["fields"].pop("name"),
        lambda r: r["documents"][0]["fields"]["name"]["box"].__setitem__(0, 0),
        lambda r: r["documents"].pop(),
        lambda r: r["checks"].update({"licence-name": "not_checked: x"}),
        lambda r: r["findings"].append({"code": "FILE_EMPTY"}),
    ):
        other = json.loads(json.dumps(golden))
        change(other)
        assert len(list(differences(golden, other))) == 1
    noisy = json.loads(json.dumps(golden))
    noisy["documents"][0]["fields"]["name"]["box"][2] += 2
    assert list(differences(golden, noisy)) == []


def _pretty(told: dict[str, Any]) -> str:
    """JSON with a line for each field, finding and check."""

    def lines(value: Any, indent: str) -> str:
        text = json.dumps(value, ensure_ascii=False)
        if len(text) + len(indent) <= 120 or not isinstance(value, dict | list) or not value:
            return text
        deeper = indent + " "
        if isinstance(value, dict):
            parts = [f"{deeper}{json.dumps(k, ensure_ascii=False)}: {lines(v, deeper)}" for k, v in value.items()]
            return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
        return "[\n" + ",\n".join(deeper + lines(v, deeper) for v in value) + f"\n{indent}]"

    return lines(told, "")


def _with_truth(name: str, report: Report) -> Iterator[tuple[DocumentReport, dict[str, Any]]]:
    """Documents as reported, with the fields that are printed on their pages."""
    for document in report.documents:
        bundle, inside, _ = document.file.partition(".zip/")
        truth = json.loads((SUBMISSIONS / name / f"{bundle}{inside[:4]}.truth.json").read_text("utf-8"))
        pages = {page.number for page in document.pages}
        printed: dict[str, Any] = {}
        for one in truth.get("documents", [truth]):
            if one.get("page", 1) in pages:
                assert one["type"] == document.type or document.type == "unknown"
                printed |= one["fields"]
        yield document, printed


def _same(found: Field, truth: Any) -> bool:
    return _normal(found.model_dump(mode="json")["value"]) == _normal(truth)


def _normal(value: Any) -> Any:
    """Width of characters, traditional forms, a last full stop, trailing zeros, empty cells, row numbers: no matter."""
    if isinstance(value, dict):
        return {k: _normal(v) for k, v in value.items() if v not in (None, "") and k != "row"}
    if isinstance(value, list):
        return [_normal(v) for v in value]
    if isinstance(value, str):
        text = simplified(unicodedata.normalize("NFKC", value)).replace(" ", "").rstrip(".")
        whole, point, rest = text.partition(".")
        return text.rstrip("0").rstrip(".") if point and (whole.lstrip("-") + rest).isdigit() else text
    return value
