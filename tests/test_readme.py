"""What the README shows how to add is added just so, and works; a mistake in a profile is said where it is made."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from apps import cli
from extractors.errors import ProfileError
from pipeline.settings import Settings
from pipeline.submission import Submission, SubmittedFile
from pipeline.verify import verify
from tests.documents_by_hand import NAME, Scripted, save
from validators.findings import Verdict
from validators.loading import load_profiles

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def shown_under(heading: str) -> str:
    """The first indented block under a heading of the README."""
    section = README.split(f"### {heading}", 1)[1].split("\n## ")[0].split("\n### ")[0]
    block = re.search(r"(?:^(?: {4}.*)?\n)+", section[section.index("\n    ") + 1 :], re.MULTILINE)
    assert block
    return textwrap.dedent(block.group(0)).strip() + "\n"


TYPE = shown_under("Add a document type: one file")
PLATFORM = shown_under("Add a platform: one YAML file")


def test_every_file_the_readme_links_or_names_is_there() -> None:
    linked = re.findall(r"\]\(([^)#]+)\)", README)
    named = re.findall(r"(?:samples/submissions/[\w-]+|validators/profiles/[\w/-]+\.yaml|pipeline/\w+\.py)", README)
    assert linked
    assert named
    missing = [path for path in {*linked, *named} if not path.startswith("http") and not (ROOT / path).exists()]
    assert missing == []


def test_the_exit_codes_the_readme_lists_are_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert listed == {0, 1, 2, 3, 70, 130}


def test_the_new_document_type_is_one_file(tmp_path: Path) -> None:
    (name,) = re.findall(r"Save as `extractors/(\w+)\.py`", README)
    for package in ("extractors", "validators", "pipeline"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "extractors" / f"{name}.py").write_text(TYPE, "utf-8")
    script = """
import extractors
from datetime import date
from extractors.model import Page, TextLine, rectangle
from extractors.registry import classify, extract

assert extractors.__path__[0].startswith(TMP), extractors.__path__
def at(x, y, text): return TextLine(text, rectangle(x, y, x + 20 * len(text), y + 20))
page = Page(1, 800, 1000, (
    at(250, 60, "道路运输经营许可证"), at(100, 160, "许可证号"), at(260, 160, "330108004567"),
    at(100, 220, "业户名称"), at(260, 220, "杭州云帆物流有限公司"),
    at(100, 280, "经营范围"), at(260, 280, "道路普通货物运输"),
    at(100, 340, "证件有效期"), at(260, 340, "2022年01月01日至2025年12月31日"),
    at(100, 400, "核发机关"),
))
told = classify([page])
assert told.type == "road_transport_licence", told
record = extract([page], told.type)
assert {n: f.value for n, f in record.fields.items()} == {
    "licence_number": "330108004567", "name": "杭州云帆物流有限公司", "business_scope": "道路普通货物运输",
    "valid_from": date(2022, 1, 1), "valid_to": date(2025, 12, 31), "valid_to_is_indefinite": False,
}, record
print("read")
"""
    (tmp_path / "try.py").write_text(f"TMP = {str(tmp_path)!r}\n{script}", "utf-8")
    done = subprocess.run([sys.executable, str(tmp_path / "try.py")], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "read\n"), done.stderr


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "acme.yaml").write_text(PLATFORM, "utf-8")
    return folder


def test_the_new_platform_is_one_file(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.orientation.proposed_rotation", lambda _: 0)
    assert "acme/supplier" in load_profiles(own)
    assert "1688/name-verification" in load_profiles(own)
    licence = save(tmp_path, "licence")

    def judged(name: str, file: SubmittedFile = licence) -> Verdict:
        given = Submission("x", "acme/supplier", {"company_name": name}, (file,))
        return verify(
            given, settings=Settings(profiles=own), as_of=date(2026, 11, 22), reader=Scripted()
        ).report.verdict

    assert judged(NAME) is Verdict.ACCEPT
    assert judged("宁波远桥贸易有限公司") is Verdict.REJECT
    assert judged(NAME, replace(save(tmp_path, "permit"), slot="business_licence")) is Verdict.REJECT


def test_the_command_knows_the_new_platform(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEYAN_PROFILES", str(own))
    with pytest.raises(SystemExit) as left:
        cli.main(["profiles", "acme/supplier"])
    assert left.value.code == 0
    assert "供应商入驻" in capsys.readouterr().out


CHECK = "check: equal"
BROKEN = {
    "an unknown check": (CHECK, "check: equals", "equals"),
    "an unknown key": ("max_bytes: 2 MB", "max_byte: 2 MB", "max_byte"),
    "an unknown key at the top": ("platform:", "plattform:", "plat"),
    "a missing parameter": ("left: declared.company_name, ", "", "left"),
    "a parameter too many": ("params: {", "params: {more: 1, ", "more"),
    "a parameter of a wrong type": ("left: declared.company_name,", "left: [1],", "left"),
    "an unknown field": ("business_licence.name", "business_licence.nam", "nam"),
    "an unknown slot in a reference": ("business_licence.name", "licence.name", "licence"),
    "a reference that is none": ("business_licence.name", "business_licence", "right"),
    "an unknown declared value": ("left: declared.company_name,", "left: declared.company,", "company"),
    "an unknown setting": ("$minimum_years", "$minimum_age", "minimum_age"),
    "a condition on nothing declared": ("declared.settlement: transfer", "declared.payment: transfer", "payment"),
    "a condition that is none": ("when: {declared.settlement: transfer}", "when: transfer", "when"),
    "a choice without choices": ("choices: [transfer, cash]", "choices: []", "choices"),
    "a number where a text belongs": ("id: age", "id: [age]", "id"),
    "a base that is not there": ("id: acme/supplier", "id: acme/supplier\nextends: acme/other", "acme/other"),
    "a key twice": ("parameters:\n", "slots: {}\nparameters:\n", "slots"),
    "an unknown document type": ("accepts: [business_licence]", "accepts: [business_license]", "business_license"),
    "an unknown format": ("[jpeg, png]", "[jpeg, gif]", "formats"),
    "a size that is none": ("2 MB", "large", "max_bytes"),
    "an unknown kind": ("kind: organisation", "kind: company", "kind"),
    "no source": ("source: Acme supplier guide 2026, §2", "", "source"),
    "not YAML": ("slots:", "slots: [", "YAML"),
    "a check twice": (
        "checks:\n",
        'checks:\n  - {id: name, check: present, params: {value: business_licence.name}, source: "2.2"}\n',
        "name",
    ),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_in_a_profile_is_named_with_file_line_and_reason(
    own: Path, mistake: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right, wrong, says = BROKEN[mistake]
    assert right in PLATFORM
    path = own / "acme.yaml"
    path.write_text(PLATFORM.replace(right, wrong, 1), "utf-8")
    with pytest.raises(ProfileError) as raised:
        load_profiles(own)
    place = re.search(re.escape(str(path)) + r":(\d+): ", str(raised.value))
    assert place, raised.value
    assert says in str(raised.value)
    near = PLATFORM[: PLATFORM.index(right)].count("\n") + 1
    # There is no line of what is not there; of two equal keys the second is the mistake.
    whole = mistake in ("no source", "an unknown key at the top", "not YAML", "a key twice", "a choice without choices")
    assert whole or 0 <= int(place.group(1)) - near <= 2

    monkeypatch.setenv("HEYAN_PROFILES", str(own))
    for command in (["profiles"], ["check", str(ROOT / "samples/submissions/accept-scans")]):
        with pytest.raises(SystemExit) as left:
            cli.main(command)
        out, err = capsys.readouterr()
        assert (left.value.code, out, err.count("\n")) == (2, "", 1)
        assert "acme.yaml" in err
        assert "Traceback" not in err


def test_prerequisites_that_go_round_in_a_circle_are_refused(own: Path) -> None:
    title = "title: {zh: 前一步, en: the step before}"
    for here, there in (("one", "two"), ("two", "acme"), ("acme", "one")):
        text = PLATFORM.replace("acme/supplier", f"acme/{here}")
        step = f'prerequisites:\n  before: {{{title}, profile: acme/{there}, same: [company_name], source: "2"}}\n'
        (own / f"{here}.yaml").write_text(text + step, "utf-8")
    with pytest.raises(ProfileError, match=r"\.yaml:\d+: prerequisites\.before\.profile: .*circle.*acme/"):
        load_profiles(own)


def test_an_own_profile_may_change_a_few_lines_of_another(own: Path) -> None:
    (own / "patch.yaml").write_text(
        "id: acme/strict\nextends: acme/supplier\nparameters: {minimum_years: {value: 5}}\n"
        "slots: {business_licence: {max_bytes: 1 MB}, account: null}\n"
        "checks: [{id: age, required: false}, {id: holder, check: null}]\n",
        "utf-8",
    )
    changed = load_profiles(own)["acme/strict"]
    assert changed.parameters["minimum_years"].value == 5
    assert (list(changed.slots), changed.slots["business_licence"].max_bytes) == (["business_licence"], 1_000_000)
    assert [(check.id, check.required) for check in changed.checks] == [("name", True), ("age", False)]

    (own / "patch.yaml").write_text(
        "id: 1688/name-verification\nextends: 1688/name-verification\nslots: {business_licence: {max_bytes: 1 MB}}\n"
        "checks: [{id: licence-name, source: null}]\n",
        "utf-8",
    )
    with pytest.raises(ProfileError, match=r"checks\.licence-name\.source") as raised:
        load_profiles(own)
    assert raised.value.data["file"] == str(own / "patch.yaml")


def test_two_profiles_of_one_id_are_refused_and_an_own_one_replaces_a_built_in(own: Path) -> None:
    shutil.copy(own / "acme.yaml", own / "copy.yaml")
    with pytest.raises(ProfileError, match="acme/supplier"):
        load_profiles(own)
    (own / "copy.yaml").write_text(PLATFORM.replace("acme/supplier", "1688/name-verification"), "utf-8")
    assert load_profiles(own)["1688/name-verification"].path == own / "copy.yaml"


def test_a_folder_of_profiles_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEYAN_PROFILES", str(tmp_path / "none"))
    with pytest.raises(SystemExit) as left:
        cli.main(["profiles"])
    err = capsys.readouterr().err
    assert (left.value.code, err.count("\n")) == (2, 1)
    assert "HEYAN_PROFILES" in err
