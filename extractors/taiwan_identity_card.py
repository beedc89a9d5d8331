"""Taiwan identity card (中華民國國民身分證), the edition of 2005 and the one before: dates count from 1912."""

from __future__ import annotations

from functools import partial

from extractors._person_card import read_card, sides_by
from extractors.model import DocumentType, FieldSpec, Kind

_SPECS = (
    FieldSpec(
        "id_number",
        Kind.TAIWAN_ID,
        "统一编号",
        ("统一编号", "身分证统一编号", "国民身分证统一编号"),
        key=True,
        side="front",
    ),
    FieldSpec("name", Kind.PERSON, "姓名", ("姓名",), key=True, side="front"),
    FieldSpec("sex", Kind.CHOICE, "性别", ("性别",)),
    FieldSpec("born_on", Kind.DATE, "出生年月日", ("出生年月日", "出生日期", "出生")),
    FieldSpec("issued_on", Kind.DATE, "发证日期", ("发证日期", "换发日期", "补发日期")),
    FieldSpec("address", Kind.ADDRESS, "住址", ("住址", "户籍地址")),
)
_OTHERS = {"": ("父", "母", "父母", "配偶", "役别", "出生地", "本籍", "教育程度", "职业", "血型")}

DOCUMENT_TYPE = DocumentType(
    id="taiwan_identity_card",
    zh="台湾身份证",
    en="Taiwan identity card",
    fields=_SPECS,
    extract=partial(read_card, specs=_SPECS, others=_OTHERS),
    titles=("中华民国国民身分证", "国民身分证", "国民身份证", "中华民国国民身份证"),
    words=("中华民国", "国民身分证", "身分证", "统一编号", "出生年月日", "发证日期", "民国", "换发", "初发", "补发",
        "姓名", "性别",
           "配偶", "役别", "出生地", "本籍", "住址"),
    against=("营业执照", "公民身份号码", "通行证", "居住证", "香港", "澳门", "营利事业", "护照号", "发票"),
    sides=sides_by(("统一编号", "发证日期", "出生年月日"), ("配偶", "役别", "住址")),
    numbers=("id_number",),
)  # fmt: skip
