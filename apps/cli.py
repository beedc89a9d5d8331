"""The `heyan` command.

`main` is the one place where errors become exit codes (design §4.2):
0 accept · 1 reject · 2 usage error · 3 review · 70 internal error · 130 interrupted.
Heavy libraries are imported inside the commands that need them, so that help is instant.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apps.batch import batch
from apps.fit import fit
from apps.invoices import invoices
from apps.nightly import nightly, serve
from apps.options import AsOfOption, JsonOption, LangOption, day, language, progress, settings
from apps.quality import quality
from apps.results import results
from apps.template import template
from extractors.errors import HeyanError, UsageError

if TYPE_CHECKING:
    from pipeline.report import Extraction

INTERRUPTED, BROKEN_PIPE, INTERNAL = 130, 141, 70

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Heyan 核验 checks a company's documents before a platform does.

    It reads licences, ID cards, account permits and invoices on this machine, compares them with what you
    declare, and says whether they would be accepted. Nothing leaves this machine.

    \b
    Try 试试:
      heyan check ./my-submission                  check one folder 核验一份资料
      heyan check ./my-submission --out report     ... and keep an HTML report 生成网页报告
      heyan extract licence.jpg --json             fields of one document 读取字段
      heyan quality licence.jpg                    is the picture good enough 检查图片质量
      heyan fit licence.jpg -p alibaba/basic       a copy within the size limit 压缩图片
      heyan batch ./submissions --out results      check a list of submissions 批量核验
      heyan invoices ./invoices --out ledger.xlsx  a ledger of invoices, proven 发票台账
      heyan profiles                               whose rules can be checked 有哪些规则
      heyan doctor                                 is everything in place 检查安装

    \b
    Exit codes 退出码: 0 accepted 接受, 1 refused 拒绝, 2 wrong usage 用法错误,
      3 needs a person 需人工, 70 internal error 内部错误, 130 interrupted 中断.
    """,
)


@app.callback(invoke_without_command=True)
def heyan(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="Print the version. 版本")] = False
) -> None:
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"heyan {version_of('heyan')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


@app.command(short_help="Check one submission 核验一份资料")
def check(
    path: Annotated[
        Path,
        typer.Argument(
            help="A submission folder, its submission.yaml or .json, a folder of files, or one file. 资料文件夹或文件"
        ),
    ],
    profile: Annotated[
        str | None, typer.Option("--profile", "-p", metavar="ID", help="Whose rules; see `heyan profiles`. 规则")
    ] = None,
    declared: Annotated[
        Path | None,
        typer.Option("--declared", "-d", metavar="FILE", help="YAML or JSON with the declared values. 申报内容"),
    ] = None,
    as_of: AsOfOption = None,
    registry: Annotated[
        str | None,
        typer.Option(
            "--registry", metavar="PATH|URL", help="Company registry data: a table or a service. 企业登记信息来源"
        ),
    ] = None,
    as_json: JsonOption = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Write report.json and report.html there. 报告保存到"),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Check one submission. 核验一份资料

    PATH is a folder with a submission.yaml, or plain files with --profile and --declared.

    \b
    Examples 例:
      heyan check ./my-submission
      heyan check ./my-submission --out report --as-of 2026-11-22
      heyan check ./scans --profile 1688/name-verification --declared declared.yaml
      heyan check ./my-submission --json > report.json

    \b
    A submission.yaml 写法:
      profile: 1688/name-verification
      declared:
        company_name: 杭州云帆数字科技有限公司
        credit_code: "91330108MA2CG4HU3R"
        legal_representative: 张晓明
        mobile: "13800000000"

    The exit code is the verdict: 0 accept, 1 reject, 3 review.
    """
    from apps.output import claimed_stdout
    from pipeline.output import json_text, writable_folder, write_whole

    judged_on = day(as_of)
    folder = writable_folder(out) if out else None
    started = time.monotonic()
    with claimed_stdout() as stdout:
        from pipeline.submission import load_submission
        from pipeline.verify import verify

        chosen = settings(registry=registry)
        submission = load_submission(path, profile, declared)
        with progress() as told:
            checked = verify(submission, settings=chosen, as_of=judged_on, progress=told)
            report = checked.report
            text = json_text(report)
            rules = checked.profile
            if folder:
                from apps.html import render

                page = render(
                    report,
                    checked.pictures,
                    language=language(lang, "both"),
                    profile=rules,
                    seconds=time.monotonic() - started,
                )
                write_whole(folder / "report.json", text)
                write_whole(folder / "report.html", page)
        if as_json:
            stdout.write(text)
        else:
            from apps import terminal

            terminal.show_report(
                terminal.console(stdout),
                report,
                language=language(lang),
                seconds=time.monotonic() - started,
                profile=rules,
            )
    if folder:
        typer.echo(f"report 报告: {folder / 'report.html'}", err=True)
    raise typer.Exit({"accept": 0, "reject": 1, "review": 3}[report.verdict.value])


@app.command(short_help="Read the fields of single documents 读取字段")
def extract(
    files: Annotated[list[Path], typer.Argument(help="Pictures, PDFs or .xlsx spreadsheets. 图片、PDF 或表格")],
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Read the fields of single documents, without any rules. 读取单个文件的字段

    \b
    Examples 例:
      heyan extract licence.jpg
      heyan extract id-front.jpg id-back.jpg invoice.pdf --json

    The exit code is 0 when every file could be read, 1 when one is unusable, 3 when one is doubtful as a file.
    """
    from apps.output import claimed_stdout
    from pipeline.output import json_text

    for file in files:
        if not file.exists():
            raise UsageError(f"no such file: {file}")
    with claimed_stdout() as stdout:
        from pipeline.verify import extract as extract_all

        with progress() as told:
            extraction = extract_all(files, settings=settings(), progress=told)
        if as_json:
            stdout.write(json_text(extraction))
        else:
            from apps import terminal

            terminal.show_extraction(terminal.console(stdout), extraction, language=language(lang))
    raise typer.Exit(_unusable(extraction))


app.command(short_help="Check a list of submissions 批量核验")(batch)
app.command(short_help="What batches found 查询结果")(results)
app.command(short_help="The nightly run, once 夜间核验")(nightly)
app.command(short_help="The nightly run on a schedule 定时核验")(serve)
app.command(short_help="Is a picture good enough 检查图片质量")(quality)
app.command(short_help="A copy within a platform's size limit 压缩图片")(fit)
app.command(short_help="A ledger of a folder of invoices 发票台账")(invoices)
app.command(short_help="Empty Excel forms and lists 空白表格")(template)


@app.command(short_help="List or show the rule packs 查看规则")
def profiles(
    profile: Annotated[str | None, typer.Argument(metavar="[ID]", help="Show this one in full. 规则编号")] = None,
    lang: LangOption = None,
) -> None:
    """List the rule packs, or show one with its sources. 查看规则

    \b
    Examples 例:
      heyan profiles
      heyan profiles 1688/name-verification
    """
    from apps import profile_view, terminal
    from validators.loading import load_profiles

    known = load_profiles(settings().profiles)
    console, chosen = terminal.console(sys.stdout), language(lang)
    if profile is None:
        profile_view.show_profiles(console, known, language=chosen)
    elif profile in known:
        profile_view.show_profile(console, known[profile], language=chosen)
    else:
        raise UsageError(f"no profile {profile!r}; there are: {', '.join(sorted(known))}")


@app.command(short_help="See whether everything is in place 检查安装")
def doctor(lang: LangOption = None) -> None:
    """See whether everything is installed and which settings are in effect. 检查安装与设置

    The exit code is 0 when Heyan can work, 1 when something must be mended first.
    """
    from apps.doctor import examine
    from apps.output import claimed_stdout
    from apps.terminal import console, show_diagnoses

    with claimed_stdout() as stdout:
        healthy = show_diagnoses(console(stdout), examine(settings()), language=language(lang))
    raise typer.Exit(0 if healthy else 1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit with the code that says what came of it."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")  # a console that cannot print ✓ must not fail a check
    sys.exit(_run(list(sys.argv[1:] if arguments is None else arguments)))


def _run(arguments: list[str]) -> int:
    try:
        code = typer.main.get_command(app).main(arguments, prog_name="heyan", standalone_mode=False)
        sys.stdout.flush()
        if code == INTERRUPTED:  # Typer's answer to Ctrl-C
            raise KeyboardInterrupt
        return int(code or 0)
    except HeyanError as error:
        _debug()
        return _say(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _say("interrupted 已中断", INTERRUPTED)
    except BrokenPipeError:  # the reader went away (| head): nothing more to say, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:
        _debug()
        if text := getattr(error, "format_message", None):  # Typer's own: the command line was wrong
            return _say(f"{text()} See `heyan --help`.", 2)
        return _say(_full(error) or _internal(error), INTERNAL)


def _say(text: str, code: int) -> int:
    """One line on stderr, whatever the text holds."""
    from apps.words import visible

    typer.echo("heyan: " + visible(" ".join(text.split())), err=True)
    return code


def _full(error: Exception) -> str:
    """What to do about a full disk, whoever met it (stdout may lead to one too); "" for anything else."""
    from pipeline.outage import cause_of, outage

    return str(outage("disk_full")) if cause_of(error) == "disk_full" else ""


def _internal(error: Exception) -> str:
    """What broke and where, without the error's own message: that might hold document text."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return (
        f"internal error: {type(error).__name__}{where}. "
        "Please report this line together with the output of `heyan doctor`; HEYAN_DEBUG=1 shows the traceback."
    )


def _debug() -> None:
    if os.environ.get("HEYAN_DEBUG") == "1":
        import traceback

        traceback.print_exc()


def _unusable(extraction: Extraction) -> int:
    """0 when every file could be read as a file; else what the worst of their FILE_ findings leads to."""
    verdicts = {finding.verdict.value for finding in extraction.findings if finding.code.startswith("FILE_")}
    return 1 if "reject" in verdicts else 3 if "review" in verdicts else 0


if __name__ == "__main__":
    main()
