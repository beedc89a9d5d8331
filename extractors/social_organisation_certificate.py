"""社会团体法人登记证书: editions with a credit code and older ones with 社证字第…号."""

from __future__ import annotations

from extractors.certificate import certificate
from extractors.civil_affairs import FIELDS, OTHER_LABELS

DOCUMENT_TYPE = certificate(
    "social_organisation_certificate",
    "社会团体法人登记证书",
    "social organisation certificate",
    FIELDS,
    titles=("社会团体法人登记证书", "社会团体分支机构登记证书", "社会团体登记证书"),
    words=("业务主管单位", "活动地域", "注册资金", "业务范围", "登记管理机关", "社会团体", "社证字", "民政部"),
    against=("民办非企业单位", "事业单位法人证书", "基金会法人"),
    other_labels=OTHER_LABELS,
    coloured=True,
    numbers=("credit_code",),
)
