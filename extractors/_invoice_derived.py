"""What follows from the fields of an invoice: the family of its rates, whether it is red, for whom a bureau issued it.

Every carrier (paper, text, OFD, XML) gives the printed fields; what they imply is told here, once. A value
that rests on a doubtful one is doubtful, and so is a sign that could also stand on an ordinary invoice.
"""

from __future__ import annotations

import re
from decimal import Decimal

from extractors._invoice_parties import is_cut_short, is_tax_number
from extractors.model import Field, FieldValue, Item, Status
from extractors.values import UNTAXED, compact, simplified

# Names of tax bureaus: at the end of a name, but for the note that it issues for others.
_BUREAU = re.compile(
    r"(?:税务|国税|地税)(?:总局|局|分局|所|分所|局.{0,12}?(?:分局|税务所|办税服务厅|办税厅|代开点|征收点)|局第?.{1,3}所)"
    r"(?:\((?:代开|委托代征|代开机关)\)?)?$|\(?代开机关\)?$"
)
# Words of such names anywhere: a name cut short, or a company that merely carries the word.
_BUREAU_WORD = re.compile(r"国家税务|税务总局|税务局|地方税务|国税局|地税局|代开机关|税务所$")
# The code of a counter that issues for others carries DK (代开) among its digits.
_COUNTER = re.compile(r"\d{6,}DK\d{2,}")
_NOT_FOR_OTHERS = re.compile(r"(?:不得|禁止|严禁|非|不予?|拒绝|无需|不能|谨防|勿|没有|虚)代开|代开发?票?服务")
_FOR = r"(?:被?代开(?:发票)?+(?:的?(?:企业|单位|纳税人|销售方|申请人|个人|人|方))?+|申请代开(?:人|单位|企业|纳税人))"
_ID = r"(?:纳税人识别号|统一社会信用代码(?:/纳税人识别号)?|识别号|税号|身份证(?:件)?号码?|证件号码?)"
_FOR_NAME = re.compile(rf"{_FOR}(?:的?(?:名称|姓名|全称)[:(]?|[:(])(?!{_ID})(?P<name>[^:;,。|]{{2,60}})")
_FOR_TAX_ID = re.compile(rf"{_FOR}的?{_ID}[:(]?(?P<tax_id>[0-9A-Z]{{6,24}})")
# Beside a bureau as seller the remarks name the other one without further words.
_LONE_NAME = re.compile(
    rf"(?:纳税人|实际销售方|实际销货方|销售方|销货方|销货单位|(?<!购买)(?<!购货)(?:企业|单位))名称[:(]?(?!{_ID})(?P<name>[^:;,。|]{{2,60}})"
)
_LONE_TAX_ID = re.compile(rf"(?<![购买]方){_ID}[:(]?(?P<tax_id>[0-9A-Z]{{6,24}})")
_NAME_ENDS = re.compile(
    r"被?代开|纳税人|统一社会|识别号|税号|完税|税票|身份证|证件|地址|电话|开户|账号|帐号|合同|项目|工程|订单|备注|税款|[;,。|]|\d{6,}"
)
_TAX_RECEIPT = re.compile(r"完税凭证|税收缴款书|系统税票|电子税票|税票号码?:?\d")
_ORIGINAL_CODE = r"(?P<code>\d{12}|\d{10})"
_ORIGINAL = re.compile(
    rf"(?:正数|蓝字)(?:增值税)?(?:专用|普通|电子)?发票(?:的)?(?:代码:?{_ORIGINAL_CODE}[;,、/]?)?(?:发票)?号码:?(?P<number>\d{{8}}(?!\d)|\d{{20}})"
    rf"|(?:蓝字)(?:数电票?|全电|全面数字化的电子)?(?:电子)?(?:发票|票)?号码:?(?P<digital>\d{{20}}|\d{{8}}(?!\d))"
)
_RED_SHEET = re.compile(r"对应正数发票|红字.{0,12}(?:信息表|通知单|确认单|确认信息)|被红冲|对应蓝字|红冲蓝字")
_LEVY_BELOW = Decimal(6)


def completed(fields: dict[str, Field]) -> dict[str, Field]:
    """The fields with what follows from them; nothing that is already there is changed, nothing unknown is added.

    Adds rate_family, is_red, original_invoice_code and _number, issued_by_tax_bureau, and for an invoice a bureau
    issued for somebody else actual_seller_name and _tax_id. A MISSING field counts as one that is not there.
    """
    found = {name: field for name, field in fields.items() if field.status is not Status.MISSING}
    for name, field in {
        "rate_family": _rate_family(found),
        **_original(found),
    }.items():
        found.setdefault(name, field)
    found.setdefault("is_red", _is_red(found))
    found.setdefault("issued_by_tax_bureau", _issued_by_bureau(found))
    if (issued := found["issued_by_tax_bureau"]).value:
        doubt = issued.reason if issued.status is Status.DOUBTFUL else ""
        for name, field in _actual_seller(found).items():
            found.setdefault(name, _from(field, field.value, field.reason or doubt))
    return {**fields, **{name: field for name, field in found.items() if field.status is not Status.MISSING}}


def _rate_family(fields: dict[str, Field]) -> Field:
    """general, levy, zero, exempt or mixed, by the rates of the lines; untaxed ones beside taxed ones say nothing."""
    base = fields.get("items", Field())
    lines = [item for item in base.value or () if isinstance(item, Item)] if isinstance(base.value, list) else []
    families = [_family(item) for item in lines]
    known = set(families) - {None}
    if not known:
        return Field()
    taxed = known - {"exempt"} or known
    value = taxed.pop() if len(taxed) == 1 else "mixed"
    amount = fields.get("amount", Field()).value
    reason = "rate_not_read" if None in families else ""
    if isinstance(amount, Decimal) and amount != sum(item.amount or 0 for item in lines):
        reason = "sums_differ"  # a line may be missing, and its rate with it
    return _from(base, value, reason)


def _family(item: Item) -> str | None:
    """None where the rate was not read whole, or is not printed (差额征税 prints stars beside a tax)."""
    rate = compact(item.tax_rate)
    if UNTAXED.fullmatch(rate):
        return "exempt"
    if re.fullmatch(r"[*＊—-]+", rate):
        return None if item.tax else "exempt"
    if match := re.fullmatch(r"(?:按)?(\d{1,2}(?:\.\d{1,4})?)%(?:.*征收)?", rate):
        percent = Decimal(match.group(1))
        return "zero" if percent == 0 else "levy" if percent < _LEVY_BELOW else "general"
    return "zero" if rate.endswith("零税率") else "levy" if rate == "简易征收" else None


def _is_red(fields: dict[str, Field]) -> Field:
    """Negative amounts make an invoice red; words that speak of another sign than the figures make it doubtful."""
    signs = [
        (field, field.value < 0)
        for name in ("total", "amount")
        if isinstance((field := fields.get(name, Field())).value, Decimal) and field.value
    ]
    words = fields.get("total_in_words", Field())
    if words.value:
        # Data carriers may give the words as an amount.
        signs.append((words, words.value < 0 if isinstance(words.value, Decimal) else "负" in str(words.value)))
    if not signs:
        return Field()
    base, red = signs[0]
    agree = all(sign is red for _, sign in signs)
    told = bool(_RED_SHEET.search(_text(fields, "remarks")))
    reason = "signs_differ" if not agree else "remarks_differ" if told and not red else ""
    return _from(base, red or not agree or told, reason)


def _original(fields: dict[str, Field]) -> dict[str, Field]:
    """Code and number of the blue invoice that a red one cancels, from its remarks."""
    remarks = fields.get("remarks", Field())
    match = _ORIGINAL.search(_text(fields, "remarks"))
    if not match:
        return {}
    told = {"original_invoice_number": _from(remarks, match["number"] or match["digital"])}
    if match["code"]:
        told["original_invoice_code"] = _from(remarks, match["code"])
    return told


def _issued_by_bureau(fields: dict[str, Field]) -> Field:
    """Whether a tax bureau issued it for somebody else (代开), with the sign that says so as the reason.

    A bureau's name in the remarks of an ordinary invoice is no sign. Without the seller's name there is no telling.
    """
    seller, name = fields.get("seller_name", Field()), _text(fields, "seller_name")
    tax_id, remarks = fields.get("seller_tax_id", Field()), _text(fields, "remarks")
    if name.endswith("(代开)"):
        return _from(seller, True).model_copy(update={"reason": "marked"})
    if _BUREAU.search(name):
        return _from(seller, True).model_copy(update={"reason": "tax_bureau"})
    if _COUNTER.search(_text(fields, "seller_tax_id")):
        return _from(tax_id, True).model_copy(update={"reason": "tax_bureau"})
    said = _NOT_FOR_OTHERS.sub("", remarks)
    base = fields.get("remarks", Field())
    if _FOR_TAX_ID.search(said) or _FOR_NAME.search(said):
        return _from(base, True).model_copy(update={"reason": "remarks"})
    if _BUREAU_WORD.search(name):
        return _from(seller, True, "seller_may_be_a_tax_bureau")
    if _BUREAU_WORD.search(_text(fields, "drawer")) and "电子税务局" not in _text(fields, "drawer"):
        return _from(fields["drawer"], True, "drawn_by_a_tax_bureau")
    if "代开" in said:
        return _from(base, True, "remarks_mention_issuing_for_others")
    for at in ("remarks", "seller_bank_account"):
        if _TAX_RECEIPT.search(_text(fields, at)):
            return _from(fields[at], True, "tax_receipt_named")
    if not name:
        return Field(value=False, status=Status.DOUBTFUL, reason="seller_not_read")
    return Field(value=False, status=Status.READ, confidence=seller.confidence, reason="not_marked")


def _actual_seller(fields: dict[str, Field]) -> dict[str, Field]:
    """For whom the bureau issued it: by the remarks, the seller's block, or the seller itself if that is no bureau."""
    told: dict[str, Field] = {}
    for at in ("remarks", "seller_name", "seller_address_phone", "seller_bank_account"):
        text, base = _text(fields, at), fields.get(at, Field())
        by_name = _FOR_NAME.search(text) or (_LONE_NAME.search(text) if at == "remarks" else None)
        if by_name and (name := _trimmed(by_name["name"])):
            told.setdefault("actual_seller_name", _from(base, name, "incomplete" if is_cut_short(name) else ""))
        patterns = (_FOR_TAX_ID, _LONE_TAX_ID) if at == "remarks" and told else (_FOR_TAX_ID,)
        for match in (m for pattern in patterns if (m := pattern.search(text.upper()))):
            reason = "" if is_tax_number(match["tax_id"]) else "malformed"
            told.setdefault("actual_seller_tax_id", _from(base, match["tax_id"], reason))
    seller = fields.get("seller_name", Field())
    name, tax_id = _text(fields, "seller_name"), fields.get("seller_tax_id", Field())
    counter = _COUNTER.search(_text(fields, "seller_tax_id"))
    if told.get("actual_seller_tax_id", Field()).reason == "malformed" and "actual_seller_name" in told:
        # Both stand in one line: where its number was misread, so may be its name.
        told["actual_seller_name"] = _from(
            told["actual_seller_name"], told["actual_seller_name"].value, "beside_misread"
        )
    if not told and name and not _BUREAU_WORD.search(name) and not counter:
        told["actual_seller_name"] = _from(seller, re.sub(r"\(代开\)$", "", name))
        if tax_id.value:
            told["actual_seller_tax_id"] = tax_id
    return told


def _trimmed(name: str) -> str:
    """A name without what follows it unparted in the remarks."""
    end = _NAME_ENDS.search(name)
    name = (name[: end.start()] if end else name).strip("():-/")
    return name if len(name) >= 2 and not _BUREAU_WORD.search(name) else ""


def _text(fields: dict[str, Field], name: str) -> str:
    return simplified(compact(str(fields.get(name, Field()).value or "")))


def _from(base: Field, value: FieldValue, reason: str = "") -> Field:
    """A value that another field implies, as sure as that one is."""
    doubtful = bool(reason) or base.status is Status.DOUBTFUL
    return base.model_copy(
        update={"value": value, "status": Status.DOUBTFUL if doubtful else Status.READ, "alternates": (),
                "reason": reason or (base.reason if doubtful else "")}
    )  # fmt: skip
