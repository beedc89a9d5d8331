"""What people read: verdicts, states and field names in Chinese and English, values as plain text."""

from __future__ import annotations

import locale
import os
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from extractors.model import Field, FieldSpec, FieldValue, Kind, Status
from validators.findings import Bilingual, CheckResult, Severity, Verdict
from validators.signatures import Integrity

if TYPE_CHECKING:
    from validators.due import Due
    from validators.profile import CheckSpec, Profile

Language = Literal["zh", "en", "both"]


def two(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


VERDICTS = {
    Verdict.ACCEPT: two("会被接受", "Would be accepted"),
    Verdict.REVIEW: two("需要人工核对", "Needs a person"),
    Verdict.REJECT: two("会被拒绝", "Would be refused"),
}
LEADS = {
    Verdict.ACCEPT: two(
        "要求的检查都已完成并通过，可以提交。", "Every required check was done and passed. It can be submitted."
    ),
    Verdict.REVIEW: two(
        "没有发现确定的错误，但有内容读不准或无法核对，请先由人确认下列各项。",
        "Nothing is proven wrong, but something could not be read or checked. Have a person confirm it first.",
    ),
    Verdict.REJECT: two(
        "发现了平台会退回的问题，请先改正再提交。",
        "There are problems the platform would send back. Mend them before submitting.",
    ),
}
SEVERITIES = {
    Severity.ERROR: two("错误", "Error"),
    Severity.WARNING: two("提醒", "Warning"),
    Severity.INFO: two("说明", "Note"),
}
STATUSES = {
    Status.VERIFIED: two("已核实", "Verified"),
    Status.READ: two("已读取", "Read"),
    Status.DOUBTFUL: two("存疑", "Doubtful"),
    Status.MISSING: two("未读到", "Missing"),
}
STATUS_HELP = {
    Status.VERIFIED: two("校验码或第二处独立读数一致", "a check digit or a second independent reading agrees"),
    Status.READ: two("格式正确，只有一处读数", "well-formed, one reading"),
    Status.DOUBTFUL: two("格式不对、看不清或几处读数不一致", "malformed, unclear, or readings that conflict"),
    Status.MISSING: two("文件上没有找到", "not found on the document"),
}
STATUS_ICONS = {Status.VERIFIED: "✓", Status.READ: "●", Status.DOUBTFUL: "?", Status.MISSING: "–"}
RESULTS = {
    CheckResult.PASSED: two("通过", "Passed"),
    CheckResult.FAILED: two("未通过", "Failed"),
    CheckResult.NOT_CHECKED: two("未检查", "NOT CHECKED"),
}
SOURCES = {
    "ocr": two("图像识别", "read by OCR"),
    "text": two("PDF 文本", "PDF text"),
    "ofd": two("OFD 数据", "OFD data"),
    "xml": two("XML 数据", "XML data"),
    "xlsx": two("Excel 表格", "spreadsheet"),
}
INTEGRITIES = {
    Integrity.INTACT: two("完整", "intact"),
    Integrity.BROKEN: two("已破坏", "broken"),
    Integrity.NOT_CHECKED: two("有签名，未核验", "present, not checked"),
    Integrity.ABSENT: two("无签名", "absent"),
}
SIDES = {"front": two("正面", "front"), "back": two("背面", "back"), "both": two("正反面", "both sides")}
REASONS = {  # why a field has its state, by the code in `Field.reason`
    "arithmetic": two("按金额勾稽判断", "by arithmetic"),
    "bad_rows": two("有的行填写有误", "some rows are wrong"),
    "birth_date_agrees": two("与出生日期一致", "agrees with the date of birth"),
    "birth_date_differs": two("与出生日期不一致", "differs from the date of birth"),
    "character_missing": two("疑缺一个字", "a character seems to be missing"),
    "check_digit": two("校验码正确", "check digit agrees"),
    "check_digit_wrong": two("校验码不对", "check digit is wrong"),
    "conflict": two("几处读数不一致", "readings conflict"),
    "column_missing": two("缺少这一列", "the column is missing"),
    "copies_differ": two("各联次不一致", "copies differ"),
    "error_value": two("公式错误值", "a formula's error"),
    "from_lines": two("按明细得出", "from the lines"),
    "from_words": two("按大写金额得出", "from the amount in words"),
    "id_number": two("与证件号码一致", "agrees with the ID number"),
    "items_add_up": two("明细合计相符", "the lines add up"),
    "lines_incomplete": two("明细没有读全", "not every line was read"),
    "list_differs": two("与所附清单合计不符", "the attached list adds up to something else"),
    "list_not_attached": two("清单未附", "the list is not attached"),
    "low_confidence": two("看不清", "unclear"),
    "marked": two("有标记", "marked"),
    "malformed": two("格式不对", "malformed"),
    "not_marked": two("没有标记", "not marked"),
    "missing": two("未填写", "not filled in"),
    "no_rows": two("没有填写任何行", "no row is filled in"),
    "not_a_code": two("不是有效的编码", "no valid code"),
    "not_a_date": two("不是日期", "no date"),
    "not_a_document_number": two("不是有效的证件号码", "no valid document number"),
    "not_a_mobile": two("不是有效的手机号", "no valid mobile number"),
    "not_a_month": two("不是年月", "no month"),
    "not_a_name": two("不是姓名", "no name"),
    "not_a_number": two("不是数字", "no number"),
    "not_done": two("付款没有完成", "the payment was not made"),
    "not_positive": two("应大于 0", "must be above zero"),
    "not_whole": two("应为整数", "must be a whole number"),
    "other_currency": two("币种不符", "another currency"),
    "other_unit": two("以万为单位", "in units of ten thousand"),
    "parties_alike": two("付款方与收款方相同", "payer and payee are the same"),
    "readings_differ": two("几处读数不一致", "readings differ"),
    "repaired": two("按算术关系在两种读法中取其一", "arithmetic chose between two readings"),
    "repeated": two("与前面的一行重复", "repeats a row before it"),
    "second_print": two("另一处印刷一致", "a second print agrees"),
    "read_flat": two("展平、匀光后重读所得", "read again, laid flat in even light"),
    "read_without_seal": two("去除印章后重读所得", "read again without the seal"),
    "second_reading": two("放大重读所得", "read again, closer"),
    "sex_differs": two("与性别不一致", "differs from the sex"),
    "several_tables": two("有几张表，不能确定以哪张为准", "several tables; which counts is not clear"),
    "sum_of_lines": two("明细相加", "the lines added up"),
    "sums_differ": two("金额不相符", "the sums differ"),
    "title_not_read": two("没有读到标题", "the title was not read"),
    "typed_as_number": two("号码按数字填写，可能丢失位数", "typed as a number; digits may be lost"),
    "unknown_choice": two("不在可选项中", "none of the choices"),
    "unlabelled": two("没有标签", "without a label"),
    "validity_span": two("有效期年限不对", "not a lawful span"),
    "words_agree": two("大小写金额一致", "words and figures agree"),
    "words_differ": two("大小写金额不一致", "words and figures differ"),
    "year_differs": two("与年份不一致", "differs from the year"),
}
DECLARED_KEYS = {
    "company_name": two("公司名称", "Company name"),
    "company_name_en": two("公司英文名称", "Company name in English"),
    "credit_code": two("统一社会信用代码", "Credit code"),
    "registration_number": two("注册号", "Registration number"),
    "legal_representative": two("法定代表人", "Legal representative"),
    "legal_representative_id": two("法定代表人证件号码", "Legal representative's ID number"),
    "mobile": two("经办人手机号", "Operator's mobile number"),
    "email": two("邮箱", "E-mail"),
    "phone": two("电话", "Phone"),
    "account_name": two("账户名称", "Account name"),
    "account_number": two("账号", "Account number"),
    "bank_name": two("开户银行", "Bank"),
    "address": two("地址", "Address"),
    "registered_capital": two("注册资本", "Registered capital"),
    "established_on": two("成立日期", "Established on"),
    "member_name": two("会员名", "Member name"),
}

CAUSES = {  # what a run stopped for or a submission failed for, and what to do, in Chinese; English is in the error
    "disk_full": ("磁盘已满。", "请清理磁盘，或换一个文件夹，然后继续。"),
    "model_missing": ("OCR 引擎或其模型无法加载。", "运行 heyan doctor 可看到缺少什么。"),
    "engine": ("OCR 引擎读每个文件都出错。", "运行 heyan doctor 可看到装了什么、能否识别。"),
    "files_away": ("资料所在的文件夹或存储无法访问。", "请接通后继续。"),
    "database_away": ("数据库无法访问。", "请确认数据库在运行，然后继续。"),
    "prefect_away": ("Prefect 服务器无法访问。", "请确认服务器在运行，然后继续。"),
}


def type_name(type_id: str) -> Bilingual:
    """The name of a document type as its own declaration gives it."""
    from extractors.registry import UNKNOWN, document_types

    if declared := document_types().get(type_id):
        return two(declared.zh, declared.en)
    return two("未能识别的文件", "Unknown document") if type_id == UNKNOWN else two(type_id, type_id)


def field_name(type_id: str, name: str) -> Bilingual:
    """The printed name of a field; English from its identifier."""
    english = name.replace("_", " ").capitalize().replace(" id", " ID").replace("Id ", "ID ")
    spec = _spec(type_id, name)
    return two(spec.zh if spec else english, english)


def _spec(type_id: str, name: str) -> FieldSpec | None:
    from extractors.registry import document_types

    declared = document_types().get(type_id)
    return next((s for s in declared.fields if s.name == name), None) if declared else None


def declared_name(key: str) -> Bilingual:
    """The name of something the applicant declares."""
    return DECLARED_KEYS.get(key) or two(key, key.replace("_", " ").capitalize())


def titles(profile: Profile | None) -> dict[str, Bilingual]:
    """The profile's own names, by id: of itself, its declared values and its slots."""
    if profile is None:
        return {}
    declared = {key: item.title for key, item in profile.declared.items()}
    slots = {name: slot.title for name, slot in profile.slots.items()}
    return {profile.id: profile.title} | declared | slots


_KINDS = {  # what is asked of one field, by the kind of check
    "present": two("清晰可读", "can be read"),
    "not_expired": two("在有效期内", "not expired"),
    "not_expired_if_printed": two("在有效期内", "not expired"),
    "issued_within": two("日期在期限内", "recent enough"),
    "renewal_due": two("按期更新", "renewed in time"),
}


def check_name(check_id: str, profile: Profile | None) -> Bilingual | None:
    """What a check asks, in words, from what it is applied to; None where its id must do."""
    if profile is None:
        return None
    prefix, _, rest = check_id.partition(":")
    if prefix == "slot" and rest in profile.slots:
        return profile.slots[rest].title
    if prefix == "prerequisite" and rest in profile.prerequisites:
        title = profile.prerequisites[rest].title
        return two(f"已通过：{title.zh}", f"Passed before: {title.en}")
    if prefix == "declared" and rest in profile.declared:
        title = profile.declared[rest].title
        return two(f"申报的{title.zh}", f"Declared {title.en}")
    spec = next((spec for spec in profile.checks if spec.id == check_id), None)
    return _asked(spec, profile) if spec else None


def _asked(spec: CheckSpec, profile: Profile) -> Bilingual | None:
    told = spec.params.get("what")
    if isinstance(told, dict) and "zh" in told and "en" in told:
        return two(told["zh"], told["en"])
    places = {key: _place(str(value), profile) for key, value in spec.params.items() if isinstance(value, str)}
    if "left" in places and "right" in places:
        return two(f"{places['left'].zh} ＝ {places['right'].zh}", f"{places['left'].en} = {places['right'].en}")
    place = next((places[key] for key in ("field", "value", "last") if key in places), None)
    kind = _KINDS.get(spec.check)
    return two(f"{place.zh}{kind.zh}", f"{place.en}: {kind.en}") if place and kind else place


def _place(reference: str, profile: Profile) -> Bilingual:
    """A reference in words: a declared value, a field on a document, a value of an earlier step."""
    head, _, name = reference.partition(".")
    if head == "declared" and name in profile.declared:
        title = profile.declared[name].title
        return two(f"申报的{title.zh}", f"Declared {title.en}")
    if head in profile.prerequisites:
        step, said = profile.prerequisites[head].title, declared_name(name)
        return two(f"“{step.zh}”时的{said.zh}", f"{said.en} at “{step.en}”")
    if head not in profile.slots:
        return two(reference, reference)
    place = profile.slots[head]
    first = next((n for n in name.split("|") if _spec(place.accepts[0], n)), name.partition("|")[0])
    field = field_name(place.accepts[0], first)
    return two(f"{place.title.zh}的{field.zh}", f"{field.en} on the {place.title.en}")


_RUNS_OUT = {  # what running out means, by the kind of check that looks at the day
    "not_expired": two("到期", "expires"),
    "not_expired_if_printed": two("到期", "expires"),
    "issued_within": two("超过规定的期限", "becomes too old"),
    "renewal_due": two("须更新", "renewal falls due"),
    "invoice_authentic": two("超过可查验的年限", "can no longer be verified"),
    "own_photos": two("照片过旧", "the photo becomes too old"),
    "registry_agrees": two("登记数据过旧", "the registry's data becomes too old"),
}
_UNPRINTED = {  # what a check may look at beside fields of documents
    "taken_on": two("拍摄日期", "Taken on"),
    "as_of": two("工商登记数据", "Data of the company registry"),
}


def runs_out(due: Due, profile: Profile | None) -> tuple[Bilingual, Bilingual | None]:
    """What runs out, and what that means: by the check that looks at it, where the profile still has it."""
    spec = next((spec for spec in profile.checks if spec.id == due.by), None) if profile else None
    if profile is None or spec is None:
        return _name_in(due.name, ()), None
    told = spec.params.get("what")
    if isinstance(told, dict) and "zh" in told and "en" in told:
        return two(told["zh"], told["en"]), None
    return _standing(due.name, spec, profile), _RUNS_OUT.get(spec.check)


def _standing(name: str, spec: CheckSpec, profile: Profile) -> Bilingual:
    """A field or declared value with where it stands, by the reference of the check that leads to it."""
    for reference in (value for value in spec.params.values() if isinstance(value, str)):
        head, _, names = reference.partition(".")
        if names and name not in names.split("|"):
            continue
        if head in profile.slots:
            slot = profile.slots[head]
            having = [type_id for type_id in slot.accepts if _spec(type_id, name)]
            # Of a slot for papers of many kinds, the one kind that has such a field says more than the slot.
            where = type_name(having[0]) if len(having) == 1 < len(slot.accepts) else slot.title
            return _joined(where, _name_in(name, slot.accepts))
        if head == "declared" and name in profile.declared:
            title = profile.declared[name].title
            return two(f"申报的{title.zh}", f"Declared {title.en}")
        if head in profile.prerequisites:
            return _joined(profile.prerequisites[head].title, declared_name(name))
    return _name_in(name, ())


def _name_in(name: str, types: Iterable[str]) -> Bilingual:
    """The name of a field as the first of these types has it, or else any."""
    from extractors.registry import document_types

    having = (type_id for type_id in (*types, *document_types()) if _spec(type_id, name))
    return _UNPRINTED.get(name) or next((field_name(type_id, name) for type_id in having), declared_name(name))


def _joined(where: Bilingual, name: Bilingual) -> Bilingual:
    english = where.en[:1].upper() + where.en[1:]
    return two(f"{where.zh} · {name.zh}", f"{english}: {name.en[:1].lower()}{name.en[1:]}")


def reason(code: str) -> Bilingual:
    return REASONS.get(code) or two(code.replace("_", " "), code.replace("_", " "))


CHOICES = {  # values of fields that hold an identifier, not text of the document
    "original": two("正本", "original"),
    "duplicate": two("副本", "duplicate"),
    "special": two("增值税专用发票", "special"),
    "ordinary": two("增值税普通发票", "ordinary"),
    "electronic_special": two("增值税电子专用发票", "electronic special"),
    "electronic_ordinary": two("增值税电子普通发票", "electronic ordinary"),
    "digital_special": two("电子发票（增值税专用发票）", "digital special"),
    "digital_ordinary": two("电子发票（普通发票）", "digital ordinary"),
    "roll": two("卷票", "roll"),
    "vehicle": two("机动车销售发票", "vehicle"),
    "used_vehicle": two("二手车销售发票", "used vehicle"),
}


def field_value(type_id: str, name: str, field: Field) -> Bilingual:
    """A field's value for people: an identifier in words, anything else as it is written."""
    spec = _spec(type_id, name)
    if spec and spec.kind is Kind.CHOICE and field.value in CHOICES:
        return CHOICES[str(field.value)]
    if isinstance(field.value, bool):
        return two("是", "yes") if field.value else two("否", "no")
    if isinstance(field.value, list):
        return two(f"{len(field.value)} 行", f"{len(field.value)} lines")
    text = shown(field.value, field.raw)
    return two(text, text)


def shown(value: FieldValue | object, raw: str = "") -> str:
    """A value as people write it; a value of None that was read (长期) shows what is printed."""
    if value is None or value == "":
        return visible(raw)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return visible(str(value))


def visible(text: str) -> str:
    """Text safe to show: controls, escape sequences and text-direction tricks become visible marks.

    Document text and file names are untrusted; a terminal would obey ESC, and a bidi override can
    make 123 look like 321.
    """
    return text if text.isprintable() else "\n".join(map(_visible_line, text.split("\n")))


def _visible_line(line: str) -> str:
    return line if line.isprintable() else "".join(c if _harmless(c) else "�" for c in line)


def _harmless(character: str) -> bool:
    """Not a control, a mark of direction, or U+FFFE and its like, which no page and no workbook can hold."""
    nowhere = ord(character) & 0xFFFE == 0xFFFE
    return not nowhere and unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def pick(text: Bilingual, language: Language, between: str = " ") -> str:
    """One language, or both: Chinese first. The same in both is said once."""
    if language == "both":
        return text.zh if text.zh == text.en else f"{text.zh}{between}{text.en}"
    return text.zh if language == "zh" else text.en


def terminal_language(environment: Mapping[str, str] = os.environ) -> Language:
    """zh where the locale is Chinese, both where there is none to go by, else en."""
    named = next((environment[v] for v in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(v)), "")
    if not named and os.name == "nt":
        named = locale.getlocale()[0] or ""
    named = named.lower()
    if named.startswith(("zh", "chinese")):
        return "zh"
    return "both" if not named or named.split(".")[0] in ("c", "posix") else "en"
