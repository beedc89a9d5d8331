"""民办非企业单位登记证书 (法人, 合伙, 个体), since 2024 also called 社会服务机构登记证书."""

from __future__ import annotations

from extractors.certificate import certificate
from extractors.civil_affairs import FIELDS, OTHER_LABELS

DOCUMENT_TYPE = certificate(
    "private_non_enterprise_certificate",
    "民办非企业单位登记证书",
    "private non-enterprise unit certificate",
    FIELDS,
    titles=(
        "民办非企业单位登记证书",
        "民办非企业单位(法人)登记证书",
        "民办非企业单位(合伙)登记证书",
        "民办非企业单位(个体)登记证书",
        "民办非企业单位法人登记证书",
        "社会服务机构登记证书",
        "社会服务机构法人登记证书",
    ),
    words=("业务主管单位", "开办资金", "业务范围", "登记管理机关", "民办非企业", "民证字", "民政部"),
    against=("社会团体法人", "事业单位法人证书", "基金会法人"),
    other_labels=OTHER_LABELS,
    numbers=("credit_code",),
)
