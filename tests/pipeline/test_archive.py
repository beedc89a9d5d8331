"""ZIP bundles: members by their names, nothing outside the work folder, nothing that unpacks without end."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from extractors.errors import DocumentError
from pipeline.archive import unpack
from pipeline.documents import Reading, read_documents
from pipeline.opening import file_format
from pipeline.settings import Settings
from pipeline.submission import SubmittedFile

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def bundle(tmp_path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> SubmittedFile:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return SubmittedFile(path, path.name, "invoice")


def unpacked(file: SubmittedFile, tmp_path: Path, **limits: int) -> tuple[list[SubmittedFile], list[str]]:
    work = tmp_path / "work"
    work.mkdir()
    return unpack(file, work, Settings(**limits))


def test_members_come_in_the_order_of_their_names_in_the_slot_of_the_bundle(tmp_path: Path) -> None:
    file = bundle(tmp_path, ("b/two.png", PNG), ("one.xml", b"<a/>"), ("note.txt", b"-"), ("__MACOSX/._one.xml", b"-"))
    files, others = unpacked(file, tmp_path)
    assert [f.name for f in files] == ["bundle.zip/b/two.png", "bundle.zip/one.xml"]
    assert {f.slot for f in files} == {"invoice"}
    assert files[1].path.read_bytes() == b"<a/>"
    assert others == ["bundle.zip/note.txt"]


def test_names_written_by_chinese_windows_are_read(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("X" * len("发票.xml".encode("gb18030")))
    file = bundle(tmp_path, (info, b"<a/>"))
    data = file.path.read_bytes().replace(info.filename.encode(), "发票.xml".encode("gb18030"))
    file.path.write_bytes(data)
    assert [f.name for f in unpacked(file, tmp_path)[0]] == ["bundle.zip/发票.xml"]


@pytest.mark.parametrize(
    "name", ["../out.xml", "a/../../out.xml", "/etc/out.xml", "C:/out.xml", "..\\out.xml", "a\nb.xml"]
)
def test_a_name_that_leads_out_stops_the_whole_bundle(tmp_path: Path, name: str) -> None:
    file = bundle(tmp_path, ("fine.xml", b"<a/>"), (name, b"<a/>"))
    with pytest.raises(DocumentError) as error:
        unpacked(file, tmp_path)
    assert error.value.code == "FILE_ARCHIVE_UNSAFE"
    assert not list((tmp_path / "work").iterdir())
    assert {p.name for p in tmp_path.iterdir()} == {"bundle.zip", "work"}


def test_a_link_is_never_made(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(DocumentError) as error:
        unpacked(bundle(tmp_path, (link, b"/etc/passwd")), tmp_path)
    assert error.value.code == "FILE_ARCHIVE_UNSAFE"


def test_limits_hold_before_anything_is_unpacked(tmp_path: Path) -> None:
    bomb = bundle(tmp_path, ("zeros.xml", bytes(3_000_000)))
    with pytest.raises(DocumentError) as error:
        unpacked(bomb, tmp_path, max_archive_bytes=1_000_000)
    assert error.value.code == "FILE_DECODED_TOO_LARGE"
    assert not list((tmp_path / "work").iterdir())


def test_a_member_longer_than_it_says_is_stopped(tmp_path: Path) -> None:
    file = bundle(tmp_path, ("zeros.xml", bytes(3_000_000)))
    data = bytearray(file.path.read_bytes())
    said = (3_000_000).to_bytes(4, "little")
    assert data.count(said) == 2
    file.path.write_bytes(bytes(data).replace(said, (1000).to_bytes(4, "little")))
    with pytest.raises(DocumentError):
        unpacked(file, tmp_path)


def test_too_many_members(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as error:
        unpacked(bundle(tmp_path, *((f"{n}.xml", b"") for n in range(20))), tmp_path, max_members=10)
    assert error.value.code == "FILE_TOO_MANY_MEMBERS"


@pytest.mark.parametrize("damage", [lambda data: data[:-30], lambda data: b"PK\x03\x04" + bytes(100)])
def test_a_damaged_bundle_is_one_finding(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    file = bundle(tmp_path, ("one.xml", b"<a/>"))
    file.path.write_bytes(damage(file.path.read_bytes()))
    (_, filed), *more = read_documents(file, Reading(Settings()))
    assert not more
    assert [f.code for f in filed.findings] == ["FILE_DAMAGED"]


@pytest.mark.parametrize("members", [(("folder/", b""),), (("note.txt", b"-"),)])
def test_a_bundle_without_documents_is_one_finding(tmp_path: Path, members: tuple[tuple[str, bytes], ...]) -> None:
    documents = read_documents(bundle(tmp_path, *members), Reading(Settings()))
    assert [f.code for _, filed in documents for f in filed.findings] == ["FILE_ARCHIVE_EMPTY"]


def test_a_bundle_in_a_bundle_is_named_and_not_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("one.xml", "<a/>")
    documents = read_documents(bundle(tmp_path, ("inner.zip", inner.getvalue())), Reading(Settings()))
    assert [f.code for _, filed in documents for f in filed.findings] == ["FILE_ARCHIVE_NESTED"]


def test_formats_are_told_by_the_directory_not_by_what_a_member_holds(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:  # stored: the inner directory stands in the outer file as it is
        archive.writestr("OFD.xml", "<a/>")
        archive.writestr("xl/workbook.xml", "<a/>")
    assert file_format(inner.getvalue()) == "ofd"
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("invoice.ofd", inner.getvalue())
    assert file_format(outer.getvalue()) == "zip"


def test_the_work_folder_goes_with_the_run(tmp_path: Path) -> None:
    reading = Reading(Settings())
    read_documents(bundle(tmp_path, ("note.png", PNG)), reading)
    work = reading.work
    assert list(work.rglob("*"))
    del reading
    assert not work.exists()
