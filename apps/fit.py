"""`heyan fit`: a copy of a document that a platform's size limit and formats allow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apps.options import JsonOption, LangOption, language, progress, settings
from extractors.errors import DocumentError, UnfitError, UsageError

if TYPE_CHECKING:
    from pipeline.fit import Fitted
    from validators.findings import Bilingual

SCHEMA = "heyan.fit/1"


def fit(
    file: Annotated[Path, typer.Argument(help="A picture or a scanned PDF. 图片或扫描 PDF")],
    profile: Annotated[
        str, typer.Option("--profile", "-p", metavar="ID", help="Whose limits; see `heyan profiles`. 规则")
    ],
    slot: Annotated[
        str | None,
        typer.Option("--slot", metavar="NAME", help="What it is handed in as; told by itself otherwise. 材料位置"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="The copy; default: beside it, -fit in its name. 另存为"),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Make a copy of a document that fits a platform's size limit. 按平台限制压缩图片

    The copy is as good as fits, and is read again: it counts only if every field is read as before. The original
    stays as it is. Where a photo was taken (GPS) is left out of the copy.

    \b
    Examples 例:
      heyan fit licence.jpg --profile alibaba/basic
      heyan fit scan.png --profile 1688/shoupiaoyi --slot business_licence --out licence.jpg

    The exit code is 0 when there is a copy that fits; a document that would not survive it ends with 1.
    """
    import json

    from apps.output import claimed_stdout
    from apps.words import pick
    from pipeline.fit import fit as fitted_to
    from pipeline.output import write_whole
    from validators.loading import load_profiles

    if not file.is_file():
        raise UsageError(f"no such file: {file}")
    chosen = settings()
    known = load_profiles(chosen.profiles)
    if profile not in known:
        raise UsageError(f"no profile {profile!r}; there are: {', '.join(sorted(known))}")
    with claimed_stdout() as stdout:
        with progress() as told:
            try:
                fitted = fitted_to(file, known[profile], slot, chosen, progress=told)
            except DocumentError as error:
                raise UnfitError(f"{file.name} cannot be read ({error.code}).") from error
        target = _target(file, out, fitted)
        write_whole(target, fitted.copy.data)
        if as_json:
            stdout.write(json.dumps(_told(fitted, target), ensure_ascii=False, indent=2) + "\n")
        else:
            stdout.write(pick(_sentence(fitted, target), language(lang), "\n") + "\n")


def _target(file: Path, out: Path | None, fitted: Fitted) -> Path:
    """Where the copy goes; never over the original."""
    target = out or file.with_name(f"{file.stem}-fit{fitted.copy.suffix}")
    if target.is_dir():
        target /= f"{file.stem}-fit{fitted.copy.suffix}"
    if target.exists() and target.samefile(file):
        raise UsageError("the copy would take the place of the original.", remedy="Name another file with --out.")
    if target.suffix.lower() not in (fitted.copy.suffix, {".jpg": ".jpeg"}.get(fitted.copy.suffix)):
        raise UsageError(f"the copy is a {fitted.copy.format}: its name has to end in {fitted.copy.suffix}.")
    return target


def _told(fitted: Fitted, target: Path) -> dict[str, object]:
    return {
        "schema": SCHEMA, "file": fitted.original.name, "bytes": fitted.original.bytes, "slot": fitted.slot,
        "limit": fitted.limits.max_bytes, "formats": list(fitted.limits.formats), "copy": str(target),
        "copy_bytes": len(fitted.copy.data), "format": fitted.copy.format, "width": fitted.copy.size[0],
        "height": fitted.copy.size[1], "quality": fitted.copy.quality, "fields_read_alike": fitted.fields,
    }  # fmt: skip


def _sentence(fitted: Fitted, target: Path) -> Bilingual:
    from apps.words import two

    limit = f"{fitted.limits.max_bytes / 1e6:g} MB" if fitted.limits.max_bytes else ""
    was, now = f"{fitted.original.bytes / 1e6:.2f} MB", f"{len(fitted.copy.data) / 1e6:.2f} MB"
    size = f"{fitted.copy.size[0]} × {fitted.copy.size[1]}"
    limit_zh, limit_en = (f"（限制 {limit}）", f" (limit {limit})") if limit else ("", "")
    alike = fitted.fields
    return two(
        f"{target}：{now}{limit_zh}，{size} 像素；原文件 {was} 未改动，{alike} 个字段复读一致。",
        f"{target}: {now}{limit_en}, {size} pixels; the original ({was}) is unchanged, {alike} fields read the same.",
    )
