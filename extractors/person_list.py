"""Persons a unit registers for the China International Import Expo (参观人员名单)."""

from __future__ import annotations

from extractors.columns import CellKind, Column
from extractors.table import TableForm

_KINDS = (
    ("id_card", ("居民身份证", "身份证", "二代身份证", "中华人民共和国居民身份证", "ID card", "Resident ID card")),
    ("passport", ("护照", "外国护照", "中国护照", "Passport")),
    ("hk_macau_travel_permit",
     ("港澳居民来往内地通行证", "港澳通行证", "回乡证", "港澳台居民来往大陆通行证",
     "Mainland Travel Permit for Hong Kong and Macao Residents")),
    ("taiwan_travel_permit", ("台湾居民来往大陆通行证", "台胞证", "Mainland Travel Permit for Taiwan Residents")),
    ("residence_permit", ("港澳台居民居住证", "港澳居民居住证", "台湾居民居住证", "Residence permit")),
    ("foreign_permanent_resident_id", ("外国人永久居留身份证", "外国人永久居留证",
    "Foreign Permanent Resident ID Card")),
    ("other", ("其他", "其它", "Other")),
)  # fmt: skip

FORM = TableForm(
    id="person_list",
    zh="人员名单",
    en="list of persons",
    titles=("参观人员名单", "人员名单", "参观人员信息", "参观人员信息表", "专业观众人员名单", "人员信息表", "观众名单",
            "List of persons", "Visitor list", "List of visitors"),
    columns=(
        Column("name", CellKind.PERSON, "姓名", "Name", ("人员姓名", "参观人员姓名", "中文姓名", "Full name"),
               example="张晓明"),
        Column("document_kind", CellKind.CHOICE, "证件类型", "Document kind",
               ("证件种类", "证件类别", "证件名称", "Document type", "ID type"), choices=_KINDS, example="居民身份证"),
        Column("document_number", CellKind.DOCUMENT_NUMBER, "证件号码", "Document number",
               ("证件号", "证件编号", "身份证号", "身份证号码", "身份证/护照号码", "证照号码", "ID number",
               "Passport number"),
               example="11010519491231002X"),
        Column("mobile", CellKind.MOBILE, "手机号", "Mobile number",
               ("手机号码", "手机", "联系电话", "移动电话", "联系手机", "Mobile", "Phone"), example="13800000000"),
        Column("photo", CellKind.TEXT, "照片文件", "Photo",
               ("照片", "照片文件名", "证件照", "人员照片", "Photo file"),
               required=False, example="zhang-xiaoming.jpg"),
    ),
    words=("姓名",),
    against=("出入境管理", "中华人民共和国护照", "商户名", "品名"),
)  # fmt: skip

DOCUMENT_TYPE = FORM.document_type()
