"""营业执照: companies, branches, partnerships, sole proprietorships, co-operatives, individual businesses.

Layouts: 2019 landscape (国市监注〔2018〕253号; code top left over its number, two columns), 2014/2015
portrait (one column, code under the title), older portrait with a 15-digit 注册号.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.form import field_of, labelled, parse
from extractors.layout import Layout
from extractors.model import DocumentType, Emblem, Field, FieldSpec, Kind, Page, Status, TextLine, rectangle
from extractors.rows import Span, pieces
from extractors.straight import read_straight
from extractors.values import compact, find_dates, fold, parse_date, parse_term

_REPRESENTATIVES = ("法定代表人", "负责人", "经营者", "执行事务合伙人", "投资人")
_FIELDS = (
    FieldSpec(
        "credit_code",
        Kind.CREDIT_CODE,
        "统一社会信用代码",
        ("统一社会信用代码", "社会信用代码"),
        key=True,
        instead="registration_number",
    ),
    FieldSpec("registration_number", Kind.REGISTRATION_NUMBER, "注册号", ("注册号", "营业执照注册号", "工商注册号")),
    FieldSpec(
        "name", Kind.ORGANISATION, "名称", ("名称", "企业名称", "公司名称", "字号名称", "字号"), key=True, always=True
    ),
    FieldSpec("entity_type", Kind.TEXT, "类型", ("类型", "主体类型", "公司类型", "企业类型", "经济性质", "组成形式")),
    FieldSpec(
        "legal_representative",
        Kind.PERSON,
        "法定代表人",
        (*_REPRESENTATIVES, "经营者姓名", "法定代表人姓名"),
        key=True,
        always=True,
    ),
    FieldSpec("representative_title", Kind.CHOICE, "代表人称谓"),
    FieldSpec("address", Kind.ADDRESS, "住所", ("住所", "经营场所", "营业场所", "企业住所", "主要经营场所", "地址")),
    FieldSpec(
        "registered_capital", Kind.CAPITAL, "注册资本", ("注册资本", "出资额", "注册资金", "成员出资总额", "资金数额")
    ),
    FieldSpec("established_on", Kind.DATE, "成立日期", ("成立日期", "注册日期")),
    FieldSpec("term_from", Kind.DATE, "营业期限自", ("营业期限", "合伙期限", "经营期限")),
    FieldSpec("term_to", Kind.DATE, "营业期限至"),
    FieldSpec("term_is_indefinite", Kind.FLAG, "长期"),
    FieldSpec("business_scope", Kind.TEXT, "经营范围", ("经营范围", "业务范围", "经营范围及方式")),
    FieldSpec("registration_authority", Kind.ORGANISATION, "登记机关", ("登记机关",)),
    FieldSpec("issued_on", Kind.DATE, "发照日期", ("发照日期", "核准日期"), sealed=True),
    FieldSpec("copy_kind", Kind.CHOICE, "正副本"),
)
_LABELS = tuple(spec.labels for spec in _FIELDS if spec.labels)
# Printed words that end a value though they are no field of ours.
_OTHER_LABELS = (
    "营业执照", "实收资本", "编号", "证照编号", "副本", "副本号", "扫描二维码", "年检情况", "法定代表人(负责人)",
    "企业信用信息公示系统网址", "国家企业信用信息公示系统网址", "市场主体应当于每年",
)  # fmt: skip
_ENTITY_TYPE = re.compile(
    r"^(有限责任公司|股份有限公司|个体工商户|个人独资|普通合伙|有限合伙|合伙企业|全民所有制|集体所有制|农民专业合作|个体户"
    r"|外商投资|台港澳|分公司|其他有限|一人有限|私营|内资|国有)"
)
_AUTHORITY = re.compile(
    r"[\u3400-\u9fff]{2,24}(?:市场监督管理局|工商行政管理局|行政审批局|行政审批服务局|市场监督管理委员会)"
)
# SCJDGL (市场监督管理) is woven pale into the paper; OCR reads scraps of it alone or at the end of a line.
_SCRAP = r"(?:SCJDG[LI1]|CJDG[LI1]|SCJDG|JDG[LI1]|SCJD|CJDG|DG[LI1]|SCJ|JDG|CJD|G[LI1]|SC|JD|DG)+"
_WATERMARK = re.compile(rf"(?:^|(?<=[\u3400-\u9fff)）\s])){_SCRAP}\s*$")
_WATERMARK_BEFORE = re.compile(rf"^{_SCRAP}(?=[\u3400-\u9fff])")
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
_SCOPE_ROWS = 40


def extract(pages: Sequence[Page]) -> dict[str, Field]:
    """Fields of one licence. Only the page with most of its labels is read: another one is a second copy."""
    return read_straight([_printed(max(pages, key=_labels_on))], _read)


def _read(pages: Sequence[Page]) -> dict[str, Field]:
    (page,) = pages
    layout = _layout(page)
    fields = labelled([page], [s for s in _FIELDS if s.name not in _SPECIAL], [*_LABELS, *_OTHER_LABELS])
    fields["name"] = _name(layout)
    fields["credit_code"] = _code(layout, fields.get("credit_code", Field()))
    fields |= _representative(layout)
    fields |= _term(layout)
    fields["business_scope"] = field_of(_scope(layout), Kind.TEXT)
    fields["registration_authority"] = _authority(layout)
    fields["issued_on"] = _issued_on(layout)
    fields["copy_kind"] = _copy_kind(page)
    return _consistent(fields)


_SPECIAL = {"name", "legal_representative", "term_from", "business_scope", "registration_authority", "issued_on"}


def _printed(page: Page) -> Page:
    """The page without the paper's own watermark, and with labels joined downwards (名 over 住) taken apart."""
    lines: list[TextLine] = []
    for line in page.lines:
        mark = _WATERMARK.search(line.text)
        if mark and mark.start() == 0:
            continue
        text = line.cut(0, mark.start()) if mark else line
        if before := _WATERMARK_BEFORE.search(text.text):
            text = text.cut(before.end(), len(text.text))
        lines += _stacked(text) if 1 < len(text.text) <= 4 and text.height > 1.5 * text.width else [text]
    return replace(page, lines=tuple(lines))


def _stacked(line: TextLine) -> list[TextLine]:
    """The characters of a vertical line, each with its share of the height."""
    share = line.height / len(line.text)
    return [
        replace(
            line, text=char, box=rectangle(line.left, line.top + at * share, line.right, line.top + (at + 1) * share)
        )
        for at, char in enumerate(line.text)
    ]


def _layout(page: Page) -> Layout:
    return Layout(page, [*_LABELS, *_OTHER_LABELS])


def _labels_on(page: Page) -> int:
    text = "".join(compact(line.text) for line in page.lines)
    return sum(word in text for spec in _FIELDS for word in spec.labels)


def _words(name: str) -> tuple[str, ...]:
    return next(s.labels for s in _FIELDS if s.name == name)


def _name(layout: Layout) -> Field:
    """The name with its second row; a row that reads like an entity type belongs to a label OCR missed."""
    span = layout.value(_words("name"), lines=3)
    rows = [row for at, row in enumerate(span.rows) if not (at and _ENTITY_TYPE.match(_text(row)))]
    found = field_of(Span(tuple(rows)), Kind.ORGANISATION)
    text = str(found.value or "")
    if found.status is Status.READ and text.count("(") != text.count(")"):
        return _doubtful(found, "unbalanced_brackets")
    return found


def _code(layout: Layout, by_label: Field) -> Field:
    """The credit code: 18 characters anywhere, as the 2019 layout prints it under its label, not beside it."""
    candidates = []
    for row in layout.rows:
        for match in _CODE.finditer(row.text.upper()):
            chars = row.chars[match.start() : match.end()]
            before = [a.word for a in layout.labels if a.row is row and a.end <= match.start() and not a.remnant]
            if before and before[-1] not in _words("credit_code"):
                continue  # a serial number (编号) can have 18 digits too
            if sum(c.text.isdigit() for c in chars) >= 9:
                candidates.append(field_of(Span((pieces(chars),)), Kind.CREDIT_CODE, match.group(0)))
    values = {str(c.value) for c in candidates}
    if len(values) > 1:
        first = candidates[0]
        others = tuple(sorted(values - {str(first.value)}))
        return first.model_copy(update={"alternates": others, "status": Status.DOUBTFUL, "reason": "several_readings"})
    if candidates:
        return candidates[0]
    # Not 18 characters: whatever stands by the label is kept as evidence, when it looks like a number at all.
    digits = sum(c.isdigit() for c in str(by_label.value or ""))
    return by_label if digits >= 6 else Field()


def _representative(layout: Layout) -> dict[str, Field]:
    found = layout.find(_words("legal_representative"))
    for label in found:
        span = layout.right_of(label) or (layout.below(label) if label.firm else Span())
        if span and "委派代表" in "".join(p.text for p in layout.continued(label, span, 2).pieces):
            span = layout.continued(label, span, 2)
        if not span:
            continue
        person = _person_field(span)
        title = next((t for t in _REPRESENTATIVES if t in label.word), label.word)
        piece = label.placed.line
        return {
            "legal_representative": person,
            "representative_title": Field(
                value=title, raw=label.word, status=Status.READ, confidence=round(piece.confidence, 4),
                page=piece.page, box=piece.box,
            ),
        }  # fmt: skip
    return {}


def _person_field(span: Span) -> Field:
    """A person, or a firm acting through one (X公司（委派代表：Y）). A single character is a name half read."""
    # The paper's watermark leaves single letters behind short values too.
    scrap = re.search(r"(?<=[\u3400-\u9fff]{2})\s*[SCJDGL]{1,6}$", span.text)
    found = field_of(span, Kind.PERSON, parse(Kind.PERSON, span.text[: scrap.start()]) if scrap else None)
    plain = str(found.value or "")
    if found.status is Status.READ and len(plain) < 2:
        return _doubtful(found, "incomplete")
    return found


def _term(layout: Layout) -> dict[str, Field]:
    span = layout.value(_words("term_from"), lines=2, widest_gap=4.0)
    if not span:
        span = layout.value(_words("term_from"), lines=2, widest_gap=4.0, ambiguous=True)
        if not span or parse_term(span.text) is None:
            return _term_without_label(layout)
    first = Span(span.rows[:1])
    term = parse_term(first.text) or parse_term(span.text)
    if term is None:
        doubtful = _doubtful(field_of(span, Kind.DATE), "malformed")
        return {"term_from": doubtful, "term_to": doubtful}
    used = first if parse_term(first.text) else span
    begin, end, indefinite = term
    base = field_of(used, Kind.TEXT)
    missing = Field()
    return {
        "term_from": base.model_copy(update={"value": begin}) if begin else missing,
        # An indefinite term is a reading too: value None, but not missing.
        "term_to": base.model_copy(update={"value": end}),
        "term_is_indefinite": base.model_copy(update={"value": indefinite}),
    }


def _term_without_label(layout: Layout) -> dict[str, Field]:
    """A term told by its form alone (…至…). A label without a value is a term that could not be read, not none."""
    for row in layout.rows:
        begin = row.text.find("至")
        if begin > 0 and (term := parse_term(row.text)) and term[0] and not re.search(r"报送|公示", row.text):
            found = field_of(row.span(), Kind.TEXT)
            return {
                "term_from": found.model_copy(update={"value": term[0]}),
                "term_to": found.model_copy(update={"value": term[1]}),
                "term_is_indefinite": found.model_copy(update={"value": term[2]}),
            }
    for label in layout.find(_words("term_from")):
        printed = _doubtful(field_of(label.row.span(label.start, label.end), Kind.TEXT), "value_not_read")
        return {"term_to": printed.model_copy(update={"value": None})}
    return {}


def _scope(layout: Layout) -> Span:
    """Rows under each other: the scope ends where a label, the notice below or a wide gap begins."""
    return layout.value(_words("business_scope"), lines=_SCOPE_ROWS)


def _authority(layout: Layout) -> Field:
    for placed in layout.placed:
        text = compact(placed.line.text)
        match = _AUTHORITY.search(text)
        if match and "监制" not in text and "国家市场监督" not in text and "国家工商" not in text:
            return field_of(Span(((placed.line,),)), Kind.ORGANISATION, match.group(0))
    return Field()


def _issued_on(layout: Layout) -> Field:
    """The date over or under the authority's seal: after 登记机关 or a label, the lowest date on the page."""
    for label in layout.find(_words("issued_on")):
        if (span := layout.right_of(label, widest_gap=4.0)) and parse_date(span.text):
            return field_of(span, Kind.DATE)
    anchors = layout.find(["登记机关"])
    floor = anchors[0].placed.middle if anchors else layout.page.height * 0.6
    for row in reversed(layout.rows):
        if row.chars[0].placed.middle < floor - row.chars[0].placed.height:
            continue
        days = [d for d, _, _ in find_dates(row.text)]
        if len(days) == 1 and not re.search(r"报送|公示|年度报告", row.text):
            start = next(i for i, c in enumerate(row.chars) if c.text.isdigit() or c.text in "二〇一")
            return field_of(Span((pieces(row.chars[start:]),)), Kind.DATE, days[0])
    return Field()


def _copy_kind(page: Page) -> Field:
    for line in page.lines:
        text = compact(line.text)
        for word, value in (("副本", "duplicate"), ("正本", "original")):
            if word in text and len(text) <= 16:
                return field_of(Span(((line,),)), Kind.CHOICE, value)
    return Field()


def _consistent(fields: dict[str, Field]) -> dict[str, Field]:
    """A limited company's name ends in 公司 by law: one that does not was cut off or misread."""
    kind, name = str(fields.get("entity_type", Field()).value or ""), fields["name"]
    text = str(name.value or "")
    limited = re.search(r"有限责任公司|股份有限公司", kind) and not re.search(r"分公司|合伙", kind)
    if name.status is Status.READ and limited and not text.endswith(("公司", "集团")):
        fields["name"] = _doubtful(name, "incomplete")
    return fields


def _doubtful(found: Field, reason: str) -> Field:
    return found.model_copy(update={"status": Status.DOUBTFUL, "reason": reason})


def _text(row: Sequence[TextLine]) -> str:
    return "".join(fold(p.text) for p in row)


DOCUMENT_TYPE = DocumentType(
    id="business_licence",
    zh="营业执照",
    en="business licence",
    fields=_FIELDS,
    extract=extract,
    titles=("营业执照", "企业法人营业执照", "个体工商户营业执照", "合伙企业营业执照", "个人独资企业营业执照"),
    words=("统一社会信用代码", "注册号", "经营范围", "登记机关", "成立日期", "注册资本", "营业期限", "法定代表人",
           "市场监督管理总局监制", "企业信用信息公示系统", "类型", "住所", "经营场所", "经营者"),
    against=("开户许可证", "基本存款账户", "价税合计", "公民身份号码", "事业单位法人证书", "登记证书"),
    coloured=True,
    emblem=Emblem(("营业执照", "企业法人营业执照", "个体工商户营业执照", "合伙企业营业执照", "个人独资企业营业执照")),
    seal=True,
    numbers=("credit_code", "registration_number"),
)  # fmt: skip
