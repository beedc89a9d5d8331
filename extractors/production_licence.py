"""全国工业产品生产许可证 (XK, QS) and 食品生产许可证 (SC), including food additives."""

from __future__ import annotations

import re

from extractors.certificate import CREDIT_CODE, ISSUED, REPRESENTATIVES, TERMS, Printed, authority, certificate
from extractors.model import FieldSpec, Kind
from extractors.values import compact

_FORMS = re.compile(
    r"SC\d{14}(?!\d)|\(?[\u3400-\u9fff]?\)?XK\d{2}[-—]\d{3}[-—]?\d{5}(?!\d)|QS[-—]?[A-Z]{0,3}\d{4}[-—]?\d{4}[-—]?\d{4}(?!\d)"
)


def _number(text: str) -> str | None:
    """The number in one of its forms; OCR takes the dashes for each other."""
    plain = re.sub(r"[—–―]", "-", compact(text).upper())
    found = _FORMS.search(plain)
    return found.group() if found else None


DOCUMENT_TYPE = certificate(
    "production_licence",
    "生产许可证",
    "production licence",
    (
        Printed(
            "licence_number",
            Kind.TEXT,
            "许可证编号",
            ("许可证编号", "生产许可证编号", "证书编号", "许可证号", "编号"),
            key=True,
            read=_number,
            patterns=(
                r"(?<![0-9A-Z])(SC\d{14})(?!\d)",
                r"((?:\([\u3400-\u9fff]\))?XK\d{2}[-—–]\d{3}[-—–]?\d{5})(?!\d)",
                r"(QS[A-Z]{0,3}\d{4}[-—–]?\d{4}[-—–]?\d{4})(?!\d)",
            ),
        ),
        Printed(
            "name",
            Kind.ORGANISATION,
            "生产者名称",
            ("食品生产者名称", "生产者名称", "企业名称", "单位名称", "申请人名称", "生产企业名称", "名称"),
            key=True,
            # The industrial licence speaks to its holder: the name stands by itself above 经审查,你单位….
            patterns=(r"\n([\u3400-\u9fff()·\w]{4,40})[:;,]?\n(?:经审查|[^\n]{0,6}你(?:单位|公司|企业|厂)生产)",),
        ),
        Printed(
            "product",
            Kind.TEXT,
            "产品名称",
            ("产品名称", "食品类别", "产品类别", "食品、食品添加剂类别", "食品添加剂类别", "获证产品"),
            lines=6,
        ),
        FieldSpec("address", Kind.ADDRESS, "住所", ("企业住所", "住所", "注册地址", "地址")),
        FieldSpec("production_address", Kind.ADDRESS, "生产地址", ("生产地址", "生产场所", "生产场所地址", "生产厂点")),
        FieldSpec("credit_code", Kind.CREDIT_CODE, "社会信用代码", (*CREDIT_CODE, "社会信用代码(身份证号码)")),
        FieldSpec("legal_representative", Kind.PERSON, "法定代表人", REPRESENTATIVES),
        authority("issuing_authority", "发证机关", "发证机关", "许可机关", "发证单位", "发证部门"),
        FieldSpec("issued_on", Kind.DATE, "发证日期", ISSUED, sealed=True),
        FieldSpec("valid_to", Kind.DATE, "有效期至", TERMS, key=True),
    ),
    titles=("全国工业产品生产许可证", "食品生产许可证", "工业产品生产许可证", "食品添加剂生产许可证"),
    words=(
        "许可证编号",
        "生产者名称",
        "食品类别",
        "生产地址",
        "检验方式",
        "日常监督管理机构",
        "日常监督管理人员",
        "投诉举报电话",
        "产品名称",
        "发证机关",
        "签发人",
        "有效期至",
        "符合取得生产许可证条件",
    ),
    against=(
        "食品经营许可证",
        "安全生产许可证",
        "药品生产许可证",
        "医疗器械生产许可证",
        "辐射安全",
        "经营项目",
        "主体业态",
        "道路运输",
    ),
    other_labels=(
        "检验方式",
        "日常监督管理机构",
        "日常监督管理人员",
        "投诉举报电话",
        "签发人",
        "明细",
        "外设仓库地址",
        "二维码",
    ),
    numbers=("licence_number",),
)
