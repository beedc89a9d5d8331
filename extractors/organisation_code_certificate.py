"""组织机构代码证, issued until 2015: nine characters, the last a check digit."""

from __future__ import annotations

from extractors.certificate import ADDRESSES, FROM, REPRESENTATIVES, TERMS, Printed, authority, certificate
from extractors.model import FieldSpec, Kind

DOCUMENT_TYPE = certificate(
    "organisation_code_certificate",
    "组织机构代码证",
    "organisation code certificate",
    (
        Printed(
            "organisation_code",
            Kind.ORGANISATION_CODE,
            "代码",
            ("组织机构代码", "代码"),
            key=True,
            patterns=(r"代码[:;]?([0-9A-Z]{8}[-—–]?[0-9X])(?![0-9A-Z])", r"\n([0-9A-Z]{8}-[0-9X])\n"),
        ),
        FieldSpec("name", Kind.ORGANISATION, "机构名称", ("机构名称", "单位名称", "名称"), key=True),
        FieldSpec("entity_type", Kind.TEXT, "机构类型", ("机构类型", "类型")),
        FieldSpec("legal_representative", Kind.PERSON, "法定代表人", REPRESENTATIVES),
        FieldSpec("address", Kind.ADDRESS, "地址", ("机构地址", *ADDRESSES)),
        authority("issuing_authority", "颁发单位", "颁发单位", "颁证单位", "发证机关"),
        FieldSpec("valid_from", Kind.DATE, "有效期自", FROM),
        FieldSpec("valid_to", Kind.DATE, "有效期至", TERMS, key=True),
    ),
    titles=("组织机构代码证", "中华人民共和国组织机构代码证"),
    words=("机构名称", "机构类型", "颁发单位", "登记号", "组代管", "国家质量监督检验检疫总局", "代码标识", "年检记录"),
    against=("统一社会信用代码", "税务登记证"),
    other_labels=("登记号", "年检记录", "年检", "说明", "NO", "No"),
    numbers=("organisation_code",),
)
