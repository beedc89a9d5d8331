"""Mainland travel permit for Taiwan residents (台湾居民来往大陆通行证): the card of 2015 and the booklet before it."""

from __future__ import annotations

import re
from functools import partial

from extractors import _travel_permit as permit
from extractors._person_card import read_card, sides_by
from extractors.model import DocumentType, FieldSpec, Kind

_SPECS = (
    FieldSpec("permit_number", Kind.TAIWAN_PERMIT, "证件号码", permit.NUMBER, key=True, side="front"),
    *permit.SPECS,
    FieldSpec("issue_place", Kind.TEXT, "签发地点", ("签发地点", "签发地", "Place of Issue")),
    FieldSpec("identity_number", Kind.TEXT, "身份证件号码", (
        "台湾身份证号码", "台湾身份证件号码", "身份证件号码", "身份证号码", "台湾居民身份证号码", "身份证号",
    ), side="back"),
)  # fmt: skip

_TAIWAN_ID = re.compile(r"(?<![0-9A-Z])[A-Z][1289]\d{8}(?![0-9A-Z])")

DOCUMENT_TYPE = DocumentType(
    id="taiwan_travel_permit",
    zh="台湾居民来往大陆通行证",
    en="mainland travel permit for Taiwan residents",
    fields=_SPECS,
    extract=partial(read_card, specs=_SPECS, others=permit.OTHERS, more=permit.beside_labels(_TAIWAN_ID)),
    titles=("台湾居民来往大陆通行证", "来往大陆通行证", "MainlandTravelPermitforTaiwan"),
    words=(
        *permit.WORDS,
        "台湾居民",
        "台湾",
        "来往大陆",
        "持证人姓名",
        "本证仅限持证人本人使用",
        "驻外使领馆",
        "台湾身份证号码",
        "Taiwan",
        "出入境管理局",
        "CTTWN",
        "CTCHN",
        "持证人须知",
    ),
    against=(*permit.AGAINST, "港澳", "来往内地", "居住证", "公民身份号码"),
    sides=sides_by(("出生日期", "有效期限"), ("身份证件号码", "台湾身份证", "CTTWN", "CT<")),
    coloured=True,
    numbers=("permit_number",),
)
