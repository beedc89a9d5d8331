"""统一社会信用代码证书 of government bodies, party and mass organisations, villages and unions."""

from __future__ import annotations

from extractors.certificate import ADDRESSES, FROM, ISSUED, REPRESENTATIVES, TERMS, authority, certificate
from extractors.model import Emblem, FieldSpec, Kind

DOCUMENT_TYPE = certificate(
    "credit_code_certificate",
    "统一社会信用代码证书",
    "unified social credit code certificate",
    (
        FieldSpec(
            "credit_code",
            Kind.CREDIT_CODE,
            "统一社会信用代码",
            ("统一社会信用代码", "信用代码", "代码"),
            key=True,
            always=True,
        ),
        FieldSpec(
            "name",
            Kind.ORGANISATION,
            "机构名称",
            ("机构名称", "单位名称", "组织名称", "工会名称", "名称"),
            key=True,
            always=True,
        ),
        FieldSpec("address", Kind.ADDRESS, "机构地址", ("机构地址", "办公地址", *ADDRESSES)),
        FieldSpec("legal_representative", Kind.PERSON, "负责人", REPRESENTATIVES),
        authority(
            "issuing_authority",
            "赋码机关",
            "赋码机关",
            "颁发机关",
            "颁发单位",
            "发证机关",
            "登记管理机关",
            "登记机关",
            "批准机关",
        ),
        FieldSpec("valid_from", Kind.DATE, "有效期自", FROM),
        FieldSpec("valid_to", Kind.DATE, "有效期至", TERMS),
        FieldSpec("issued_on", Kind.DATE, "颁发日期", (*ISSUED, "赋码日期", "颁证时间"), sealed=True),
    ),
    titles=("统一社会信用代码证书", "统一社会信用代码证", "工会法人资格证书"),
    words=("机构名称", "机构性质", "机构地址", "赋码机关", "负责人", "统一社会信用代码", "颁发日期", "机构编制委员会"),
    against=("营业执照", "经营范围", "注册资本", "法人登记证书", "事业单位法人证书"),
    other_labels=("机构性质", "机构类型", "类型", "性质", "机构职能", "设立依据", "使用说明", "说明"),
    coloured=True,
    emblem=Emblem(("统一社会信用代码证书",)),
    seal=True,
    numbers=("credit_code",),
)
