"""`heyan quality`: what is wrong with pictures alone, without a profile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.options import AsOfOption, JsonOption, LangOption, day, language, progress, settings
from extractors.errors import UsageError

if TYPE_CHECKING:
    from pipeline.report import DocumentReport, Extraction
    from validators.findings import Finding

SCHEMA = "heyan.quality/1"
_ABOUT_PICTURES = ("QUALITY_", "AUTH_", "FILE_", "TYPE_")


def quality(
    files: Annotated[list[Path], typer.Argument(help="Pictures or PDFs. 图片或 PDF")],
    as_json: JsonOption = False,
    lang: LangOption = None,
    as_of: AsOfOption = None,
) -> None:
    """See whether pictures are good enough to be handed in. 检查图片质量

    Looks at blur, light, shadow, reflections, what is cut off or covered, at signs of editing, and whether a person's
    card is over. An error means that a key field of the document cannot be read safely; a warning, that the picture has
    a flaw but is readable.

    \b
    Examples 例:
      heyan quality licence.jpg
      heyan quality id-front.jpg id-back.jpg --json

    The exit code is 0 when there is no error, 1 when a file is unusable, 3 when a key field cannot be read.
    """
    from apps.output import claimed_stdout

    for file in files:
        if not file.exists():
            raise UsageError(f"no such file: {file}")
    judged_on = day(as_of)
    with claimed_stdout() as stdout:
        from pipeline.verify import extract

        with progress() as say:
            extraction = extract(files, settings=settings(), progress=say, as_of=judged_on)
        if as_json:
            stdout.write(json.dumps(told_of(extraction), ensure_ascii=False, indent=2) + "\n")
        else:
            from apps import terminal

            told = [(document, about(extraction, document)) for document in extraction.documents]
            terminal.show_quality(terminal.console(stdout), told, language=language(lang))
    raise typer.Exit(_exit_code(extraction))


def told_of(extraction: Extraction) -> dict[str, Any]:
    """The answer as JSON: each document with its measures and what is wrong with its picture."""
    documents = [
        {
            "file": document.file, "part": document.part, "type": document.type, "quality": document.quality,
            "findings": [found.model_dump(mode="json") for found in about(extraction, document)],
        }
        for document in extraction.documents
    ]  # fmt: skip
    return {"schema": SCHEMA, "documents": documents}


def about(extraction: Extraction, document: DocumentReport) -> list[Finding]:
    """What is wrong with one document's picture; what its text says is not asked here."""
    return [
        found
        for found in extraction.findings
        if found.document == document.file
        and found.code.startswith(_ABOUT_PICTURES)
        and (not found.evidence or found.evidence[0].part == document.part)
    ]


def _exit_code(extraction: Extraction) -> int:
    errors = [found for found in extraction.findings if found.severity == "error"]
    if any(found.code.startswith("FILE_") for found in errors):
        return 1
    return 3 if any(found.code.startswith(_ABOUT_PICTURES) for found in errors) else 0
