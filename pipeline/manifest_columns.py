"""What the columns of a manifest mean, by their headings: keys, or the names people give them in either language.

Headings are the declared values and slots of all profiles by their titles, document types by their names, and the
words of `_OTHER_NAMES`. The profile a list names goes first where two profiles mean different things by one heading.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from extractors.columns import bare_heading, plain_heading
from extractors.errors import SubmissionError
from extractors.model import Kind
from extractors.registry import document_types
from extractors.values import fold
from validators.declared import STANDARD
from validators.profile import Declared, Profile
from validators.slots import known_slots


class Use(StrEnum):
    """What a column is for."""

    PROFILE = "profile"
    NAME = "name"
    FOLDER = "folder"
    DECLARED = "declared"
    FILES = "files"
    NOTE = "note"  # the list's own, not looked at


@dataclass(frozen=True, slots=True)
class Meaning:
    """A column's use; `key` is what is declared or the slot of its files; `unit` goes behind a bare amount."""

    use: Use
    key: str = ""
    unit: str = ""


_OTHER_NAMES: Mapping[Meaning, tuple[str, ...]] = {
    Meaning(Use.PROFILE): ("profile", "规则", "核验规则", "规则编号"),
    Meaning(Use.NAME): ("name", "资料名称", "资料编号", "编号", "submission"),
    Meaning(Use.FOLDER): ("folder", "文件夹", "资料文件夹", "目录", "资料目录"),
    Meaning(Use.FILES): ("documents", "files", "文件", "资料文件", "附件", "其他文件", "其他附件"),
    Meaning(Use.NOTE): ("序号", "备注", "说明", "no", "remark", "remarks", "note", "notes", "comment"),
    Meaning(Use.FILES, "business_licence"): ("营业执照副本", "营业执照扫描件", "营业执照照片"),
    # Which side is the front is told differently by different people: the documents themselves say.
    Meaning(Use.FILES, "id_card"): (
        "身份证", "身份证照片", "身份证正面", "身份证反面", "身份证人像面", "身份证国徽面", "法人身份证",
        "法人身份证正面", "法人身份证反面", "法定代表人身份证", "法定代表人身份证正面", "法定代表人身份证反面",
    ),
    Meaning(Use.FILES, "account_permit"): ("开户许可证",),
    Meaning(Use.DECLARED, "company_name"): ("企业名称", "公司全称", "单位全称", "公司名"),
    Meaning(Use.DECLARED, "english_name"): ("公司英文名", "英文名称"),
    Meaning(Use.DECLARED, "credit_code"): ("社会信用代码", "信用代码", "统一信用代码", "统一社会信用码"),
    Meaning(Use.DECLARED, "registration_number"): ("注册号", "工商注册号"),
    Meaning(Use.DECLARED, "legal_representative"): ("法人", "法人代表", "法定代表", "法人代表姓名"),
    Meaning(Use.DECLARED, "legal_representative_id"): (
        "法人身份证号", "法人身份证号码", "法人证件号", "法人证件号码", "法定代表人身份证号", "法定代表人身份证号码",
        "法定代表人证件号码", "身份证号", "身份证号码",
    ),
    Meaning(Use.DECLARED, "mobile"): ("手机", "手机号码", "经办人手机号", "操作人手机"),
    Meaning(Use.DECLARED, "phone"): ("电话", "公司电话"),
    Meaning(Use.DECLARED, "email"): ("email", "电子邮件"),
    Meaning(Use.DECLARED, "account_name"): ("户名", "账户名称", "开户名"),
    Meaning(Use.DECLARED, "account_number"): ("账号", "银行账户", "银行帐号", "帐号", "对公账号"),
    Meaning(Use.DECLARED, "bank_name"): ("开户行", "开户行名称", "银行"),
    Meaning(Use.DECLARED, "address"): ("注册地址", "公司地址", "企业地址"),
    Meaning(Use.DECLARED, "registered_capital"): ("注册资金",),
    Meaning(Use.DECLARED, "established_on"): ("成立时间",),
    Meaning(Use.DECLARED, "tax_id"): ("纳税人识别号",),
}  # fmt: skip
_STARS = re.compile(r"^[\s★☆※●◆▲#]+|[\s★☆※●◆▲?？!！]+$")
_PAIR = re.compile(r"[【《〈\[「『](.*)[】》〉\]」』]")
_BRACKETS = re.compile(r"[(\[【〔](.*?)[)\]】〕]")
_LANGUAGES = re.compile(r"(?<=[\u3400-\u9fff*):])\s+(?=[A-Za-z])")
_YUAN = {"", "元", "人民币", "人民币元", "rmb", "cny", "yuan"}
_TEN_THOUSAND = {"万元", "万", "万人民币", "人民币万元", "万元人民币"}
_AMOUNTS = {Kind.MONEY, Kind.CAPITAL}


class Vocabulary:
    """The headings that are understood; the profile the list names for its rows, if any, goes first."""

    def __init__(self, profiles: Mapping[str, Profile], profile: str | None = None) -> None:
        self._profiles = profiles
        chosen = profiles.get(profile or "")
        self._own = _words([chosen]) if chosen else {}
        self._all = _words(profiles.values(), _OTHER_NAMES)

    def kind(self, key: str, profile: Profile | None) -> Declared | None:
        """What a declared key holds: as the row's profile says, else as any other does."""
        mine = [profile] if profile else []
        return next((p.declared[key] for p in [*mine, *self._profiles.values()] if key in p.declared), None)

    def meaning(self, heading: str) -> Meaning | None:
        """What a column holds; None for a heading that is not known, SubmissionError for one that is not clear."""
        lines = _lines(heading)
        if found := self._find(plain_heading("".join(lines))):
            return self._one(found, heading)
        by_line = [self._find(plain_heading(line)) for line in lines]
        found = set().union(*by_line)
        rest = [line for line, known in zip(lines, by_line, strict=True) if not known]
        if not found:
            found = self._find(bare_heading("".join(lines))) or set().union(
                *(self._find(bare_heading(x)) for x in lines)
            )
        return self._in_unit(self._one(found, heading), heading, "".join(rest)) if found else None

    def _find(self, text: str) -> set[Meaning]:
        return self._own.get(text) or self._all.get(text) or set()

    def _one(self, found: set[Meaning], heading: str) -> Meaning:
        if len(found) > 1:
            listed = " / ".join(sorted(_as_heading(m) for m in found))
            raise SubmissionError(
                f"标题“{_short(heading)}”有几种含义。 This heading means several things.",
                remedy=f"请写成 Write one of: {listed}.",
            )
        return next(iter(found))

    def nearest(self, heading: str) -> str:
        """The known heading most like one that is not; "" where none is."""
        plain = plain_heading(heading)
        near = get_close_matches(plain, self._all, 9, 0.7)
        # One character changed sooner than one lost.
        return min(near, key=lambda known: abs(len(known) - len(plain)), default="")

    def _in_unit(self, meaning: Meaning, heading: str, rest: str) -> Meaning:
        """注册资本（万元）: the unit in the heading is part of every amount below it; `rest` is where it may stand."""
        spec = self.kind(meaning.key, None) if meaning.use is Use.DECLARED else None
        unit = "".join(_BRACKETS.findall(rest.lower())).replace(" ", "")
        if spec is None or spec.kind not in _AMOUNTS or unit in _YUAN:
            return meaning
        if unit in _TEN_THOUSAND and spec.kind is Kind.CAPITAL:
            return Meaning(meaning.use, meaning.key, "万元")
        raise SubmissionError(
            f"标题“{_short(heading)}”的单位无法换算。 The unit in this heading is not known.",
            remedy="请把单位写在单元格里。 Leave it out, and write the amounts with their unit.",
        )


def _lines(heading: str) -> list[str]:
    """The parts of a heading: its lines, and Chinese before English on one line; stars and brackets around it go."""
    parts = (part for line in fold(heading).splitlines() for part in _LANGUAGES.split(line))
    return [_PAIR.sub(r"\1", _STARS.sub("", part)) for part in parts if part.strip()]


def _short(heading: str) -> str:
    return " ".join(heading.split())[:60]


def _words(
    profiles: Iterable[Profile], others: Mapping[Meaning, tuple[str, ...]] | None = None
) -> dict[str, set[Meaning]]:
    """Each heading, plain, with what it may mean: a title without its brackets only where no title is just that."""
    exact: defaultdict[str, set[Meaning]] = defaultdict(set)
    bare: defaultdict[str, set[Meaning]] = defaultdict(set)
    types: defaultdict[str, set[Meaning]] = defaultdict(set)
    for meaning, words in _named(profiles):
        for word in words:
            exact[plain_heading(word)].add(meaning)
            bare[bare_heading(word)].add(meaning)
    for meaning, words in (others or {}).items():
        for word in words:
            exact[plain_heading(word)].add(meaning)
    for profile in profiles:
        for id_ in known_slots(profile) - set(profile.slots):
            declared = document_types()[id_]
            for word in (id_, declared.zh, declared.en):
                types[plain_heading(word)].add(Meaning(Use.FILES, id_))
    return {**bare, **types, **exact}


def _named(profiles: Iterable[Profile]) -> Iterator[tuple[Meaning, tuple[str, ...]]]:
    """What profiles declare and ask for, by key, by key with its section, and by both titles."""
    for key in sorted(STANDARD):
        yield Meaning(Use.DECLARED, key), (key, f"declared.{key}")
    for profile in profiles:
        for key, spec in profile.declared.items():
            yield Meaning(Use.DECLARED, key), (key, f"declared.{key}", spec.title.zh, spec.title.en)
        for name, slot in profile.slots.items():
            yield Meaning(Use.FILES, name), (name, f"slot.{name}", slot.title.zh, slot.title.en)


def _as_heading(meaning: Meaning) -> str:
    return f"{'slot' if meaning.use is Use.FILES else meaning.use.value}.{meaning.key}"
