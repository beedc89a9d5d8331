"""What the commands share: options, settings from the environment, and the line that tells what is being done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from extractors.errors import UsageError

if TYPE_CHECKING:
    from apps.words import Language
    from pipeline.settings import Settings


class Lang(StrEnum):
    ZH = "zh"
    EN = "en"
    BOTH = "both"


JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else. 输出 JSON")]
LangOption = Annotated[
    Lang | None,
    typer.Option(
        "--lang", envvar="HEYAN_LANG", show_envvar=True, help="Language of messages; default: your locale. 语言"
    ),
]

AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="YYYY-MM-DD", help="Judge dates as of this day; default: today. 判断日期"),
]


def settings(**given: str | None) -> Settings:
    """The settings; what was given on the command line comes before the environment."""
    from pydantic import ValidationError

    from pipeline.settings import Settings

    try:
        return Settings(**{name: text for name, text in given.items() if text is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "HEYAN_" + "_".join(str(part) for part in first["loc"]).upper()
        raise UsageError(f"the setting {name} is wrong: {first['msg']}") from None


def day(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--as-of {text!r} is not a date; write it as YYYY-MM-DD") from None


def language(lang: Lang | None, default: Language | None = None) -> Language:
    from apps.words import terminal_language

    return lang.value if lang else default or terminal_language()


@contextmanager
def progress() -> Iterator[Callable[[str], None] | None]:
    """A line on stderr that says what is being done, where stderr is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.text import Text

    from apps.words import visible

    with Console(stderr=True).status("…") as status:
        yield lambda step: status.update(Text(visible(step)))
