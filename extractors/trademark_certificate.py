"""商标注册证: paper editions (有效期限自公元…) and the electronic ones since 2016 (注册日期, 有效期至)."""

from __future__ import annotations

import re

from extractors.certificate import TERMS, Printed, certificate
from extractors.model import FieldSpec, Kind
from extractors.values import compact


def _number(text: str) -> str | None:
    found = re.search(r"(?<![0-9A-Z])(G?\d{5,9}[A-Z]?)(?![0-9A-Z])", compact(text).upper())
    return found.group(1) if found else None


def _classes(text: str) -> str | None:
    """The classes, as 9 or 9、35."""
    return "、".join(str(int(number)) for number in re.findall(r"\d{1,2}", text)) or None


def _goods(text: str) -> str | None:
    """Goods and services without the class before them and the words that end the list."""
    plain = re.sub(r"\((?:商品|服务)?(?:项目)?截止\)$|^第?\d{1,2}类[:;]?", "", compact(text))
    return re.sub(r"\((?:商品|服务)?(?:项目)?截止\)$", "", plain) or None


_CLASS = r"第?((?:\d{1,2}(?:类?[、,;/和]第?)?)+)类?"

DOCUMENT_TYPE = certificate(
    "trademark_certificate",
    "商标注册证",
    "trademark certificate",
    (
        Printed(
            "registration_number",
            Kind.TEXT,
            "注册号",
            ("商标注册号", "注册号", "商标注册证号"),
            key=True,
            read=_number,
            patterns=(r"第(G?\d{5,9}[A-Z]?)号", r"\n第?(\d{6,9}[A-Z]?)号?\n"),
        ),
        Printed(
            "trademark_name",
            Kind.TEXT,
            "商标名称",
            ("商标名称", "商标文字"),
            patterns=(r"第G?\d{5,9}[A-Z]?号\n([^\n]{1,24})\n核定(?:使用商品|服务项目)",),
        ),
        FieldSpec(
            "registrant",
            Kind.ORGANISATION,
            "注册人",
            ("商标注册人", "注册人名称", "注册人名义", "注册人", "申请人名称"),
            key=True,
        ),
        FieldSpec("registrant_address", Kind.ADDRESS, "注册人地址", ("注册人地址", "注册地址", "申请人地址", "地址")),
        Printed(
            "classes",
            Kind.TEXT,
            "国际分类",
            ("国际分类号", "国际分类", "商标类别", "类别"),
            read=_classes,
            patterns=(
                rf"国际分类[:;号]{{0,2}}{_CLASS}",
                rf"核定(?:使用商品|服务项目)\(?{_CLASS}",
                r"\(第(\d{1,2})类\)",
            ),
        ),
        Printed(
            "goods",
            Kind.TEXT,
            "核定使用商品/服务项目",
            ("核定使用商品/服务项目", "核定使用商品", "核定服务项目"),
            lines=20,
            read=_goods,
            patterns=(
                r"核定(?:使用商品/?(?:核定)?服务项目|使用商品|服务项目)(?:\((?:国际分类)?[^()]{0,16}\))?[:;]?"
                r"(.{2,1500}?)(?:商标注册人|注册人|注册地址|注册日期|注册有效期|有效期)",
            ),
        ),
        FieldSpec("registered_on", Kind.DATE, "注册日期", ("核准注册日期", "注册公告日期", "注册日期", "专用权期限起")),
        FieldSpec("valid_from", Kind.DATE, "有效期自", ("专用期限起", "有效期起")),
        FieldSpec(
            "valid_to",
            Kind.DATE,
            "有效期至",
            ("注册有效期限", "注册有效期", "专用权期限", "专用期限", *TERMS),
            key=True,
        ),
    ),
    titles=("商标注册证", "中华人民共和国商标注册证", "商标注册证明"),
    words=(
        "核定使用商品",
        "核定服务项目",
        "国际分类",
        "注册人",
        "有效期至",
        "注册有效期限",
        "注册日期",
        "商标局",
        "国家知识产权局",
        "注册地址",
    ),
    against=("受理通知书", "专利号", "驳回", "公告期"),
    other_labels=("局长", "签发", "发证机关", "国家知识产权局", "续展", "颁发日期", "发文日期", "代理机构"),
)
