"""Descriptions of submissions: each thing wrong in one is refused with one line that names it."""

import json

import pytest

from extractors.errors import SubmissionError
from pipeline.submission import load_submission
from validators.declared import STANDARD

GOOD = """
profile: 1688/name-verification
declared:
  company_name: 杭州云帆数字科技有限公司
  legal_representative_id: "330108198805142036"
  registered_capital: 5000000
  established_on: 2019-03-05
documents:
  - {file: licence.jpg, slot: business_licence}
  - id.jpg
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "licence.jpg").write_bytes(b"x")
    (tmp_path / "id.jpg").write_bytes(b"x")
    return tmp_path


def load(folder, text, name="submission.yaml"):
    (folder / name).write_text(text, "utf-8")
    return load_submission(folder, known=sorted(STANDARD))


def test_a_description_gives_profile_values_and_files(folder):
    submission = load(folder, GOOD)
    assert submission.profile == "1688/name-verification"
    assert submission.declared["registered_capital"] == "5000000"
    assert submission.declared["established_on"] == "2019-03-05"
    assert [(f.name, f.slot) for f in submission.files] == [("licence.jpg", "business_licence"), ("id.jpg", None)]


def test_json_is_read_as_well(folder):
    text = json.dumps({"profile": "p", "declared": {"mobile": "13800000000"}, "documents": [{"file": "id.jpg"}]})
    assert load(folder, text, "submission.json").declared == {"mobile": "13800000000"}


def test_without_a_list_the_pictures_in_the_folder_are_taken_and_others_named(folder):
    (folder / "notes.txt").write_text("x")
    (folder / ".hidden.jpg").write_bytes(b"x")
    submission = load(folder, "profile: p\n")
    assert [f.name for f in submission.files] == ["id.jpg", "licence.jpg"]
    assert submission.ignored == ("notes.txt",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("profil: p\n", "Did you mean profile?"),
        ("declared: {credit_cod: x}\n", "Did you mean credit_code?"),
        ("declared: {credit_code: 330108198805142036}\n", "Write it in quotes"),
        ("declared: {mobile: 13800000000}\n", "declared.mobile"),
        ("declared: {established_on: {year: 2019}}\n", "declared.established_on"),
        ("documents: [{file: ../other/licence.jpg}]\n", "outside the submission's folder"),
        ("documents: [{file: /etc/passwd}]\n", "outside the submission's folder"),
        ("documents: [{file: 'a\\..\\..\\b.jpg'}]\n", "outside the submission's folder"),
        ("documents: [id.jpg, {file: id.jpg, slot: x}]\n", "listed twice"),
        ("documents: [{file: id.jpg, slots: x}]\n", "Did you mean slot?"),
        ("documents: [{slot: x}]\n", "documents[1]"),
        ("a: &a [x]\nb: [*a, *a]\n", "aliases"),
        ("profile: p\nprofile: q\n", "is there twice"),
        ("declared: {mobile: 'x', mobile: 'y'}\n", "is there twice"),
        ("declared: [1]\n", "a mapping"),
        ("- 1\n", "a mapping"),
        ("", "a mapping"),
        ("profile: [\n", "not valid YAML"),
        ("profile: 7\n", "a text such as"),
        ("declared: {established_on: 2019-02-31}\n", "impossible"),
        ("profile: \0\n", "not valid YAML"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(folder, text, says):
    with pytest.raises(SubmissionError) as error:
        load(folder, text)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_an_alias_bomb_is_refused_before_it_grows(folder):
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40))
    with pytest.raises(SubmissionError, match="aliases"):
        load(folder, bomb)


def test_deep_nesting_and_size_are_bounded(folder):
    with pytest.raises(SubmissionError):
        load(folder, '{"a":' * 100_000, "submission.json")
    (folder / "submission.json").unlink()
    with pytest.raises(SubmissionError):
        load(folder, "[" * 900_000)
    with pytest.raises(SubmissionError, match="larger than"):
        load(folder, "#" * 1_000_001)


def test_a_missing_path_and_an_empty_folder_are_named(tmp_path):
    with pytest.raises(SubmissionError, match="There is no"):
        load_submission(tmp_path / "nothing")
    with pytest.raises(SubmissionError, match="no document"):
        load_submission(tmp_path)
