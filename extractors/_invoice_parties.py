"""Buyer and seller of an invoice: four rows of label and value each, in blocks that are told by place.

On paper and older electronic invoices the buyer stands above the table and the seller below it; on
digital ones both stand above it, the buyer left. Overprinted values stand up to half a row off their
labels, so the values of a block are matched to its labels with one shift for the whole block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from extractors._invoice_sheet import WORDS, Mark, Sheet, joined, made, simpler, span_of
from extractors.form import field_of
from extractors.model import Field, Kind, Status
from extractors.rows import Row, Span

ROWS = ("name", "tax_id", "address", "bank")
_FIELDS = {"name": "name", "tax_id": "tax_id", "address": "address_phone", "bank": "bank_account"}
_TAX_ID = re.compile(r"[0-9A-Z]{15,20}")
_BANK = re.compile(r"银行|信用社|分行|支行|营业部|分理处")
_NAME_END = re.compile(
    r"[司厂店部行心院校社所局会场馆站室坊铺园处队团户庄吧屋房楼厅堂城市业学摊营点库段府委台宫组村镇乡厦舍A-Za-z)]$"
)
_SEAL_NOISE = re.compile(r"专用章|\(章\)|监制|^国家.{2}总局$")
_ELSEWHERE = re.compile(rf"规格型号|价税合计|服务名称|^{WORDS.pattern}$")  # other rows of the form
_STRAY = frozenset("名称购买方销售信息货单位密码区备注")  # characters of labels that stand apart
# A block's values end here when nothing is read of what stands right of it (share of the invoice's width).
_BLOCK_WIDTH = 0.56


@dataclass
class Block:
    """One party's labels and the pieces of text that stand right of them."""

    role: str
    marks: list[Mark]
    left: float
    right: float
    pitch: float
    rows: dict[str, float]  # label kind → height on the page
    values: dict[str, list[Row]] = field(default_factory=dict)


def parties(sheet: Sheet) -> dict[str, Field]:
    """Name, tax number, address and bank of buyer and seller; what is not printed is left out."""
    fields: dict[str, Field] = {}
    blocks = _blocks(sheet)
    for block in blocks:
        _match(sheet, block)
        for kind, runs in block.values.items():
            fields[f"{block.role}_{_FIELDS[kind]}"] = _FIELD_OF[kind](runs)
    if "seller_tax_id" in fields:
        seals = _seals(sheet, blocks)
        fields["seller_tax_id"] = _with_seal(seals, fields["seller_tax_id"])
        fields |= _swapped(seals, fields)
    return {name: found for name, found in fields.items() if found.status is not Status.MISSING}


def is_cipher(text: str) -> bool:
    """A line of the password area: digits among signs; dashes alone stand in telephone and house numbers too."""
    if len(text) < 8:
        return False
    signs = sum([text.count(c) for c in "<>*/+-"])
    told = signs >= 2 and signs >= 0.12 * len(text) and signs > text.count("-")
    return told and not re.search(r"[\u4e00-\u9fff]", text)


def _blocks(sheet: Sheet) -> list[Block]:
    marks = [m for m in sheet.marks if m.kind in ROWS]
    roles: dict[str, list[Mark]] = {"buyer": [], "seller": []}
    for mark in marks:
        if role := _role(sheet, mark, marks):
            roles[role].append(mark)
    # Two labels of one kind in one block: the one in line with the others.
    blocks = [_block(sheet, role, _aligned(found)) for role, found in roles.items() if found]
    return [block for block in blocks if block]


def _role(sheet: Sheet, mark: Mark, marks: Sequence[Mark]) -> str | None:
    if sheet.digital:
        if sheet.table_y is not None and mark.middle > sheet.table_y:
            return None
        if sheet.split_x is None:
            return None
        return "buyer" if mark.left < sheet.split_x else "seller"
    if sheet.table_y is not None:
        return "buyer" if mark.middle < sheet.table_y else "seller"
    # No table was read: the same label twice, one far below the other.
    heights = sorted(m.middle for m in marks)
    gap, at = max(((b - a, i) for i, (a, b) in enumerate(pairwise(heights))), default=(0.0, 0))
    if gap < 6 * mark.height:
        return None
    return "buyer" if mark.middle <= heights[at] else "seller"


def _aligned(marks: list[Mark]) -> list[Mark]:
    left = min((m.left for m in marks if m.kind != "name"), default=min(m.left for m in marks))
    chosen: dict[str, Mark] = {}
    for mark in sorted(marks, key=lambda m: abs(m.left - left)):
        chosen.setdefault(mark.kind, mark)
    return sorted(chosen.values(), key=lambda m: m.middle)


def _block(sheet: Sheet, role: str, marks: list[Mark]) -> Block:
    left = min(m.left for m in marks)
    height = max(m.height for m in marks)
    pitch = sheet.pitch(marks) if len(marks) > 1 else sheet.pitch([m for m in sheet.marks if m.kind in ROWS])
    rows = {m.kind: m.middle for m in marks}
    known = ROWS if not sheet.digital else ROWS[:2]
    # A label that was not read stands where its neighbours say.
    for at, kind in enumerate(known):
        if kind not in rows:
            near = min((m for m in marks if m.kind in known), key=lambda m: abs(ROWS.index(m.kind) - at), default=None)
            if near:
                rows[kind] = near.middle + (at - ROWS.index(near.kind)) * pitch
    return Block(role, marks, left - 0.5 * height, _right(sheet, role, left), pitch, rows)


def _right(sheet: Sheet, role: str, left: float) -> float:
    """Where the block ends: the other party, the password area or the remarks begin."""
    if sheet.digital:
        return sheet.split_x if role == "buyer" and sheet.split_x is not None else float("inf")
    above = role == "buyer"
    ends = []
    for run in sheet.runs:
        in_zone = sheet.table_y is None or (run.middle < sheet.table_y) == above
        if not in_zone or run.left < left + 8 * run.height:
            continue
        if is_cipher(run.text) or run.text in (("密", "码", "区") if above else ("备", "注", "备注")):
            ends.append(run.left - 0.3 * run.height)
    for placed in sheet.verticals:
        text = placed.line.text.replace(" ", "")
        if set(text) & set("密区" if above else "备注") and placed.left > left + 8 * placed.line.width:
            ends.append(placed.left)
    if sheet.columns and "name" in sheet.columns and "tax" in sheet.columns:
        first, last = sheet.columns["name"].centre, sheet.columns["tax"].centre
        start, width = first - 0.17 * (last - first), 1.29 * (last - first)
        # A stray sign cannot halve the block.
        ends = [end for end in ends if end > start + 0.45 * width] + [start + _BLOCK_WIDTH * width + 0.03 * width]
    return min(ends, default=float("inf"))


def _match(sheet: Sheet, block: Block) -> None:
    loose = []
    tops = block.rows.values()
    top, bottom = min(tops) - block.pitch, max(tops) + block.pitch
    for run in sheet.runs:
        mark = next((m for m in block.marks if joined(m, run) and run.left >= m.left), None)
        if mark and (run.left < block.right or run.chars[0].index > 0):
            block.values.setdefault(mark.kind, []).append(_cut(run))
        elif (
            run.left < block.right
            and top < run.middle < bottom
            and block.left + 2 * run.height < run.left
            and not _SEAL_NOISE.search(run.text)
            and not is_cipher(run.text)
            and not _ELSEWHERE.search(simpler(run.text))
            and run.text not in _STRAY
        ):
            loose.append(run)
    shifts = [0.0] + [run.middle - y for run in loose for y in tops if abs(run.middle - y) < 0.8 * block.pitch]
    best = min(shifts, key=lambda shift: (round(_cost(loose, block, shift), 6), abs(shift)))
    for run in loose:
        kind = _nearest(run, block, best)
        level = abs(run.middle - best - block.rows[kind]) < (0.62 if not sheet.digital else 0.9) * block.pitch
        if level and run.left > _label_end(sheet, block, kind) - run.height:
            block.values.setdefault(kind, []).append(run)
    block.values = {kind: _contiguous(runs) for kind, runs in block.values.items()}
    if not block.values.get("tax_id") and (below := _under_label(sheet, block)):
        block.values["tax_id"] = below


def _under_label(sheet: Sheet, block: Block) -> list[Row]:
    """A tax number wrapped into the line below its long label, as narrow blocks of fully digital invoices print it."""
    labels = [m for m in block.marks if m.kind == "tax_id"]
    return [
        run
        for run in sheet.runs
        for label in labels
        if not _unlikely("tax_id", run.text)
        and 0 < run.middle - label.middle < 2 * label.height
        and abs(run.left - label.left) < 2 * label.height
        and run.left < block.right
    ]


def _label_end(sheet: Sheet, block: Block, kind: str) -> float:
    """Where a row's label ends; on older invoices all four are set to one width."""
    rights = [m.right for m in block.marks if (m.kind == kind or not sheet.digital) and _alone(m)]
    return max(rights, default=block.left)


def _alone(mark: Mark) -> bool:
    """Whether the label ends its line: where a value follows in the line, the place of its end is a guess."""
    last = mark.text.chars[-1]
    return last.index == len(last.placed.line.text.rstrip()) - 1


def _contiguous(runs: Sequence[Row]) -> list[Row]:
    """A value without what stands far right of it in the same row."""
    kept: list[Row] = []
    for run in sorted(runs, key=lambda r: r.left):
        before = [other for other in kept if abs(other.middle - run.middle) < 0.7 * run.height]
        if not before or run.left - max(other.right for other in before) < 3 * run.height:
            kept.append(run)
    return kept


def _cost(loose: Sequence[Row], block: Block, shift: float) -> float:
    """How badly the values fit the labels when all are moved up by `shift`, in rows."""
    cost = 0.25 * abs(shift) / block.pitch
    for run in loose:
        kind = _nearest(run, block, shift)
        cost += min(abs(run.middle - shift - block.rows[kind]) / block.pitch, 1.0)
        cost += 0.8 * _unlikely(kind, run.text)
    return cost


def _nearest(run: Row, block: Block, shift: float) -> str:
    return min(block.rows, key=lambda kind: abs(run.middle - shift - block.rows[kind]))


def _unlikely(kind: str, text: str) -> bool:
    tax = bool(_TAX_ID.fullmatch(text.upper())) and len(text) in (15, 17, 18, 20)
    bank = bool(_BANK.search(text)) and bool(re.search(r"\d{6,}", text))
    if kind == "tax_id":
        return not tax
    if kind == "bank":
        return tax and not text.isdigit()
    return tax or (bank and kind == "name")


def _cut(run: Row) -> Row:
    """A piece without what runs into it from the password area."""
    match = re.search(r"(?<=[^0-9<>*/+-])[0-9<>*/+-]{10,}$", run.text)
    if match and is_cipher(match.group(0)):
        return Row(run.chars[: match.start()])
    return run


def _name(runs: Sequence[Row]) -> Field:
    return organisation(span_of(runs))


def organisation(span: Span) -> Field:
    """A name; a long one that ends like none was cut short, by glare, a fold or a seal."""
    found = field_of(span, Kind.ORGANISATION)
    if not re.search(r"[\u3400-\u9fffA-Za-z]{2}", str(found.value or "")):
        return doubtful(found, "malformed")  # figures from beside the block
    return doubtful(found) if is_cut_short(str(found.value or "")) else found


def is_cut_short(name: str) -> bool:
    """Whether a name is long and ends like no organisation's, or half of a pair of brackets was lost; 3 or 4 characters
    may be a person's.
    """
    if name.count("(") != name.count(")"):
        return True
    text = re.sub(r"\((?:个人|代开机关|代开)\)$", "", name)
    return len(text) > 4 and not _NAME_END.search(text)


def _tax_id(runs: Sequence[Row]) -> Field:
    whole = [run for run in runs if not _unlikely("tax_id", run.text)]
    return tax_number(span_of(whole if len(whole) == 1 else runs))


def tax_number(span: Span) -> Field:
    """A tax number of any of its forms; missing where only a dash or a row of stars is printed."""
    text = "".join(re.findall(r"[0-9A-Z]", span.text.upper()))
    if len(text) < 6:
        return Field()
    return made(span, text, "" if is_tax_number(text) else "malformed")


def is_tax_number(text: str) -> bool:
    """15, 17, 18 or 20 characters; a shorter one that begins like a credit code is one with characters lost.

    No region's number begins with 9, as the credit codes of companies (91, 92, 93) do.
    """
    if not _TAX_ID.fullmatch(text) or sum(map(str.isdigit, text)) < 8:
        return False
    if len(text) in (15, 17):
        return not re.match("9[123]", text) and (len(text) == 15 or text.isdigit())
    return len(text) in (18, 20)


def _with_digits(runs: Sequence[Row]) -> Field:
    """An address ends in a telephone number, a bank in an account: without that, part of it was not read."""
    found = field_of(span_of(runs), Kind.TEXT)
    # A value that reaches the line of the form takes the word beside it along.
    found = found.model_copy(update={"value": re.sub(r"(?<=\d)[备注主密码区]$", "", str(found.value or ""))})
    return found if re.search(r"\d[\d-]{5,}\d", str(found.value or "")) else doubtful(found)


def doubtful(found: Field, reason: str = "incomplete") -> Field:
    """A field that was read, no longer relied on; any other as it is."""
    if found.status is not Status.READ:
        return found
    return found.model_copy(update={"status": Status.DOUBTFUL, "reason": reason})


_FIELD_OF = {"name": _name, "tax_id": _tax_id, "address": _with_digits, "bank": _with_digits}


def seal_tax_ids(runs: Iterable[Row], tax_id: str) -> list[Row]:
    """Pieces that read like the tax number of the seller's seal."""
    return [
        run for run in runs
        if _TAX_ID.fullmatch(run.text.upper()) and Levenshtein.distance(run.text.upper(), tax_id) <= 4
    ]  # fmt: skip


def _seals(sheet: Sheet, blocks: Sequence[Block]) -> list[Row]:
    """Pieces low on the page that are in no party's block: seals among them."""
    used = {id(c) for block in blocks for runs in block.values.values() for run in runs for c in run.chars}
    return [
        run for run in sheet.runs
        if (sheet.table_y is None or run.middle > sheet.table_y) and not any(id(c) in used for c in run.chars)
    ]  # fmt: skip


def _with_seal(low: Sequence[Row], found: Field) -> Field:
    """The seller's number with what the seal shows of it."""
    seals = seal_tax_ids(low, str(found.value))
    return found.model_copy(update={"alternates": tuple(dict.fromkeys(run.text.upper() for run in seals))})


def _swapped(low: Sequence[Row], fields: dict[str, Field]) -> dict[str, Field]:
    """Names and numbers of both made doubtful where the seller's seal shows the number that was read as the buyer's."""
    buyer, seller = (str(fields.get(f"{side}_tax_id", Field()).value or "") for side in ("buyer", "seller"))
    if buyer == seller or not seal_tax_ids(low, buyer) or seal_tax_ids(low, seller):
        return {}
    both = {name: field for name, field in fields.items() if name.endswith(("_name", "_tax_id"))}
    return {name: doubtful(field, "seal_is_the_buyers") for name, field in both.items()}
