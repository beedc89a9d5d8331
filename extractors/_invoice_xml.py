"""Invoices told as XML data: an element tree in, the fields of each invoice in it out.

One mechanism for all dialects: elements go by the names `_invoice_xml_names` lists, wherever they stand in the
invoice, but what stands in its lines, signatures and attached details never answers for the invoice itself. Values
are data: READ, confidence 1. What does not have the form of its kind keeps its text and is DOUBTFUL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any, Protocol

from extractors import _invoice_xml_names as names
from extractors._invoice_derived import completed
from extractors._invoice_head import kind_by_code
from extractors.invoice_qr import parse as parse_qr
from extractors.model import Field, FieldValue, Item, Kind, Status
from extractors.values import fold, parse_words

_CENTS = Decimal("0.06")  # what rounding may leave between a line's figures
_ASKED_WITHIN_DAYS = 3
_MOST = 20  # values of one name that are looked at
_LONGEST = 4_000  # characters of one value
_NOTHING = frozenset({"", "null", "none", "nil", "-", "--", "/", "无"})
_NOT_TAXED = re.compile(r"[*＊—-]+|免税|不征税|免征增值税|普通零税率|出口零税率|零税率")
_FORMS = {
    Kind.INVOICE_CODE: re.compile(r"\d{12}|\d{10}"),
    Kind.INVOICE_NUMBER: re.compile(r"\d{20}|\d{8}"),
    Kind.TAX_ID: re.compile(r"[0-9A-Z]{15,20}"),
    Kind.DIGITS: re.compile(r"\d+"),
}
_DATE = re.compile(r"((?:19|20)\d\d)(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?(?:[T\s]?\d{2}:?\d{2}.*)?")
_CJK = r"[\u2e80-\u9fff\uff00-\uffef]"
_GAP = re.compile(rf"(?<={_CJK})\s+|\s+(?={_CJK})")
_SPECIFIC = ("vehicle", "used_vehicle", "roll")  # kinds that neither number nor code can gainsay
_FALSE, _TRUE = frozenset({"n", "no", "false", "0", "否"}), frozenset({"y", "yes", "true", "1", "是"})


class Element(Protocol):
    """What is used of an element, of the standard library's or another's."""

    tag: Any
    text: Any

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...


def invoice_fields(root: Element) -> list[dict[str, Field]]:
    """The fields of every invoice below `root`, in its order; empty where there is none. Missing fields are left out.

    A subtree is an invoice when it holds a number, an amount and a party, and no two of its parts do so alone.
    """
    found = [fields for node in _invoices(root) if (fields := _fields(_Told.of(node)))]
    return [completed(fields) for fields in found if "invoice_number" in fields]


@lru_cache(4096)  # a hostile file invents names
def _key(name: str) -> str:
    """An element's name without case, namespace, prefix and signs."""
    return re.sub(r"[-_.\s]", "", name.rpartition("}")[2].rpartition(":")[2]).casefold()


@cache
def _keys(listed: str) -> Mapping[str, None]:
    """The keys of listed names, in their order and quick to look one up in."""
    return dict.fromkeys("/".join(_key(part) for part in name.split("/")) for name in listed.split())


def _name(element: Element) -> str:
    """The compared name; comments and the like, whose tag is no text, have none."""
    return _key(element.tag) if isinstance(element.tag, str) else ""


def _text(element: Element) -> str:
    return element.text.strip() if isinstance(element.text, str) else ""


@dataclass(slots=True)
class _Told:
    """What an invoice's elements say: values by name and by parent/name, its lines, what a red one refers to."""

    values: dict[str, list[str]] = field(default_factory=dict)
    lines: list[dict[str, str]] = field(default_factory=list)
    red: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, node: Element) -> _Told:
        told = cls()
        flat: list[dict[str, str]] = []
        stack: list[tuple[Element, str, dict[str, list[str]] | None]] = [(node, "", told.values)]
        red, passed_over = _keys(names.RED_ELEMENTS), _keys(names.PASSED_OVER)
        while stack:
            element, parent, into = stack.pop()
            name, children = _name(element), list(element)
            if name in red:
                into = told.red
            elif name in passed_over:
                into = None  # only what a red invoice cancels is looked for there
            elif children and into is told.values and (line := _line(name, children)):
                if _keys(names.HEAD_ONLY).keys().isdisjoint(line):
                    told.lines.append(line)
                    continue
                flat.append(line)  # a flat form names its only line among the rest
            if not children and into is not None and (text := _text(element)).casefold() not in _NOTHING:
                for key in (name, f"{parent}/{name}"):
                    if len(values := into.setdefault(key, [])) < _MOST:
                        values.append(text)
            stack += [(child, name, into) for child in reversed(children)]
        told.lines = told.lines or flat[:1]
        return told

    def all_of(self, listed: str) -> list[str]:
        """The values of the first of these names that has any."""
        return next((self.values[key] for key in _keys(listed) if key in self.values), [])

    def one_of(self, listed: str) -> str:
        return next(iter(self.all_of(listed)), "")


def _line(name: str, children: list[Element]) -> dict[str, str]:
    """The values of an element that is a line of goods: of a known name, or one that names its goods."""
    leaves = {_name(child): _text(child) for child in children if not len(child)}
    named = any(leaves.get(key) for key in _keys(names.ITEM["name"]))
    known = name in _keys(names.ITEM_ELEMENTS) and any(leaves.get(k) for k in _item_keys())
    return leaves if named or known else {}


@cache
def _item_keys() -> tuple[str, ...]:
    return tuple(key for listed in names.ITEM.values() for key in _keys(listed))


def _invoices(root: Element) -> list[Element]:
    """The subtrees that hold one invoice each."""
    order, parents = _walked(root)
    marks = [_keys(listed) for listed in (names.NUMBERS, names.MONEY, names.PARTY)]
    all_held = (1 << len(marks)) - 1
    held, whole, several = [0] * len(order), [0] * len(order), [False] * len(order)
    for at in reversed(range(len(order))):  # children before their parents
        element, name = order[at]
        for i, mark in enumerate(marks):
            if name in mark and _text(element):
                held[at] |= 1 << i
        several[at] |= whole[at] > 1
        if (up := parents[at]) >= 0:
            held[up] |= held[at]
            whole[up] += held[at] == all_held
            several[up] |= several[at]
    return [
        element for at, (element, _) in enumerate(order)
        if held[at] == all_held and not several[at] and (parents[at] < 0 or several[parents[at]])
    ]  # fmt: skip


def _walked(root: Element) -> tuple[list[tuple[Element, str]], list[int]]:
    """Elements and their names in document order, each one's parent's place (-1: none); signatures are left out."""
    order: list[tuple[Element, str]] = []
    parents: list[int] = []
    stack: list[tuple[Element, int]] = [(root, -1)]
    passed_over = _keys(names.PASSED_OVER)
    while stack:
        element, parent = stack.pop()
        if (name := _name(element)) in passed_over:
            continue
        order.append((element, name))
        parents.append(parent)
        at = len(order) - 1
        stack += [(child, at) for child in reversed(list(element))]
    return order, parents


def _fields(told: _Told) -> dict[str, Field]:
    fields = {"invoice_number": _number(told)}
    for named in names.FIELDS:
        fields[named.field] = _value(told, named)
    fields["issued_on"] = _confirmed_day(told, fields["issued_on"])
    fields["items"] = _items(told.lines)
    fields |= _original(told)
    fields["is_red"] = _is_red(told, fields)
    fields["invoice_kind"] = _kind(told, fields)
    if told.one_of(names.AGENCY) == "1" or any(re.search("^代开", label) for label in told.all_of(names.LABELS)):
        fields["issued_by_tax_bureau"] = Field(value=True, raw="代开", status=Status.READ, confidence=1.0,
                                               reason="marked")  # fmt: skip
    return {name: found for name, found in fields.items() if found.status is not Status.MISSING}


def _read(raw: str, value: FieldValue, reason: str = "") -> Field:
    return Field(value=value, raw=raw[:_LONGEST], status=Status.DOUBTFUL if reason else Status.READ, confidence=1.0,
                 reason=reason)  # fmt: skip


def _value(told: _Told, named: names.Named) -> Field:
    """A field of one part or several; elements of one name that say different things make it doubtful."""
    parts = [told.all_of(listed) for listed in named.parts]
    raws = [" ".join(chosen) for chosen in zip(*(part for part in parts if part), strict=False)]
    return _agreed([_parsed(named.kind, raw) for raw in raws])


def _agreed(found: list[Field]) -> Field:
    if not found:
        return Field()
    others = tuple(dict.fromkeys(f.raw for f in found[1:] if f.value != found[0].value))
    if not others:
        return found[0]
    return found[0].model_copy(update={"status": Status.DOUBTFUL, "reason": "conflict", "alternates": others})


def _confirmed_day(told: _Told, issued_on: Field) -> Field:
    """The day of issue, doubtful where the seller asked for the invoice at quite another time."""
    asked = told.one_of(names.ASKED)
    day = _date(_plain(asked))
    if day is None or not isinstance(issued_on.value, date) or abs((issued_on.value - day).days) <= _ASKED_WITHIN_DAYS:
        return issued_on
    return issued_on.model_copy(update={"status": Status.DOUBTFUL, "reason": "conflict", "alternates": (asked,)})


def _number(told: _Told) -> Field:
    sure, other = names.NUMBER
    raws = [text for key in _keys(sure) for text in told.values.get(key, [])]
    return _agreed([_parsed(Kind.INVOICE_NUMBER, raw) for raw in raws or told.all_of(other)])


def _parsed(kind: Kind, raw: str) -> Field:
    if len(raw) > _LONGEST:
        return _read(raw, raw[:_LONGEST], "malformed")
    text = _plain(raw)
    value: FieldValue = text
    if kind is Kind.DATE:
        value = _date(text)
    elif kind is Kind.MONEY:
        value = _money(text)
    elif kind is Kind.MONEY_IN_WORDS:
        value = text if parse_words(text) is not None else None
    elif form := _FORMS.get(kind):
        bare = re.sub(r"\s", "", text).upper()
        value = bare if form.fullmatch(bare) else None
    return _read(raw, text if value is None else value, "malformed" if value is None else "")


def _plain(raw: str) -> str:
    """Folded text; gaps stay only between words that need them."""
    return _GAP.sub("", " ".join(fold(raw).split()))


def _date(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _decimal(text: str) -> Decimal | None:
    """A number of the size that invoices have: others would only cost time and memory."""
    bare = re.sub(r"[¥￥,\s元]", "", fold(text))
    try:
        number = Decimal(bare) if len(bare) <= 40 and re.fullmatch(r"[-+\d.eE]+", bare) else None
    except InvalidOperation:
        return None
    return number if number is not None and (not number or -20 < number.adjusted() < 16) else None


def _money(text: str) -> Decimal | None:
    """An amount, with two decimals where it has no more: data gives 2.120000 and 1E+2."""
    number = _decimal(text)
    if number is None:
        return None
    cents = number.quantize(Decimal("0.01"))
    return cents if cents == number else number


def _items(lines: Iterable[dict[str, str]]) -> Field:
    made = [_item(line) for line in lines]
    items = [item for item, _ in made if item != Item()]
    if not items:
        return Field()
    reason = next((reason for _, reason in made if reason), "")
    return _read("\n".join(item.name for item in items), list(items), reason)


def _item(line: dict[str, str]) -> tuple[Item, str]:
    """A line of goods, and why it is doubtful: a figure that is none, no amount, a rate that may be a quantity."""
    texts = {
        name: next((line[key] for key in _keys(listed) if line.get(key)), "") for name, listed in names.ITEM.items()
    }
    texts |= _told_by_sl(line.get("sl", ""), texts)
    rate = _rate(texts["tax_rate"], line)
    reason = "malformed" if rate is None else "" if texts["amount"] else "incomplete"
    figures: dict[str, Decimal | None] = {}
    for name, parse in (("quantity", _decimal), ("unit_price", _decimal), ("amount", _money), ("tax", _money)):
        printed = "" if name == "tax" and _NOT_TAXED.fullmatch(texts[name]) else texts[name]
        figures[name] = parse(printed) if printed else None
        if printed and figures[name] is None:
            reason = "malformed"
    item = Item(
        **{name: _plain(texts[name])[:_LONGEST] for name in ("name", "spec", "unit")},
        # Data writes 0 where nothing is printed.
        quantity=figures["quantity"] or None, unit_price=figures["unit_price"] or None,
        amount=figures["amount"], tax=figures["tax"], tax_rate=texts["tax_rate"][:20] if rate is None else rate,
    )  # fmt: skip
    return item, reason


def _told_by_sl(told: str, texts: dict[str, str]) -> dict[str, str]:
    """SL is short for 税率 (rate) and for 数量 (quantity): what else the line names tells, else the arithmetic."""
    if not told or (texts["tax_rate"] and texts["quantity"]):
        return {}
    if texts["tax_rate"]:
        return {"quantity": told}
    if texts["quantity"] or "%" in told or _NOT_TAXED.fullmatch(told):
        return {"tax_rate": told}
    number, amount, tax, price = (_decimal(t) for t in (told, texts["amount"], texts["tax"], texts["unit_price"]))
    if number is None or amount is None:
        return {"tax_rate": told}
    if price is not None and abs(number * price - amount) <= _CENTS:
        return {"quantity": told}
    return {"tax_rate": told} if tax is not None and abs(amount * number - tax) <= _CENTS else {}


def _rate(text: str, line: dict[str, str]) -> str | None:
    """A rate as it is printed: 0.060000, 6 and 6% → 6%; None where the text is none.

    A zero says less than what invoices print for it: the mark of the line (LSLBS) or a word beside it tells.
    """
    text = fold(text)
    if not text or _NOT_TAXED.fullmatch(text):
        return text
    number = _decimal(text.rstrip("%"))
    if number is None or not 0 <= number <= 100:
        return None
    if not number:
        untaxed = {"1": "免税", "2": "不征税"}.get(line.get("lslbs", ""))
        return untaxed or next((t for t in line.values() if t in ("免税", "不征税")), "0%")
    percent = number if "%" in text or number >= 1 else number * 100
    return f"{percent.normalize():f}%"


def _original(told: _Told) -> dict[str, Field]:
    """Code and number of the blue invoice, told apart by their length."""
    fields: dict[str, Field] = {}
    for source in (told.red, told.values):
        for raw in (text for key in _keys(names.ORIGINAL) for text in source.get(key, [])):
            bare = re.sub(r"\s", "", fold(raw))
            for name, kind in (("number", Kind.INVOICE_NUMBER), ("code", Kind.INVOICE_CODE)):
                if _FORMS[kind].fullmatch(bare):
                    fields.setdefault(f"original_invoice_{name}", _parsed(kind, raw))
    return fields


def _is_red(told: _Told, fields: dict[str, Field]) -> Field:
    """By its label; one that the sign of the amount contradicts is doubtful. Without a label the sign alone tells."""
    blue, flag = told.one_of(names.BLUE).casefold(), told.one_of(names.RED).casefold()
    red = blue in _FALSE if blue in _FALSE | _TRUE else flag in _TRUE if flag in _FALSE | _TRUE else None
    if red is None:
        return Field()
    total = next((v for n in ("total", "amount") if isinstance(v := fields[n].value, Decimal)), None)
    return _read(blue or flag, red, "signs_differ" if total and (total < 0) is not red else "")


def _kind(told: _Told, fields: dict[str, Field]) -> Field:
    """What the labels say of the kind, on what number and code say of the carrier."""
    words = _told_kinds(told)
    raw, base = words[0] if words else ("", "")
    found = _kind_on_carrier(told, fields, raw, base)
    bases = {"ordinary" if other == "toll" else other for _, other in words}
    if found.status is Status.MISSING or base in _SPECIFIC or not bases >= {"special", "ordinary"}:
        return found
    return found.model_copy(update={"status": Status.DOUBTFUL, "reason": "conflict"})


def _kind_on_carrier(told: _Told, fields: dict[str, Field], raw: str, base: str) -> Field:
    number, code = fields["invoice_number"], fields["invoice_code"]
    digital = len(str(number.value)) == 20 and not code.value
    if base in _SPECIFIC or (base == "toll" and not digital):
        return _read(raw, base)
    if digital:
        return _read(raw, "digital_special" if base == "special" else "digital_ordinary") if base else Field()
    by_code = kind_by_code(str(code.value or ""))
    if not by_code and (told_by_qr := (parse_qr(told.one_of(names.QR)) or {}).get("invoice_kind")):
        return told_by_qr
    if not by_code:
        return _read(raw, base, "carrier_not_told") if base else Field()
    differs = bool(base) and by_code.rpartition("_")[2] in ("special", "ordinary") and not by_code.endswith(base)
    found = _read(raw or code.raw, by_code, "conflict" if differs else "")
    return found.model_copy(update={"alternates": (base,)}) if differs else found


def _told_kinds(told: _Told) -> list[tuple[str, str]]:
    """Texts and codes that name the kind, each with what it says (KIND_OF_WORD), the most telling first."""
    words = [(text, base) for key in _keys(names.KIND_WORDS) for text in told.values.get(key, [])
             if (base := next((b for word, b in names.KIND_OF_WORD if word in text), ""))]  # fmt: skip
    for listed, table in names.KIND_TABLES:
        code = told.one_of(listed)
        if code in table and (not words or table is names.KIND_OF_LABEL):
            words.append((code, table[code]))
    return sorted(words, key=lambda told: told[1] not in _SPECIFIC)
