"""What the applicant declared: is everything there that the profile needs, and is each value well-formed."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

from stdnum.exceptions import InvalidChecksum, ValidationError

from extractors.form import parse
from extractors.model import Kind
from validators.case import Case
from validators.compare import amount
from validators.country_names import alpha3
from validators.findings import Check, CheckResult, Finding, finding
from validators.identifiers import (
    account_number,
    credit_code,
    foreign_resident_id,
    hk_id,
    hk_macau_permit,
    macau_id,
    mobile,
    organisation_code,
    passport_number,
    person_document,
    phone,
    registration_number,
    taiwan_id,
    taiwan_permit,
    tax_id,
)
from validators.profile import Declared

# Every value a submission may declare for some procedure; a profile may add its own.
STANDARD = frozenset({
    # the company
    "company_name", "english_name", "credit_code", "registration_number", "organisation_code", "tax_id", "unit_kind",
    "address", "office_address", "registered_capital", "established_on",
    # its legal representative, and who acts for it
    "legal_representative", "legal_representative_id", "representative_document", "representative_nationality",
    "mobile", "phone", "email",
    # the bank account
    "account_name", "account_number", "bank_name",
    # the account on the platform
    "login_account", "member_name", "password", "buyer_member_name",
    # conditions of a procedure
    "general_taxpayer_passed", "buyer_invitation", "invoicing_rate", "payment_service_passed",
    "credit_limit", "cycle_order_total", "deposit_amount", "settlement_amount",
    # an order, and who pays it
    "buyer_name", "buyer_document", "destination_country", "order_total", "declaration_number",
})  # fmt: skip
HIDDEN = "••••••"


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
    reason = _not_chosen(spec, value) if spec.choices else _FORMS.get(spec.kind, _no_rule)(value)
    if reason is None:
        return None
    zh, en = reason
    hidden = spec.secret or spec.kind == "password"
    return finding("PROFILE_DECLARED_MALFORMED", field=key, actual=HIDDEN if hidden else value,
                   source=spec.source, reason_zh=zh, reason_en=en, **_title(spec))  # fmt: skip


def _title(spec: Declared) -> dict[str, Any]:
    return {"name_zh": spec.title.zh, "name_en": spec.title.en}


Reason = tuple[str, str] | None
Form = Callable[[Any], Reason]


def _no_rule(value: Any) -> Reason:
    return None if str(value).strip() else ("内容为空。", "It is empty.")


def _not_chosen(spec: Declared, value: Any) -> Reason:
    listed = ", ".join(spec.choices)
    return None if value in spec.choices else (f"应为其中之一：{listed}。", f"One of these is expected: {listed}.")


def _number(module: ModuleType, zh: str, en: str) -> Form:
    """A number that one of the identifiers' modules knows."""
    return lambda value: None if module.is_valid(str(value)) else (zh, en)


def _pattern(pattern: str, zh: str, en: str) -> Form:
    return lambda value: None if re.fullmatch(pattern, str(value)) else (zh, en)


def _parsed(kind: Kind, zh: str, en: str) -> Form:
    return lambda value: None if parse(kind, str(value)) is not None else (zh, en)


def _credit_code(value: Any) -> Reason:
    try:
        credit_code.validate(str(value))
    except credit_code.InvalidOrganisationCode:
        return None  # really issued codes with a wrong inner digit exist: the comparison decides
    except ValueError:
        return "应为 18 位，且校验码正确。", "18 characters with a right check digit are expected."
    return None


def _company_number(value: Any) -> Reason:
    """What a company is registered under: 15 digits, or the 18 characters that replaced them."""
    if registration_number.is_valid(str(value)) or _credit_code(value) is None:
        return None
    return "应为 15 位注册号或 18 位统一社会信用代码。", "15 digits or a credit code of 18 characters is expected."


def _person_document(value: Any) -> Reason:
    """The number of whatever document a person is registered with (1688-9)."""
    try:
        person_document.validate(str(value))
    except person_document.FullWidthBrackets:
        return "括号须为半角。", "Brackets must be half-width."
    except InvalidChecksum:
        return "证件号校验码不正确。", "The number's check digit is wrong."
    except ValidationError:
        return "证件号格式不正确。", "No known form of a number."
    return None


PASSWORD_LENGTH = (8, 20)
_PASSWORD_PARTS = ("[0-9]", "[A-Za-z]", r"[!-/:-@\[-`{-~]")  # digits, letters, the other signs of a keyboard


def _password(value: Any) -> Reason:
    """8 to 20 signs of at least two sorts (YW-1.2). What it holds is never said."""
    text, (least, most) = str(value), PASSWORD_LENGTH
    if not least <= len(text) <= most:
        return f"应为 {least}–{most} 位。", f"{least} to {most} characters are expected."
    if not re.fullmatch("[!-~]+", text):
        return "只能用半角的字母、数字和符号，不含空格。", "Half-width letters, digits and signs without spaces only."
    if sum(bool(re.search(part, text)) for part in _PASSWORD_PARTS) < 2:
        return "字母、数字、符号至少要有两种。", "At least two of letters, digits and signs are expected."
    return None


def _flag(value: Any) -> Reason:
    return None if isinstance(value, bool) else ("应为 true 或 false。", "true or false is expected.")


def _money(value: Any) -> Reason:
    known = amount(value)
    right = known is not None and known[0] >= 0
    return None if right else ("应为金额，如 30000.00。", "An amount such as 30000.00 is expected.")


def _country(value: Any) -> Reason:
    known = alpha3(str(value))
    return None if known else ("应为国家（地区）名称或代码。", "The name or code of a country is expected.")


_TRAVEL = ("证件号格式不正确。", "It has not the form of this document's number.")
_E_MAIL = r"(?=.{3,254}$)(?!\.)(?!.*\.\.)[^@\s,;:()<>\[\]\"\\＠]{1,64}(?<!\.)@(?:[\w](?:[\w-]*\w)?\.)+[^\W\d_][\w-]*\w"

# What is declared, by kind: kinds that are not here need only not be empty.
_FORMS: dict[str, Form] = {
    Kind.CREDIT_CODE: _credit_code,
    Kind.REGISTRATION_NUMBER: _number(
        registration_number, "应为 15 位且校验码正确。", "15 digits with a right check digit are expected."
    ),
    Kind.ORGANISATION_CODE: _number(
        organisation_code, "应为 9 位且校验码正确。", "9 characters with a right check digit are expected."
    ),
    Kind.TAX_ID: _number(tax_id, "纳税人识别号格式不正确。", "It has not the form of a taxpayer number."),
    Kind.ID_NUMBER: _person_document,  # platforms take whichever document the person is registered with
    "person_document": _person_document,
    "company_number": _company_number,
    Kind.PASSPORT_NUMBER: _number(passport_number, *_TRAVEL),
    Kind.HK_MACAU_PERMIT: _number(hk_macau_permit, *_TRAVEL),
    Kind.TAIWAN_PERMIT: _number(taiwan_permit, *_TRAVEL),
    Kind.FOREIGN_RESIDENT_ID: _number(foreign_resident_id, *_TRAVEL),
    Kind.HK_ID: _number(hk_id, *_TRAVEL),
    Kind.MACAU_ID: _number(macau_id, *_TRAVEL),
    Kind.TAIWAN_ID: _number(taiwan_id, *_TRAVEL),
    Kind.ACCOUNT_NUMBER: _number(account_number, "应为 6–30 位数字。", "6 to 30 digits are expected."),
    Kind.CUSTOMS_NUMBER: _pattern(r"[0-9]{18}", "应为 18 位数字。", "18 digits are expected."),
    Kind.CAPITAL: _parsed(Kind.CAPITAL, "应为金额，如 500万元。", "An amount such as 500万元 is expected."),
    Kind.DATE: _parsed(Kind.DATE, "应为日期，如 2019-03-05。", "A date such as 2019-03-05 is expected."),
    Kind.MONEY: _money,
    Kind.FLAG: _flag,
    "count": _pattern(r"[0-9]{1,9}", "应为整数。", "A whole number is expected."),
    "rate": _pattern(r"[0-9]{1,2}(\.[0-9]+)?\s*[%％]?", "应为百分比，如 13。", "A percentage such as 13 is expected."),
    "mobile": _number(mobile, "应为 11 位手机号。", "A mobile number of 11 digits is expected."),
    "phone": _number(
        phone, "应为带区号的电话，如 0571-88880000 或 +49 30 901820。",
        "A number with its area code is expected, such as 0571-88880000 or +49 30 901820.",
    ),
    "email": _pattern(_E_MAIL, "邮箱格式不正确。", "No e-mail address."),
    "country": _country,
    "member_name": _pattern(
        r"[0-9A-Za-z\u3007\u3400-\u9fff\U00020000-\U0003ffff]+",
        "会员名只能用字母、数字、汉字。", "Letters, digits and Chinese characters only.",
    ),
    "login_account": _pattern(
        r"[0-9A-Za-z][0-9A-Za-z_.@-]{3,49}",
        "应为 4–50 位字母、数字或 _ . @ -。", "4 to 50 letters, digits or any of _ . @ - are expected.",
    ),
    "password": _password,
}  # fmt: skip
