"""The same drawing calls into an OFD page (GB/T 33190), and e-invoices as OFD and XML, with their data.

Older electronic invoices carry their data as an attachment, fully digital ones as tags that point at the text.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from PIL import Image

from samples.generator import figures, fonts, invoice, trade
from samples.generator.draw import INK, Canvas, Colour, Sheet
from samples.generator.fonts import Face
from samples.generator.invoice import BROWN, MAROON, Print
from samples.generator.trade import Invoice, Line
from samples.generator.truth import Drawn

_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_FP = 'xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_DAY = (2026, 11, 1, 0, 0, 0)  # of every member, so that a file is the same at every run
_PAGE_ID, _FONT_ID = 1, 2
_TAGS = {
    "invoice_number": "InvoiceNo",
    "issued_on": "IssueDate",
    "buyer_name": "BuyerName",
    "buyer_tax_id": "BuyerTaxID",
    "seller_name": "SellerName",
    "seller_tax_id": "SellerTaxID",
    "amount": "TaxExclusiveTotalAmount",
    "tax": "TaxTotalAmount",
    "total": "TaxInclusiveTotalAmount",
    "total_in_words": "TaxInclusiveTotalAmount",
    "drawer": "InvoiceClerk",
    "remarks": "Note",
}
_CELLS = ("Specification", "MeasurementDimension", "Quantity", "Price", "Amount", "TaxScheme", "TaxAmount")


class OfdSheet(Canvas):
    """One OFD page: text objects, lines, pictures; `ids` are the text objects of each field."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(width, height)
        self.objects: list[str] = []
        self.images: list[bytes] = []
        self.ids: dict[str, list[int]] = {}
        self._next = 100

    def measure(self, text: str, face: Face, size: float) -> float:
        return sum(size if ord(c) > 0x2E7F else size / 2 for c in text)

    def text(self, x: float, y: float, text: str, face: Face, size: float, colour: Colour = INK, *,
             align: str = "left", spacing: float = 0.0, field: str | None = None) -> float:  # fmt: skip
        first = self._next
        width = super().text(x, y, text, face, size, colour, align=align, spacing=spacing, field=field)
        if field and text:
            self.ids.setdefault(field, []).extend(range(first, self._next))
        return width

    def _run(self, x: float, y: float, text: str, face: Face, size: float, colour: Colour) -> None:
        steps = " ".join(f"{self.measure(c, face, size):.4f}" for c in text[:-1])
        delta = f' DeltaX="{steps}"' if steps else ""
        width = self.measure(text, face, size)
        self.objects.append(
            f'<ofd:TextObject ID="{self._new()}" Boundary="{x:.3f} {y:.3f} {width + 0.5:.3f} {size * 1.2:.3f}" '
            f'Font="{_FONT_ID}" Size="{size:.4f}"><ofd:FillColor Value="{colour[0]} {colour[1]} {colour[2]}"/>'
            f'<ofd:TextCode X="0" Y="{size * 0.86:.4f}"{delta}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
        )

    def line(self, points: Sequence[tuple[float, float]], colour: Colour, width: float = 0.2) -> None:
        (x, y), *more = points
        path = f"M {x:.3f} {y:.3f} " + " ".join(f"L {a:.3f} {b:.3f}" for a, b in more)
        self.objects.append(
            f'<ofd:PathObject ID="{self._new()}" Boundary="0 0 {self.width} {self.height}" LineWidth="{width}">'
            f'<ofd:StrokeColor Value="{colour[0]} {colour[1]} {colour[2]}"/>'
            f"<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def picture(self, image: Image.Image, x: float, y: float, width: float) -> None:
        if image.width > width * 8:
            image = image.resize((round(width * 8), round(image.height * width * 8 / image.width)))
        height = width * image.height / image.width
        out = io.BytesIO()
        image.save(out, "PNG")
        self.images.append(out.getvalue())
        self.objects.append(
            f'<ofd:ImageObject ID="{self._new()}" Boundary="{x} {y} {width} {height:.3f}" '
            f'CTM="{width} 0 0 {height:.3f} 0 0" ResourceID="{10 + len(self.images)}"/>'
        )

    def _new(self) -> int:
        self._next += 1
        return self._next - 1

    def members(self) -> dict[str, str | bytes]:
        """The page, its fonts and its pictures."""
        media = "".join(
            f'<ofd:MultiMedia ID="{11 + n}" Type="Image" Format="PNG"><ofd:MediaFile>image_{n}.png</ofd:MediaFile>'
            "</ofd:MultiMedia>"
            for n in range(len(self.images))
        )
        return {
            "Doc_0/Pages/Page_0/Content.xml": f"{_HEAD}<ofd:Page {_OFD}><ofd:Area><ofd:PhysicalBox>0 0 {self.width} "
            f'{self.height}</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID="3">{"".join(self.objects)}'
            "</ofd:Layer></ofd:Content></ofd:Page>",
            "Doc_0/PublicRes.xml": f'{_HEAD}<ofd:Res {_OFD} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="{_FONT_ID}" '
            'FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>',
            "Doc_0/DocumentRes.xml": f'{_HEAD}<ofd:Res {_OFD} BaseLoc="Res"><ofd:MultiMedias>{media}'
            "</ofd:MultiMedias></ofd:Res>",
            **{f"Doc_0/Res/image_{n}.png": data for n, data in enumerate(self.images)},
        }


def draw(made: Invoice, faces: fonts.Faces, seed: int, data: Invoice | None = None) -> Drawn:
    """An electronic invoice as OFD; `data` is what it carries beside the page, where that is to differ."""
    sheet = OfdSheet(210, 140)
    look = Print(
        faces.label,
        faces.value,
        faces.digits,
        MAROON,
        MAROON if made.digital else BROWN,
        INK,
        8,
        29,
        invoice.payload(made),
    )
    (invoice.digital if made.digital else invoice.electronic)(sheet, made, look, seed)
    members = _digital_data(sheet, made) if made.digital else _attachment(data or made)
    blank = Sheet(10, 10, 1, (255, 255, 255)).pixels()
    return Drawn("vat_invoice", blank, trade.fields(data or made), ofd=_packed(made, members | sheet.members()))


def _packed(made: Invoice, members: dict[str, str | bytes]) -> bytes:
    custom = {
        "发票号码": made.number, "合计金额": f"{made.amount:.2f}", "合计税额": f"{made.tax:.2f}",
        "开票日期": f"{made.issued_on:%Y年%m月%d日}", "购买方纳税人识别号": made.buyer.tax_id,
        "销售方纳税人识别号": made.seller.tax_id,
    }  # fmt: skip
    told = "".join(f'<ofd:CustomData Name="{key}">{escape(value)}</ofd:CustomData>' for key, value in custom.items())
    identity = hashlib.sha256(made.number.encode()).hexdigest()[:32]
    tags = "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>" if "Doc_0/Tags/CustomTags.xml" in members else ""
    attached = "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>" if not tags else ""
    whole: dict[str, str | bytes] = {
        "OFD.xml": f'{_HEAD}<ofd:OFD {_OFD} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{identity}'
        f"</ofd:DocID><ofd:CustomDatas>{told}</ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml"
        "</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"{_HEAD}<ofd:Document {_OFD}><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID>"
        "<ofd:PageArea><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml"
        "</ofd:PublicRes><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>"
        f'<ofd:Page ID="{_PAGE_ID}" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>{tags}{attached}</ofd:Document>',
        **members,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in whole.items():
            archive.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _digital_data(sheet: OfdSheet, made: Invoice) -> dict[str, str | bytes]:
    """Tags that say which text objects are what."""

    def leaf(name: str, ids: Sequence[int]) -> str:
        refs = "".join(f'<ofd:ObjectRef PageRef="{_PAGE_ID}">{number}</ofd:ObjectRef>' for number in ids)
        return f"<ofd:{name}>{refs}</ofd:{name}>" if ids else ""

    simple = "".join(leaf(tag, sheet.ids.get(name, [])) for name, tag in _TAGS.items() if "er_" not in name)
    parties = "".join(
        f"<ofd:{who.title()}>"
        + "".join(leaf(_TAGS[f"{who}_{what}"], sheet.ids.get(f"{who}_{what}", [])) for what in ("name", "tax_id"))
        + f"</ofd:{who.title()}>"
        for who in ("buyer", "seller")
    )
    items = "".join(
        leaf(tag, [number])
        for n, item in enumerate(made.items)
        for tag, number in zip(_cells(item), sheet.ids[f"items.{n}"], strict=False)
    )
    names = "".join(leaf("Item", sheet.ids[f"items.{n}"][len(_cells(item)) :]) for n, item in enumerate(made.items))
    return {
        "Doc_0/Tags/CustomTags.xml": f'{_HEAD}<ofd:CustomTags {_OFD}><ofd:CustomTag TypeID="root"><ofd:FileLoc>'
        "CustomTag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>",
        "Doc_0/Tags/CustomTag.xml": f'{_HEAD}<ofd:root {_OFD} version="1.0">{simple}{parties}{names}{items}</ofd:root>',
    }


def _cells(item: Line) -> list[str]:
    """The tags of the cells a line prints beside its name, in the order they are drawn."""
    values = (item.spec, item.unit, item.quantity, item.unit_price, item.amount, item.tax_rate, item.tax)
    return [tag for tag, value in zip(_CELLS, values, strict=True) if value not in ("", None)]


def _attachment(made: Invoice) -> dict[str, str | bytes]:
    """The data of an older electronic invoice as an XML file beside its page."""

    def party(who: str, of: trade.Party) -> str:
        values = {"Name": of.name, "TaxID": of.tax_id, "AddrTel": of.address_phone, "FinancialAccount": of.bank_account}
        return f"<fp:{who}>" + "".join(_leaf(f"fp:{who}{k}", v) for k, v in values.items()) + f"</fp:{who}>"

    goods = "".join(
        "<fp:GoodsInfo>"
        + "".join(
            _leaf(f"fp:{tag}", value)
            for tag, value in zip(
                ("Item", *_CELLS),
                (i.name, i.spec, i.unit, i.quantity, i.unit_price, i.amount, i.tax_rate, i.tax),
                strict=True,
            )
        )
        + "</fp:GoodsInfo>"
        for i in made.items
    )
    values = {
        "DocID": "01", "InvoiceCode": made.code, "InvoiceNo": made.number, "TypeCode": "0",
        "IssueDate": f"{made.issued_on:%Y年%m月%d日}", "InvoiceCheckCode": made.check_code,
        "MachineNo": made.machine_number, "TaxInclusiveTotalAmount": made.total, "Note": made.remarks,
        "InvoiceClerk": made.drawer, "Payee": made.payee, "Checker": made.reviewer, "TaxTotalAmount": made.tax,
        "TaxExclusiveTotalAmount": made.amount, "GraphCode": invoice.payload(made),
    }  # fmt: skip
    body = "".join(_leaf(f"fp:{key}", value) for key, value in values.items())
    return {
        "Doc_0/Attachs/Attachments.xml": f'{_HEAD}<ofd:Attachments {_OFD}><ofd:Attachment ID="98" '
        'Name="original_invoice" Format="xml" Visible="false"><ofd:FileLoc>original_invoice.xml</ofd:FileLoc>'
        "</ofd:Attachment></ofd:Attachments>",
        "Doc_0/Attachs/original_invoice.xml": f'{_HEAD}<eInvoice {_FP} Version="1.0">'
        f"{body}{party('Buyer', made.buyer)}{party('Seller', made.seller)}<fp:GoodsInfos>{goods}"
        "</fp:GoodsInfos></eInvoice>",
    }


def _leaf(tag: str, value: object) -> str:
    return f"<{tag}>{escape('' if value is None else str(value))}</{tag}>"


def xml(made: Invoice) -> Drawn:
    """A fully digital invoice as the tax platform hands it out in XML."""
    special = made.kind.endswith("special")
    labels = {
        "InIssuType": ("Y" if made.total > 0 else "N", "是否蓝字发票标志"), "EInvoiceType": ("01", "电子发票"),
        "GeneralOrSpecialVAT": ("01", "增值税专用发票") if special else ("02", "普通发票"),
        "TaxpayerType": ("1", "一般纳税人"),
    }  # fmt: skip
    told = "".join(
        f"<{tag}>{_leaf('LabelCode', code)}{_leaf('LabelName', name)}</{tag}>" for tag, (code, name) in labels.items()
    )

    def party(who: str, of: trade.Party) -> str:
        return f"<{who}Information>{_leaf(f'{who}IdNum', of.tax_id)}{_leaf(f'{who}Name', of.name)}</{who}Information>"

    items = "".join(_xml_line(item) for item in made.items)
    basic = {
        "TotalAmWithoutTax": f"{made.amount:.2f}", "TotalTaxAm": f"{made.tax:.2f}",
        "TotalTax-includedAmount": f"{made.total:.2f}",
        "TotalTax-includedAmountInChinese": figures.capitals(made.total), "Drawer": made.drawer,
        "RequestTime": f"{made.issued_on:%Y-%m-%d} 10:15:00",
    }  # fmt: skip
    text = (
        f"{_HEAD}<EInvoice><Header>{_leaf('EIid', made.number)}{_leaf('EInvoiceTag', 'SWEI3200')}"
        f"{_leaf('Version', '0.36')}<InherentLabel>{told}</InherentLabel></Header><EInvoiceData>"
        f"{party('Seller', made.seller)}{party('Buyer', made.buyer)}<BasicInformation>"
        f"{''.join(_leaf(tag, value) for tag, value in basic.items())}</BasicInformation>{items}<SpecificInformation/>"
        f"<AdditionalInformation>{_leaf('Remark', made.remarks) if made.remarks else ''}</AdditionalInformation>"
        "</EInvoiceData><SellerAuthentication><AuthenticationMethods>01</AuthenticationMethods></SellerAuthentication>"
        f"<TaxSupervisionInfo>{_leaf('InvoiceNumber', made.number)}{_leaf('IssueTime', made.issued_on)}"
        f"{_leaf('TaxBureauCode', f'1{made.number[2:4]}00000000')}</TaxSupervisionInfo></EInvoice>\n"
    )
    blank = Sheet(10, 10, 1, (255, 255, 255)).pixels()
    return Drawn("vat_invoice", blank, trade.fields(made), xml=text.encode())


def _xml_line(item: Line) -> str:
    values = {
        "ItemName": item.name, "SpecMod": item.spec, "MeaUnits": item.unit, "Quantity": item.quantity,
        "UnPrice": item.unit_price, "Amount": f"{item.amount:.2f}",
        "TaxRate": f"{int(item.tax_rate.removesuffix('%')) / 100:.2f}", "ComTaxAm": f"{item.tax:.2f}",
        "TotaltaxIncludedAmount": f"{item.amount + item.tax:.2f}",
    }  # fmt: skip
    leaves = "".join(_leaf(tag, value) for tag, value in values.items() if value not in ("", None))
    return f"<IssuItemInformation>{leaves}</IssuItemInformation>"
