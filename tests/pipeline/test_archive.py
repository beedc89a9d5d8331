"""ZIP bundles: members by their names, nothing outside the work folder, nothing that unpacks without end."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from extractors.errors import DocumentError
from pipeline.archive import Bundle, unpack
from pipeline.documents import Reading, read_documents
from pipeline.opening import file_format
from pipeline.settings import Settings
from pipeline.submission import SubmittedFile
from pipeline.zip_directory import MOST_ENTRIES

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def bundle(tmp_path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> SubmittedFile:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return SubmittedFile(path, path.name, "invoice")


def unpacked(file: SubmittedFile, tmp_path: Path, **limits: int) -> Bundle:
    work = tmp_path / "work"
    work.mkdir()
    return unpack(file, work, Settings(**limits))


def test_members_come_in_the_order_of_their_names_in_the_slot_of_the_bundle(tmp_path: Path) -> None:
    file = bundle(tmp_path, ("b/two.png", PNG), ("one.xml", b"<a/>"), ("note.txt", b"-"), ("__MACOSX/._one.xml", b"-"))
    found = unpacked(file, tmp_path)
    assert [f.name for f in found.files] == ["bundle.zip/b/two.png", "bundle.zip/one.xml"]
    assert {f.slot for f in found.files} == {"invoice"}
    assert found.files[1].path.read_bytes() == b"<a/>"
    assert found.others == ["bundle.zip/note.txt"]
    assert not found.broken


def test_names_written_by_chinese_windows_are_read(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("X" * len("发票.xml".encode("gb18030")))
    file = bundle(tmp_path, (info, b"<a/>"))
    data = file.path.read_bytes().replace(info.filename.encode(), "发票.xml".encode("gb18030"))
    file.path.write_bytes(data)
    assert [f.name for f in unpacked(file, tmp_path).files] == ["bundle.zip/发票.xml"]


@pytest.mark.parametrize("name", ["发票\u3000服务.xml", "a\xa0b.xml", "\u200b发票.xml", "𠮷.xml"])
def test_a_space_or_sign_of_another_kind_in_a_name_leads_nowhere(tmp_path: Path, name: str) -> None:
    assert [f.name for f in unpacked(bundle(tmp_path, (name, b"<a/>")), tmp_path).files] == [f"bundle.zip/{name}"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_become_files_of_two_names(tmp_path: Path) -> None:
    members = [("in/a.xml", b"<a/>"), ("in/a.xml", b"<b/>"), ("in/a (2).xml", b"<c/>"), ("in\\a.xml", b"<d/>")]
    found = {f.name: f.path.read_bytes() for f in unpacked(bundle(tmp_path, *members), tmp_path).files}
    assert set(found) == {f"bundle.zip/in/{name}.xml" for name in ("a", "a (2)", "a (3)", "a (4)")}
    assert sorted(found.values()) == [data for _, data in members]


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
    found = unpacked(file, tmp_path)
    assert not found.files
    assert [(f.name, error.code) for f, error in found.broken] == [("bundle.zip/zeros.xml", "FILE_DAMAGED")]
    assert found.broken[0][0].path.stat().st_size <= 1000


def test_a_damaged_member_costs_itself_alone(tmp_path: Path) -> None:
    file = bundle(tmp_path, ("a.png", PNG), ("b.xml", b"<b>" + bytes(range(65, 90)) * 9 + b"</b>"), ("note.txt", b"-"))
    data = bytearray(file.path.read_bytes())
    data[data.index(b"b.xml") + len("b.xml") + 20] ^= 0xFF
    file.path.write_bytes(data)
    documents = read_documents(file, Reading(Settings()))
    assert [(filed.file, [f.code for f in filed.findings]) for _, filed in documents][1] == (
        "bundle.zip/b.xml", ["FILE_DAMAGED"],
    )  # fmt: skip
    assert documents[0][1].file == "bundle.zip/a.png"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_is_undone_without_a_limit_is_not_undone(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w", method) as archive:
        archive.writestr("zeros.xml", bytes(3_000_000))
    found = unpacked(SubmittedFile(tmp_path / "bundle.zip", "bundle.zip"), tmp_path)
    assert [error.code for _, error in found.broken] == ["FILE_DAMAGED"]
    assert not found.broken[0][0].path.exists()


def test_a_directory_of_a_million_is_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = bundle(tmp_path, ("one.xml", b"<a/>"))
    data = file.path.read_bytes()
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    directory = data[start:end] * (MOST_ENTRIES + 1)
    told = data[end : end + 12] + len(directory).to_bytes(4, "little") + data[end + 16 :]
    file.path.write_bytes(data[:start] + directory + told)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    (_, filed), *more = read_documents(file, Reading(Settings()))
    assert not more
    assert [f.code for f in filed.findings] == ["FILE_TOO_MANY_MEMBERS"]


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
    reading.forget()
    assert not list(work.rglob("*"))
    assert reading.picture("bundle.zip/note.png", 1) is None
    del reading
    assert not work.exists()
