"""The kinds of check over small hand-made cases: what passes, what fails, and what is left to a person."""

from datetime import date
from decimal import Decimal

import pytest

from extractors.model import Field, Item, Record, Status, rectangle
from extractors.registry import document_types
from validators.case import Case, Earlier, FiledDocument
from validators.findings import CheckResult, Verdict
from validators.judge import judge
from validators.profile import Profile
from validators.slots import assign

AS_OF = date(2026, 11, 22)
CODE, OTHER = "91330100799655058B", "91350100M000100Y43"
TEXTS = {"title": {"zh": "某项", "en": "something"}, "source": "X-1"}
SAID = {"what": {"zh": "须如此", "en": "it must be so"}, "mend": {"zh": "请改", "en": "mend it"}}
ACCEPT, REVIEW, REJECT = Verdict.ACCEPT, Verdict.REVIEW, Verdict.REJECT


def profile(*checks, slots=None, declared=None, prerequisites=None):
    licence = TEXTS | {"accepts": ["business_licence"], "required": False}
    return Profile.model_validate({
        "id": "test/small", "title": TEXTS["title"], "platform": TEXTS["title"], "source": "a test",
        "slots": {"licence": licence, "invoice": licence | {"accepts": ["vat_invoice"]}} | (slots or {}),
        "declared": {key: TEXTS | {"kind": kind, "required": False} for key, kind in (declared or {}).items()},
        "prerequisites": {key: TEXTS | step for key, step in (prerequisites or {}).items()},
        "checks": [{"id": f"check-{n}", "source": "X-2"} | check for n, check in enumerate(checks)],
    })  # fmt: skip


def document(kind, file="a.jpg", status=Status.READ, **values):
    fields = {
        s.name: Field(value=values[s.name], raw=str(values[s.name]), status=status, confidence=0.99, page=1,
                      box=rectangle(0, 0, 9, 9)) if s.name in values else Field()
        for s in document_types()[kind].fields
    }  # fmt: skip
    return FiledDocument(file=file, record=Record(kind, fields), type_confidence=0.95, size=(900, 600))


def came_to(rules, *documents, earlier=(), **declared):
    """The verdict, the result of the first check of the profile, and the codes of the findings."""
    case = Case(rules, declared, assign(rules, documents, declared), AS_OF, tuple(earlier))
    verdict, checks, findings = judge(case)
    result = next(c.result for c in checks if c.id == "check-0")
    return verdict, result.value, {f.code for f in findings}


def check(kind, **params):
    return {"check": kind, "params": params}


@pytest.mark.parametrize(
    ("op", "left", "right", "result"),
    [
        ("at_most", "200000000", 200_000_000, "passed"),
        ("at_most", "200000000.01", 200_000_000, "failed"),
        ("at_most", "2亿元", 200_000_000, "passed"),
        ("more_than", "5000", 5000, "failed"),
        ("at_least", "600000 USD", 500_000, "not_checked"),  # another currency
        ("equals", "12,500.00", Decimal("12500"), "passed"),
        ("not_equal", "1", 1, "failed"),
        ("on_or_before", "2026-11-22", "as_of", "passed"),
        ("on_or_before", "2026-11-23", "as_of", "failed"),
        ("on_or_after", "2026年1月1日", date(2026, 1, 1), "passed"),
        ("at_least", "many", 3, "not_checked"),
        ("at_least", "2026-11-22", 3, "not_checked"),  # a date against a number
    ],
)
def test_compare_orders_amounts_and_dates_and_leaves_the_rest_open(op, left, right, result):
    rules = profile(check("compare", left="declared.a", op=op, right=right, **SAID), declared={"a": "text"})
    verdict, got, codes = came_to(rules, a=left)
    assert got == result
    assert verdict is {"passed": ACCEPT, "failed": REJECT, "not_checked": REVIEW}[result]
    assert codes == {"passed": set(), "failed": {"PROFILE_CONDITION_NOT_MET"}}.get(result, {"PROFILE_CONDITION_OPEN"})


def test_compare_takes_both_sides_from_anywhere():
    rules = profile(
        check("compare", left="declared.limit", op="more_than", right="declared.orders", **SAID),
        declared={"limit": "money", "orders": "money"},
    )
    assert came_to(rules, limit="100.01", orders="100")[1] == "passed"
    assert came_to(rules, limit="100", orders="100")[1] == "failed"
    assert came_to(rules, limit="100")[:2] == (ACCEPT, "not_checked")  # orders are optional: nothing to compare


def test_equal_is_a_match_with_what_is_read_and_a_cross_check_otherwise():
    rules = profile(
        check("equal", left="declared.name", right="licence.name"),
        check("equal", left="licence.credit_code", right="before.credit_code"),
        declared={"name": "organisation", "credit_code": "credit_code"},
        prerequisites={"before": {"profile": "test/before", "required": False, "same": ()}},
    )
    paper = document("business_licence", name="宁波远桥贸易有限公司", credit_code=CODE)
    before = Earlier("test/before", ACCEPT, date(2026, 1, 1), {"credit_code": CODE})
    assert came_to(rules, paper, earlier=[before], name="宁波远桥贸易有限公司")[:2] == (ACCEPT, "passed")
    _, result, codes = came_to(rules, paper, earlier=[before], name="宁波高新电子有限公司")
    assert (result, codes) == ("failed", {"MATCH_DIFFERENT"})
    other = Earlier("test/before", ACCEPT, date(2026, 1, 1), {"credit_code": OTHER})
    verdict, _, codes = came_to(rules, paper, earlier=[other], name="宁波远桥贸易有限公司")
    assert (verdict, codes) == (REJECT, {"CROSS_DIFFERENT"})


def test_a_doubtful_field_is_never_passed_on():
    rules = profile(check("equal", left="declared.name", right="licence.name"), declared={"name": "organisation"})
    paper = document("business_licence", status=Status.DOUBTFUL, name="宁波远桥贸易有限公司")
    assert came_to(rules, paper, name="宁波远桥贸易有限公司") == (REVIEW, "not_checked", {"FIELD_DOUBTFUL"})


def test_sums_are_exact():
    rules = profile(
        check("sum_equals", parts=["declared.a", "declared.b"], total="declared.total", **SAID),
        declared={"a": "money", "b": "text", "total": "money"},
    )
    assert came_to(rules, a="0.10", b="0.20", total="0.3")[1] == "passed"
    assert came_to(rules, a="0.10", b="0.20", total="0.31")[:2] == (REJECT, "failed")
    assert came_to(rules, a="0.10", b="?", total="0.3")[:2] == (REVIEW, "not_checked")


@pytest.mark.parametrize(
    ("since", "result"), [("2024-11-22", "passed"), ("2024-11-23", "failed"), ("x", "not_checked")]
)
def test_years_are_whole_years(since, result):
    rules = profile(check("years_since", since="declared.day", at_least=2, **SAID), declared={"day": "text"})
    assert came_to(rules, day=since)[1] == result


def test_a_company_of_the_29th_of_february_is_a_year_old_on_the_28th():
    rules = profile(check("years_since", since="declared.day", at_least=1, **SAID), declared={"day": "text"})
    for as_of, result in ((date(2025, 2, 27), CheckResult.FAILED), (date(2025, 2, 28), CheckResult.PASSED)):
        _, checks, _ = judge(Case(rules, {"day": "2024-02-29"}, (), as_of))
        assert checks[-1].result is result


@pytest.mark.parametrize(
    ("last", "outcome"),
    [
        ("2026-11-22", (ACCEPT, "passed", set())),
        ("2025-12-31", (ACCEPT, "passed", {"DATE_RENEWAL_DUE"})),
        ("2025-11-22", (ACCEPT, "passed", {"DATE_RENEWAL_DUE"})),
        ("2025-11-21", (REVIEW, "not_checked", {"DATE_RENEWAL_OVERDUE"})),
    ],
)
def test_a_renewal_is_announced_ahead_and_open_once_overdue(last, outcome):
    rules = profile(check("renewal_due", last="declared.day", months=12, warn_days=60), declared={"day": "date"})
    assert came_to(rules, day=last) == outcome


def test_every_line_of_an_invoice_counts():
    def invoice(*rates):
        return document("vat_invoice", items=[Item(tax_rate=rate) for rate in rates])

    exactly = profile(check("item_rate", items="invoice.items", exactly=[13], **SAID))
    assert came_to(exactly, invoice("13%", "13%"))[1] == "passed"
    assert came_to(exactly, invoice("13%", "6%"))[:2] == (REJECT, "failed")
    assert came_to(exactly, invoice("13%", ""))[:2] == (REVIEW, "not_checked")
    assert came_to(exactly, invoice())[:2] == (REVIEW, "not_checked")
    least = profile(check("item_rate", items="invoice.items", at_least=6, **SAID))
    assert came_to(least, invoice("13%", "6%"))[1] == "passed"
    assert came_to(least, invoice("13%", "3%"))[:2] == (REJECT, "failed")


def test_one_of_several_slots_will_do():
    rules = profile(check("any_slot", slots=["licence", "invoice"], **SAID))
    assert came_to(rules, document("vat_invoice"))[1] == "passed"
    assert came_to(rules)[:2] == (REJECT, "failed")
    unknown = FiledDocument(file="b.jpg", record=Record("unknown", {}))
    assert came_to(rules, unknown)[:2] == (REVIEW, "not_checked")  # it may be the one


LOCK = check(
    "unchanged", since="order", values=["buyer"], only_if={"order.confirmed": True}, **SAID
)  # fmt: skip


@pytest.mark.parametrize(
    ("then", "outcome"),
    [
        (None, (ACCEPT, "not_checked", set())),
        ({"buyer": "B", "confirmed": False}, (ACCEPT, "not_checked", set())),
        ({"buyer": "A", "confirmed": True}, (ACCEPT, "passed", set())),
        ({"buyer": "B", "confirmed": True}, (REJECT, "failed", {"PROFILE_VALUE_CHANGED"})),
        ({"confirmed": True}, (REJECT, "failed", {"PROFILE_VALUE_CHANGED"})),
    ],
)
def test_what_was_locked_may_not_change(then, outcome):
    order = {"order": {"profile": "test/order", "required": False, "same": ()}}
    rules = profile(LOCK, declared={"buyer": "text", "confirmed": "flag"}, prerequisites=order)
    earlier = [Earlier("test/order", REVIEW, date(2026, 11, 1), then)] if then else []
    assert came_to(rules, earlier=earlier, buyer="A") == outcome


STEP = {"step": {"profile": "test/step", "declared": "said", "unless": {"declared.invited": True}}}


@pytest.mark.parametrize(
    ("earlier", "declared", "verdict", "codes"),
    [
        ((ACCEPT, AS_OF, CODE), {}, ACCEPT, set()),
        ((REJECT, AS_OF, CODE), {"said": True}, REJECT, {"PROFILE_PREREQUISITE_NOT_MET"}),  # a report outweighs words
        ((REVIEW, AS_OF, CODE), {}, REVIEW, {"PROFILE_PREREQUISITE_OPEN"}),
        ((ACCEPT, AS_OF, OTHER), {}, REVIEW, {"PROFILE_PREREQUISITE_OPEN"}),  # another applicant's
        ((ACCEPT, date(2026, 11, 23), CODE), {}, REVIEW, {"PROFILE_PREREQUISITE_OPEN"}),  # of a day to come
        (None, {"said": True}, ACCEPT, set()),
        (None, {"said": False}, REJECT, {"PROFILE_PREREQUISITE_NOT_MET"}),
        (None, {}, REVIEW, {"PROFILE_PREREQUISITE_OPEN"}),
        (None, {"invited": True}, ACCEPT, set()),
    ],
)
def test_an_earlier_procedure_must_have_been_passed(earlier, declared, verdict, codes):
    rules = profile(
        check("present", value="declared.credit_code"),
        declared={"credit_code": "credit_code", "said": "flag", "invited": "flag"},
        prerequisites=STEP,
    )
    results = [Earlier("test/step", earlier[0], earlier[1], {"credit_code": earlier[2]})] if earlier else []
    got, _, found = came_to(rules, earlier=results, credit_code=CODE, **declared)
    assert (got, found) == (verdict, codes)


def test_the_latest_earlier_result_counts():
    rules = profile(
        check("present", value="declared.credit_code"),
        declared={"credit_code": "credit_code", "said": "flag", "invited": "flag"},
        prerequisites=STEP,
    )
    results = [
        Earlier("test/step", v, date(2026, 1, day), {"credit_code": CODE}) for v, day in ((ACCEPT, 1), (REJECT, 2))
    ]
    assert came_to(rules, earlier=results, credit_code=CODE)[0] is REJECT


def test_a_slot_asked_for_only_then_is_not_missed_otherwise():
    wanted = TEXTS | {"accepts": ["account_permit"], "when": {"declared.kind": "company"}}
    rules = profile(check("present", value="declared.kind"), slots={"permit": wanted}, declared={"kind": "text"})
    assert came_to(rules, kind="person")[0] is ACCEPT
    assert came_to(rules, kind="company") == (REJECT, "passed", {"PROFILE_DOCUMENT_MISSING"})
    assert came_to(rules, document("account_permit"), kind="company")[0] is ACCEPT


def test_several_documents_in_a_slot_are_counted():
    several = TEXTS | {"accepts": ["account_permit"], "at_least": 2, "at_most": 3}
    rules = profile(check("compare", left="permits.count", op="at_least", right=1, **SAID), slots={"permits": several})
    for count, verdict in ((1, REJECT), (2, ACCEPT), (3, ACCEPT), (4, REJECT)):
        papers = [document("account_permit", f"{n}.jpg") for n in range(count)]
        got, _, codes = came_to(rules, *papers)
        assert (got, "PROFILE_COUNT" in codes) == (verdict, verdict is REJECT)


def test_a_small_picture_is_refused_where_pixels_are_asked_for():
    rules = profile(
        check("present", value="permit.type"),
        slots={"permit": TEXTS | {"accepts": ["account_permit"], "min_pixels": 601}},
    )
    assert came_to(rules, document("account_permit")) == (REJECT, "passed", {"QUALITY_FEW_PIXELS"})


def test_a_secret_is_never_shown():
    rules = profile(
        check("equal", left="declared.word", right="declared.again"), declared={"word": "password", "again": "text"}
    )
    declared = {k: d.model_copy(update={"secret": True}) for k, d in rules.declared.items()}
    case = Case(rules.model_copy(update={"declared": declared}), {"word": "Abcd1234", "again": "Bbcd1234"}, (), AS_OF)
    verdict, _, findings = judge(case)
    assert verdict is REJECT
    assert not any("bcd1234" in f.model_dump_json() for f in findings)
