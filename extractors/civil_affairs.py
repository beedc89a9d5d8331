"""What the certificates of the civil affairs departments share: associations and private non-enterprise units."""

from __future__ import annotations

from extractors.certificate import (
    ADDRESSES,
    CREDIT_CODE,
    FROM,
    ISSUED,
    REPRESENTATIVES,
    TERMS,
    Printed,
    authority,
)
from extractors.model import FieldSpec, Kind

FIELDS = (
    FieldSpec("credit_code", Kind.CREDIT_CODE, "统一社会信用代码", CREDIT_CODE, key=True),
    FieldSpec(
        "name", Kind.ORGANISATION, "名称", ("社会团体名称", "单位名称", "组织名称", "机构名称", "名称"), key=True
    ),
    Printed("business_scope", Kind.TEXT, "业务范围", ("宗旨和业务范围", "业务范围"), lines=14),
    FieldSpec("address", Kind.ADDRESS, "住所", ADDRESSES),
    FieldSpec("legal_representative", Kind.PERSON, "法定代表人", REPRESENTATIVES, key=True),
    FieldSpec(
        "registered_capital",
        Kind.CAPITAL,
        "注册资金",
        ("注册资金", "注册资本", "开办资金", "活动资金", "原始基金数额", "出资数额"),
    ),
    FieldSpec("supervising_unit", Kind.ORGANISATION, "业务主管单位", ("业务主管单位", "业务主管部门", "主管单位")),
    authority("registration_authority", "登记管理机关", "登记管理机关", "发证机关", "登记机关"),
    FieldSpec("valid_from", Kind.DATE, "有效期自", FROM),
    FieldSpec("valid_to", Kind.DATE, "有效期至", TERMS, key=True),
    FieldSpec("issued_on", Kind.DATE, "发证日期", ISSUED, sealed=True),
)
OTHER_LABELS = ("活动地域", "组织机构代码", "代码", "登记证号", "证号", "单位类型", "类型", "成立登记日期")
