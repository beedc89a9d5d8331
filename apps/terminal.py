"""What a terminal shows: views of the report, the fields, the profiles and the doctor's findings.

Everything from outside goes in as `Text`, never as markup, with controls made visible. Meaning is
carried by words and signs; colour only adds to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from apps import words
from apps.merged import merged
from apps.words import Language, pick, two, visible
from extractors.model import Status
from validators.findings import Bilingual, CheckResult, Finding, Severity, Verdict
from validators.invoice_proofs import title_of
from validators.signatures import Integrity

if TYPE_CHECKING:
    from apps.doctor import Diagnosis
    from pipeline.report import DocumentReport, Extraction, Report
    from validators.profile import Profile

_COLOURS = {
    Verdict.ACCEPT: "green",
    Verdict.REVIEW: "yellow",
    Verdict.REJECT: "red",
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.INFO: "blue",
    Status.VERIFIED: "green",
    Status.READ: "blue",
    Status.DOUBTFUL: "yellow",
    Status.MISSING: "dim",
    CheckResult.PASSED: "green",
    CheckResult.FAILED: "red",
    CheckResult.NOT_CHECKED: "yellow",
}
_SIGNS = {Verdict.ACCEPT: "✓", Verdict.REVIEW: "!", Verdict.REJECT: "✗"}
_OUTCOMES = {
    "same": ("✓", two("一致", "same"), "green"),
    "unclear": ("?", two("需核对", "to be confirmed"), "yellow"),
    "differs": ("✗", two("不一致", "differs"), "red"),
    "missing": ("–", two("未读到", "not read"), "dim"),
}
_INTEGRITIES = {
    Integrity.INTACT: "green",
    Integrity.BROKEN: "red",
    Integrity.NOT_CHECKED: "yellow",
    Integrity.ABSENT: "dim",
}
Titles = Mapping[str, Bilingual]


def console(file: TextIO) -> Console:
    """A console on a stream; at least 100 columns where there is no terminal to measure."""
    made = Console(file=file, highlight=False, emoji=False, soft_wrap=False)
    if not made.is_terminal:
        made.width = max(made.width, 100)
    return made


def show_report(
    console: Console, report: Report, *, language: Language, seconds: float, profile: Profile | None = None
) -> None:
    """The verdict first, then why, then everything that was compared, then what was not checked."""
    titles = words.titles(profile)
    console.print(_verdict(report, language, titles))
    if report.findings:
        console.print(_findings(report.findings, language))
    _declared(console, report, language, profile)
    _checks(console, report, language, profile)
    for note in report.notes:
        console.print(Text("○ ", "dim").append(pick(two(note.get("zh", ""), note.get("en", "")), language), "dim"))
    done = two(f"用时 {seconds:.1f} 秒", f"{seconds:.1f} seconds")
    console.print(Text(pick(done, language, " · "), "dim"))


def show_extraction(console: Console, extraction: Extraction, *, language: Language) -> None:
    """Each document with its fields; then what is wrong with the files."""
    for document in extraction.documents:
        console.print(_document(document, language))
        console.print(*_evidence(document, language), sep="\n", end="\n\n")
    if extraction.findings:
        console.print(_findings(extraction.findings, language))


def show_quality(
    console: Console, told: Sequence[tuple[DocumentReport, Sequence[Finding]]], *, language: Language
) -> None:
    """Each document with what is wrong with its picture, or that nothing was found."""
    for document, findings in told:
        part = f" #{document.part}" if document.part > 1 else ""
        kind = pick(words.type_name(document.type), language)
        console.print(Text(visible(f"{document.file}{part} · {kind}"), "bold"))
        if findings:
            console.print(_findings(findings, language))
        elif document.quality:
            fine = two(
                "未发现画面问题。",
                "Nothing wrong with the picture was found.",
            )
            console.print(Text(f"  ✓ {pick(fine, language)}", "green"))
        else:
            data = two("不是图片，未检查画面。", "No picture: not checked.")
            console.print(Text(f"  – {pick(data, language)}", "dim"))


def show_diagnoses(console: Console, diagnoses: Iterable[Diagnosis], *, language: Language) -> bool:
    """One line for each thing looked at; True when nothing failed."""
    diagnoses = list(diagnoses)
    styles = {"ok": ("✓ ok  ", "green"), "warn": ("! warn", "yellow"), "fail": ("✗ FAIL", "bold red")}
    table = Table.grid(padding=(0, 2))
    for diagnosis in diagnoses:
        sign, style = styles[diagnosis.state]
        text = Text(visible(diagnosis.found))
        if diagnosis.remedy:
            text.append("\n→ " + visible(diagnosis.remedy), "bold")
        table.add_row(Text(sign, style), Text(pick(diagnosis.about, language)), text)
    console.print(table)
    return not any(d.state == "fail" for d in diagnoses)


def _verdict(report: Report, language: Language, titles: Titles) -> Panel:
    colour = _COLOURS[report.verdict]
    head = Text(f"{_SIGNS[report.verdict]} {pick(words.VERDICTS[report.verdict], language, ' · ')}", f"bold {colour}")
    head.append(f"  [{report.verdict.value.upper()}]", colour)
    title = pick(titles[report.profile], language) + " " if report.profile in titles else ""
    about = Text(visible(f"{report.submission} · {title}{report.profile} · {report.as_of}"), "dim")
    return Panel(
        Group(head, Text(pick(words.LEADS[report.verdict], language, "\n")), about), border_style=colour, padding=(0, 1)
    )


def _findings(findings: Sequence[Finding], language: Language) -> Group:
    tables, findings = [], merged(findings)
    for severity in Severity:
        group = [f for f in findings if f.severity is severity]
        if not group:
            continue
        table = plain_table(
            language, two("代码", "Code"), two("文件", "Document"), two("说明", "Message"), two("怎么办", "Remedy")
        )
        table.title = f"{pick(words.SEVERITIES[severity], language)} ({len(group)})"
        table.title_style, table.title_justify = f"bold {_COLOURS[severity]}", "left"
        table.columns[0].ratio, table.columns[1].ratio = 3, 2
        table.columns[2].ratio = table.columns[3].ratio = 5
        for f in group:
            table.add_row(
                Text(f.code, _COLOURS[severity]),
                Text(visible(f.document or "")),
                said(f.message, language),
                said(f.remedy, language),
            )
        tables.append(table)
    return Group(*tables)


def _declared(console: Console, report: Report, language: Language, profile: Profile | None) -> None:
    from apps.beside import declared_beside_read

    rows, titles = declared_beside_read(report, profile), words.titles(profile)
    if not rows:
        return
    table = plain_table(
        language,
        two("申报项", "Declared"),
        two("申报值", "Value"),
        two("", ""),
        two("读到", "Read"),
        two("文件", "Document"),
    )
    for row in rows:
        first = (said(titles.get(row.key) or words.declared_name(row.key), language), Text(row.text))
        if not row.readings:
            table.add_row(*first, Text(), Text("–", "dim"), Text())
        for reading in row.readings:
            sign, outcome, colour = _OUTCOMES[reading.outcome.value]
            value = Text()
            for piece in reading.pieces:
                value.append(piece.text, "" if piece.same else f"bold {colour} underline")
            table.add_row(
                *first,
                Text(f"{sign} {pick(outcome, language)}", colour),
                value,
                Text(visible(report.documents[reading.document].file), "dim"),
            )
            first = (Text(), Text())
    console.print(table)


def _checks(console: Console, report: Report, language: Language, profile: Profile | None) -> None:
    """How many checks ended how; each required one that was not done is told with the reason."""
    not_done = [c for c in report.checks if c.result is CheckResult.NOT_CHECKED]
    optional = [c.id for c in not_done if not c.required]
    line = Text(pick(two("检查项", "Checks"), language) + ": ")
    for result in CheckResult:
        count = sum(c.result is result for c in report.checks if c.required or result is not CheckResult.NOT_CHECKED)
        line.append(f"{pick(words.RESULTS[result], language)} {count}   ", _COLOURS[result] if count else "dim")
    console.print(line)
    for check in not_done:
        if check.required:
            name = words.check_name(check.id, profile)
            told = Text("  ! " + pick(words.RESULTS[check.result], language), "yellow")
            told.append(f"  {pick(name, language) if name else ''} ", "default")
            console.print(told.append(visible(f"{check.id}: {check.why}"), "dim"))
    if optional:
        words_for = pick(two("非必需，未检查", "optional, NOT CHECKED"), language)
        told = Text(f"  ○ {words_for} {len(optional)}: ", "dim")
        console.print(told.append(visible(", ".join(optional))))


def _document(document: DocumentReport, language: Language) -> Table:
    table = plain_table(language, two("字段", "Field"), two("值", "Value"), two("状态", "State"), two("原因", "Reason"))
    part = f" #{document.part}" if document.part > 1 else ""
    side = f" ({pick(words.SIDES[document.side], language)})" if document.side in words.SIDES else ""
    kind = pick(words.type_name(document.type), language)
    table.title = Text(visible(f"{document.file}{part} · {kind}{side}"), "bold")
    table.title_justify = "left"
    table.columns[1].ratio = 3
    for name, field in document.fields.items():
        state = f"{words.STATUS_ICONS[field.status]} {pick(words.STATUSES[field.status], language)}"
        value = words.field_value(document.type, name, field)
        table.add_row(
            said(words.field_name(document.type, name), language),
            said(value, language),
            Text(state, _COLOURS[field.status]),
            said(words.reason(field.reason), language) if field.reason else Text(),
        )
    return table


def _evidence(document: DocumentReport, language: Language) -> Iterator[Text]:
    """What was proven of an invoice and what was not, its signatures, and the better carrier it repeats."""
    for proof in document.proofs:
        colour = _COLOURS[CheckResult(proof.result)]
        line = Text(f"  {pick(words.RESULTS[CheckResult(proof.result)], language)}  ", colour)
        line.append(pick(title_of(proof.id), language), "default")
        yield line.append(visible(f"  {proof.why}"), "dim")
    for signature in document.signatures:
        line = Text("  " + pick(two("电子签名", "Signature"), language) + ": ")
        line.append(pick(words.INTEGRITIES[signature.integrity], language), _INTEGRITIES[signature.integrity])
        yield line.append(visible(f"  {signature.signer} {signature.why}".rstrip()), "dim")
    if document.copy_of:
        told = pick(two("同一发票，以此文件为准", "the same invoice; the one that counts is"), language)
        yield Text(visible(f"  {told}: {document.copy_of[0]}"), "dim")


def plain_table(language: Language, *headings: Bilingual) -> Table:
    table = Table(box=SIMPLE_HEAD, header_style="bold", expand=False, pad_edge=False)
    for heading in headings:
        table.add_column(pick(heading, language), overflow="fold")
    return table


def said(text: Bilingual, language: Language) -> Text:
    return Text(visible(pick(text, language, "\n" if len(text.zh) > 8 else " ")))
