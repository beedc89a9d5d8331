"""A hand-made report with its pictures: what the views are tested with, without reading anything."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import cv2
import numpy as np

from extractors.model import Field, Item, Source, Status, rectangle
from pipeline.pages import Image
from pipeline.report import DocumentReport, PageReport, Report
from validators.findings import Bilingual, Check, CheckResult, Evidence, Finding, Severity, Verdict
from validators.profile import Profile

CODE, READ_CODE = "91330108MA2CG4HU6R", "91330108MA2CG4HU8R"


def field(
    value: object,
    status: Status = Status.READ,
    *,
    row: int | None = None,
    raw: str = "",
    reason: str = "",
    page: int = 1,
) -> Field:
    """A field; `row` puts it on the drawn page."""
    box = None if row is None else rectangle(300, 190 + 70 * row, 900, 235 + 70 * row)
    return Field(
        value=value, raw=raw or str(value or ""), status=status, confidence=0.97, page=page, box=box, reason=reason
    )


def sample_report(verdict: Verdict = Verdict.REJECT, name: str = "杭州云帆数字科技有限公司") -> Report:
    """A licence whose credit code differs from the declared one, and an invoice as a two-page PDF."""
    licence = DocumentReport(
        file="licence.jpg",
        sha256="ab" * 32,
        bytes=812_345,
        format="jpeg",
        slot="business_licence",
        type="business_licence",
        type_confidence=0.99,
        pages=[PageReport(width=1400, height=1000)],
        fields={
            "credit_code": field(READ_CODE, Status.DOUBTFUL, row=0, raw="9133O108MA2CG4HU8R", reason="malformed"),
            "name": field(name, Status.VERIFIED, row=1, reason="second_print"),
            "legal_representative": field("张晓明", row=2),
            "registered_capital": field(Decimal("5000000"), row=3, raw="伍佰万元整"),
            "established_on": field(date(2018, 9, 12), row=4, raw="2018年09月12日"),
            "term_to": Field(value=None, raw="长期", status=Status.READ, page=1),
            "address": Field(),
        },
        quality={"sharpness": 184.2, "colour": True},
    )
    items = [
        Item(
            name="*软件*核验服务",
            unit="项",
            quantity=Decimal(2),
            unit_price=Decimal("450.00"),
            amount=Decimal("900.00"),
            tax_rate="6%",
            tax=Decimal("54.00"),
        )
    ]
    invoice = DocumentReport(
        file="invoice.pdf",
        format="pdf",
        bytes=40_120,
        type="vat_invoice",
        pages=[
            PageReport(number=1, width=1400, height=1000, source=Source.TEXT),
            PageReport(number=2, width=1400, height=1000, source=Source.TEXT),
        ],
        fields={
            "invoice_number": field("24332000000012345678", Status.VERIFIED, row=0),
            "items": field(items, row=2),
            "total": field(Decimal("954.00"), row=3, page=2),
        },
    )
    findings = [
        Finding(
            code="QUALITY_GREY",
            severity=Severity.WARNING,
            verdict=Verdict.REVIEW,
            document="licence.jpg",
            message=Bilingual(zh="licence.jpg 看起来是黑白的。", en="licence.jpg looks grey."),
            remedy=Bilingual(zh="请用彩色原件拍照或扫描。", en="Photograph or scan the colour original."),
            evidence=(Evidence(document="licence.jpg", page=1),),
        ),
        Finding(
            code="MATCH_DIFFERENT",
            severity=Severity.ERROR,
            verdict=Verdict.REJECT,
            document="licence.jpg",
            field="credit_code",
            expected=CODE,
            actual=READ_CODE,
            message=Bilingual(
                zh="营业执照上的统一社会信用代码与申报的不一致。",
                en="The credit code on the licence differs from the declared one.",
            ),
            remedy=Bilingual(
                zh="请核对申报的统一社会信用代码，或上传正确的营业执照。",
                en="Correct the declared credit code, or upload the right licence.",
            ),
            source="1688-2.1",
            evidence=(Evidence(document="licence.jpg", page=1, box=rectangle(300, 190, 900, 235)),),
        ),
        Finding(
            code="FIELD_CORRECTED",
            severity=Severity.INFO,
            verdict=Verdict.ACCEPT,
            message=Bilingual(zh="按校验码把 O 读作 0。", en="O was read as 0 by the check digit."),
            remedy=Bilingual(zh="无需处理。", en="Nothing to do."),
        ),
    ]
    return Report(
        submission="demo",
        profile="test/small",
        as_of="2026-11-22",
        verdict=verdict,
        declared={
            "company_name": name,
            "credit_code": CODE,
            "legal_representative": "张晓明",
            "address": "杭州市滨江区",
            "registered_capital": "500万元",
            "mobile": "13800000000",
        },
        documents=[licence, invoice],
        findings=findings if verdict is Verdict.REJECT else [],
        checks=[
            Check(id="slot:business_licence", result=CheckResult.PASSED, source="X-1"),
            Check(id="licence-code", result=CheckResult.FAILED, why="different", source="X-2"),
            Check(id="licence-name", result=CheckResult.PASSED, source="X-2"),
            Check(id="licence-capital", result=CheckResult.PASSED, source="X-2", required=False),
            Check(id="licence-address", result=CheckResult.NOT_CHECKED, why="address is missing", source="X-2"),
            Check(id="registry", result=CheckResult.NOT_CHECKED, why="no registry is set", required=False),
        ],
        notes=[
            {
                "zh": "平台打款不足 2 元验证账户。",
                "en": "The platform pays an amount under 2 yuan.",
                "source": "1688-2.4",
            }
        ],
        engine={"ocr": "paddleocr 3.7.0", "threads": 2},
        timings_ms={"read": 812.4, "total": 930.0},
    )


def sample_profile() -> Profile:
    """A profile with just what the sample report was judged by."""
    declared = {
        key: {"title": {"zh": zh, "en": en}, "kind": "text", "source": "X-2"}
        for key, zh, en in [
            ("company_name", "企业名称", "company name"),
            ("credit_code", "统一社会信用代码", "credit code"),
            ("address", "住所", "address"),
            ("registered_capital", "注册资本", "capital"),
            ("mobile", "手机", "mobile"),
        ]
    }
    checks = [
        {
            "id": f"licence-{name}",
            "check": "equal",
            "source": "X-2",
            "params": {"left": f"declared.{key}", "right": f"business_licence.{field}"},
        }
        for name, key, field in [
            ("code", "credit_code", "credit_code"),
            ("name", "company_name", "name"),
            ("capital", "registered_capital", "registered_capital"),
            ("address", "address", "address"),
        ]
    ]
    return Profile.model_validate(
        {
            "id": "test/small",
            "title": {"zh": "小规则", "en": "small rules"},
            "source": "a test",
            "platform": {"zh": "测试", "en": "test"},
            "declared": declared,
            "checks": checks,
            "slots": {
                "business_licence": {
                    "title": {"zh": "营业执照", "en": "business licence"},
                    "source": "X-1",
                    "accepts": ["business_licence"],
                }
            },
        }
    )


def sample_pictures(file: str, page: int) -> Image | None:
    """A drawn page with a line of text where each row of fields lies."""
    picture = np.full((1000, 1400, 3), 246, np.uint8)
    cv2.rectangle(picture, (30, 30), (1370, 970), (90, 140, 60), 6)
    for row in range(6):
        cv2.putText(
            picture,
            READ_CODE if row == 0 else f"{file!a} row {row}",
            (310, 225 + 70 * row),
            cv2.FONT_HERSHEY_SIMPLEX,
            1.2,
            (40, 40, 40),
            2,
            cv2.LINE_AA,
        )
    return picture
