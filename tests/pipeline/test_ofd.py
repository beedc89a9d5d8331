"""OFD files: what they carry, what their pages show, their seals, and files made to harm."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image as PillowImage

from extractors.errors import DocumentError
from extractors.model import Source, Status
from pipeline.jbig2 import decoded
from pipeline.ofd import open_ofd
from pipeline.ofd_paths import steps
from pipeline.ofd_text import meaningless, positions, spread
from pipeline.pages import Opened
from pipeline.settings import Settings
from pipeline.sm2 import _A, _B, _G, _N, _P, _added, _doubled, _flat, _x_of_sum, holds
from tests.pipeline.ofd_files import (
    BUYER,
    NS,
    NUMBER,
    SELLER,
    invoice_page,
    invoice_tags,
    packed,
    page,
    parts,
    sealed,
    text,
)
from tests.pipeline.sm2_signing import KEY
from validators.signatures import Integrity

SHARED = Path(__file__).parents[3] / "shared" / "real"


def opened(data: bytes, tmp_path: Path, **settings: int) -> Opened:
    path = tmp_path / "a.ofd"
    path.write_bytes(data)
    return open_ofd(path, data, Settings(**settings))


def code_of(data: bytes, tmp_path: Path, **settings: int) -> str:
    with pytest.raises(DocumentError) as caught:
        opened(data, tmp_path, **settings)
    return caught.value.code


# What is carried


def test_tags_give_the_invoice_with_its_lines_told_by_place(tmp_path: Path) -> None:
    made = parts([invoice_page()], tags=invoice_tags(), data={"发票号码": NUMBER, "合计金额": "1000.00"})
    file = opened(packed(made), tmp_path)
    (carried,) = file.carried
    values = {name: field.value for name, field in carried.record.fields.items()}
    assert (carried.source, carried.pages) == (Source.OFD, (1,))
    assert values["invoice_number"] == NUMBER
    assert values["issued_on"] == date(2024, 12, 5)
    assert (values["buyer_name"], values["seller_name"]) == (BUYER, SELLER)
    assert (values["amount"], values["tax"], values["total"]) == (
        Decimal("1000.00"),
        Decimal("130.00"),
        Decimal("1130.00"),
    )
    assert values["total_in_words"] == "壹仟壹佰叁拾圆整"  # from the page: no tag names it
    assert values["invoice_kind"] == "digital_ordinary"
    first, second = values["items"]  # type: ignore[misc]
    assert (first.name, first.unit, first.spec, first.quantity) == ("*软件*核对工具", "套", "", 2)
    assert (second.name, second.unit, second.spec, second.amount) == (
        "*信息技术服务*数据核对与归档",
        "",
        "年",
        Decimal("200.00"),
    )
    # Tags show the page's own characters: that both agree confirms nothing.
    assert [(name, sorted(told)) for name, told in carried.others] == [("custom_data", ["amount", "invoice_number"])]
    assert carried.record.fields["invoice_number"].box is not None


def test_pages_that_repeat_the_head_are_one_invoice(tmp_path: Path) -> None:
    """Tags name the number and the total on every page; the second page is the first again."""
    tags = invoice_tags()
    for number in (12, 73, 74):
        reference = f'<ofd:ObjectRef PageRef="1">{number}</ofd:ObjectRef>'
        tags = tags.replace(reference, reference + reference.replace('PageRef="1"', 'PageRef="2"'))

    def read(second: str) -> Opened:
        data = {"发票号码": NUMBER}
        return opened(packed(parts([invoice_page(), invoice_page(second)], tags=tags, data=data)), tmp_path)

    [one] = read("1130.00").carried
    assert one.pages == (1, 2)
    assert one.record.fields["invoice_number"].value == NUMBER
    assert (one.record.fields["total"].value, one.record.fields["total"].status) == (Decimal("1130.00"), Status.READ)
    assert len(one.record.fields["items"].value) == 2
    [told] = read("1180.00").carried
    assert told.record.fields["total"].status is Status.DOUBTFUL


def test_a_page_that_shows_another_total_than_the_data_is_told(tmp_path: Path) -> None:
    attachment = (
        f"<eInvoice><InvoiceNo>{NUMBER}</InvoiceNo><IssueDate>2024年12月05日</IssueDate><Seller><SellerName>{SELLER}"
        "</SellerName></Seller><TaxExclusiveTotalAmount>1000.00</TaxExclusiveTotalAmount><TaxTotalAmount>130.00"
        "</TaxTotalAmount><TaxInclusiveTotalAmount>1130.00</TaxInclusiveTotalAmount></eInvoice>"
    )
    made = parts([invoice_page(total="9130.00")], attachment=attachment, tags=invoice_tags())
    (carried,) = opened(packed(made), tmp_path).carried
    others = dict(carried.others)
    assert carried.record.value("total") == Decimal("1130.00")
    assert others["tags"]["total"].value == others["text"]["total"].value == Decimal("9130.00")
    assert others["text"]["tax"].value == Decimal("130.00")


def test_a_tag_that_points_at_another_value_is_told(tmp_path: Path) -> None:
    tags = invoice_tags().replace(">74</ofd:ObjectRef>", ">63</ofd:ObjectRef>")  # the total at the amount
    (carried,) = opened(packed(parts([invoice_page()], tags=tags)), tmp_path).carried
    ((name, told),) = carried.others
    assert (name, told["total"].value) == ("text", Decimal("1130.00"))


def test_a_few_values_of_the_document_stand_beside_what_its_pages_say(tmp_path: Path) -> None:
    made = parts([invoice_page()], data={"发票号码": NUMBER, "合计金额": "9000.00"})
    (carried,) = opened(packed(made), tmp_path).carried
    assert carried.record.value("seller_name") == SELLER
    assert carried.record.value("amount") == Decimal("1000.00")
    ((name, told),) = carried.others
    assert (name, told["amount"].value) == ("custom_data", Decimal("9000.00"))


def test_what_one_reading_adds_it_does_not_confirm(tmp_path: Path) -> None:
    attachment = (
        f"<eInvoice><InvoiceNo>{NUMBER}</InvoiceNo><Seller><SellerName>{SELLER}</SellerName></Seller>"
        "<TaxInclusiveTotalAmount>1130.00</TaxInclusiveTotalAmount></eInvoice>"
    )
    (carried,) = opened(packed(parts([invoice_page()], attachment=attachment, tags=invoice_tags())), tmp_path).carried
    assert carried.record.value("drawer") == "钱样例"
    assert all("drawer" not in told for _, told in carried.others)


def test_without_data_the_pages_alone_speak(tmp_path: Path) -> None:
    file = opened(packed(parts([invoice_page()])), tmp_path)
    assert file.carried == ()
    assert file.pages[0].source is Source.OFD
    assert NUMBER in "".join(line.text for line in file.pages[0].lines or ())


def test_broken_namespaces_of_tags_are_read_past(tmp_path: Path) -> None:
    tags = invoice_tags().replace(f"<ofd:root {NS}>", '<:eInvoice xmlns:="">').replace("</ofd:root>", "</:eInvoice>")
    (carried,) = opened(packed(parts([invoice_page()], tags=tags)), tmp_path).carried
    assert carried.record.value("seller_name") == SELLER


def test_each_document_of_a_file_is_an_invoice(tmp_path: Path) -> None:
    other = "24332000000987654321"
    made = parts([invoice_page()], tags=invoice_tags())
    second = parts([invoice_page(number=other)], tags=invoice_tags(), name="Doc_1")
    root = second.pop("OFD.xml")
    body = root[root.index("<ofd:DocBody>") : root.index("</ofd:OFD>")]
    made = made | second | {"OFD.xml": made["OFD.xml"].replace("</ofd:OFD>", body + "</ofd:OFD>")}
    file = opened(packed(made), tmp_path)
    assert [c.record.value("invoice_number") for c in file.carried] == [NUMBER, other]
    assert [c.pages for c in file.carried] == [(1,), (2,)]


# Pages


def test_lines_lie_where_the_characters_are_drawn(tmp_path: Path) -> None:
    file = opened(packed(parts([invoice_page()])), tmp_path)
    shown = file.pages[0]
    assert max(shown.width, shown.height) >= 1600
    (line,) = (line for line in shown.lines or () if NUMBER in line.text)
    per_mm = shown.width / 210
    assert line.left == pytest.approx(170 * per_mm, abs=2)
    assert line.right == pytest.approx((170 + 20 * 3.175 / 2) * per_mm, abs=3)


def test_text_nobody_sees_is_left_out(tmp_path: Path) -> None:
    hidden = [
        text(90, 20, 300, "甲方另有约定"), text(91, 20, 110, "隐藏文字", Visible="false"),
        text(92, 20, 115, "白色文字").replace("<ofd:TextCode", '<ofd:FillColor Value="255 255 255"/><ofd:TextCode'),
    ]  # fmt: skip
    content = invoice_page().replace("</ofd:Layer>", "".join(hidden) + "</ofd:Layer>")
    file = opened(packed(parts([content])), tmp_path)
    seen = "".join(line.text for line in file.pages[0].lines or ())
    assert "另有约定" not in seen
    assert "隐藏" not in seen
    assert "白色" not in seen


def test_placeholders_drawn_by_glyph_numbers_are_no_text(tmp_path: Path) -> None:
    shape = '<ofd:CGTransform CodePosition="0" CodeCount="9"><ofd:Glyphs>1 2 3</ofd:Glyphs></ofd:CGTransform>'
    rows = [
        text(i, 20, 10 + 6 * i, "\ue001\ue002\ue003").replace("<ofd:TextCode", shape + "<ofd:TextCode")
        for i in range(9)
    ]
    file = opened(packed(parts([page(rows)])), tmp_path)
    assert file.pages[0].lines is None
    assert file.pages[0].source is Source.OCR


def test_a_page_is_drawn_with_its_paths_and_pictures(tmp_path: Path) -> None:
    red = io.BytesIO()
    PillowImage.new("RGB", (4, 4), (255, 0, 0)).save(red, "PNG")
    drawn = (
        '<ofd:PathObject ID="5" Boundary="10 10 50 50" LineWidth="1" Fill="true" Stroke="false"><ofd:FillColor '
        'Value="0 0 255"/><ofd:AbbreviatedData>M 0 0 L 50 0 L 50 50 L 0 50 C</ofd:AbbreviatedData></ofd:PathObject>'
        '<ofd:ImageObject ID="6" Boundary="100 10 20 20" CTM="20 0 0 20 0 0" ResourceID="7"/>'
    )
    made: dict[str, str | bytes] = dict(parts([page([drawn])]))
    made["Doc_0/Res.xml"] = (
        f'<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="7"><ofd:MediaFile>a.png</ofd:MediaFile>'
        "</ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    made["Doc_0/Res/a.png"] = red.getvalue()
    shown = opened(packed(made), tmp_path).pages[0]
    picture = shown.image()
    assert picture.shape == (shown.height, shown.width, 3)
    per_mm = shown.width / 210
    at = {name: picture[int(y * per_mm), int(x * per_mm)].tolist() for name, x, y in (
        ("path", 35, 35), ("picture", 110, 20), ("paper", 180, 100))}  # fmt: skip
    assert at == {"path": [255, 0, 0], "picture": [0, 0, 255], "paper": [255, 255, 255]}  # BGR


def test_only_what_may_be_a_code_is_sketched(tmp_path: Path) -> None:
    """A form's lines are no modules, even where a writer gives the whole sheet as the boundary of each."""
    path = '<ofd:PathObject Boundary="0 0 210 140"><ofd:AbbreviatedData>{}</ofd:AbbreviatedData></ofd:PathObject>'
    rules = [path.format(f"M 5 {y} L 200 {y}") for y in range(20, 60)]
    modules = [path.format(f"M 10 {y} L 30 {y}") for y in range(20, 60)]

    def sketched(objects: list[str]) -> bool:
        sketch = opened(packed(parts([page(objects)])), tmp_path).pages[0].sketch
        assert sketch
        return bool((sketch() < 128).any())

    assert not sketched(rules)
    assert sketched(modules)


def jbig2(picture: PillowImage.Image) -> bytes:
    """A JBIG2 file of one region coded as group 4 fax, which Pillow writes into TIFF."""
    tiff = io.BytesIO()
    picture.save(tiff, "TIFF", compression="group4", tiffinfo={262: 0})  # 0 is white, as in JBIG2
    with PillowImage.open(tiff) as again:
        start, length = again.tag_v2[273][0], again.tag_v2[279][0]  # type: ignore[attr-defined]
    size = struct.pack(">II", *picture.size)
    parts_of = (
        (48, size + bytes(8) + b"\0\0\0"),
        (38, size + bytes(8) + b"\0\1" + tiff.getvalue()[start : start + length]),
        (49, b""),
        (51, b""),
    )
    segments = b"".join(
        struct.pack(">IBBBI", number, kind, 0, 1, len(content)) + content
        for number, (kind, content) in enumerate(parts_of)
    )
    return b"\x97JB2\r\n\x1a\n\x01" + struct.pack(">I", 1) + segments


def test_pictures_packed_as_jbig2_are_read() -> None:
    pattern = np.kron(np.indices((4, 6)).sum(axis=0) % 2, np.ones((8, 8))).astype(np.uint8)
    picture = PillowImage.fromarray(pattern * 255).convert("1")
    found = decoded(jbig2(picture))
    assert found is not None
    assert np.array_equal(found > 127, np.asarray(picture))
    assert decoded(b"\x89PNG") is None
    assert decoded(jbig2(picture)[:30]) is None


# Distances and paths


@given(st.lists(st.floats(-500, 500, allow_nan=False).map(lambda d: round(d, 4)), max_size=30), st.integers(0, 40))
def test_distances_mean_the_same_one_by_one_and_in_groups(distances: list[float], count: int) -> None:
    grouped, at = [], 0
    while at < len(distances):
        run = next((i for i in range(at, len(distances)) if distances[i] != distances[at]), len(distances)) - at
        grouped.append(f"g {run} {distances[at]!r}" if run > 1 else repr(distances[at]))
        at += run
    plain = spread(" ".join(map(repr, distances)), count)
    assert plain == spread(" ".join(grouped), count) == distances[:count]


@given(st.text(alphabet="g 0123456789.-+eE,x", max_size=60), st.integers(0, 50))
def test_any_distances_are_bounded(listed: str, count: int) -> None:
    found = spread(listed, count)
    assert len(found) <= count
    assert all(abs(d) < 1e6 for d in found)


def test_a_group_cannot_be_longer_than_the_text() -> None:
    assert spread("g 1000000000000 1.5", 3) == [1.5, 1.5, 1.5]


def test_the_last_distance_holds_on() -> None:
    code = fromstring('<TextCode X="0" Y="0" DeltaX="g 2 3 1.5" DeltaY="0">甲乙丙1234</TextCode>')
    assert [at[0] for _, at, _ in positions(code, (0.0, 0.0), 3.0, None)] == [0, 3, 6, 7.5, 9, 10.5, 12]


def test_arcs_and_quadratic_curves_end_where_they_should() -> None:
    made = list(steps("M 0 0 Q 5 10 10 0 A 5 5 0 0 1 20 0 C"))
    assert [name for name, _ in made] == ["M", "B", "B", "B", "C"]
    assert made[-2][1][-2:] == pytest.approx((20, 0))
    assert made[2][1][-2:] == pytest.approx((15, -5))  # sweep 1 goes over the top, y growing downwards


@given(st.text(alphabet="MLQBACS 0123456789.-", max_size=80))
def test_any_path_data_is_read(data: str) -> None:
    assert all(np.isfinite(values).all() for _, values in steps(data))


def test_what_says_nothing() -> None:
    assert meaningless("\ue012\ue013")
    assert meaningless("????")
    assert not meaningless("价税合计")
    assert not meaningless("8888")


# Seals


def test_a_seal_is_intact_until_a_byte_changes(tmp_path: Path) -> None:
    made = sealed(parts([invoice_page()], tags=invoice_tags()))
    (good,) = opened(packed(made), tmp_path).signatures
    assert (good.integrity, good.covers, good.signer) == (Integrity.INTACT, "whole", "核验样例印章")
    assert good.signed_on == date(2024, 12, 5)
    content = made["Doc_0/Pages/Page_0/Content.xml"]
    assert isinstance(content, str)
    (page_changed,) = opened(
        packed(made | {"Doc_0/Pages/Page_0/Content.xml": content.replace("1130", "1180")}), tmp_path
    ).signatures
    assert page_changed.integrity is Integrity.BROKEN
    listed = made["Doc_0/Signs/Sign_0/Signature.xml"]
    assert isinstance(listed, str)
    (list_changed,) = opened(
        packed(made | {"Doc_0/Signs/Sign_0/Signature.xml": listed.replace("<ofd:SignedInfo>", "<ofd:SignedInfo> ")}),
        tmp_path,
    ).signatures
    assert list_changed.integrity is Integrity.BROKEN


def test_a_forged_value_is_broken_and_an_unreadable_one_not_checked(tmp_path: Path) -> None:
    made = sealed(parts([invoice_page()]))
    value = made["Doc_0/Signs/Sign_0/SignedValue.dat"]
    assert isinstance(value, bytes)
    for changed, integrity in (
        (value[:-1] + bytes([value[-1] ^ 1]), Integrity.BROKEN),
        (b"\x30\x03abc", Integrity.NOT_CHECKED),
    ):
        (found,) = opened(packed(made | {"Doc_0/Signs/Sign_0/SignedValue.dat": changed}), tmp_path).signatures
        assert found.integrity is integrity


def test_parts_that_no_seal_covers_are_told(tmp_path: Path) -> None:
    made = sealed(parts([invoice_page()]), uncovered=["Doc_0/Res.xml"])
    (found,) = opened(packed(made), tmp_path).signatures
    assert (found.integrity, found.covers) == (Integrity.INTACT, "part")
    assert "1 of 7 parts" in found.why


def test_no_seal_is_absent(tmp_path: Path) -> None:
    (found,) = opened(packed(parts([invoice_page()])), tmp_path).signatures
    assert found.integrity is Integrity.ABSENT


def test_the_example_of_the_standard_verifies() -> None:
    """GM/T 0003.5-2012 annex A."""
    r = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
    s = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
    assert holds(KEY, r, s, b"message digest")
    assert not holds(KEY, r, s, b"message digesT")
    assert not holds(KEY, r, s + 1, b"message digest")
    with pytest.raises(ValueError, match="point"):
        holds(KEY[:-1] + b"\0", r, s, b"")


@given(st.integers(0, _N - 1), st.integers(0, _N - 1), st.integers(2, _N - 1))
@example(0, 0, 2)
@example(_N - 2, 1, 2)  # at infinity
@example(1, _N - 1, 2)
@example(2, 0, 2)
def test_multiples_are_those_of_doubling_and_adding(s: int, t: int, private: int) -> None:
    def multiple(factor: int) -> int:
        point = (1, 1, 0)
        for bit in f"{factor % _N:b}":
            point = _doubled(point)
            point = _added(point, (*_G, 1)) if bit == "1" else point
        return _flat(point)[0] if point[2] else 0

    x = multiple(private)
    root = pow(x**3 + _A * x + _B, (_P + 1) // 4, _P)
    key = (x, root)
    # Of the two points with this x the key is one: s·G + t·key is one of two sums.
    assert _x_of_sum(s, t, key) in {multiple(s + t * private), multiple(s - t * private)}


# Files made to harm


def with_members(names: list[str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return file.getvalue()


def bomb() -> bytes:
    return packed(parts([invoice_page()]) | {"Doc_0/Res/a.bin": "\0" * 200_000_000})


def many_pages() -> bytes:
    made = parts([invoice_page()])
    listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_0/Content.xml"/>' for i in range(100_000))
    made["Doc_0/Document.xml"] = made["Doc_0/Document.xml"].replace("</ofd:Pages>", listed + "</ofd:Pages>")
    return packed(made)


def nested_units() -> bytes:
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{i}"><ofd:Content>'
        + f'<ofd:CompositeObject ID="9" ResourceID="{i + 1}"/>' * 20
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
        for i in range(10, 24)
    )
    made = parts([page(['<ofd:CompositeObject ID="1" ResourceID="10"/>'])])
    made["Doc_0/Res.xml"] = f"<ofd:Res {NS}><ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits></ofd:Res>"
    return packed(made)


def entities() -> bytes:
    made = parts([invoice_page()])
    lol = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return packed(made | {"Doc_0/Pages/Page_0/Content.xml": lol + "<a>&b;</a>"})


def outside() -> bytes:
    made = parts([invoice_page()])
    lol = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    return packed(made | {"Doc_0/Document.xml": lol + "<a>&x;</a>"})


def encrypted() -> bytes:
    data = bytearray(packed(parts([invoice_page()])))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + flags] |= 1
    return bytes(data)


def twice() -> bytes:
    return packed(parts([invoice_page()]) | {"OFD.xmk": "<OFD/>"}).replace(b"OFD.xmk", b"OFD.xml")


def huge_page() -> bytes:
    return packed(parts([page([], box="0 0 900000 900000")]))


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (bomb, "FILE_DECODED_TOO_LARGE"),
        (many_pages, "FILE_TOO_MANY_PAGES"),
        (
            lambda: with_members(["OFD.xml", *(f"Doc_0/Pages/Page_{i}/Content.xml" for i in range(9000))]),
            "FILE_TOO_MANY_MEMBERS",
        ),
        (nested_units, "FILE_OFD_TOO_COMPLEX"),
        (entities, "FILE_XML_UNSAFE"),
        (outside, "FILE_XML_UNSAFE"),
        (lambda: with_members(["OFD.xml", "../../evil.xml"]), "FILE_ARCHIVE_UNSAFE"),
        (lambda: with_members(["OFD.xml", "..\\evil.xml"]), "FILE_ARCHIVE_UNSAFE"),
        (lambda: with_members(["OFD.xml", "/etc/evil.xml"]), "FILE_ARCHIVE_UNSAFE"),
        (lambda: with_members(["OFD.xml", "C:/evil.xml"]), "FILE_ARCHIVE_UNSAFE"),
        (encrypted, "FILE_ENCRYPTED"),
        (twice, "FILE_OFD_AMBIGUOUS"),
        (lambda: packed(parts([invoice_page()]))[:-400], "FILE_TRUNCATED"),
        (lambda: packed(parts([])), "FILE_NO_PAGES"),
        (lambda: with_members(["OFD.xml"]), "FILE_DAMAGED"),
        (lambda: with_members(["Doc_0/Document.xml"]), "FILE_DAMAGED"),
        (huge_page, "FILE_PAGE_TOO_LARGE"),
    ],
    ids=lambda p: getattr(p, "__name__", str(p)),
)
def test_a_file_made_to_harm_is_one_clear_error(made: Callable[[], bytes], code: str, tmp_path: Path) -> None:
    assert code_of(made(), tmp_path) == code


@pytest.mark.parametrize("at", range(0, 100, 4))
def test_a_damaged_file_never_crashes(at: int, tmp_path: Path) -> None:
    data = bytearray(packed(sealed(parts([invoice_page()], tags=invoice_tags()))))
    place = len(data) * at // 100
    data[place : place + 3] = b"\xff\x00\xff"
    with suppress(DocumentError):
        for shown in opened(bytes(data), tmp_path).pages:
            assert shown.image().shape == (shown.height, shown.width, 3)


@pytest.mark.skipif(not SHARED.is_dir(), reason="real files are not part of the project")
@pytest.mark.parametrize("name", ["ofd_zhejiang_2020.ofd", "ofd_beijing_5pages_list.ofd"])
def test_seals_of_real_files(name: str, tmp_path: Path) -> None:
    data = (SHARED / name).read_bytes()
    (good,) = opened(data, tmp_path).signatures
    assert good.integrity is Integrity.INTACT
    changed: dict[str, str | bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        changed = {n: archive.read(n) for n in archive.namelist() if not n.endswith("/")}
    content = changed["Doc_0/Pages/Page_0/Content.xml"]
    assert isinstance(content, bytes)
    changed["Doc_0/Pages/Page_0/Content.xml"] = content[:-1] + b" " if content.endswith(b"\n") else content + b" "
    (bad,) = opened(packed(changed), tmp_path).signatures
    assert bad.integrity is Integrity.BROKEN


def test_a_signature_the_file_no_longer_lists_is_told(tmp_path: Path) -> None:
    made = sealed(parts([invoice_page()]))
    root = made["OFD.xml"]
    assert isinstance(root, str)
    start, end = root.index("<ofd:Signatures>"), root.index("</ofd:Signatures>") + len("</ofd:Signatures>")
    (found,) = opened(packed(made | {"OFD.xml": root[:start] + root[end:]}), tmp_path).signatures
    assert found.integrity is Integrity.NOT_CHECKED
