"""`heyan invoices`: a folder of invoices as one ledger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from apps.options import LangOption, language, progress, settings
from extractors.errors import UsageError

INTERRUPTED = 130


def invoices(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A folder of invoices: XML, OFD, PDF, pictures, ZIP bundles. 发票文件夹"),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The ledger: .xlsx, .csv or .jsonl. 台账文件")
    ] = Path("ledger.xlsx"),
    lang: LangOption = None,
) -> None:
    """Read a folder of invoices into one ledger. 发票台账

    Every invoice is one row, with what was proven of it: sums, the amount in words, its number, its code, its
    signature. Files of one invoice (XML, OFD, PDF) are compared and told together; an invoice that is there twice
    and a proof that failed are coloured. Folders inside are read too.

    \b
    Examples 例:
      heyan invoices ./invoices
      heyan invoices ./invoices --out 2026-11.xlsx
      heyan invoices ./invoices --out ledger.csv       (and ledger-lines.csv)
      heyan invoices ./invoices --out ledger.jsonl     one invoice a line, for programs

    The exit code is 0 when nothing wrong was found, 3 when something needs a look: a failed proof, a duplicate, a
    file that is no invoice. Ctrl-C writes what was read until then.
    """
    from apps.ledger import FORMATS, ledger_bytes, summary
    from apps.output import claimed_stdout
    from pipeline.output import writable_folder, write_whole

    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; give the folder the invoices are in")
    if (suffix := out.suffix.lower()) not in FORMATS:
        raise UsageError(f"--out {out.name!r}: the ledger is written as one of {', '.join(FORMATS)}")
    writable_folder(out.parent)
    with claimed_stdout() as stdout:
        from pipeline.ledger import invoice_files, read_ledger

        written = out.with_name(out.stem + suffix).resolve()  # by an earlier run: a ledger is no invoice
        if not (files := [path for path in invoice_files(folder) if path.resolve() != written]):
            raise UsageError(f"there is no invoice file in {folder}: no XML, OFD, PDF, picture or ZIP")
        with progress() as told:
            ledger = read_ledger(files, folder, settings=settings(), progress=told)
        for ending, data in ledger_bytes(ledger, suffix).items():
            path = out.with_name(out.stem + ending)
            write_whole(path, data)
            print(f"ledger 台账: {path}", file=sys.stderr)
        stdout.write(summary(ledger, language(lang)) + "\n")
    if not ledger.complete:
        print(f"interrupted 已中断: {ledger.files} / {len(files)}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(3 if ledger.needs_a_look else 0)
