"""The head of an invoice: title, code, number, date, check code, machine number.

Paper invoices print code and number twice, without labels; electronic ones once, with labels. A run
of digits belongs to what it is labelled as, and without a label only to what has its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set

from extractors._invoice_sheet import Sheet, made, simpler, spaced, span_of
from extractors.model import Field, Status
from extractors.rows import Row
from extractors.values import find_dates, parse_date

KINDS = {
    "special": "增值税专用发票",
    "ordinary": "增值税普通发票",
    "electronic_special": "增值税电子专用发票",
    "electronic_ordinary": "增值税电子普通发票",
    "digital_special": "电子发票（增值税专用发票）",
    "digital_ordinary": "电子发票（普通发票）",
    "roll": "增值税普通发票（卷票）",
    "vehicle": "机动车销售统一发票",
    "used_vehicle": "二手车销售统一发票",
    "toll": "增值税电子普通发票（通行费）",
}
_TITLE = re.compile(r"增值|值税|电子发票|销售统一发票|[普晋]通发票|专用发票|发票\((?:普通|增值|专用|卷)")
_TOLL = "通行费"
_MARKS = {"issued_by_tax_bureau": ("代开",), "is_red": ("销项负数", "负数", "红字")}
# Words that tell an invoice among other documents.
TITLES = (*KINDS.values(), "电子发票(普通发票)", "电子发票(增值税专用发票)", "通行费电子普通发票")
_SEAL = re.compile(r"专用章|监制?$|.{34}")
_NUMBER_SIGN = re.compile(r"^(?:N0(?=\d{8}(?!\d))|N[oOº°e]?|№|O)[.:]?(?=\d{6})")
_HEAD_LABELS = ("code", "number", "issued_on", "check_code", "machine")


def head(sheet: Sheet) -> dict[str, Field]:
    """The fields of the head; what is not printed there is left out."""
    claimed = _claimed(sheet)
    fields = {
        "invoice_kind": _kind(sheet),
        "invoice_code": _code(sheet, claimed),
        "invoice_number": _number(sheet, claimed),
        "issued_on": _issued_on(sheet),
        "check_code": _check_code(sheet, claimed),
        "machine_number": _machine(sheet),
    }
    fields["invoice_kind"] = _agreed(fields["invoice_kind"], fields["invoice_code"], fields["invoice_number"])
    return {name: field for name, field in fields.items() if field.status is not Status.MISSING}


def marks(sheet: Sheet) -> dict[str, Field]:
    """What is printed beside the title of some invoices: 代开 (a tax bureau issued it), 销项负数 (it is a red one)."""
    found = {}
    for run in sheet.runs:
        text = simpler(run.text).strip("()")
        if sheet.table_y is not None and run.middle > sheet.table_y:
            continue
        for name, words in _MARKS.items():
            if text in words:
                found[name] = made(run.span(), True).model_copy(update={"reason": "marked"})
    return found


def _kind(sheet: Sheet) -> Field:
    titles = [run for run in sheet.head if _TITLE.search(simpler(run.text)) and not _SEAL.search(run.text)]
    if not titles:
        return Field()
    best = max(titles, key=lambda run: (run.height, len(run.text)))
    # A title may be read in pieces, where a seal lies over it or before its bracket.
    parts = [run for run in titles if abs(run.middle - best.middle) < 0.5 * best.height]
    title = span_of(parts)
    value = kind_by_title(simpler(title.text))
    toll = next((run for run in sheet.head if simpler(run.text).strip("()") == _TOLL), None)
    if toll and value in (None, "electronic_ordinary"):
        return made(toll.span(), "toll")
    return made(title, value or simpler(title.text), "" if value else "malformed")


def kind_by_title(text: str) -> str | None:
    """The kind a title names, whole or as far as a seal or light left it; None where that is not enough."""
    for word, kind in (("二手", "used_vehicle"), ("机动车", "vehicle"), ("卷", "roll"), (_TOLL, "toll")):
        if word in text:
            return kind
    digital = re.search(r"^.{0,2}电子发|发票\(|子发票.{0,2}[增普通)]", text)
    # Only special ones of the fully digital kind speak of the tax in their title.
    if "专" in text or re.search(r"值税.{1,2}用发", text) or (digital and re.search(r"增值|值税", text)):
        base = "special"
    elif re.search(r"[普晋]|通发票", text):
        base = "ordinary"
    else:
        return None
    return f"digital_{base}" if digital else f"electronic_{base}" if re.search(r"税.?(?:电|子)", text) else base


def _agreed(kind: Field, code: Field, number: Field) -> Field:
    """The kind as the title says, held against what code and number say."""
    if kind.value in ("special", "ordinary") and not code.value and len(str(number.value)) == 20:
        # Only fully digital invoices have such numbers: part of the title was not read.
        return kind.model_copy(
            update={"value": f"digital_{kind.value}", "status": Status.DOUBTFUL, "reason": "title_partly_read"}
        )
    told = kind_by_code(str(code.value or ""))
    if not told:
        return kind
    if kind.value == "electronic_ordinary" and told == "toll":
        return kind.model_copy(update={"value": told})  # tolls carry the common title
    if kind.value not in KINDS:
        return _told_by_code(kind, code, told)
    if kind.value != told and kind.value not in ("vehicle", "used_vehicle"):
        return kind.model_copy(
            update={"status": Status.DOUBTFUL, "reason": "conflicting_readings", "alternates": (told,)}
        )
    return kind


def _told_by_code(title: Field, code: Field, told: str) -> Field:
    """The kind where the title was not read: sure if two prints of the code agree, or a rest of the title does."""
    printed_twice = code.value in code.alternates
    rest = str(title.value or "")
    agrees = bool(rest) and ("电" in rest or "子" in rest) == (told.startswith("electronic") or told == "toll")
    sure = code.status is Status.READ and (agrees if rest else printed_twice)
    return code.model_copy(
        update={"value": told, "status": Status.READ if sure else Status.DOUBTFUL, "alternates": (),
                "reason": "told_by_code" if sure else "title_not_read"}
    )  # fmt: skip


def kind_by_code(code: str) -> str | None:
    """What the tax authority's numbering says; None where it says nothing sure."""
    if re.fullmatch(r"0\d{11}", code):
        ends = {"11": "electronic_ordinary", "13": "electronic_special", "04": "ordinary", "05": "ordinary",
                "06": "roll", "07": "roll", "12": "toll", "17": "used_vehicle"}  # fmt: skip
        return ends.get(code[-2:])
    if re.fullmatch(r"1\d{11}", code) and code[7] == "2":
        return "vehicle"
    if re.fullmatch(r"\d{10}", code):
        return {"1": "special", "5": "special", "3": "ordinary", "6": "ordinary"}.get(code[7])
    return None


def _code(sheet: Sheet, claimed: Set[int]) -> Field:
    labelled = _labelled(sheet, "code")
    if sheet.digital and not labelled:
        return Field()
    return _printed(labelled, _loose(sheet, r"\d{12}|\d{10}", claimed), lambda digits: len(digits) in (10, 12))


def _number(sheet: Sheet, claimed: Set[int]) -> Field:
    labelled = _labelled(sheet, "number")
    signed = []
    for run in sheet.head:
        if match := _NUMBER_SIGN.search(run.text):
            rest = run.text[match.end() :]
            # The code may follow without a gap.
            if digits := re.match(r"\d{8}(?=(?:\d{10}|\d{12})?(?!\d))|\d+", rest):
                signed.append(_slice(run, match.end(), match.end() + digits.end()))
    loose = _loose(sheet, r"\d{20}" if sheet.digital else r"\d{8}", claimed)
    # A date printed without separators has eight digits too.
    loose = [run for run in loose if len(run.text) != 8 or not find_dates(run.text)]
    lengths = (8, 20) if labelled else (20,) if sheet.digital else (8,)
    return _printed(labelled or signed, loose, lambda digits: len(digits) in lengths)


def _issued_on(sheet: Sheet) -> Field:
    labelled = _labelled_runs(sheet, "issued_on")
    for runs in labelled:
        if day := parse_date(" ".join(spaced(run) for run in runs)):
            return made(span_of(runs), day)
    dated = [run for run in sheet.head if parse_date(run.text) and re.search(r"[年月日./-]", run.text)]
    if len({parse_date(run.text) for run in dated}) == 1:
        return made(dated[0].span(), parse_date(dated[0].text))
    for runs in labelled:
        return made(span_of(runs), "".join(run.text for run in runs), "malformed")
    return Field()


def _check_code(sheet: Sheet, claimed: Set[int]) -> Field:
    labelled = _labelled(sheet, "check_code")
    if sheet.digital and not labelled:
        return Field()
    return _printed(labelled, _loose(sheet, r"\d{20}", claimed), lambda digits: len(digits) == 20)


def _machine(sheet: Sheet) -> Field:
    return _printed(_labelled(sheet, "machine"), [], lambda digits: 10 <= len(digits) <= 14)


def _printed(named: Sequence[Row], loose: Sequence[Row], fits: Callable[[str], bool]) -> Field:
    """A number that may be printed twice: the named print decides, another reading makes it doubtful."""
    own = {id(char) for run in named for char in run.chars}
    second = [run for run in loose if not any(id(char) in own for char in run.chars)]
    readings = [run for run in [*named, *second] if fits(run.text) and run.text.isdigit()]
    if not readings:
        if not named:
            return Field()
        return made(named[0].span(), named[0].text, "malformed")
    # Without a name the reading printed more often is the better one.
    counts = [r.text for r in readings]
    first = readings[0] if named and readings[0] in named else max(readings, key=lambda r: counts.count(r.text))
    others = [r.text for r in readings if r is not first]
    conflict = any(text != first.text for text in others)
    return made(first.span(), first.text, "conflicting_readings" if conflict else "", dict.fromkeys(others))


def _labelled_runs(sheet: Sheet, kind: str) -> list[list[Row]]:
    """What follows each label of a kind in the head."""
    marks = [mark for mark in sheet.marked(kind) if mark.middle < sheet.head_y + mark.height]
    return [runs for mark in marks if (runs := sheet.after(mark))]


def _labelled(sheet: Sheet, kind: str) -> list[Row]:
    """The digits that follow a label, taken together over pieces (a check code is printed in groups)."""
    found = []
    for runs in _labelled_runs(sheet, kind):
        chars = [char for run in runs for char in run.chars]
        keep = 0
        while keep < len(chars) and chars[keep].text.isascii() and (chars[keep].text.isalnum()):
            keep += 1
        if sum(c.text.isdigit() for c in chars[:keep]) >= 6:
            found.append(Row(tuple(chars[:keep])))
    return found


def _claimed(sheet: Sheet) -> set[int]:
    """The characters, by their ids, that follow a label of the head."""
    followers = [runs for kind in _HEAD_LABELS for runs in _labelled_runs(sheet, kind)]
    return {id(char) for runs in followers for run in runs for char in run.chars}


def _loose(sheet: Sheet, pattern: str, claimed: Set[int]) -> list[Row]:
    """Runs of digits of a certain length in the head that follow no label."""
    found = []
    for run in sheet.head:
        texts = [(run.text, False)] if re.fullmatch(pattern, run.text) else [(spaced(run), True)]
        for text, gaps in texts:
            for match in re.finditer(rf"(?<![\dA-Za-z<>*+/-])(?:{pattern})(?![\dA-Za-z<>*+/-])", text):
                before = text[: match.start()].count(" ") if gaps else 0
                piece = _slice(run, match.start() - before, match.end() - before)
                if not any(id(char) in claimed for char in piece.chars):
                    found.append(piece)
    return sorted(found, key=lambda run: -run.height)


def _slice(run: Row, start: int, end: int) -> Row:
    return Row(run.chars[start:end])
