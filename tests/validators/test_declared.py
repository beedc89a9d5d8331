"""The forms of declared values: what is right passes, what is wrong is named, and a password is never shown."""

from __future__ import annotations

import re
import string
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validators.case import Case
from validators.declared import HIDDEN, check_declared
from validators.findings import CheckResult
from validators.identifiers import phone
from validators.profile import Profile

TITLE = {"zh": "某项", "en": "some value"}


def problem(kind: str, value: Any, **spec: Any) -> str | None:
    """Why a declared value is refused, in English; None where it is not."""
    found = examined(kind, {"it": value}, **spec)
    return found[0].message.en if found else None


def examined(kind: str, declared: dict[str, Any], **spec: Any) -> list[Any]:
    spec = {"title": TITLE, "kind": kind, "source": "1", **spec}
    profile = Profile.model_validate(
        {"id": "a/b", "title": TITLE, "platform": TITLE, "source": "s", "declared": {"it": spec}, "checks": []}
    )
    checks, findings = check_declared(Case(profile, declared, (), date(2026, 11, 22)))
    results = [check.result for check in checks]
    assert (CheckResult.FAILED in results) == any(f.code == "PROFILE_DECLARED_MALFORMED" for f in findings)
    return findings


RIGHT = {
    "login_account": ["91330108MA2CG4HU3R", "li.ming@example.cn"],
    "member_name": ["云帆2026", "abc", "〇一"],
    "mobile": ["13800000000", "+86 138 0000 0000"],
    "phone": ["0571-88880000", "(0755) 2650 1111", "400-880-0000", "+49 30 901820", "+852 2123 4567", "13800000000"],
    "email": ["li@example.com.cn", "li.ming+a@sub-domain.example", "张@例子.中国"],
    "money": ["30000", "1,000.00", "￥30000", "0", "500万元"],
    "count": ["0", "12"],
    "country": [
        "德国",
        "德國",
        "Germany",
        "DE",
        "DEU",
        "the Netherlands",
        "香港",
        "Korea, Republic of",
        "Cote d'Ivoire",
    ],
    "flag": [True, False],
    "rate": ["13", "6%"],
    "person_document": ["11010519491231002X", "H12345678", "A123456(3)", "E12345678"],
    "id_number": ["11010519491231002X", "H1234567801"],
    "passport_number": ["E12345678"],
    "customs_number": ["220120260000000012"],
    "organisation_code": ["11010560003734-1"[6:]],
    "password": ["abcd1234", "ABCDefg!", "12345678#", "a1" * 10],
    "text": ["随便什么"],
}
WRONG = {
    "login_account": ["abc", "a b c d", "李明李明", "-abcd", "x" * 51],
    "member_name": ["a_b", "a b", "名！", "ａｂｃ", "😀"],
    "mobile": ["12345678901", "1380000000"],
    "phone": ["88880000", "0571-888", "+86 88880000", "+0 123456", "电话", "138000000001"],
    "email": ["li", "li@example", "a..b@example.com", ".a@example.com", "li@-x.com", "li＠example.com",
              "a b@example.com"],
    "money": ["-3", "三万左右", "", "1.2.3"],
    "count": ["3.5", "-1", "三", "1" * 12],
    "country": ["Atlantis", "XX", "亚洲"],
    "flag": ["true", 1],
    "rate": ["abc", "113"],
    "person_document": ["110105194912310021", "A123456（3）", "张三"],
    "passport_number": ["12"],
    "customs_number": ["12345678901234567"],
    "organisation_code": ["600037342"],
    "password": ["abcdefgh", "12345678", "!!!!!!!!", "abc123", "a1" * 11, "abc 12345", "密码abc12345", "ａｂｃｄ1234"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in RIGHT.items() for value in values])
def test_right_values_pass(kind: str, value: Any) -> None:
    assert problem(kind, value) is None


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in WRONG.items() for value in values])
def test_wrong_values_are_named(kind: str, value: Any) -> None:
    assert problem(kind, value) is not None


def test_a_choice_is_one_of_its_list() -> None:
    choices = ["enterprise", "government_body"]
    assert problem("choice", "enterprise", choices=choices) is None
    assert "enterprise, government_body" in str(problem("choice", "school", choices=choices))


def test_brackets_and_check_digits_are_told_apart() -> None:
    assert "half-width" in str(problem("person_document", "A123456（3）"))
    assert "check digit" in str(problem("person_document", "110105194912310021"))


def test_what_is_not_asked_for_is_not_examined() -> None:
    when = {"when": {"declared.other": "yes"}}
    assert examined("mobile", {"it": "12345"}, **when) == []
    assert [f.code for f in examined("mobile", {})] == ["PROFILE_DECLARED_MISSING"]
    assert examined("choice", {}, choices=["a", "b"], default="a") == []


@pytest.mark.parametrize("kind", ["password", "text"])
def test_what_is_secret_is_never_shown(kind: str) -> None:
    value = "geheim 1" if kind == "password" else "   "
    (found,) = examined(kind, {"it": value}, secret=kind != "password")
    assert found.actual == HIDDEN
    assert value not in found.model_dump_json()


@given(st.text(alphabet=string.printable + "密码１", max_size=24))
def test_passwords_by_their_rule(text: str) -> None:
    sorts = [string.digits, string.ascii_letters, string.punctuation]
    kinds = sum(any(char in sort for char in text) for sort in sorts)
    known = all(any(char in sort for sort in sorts) for char in text)
    right = 8 <= len(text) <= 20 and kinds >= 2 and known
    if text:
        assert (problem("password", text) is None) == right


@given(st.text(min_size=1, max_size=12))
def test_member_names_by_their_rule(text: str) -> None:
    if problem("member_name", text) is None:
        assert all(re.match(r"[0-9A-Za-z]", char) or char >= "\u3007" for char in text)
        assert not re.search(r"[\s_\W]", text)


@given(st.from_regex(r"0(10|2[0-9]|[3-9][0-9]{2})-[2-9][0-9]{7}", fullmatch=True))
def test_a_telephone_number_has_one_form(number: str) -> None:
    assert phone.validate(number) == number
    assert phone.validate("+86 " + number[1:]) == number
    assert phone.validate(number.replace("-", "")) == number


@given(st.text(max_size=20))
def test_telephone_numbers_never_raise(text: str) -> None:
    if phone.is_valid(text):
        assert phone.validate(phone.validate(text)) == phone.validate(text)
