"""Resident identity card (居民身份证, GA 448): front, back, or both, on one page or over several.

The labels of a card are printed in pale blue and often lost, so every value is also known by its form
(the number, 1987年9月17日, 男 民族 汉) and by its place: values share one left edge, rows one distance.
Text that was laid over the card (仅供…使用, signatures) differs in slant, size or place and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from extractors.form import agreed, field_of
from extractors.layout import Layout
from extractors.model import DocumentType, Emblem, Field, FieldSpec, FieldValue, Kind, Page, Status
from extractors.rows import Row, Span
from extractors.straight import read_straight, straightened
from extractors.values import compact, find_dates, parse_date

_ETHNICITIES = """
    汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡
    纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克
    德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
"""
ETHNICITIES = frozenset(_ETHNICITIES.split())  # GB/T 3304
_FRONT = ("姓名", "性别", "民族", "出生", "住址", "公民身份号码")
_BACK = ("签发机关", "有效期限", "居民身份证", "中华人民共和国")
_LABELS = (*_FRONT, *_BACK)

_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_DOT = "[·•・.‧∙]"
_NAME = re.compile(rf"{_HAN}(?:{_HAN}|{_DOT})*{_HAN}")
_NAME_REST = re.compile(rf"(?:{_HAN}|{_DOT})+")
_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx×](?![0-9A-Za-z])")
_NUMBER_LABEL = re.compile(r"[公民身]*份证?号码?:?")
_BIRTH = re.compile(r"(?<!\d)(?:19|20)\d{2}年\d{1,2}月\d{1,2}日?")
_OWN_FORM = re.compile(rf"{_NUMBER.pattern}|{_BIRTH.pattern}")
_GAPPED_DATE = re.compile(r"(?:19|20)\d{2}[年\s]+\d{1,2}[月\s]+\d{1,2}\s*日?\s*")
_SEX_LABEL = re.compile(r"[性姓]别:?|^[性别](?=[男女])")
_ADDRESS_LINE = re.compile(rf"{_HAN}|^[\d-]{{1,6}}$")
_AUTHORITY_LABEL = re.compile(r"签?发机关:?|签发机:?")
_POLICE = re.compile(rf"{_HAN}+公安{_HAN}*[局厅处]")
_TERM_LABEL = re.compile(r"有?效期限?:?")
_DAY = r"(?:19|20)\d{2}\.?\d{2}\.?\d{2}"
_TERM = re.compile(rf"(?<!\d){_DAY}\D{{0,3}}(?:{_DAY}|长期)(?!\d)")

# All in text heights.
_CARD_GAP = 6.0  # wider gaps in a row lie between two cards, or between text and portrait
_WORD_GAP = 2.0  # characters of one value stand closer
_ROW = (1.0, 2.8)  # from one row of the card to the next
_WRAPPED = (0.6, 2.0)  # from one line of a value to the next
_ALIGNED = 1.6


def extract(pages: Sequence[Page]) -> dict[str, Field]:
    """The fields of a card. A second print of a value is kept in `alternates`; prints that differ are doubtful.

    长期 is `valid_to` None (read, with reason "indefinite") and `valid_to_is_indefinite` True.
    """
    return read_straight(pages, _read)


def sides(pages: Sequence[Page]) -> str:
    """Which sides these pages show: "front", "back", "both", or "" where neither can be told."""
    front = back = False
    for page in pages:
        runs = _runs(straightened(page)[0])
        text = "".join(run.text for run in runs)
        front |= sum(word in text for word in _FRONT) >= 2 or any(_Front(runs).found())
        back |= "签发机关" in text or "有效期限" in text or all(w in text for w in _BACK[2:]) or any(_back(runs))
    return "both" if front and back else "front" if front else "back" if back else ""


def _read(pages: Sequence[Page]) -> dict[str, Field]:
    candidates: dict[str, list[Field]] = {}
    for page in pages:
        runs = _runs(page)
        for found in (*_Front(runs).found(), *_back(runs)):
            candidates.setdefault(found.name, []).append(_field(found))
    return {name: agreed(fields) for name, fields in candidates.items()}


def numbers_of(regions: Sequence[str]) -> tuple[str, ...]:
    """How numbers of these regions (six digits) begin, whoever holds them: with the century of the birth."""
    return tuple(f"{region}{century}" for region in regions for century in ("19", "20"))


class _Piece(NamedTuple):
    """Characters [start:end) of a run."""

    run: Row
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.run.text[self.start : self.end]

    @property
    def left(self) -> float:
        return self.run.chars[self.start].left

    @property
    def span(self) -> Span:
        return self.run.span(self.start, self.end)


class _Found(NamedTuple):
    """A value of a field as it stands on the straightened page; `doubt` says why it is doubtful."""

    name: str
    span: Span
    value: FieldValue = None  # where it is known already
    doubt: str = ""
    note: str = ""


def _field(found: _Found) -> Field:
    field = field_of(found.span, _KINDS[found.name], found.value)
    if found.note == "indefinite":
        field = field.model_copy(update={"value": None, "status": Status.READ, "reason": found.note})
    elif found.doubt and field.status is Status.READ:
        field = field.model_copy(update={"status": Status.DOUBTFUL, "reason": found.doubt})
    elif found.note and not field.reason:
        field = field.model_copy(update={"reason": found.note})
    return field


_BACK_WORDS = re.compile(r"签发机关|有效期限|中华人民共和国|居民身份证")


def _runs(page: Page) -> list[Row]:
    """The page's text as runs of characters that stand together, from the top."""
    segments = [run for row in Layout(page, _LABELS).rows if row.chars for run in row.segments(_CARD_GAP)]
    runs = [run for segment in segments for run in _sides_of(segment)]
    return sorted(runs, key=lambda run: (run.middle, run.left))


def _sides_of(run: Row) -> list[Row]:
    """A run broken where the other side's text begins: cards side by side can stand close."""
    starts = [m.start() for m in _BACK_WORDS.finditer(run.text) if m.start() and run.chars[m.start()].starts]
    return [Row(run.chars[a:b]) for a, b in zip([0, *starts], [*starts, len(run.chars)], strict=True)]


class _Front:
    """The side with the person's data."""

    def __init__(self, runs: Sequence[Row]) -> None:
        self.runs = [run for run in runs if not re.search(r"效期|期限|签发|居民身份证|共和国", run.text)]

    def found(self) -> Iterator[_Found]:
        for piece in self._numbers:
            proper = _NUMBER.fullmatch(piece.text)
            yield _Found("id_number", piece.span, piece.text.upper().replace("×", "X") if proper else None)
        for piece in self._births:
            # Where a pale 年 or 月 was lost, the gap it left tells the numbers apart.
            gapped = _GAPPED_DATE.fullmatch(piece.span.raw)
            yield _Found("born_on", piece.span, parse_date(piece.span.raw) if gapped else None)
        for sex, ethnicity in self._sex_rows:
            if sex.text:
                yield _Found("sex", sex.span, doubt="" if sex.text in ("男", "女") else "malformed")
            if ethnicity.text:
                yield _Found("ethnicity", ethnicity.span, doubt="" if ethnicity.text in ETHNICITIES else "malformed")
        yield from self._name()
        yield from self._address()

    @cached_property
    def _numbers(self) -> list[_Piece]:
        """ID numbers by their form; where there is none, what stands at the label of one."""
        proper = [_Piece(run, *m.span()) for run in self.runs for m in _NUMBER.finditer(run.text)]
        labels = [_Piece(run, m.end(), len(run.chars)) for run in self.runs if (m := _NUMBER_LABEL.search(run.text))]
        return proper or [rest for rest in labels if len(re.findall(r"[0-9A-Za-z]", rest.text)) >= 8]

    @cached_property
    def _births(self) -> list[_Piece]:
        proper = [_Piece(run, *m.span()) for run in self.runs for m in _BIRTH.finditer(run.text)]
        labelled = [rest for run in self.runs if (rest := _after("出生", run))]
        return proper or [rest for rest in labelled if re.search(r"\d{3}", rest.text)]

    @cached_property
    def _sex_rows(self) -> list[tuple[_Piece, _Piece]]:
        """Sex and ethnicity of each row that holds them; either may be empty."""
        return [row for run in self.runs if (row := _sex_row(run))]

    @cached_property
    def _column(self) -> float | None:
        """The left edge that all values but the number share; None where no row tells it."""
        starts = [p for p in (*self._births, *(sex for sex, _ in self._sex_rows)) if p.text]
        own_line = [p.left for p in starts if p.run.chars[p.start].index == 0]
        lefts = own_line or [p.left for p in starts]
        return median(lefts) if lefts else None

    def _name(self) -> Iterator[_Found]:
        labelled = [rest for run in self.runs if (rest := _after("姓名", run)) and rest.text]
        if names := labelled or self._unlabelled_names():
            for name in names:
                span = self._with_second_line(name)
                doubt = "" if _NAME.fullmatch(compact(span.text)) else "malformed"
                yield _Found("name", span, doubt=doubt, note="" if labelled else "unlabelled")

    def _unlabelled_names(self) -> list[_Piece]:
        """What stands where the name does: one row above the sex, at the values' left edge."""
        column = self._column
        if column is None or not self._sex_rows:
            return []
        sex = self._sex_rows[0][0].run
        above = [run for run in self.runs if _within(sex.middle - run.middle, _ROW, sex.height)]
        pieces = [self._at_column(run, "姓名") for run in above]
        return [p for p in pieces if p and _NAME.fullmatch(p.text)]

    def _with_second_line(self, name: _Piece) -> Span:
        """A name with the line below it, where a long one takes two."""
        run = name.run
        below = [sex.run for sex, _ in self._sex_rows if sex.run.middle > run.middle]
        limit = min((row.middle - 0.6 * row.height for row in below), default=run.middle + 1.6 * run.height)
        for other in self.runs:
            wrapped = run.middle + _WRAPPED[0] * run.height < other.middle < limit
            aligned = abs(other.left - name.left) < _ALIGNED * run.height
            if wrapped and aligned and _NAME_REST.fullmatch(other.text) and not _has_label(other):
                return Span((*name.span.rows, *other.span().rows))
        return name.span

    def _address(self) -> Iterator[_Found]:
        """Lines from the address label (or one row below the birth date) down to the number."""
        labelled = next((rest for run in self.runs if (rest := _after("住址", run))), None)
        birth = next(iter(self._births), None)
        above = labelled or birth
        if above is None:
            return
        run, left = above.run, self._column
        if left is None:
            left = above.left if above.text else run.right + run.height / 2
        # The first line may be printed higher than its label, so far that the second stands level with it.
        pieces = self._lines_below(run, left, -1.5 if labelled else _WRAPPED[0])
        if labelled and labelled.text:
            pieces = sorted([labelled, *pieces], key=lambda piece: piece.run.middle)
        if not pieces or not (labelled or _within(pieces[0].run.middle - run.middle, _ROW, run.height)):
            return
        runs = [piece.run for piece in pieces]
        gap = any(b.middle - a.middle > _WRAPPED[1] * max(a.height, b.height) for a, b in pairwise(runs))
        started = not labelled or runs[0].middle - run.middle < run.height
        span = Span(tuple(row for piece in pieces for row in piece.span.rows))
        yield _Found("address", span, doubt="" if started and not gap else "incomplete")

    def _lines_below(self, above: Row, left: float, nearest: float) -> list[_Piece]:
        """Lines of text from `nearest` text heights under a row, at the values' left edge and above the number."""
        height = above.height
        numbers = [p.run for p in self._numbers] + [run for run in self.runs if _NUMBER_LABEL.search(run.text)]
        end = min((run.middle - 0.8 * height for run in numbers if run.middle > above.middle), default=None)
        found: list[_Piece] = []
        for run in self.runs:
            last, step = (found[-1].run, _WRAPPED[0]) if found else (above, nearest)
            if run.middle < last.middle + step * height or _has_label(run) or _OWN_FORM.search(run.text):
                continue
            if run.middle > end if end is not None else run.middle - last.middle > _ROW[1] * height:
                break
            piece = self._at_column(run, "住址", left)
            if piece and 0.55 < run.height / height < 1.7 and _ADDRESS_LINE.search(piece.text):
                found.append(piece)
        return found

    def _at_column(self, run: Row, label: str, column: float | None = None) -> _Piece | None:
        """The text of a run that starts at the values' left edge; what stands left of it may be part of `label`."""
        column = self._column if column is None else column
        if column is None:
            return None
        near = [i for i, c in enumerate(run.chars) if abs(c.left - column) < _ALIGNED * run.height]
        for start in sorted(near, key=lambda i: (not run.chars[i].starts, i)):
            before = run.text[:start]
            if set(before) <= set(label) and len(before) <= len(label) and run.text[start] not in label:
                return _Piece(run, start, _unbroken_end(run, start))
        return None


def _back(runs: Sequence[Row]) -> Iterator[_Found]:
    """The side with the authority and the term. A temporary card has these beside the person's data."""
    labelled = [
        _Piece(run, m.end(), _unbroken_end(run, m.end()))
        for run in runs
        if (m := _AUTHORITY_LABEL.search(run.text)) and m.end() < len(run.chars)
    ]
    police = [_Piece(run, 0, _unbroken_end(run, 0)) for run in runs if _POLICE.match(run.text) and not _has_label(run)]
    for authority in labelled or police[:1]:
        span = _with_line_below(authority, runs)
        yield _Found("issuing_authority", span, doubt="" if _POLICE.search(compact(span.text)) else "malformed")
    for run in runs:
        label = _TERM_LABEL.search(run.text)
        if label and re.search(r"\d|长期", run.text[label.end() :]):
            yield from _term(_Piece(run, label.end(), _unbroken_end(run, label.end())))
        elif not label and (match := _TERM.search(run.text)):
            yield from _term(_Piece(run, *match.span()))
        if (title := run.text.find("居民身份证")) >= 0:
            start = run.text.rfind("临时", 0, title)
            span = run.span(start if start >= 0 else title, title + 5)
            yield _Found("is_temporary", span, value=start >= 0)


def _with_line_below(first: _Piece, runs: Sequence[Row]) -> Span:
    run = first.run
    for other in runs:
        aligned = abs(other.left - first.left) < _ALIGNED * run.height
        plain = re.fullmatch(rf"{_HAN}+", other.text) and not _has_label(other)
        if aligned and plain and _within(other.middle - run.middle, _WRAPPED, run.height):
            return Span((*first.span.rows, *other.span().rows))
    return first.span


def _term(term: _Piece) -> Iterator[_Found]:
    """The fields of 2010.01.01-2030.01.01 or 2010.01.01-长期, by the digits alone: dots are often lost."""
    run, digits = term.run, [i for i in range(term.start, term.end) if term.run.text[i].isdigit()]
    forever = run.text.find("长期", term.start, term.end)
    if len(digits) > 1 and run.chars[digits[0]].placed.line is not run.chars[digits[1]].placed.line:
        del digits[0]  # a line of the ground, read as a figure behind the label: 有效期限2 | 2009.05.01-2029.05.01
    first, second = (_day(run, digits[:8]), _day(run, digits[8:]))
    if forever >= 0 and len(digits) in (0, 8):
        never = run.span(forever, forever + 2)
        yield from [_Found("valid_from", *first)] if first else []
        yield _Found("valid_to", never, note="indefinite")
        yield _Found("valid_to_is_indefinite", never, value=True)
    elif first and second:
        yield _Found("valid_from", *first)
        yield _Found("valid_to", *second)
        yield _Found("valid_to_is_indefinite", second[0], value=False)
    elif first and len(digits) == 8:
        # Half a term: the dash tells which half; without one neither is known.
        dash = run.text[term.start : digits[0]], run.text[digits[-1] + 1 : term.end]
        if all(dash) or not any(dash):
            return
        yield _Found("valid_to" if dash[0] else "valid_from", *first)
    elif digits:
        yield _Found("valid_to", term.span, doubt="malformed")


def _day(run: Row, at: Sequence[int]) -> tuple[Span, FieldValue] | None:
    days = find_dates("".join(run.text[i] for i in at)) if len(at) == 8 else []
    return (run.span(at[0], at[-1] + 1), days[0][0]) if days else None


def _sex_row(run: Row) -> tuple[_Piece, _Piece] | None:
    """Sex and ethnicity in a row such as 性别男民族汉, any label of which may be lost."""
    text, label = run.text, _SEX_LABEL.search(run.text)
    start, end = label.end() if label else 0, len(run.chars)
    second = text.find("民族", start)
    plain = text[start : start + 1] in ("男", "女")
    if second >= 0:
        sex, rest = (start, second), second + 2
    elif plain:
        sex, rest = (start, start + 1), start + 1 + (text[start + 1 : start + 2] in ("民", "族"))
    elif label:
        sex, rest = (start, _unbroken_end(run, start)), end
    else:
        return None
    rest += text[rest : rest + 1] == ":"
    ethnicity = _Piece(run, rest, _ethnicity_end(run, rest))
    if label or second >= 0 or ethnicity.text in ETHNICITIES or rest == end:
        return _Piece(run, *sex), ethnicity
    return None


def _ethnicity_end(run: Row, start: int) -> int:
    """Where the ethnicity ends in what follows its label: before 族 and before noise beside it."""
    end = _unbroken_end(run, start)
    ends = [i for i in range(start + 1, end + 1) if run.text[start:i] in ETHNICITIES]
    for at in reversed(ends):
        if at == end or run.text[at] == "族" or not re.match(_HAN, run.text[at]) or run.chars[at].index == 0:
            return at
    return end


def _after(label: str, run: Row) -> _Piece | None:
    """What follows a label that starts a piece of text; empty where nothing stands close."""
    at = run.text.find(label)
    if at < 0 or not run.chars[at].starts:
        return None
    start = at + len(label)
    start += run.text[start : start + 1] == ":"
    following = [i for word in _LABELS if (i := run.text.find(word, start)) >= 0]
    return _Piece(run, start, min(_unbroken_end(run, start), *following, len(run.chars)))


def _unbroken_end(run: Row, start: int) -> int:
    """The end of the characters from `start` that stand close to each other and are of one size."""
    for at in range(start + 1, len(run.chars)):
        gap = run.chars[at].left - run.chars[at - 1].right
        size = run.chars[at].placed.height / run.chars[start].placed.height
        if gap > _WORD_GAP * run.height or not 0.65 < size < 1.55:
            return at
    return len(run.chars)


def _has_label(run: Row) -> bool:
    return any(label in run.text for label in _LABELS)


def _within(distance: float, limits: tuple[float, float], height: float) -> bool:
    return limits[0] < distance / height < limits[1]


_SPECS = (
    FieldSpec("name", Kind.PERSON, "姓名", ("姓名",), key=True, always=True, side="front"),
    FieldSpec("sex", Kind.CHOICE, "性别", ("性别",)),
    FieldSpec("ethnicity", Kind.CHOICE, "民族", ("民族",)),
    FieldSpec("born_on", Kind.DATE, "出生", ("出生",)),
    FieldSpec("address", Kind.ADDRESS, "住址", ("住址",)),
    FieldSpec("id_number", Kind.ID_NUMBER, "公民身份号码", ("公民身份号码",), key=True, always=True, side="front"),
    FieldSpec("issuing_authority", Kind.ORGANISATION, "签发机关", ("签发机关",)),
    FieldSpec("valid_from", Kind.DATE, "有效期起", ("有效期限",), key=True, always=True, side="back"),
    FieldSpec("valid_to", Kind.DATE, "有效期止", ("有效期限",), key=True, always=True, side="back"),
    FieldSpec("valid_to_is_indefinite", Kind.FLAG, "长期有效"),
    FieldSpec("is_temporary", Kind.FLAG, "临时身份证"),
)
_KINDS = {spec.name: spec.kind for spec in _SPECS}

DOCUMENT_TYPE = DocumentType(
    id="id_card",
    zh="居民身份证",
    en="resident identity card",
    fields=_SPECS,
    extract=extract,
    titles=("居民身份证", "公民身份号码"),
    words=(
        "姓名",
        "性别",
        "民族",
        "出生",
        "住址",
        "公民身份",
        "身份号码",
        "性别男",
        "性别女",
        "民族汉",
        "签发机关",
        "有效期限",
        "居民身份证",
        "中华人民共和国居民",
        "公安局",
    ),
    against=(
        "营业执照",
        "开户许可证",
        "基本存款账户",
        "发票",
        "驾驶证",
        "行驶证",
        "准驾车型",
        "常住人口",
        "户口",
        "护照",
        "居住证",
        "永久居留",
        "通行证",
        "香港",
        "澳门",
        "中华民国",
        "国民身",
        "商友卡",
        # Residence permits: these regions are no citizen's.
        *numbers_of(("810000", "820000", "830000")),
        "社会保障",
        "常住人口",
        "户口",
        "学历",
        "联系电话",
        "统一社会信用代码",
    ),
    sides=sides,
    coloured=True,
    emblem=Emblem(("居民身份证",), left=True),
    portrait=True,
    numbers=("id_number",),
)
