"""管理体系认证证书 (ISO 9001, 14001, 45001 …) of many certification bodies, in Chinese, English or both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from extractors.certificate import CREDIT_CODE, Fields, Printed, certificate, doubtful
from extractors.model import Field, Kind, Page
from extractors.values import compact, fold, parse_date

_STANDARD = re.compile(
    r"(?:GB/?T\s?\d{4,5}(?:\.\d)?[-—]\d{4}(?:/?\s?idt\s?)?[/\s]?)?"
    r"(?:IS[O0](?:/IEC|/TS)?|IATF|OHSAS|AS|IEC)\s?\d{4,5}(?:[-:—]\d{4}|(?:-\d)?:\d{4})?|GB/?T\s?\d{4,5}(?:\.\d)?[-—]\d{4}",
    re.IGNORECASE,
)
_NUMBER_LABELS = (
    "证书编号", "证书注册号", "注册号", "证书号码", "证书号", "认证证书编号", "编号", "Certificate No",
    "Certificate Number", "Certificate Registration No", "Certificate Registration Number", "Registration No",
    "Registration Number", "Certificate Ref No", "Cert No", "Certificate ID", "Certificate Reg. No",
    "Certificate Registr. No", "Certification No",
)  # fmt: skip
_LATIN_NAME_LABELS = (
    "Name of organization", "Name of organisation", "Name of the organization", "Organization", "Organisation",
    "Company name", "Certificate holder", "Holder of certificate", "Certified organization", "Company",
)  # fmt: skip
_SCOPE_LABELS = (
    "认证范围", "认证覆盖范围", "覆盖范围", "通过认证范围如下", "证书覆盖范围", "认证覆盖的产品及其过程",
    "体系覆盖范围", "适用范围", "该管理体系适用于", "该质量管理体系适用于", "范围", "Scope of certification",
    "Certification scope", "Scope of registration", "Scope", "For the following activities",
    "For the following scope", "Within the scope", "Scope of activities",
)  # fmt: skip
_ISSUED_LABELS = (
    "发证日期", "颁证日期", "换证日期", "本次发证日期", "颁发日期", "签发日期", "注册日期", "再认证日期",
    "首次发证日期", "初次发证日期", "初次获证日期", "初次认证日期", "首次颁证日期", "发证时间", "Date of issue",
    "Issue date", "Issued date", "Date of issuance", "Issued on", "Date of certification", "Certification date",
    "Original issue date", "Initial certification date", "Original approval", "Effective date",
    "Current issue date", "Date of initial certification", "Valid from", "Certificate issue date",
)  # fmt: skip
_END_LABELS = (
    "证书有效期至", "有效期至", "有效期限至", "证书有效期", "有效期限", "有效期", "有效日期", "截止日期",
    "到期日期", "证书到期日", "Valid until", "Valid to", "Valid till", "Expiry date", "Date of expiry",
    "Expiration date", "Expiring date", "Date of expiration", "Expires on", "Certificate expiry date",
    "This certificate is valid until", "Certificate valid until", "Validity", "Valid through", "Expiry", "Expires",
)  # fmt: skip
_TITLES = (
    "质量管理体系认证证书", "环境管理体系认证证书", "职业健康安全管理体系认证证书", "管理体系认证证书",
    "体系认证证书", "认证证书", "食品安全管理体系认证证书", "信息安全管理体系认证证书", "能源管理体系认证证书",
    "知识产权管理体系认证证书", "质量体系认证证书", "Certificate of Registration", "Certificate of Approval",
    "Management System Certificate", "Quality Management System Certificate", "Certificate of Conformity",
    "Certificate",
)  # fmt: skip
_WORDS = (
    "管理体系", "ISO9001", "ISO14001", "ISO45001", "ISO27001", "GB/T19001", "GB/T24001", "GB/T45001", "认证范围",
    "兹证明", "监督审核", "认证证书", "管理体系符合", "国家认证认可监督管理委员会", "CNAS", "认证机构",
    "management system", "certify that", "certificate no", "scope", "accreditation", "valid until", "registration",
    "surveillance audit", "certification", "expiry date", "conform", "certificate holder", "audit",
)  # fmt: skip
_OTHER_LABELS = (
    "邮编", "邮政编码", "证书状态", "二维码", "监督审核", "签发人", "总经理", "授权签字人",
    "国家认证认可监督管理委员会官方网站", "换证日期", "发证机构地址", "首次发证日期", "初次获证日期",
    "初次发证日期", "建立的管理体系", "管理体系符合", "has been assessed", "has been audited", "has been found",
    "conforms to", "complies with", "meets the requirements", "is in conformity", "in accordance with",
    "This certificate", "This is to certify", "We hereby certify", "Authorized signature", "Signature",
    "Authorised by", "Accreditation", "Postcode", "Website", "Tel", "Page",
)  # fmt: skip
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-]((?:19|20)\d{2})(?!\d)")
_BODY_ENDS = re.compile(r"(?<!限限)(?:公司|中心|集团|院|所|协会|局)(?:\([\u3400-\u9fff]+\))?$")
_LATIN_FIRM = r"(?:Co[.,\s]*Ltd|Limited|Ltd|Inc|Corporation|Corp|Company|GmbH|LLC|Factory)\.?"
_CHINESE_FIRM = (
    # A certification body is not whom it certifies, and a label is no part of a name.
    r"(?!(?:获证|认证|受审核)?(?:组织|企业|公司|单位|方)?名称|获证组织|兹证明|(?:注册|经营|审核)?地址|住所)"
    r"(?![\u3400-\u9fff()]*(?:认证|检验)(?:中心|有限|服务|集团|技术|检测|\())"
    r"[\u3400-\u9fff][\u3400-\u9fff\w()·&.-]{2,38}"
    r"(?:公司|厂|集团|中心|研究院|研究所|合作社|事务所|企业\(有限合伙\))"
)


def _standard(text: str) -> str | None:
    """The standards named, each once: GB/T 19001-2016/ISO 9001:2015."""
    found = [re.sub(r"[—–]", "-", m.group()).upper().replace("IS0", "ISO") for m in _STANDARD.finditer(compact(text))]
    return "; ".join(dict.fromkeys(found)) or None


def _certificate_number(text: str) -> str | None:
    """Letters, figures and the signs between them, at least three of them figures."""
    found = re.match(r"[A-Z0-9][A-Z0-9()./ -]{2,40}[A-Z0-9)]", fold(text).strip(" :.").upper())
    number = re.sub(r"\s+", " ", found.group()) if found else ""
    # R0S, R1M: how often it was certified anew and the firm's size; no letter stands there.
    number = re.sub(r"(?<=\dR)O(?=[SML](?:[-/]|$))", "0", number)
    return number if len(re.findall(r"\d", number)) >= 3 else None


def _phrase(text: str) -> str | None:
    """Text with its words apart where it is English."""
    words = re.sub(r"\s+", " ", fold(text)).strip(" :;")
    return re.sub(r"(?<=[\u3400-\u9fff])\s|\s(?=[\u3400-\u9fff])", "", words) or None


def _firm(text: str) -> str | None:
    """The name of a firm, words apart, without the address that may follow it."""
    name = _phrase(text) or ""
    if whole := re.match(rf".*\b{_LATIN_FIRM}", name, re.IGNORECASE):
        name = whole.group()
    elif re.search(r"\d", name):
        return None
    return name if len(re.findall("[A-Za-z]", name)) >= 4 else None


def _body(text: str) -> str | None:
    """The name of a certification body; a Chinese one ends as such names do, or its seal hides a part of it."""
    name = _phrase(text) or ""
    return name if not re.search(r"[\u3400-\u9fff]", name) or _BODY_ENDS.search(name) else None


def _day(text: str) -> date | None:
    """The one day in a text; 25/03/2024 is one, 03/04/2024 may be two and is none."""
    if day := parse_date(text):
        return day
    days = {(int(m[3]), int(m[2]), int(m[1])) for m in _DAY_FIRST.finditer(compact(text))}
    if len(days) != 1:
        return None
    year, month, day_of_month = days.pop()
    if month > 12 and day_of_month <= 12:
        month, day_of_month = day_of_month, month
    if month != day_of_month and day_of_month <= 12:
        return None
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None


def _in_one_language(text: str) -> str | None:
    """A Chinese text without its translation, which stands in lines of its own; said twice, it counts once."""
    rows = text.splitlines()
    if re.search(r"[\u3400-\u9fff]", text):
        rows = [row for row in rows if re.search(r"[\u3400-\u9fff]|^[^A-Za-z]*$", row)]
    return _phrase("\n".join(dict.fromkeys(rows)))


def _both_names(_: Sequence[Page], fields: Fields) -> Fields:
    """A certificate in English only gives its one name as both; a text in the wrong script is none."""
    name, latin = fields.get("name", Field()), fields.get("name_latin", Field())
    if name.value and not re.search(r"[\u3400-\u9fff]", str(name.value)):
        written = _firm(name.raw)
        latin = latin if latin.value else name.model_copy(update={"value": written})
        name = Field()
    if not name.value and latin.value:
        name = latin
    if name.value and compact(str(name.value)) == compact(str(fields.get("certification_body", Field()).value or "")):
        name = latin = doubtful(name, "certification_body")
    fields = {**fields, "name": name, "name_latin": latin}
    issued, end = fields.get("issued_on", Field()).value, fields.get("valid_to", Field()).value
    if isinstance(issued, date) and isinstance(end, date) and issued >= end:
        fields["valid_to"] = doubtful(fields["valid_to"], "before_issue")
    return fields


DOCUMENT_TYPE = certificate(
    "iso_certificate",
    "管理体系认证证书",
    "management system certificate",
    (
        Printed(
            "certificate_number",
            Kind.TEXT,
            "证书编号",
            _NUMBER_LABELS,
            key=True,
            read=_certificate_number,
            patterns=(
                r"\n(?:Certificate|Cert|Registration)\.?(?:Registration)?(?:No|Number)\.?:?([A-Z0-9][A-Z0-9()./-]{4,40})\n",
            ),
        ),
        Printed(
            "name",
            Kind.ORGANISATION,
            "获证组织",
            (
                "获证组织名称",
                "获证组织",
                "认证组织名称",
                "受审核方名称",
                "组织名称",
                "企业名称",
                "公司名称",
                "单位名称",
                "名称",
            ),
            key=True,
            patterns=(
                rf"\n({_CHINESE_FIRM})(?=\n)(?=[^*]*(?:体系|信用代码|Unified\s*Social|ISO\d|GB/T))",
                rf"兹证明[:,]?({_CHINESE_FIRM})",
            ),
        ),
        Printed(
            "name_latin",
            Kind.ORGANISATION,
            "获证组织英文名称",
            _LATIN_NAME_LABELS,
            patterns=(
                rf"\n{_CHINESE_FIRM}\n([^\n]{{0,80}}{_LATIN_FIRM})\n(?=[^*]*(?:体系|统一社会信用代码))",
                rf"certify\s*that[^\n]*\n(?:[^\n]{{0,40}}(?:management\s*system|of|of:)\n)?([^\n]{{4,80}}(?:\n[^\n]{{0,40}}{_LATIN_FIRM})?)\n",
            ),
            read=_firm,
            lines=2,
        ),
        Printed(
            "standard",
            Kind.TEXT,
            "认证标准",
            ("认证标准", "认证依据", "符合标准", "Standard", "Standards", "Certification standard"),
            read=_standard,
            patterns=(
                r"(GB/?T\d{4,5}(?:\.\d)?[-—–]\d{4}(?:/|idt|[(])*(?:IS[O0]|IEC)(?:/IEC)?\d{4,5}:\d{4})",
                r"(IS[O0](?:/IEC|/TS)?\d{4,5}(?:-\d)?:\d{4})",
                r"((?:GB/?T|IATF|ISO(?:/IEC)?|OHSAS)\d{4,5}(?:[-—–:]\d{4})?)",
            ),
        ),
        Printed(
            "address",
            Kind.ADDRESS,
            "地址",
            (
                "注册地址",
                "生产经营地址",
                "经营地址",
                "审核地址",
                "注册/经营地址",
                "注册地址/经营地址",
                "地址",
                "住所",
                "Registered address",
                "Business address",
                "Audit address",
                "Address",
            ),
            lines=4,
            read=_in_one_language,
        ),
        Printed(
            "scope",
            Kind.TEXT,
            "认证范围",
            _SCOPE_LABELS,
            lines=8,
            read=_in_one_language,
            patterns=(
                r"(?:管理体系)?(?:适用于|覆盖范围|认证范围)(?:如下|为)?:?(.{4,300}?)(?:统一社会信用代码|证书|首次|发证|颁证|有效期|初次|$)",
            ),
        ),
        Printed(
            "certification_body",
            Kind.ORGANISATION,
            "认证机构",
            ("认证机构", "发证机构", "颁证机构", "Certification body", "Issued by", "Issuing body", "Certified by"),
            read=_body,
            sealed=True,
            patterns=(
                r"\n([\u3400-\u9fff()]{2,24}(?:认证(?:中心|集团|服务|技术|检验|检测)?(?:\([\u3400-\u9fff]+\))?(?:股份|集团)?(?:有限公司|有限责任公司|中心)"
                r"|质量保证中心|检验认证[\u3400-\u9fff()]*公司))\n?",
                r"\n((?:SGS|T[UÜ]V|BSI|DNV|Bureau\s*Veritas|Intertek|Lloyd|LRQA|DQS|NQA|URS|DEKRA|ABS|CQC|AFNOR|SIRIM)[^\n]{0,60})\n",
                r"\n([A-Z][^\n:]{2,50}(?:Certification|Assurance|Registrars?)(?:Services|Group|Body)?[^\n:]{0,3}(?:Co[^\n]{0,8}|Ltd|Limited|Inc|GmbH)\.?)\n",
            ),
        ),
        Printed(
            "issued_on",
            Kind.DATE,
            "发证日期",
            _ISSUED_LABELS,
            read=_day,
        ),
        Printed(
            "valid_to",
            Kind.DATE,
            "有效期至",
            _END_LABELS,
            key=True,
            read=_day,
            patterns=(
                r"(?:valid\s*until|remain\s*valid\s*until|expires?\s*on)[:\s]*(\d{1,2}\s?[a-z]{3,9},?\s?\d{4})\n",
            ),
        ),
        Printed(
            "credit_code", Kind.CREDIT_CODE, "统一社会信用代码", (*CREDIT_CODE, "Unified social credit code", "USCC")
        ),
    ),
    titles=_TITLES,
    needs=(
        "ISO9",
        "ISO1",
        "ISO2",
        "ISO3",
        "ISO4",
        "ISO5",
        "ISO/",
        "GB/T",
        "管理体系",
        "management system",
        "IATF",
        "OHSAS",
    ),
    words=_WORDS,
    against=(
        "营业执照",
        "发票",
        "强制性产品认证",
        "产品认证证书",
        "有机产品认证",
        "计量",
        "检测报告",
        "test report",
        "驾驶证",
        "培训",
    ),
    other_labels=_OTHER_LABELS,
    finish=_both_names,
    numbers=("certificate_number",),
)
