"""Whenever a judgement changes from one day to the next, that day was foretold; and what runs out is told by name."""

import ast
import json
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import pytest

from extractors.model import Field, Item, Kind, Record, Source, Status
from extractors.registry import document_types
from extractors.values import parse_date
from pipeline.submission import load_submission
from tests.validators.test_judge import AS_OF, BACK, DECLARED, LICENCE, document, submission
from validators import authenticity
from validators.authenticity import obstacle_of
from validators.case import Case, Earlier, FiledDocument
from validators.checks import run_checks
from validators.declared import check_declared
from validators.due import _DAYS, Due, due_dates
from validators.findings import Verdict, finding
from validators.invoice_dates import check_invoice_dates
from validators.loading import load_profiles
from validators.prerequisites import check_prerequisites
from validators.registry import Agreement, Answer, Result, Standing, unavailable
from validators.slots import check_slots

ROOT = Path(__file__).parents[2]
GOLDENS = sorted((ROOT / "tests" / "golden").glob("*.json"))
VALIDATORS = ROOT / "validators"
PROFILES = load_profiles()
TWO_YEARS = 731


PARTS = (check_prerequisites, check_slots, check_declared, check_invoice_dates, run_checks)


class Watched(Case):
    """A case that tells whether its day was looked at: what did not look comes out the same on any day."""

    looked = False

    @property
    def as_of(self):
        Watched.looked = True
        return self.__dict__["day"]

    @as_of.setter
    def as_of(self, day):
        self.__dict__["day"] = day


def watched(case):
    return Watched(**{f.name: getattr(case, f.name) for f in fields(Case)})


def looks(part, case):
    Watched.looked = False
    part(watched(case))
    return Watched.looked


def dated(case):
    """The case with those of its checks alone that look at the day, and the parts of judging that do."""
    specs = case.profile.checks
    case = with_checks(case, [spec for spec in specs if looks(run_checks, with_checks(case, [spec]))])
    return case, [part for part in PARTS if looks(part, case)]


def with_checks(case, checks):
    return replace(case, profile=case.profile.model_copy(update={"checks": tuple(checks)}))


def said(case, parts=PARTS):
    """What a judgement comes to, without numbers that change every day."""
    told = [part(case) for part in parts]
    return (
        {(c.id, c.result, c.why, c.required) for checks, _ in told for c in checks},
        {(f.code, f.severity, f.verdict, f.document, f.field) for _, findings in told for f in findings},
    )


def on(case, day):
    source = case.authenticity and Authority(day)
    return replace(case, as_of=day, authenticity=source)


def changes(case, days):
    """The days of the next so many on which the judgement is another one than on the day before."""
    case, parts = dated(case)
    found, before = set(), said(case, parts)
    for ahead in range(1, days + 1):
        day = case.as_of + timedelta(ahead)
        now = said(on(case, day), parts)
        if now != before:
            found.add(day)
        before = now
    return found


def foretold(case):
    return {due.day for due in due_dates(case)}


def value(kind, plain):
    if kind is Kind.DATE and isinstance(plain, str):
        return parse_date(plain)
    if kind in (Kind.MONEY, Kind.MONEY_IN_WORDS) and isinstance(plain, str) and plain[-1:].isdigit():
        return Decimal(plain) if plain[:1] in "-0123456789" else plain
    if kind is Kind.ITEMS and isinstance(plain, list):
        return [Item.model_validate(item) for item in plain]
    return plain


def filed(told):
    """A document as its golden tells it: every field that is read, none of the pictures."""
    specs = (
        {spec.name: spec.kind for spec in document_types()[told["type"]].fields} if told["type"] != "unknown" else {}
    )
    found_fields = {name: Field() for name in specs}
    for name, found in told["fields"].items():
        status = Status(found["status"])
        found_fields[name] = Field(
            value=value(specs[name], found.get("value")), raw=str(found.get("value") or "?"), status=status, page=1
        )
    return FiledDocument(
        file=told["file"], part=told["part"], record=Record(told["type"], found_fields, told["side"]),
        slot=told["slot"], type_confidence=0.95, format=told["format"],
        quality={"colour": told["quality"].get("colour", True)},
        source=Source(told["pages"][0].rpartition(" ")[2]) if told["pages"] else Source.OCR,
        unreadable=told["type"] == "unknown", picture={},
    )  # fmt: skip


@cache
def golden_case(path):
    told = json.loads(path.read_text("utf-8"))
    written = load_submission(ROOT / "samples" / "submissions" / path.stem)
    documents = tuple(filed(document) for document in told["documents"])
    return Case(PROFILES[told["profile"]], written.declared, documents, date.fromisoformat(told["as_of"]),
                written.earlier)  # fmt: skip


def unforetold(case):
    """Days by which a judgement changed between two that were foretold, however far ahead."""
    case, parts = dated(case)
    days = sorted(foretold(case))
    ends = [day - timedelta(1) for day in days] + [(days or [case.as_of])[-1] + timedelta(3660)]
    return [
        (start, end)
        for start, end in zip([case.as_of, *days], ends, strict=True)
        if end > start and said(on(case, start), parts) != said(on(case, end), parts)
    ]


def different():
    """The goldens that differ in what is asked of which dates; the others would be swept for nothing."""
    found = {}
    for path in GOLDENS:
        case, parts = dated(golden_case(path))
        if parts:
            found.setdefault((case.profile.id, *(spec.id for spec in case.profile.checks), *due_dates(case)), path)
    return sorted(found.values())


@pytest.mark.parametrize("path", different(), ids=lambda path: path.stem)
def test_no_day_of_two_years_changes_a_judgement_unforetold(path):
    case = golden_case(path)
    assert changes(case, TWO_YEARS) <= foretold(case)


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: path.stem)
def test_nothing_changes_between_two_days_that_were_foretold(path):
    case = golden_case(path)
    assert unforetold(case) == []


@pytest.mark.parametrize("path", different()[::4], ids=lambda path: path.stem)
def test_what_is_foretold_is_foretold_on_any_earlier_day(path):
    case = golden_case(path)
    ahead = foretold(case)
    for days in range(0, 2 * TWO_YEARS, 61):
        later = on(case, case.as_of + timedelta(days))
        assert foretold(later) == {day for day in ahead if day > later.as_of}


PHOTO = {
    "look": ("0" * 32,), "sources": [], "faces": [], "seals": [], "document": None, "text": [],
    "width": 1000, "height": 1000, "sharpness": 99.0,
}  # fmt: skip


def doubted(filed, name):
    found = {field: (value.model_copy(update={"status": Status.DOUBTFUL}) if field == name else value)
             for field, value in filed.record.fields.items()}  # fmt: skip
    return replace(filed, record=replace(filed.record, fields=found))


def invented(seed):
    """A submission of any procedure whose dates all lie near the day it is judged on."""
    draw = Random(seed)

    def near():
        reach = draw.choice((4, 100, 500))
        return AS_OF + timedelta(draw.randint(-reach, reach))

    profile = PROFILES[draw.choice(sorted(PROFILES))]
    documents = []
    for name, slot in profile.slots.items():
        for number in range(draw.randint(0, min(2, slot.at_most))):
            kind = document_types()[draw.choice(slot.accepts)]
            values = {spec.name: near() for spec in kind.fields if spec.kind is Kind.DATE and draw.random() < 0.8}
            values |= {spec.name: draw.random() < 0.3 for spec in kind.fields if spec.kind is Kind.FLAG}
            if kind.id == "vat_invoice":
                values |= {"invoice_kind": "digital_special", "invoice_number": "2" * 20, "total": Decimal(113)}
            filed = document(kind.id, values, f"{name}-{number}.jpg", slot.side)
            if draw.random() < 0.2:
                filed = doubted(
                    filed, draw.choice([spec.name for spec in kind.fields if spec.kind is Kind.DATE] or [""])
                )
            camera = {"make": "x", "taken_on": near().replace(year=draw.choice((2023, 2026))).isoformat()}
            documents.append(replace(filed, slot=name, picture=PHOTO | {"camera": camera}))
    declared = {key: DECLARED[key] for key in ("company_name", "credit_code")}
    for key, spec in profile.declared.items():
        if spec.kind is Kind.DATE and draw.random() < 0.7:
            declared[key] = near().isoformat()
        if spec.choices or spec.kind == "flag":
            declared[key] = draw.choice(spec.choices or (True, False))
    earlier = tuple(
        Earlier(wanted.profile, draw.choice(list(Verdict)), near(), declared)
        for wanted in profile.prerequisites.values() for _ in range(draw.randint(0, 2))
    )  # fmt: skip
    return Case(profile, declared, tuple(documents), AS_OF, earlier, authenticity=Authority(AS_OF))


class Authority:
    """The authority's check as its own rules about days have it: all else is not found."""

    def __init__(self, today):
        self.today = today

    def check(self, query):
        Watched.looked = True
        return obstacle_of(query, self.today) or authenticity.Answer(result=authenticity.Result.NOT_FOUND)


@pytest.mark.parametrize("start", range(0, 200, 40))
def test_nothing_changes_unforetold_whatever_the_dates(start):
    assert {seed: found for seed in range(start, start + 40) if (found := unforetold(invented(seed)))} == {}


@pytest.mark.parametrize("seed", range(200, 220))
def test_no_day_of_a_year_changes_a_judgement_unforetold_whatever_the_dates(seed):
    assert changes(invented(seed), 366) <= foretold(invented(seed))


def test_what_runs_out_is_told_with_its_document_and_field():
    case = submission(licence=LICENCE | {"term_to": date(2027, 12, 31)})
    [over] = [due for due in due_dates(case) if due.document == "licence.jpg" and due.runs_out]
    assert over == Due(date(2028, 1, 1), "licence-term", "term_to", "licence.jpg", runs_out=True)
    assert said(on(case, over.day - timedelta(1))) != said(on(case, over.day))
    [warned] = [due for due in due_dates(case) if due.day == date(2027, 11, 1) and due.by == over.by]
    assert not warned.runs_out


def test_a_condition_that_ends_with_a_day_runs_out():
    case = golden_case(ROOT / "tests" / "golden" / "accept-ciie-invoice.json")
    declared = case.declared | {"invoice_booked": True, "returned_on": case.as_of.isoformat()}
    case = replace(case, declared={k: v for k, v in declared.items() if k != "red_letter_confirmed_on"})
    assert changes(case, 9) == {case.as_of + timedelta(4)}
    assert [due.day for due in due_dates(case) if due.by == "red-letter-due" and due.runs_out] == sorted(
        changes(case, 9)
    )


def test_a_document_that_fills_no_slot_runs_out_for_nobody():
    spare = document("id_card", BACK | {"valid_to": date(2027, 1, 1)}, "spare.jpg", "back", slot="taxpayer_proof")
    found = [due for due in due_dates(submission(extra=[spare])) if due.document == "spare.jpg"]
    assert all(not due.runs_out for due in found)


def test_a_term_without_an_end_runs_out_on_no_day():
    case = submission(licence=LICENCE | {"term_is_indefinite": True})
    assert not [due for due in due_dates(case) if due.document == "licence.jpg" and due.runs_out]


@pytest.mark.parametrize("end", [date(9999, 12, 31), date(9999, 11, 1), date(1, 1, 1)])
def test_a_term_to_the_end_of_the_calendar_is_no_error(end):
    case = submission(licence=LICENCE | {"term_to": end, "term_from": end}, declared=DECLARED | {"paid_on": str(end)})
    assert all(isinstance(due.day, date) for due in due_dates(case))


def test_a_due_day_is_what_it_was_after_it_was_kept():
    for due in (*due_dates(submission()), Due(AS_OF, "licence-term", "term_to", "a|b|c.jpg", True)):
        assert Due.parsed(due.day, due.what) == due


class Registry:
    def __init__(self, day):
        self.day = day

    def look_up(self, query):
        if self.day is None:
            return unavailable("it is away")
        agreed = dict.fromkeys(("credit_code", "name", "legal_representative", "id_number"), Agreement.AGREES)
        return Answer(result=Result.FOUND, fields=agreed, status=Standing.ACTIVE, as_of=self.day)


def test_data_of_a_registry_that_grows_old_is_foretold():
    case = replace(submission(), registry=Registry(AS_OF - timedelta(30)))
    assert changes(case, 200) == {AS_OF + timedelta(151)} <= foretold(case)


@pytest.mark.parametrize("code", ["AUTH_REGISTRY_UNAVAILABLE", "AUTH_INVOICE_UNAVAILABLE"])
def test_a_source_that_did_not_answer_is_asked_again_the_next_day(code):
    told = {"registry": "r", "authority": "a", "reason": "away"}
    again = due_dates(submission(), [finding(code, document="invoice.pdf", **told)])[0]
    assert (again.day, again.by, again.runs_out) == (AS_OF + timedelta(1), f"source:{code}", False)


# Every function of validators/ that looks at the day of judgement, and what foretells when it will say something else.
KNOWN = {
    "authenticity.py:_years_before": "_authentic",
    "authenticity.py:obstacle_of": "_authentic",  # the source's own day
    "case.py:before": "_earlier",
    "checks/authenticity.py:_denied": "_authentic",
    "checks/conditions.py:_ordered": "_compared",
    "checks/conditions.py:compare": "_compared",
    "checks/dates.py:_date_finding": "",  # into the text of a finding
    "checks/dates.py:issued_within": "_age",
    "checks/dates.py:not_expired": "_term",
    "checks/dates.py:renewal_due": "_renewal",
    "checks/dates.py:years_since": "_years",
    "checks/photos.py:_camera_signs": "_taken",
    "checks/registry.py:_outdated": "_registered",
    "checks/spans.py:_dates": "_period _year",
    "expired.py:check_expired": "_cards",
    "invoice_dates.py:check_invoice_dates": "_invoice_dates",
}


def looks_at_the_day(path):
    """The functions of a module that look at a case's day, or at one they are given."""
    tree = ast.parse(path.read_text("utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
                owner = ast.unparse(node.value) if isinstance(node, ast.Attribute) else ""
                if (name == "as_of" and owner in ("case", "self.case", "self")) or name == "today":
                    yield function.name


def test_no_other_place_looks_at_the_day_of_judgement():
    found = {
        f"{path.relative_to(VALIDATORS).as_posix()}:{function}"
        for path in VALIDATORS.rglob("*.py") if path.name != "due.py"
        for function in looks_at_the_day(path)
    }  # fmt: skip
    assert found == KNOWN.keys(), "teach validators/due.py the new place"


def test_each_kind_of_check_that_looks_at_the_day_is_known():
    for case in (*map(golden_case, GOLDENS), *map(invented, range(100))):
        for spec in case.profile.checks:
            if spec.check not in _DAYS:
                assert not looks(run_checks, with_checks(replace(case, earlier=()), [always(spec)])), spec.check


def always(spec):
    return spec.model_copy(update={"when": None, "each": None})
