"""Mainland travel permit for Hong Kong and Macau residents (港澳居民来往内地通行证), card of 2013 and its forerunner.

The edition of 2024 for permanent residents who are not Chinese citizens is labelled in English too.
"""

from __future__ import annotations

import re
from functools import partial

from extractors import _travel_permit as permit
from extractors._person_card import read_card, sides_by
from extractors.model import DocumentType, FieldSpec, Kind

_SPECS = (
    FieldSpec("permit_number", Kind.HK_MACAU_PERMIT, "证件号码", permit.NUMBER, key=True, side="front"),
    *permit.SPECS,
    FieldSpec("identity_number", Kind.TEXT, "港澳身份证件号码", (
        "港澳身份证件号码", "港澳身份证号码", "香港身份证号码", "澳门身份证号码", "身份证件号码", "身份证号码",
        "港澳证件号码",
        "香港身份证", "澳门身份证", "香港居民身份证号码", "澳门居民身份证号码",
        "香港永久性居民身份证号码", "澳门永久性居民身份证号码",
    ), side="back"),
)  # fmt: skip

_REGION_ID = re.compile(r"(?<![0-9A-Z])(?:[A-Z]{1,2}\d{6}\([\dA]\)|[157]\d{6}\(\d\)|[157]/\d{6}/\d)(?![0-9A-Z])")

DOCUMENT_TYPE = DocumentType(
    id="hk_macau_travel_permit",
    zh="港澳居民来往内地通行证",
    en="mainland travel permit for Hong Kong and Macau residents",
    fields=_SPECS,
    extract=partial(read_card, specs=_SPECS, others=permit.OTHERS, more=permit.beside_labels(_REGION_ID)),
    titles=("港澳居民来往内地通行证", "来往内地通行证(非中国籍)", "来往内地通行证", "MainlandTravelPermitforHongKong"),
    words=(*permit.WORDS, "港澳居民", "港澳", "来往内地", "持证人姓名", "本证仅限持证人本人使用", "驻外使领馆",
           "香港身份证号码", "澳门身份证号码", "香港居民身份证号码", "澳门居民身份证号码", "HongKongandMacao",
           "出入境管理局", "CRCHN", "持证人须知"),
    against=(*permit.AGAINST, "台湾居民", "来往大陆", "居住证", "公民身份号码"),
    sides=sides_by(("出生日期", "有效期限"), ("CRH", "CRM", "CRCHN", "身份证件号码", "居民身份证号码", "港澳身份证",
        "香港身份证号码", "澳门身份证号码")),
    coloured=True,
    numbers=("permit_number",),
)  # fmt: skip
