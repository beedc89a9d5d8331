"""Tables of a form: every bad row told by its number and cell. The form carries its text: nothing is a misreading."""

from __future__ import annotations

from extractors.model import Status
from extractors.table import table_forms
from validators.findings import Verdict
from validators.proofs.base import Proof

BAD_ROWS = "bad_rows"
_TOLD_SINGLY = 30  # errors told one by one; the rest by their rows

_CODES = {
    "missing": "FIELD_ROW_MISSING",
    "typed_as_number": "FIELD_ROW_TYPED_AS_NUMBER",
    "unknown_choice": "FIELD_ROW_UNKNOWN_CHOICE",
    "repeated": "FIELD_ROW_REPEATED",
    "column_missing": "FIELD_COLUMN_MISSING",
}
# What is wrong with a cell, to stand after the name of its column.
_MALFORMED = {
    "error_value": ("是公式错误值", "is a formula's error"),
    "not_a_name": ("不是姓名", "is no name"),
    "not_a_number": ("不是数字", "is no number"),
    "not_positive": ("应大于 0", "must be above zero"),
    "not_whole": ("应为整数", "must be a whole number"),
    "not_a_date": ("不是日期（如 2026-03-05）", "is no date (such as 2026-03-05)"),
    "not_a_month": ("不是年月（如 2026-03）", "is no month (such as 2026-03)"),
    "not_a_mobile": ("不是有效的手机号码", "is no valid mobile number"),
    "not_a_document_number": ("不是有效的证件号码", "is no valid document number"),
    "check_digit_wrong": ("校验码不对", "has a wrong check digit"),
    "not_a_code": ("不是有效的编码", "is no valid code"),
    "other_currency": ("的币种与本表要求不一致", "is in another currency than the form asks for"),
}


def prove_rows(proof: Proof, type_id: str) -> None:
    """Findings for the bad rows of a form; its other tables were judged cell by cell when they were read."""
    problems = proof.value(BAD_ROWS)
    if not isinstance(problems, list):
        return
    for problem in problems[:_TOLD_SINGLY]:
        _tell(proof, type_id, problem)
    if rest := problems[_TOLD_SINGLY:]:
        rows = ", ".join(dict.fromkeys(str(problem["row"]) for problem in rest))
        proof.report("FIELD_ROWS_BAD", BAD_ROWS, count=len(rest), rows=rows[:400] + "…" * (len(rows) > 400))


def refuse_row(proof: Proof, type_id: str, row: dict[str, object], column: str, reason: str) -> None:
    """Move a line to the bad rows: a proof of the type itself found what is wrong with one of its cells."""
    cell = f"{_letters(proof, type_id, column)}{row['row']}"
    problem = {"row": row["row"], "cell": cell, "column": column, "reason": reason, "text": row[column]}
    good = [line for line in proof.value("lines") or [] if line is not row]
    listed = [*(proof.value(BAD_ROWS) or []), problem]
    proof.fields[BAD_ROWS] = proof.fields[BAD_ROWS].model_copy(update={"value": listed, "raw": str(len(listed))})
    proof.mark("lines", Status.DOUBTFUL, "bad_rows", value=good)
    proof.mark("line_count", Status.DOUBTFUL, "bad_rows", value=str(len(good)))
    _tell(proof, type_id, problem)


def _letters(proof: Proof, type_id: str, column: str) -> str:
    """The letters of a column, from the headings kept beside the lines ("C3 证件号码 | …")."""
    declared = table_forms()[type_id].column(column)
    for heading in proof.fields["lines"].raw.split(" | "):
        address, _, text = heading.partition(" ")
        if declared and declared.answers_to(text):
            return address.rstrip("0123456789")
    return ""


def _tell(proof: Proof, type_id: str, problem: dict[str, object]) -> None:
    reason, column = str(problem["reason"]), str(problem["column"])
    said_zh, said_en = _MALFORMED.get(reason, ("填写有误", "is wrong"))
    zh, en, choices = _names(type_id, column)
    proof.report(
        _CODES.get(reason, "FIELD_ROW_MALFORMED"), BAD_ROWS, row=problem["row"], cell=problem["cell"],
        name_zh=zh, name_en=en, reason_zh=said_zh, reason_en=said_en, choices=choices,
        verdict=Verdict.REVIEW if reason == "other_currency" else None,
    )  # fmt: skip


def _names(type_id: str, column: str) -> tuple[str, str, str]:
    """What a form calls a column or a labelled field, and its choices."""
    form = table_forms().get(type_id)
    if form and (found := form.column(column)):
        return found.zh, found.en[:1].lower() + found.en[1:], "、".join(words[0] for _, words in found.choices)
    spec = next((spec for spec in form.fields if spec.name == column), None) if form else None
    return spec.zh if spec else column, column.replace("_", " "), ""
