"""What the applicant declared: is everything there that the profile needs, and is each value well-formed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from extractors.form import parse
from extractors.model import Kind
from validators.case import Case
from validators.findings import Check, CheckResult, Finding, finding
from validators.identifiers import account_number, citizen_id, credit_code, mobile, registration_number
from validators.profile import Declared

# Every value a submission may declare for some procedure; a profile may add its own.
STANDARD = frozenset({
    "company_name", "credit_code", "registration_number", "legal_representative", "legal_representative_id", "mobile",
    "account_name", "account_number", "bank_name", "address", "registered_capital", "established_on", "email",
    "member_name", "general_taxpayer_passed", "buyer_invitation", "invoicing_rate",
})  # fmt: skip


def check_declared(case: Case) -> tuple[list[Check], list[Finding]]:
    """One check for each value the profile names: declared where required, and of the right form."""
    checks, findings = [], []
    for key, spec in case.profile.declared.items():
        if not case.applies(spec.when):
            continue
        value = case.value(key)
        problem: Finding | None = None
        if value in (None, ""):
            result = CheckResult.NOT_CHECKED
            if spec.required:
                problem = finding("PROFILE_DECLARED_MISSING", field=key, source=spec.source, **_title(spec))
        else:
            problem = _malformed(key, spec, value)
            result = CheckResult.FAILED if problem else CheckResult.PASSED
        why = "" if result is CheckResult.PASSED else (problem.code if problem else "optional, not declared")
        checks.append(Check(id=f"declared:{key}", result=result, why=why, source=spec.source, required=spec.required))
        if problem:
            findings.append(problem)
    return checks, findings


def _malformed(key: str, spec: Declared, value: Any) -> Finding | None:
    reason = _FORMS.get(spec.kind, _no_rule)(value)
    if reason is None:
        return None
    zh, en = reason
    return finding("PROFILE_DECLARED_MALFORMED", field=key, actual=value, source=spec.source,
                   reason_zh=zh, reason_en=en, **_title(spec))  # fmt: skip


def _title(spec: Declared) -> dict[str, Any]:
    return {"name_zh": spec.title.zh, "name_en": spec.title.en}


Reason = tuple[str, str] | None


def _no_rule(value: Any) -> Reason:
    return None if str(value).strip() else ("内容为空。", "It is empty.")


def _number(valid: Callable[[str], bool], zh: str, en: str) -> Callable[[Any], Reason]:
    return lambda value: None if valid(str(value)) else (zh, en)


def _credit_code(value: Any) -> Reason:
    try:
        credit_code.validate(str(value))
    except credit_code.InvalidOrganisationCode:
        return None  # really issued codes with a wrong inner digit exist: the comparison decides
    except ValueError:
        return "应为 18 位，且校验码正确。", "18 characters with a right check digit are expected."
    return None


def _legal_id(value: Any) -> Reason:
    """An ID number by its check digit; another document's number only by being plausible (1688-9)."""
    text = str(value)
    if re.fullmatch(r"\d{15}|\d{17}[\dXx]", text):
        wrong = ("身份证号校验码不正确。", "The ID number's check digit is wrong.")
        return None if citizen_id.is_valid(text) else wrong
    if re.search(r"[（）]", text):
        return "括号须为半角。", "Brackets must be half-width."
    return None if re.fullmatch(r"[A-Z0-9()]{6,20}", text) else ("证件号格式不正确。", "No known form of a number.")


def _flag(value: Any) -> Reason:
    return None if isinstance(value, bool) else ("应为 true 或 false。", "true or false is expected.")


def _rate(value: Any) -> Reason:
    plain = re.fullmatch(r"\d{1,2}(\.\d+)?\s*[%％]?", str(value))
    return None if plain else ("应为百分比，如 13。", "A percentage such as 13 is expected.")


def _parsed(kind: Kind, zh: str, en: str) -> Callable[[Any], Reason]:
    return lambda value: None if parse(kind, str(value)) is not None else (zh, en)


_FORMS: dict[str, Callable[[Any], Reason]] = {
    Kind.CREDIT_CODE: _credit_code,
    Kind.REGISTRATION_NUMBER: _number(
        registration_number.is_valid, "应为 15 位且校验码正确。", "15 digits with a right check digit are expected."
    ),
    Kind.ID_NUMBER: _legal_id,
    Kind.ACCOUNT_NUMBER: _number(account_number.is_valid, "应为 6–30 位数字。", "6 to 30 digits are expected."),
    Kind.CAPITAL: _parsed(Kind.CAPITAL, "应为金额，如 500万元。", "An amount such as 500万元 is expected."),
    Kind.DATE: _parsed(Kind.DATE, "应为日期，如 2019-03-05。", "A date such as 2019-03-05 is expected."),
    "mobile": _number(mobile.is_valid, "应为 11 位手机号。", "A mobile number of 11 digits is expected."),
    "email": _number(
        lambda t: bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", t)), "邮箱格式不正确。", "No e-mail address."
    ),
    "member_name": _number(
        lambda t: bool(re.fullmatch(r"[0-9A-Za-z\u3400-\u9fff]+", t)),
        "会员名只能用字母、数字、汉字。", "Letters, digits and Chinese characters only.",
    ),
    "flag": _flag,
    "rate": _rate,
}  # fmt: skip
