"""税务登记证, issued until 2015: state, local and joint bureaus; original and duplicate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.certificate import (
    ADDRESSES,
    ISSUED,
    REPRESENTATIVES,
    TAX_ID,
    Fields,
    Printed,
    authority,
    certificate,
    tax_id,
)
from extractors.form import field_of
from extractors.model import FieldSpec, Kind, Page
from extractors.rows import Span
from extractors.values import compact, simplified

_STAMP = re.compile(r"(?<!非)(?<!小规模)一般纳税人")
_OFFICE = re.compile(r"(?<=人)[\u3400-\u9fff]{2,14}税务(?:总局|局|分局)")  # read in one line with the stamp beside it
_LONGEST_STAMP = 16  # characters; what is longer talks about general taxpayers
_DENIED = re.compile(r"非(?:增值税)?一般纳税人|小规模|取消|注销|不(?:是|属于|得|予)")


def stamped(pages: Sequence[Page], fields: Fields) -> Fields:
    """`general_taxpayer` where the words stand there. Where they do not, a stamp may just not have been read."""
    for page in pages:
        for line in page.lines:
            text = _OFFICE.sub("", simplified(compact(line.text)))
            if len(text) <= _LONGEST_STAMP and _STAMP.search(text) and not _DENIED.search(text):
                return fields | {"general_taxpayer": field_of(Span(((line,),)), Kind.FLAG, True)}
    return fields


_PRINTED = certificate(
    "tax_registration_certificate",
    "税务登记证",
    "tax registration certificate",
    (
        Printed(
            "tax_id",
            Kind.TAX_ID,
            "纳税人识别号",
            TAX_ID,
            key=True,
            read=tax_id,
            patterns=(
                r"(?:国税|地税|税联|联|税证|税登|国|地|税)字?第?:?([0-9A-Z]{15,20})(?:号|\D|$)",
                r"字([0-9A-Z]{15}|[0-9A-Z]{17,18}|[0-9A-Z]{20})号",
            ),
        ),
        FieldSpec("name", Kind.ORGANISATION, "纳税人名称", ("纳税人名称", "单位名称", "名称"), key=True),
        FieldSpec("legal_representative", Kind.PERSON, "法定代表人（负责人）", ("业主姓名", *REPRESENTATIVES)),
        FieldSpec("address", Kind.ADDRESS, "地址", ("生产经营地址", "经营地址", "注册地址", *ADDRESSES)),
        FieldSpec("registration_type", Kind.TEXT, "登记注册类型", ("登记注册类型", "注册类型", "经济性质")),
        Printed("business_scope", Kind.TEXT, "经营范围", ("经营范围",), lines=14),
        authority("issuing_authority", "发证税务机关", "发证税务机关", "发证机关", "税务机关"),
        FieldSpec("issued_on", Kind.DATE, "发证日期", ISSUED, sealed=True),
        FieldSpec("general_taxpayer", Kind.FLAG, "增值税一般纳税人"),
    ),
    titles=("税务登记证", "税务登记证副本", "税务登记证正本", "临时税务登记证", "税务登记证(副本)"),
    words=(
        "纳税人名称",
        "登记注册类型",
        "批准设立机关",
        "扣缴义务",
        "发证税务机关",
        "国家税务总局监制",
        "纳税人识别号",
        "税联字",
        "国税字",
        "地税字",
        "税字",
    ),
    against=("价税合计", "税务事项通知书", "登记表", "查询"),
    other_labels=("批准设立机关", "扣缴义务", "总机构情况", "分支机构设置", "验证记录", "有效期限", "国家税务总局监制"),
)
# A stamp stands as aslant as it was put there: what is taken off a page as laid over it holds it too.
DOCUMENT_TYPE = replace(_PRINTED, extract=lambda pages: stamped(pages, _PRINTED.extract(pages)))
