"""A certificate described by a table of labels: one declaration makes a document type, no code of its own.

Values stand behind their label, under it or in running text; a term is told by its form; a date
without a label at the foot is the day of issue. A value that looks like more than itself is doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from extractors.bilingual import in_chinese
from extractors.form import field_of, parse
from extractors.layout import Layout
from extractors.model import DocumentType, Emblem, Field, FieldSpec, FieldValue, Kind, Page, Status
from extractors.rows import Char, Span, pieces
from extractors.stacked import unstacked
from extractors.straight import read_straight
from extractors.terms import Term, read_term
from extractors.values import compact, find_dates, fold, simplified

Fields = dict[str, Field]

REPRESENTATIVES = (
    "法定代表人(负责人、业主)", "法定代表人(单位负责人)", "法定代表人(负责人)", "法定代表人或负责人", "法定代表人姓名",
    "法定代表人/负责人", "法定代表人", "负责人姓名", "单位负责人", "负责人", "法人代表",
)  # fmt: skip
_SEALED = ("(盖章)", "(签章)", "(印章)", "(公章)", "(章)", "(印)", "")
CREDIT_CODE = ("统一社会信用代码", "社会信用代码", "信用代码")
TAX_ID = (
    "社会信用代码(纳税人识别号)", "统一社会信用代码(纳税人识别号)", "纳税人识别号(统一社会信用代码)",
    "纳税人识别号(社会信用代码)", "纳税人识别号/统一社会信用代码", "统一社会信用代码/纳税人识别号",
    "纳税人识别号", "税务登记号", "税务登记证号", "税号", "统一社会信用代码", "社会信用代码",
)  # fmt: skip
ADDRESSES = ("住所", "地址", "住址", "单位地址", "详细地址")
ISSUED = ("发证日期", "颁证日期", "颁发日期", "发照日期", "签发日期", "核发日期", "发证时间")
FROM = ("有效期起", "有效期始", "有效期起始日期", "生效日期")
TERMS = (
    "证书有效期限", "证书有效期", "有效期限", "有效期间", "有效期", "有效日期", "有效期至", "有效期止",
    "有效期截止日期", "有效期限至", "证书有效期至", "有效截止日期",
)  # fmt: skip
_NUMERALS = "一二三四五六七八九十"
DATE = (
    r"(?:(?:19|20)\d{2}[年./-]\d{1,2}[月./-]\d{1,2}日?"
    rf"|[〇零○O0{_NUMERALS}]{{4}}年[元{_NUMERALS}]{{1,3}}月[{_NUMERALS}]{{1,3}}日)"
)

_LINES = {Kind.ORGANISATION: 3, Kind.ADDRESS: 4, Kind.BANK: 2, Kind.TEXT: 2}
_LABEL_GAP = 18.0  # text heights from a label to its value: cells are as wide as the paper, however short the label
_COLUMN_GAP = 2.2
# What is left of a label, a note where a seal belongs: no value.
_NO_VALUE = re.compile(r"[\s():;,.、。/\\-]*(?:盖章|签章|印章|公章|签字|章|印)?[\s():;,.、。/\\-]*")
# A date or a scrap of a seal where a name should stand.
_NO_NAME = re.compile(
    r"[^\u3400-\u9fffA-Za-z]*(?:[年月日][^\u3400-\u9fffA-Za-z]*){0,3}|[\dA-Za-z]{1,5}|[\u3400-\u9fff]"
)
_NAMES = (Kind.ORGANISATION, Kind.PERSON, Kind.ADDRESS)
_CREDIT_CODE = re.compile(r"(?<![0-9A-Z])(?:[1-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10})(?![0-9A-Z])")
# How names of offices end, and what is left of 发证机关 before one.
_OFFICE = re.compile(
    r"[\u3400-\u9fff()、\s]{2,40}(?:局|委员会|厅|部|处|署|院|会|政府|办公室|中心|所|科|税务分局|管理站|大厅)"
    r"(?:\([\u3400-\u9fff]{2,12}\))?"
)
_SEAT = re.compile(r"[省市区县旗州盟镇乡村]|国家|中[国共央华]|全国|总|部$|部委")
_CUT_BEFORE = re.compile(
    r"(?:[发颁]?证)?机?关(?!岭)|(?:登记|许可)机|单位|[省市区县旗局]|.*局税务分局$|位(?=[\u3400-\u9fff]*[省市])"
    r"|(?!中共|国家|中国|全国|驻|原)[\u3400-\u9fff]{1,2}(?:北京市|上海市|天津市|重庆市|新疆维吾尔|内蒙古自治区|(?:广东|江苏|浙江|山东"
    r"|河[南北]|湖[南北]|四川|福建|安徽|江西|辽宁|陕西|山西|云南|贵州|广西|甘肃|海南|青海|吉林|黑龙江)(?:省|壮族))"
)
# What seals hide in the middle of a name: a piece of a word that offices have in theirs.
_WORDS = re.compile(
    r"质量技术监督|(?:食品|药品|安全生产|食品药品)监督管理|市场(?:和质量)?监督管理|质量监督检验检疫|工商行政管理|登记管理"
    r"|(?:企业|法人|社团|社会组织)登记|监督管理|应急管理|城市管理|综合管理|行政管理"
)
_PIECES = re.compile(r"[质技督疫]|登记|登理|监管|管理|理局|(?<!事)业单位|检验检")
_DAY_BESIDE = re.compile(rf"(?:(?:19|20)\d{{2}}(?:[年./-].*)?|[〇零○二][〇零○O0{_NUMERALS}]{{3}}年.*)$")
_UNLABELLED = rf"((?:[自从](?:公元)?)?{DATE}起?至(?:公元)?{DATE}止?)"
_FOOT = re.compile(rf"[\u3400-\u9fff、,()]{{0,24}}?{DATE}[()\u3400-\u9fff]{{0,4}}")


@dataclass(frozen=True, slots=True)
class Printed(FieldSpec):
    """A field whose label alone does not tell its value.

    `patterns`: expressions over the page's text without spaces, tried in order before the labels; the first group
    that took part is the value. One that holds "\\n" sees the text with a break between lines. `lines`: rows a
    labelled value may run over. `read`: the value a text (rows apart by line breaks) holds, None where it holds none;
    it stands in for the kind's parser.
    """

    patterns: tuple[str, ...] = ()
    lines: int = 0
    read: Callable[[str], FieldValue] | None = None


def sealed_labels(*words: str) -> tuple[str, ...]:
    """Labels with the note that asks for a seal behind them: 发证机关(盖章), 发证机关."""
    return tuple(word + seal for seal in _SEALED for word in words)


def authority(name: str, zh: str, *labels: str) -> Printed:
    """The field of the office that signs, where its seal lies: a name that is cut short or runs on is doubtful."""
    return Printed(name, Kind.ORGANISATION, zh, sealed_labels(*labels), sealed=True, read=office)


def office(text: str) -> str | None:
    """The name of an office, without the day that stands beside it; None where it does not end as such names do.

    >>> office("南宁市国家税务局 2009年"), office("河北省市场监督管理局河"), office("关新疆维吾尔自治区民政厅")
    ('南宁市国家税务局', None, None)
    """
    name = _DAY_BESIDE.sub("", simplified(compact(text))).strip(":;,.、")
    if twice := re.fullmatch(r"(.{4,})\1", name):  # its print and its seal read one after the other
        name = twice[1]
    whole = _OFFICE.fullmatch(name) and _SEAT.search(name) and not _CUT_BEFORE.match(name)
    whole = whole and not _PIECES.search(_WORDS.sub("", name))
    return name if whole else None


def certificate(
    type_id: str,
    zh: str,
    en: str,
    fields: Sequence[FieldSpec],
    *,
    titles: tuple[str, ...],
    words: tuple[str, ...] = (),
    against: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    other_labels: tuple[str, ...] = (),
    label_gap: float = _LABEL_GAP,
    coloured: bool = False,
    emblem: Emblem | None = None,
    seal: bool = False,
    numbers: tuple[str, ...] = (),
    finish: Callable[[Sequence[Page], Fields], Fields] = lambda _, fields: fields,
) -> DocumentType:
    """A document type from its declaration.

    `other_labels` end a value though they are no field; `label_gap` (text heights) is how far a value may stand from
    its label; `finish` derives what several fields say together. A type with `valid_to` gets `valid_to_is_indefinite`.
    """
    specs = list(fields)
    if any(spec.name == "valid_to" for spec in specs):
        specs.append(FieldSpec("valid_to_is_indefinite", Kind.FLAG, "长期有效"))
    read = partial(_read, specs=tuple(specs), others=(*other_labels, *titles), label_gap=label_gap, finish=finish)
    return DocumentType(
        id=type_id, zh=zh, en=en, fields=tuple(specs), extract=partial(read_straight, read=read),
        titles=titles, words=words, against=against, needs=needs, coloured=coloured,
        emblem=emblem, seal=seal, numbers=numbers,
    )  # fmt: skip


def tax_id(text: str) -> str | None:
    """A taxpayer number of one of its lengths."""
    found = parse(Kind.CREDIT_CODE, text)
    runs = re.findall(r"(?<![0-9A-Z])[0-9A-Z]{15,20}(?![0-9A-Z])", re.sub(r"\s", "", text).upper())
    return str(found) if found else next((run for run in runs if len(run) != 16), None)


def digits(text: str) -> str | None:
    """The one long number in a text, as 第 1234567 号."""
    found = re.findall(r"\d{4,}", re.sub(r"\s", "", text))
    return found[0] if len(found) == 1 else None


def doubtful(found: Field, reason: str) -> Field:
    return found.model_copy(update={"status": Status.DOUBTFUL, "reason": reason})


@dataclass(frozen=True)
class Running:
    """A page as one run of text, line after line; places in it lead back to where they are printed."""

    layout: Layout
    broken: str = field(init=False)
    plain: str = field(init=False)
    _chars: tuple[Char | None, ...] = field(init=False)
    _plain_at: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        chars: list[Char | None] = []
        for row in sorted((row for row in self.layout.rows if row.chars), key=lambda row: row.middle):
            for segment in row.segments(_COLUMN_GAP):
                chars += [*segment.chars, None]
        broken = "".join(char.text if char else "\n" for char in chars)
        at = tuple(i for i, char in enumerate(chars) if char)
        for name, value in {
            "_chars": tuple(chars), "broken": broken, "plain": broken.replace("\n", ""), "_plain_at": at,
        }.items():  # fmt: skip
            object.__setattr__(self, name, value)

    def first(self, pattern: str) -> Span:
        """Where a pattern's first group that took part stands; empty where it does not match."""
        by_line = r"\n" in pattern
        match = re.search(pattern, self.broken if by_line else self.plain, re.IGNORECASE)
        if not match:
            return Span()
        group = next((g for g in range(1, match.re.groups + 1) if match.group(g)), 0)
        start, end = match.span(group)
        if start == end:
            return Span()
        if by_line:
            return _span(self._chars[start:end])
        return _span(self._chars[self._plain_at[start] : self._plain_at[end - 1] + 1])


def _span(chars: Iterable[Char | None]) -> Span:
    rows: list[list[Char]] = [[]]
    for char in chars:
        if char is None:
            rows.append([])
        else:
            rows[-1].append(char)
    return Span(tuple(pieces(row) for row in rows if row))


def _read(
    pages: Sequence[Page],
    specs: Sequence[FieldSpec],
    others: Sequence[str],
    label_gap: float,
    finish: Callable[[Sequence[Page], Fields], Fields],
) -> Fields:
    groups = [*(spec.labels for spec in specs if spec.labels), *others]
    words = [word for group in groups for word in ((group,) if isinstance(group, str) else group)]
    whole = [unstacked(in_chinese(page, words), words) for page in pages]
    sheets = [_Sheet(Layout(page, groups), label_gap) for page in whole]
    by_name = {spec.name: spec for spec in specs}
    fields: Fields = {}
    for spec in specs:
        if spec.name not in ("valid_from", "valid_to", "valid_to_is_indefinite"):
            found = next((f for sheet in sheets if (f := sheet.field(spec))), None)
            fields |= {spec.name: found} if found else {}
    if "valid_to" in by_name:
        fields |= _term(sheets, by_name)
    for spec in specs:
        if spec.sealed and spec.kind is Kind.DATE and spec.name not in fields:
            found = next((f for sheet in reversed(sheets) if (f := sheet.date_at_the_foot())), None)
            fields |= {spec.name: found} if found else {}
    return finish(whole, fields)


@dataclass(frozen=True)
class _Sheet:
    """One page of a certificate, ready to be asked for fields."""

    layout: Layout
    label_gap: float
    running: Running = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "running", Running(self.layout))

    def field(self, spec: FieldSpec) -> Field | None:
        printed = spec if isinstance(spec, Printed) else None
        for pattern in printed.patterns if printed else ():
            if span := self.running.first(pattern):
                return typed(span, spec)
        lines = (printed.lines if printed else 0) or _LINES.get(spec.kind, 1)
        span = self.value(spec.labels, lines)
        if span and not (spec.kind in _NAMES and _NO_NAME.fullmatch(compact(span.text))):
            return self._checked(typed(span, spec), spec)
        if spec.kind is Kind.CREDIT_CODE:
            return self._code_alone()
        return None

    def value(self, labels: Sequence[str], lines: int, widest_gap: float = _COLUMN_GAP) -> Span:
        """The value of the first label that has one; a note that asks for a seal is none."""
        span = self.layout.value(labels, lines=lines, widest_gap=widest_gap, label_gap=self.label_gap)
        return Span() if _NO_VALUE.fullmatch(span.text) else span

    def _checked(self, found: Field, spec: FieldSpec) -> Field:
        """A value that runs into the next column is doubtful: another field's long label stands inside it."""
        flat, own = compact(found.raw), "".join(map(compact, spec.labels))
        runs_on = any(len(word) >= 4 and word in flat and word not in own for word in self.layout.words)
        return doubtful(found, "holds_another_label") if runs_on and found.status is Status.READ else found

    def _code_alone(self) -> Field | None:
        """The one credit code on the page, where its label was not read."""
        found = {m.group() for m in _CREDIT_CODE.finditer(self.running.broken.upper())}
        if len(found) != 1:
            return None
        code = found.pop()
        if parse(Kind.ID_NUMBER, code) == code and find_dates(code[6:14]):
            return None  # a person's number
        return field_of(self.running.first(rf"(?<![0-9A-Z]){code}(?![0-9A-Z])\n?"), Kind.CREDIT_CODE, code)

    def date_at_the_foot(self) -> Field | None:
        """The lowest date that no label owns, below the middle of the print: where the issuer signs."""
        rows = sorted((row for row in self.layout.rows if row.chars), key=lambda row: row.middle)
        if not rows:
            return None
        floor = (rows[0].middle + rows[-1].middle) / 2
        for row in reversed(rows):
            if row.middle < floor:
                break
            for run in row.segments(_COLUMN_GAP * 2):
                owned = any(a.row is row and a.firm and a.left <= run.left for a in self.layout.labels)
                days = find_dates(run.text)
                if not owned and len(days) == 1 and _FOOT.fullmatch(run.text):
                    day, start, end = days[0]
                    found = field_of(run.span(start, end), Kind.DATE, day)
                    return found.model_copy(update={"reason": found.reason or "unlabelled"})
        return None


def typed(span: Span, spec: FieldSpec) -> Field:
    """The field a span holds, by the spec's own reading of it where it has one."""
    read = spec.read if isinstance(spec, Printed) else None
    value = read(fold(span.raw)) if read else None
    found = field_of(span, spec.kind, value)
    if read and value is None:
        return doubtful(found, "malformed")
    text = str(found.value or "")
    if spec.kind is Kind.ORGANISATION and found.status is Status.READ and text.count("(") != text.count(")"):
        return doubtful(found, "unbalanced_brackets")
    return found


def _term(sheets: Sequence[_Sheet], specs: Mapping[str, FieldSpec]) -> Fields:
    """Begin and end of a term: each by its own label, both in one line, or told by their form alone."""
    begin, end = specs.get("valid_from"), specs["valid_to"]
    read = end.read if isinstance(end, Printed) else None
    for sheet in sheets:
        ends = [*_spans(sheet, end), *([span] if (span := sheet.running.first(_UNLABELLED)) else [])]
        starts = _spans(sheet, begin) if begin else []
        terms = [(span, term) for span in ends if (term := read_term(span.text, read))]
        first = [(span, term) for span in starts if (term := read_term(span.text, read))]
        whole = next(((span, term) for span, term in (*terms, *first) if term.begin and term.has_end), None)
        last = whole or next(((span, term) for span, term in terms if term.has_end), None)
        if last:
            fields = of_term(*last)
            if begin and "valid_from" not in fields and first:
                fields["valid_from"] = field_of(first[0][0], Kind.DATE, first[0][1].only)
            return fields if begin else {name: f for name, f in fields.items() if name != "valid_from"}
        if first and begin and not ends:
            return {"valid_from": field_of(first[0][0], Kind.DATE, first[0][1].only)}
        if ends:  # a label whose value is no term is a term that could not be read, not none
            unread = {"valid_to": doubtful(field_of(ends[0], Kind.TEXT), "malformed")}
            opened = next(((span, term) for span, term in terms if term.begin), None)
            return unread | (
                {"valid_from": field_of(opened[0], Kind.DATE, opened[1].begin)} if opened and begin else {}
            )
    return {}


def _spans(sheet: _Sheet, spec: FieldSpec) -> list[Span]:
    patterns = spec.patterns if isinstance(spec, Printed) else ()
    found = [sheet.running.first(pattern) for pattern in patterns]
    found += [sheet.value(spec.labels, lines, widest_gap=6.0) for lines in (1, 2, 3)]
    return [span for span in found if span]


def of_term(span: Span, term: Term) -> Fields:
    """The fields of a term: its end, whether it has none, and its begin where it is printed."""
    base = field_of(span, Kind.TEXT)
    fields = {
        # An indefinite term is a reading too: value None, but not missing.
        "valid_to": base.model_copy(update={"value": term.end}),
        "valid_to_is_indefinite": base.model_copy(update={"value": term.indefinite}),
    }
    return fields | ({"valid_from": base.model_copy(update={"value": term.begin})} if term.begin else {})
