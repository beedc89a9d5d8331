"""`heyan template`: empty Excel forms, and the empty list of a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from apps.options import LangOption, language, settings
from extractors.errors import UsageError

_LIST = "batch"


def template(
    form: Annotated[
        str | None, typer.Argument(metavar="[TYPE]", help="The form, as the list names it. 表格类型")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option("--profile", "-p", metavar="ID", help="Whose rules the list of a batch is for. 批量清单的规则"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write the form there (.xlsx). 保存到")
    ] = None,
    lang: LangOption = None,
) -> None:
    """List the Excel forms, or write an empty one. 空白表格

    \b
    Examples 例:
      heyan template
      heyan template order_lines --out order-lines.xlsx
      heyan template batch --profile 1688/name-verification --out list.xlsx
    """
    from apps.words import pick, two
    from extractors.table import table_forms

    if form is None:
        named = {_LIST: two("批量核验清单", "list of submissions, for `heyan batch` (--profile)")}
        named |= {known.id: two(known.zh, known.en) for known in table_forms().values()}
        for id_, title in named.items():
            typer.echo(f"{id_:26} {pick(title, language(lang))}")
        return
    if profile is not None and form != _LIST:
        raise UsageError(f"--profile is for `heyan template {_LIST}` alone")
    path = out or Path(f"{form}.xlsx")
    content = _list(profile) if form == _LIST else _form(form)
    try:
        with path.open("xb") as file:  # never over a form somebody has filled in
            file.write(content)
    except FileExistsError:
        raise UsageError(f"{path} exists already; give another name with --out") from None
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error
    typer.echo(f"{path}", err=True)


def _form(form: str) -> bytes:
    from extractors.table import table_forms
    from pipeline.templates import template as template_of

    forms = table_forms()
    if form not in forms:
        raise UsageError(f"no form {form!r}; there are: {', '.join(sorted([*forms, _LIST]))}")
    return template_of(forms[form])


def _list(profile: str | None) -> bytes:
    from pipeline.manifest_template import manifest_template
    from validators.loading import load_profiles

    known = load_profiles(settings().profiles)
    if profile is None or profile not in known:
        problem = "name a profile with --profile" if profile is None else f"no profile {profile!r}"
        raise UsageError(f"{problem}; there are: {', '.join(sorted(known))}")
    return manifest_template(known[profile])
