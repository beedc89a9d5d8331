"""Files in a store: what is fetched of them and when, and whose fault it is where that does not go well."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from extractors.errors import OutageError, SubmissionError, UsageError
from pipeline import batch, contents, file_store
from pipeline.files import content_hash
from pipeline.manifest import Row, list_origin, read_manifest
from pipeline.output import writable_folder
from pipeline.remote import AddressError, Listing, RemotePath, address
from pipeline.settings import Settings
from pipeline.store import Planned, Run
from pipeline.submission import Submission, SubmittedFile, load_submission
from pipeline.verify import verify
from pipeline.views import Pictures
from pipeline.workers import Job
from tests.pipeline.batch_by_hand import AS_OF, SAMPLES, HereWorkers, Office
from tests.workbooks import book
from validators.loading import load_profiles

XML, OFD, FORM = (
    "accept-1688-general-taxpayer-xml",
    "accept-jd-huicai-settlement-ofd",
    "accept-yiwu-insured-order-lines",
)
INVOICE = SAMPLES / XML / "invoice-13.xml"
PROTOCOLS = "s3,file,memory"
PROFILES = load_profiles()
HEAD = ["资料名称", "规则", "公司名称", "统一社会信用代码", "一般纳税人证明"]
DECLARED = ["南宁铭曜供应链管理有限公司", "914501030706354079"]
BUCKET = "papers"


class Bucket:
    """A store that a test fills. `fetched`: names of which bytes were asked for; `failing`: what it answers with."""

    def __init__(self, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = f"{scheme}://{BUCKET}"
        self.fetched: list[str] = []
        self.looked: list[str] = []
        self.failing: dict[str, BaseException] = {}
        self.files = file_store.file_store(RemotePath(self.root), {scheme})._files
        for name, noted in (("cat_file", self.fetched), ("info", self.looked)):
            monkeypatch.setattr(self.files, name, self._noting(getattr(self.files, name), noted))

    def _noting(self, function: Any, noted: list[str]) -> Any:
        def ask(name: str, *arguments: Any, **options: Any) -> Any:
            noted.append(name.lstrip("/").removeprefix(f"{BUCKET}/"))
            if error := self.failing.get(noted[-1]) or self.failing.get("*"):
                raise error
            return function(name, *arguments, **options)

        return ask

    def put(self, name: str, content: bytes) -> str:
        self.files.pipe_file(f"{self.root}/{name}", content)
        return f"{self.root}/{name}"

    def put_sample(self, sample: str, name: str) -> None:
        for path in (SAMPLES / sample).iterdir():
            self.put(f"{name}/{path.name}", path.read_bytes())


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/store.db", ocr_finer_side=0, file_protocols=PROTOCOLS  # type: ignore[arg-type]
    )  # fmt: skip
    workers = HereWorkers(settings)
    monkeypatch.setattr(batch, "workers_of", lambda _: workers)
    monkeypatch.setattr("pipeline.verify.load_profiles", lambda _: PROFILES)  # loaded once: these tests are about files
    monkeypatch.setattr(batch, "_stop", type(batch._stop)())
    (tmp_path / "in").mkdir()
    return Office(tmp_path, settings, workers)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """One in memory: of the bucket's answers everything but the protocol is as with S3."""
    file_store.forget()
    made = Bucket("memory", monkeypatch)
    made.files.store.clear()
    yield made
    file_store.forget()


def planned(office: Office, source: str | Path, as_of: date = AS_OF) -> Run:
    run = office.store.begin("batch", source=str(source), out=str(office.root / "out"), as_of=as_of)
    rows = enumerate(read_manifest(source, profiles=PROFILES, settings=office.settings))
    office.store.plan(run.id, [Planned(at, r.number, r.submission, r.origin, r.problem, r.name) for at, r in rows])
    return run


def done(office: Office, source: str | Path) -> Run:
    run = planned(office, source)
    office.work(run)
    return office.store.run(run.id)


def states(office: Office, run: Run) -> dict[str, int]:
    return dict(office.store.counts(run.id).states)


def report(office: Office, name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(office.report(name).read_text("utf-8"))
    return told


def codes(office: Office, name: str) -> set[str]:
    return {found["code"] for found in report(office, name)["findings"]}


def listed(folder: Path, *urls: str) -> Path:
    """A list on this machine that names one file a row."""
    path = folder / "list.xlsx"
    rows = [[f"row {n}", "1688/general-taxpayer", *DECLARED, url] for n, url in enumerate(urls, 1)]
    path.write_bytes(book([HEAD, *rows]))
    return path


def rows_of(office: Office, source: str | Path) -> list[Row]:
    return list(read_manifest(source, profiles=PROFILES, settings=office.settings))


# What a list may name


def test_a_url_is_a_place_with_a_name() -> None:
    place = address("S3://papers/云帆/执照 #1?.jpg", {"s3"})
    assert (place.url, place.name, place.suffix, place.parent.url) == (
        "s3://papers/云帆/执照 #1?.jpg", "执照 #1?.jpg", ".jpg", "s3://papers/云帆",
    )  # fmt: skip
    assert place == RemotePath(place.url, Listing.of("s3://papers", ["a"]))


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/latest/meta-data/", "https://example.org/a.jpg", "gs://papers/a.jpg", "://a", "s 3://a/b",
        "simplecache::s3://papers/a.jpg", "s3://", "s3:///a.jpg", "s3://papers/../a.jpg", "s3://papers//a.jpg",
        "s3://papers/a\n.jpg", "s3://papers/\udcff.jpg", "s3://Bad Bucket/a.jpg", "s3://key:secret@papers/a.jpg",
    ],
)  # fmt: skip
def test_what_a_list_must_not_name(url: str) -> None:
    with pytest.raises(AddressError) as raised:
        address(url, {"s3", "file"})
    assert raised.value.reason.zh
    assert "secret" not in str(raised.value)


def test_an_address_in_the_web_has_no_query_even_where_it_is_allowed() -> None:
    assert address("https://example.org/a.jpg", {"https"}).url == "https://example.org/a.jpg"
    with pytest.raises(AddressError) as raised:
        address("https://example.org/a.jpg?signature=secret", {"https"})
    assert "secret" not in str(raised.value)


def test_a_listing_knows_no_markers_and_no_keys_that_lead_elsewhere() -> None:
    folder = RemotePath("s3://b/in", Listing.of("s3://b/in", ["a/x.jpg", "a/", "a/../y.jpg", "b//z.jpg", "c/d/e.pdf"]))
    assert [entry.url for entry in folder.iterdir()] == ["s3://b/in/a", "s3://b/in/c"]
    assert [entry.name for entry in (folder / "a").iterdir()] == ["x.jpg"]
    assert ((folder / "c").is_dir(), (folder / "c/d/e.pdf").is_file(), (folder / "b").exists()) == (True, True, False)


def test_a_row_that_names_another_protocol_is_refused_with_its_number(office: Office) -> None:
    urls = (f"s3://{BUCKET}/a.xml", "http://169.254.169.254/latest/meta-data/", "s3://key:secret@papers/a.xml")
    first, second, third = rows_of(office, listed(office.root, *urls))
    assert first.submission
    assert first.submission.files[0].path == RemotePath(urls[0])
    assert (second.number, third.number) == (3, 4)
    assert second.problem
    assert third.problem
    assert "http://" in second.problem.en
    assert "E3" in second.problem.zh
    assert "HEYAN_FILE_PROTOCOLS" in second.problem.zh
    assert "secret" not in third.problem.en + third.problem.zh


def test_a_list_of_json_lines_names_urls_too(office: Office) -> None:
    path = office.root / "list.jsonl"
    lines = [{"profile": "1688/general-taxpayer", "documents": [u]} for u in (f"s3://{BUCKET}/a.xml", "gs://b/a.xml")]
    path.write_text("\n".join(map(json.dumps, lines)))
    first, second = rows_of(office, path)
    assert first.submission
    assert str(first.submission.files[0].path) == f"s3://{BUCKET}/a.xml"
    assert second.problem
    assert second.number == 2
    assert "gs://" in second.problem.en


def test_a_file_of_this_machine_lies_in_the_lists_folder_however_it_is_named(office: Office, tmp_path: Path) -> None:
    inside = tmp_path / "a b.xml"
    inside.write_bytes(b"x")
    first, second = rows_of(office, listed(office.root, inside.as_uri(), "file:///etc/passwd"))
    assert first.submission
    assert first.submission.files[0].path == inside
    assert second.problem
    assert "passwd" not in second.problem.en


def test_one_submission_by_itself_names_no_urls(tmp_path: Path) -> None:
    (tmp_path / "submission.yaml").write_text("profile: 1688/general-taxpayer\ndocuments: ['s3://papers/a.xml']")
    with pytest.raises(SubmissionError, match="s3://"):
        load_submission(tmp_path)


def test_where_a_list_lies_is_the_same_whenever_it_is_read() -> None:
    assert list_origin("s3://papers/in/") == "s3://papers/in"
    assert (
        list_origin("README.md")
        == list_origin(Path("README.md").absolute().as_uri())
        == str(Path("README.md").absolute())
    )
    with pytest.raises(SubmissionError):
        list_origin("s3://key:secret@papers/in")


def test_reports_go_to_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="s3://"):
        writable_folder(Path("s3://papers/out"))
    assert list(tmp_path.iterdir()) == []


def test_without_its_package_a_store_is_one_usage_error(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file_store.forget()
    missing = ImportError("Install s3fs to access S3")
    monkeypatch.setattr("fsspec.filesystem", lambda *_, **__: (_ for _ in ()).throw(missing))
    with pytest.raises(UsageError) as raised:
        rows_of(office, listed(office.root, f"s3://{BUCKET}/a.xml"))
    assert raised.value.remedy == "pip install 'heyan[scale]'"
    assert not isinstance(raised.value, SubmissionError)


def test_what_lies_on_this_machine_needs_none_of_it() -> None:
    script = """
import sys
from pathlib import Path
import apps.batch, pipeline.batch, pipeline.views
from pipeline.manifest import read_manifest
assert len(list(read_manifest(Path("samples/submissions")))) > 20
print([name for name in sys.modules if name.split(".")[0] in ("fsspec", "s3fs", "botocore", "aiohttp")])
"""
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "[]"


# A run over a store


def test_a_folder_of_submissions_is_reported_as_if_it_lay_here(office: Office, bucket: Bucket) -> None:
    for sample in (XML, OFD, FORM):
        bucket.put_sample(sample, f"in/{sample}")
    bucket.put("in/readme.txt", b"x")
    run = done(office, f"{bucket.root}/in/")
    assert states(office, run) == {"finished": 3}
    for name in (XML, OFD, FORM):
        alone = verify(load_submission(SAMPLES / name), settings=office.settings, as_of=AS_OF).report
        told = json.loads(alone.model_dump_json(by_alias=True))
        assert {**report(office, name), "engine": 0, "timings_ms": 0} == {**told, "engine": 0, "timings_ms": 0}
    origins = [place.origin for place in office.store.places(run.id)]
    assert origins == [f"{bucket.root}/in/{name}" for name in sorted((XML, OFD, FORM))]


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_a_list_in_a_store_names_files_beside_it_and_folders(office: Office, bucket: Bucket, form: str) -> None:
    bucket.put("in/a/invoice.xml", INVOICE.read_bytes())
    bucket.put_sample(XML, "in/b")
    head, own = [*HEAD, "资料文件夹"], [*DECLARED, "a/invoice.xml"]
    cells = [
        ["own", "1688/general-taxpayer", *own, ""],
        ["its folder", "", "", "", "", "b"],
        ["none", "", "", "", "", "c"],
    ]
    lines = [
        {"name": "own", "profile": "1688/general-taxpayer", "documents": ["a/invoice.xml"],
         "declared": {"company_name": DECLARED[0], "credit_code": DECLARED[1]}},
        {"name": "its folder", "folder": "b"}, {"name": "none", "folder": "c"},
    ]  # fmt: skip
    made = {
        "csv": "\n".join(",".join(row) for row in [head, *cells]).encode(),
        "xlsx": book([head, *cells]),
        "jsonl": "\n".join(map(json.dumps, lines)).encode(),
    }
    source = bucket.put(f"in/list.{form}", made[form])
    run = done(office, source)
    assert states(office, run) == {"finished": 2, "invalid": 1}
    assert {report(office, name)["verdict"] for name in ("own", "its folder")} == {"accept"}
    assert next(place.origin for place in office.store.places(run.id)) == f"{source}#name=own"
    assert len(office.workers.read_files) == 1


def test_a_second_run_looks_and_fetches_nothing(office: Office, bucket: Bucket) -> None:
    source = listed(office.root, *(bucket.put(f"{n}.xml", INVOICE.read_bytes()) for n in range(3)))
    done(office, source)
    assert sorted(bucket.fetched) == ["0.xml", "1.xml", "2.xml"]
    assert len(office.workers.read_files) == 1
    for kept in (bucket.fetched, bucket.looked, office.workers.read_files):
        kept.clear()
    run = done(office, source)
    assert states(office, run) == {"finished": 3}
    assert (bucket.fetched, office.workers.read_files) == ([], [])
    assert sorted(bucket.looked) == ["0.xml", "1.xml", "2.xml"]


def test_what_was_read_on_this_machine_is_not_read_again_from_a_store(office: Office, bucket: Bucket) -> None:
    office.put(XML)
    office.run(out="here")
    office.workers.read_files.clear()
    done(office, listed(office.root, bucket.put("a.xml", INVOICE.read_bytes())))
    assert office.workers.read_files == []
    assert report(office, "row 1")["documents"][0]["sha256"] == content_hash(INVOICE, 10**9)


def test_a_known_file_is_fetched_again_when_it_has_to_be_read_anew(office: Office, bucket: Bucket) -> None:
    source = listed(office.root, bucket.put("a.xml", INVOICE.read_bytes()))
    done(office, source)
    other = office.settings.model_copy(update={"max_pages": 7})  # another reading
    office.settings = office.workers.settings = other
    run = done(office, source)
    assert states(office, run) == {"finished": 1}
    assert bucket.fetched == ["a.xml", "a.xml"]


def test_a_changed_file_is_read_again(office: Office, bucket: Bucket) -> None:
    source = listed(office.root, bucket.put("a.xml", INVOICE.read_bytes()))
    done(office, source)
    bucket.put("a.xml", b"<?xml version='1.0'?><other/>")
    done(office, source)
    assert len(office.workers.read_files) == 2
    assert report(office, "row 1")["verdict"] != "accept"


def test_a_file_that_changes_while_it_is_fetched_is_left_for_another_run(
    office: Office, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = listed(office.root, bucket.put("a.xml", INVOICE.read_bytes()))
    fetch = bucket.files.cat_file

    def busy(name: str, **options: Any) -> bytes:
        found: bytes = fetch(name, **options)
        bucket.put("a.xml", INVOICE.read_bytes())
        return found

    with monkeypatch.context() as patch:
        patch.setattr(bucket.files, "cat_file", busy)
        run = done(office, source)
    (place,) = office.store.places(run.id)
    assert (place.state, place.cause) == ("failed", "file_changed")
    office.work(run)
    assert states(office, run) == {"finished": 1}


def test_a_file_that_changed_or_went_after_it_was_looked_at_is_taken_as_it_is_then(
    office: Office, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = [bucket.put(name, b"<old/>") for name in ("changed.xml", "gone.xml", "shorter.xml")]
    look = contents.Contents.look

    def late(self: contents.Contents, files: Any) -> None:
        look(self, files)
        bucket.put("changed.xml", INVOICE.read_bytes())
        bucket.put("shorter.xml", b"")
        bucket.files.store.pop(f"/{BUCKET}/gone.xml", None)

    monkeypatch.setattr(contents.Contents, "look", late)
    run = done(office, listed(office.root, *urls))
    assert states(office, run) == {"finished": 3}
    assert report(office, "row 1")["verdict"] == "accept"
    assert "FILE_NOT_FOUND" in codes(office, "row 2")
    assert "FILE_EMPTY" in codes(office, "row 3")


def test_a_store_that_does_not_tell_when_a_file_changes_is_asked_for_it_each_time(
    office: Office, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_store, "_TELLING", ())
    source = listed(office.root, bucket.put("a.xml", INVOICE.read_bytes()))
    done(office, source)
    done(office, source)
    assert bucket.fetched == ["a.xml", "a.xml"]
    assert len(office.workers.read_files) == 1


def test_copies_are_few_and_gone_afterwards(
    office: Office, bucket: Bucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(contents, "_COPIES", 3)
    office.settings = office.workers.settings = office.settings.model_copy(update={"workers": 1})
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    most, read, one = 0, office.workers.read, ThreadPoolExecutor(1)

    def slowly(job: Job) -> Any:
        nonlocal most
        sleep(0.05)
        most = max(most, len([p for p in (tmp_path / "temp").glob("heyan-workers-*/*/*") if p.is_file()]))
        return read(job).result()

    monkeypatch.setattr(office.workers, "read", lambda job: one.submit(slowly, job))
    # Another file each: an invoice with a space more at its end.
    urls = [bucket.put(f"{n}.xml", INVOICE.read_bytes() + b" " * n) for n in range(12)]
    run = done(office, listed(office.root, *urls))
    assert states(office, run) == {"finished": 12}
    assert most == 3
    assert list((tmp_path / "temp").iterdir()) == []


def test_a_large_file_is_fetched_in_pieces(office: Office, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_store, "_PIECE", 1000)
    done(office, listed(office.root, bucket.put("a.xml", INVOICE.read_bytes())))
    assert len(bucket.fetched) == -(-INVOICE.stat().st_size // 1000) > 1
    assert report(office, "row 1")["verdict"] == "accept"


def test_pictures_of_a_file_that_is_not_here_any_more_are_fetched(office: Office, bucket: Bucket) -> None:
    place = RemotePath(bucket.put("a.xml", INVOICE.read_bytes()))
    file = SubmittedFile(place, "a.xml")
    submission = Submission("one", "1688/general-taxpayer", {}, (file,))
    shown = verify(load_submission(SAMPLES / XML), settings=office.settings, as_of=AS_OF).report
    with Pictures(submission, shown, office.settings) as pictures:
        assert pictures._here(file).here.read_bytes() == INVOICE.read_bytes()
        assert pictures("a.xml", 1) is None  # data has no picture
        assert bucket.fetched == ["a.xml"]
    bucket.failing["*"] = TimeoutError()
    with Pictures(submission, shown, office.settings) as pictures:
        assert pictures("a.xml", 1) is None
        assert pictures.away
        assert pictures.away.cause == "files_away"


# What goes wrong


def test_a_missing_file_is_found_missing_and_found_when_it_arrives(office: Office, bucket: Bucket) -> None:
    source = listed(office.root, f"{bucket.root}/a.xml")
    done(office, source)
    assert "FILE_NOT_FOUND" in codes(office, "row 1")
    bucket.put("a.xml", INVOICE.read_bytes())
    done(office, source)
    assert report(office, "row 1")["verdict"] == "accept"


def test_what_is_too_large_or_no_file_is_not_fetched_and_told_as_here(office: Office, bucket: Bucket) -> None:
    office.settings = office.workers.settings = office.settings.model_copy(update={"max_file_bytes": 100_000})
    urls = (bucket.put("large.xml", b"x" * 100_001), bucket.put("folder/a.xml", b"x"), bucket.put("empty.xml", b""))
    run = done(office, listed(office.root, urls[0], urls[1].rpartition("/")[0], urls[2]))
    assert states(office, run) == {"finished": 3}
    assert bucket.fetched == []
    found = [codes(office, f"row {n}") for n in (1, 2, 3)]
    expected = [{"FILE_TOO_LARGE"}, {"FILE_NOT_REGULAR"}, {"FILE_EMPTY"}]
    assert [codes & {"FILE_TOO_LARGE", "FILE_NOT_REGULAR", "FILE_EMPTY"} for codes in found] == expected


def test_a_description_that_is_too_large_is_not_fetched(office: Office, bucket: Bucket) -> None:
    bucket.put("in/a/submission.yaml", b"#" * 1_000_001)
    (row,) = rows_of(office, f"{bucket.root}/in")
    assert row.problem
    assert "1 MB" in row.problem.en
    assert bucket.fetched == []


@pytest.mark.parametrize("name", ["in", "list.csv"])
def test_a_list_that_is_not_there(office: Office, bucket: Bucket, name: str) -> None:
    with pytest.raises(SubmissionError, match="There is no memory://"):
        rows_of(office, f"{bucket.root}/{name}")


@pytest.mark.parametrize(
    "error", [TimeoutError(), PermissionError("key AKIA…"), OSError(5, "secret"), RuntimeError("secret")]
)
def test_a_store_that_does_not_answer_is_no_documents_fault(office: Office, bucket: Bucket, error: Exception) -> None:
    source = listed(office.root, bucket.put("a.xml", INVOICE.read_bytes()), bucket.put("b.xml", b"<a/>"))
    bucket.failing["a.xml"] = error
    run = done(office, source)
    first, second = office.store.places(run.id)
    assert (first.state, first.cause, second.state) == ("failed", "files_away", "finished")
    assert bucket.root in str(first.problem)
    assert "secret" not in str(first.problem)
    assert "AKIA" not in str(first.problem)
    bucket.failing.clear()
    office.work(run)
    assert states(office, run) == {"finished": 2}


def test_three_files_that_cannot_be_reached_stop_the_run(office: Office, bucket: Bucket) -> None:
    source = listed(office.root, *(bucket.put(f"{n}.xml", INVOICE.read_bytes()) for n in range(20)))
    run = planned(office, source)
    bucket.failing["*"] = ConnectionRefusedError()
    with pytest.raises(OutageError) as raised:
        office.work(run)
    assert raised.value.cause == "files_away"
    assert len(bucket.looked) < 20  # nobody waits for each of them
    bucket.failing.clear()
    office.work(run)
    assert states(office, run) == {"finished": 20}


def test_a_store_that_is_away_before_anything_is_read_stops_the_run(office: Office, bucket: Bucket) -> None:
    source = listed(office.root, *(bucket.put(f"{n}.xml", INVOICE.read_bytes()) for n in range(4)))
    done(office, source)
    run = planned(office, source)
    bucket.failing["*"] = ConnectionRefusedError()
    with pytest.raises(OutageError):
        batch.settle(run.id, office.settings)
    with pytest.raises(OutageError):
        rows_of(office, f"{bucket.root}/list.csv")


def test_a_machine_that_may_not_reach_a_store_says_so(office: Office, bucket: Bucket) -> None:
    run = planned(office, listed(office.root, bucket.put("a.xml", INVOICE.read_bytes())))
    elsewhere = office.settings.model_copy(update={"file_protocols": "s3"})
    batch.run_chunk(run.id, [0], elsewhere)
    (place,) = office.store.places(run.id)
    assert (place.state, place.cause) == ("failed", "files_away")
    assert "HEYAN_FILE_PROTOCOLS" in str(place.problem)
    assert bucket.looked == []


# S3 itself


@pytest.fixture(scope="module")
def s3_server() -> Iterator[Any]:
    server = pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with socket.create_server(("127.0.0.1", 0)) as free:  # one that is the same when it is started again
        port = free.getsockname()[1]
    made = server.ThreadedMotoServer("127.0.0.1", port, verbose=False)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def s3(s3_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    host, port = s3_server.get_host_and_port()
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    environment = {
        "AWS_ENDPOINT_URL_S3": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    once = {**file_store._S3_LIMITS, "retries": {"mode": "standard", "total_max_attempts": 1}}
    monkeypatch.setattr(file_store, "_S3_LIMITS", once)
    file_store.forget()
    made = Bucket("s3", monkeypatch)
    made.files.mkdir(f"s3://{BUCKET}")
    yield made
    made.files.rm(f"s3://{BUCKET}", recursive=True)
    file_store.forget()


def test_s3_from_end_to_end(office: Office, s3: Bucket) -> None:
    office.settings = office.workers.settings = office.settings.model_copy(update={"max_file_bytes": 100_000})
    urls = [
        s3.put("云帆/发票 #1.xml", INVOICE.read_bytes()), s3.put("b.xml", INVOICE.read_bytes() + b" "),
        f"{s3.root}/none.xml", "s3://no-such-bucket/a.xml", s3.put("large.xml", b"x" * 100_001),
        s3.put("empty.xml", b""), f"{s3.root}/云帆", "http://127.0.0.1/a.xml",
    ]  # fmt: skip
    source = listed(office.root, *urls)
    run = done(office, source)
    assert states(office, run) == {"finished": 7, "invalid": 1}
    assert sorted(s3.fetched) == ["b.xml", "云帆/发票 #1.xml"]
    assert [report(office, f"row {n}")["verdict"] for n in (1, 2)] == ["accept", "accept"]
    expected = {3: "NOT_FOUND", 4: "NOT_FOUND", 5: "TOO_LARGE", 6: "EMPTY", 7: "NOT_REGULAR"}
    assert {n for n, code in expected.items() if f"FILE_{code}" not in codes(office, f"row {n}")} == set()
    assert [place.row for place in office.store.places(run.id) if place.state == "invalid"] == [9]

    s3.fetched.clear()
    office.workers.read_files.clear()
    done(office, source)
    assert (s3.fetched, office.workers.read_files) == ([], [])

    s3.put("b.xml", INVOICE.read_bytes() + b"  ")
    done(office, source)
    assert s3.fetched == ["b.xml"]
    assert len(office.workers.read_files) == 1


def test_s3_folders_and_lists(office: Office, s3: Bucket) -> None:
    s3.put_sample(XML, "in/one")
    s3.put_sample(OFD, "in/two")
    s3.files.touch(f"s3://{BUCKET}/in/empty/")  # what consoles make when somebody makes a folder
    assert states(office, done(office, f"{s3.root}/in/")) == {"finished": 2}
    source = s3.put("list.csv", "资料名称,资料文件夹\n甲,in/one\n乙,in/two\n丙,in/three\n".encode())
    assert states(office, done(office, source)) == {"finished": 2, "invalid": 1}
    assert len(office.workers.read_files) == 2


def test_s3_that_stops_in_the_middle_is_an_outage_and_the_run_goes_on_afterwards(
    office: Office, s3: Bucket, s3_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = listed(office.root, *(s3.put(f"{n}.xml", INVOICE.read_bytes() + b" " * n) for n in range(4)))
    run = planned(office, source)
    office.workers.before = lambda job: s3_server.stop() if not office.workers.read_files else None
    try:
        with pytest.raises(OutageError) as raised:
            office.work(run)
    finally:
        s3_server.start()
    assert raised.value.cause == "files_away"
    assert s3.root in raised.value.message
    assert "EndpointConnectionError" in raised.value.message
    places = [(place.state, place.cause) for place in office.store.places(run.id)]
    away = ("failed", "files_away")
    assert places == [("finished", ""), away, away, ("waiting", "")]
    office.workers.before = lambda job: None
    office.work(run)
    assert states(office, run) == {"finished": 4}
    assert len(office.workers.read_files) == 4
    assert {report(office, f"row {n}")["verdict"] for n in range(1, 5)} == {"accept"}


def test_s3_without_keys_is_an_outage(office: Office, s3: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    source = listed(office.root, s3.put("a.xml", INVOICE.read_bytes()))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(office.root / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(office.root / "none"))
    file_store.forget()
    run = done(office, source)
    (place,) = office.store.places(run.id)
    assert (place.state, place.cause) == ("failed", "files_away")
    assert "NoCredentialsError" in str(place.problem)
