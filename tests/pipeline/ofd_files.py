"""OFD files made in tests: pages of text objects, tags, attachments, seals. Every company in them is invented."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from pipeline.sm2 import sm3
from tests.pipeline.sm2_signing import seal

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SELLER, BUYER = "杭州青禾测试科技有限公司", "无锡云杉样例商贸有限公司"
NUMBER = "24332000000123456789"


def text(number: int, x: float, y: float, shown: str, size: float = 3.175, **attributes: str) -> str:
    """A text object at (x, y) of its page; attributes of the text code: DeltaX, DeltaY."""
    wide = [size if ord(c) > 0x2E7F else size / 2 for c in shown]
    delta = attributes.pop("DeltaX", " ".join(f"{w:g}" for w in wide[:-1]))
    more = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{x:g} {y:g} 100 5" Font="2" Size="{size:g}"{more}>'
        f'<ofd:TextCode X="0" Y="3" DeltaX="{delta}">{escape(shown)}</ofd:TextCode></ofd:TextObject>'
    )


def page(objects: Sequence[str], box: str = "0 0 210 140", before: str = "") -> str:
    return (
        f"<ofd:Page {NS}><ofd:Area><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:Area>{before}"
        f'<ofd:Content><ofd:Layer ID="1">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def parts(
    pages: Sequence[str],
    *,
    tags: str = "",
    attachment: str = "",
    data: Mapping[str, str] | None = None,
    document: str = "",
    name: str = "Doc_0",
) -> dict[str, str]:
    """The parts of an OFD of one document by name; `document` is added to its Document.xml."""
    custom = "".join(f'<ofd:CustomData Name="{k}">{v}</ofd:CustomData>' for k, v in (data or {}).items())
    listed = "".join(f'<ofd:Page ID="{i + 1}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    made = {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocInfo><ofd:CustomDatas>{custom}</ofd:CustomDatas></ofd:DocInfo>"
        f"<ofd:DocRoot>{name}/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        f"{name}/Document.xml": f"<ofd:Document {NS}>"
        "<ofd:CommonData><ofd:PublicRes>Res.xml</ofd:PublicRes></ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages>{document}"
        + ("<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>" if tags else "")
        + ("<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>" if attachment else "")
        + "</ofd:Document>",
        f"{name}/Res.xml": f'<ofd:Res {NS}><ofd:Fonts><ofd:Font ID="2" FontName="宋体"/></ofd:Fonts></ofd:Res>',
    }
    made |= {f"{name}/Pages/Page_{i}/Content.xml": content for i, content in enumerate(pages)}
    if tags:
        made[f"{name}/Tags/CustomTags.xml"] = _listing("CustomTags", "CustomTag", "CustomTag.xml")
        made[f"{name}/Tags/CustomTag.xml"] = tags
    if attachment:
        made[f"{name}/Attachs/Attachments.xml"] = _listing("Attachments", "Attachment", "original_invoice.xml")
        made[f"{name}/Attachs/original_invoice.xml"] = attachment
    return made


def packed(made: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return file.getvalue()


def sealed(made: Mapping[str, str], uncovered: Sequence[str] = ()) -> dict[str, str | bytes]:
    """The same file with a seal over all its parts but `uncovered`."""
    found: dict[str, str | bytes] = dict(made)
    found["OFD.xml"] = made["OFD.xml"].replace(
        "</ofd:DocRoot>", "</ofd:DocRoot><ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>"
    )
    found["Doc_0/Signs/Signatures.xml"] = (
        f'<ofd:Signatures {NS}><ofd:Signature ID="1" BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/></ofd:Signatures>'
    )
    references = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{base64.b64encode(sm3(_bytes(content))).decode()}'
        "</ofd:CheckValue></ofd:Reference>"
        for name, content in found.items()
        if name not in uncovered
    )
    signature = (
        f'<ofd:Signature {NS}><ofd:SignedInfo><ofd:References CheckMethod="1.2.156.10197.1.401">{references}'
        "</ofd:References></ofd:SignedInfo><ofd:SignedValue>/Doc_0/Signs/Sign_0/SignedValue.dat</ofd:SignedValue>"
        "</ofd:Signature>"
    )
    found["Doc_0/Signs/Sign_0/Signature.xml"] = signature
    found["Doc_0/Signs/Sign_0/SignedValue.dat"] = seal(_bytes(signature))
    return found


def invoice_page(total: str = "1130.00", number: str = NUMBER) -> str:
    """A fully digital invoice with two lines of goods, the name of the second broken over two rows."""
    return page([
        text(10, 68, 8, "电子发票（普通发票）", 6.0), text(11, 150, 10, "发票号码："), text(12, 170, 10, number),
        text(13, 150, 16, "开票日期："), text(14, 170, 16, "2024年12月05日"),
        text(15, 12, 34, "名称："), text(16, 22, 34, BUYER), text(17, 112, 34, "名称："), text(18, 122, 34, SELLER),
        text(19, 12, 43, "统一社会信用代码/纳税人识别号："), text(20, 58, 43, "91320200MA1TEST01A"),
        text(21, 112, 43, "统一社会信用代码/纳税人识别号："), text(22, 158, 43, "91330100MA1TEST02B"),
        *(text(30 + i, x, 51, label) for i, (x, label) in enumerate((
            (14, "项目名称"), (42, "规格型号"), (66, "单位"), (85, "数量"), (110, "单价"), (138, "金额"),
            (156, "税率/征收率"), (188, "税额")))),
        text(40, 5, 56, "*软件*核对工具"), text(41, 68, 56, "套"), text(42, 90, 56, "2"), text(43, 110, 56, "400"),
        text(44, 138, 56, "800.00"), text(45, 160, 56, "13%"), text(46, 190, 56, "104.00"),
        text(50, 5, 61, "*信息技术服务*数据"), text(51, 5, 65, "核对与归档"), text(52, 42, 61, "年"),
        text(53, 90, 61, "1"),
        text(54, 110, 61, "200"), text(55, 138, 61, "200.00"), text(56, 160, 61, "13%"), text(57, 190, 61, "26.00"),
        text(60, 20, 90, "合"), text(61, 34, 90, "计"), text(62, 136, 90, "¥"), text(63, 138, 90, "1000.00"),
        text(64, 188, 90, "¥"), text(65, 190, 90, "130.00"),
        text(70, 16, 97, "价税合计（大写）"), text(71, 62, 97, "壹仟壹佰叁拾圆整"), text(72, 144, 97, "（小写）"),
        text(73, 157, 97, "¥"), text(74, 159, 97, total), text(80, 20, 129, "开票人："), text(81, 33, 129, "钱样例"),
    ])  # fmt: skip


def invoice_tags() -> str:
    """The tags of `invoice_page` as fully digital invoices have them: one element for each value, goods by column."""
    tagged = (
        ("InvoiceNo", 12), ("IssueDate", 14), ("BuyerName", 16), ("BuyerTaxID", 20), ("SellerName", 18),
        ("SellerTaxID", 22), ("TaxExclusiveTotalAmount", 62, 63), ("TaxTotalAmount", 64, 65),
        ("TaxInclusiveTotalAmount", 73, 74), ("InvoiceClerk", 81), ("Item", 40), ("Item", 50, 51),
        ("Specification", 52), ("MeasurementDimension", 41), ("Quantity", 42), ("Quantity", 53), ("Price", 43),
        ("Price", 54), ("Amount", 44), ("Amount", 55), ("TaxScheme", 45), ("TaxScheme", 56), ("TaxAmount", 46),
        ("TaxAmount", 57),
    )  # fmt: skip
    refs = "".join(
        f"<ofd:{name}>" + "".join(f'<ofd:ObjectRef PageRef="1">{i}</ofd:ObjectRef>' for i in ids) + f"</ofd:{name}>"
        for name, *ids in tagged
    )
    return f"<ofd:root {NS}>{refs}</ofd:root>"


def _listing(root: str, element: str, location: str) -> str:
    return f"<ofd:{root} {NS}><ofd:{element}><ofd:FileLoc>{location}</ofd:FileLoc></ofd:{element}></ofd:{root}>"


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
