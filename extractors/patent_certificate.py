"""发明专利证书, 实用新型专利证书, 外观设计专利证书; what the patent protects decides how its title is labelled."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.certificate import DATE, Fields, Printed, certificate
from extractors.form import field_of
from extractors.model import FieldSpec, Kind, Page
from extractors.rows import Span
from extractors.values import compact, simplified

# Kind of patent → the word in its title and the digit in its number.
KINDS = {"发明": "invention", "实用新型": "utility_model", "外观设计": "design"}
_NUMBER = re.compile(r"(?:[Z2][L1I])?(\d{4}[12389]\d{7}|\d{2}[12389]\d{5})[.·,:]?([\dX])(?!\d)")


def _number(text: str) -> str | None:
    """ZL, the application number and its check digit behind a dot, which OCR loses."""
    found = _NUMBER.search(compact(text).upper())
    return f"ZL{found.group(1)}.{found.group(2)}" if found else None


def _with_kind(pages: Sequence[Page], fields: Fields) -> Fields:
    """The kind, by the certificate's title."""
    for page in pages:
        for line in page.lines:
            found = re.search("(发明|实用新型|外观设计)专利证", simplified(compact(line.text)))
            if found:
                return fields | {"patent_kind": field_of(Span(((line,),)), Kind.CHOICE, KINDS[found.group(1)])}
    return fields


DOCUMENT_TYPE = certificate(
    "patent_certificate",
    "专利证书",
    "patent certificate",
    (
        Printed("certificate_number", Kind.DIGITS, "证书号", ("证书号",), patterns=(r"证书号[:;]?第?(\d{4,9})号?",)),
        Printed(
            "patent_number",
            Kind.TEXT,
            "专利号",
            ("专利号",),
            key=True,
            read=_number,
            patterns=(r"专利号[:;]?([Z2][L1I]\d{8,12}[.·,:]?[\dX])", r"(ZL\d{8,12}[.·,:]?[\dX])"),
        ),
        Printed(
            "title",
            Kind.TEXT,
            "发明名称",
            ("发明名称", "实用新型名称", "外观设计名称", "使用外观设计的产品名称", "设计名称"),
            lines=3,
        ),
        Printed("inventor", Kind.TEXT, "发明人", ("发明人", "设计人", "设计者"), lines=4),
        FieldSpec("patentee", Kind.ORGANISATION, "专利权人", ("专利权人", "专利权人姓名或名称"), key=True),
        Printed(
            "applied_on", Kind.DATE, "专利申请日", ("专利申请日", "申请日"), patterns=(rf"申请日期?[:;]?({DATE})",)
        ),
        Printed(
            "granted_on",
            Kind.DATE,
            "授权公告日",
            ("授权公告日", "颁证日", "授权公告日期"),
            patterns=(rf"授权公告日期?[:;]?({DATE})",),
        ),
        FieldSpec("patent_kind", Kind.CHOICE, "专利种类"),
    ),
    titles=("发明专利证书", "实用新型专利证书", "外观设计专利证书", "专利证书", "发明专利证", "实用新型专利证"),
    words=(
        "专利号",
        "专利权人",
        "专利申请日",
        "授权公告日",
        "授权公告号",
        "发明人",
        "设计人",
        "发明名称",
        "实用新型名称",
        "外观设计名称",
        "国家知识产权局",
        "专利登记簿",
        "证书号",
    ),
    against=("商标", "受理通知书", "著作权"),
    other_labels=(
        "地址",
        "授权公告号",
        "局长",
        "申长雨",
        "国家知识产权局",
        "申请日时申请人",
        "申请日时发明人",
        "第1页",
        "专利权人地址",
        "本专利",
        "国家知识产权局依照",
    ),
    finish=_with_kind,
)
