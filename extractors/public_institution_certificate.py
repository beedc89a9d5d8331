"""事业单位法人证书: the 2016 edition with a credit code, older ones with 事证第…号; original and duplicate."""

from __future__ import annotations

from extractors.certificate import (
    ADDRESSES,
    CREDIT_CODE,
    FROM,
    REPRESENTATIVES,
    TERMS,
    Printed,
    authority,
    certificate,
)
from extractors.model import FieldSpec, Kind

DOCUMENT_TYPE = certificate(
    "public_institution_certificate",
    "事业单位法人证书",
    "public institution certificate",
    (
        FieldSpec("credit_code", Kind.CREDIT_CODE, "统一社会信用代码", CREDIT_CODE, key=True),
        Printed(
            "certificate_number",
            Kind.TEXT,
            "证书号",
            ("证书号", "证书编号"),
            patterns=(r"(事证第[0-9A-Z-]{6,24}号?)",),
        ),
        FieldSpec("name", Kind.ORGANISATION, "名称", ("事业单位名称", "单位名称", "名称"), key=True),
        Printed(
            "business_scope", Kind.TEXT, "宗旨和业务范围", ("宗旨和业务范围", "宗旨与业务范围", "业务范围"), lines=14
        ),
        FieldSpec("address", Kind.ADDRESS, "住所", ADDRESSES),
        FieldSpec("legal_representative", Kind.PERSON, "法定代表人", REPRESENTATIVES, key=True),
        FieldSpec("funding_source", Kind.TEXT, "经费来源", ("经费来源",)),
        FieldSpec("start_up_capital", Kind.CAPITAL, "开办资金", ("开办资金", "注册资金")),
        FieldSpec("sponsor", Kind.ORGANISATION, "举办单位", ("举办单位", "主办单位")),
        authority("registration_authority", "登记管理机关", "登记管理机关", "登记机关", "发证机关"),
        FieldSpec("valid_from", Kind.DATE, "有效期自", FROM, key=True),
        FieldSpec("valid_to", Kind.DATE, "有效期至", TERMS, key=True),
    ),
    titles=("事业单位法人证书",),
    words=("宗旨和业务范围", "经费来源", "开办资金", "举办单位", "登记管理机关", "国家事业单位登记管理局", "事证第"),
    against=("民办非企业单位", "社会团体法人"),
    other_labels=("核准登记日期", "年度报告"),
    coloured=True,
    numbers=("credit_code", "certificate_number"),
)
