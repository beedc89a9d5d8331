"""A full disk is not the fault of the files that met it, and three of them are enough to stop."""

import errno
import zipfile
from pathlib import Path

import pytest

from extractors.errors import DocumentError, EngineError, OutageError
from pipeline import archive
from pipeline.archive import unpack
from pipeline.outage import Outages, cause_of, outage
from pipeline.settings import Settings
from pipeline.submission import SubmittedFile


def test_three_files_in_a_row_with_one_cause_stop_the_run() -> None:
    outages = Outages()
    outages.note("a", "disk_full")
    outages.note("b", "disk_full")
    with pytest.raises(OutageError) as stopped:
        outages.note("c", "disk_full")
    assert stopped.value.cause == "disk_full"
    assert stopped.value.remedy


@pytest.mark.parametrize(
    "noted",
    [
        [("a", "disk_full")] * 5,  # one file is no run of files
        [("a", "disk_full"), ("b", "engine"), ("c", "disk_full"), ("d", "engine")],
        [("a", "engine"), ("b", "engine"), ("c", None), ("d", "engine"), ("e", "engine")],
        [(name, None) for name in "abcdef"],
    ],
    ids=["one file", "causes in turn", "one came through", "no cause"],
)
def test_fewer_do_not(noted: list[tuple[str, str | None]]) -> None:
    outages = Outages()
    for file, cause in noted:
        outages.note(file, cause)


def test_the_cause_lies_at_the_root_of_what_was_raised() -> None:
    def raised(error: BaseException, root: BaseException) -> BaseException:
        error.__cause__ = root
        return error

    full = OSError(errno.ENOSPC, "")
    assert cause_of(full) == "disk_full"
    assert cause_of(raised(EngineError("models cannot be written"), full)) == "disk_full"
    assert cause_of(raised(RuntimeError(), raised(ValueError(), OSError(errno.ESTALE, "")))) == "files_away"
    assert cause_of(raised(RuntimeError(), outage("engine"))) == "engine"
    assert cause_of(raised(DocumentError("FILE_UNREADABLE"), PermissionError(errno.EACCES, ""))) is None
    assert cause_of(KeyError()) is None


def test_a_chain_that_leads_back_to_itself_has_an_end() -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    assert cause_of(one) is None


def test_a_bundle_met_by_a_full_disk_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "papers.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("licence.jpg", b"picture")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(archive, "_unpacked", full)
    with pytest.raises(OutageError, match="disk"):
        unpack(SubmittedFile(path, path.name), tmp_path, Settings())
