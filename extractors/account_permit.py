"""Account-opening permit (开户许可证), issued by the People's Bank until 2019.

The account's name has no label: it stands inside a printed sentence, 经审核，<name>符合开户条件，准予开立基本存款账户。
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.bank_form import ACCOUNT_LABELS, BANK_LABELS, NAME_LABELS, REPRESENTATIVE_LABELS, read_form
from extractors.form import agreed, field_of
from extractors.layout import Layout
from extractors.model import DocumentType, Field, FieldSpec, Kind, Page, Status
from extractors.rows import Row, Span
from extractors.straight import read_straight
from extractors.values import compact

_OPENING = re.compile(r"经?审[核查杳][,.:;、。]*|[经绎]审核?[,.:;、。]*")
_CLOSING = re.compile(r"[,.]*(?:符合?|合)?开户条件|[,.]*符合")
# How names end that are followed by nothing but a misread 符.
_COMPLETE = re.compile(r"(?:公司|[厂店部行社所院会站馆场坊园户校室)]|中心|合伙|企业|集团)$")
_SENTENCE = ("准予", "开立", "存款账户", "开户条件")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff\w()·&.,'-]{2,}")
_OTHER_LABELS = ("发证机关", "发证机关(盖章)", "发证日期", "账户性质", "经审核", "符合开户条件", "准予开立")

_DISPLACED = 1.3  # text heights an overprinted name may stand above or below its sentence

_SPECS = (
    FieldSpec("approval_number", Kind.APPROVAL_NUMBER, "核准号", ("核准号", "核准编号", "核准件号"), key=True),
    FieldSpec("permit_number", Kind.PERMIT_NUMBER, "编号", ("编号", "许可证编号", "许可证号")),
    FieldSpec("account_name", Kind.ORGANISATION, "存款人名称", NAME_LABELS, key=True, always=True),
    FieldSpec(
        "legal_representative", Kind.PERSON, "法定代表人（单位负责人）", REPRESENTATIVE_LABELS, key=True, always=True
    ),
    FieldSpec("bank_name", Kind.BANK, "开户银行", BANK_LABELS, key=True, always=True),
    FieldSpec("account_number", Kind.ACCOUNT_NUMBER, "账号", ACCOUNT_LABELS, key=True, always=True),
)


def extract(pages: Sequence[Page]) -> dict[str, Field]:
    """The fields of a permit; a name of which only one end of the sentence was read is doubtful."""
    return read_straight(pages, _read)


def _read(pages: Sequence[Page]) -> dict[str, Field]:
    fields = read_form(pages, _SPECS, _OTHER_LABELS)
    names = [name for page in pages if (name := _name_in_sentence(page))]
    if names:
        fields["account_name"] = agreed(names)
    return fields


def _name_in_sentence(page: Page) -> Field | None:
    """The name between 经审核 and 符合开户条件, which may run over lines or stand a little off its line."""
    rows = sorted((row for row in Layout(page, _OTHER_LABELS).rows if row.chars), key=lambda row: row.middle)
    closing = next(((i, m) for i, row in enumerate(rows) if (m := _CLOSING.search(row.text))), None)
    opening = next(((i, m) for i, row in enumerate(rows) if (m := _OPENING.search(row.text))), None)
    end, clean = _end_of_name(rows[closing[0]], closing[1]) if closing else (0, True)
    doubt = ""
    if opening and closing and -1 <= closing[0] - opening[0] <= 2:
        span = _between(rows, opening[0], opening[1].end(), closing[0], end)
    elif opening:
        span, doubt = rows[opening[0]].span(opening[1].end()), "incomplete"
    elif closing:
        span, doubt = rows[closing[0]].span(0, end), "incomplete"
    else:
        return None
    name = compact(span.text).strip(" _-—:;,.、。")
    if not name:
        return None
    whole = clean or bool(_COMPLETE.search(name))
    proper = whole and _NAME.fullmatch(name) and not any(word in name for word in _SENTENCE)
    field = field_of(span, Kind.ORGANISATION, name)
    doubt = doubt or ("" if proper else "malformed")
    if doubt and field.status is Status.READ:
        field = field.model_copy(update={"status": Status.DOUBTFUL, "reason": doubt})
    return field


def _end_of_name(row: Row, closing: re.Match[str]) -> tuple[int, bool]:
    """Where the name ends before 符合开户条件, and whether that is certain: 符 may be read as another character."""
    end = closing.start()
    if "符" in closing.group():
        return end, True
    misread = end > 0 and row.chars[end - 1].starts
    return (end - 1, True) if misread else (end, False)


def _between(rows: Sequence[Row], first: int, start: int, last: int, end: int) -> Span:
    """The text from `start` of one row to `end` of the same or a later one."""
    opening, closing = rows[first], rows[last]
    if first > last:  # the page is a little askew, or the name was overprinted too high together with the rest
        level = opening.middle - closing.middle < _DISPLACED * opening.height
        parts = [opening.span(start), closing.span(0, end)] if level else []
    elif first != last:
        middle = [row.span() for row in rows[first + 1 : last]]
        parts = [opening.span(start), *middle, closing.span(0, end)]
    elif start < end:
        parts = [opening.span(start, end)]
    else:
        parts = [_displaced(rows, opening, opening.chars[start - 1].right, closing.chars[max(start, end)].left)]
    return Span(tuple(row for span in parts for row in span.rows))


def _displaced(rows: Sequence[Row], sentence: Row, left: float, right: float) -> Span:
    """What was printed into the gap [left, right] of a sentence, but a little above or below it."""
    for row in rows:
        near = row is not sentence and abs(row.middle - sentence.middle) < _DISPLACED * sentence.height
        if near and left - row.height < row.left and row.right < right + row.height:
            return row.span()
    return Span()


DOCUMENT_TYPE = DocumentType(
    id="account_permit",
    zh="开户许可证",
    en="account-opening permit",
    fields=_SPECS,
    extract=extract,
    titles=("开户许可证",),
    words=(
        "核准号",
        "经审核",
        "符合开户条件",
        "准予开立",
        "准予",
        "开户条件",
        "单位负责人",
        "开户银行",
        "发证机关",
        "中国人民银行",
        "基本存款账户",
    ),
    against=("营业执照", "基本存款账户信息", "基本存款账户编号", "发票", "居民身份证", "公民身份号码", "经营范围"),
    coloured=True,
    numbers=("approval_number", "permit_number", "account_number"),
)
