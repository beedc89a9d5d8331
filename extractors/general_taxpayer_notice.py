"""一般纳税人认定通知书, or a 税务事项通知书 that says a company is a general taxpayer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.certificate import DATE, TAX_ID, Fields, Printed, certificate, doubtful, office, sealed_labels, tax_id
from extractors.model import Kind, Page
from extractors.values import compact, simplified

_REFUSED = re.compile(r"不予(?:认定|登记|受理|批准)|取消(?:增值税)?一般纳税人|(?:转登记|转)为(?:增值税)?小规模|不符合")


def _granted(pages: Sequence[Page], fields: Fields) -> Fields:
    """A notice that refuses, or takes back, is no proof of anything: a person must read it."""
    text = simplified("".join(compact(line.text) for page in pages for line in page.lines))
    if not _REFUSED.search(text):
        return fields
    return {name: doubtful(found, "refused") for name, found in fields.items()}


def _document_number(text: str) -> str | None:
    """A number whose year OCR sees between two kinds of brackets, 〔2018], with one kind."""
    plain = compact(text)
    year = re.search(r"([\[【〔(])\d{4}([\]】〕)])", plain)
    if year and year[1] + year[2] not in ("[]", "【】", "〔〕", "()"):
        plain = f"{plain[: year.start()]}〔{year[0][1:-1]}〕{plain[year.end() :]}"
    return plain or None


_WHO = r"[\u3400-\u9fff\w()·]{4,40}"

DOCUMENT_TYPE = certificate(
    "general_taxpayer_notice",
    "一般纳税人认定通知书",
    "general taxpayer notice",
    (
        Printed(
            "name",
            Kind.ORGANISATION,
            "纳税人名称",
            ("纳税人名称", "单位名称", "企业名称"),
            key=True,
            patterns=(
                rf"\n({_WHO})[:;,]?\n?\([0-9A-Z]{{15,20}}\)[:;,]?\n",
                rf"\n({_WHO})[:;,]?\n?\(?(?:纳税人识别号|统一社会信用代码|税号|纳税人税号)",
                rf"\n({_WHO}(?:公司|厂|店|部|社|中心|合伙\)|企业|行|院|所|场|户|坊))[:;]\n?",
            ),
        ),
        Printed(
            "tax_id",
            Kind.TAX_ID,
            "纳税人识别号",
            TAX_ID,
            key=True,
            read=tax_id,
            patterns=(
                r"\n[\u3400-\u9fff\w()·]{4,40}[:;,]?\n?\(([0-9A-Z]{15,20})\)[:;,]?\n",
                r"(?:纳税人识别号|社会信用代码|税号)[^0-9A-Z]{0,14}([0-9A-Z]{15,20})",
            ),
        ),
        Printed(
            "document_number",
            Kind.TEXT,
            "文书号",
            ("文书号", "文号", "通知书编号", "编号"),
            read=_document_number,
            patterns=(
                r"\n(\(\d{4}\)[\u3400-\u9fff]{1,12}第?\d+号)",
                r"\n([\u3400-\u9fff]{1,16}(?:[\[(〔【]\d{4}[\])〕】]|\d{4})(?:第|NO)?\d+号)",
            ),
        ),
        Printed(
            "effective_from",
            Kind.DATE,
            "生效日期",
            ("生效日期", "有效期起", "认定日期", "一般纳税人有效期起", "登记日期"),
            patterns=(
                rf"(?:有效期|生效日期|生效之日|资格生效)(?:起|始|自|为|是|:)*({DATE})",
                rf"自({DATE})起[^。]{{0,60}}一般纳税人",
                rf"一般纳税人[^。]{{0,80}}[自从于]({DATE})",
                rf"(?:[自从于]|生效(?:日期|之日)?[为是:]?)({DATE})(?:(?!提交|申请)[^。]){{0,24}}(?:认定|登记|成为|取得|确认|生效)",
            ),
        ),
        Printed(
            "tax_authority",
            Kind.ORGANISATION,
            "税务机关",
            sealed_labels("主管税务机关", "税务机关"),
            sealed=True,
            read=office,
            patterns=(
                r"(国家税务总局[\u3400-\u9fff]{2,30}?税务(?:分局|局|所)(?:[\u3400-\u9fff]{1,12}(?:分局|税务所))?)",
                r"\n([\u3400-\u9fff]{2,16}国家税务局(?:[\u3400-\u9fff]{1,10}分局)?)",
            ),
        ),
        Printed("issued_on", Kind.DATE, "发文日期", ("发文日期", "制发日期"), sealed=True),
    ),
    titles=(
        "增值税一般纳税人认定通知书",
        "增值税一般纳税人资格认定通知书",
        "一般纳税人认定通知书",
        "一般纳税人资格认定通知书",
        "增值税一般纳税人登记通知书",
        "税务事项通知书",
    ),
    needs=("一般纳税人",),
    words=("税务事项通知书", "通知内容", "事由", "依据", "纳税人识别号", "增值税一般纳税人", "认定为", "税务机关"),
    against=(
        "不予认定",
        "不予登记",
        "不予受理",
        "取消一般纳税人",
        "取消增值税一般纳税人",
        "转登记为小规模",
        "责令",
        "逾期未",
        "价税合计",
        "纳税人类别",
        "受理税务机关",
        "会计核算健全",
    ),
    finish=_granted,
)
