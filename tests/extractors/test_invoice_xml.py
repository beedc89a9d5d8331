"""Invoices told as XML data: every dialect gives the same fields, and no tree makes the mapping fail."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import _invoice_xml_names as names
from extractors._invoice_xml import invoice_fields
from extractors.model import Field, Item, Status

NUMBER, CODE = "24332000000012345678", "033002000211"
BUYER, SELLER = "杭州云帆数字科技有限公司", "宁波海拓贸易有限公司"
BUYER_ID, SELLER_ID = "91330108MA2CG4HU3R", "91330201MA2AG4XK1A"

DIGITAL = f"""<EInvoice>
  <Header><EIid>{NUMBER}</EIid><EInvoiceTag>SWEI3300</EInvoiceTag><Version>0.33</Version><InherentLabel>
    <InIssuType><LabelCode>Y</LabelCode><LabelName>是否蓝字发票标志</LabelName></InIssuType>
    <EInvoiceType><LabelCode>01</LabelCode><LabelName>电子发票</LabelName></EInvoiceType>
    <GeneralOrSpecialVAT><LabelCode>01</LabelCode><LabelName>增值税专用发票</LabelName></GeneralOrSpecialVAT>
  </InherentLabel></Header>
  <EInvoiceData>
    <SellerInformation><SellerIdNum>{SELLER_ID}</SellerIdNum><SellerName>{SELLER}</SellerName>
      <SellerAddr>宁波市海曙区中山西路1号</SellerAddr><SellerTelNum>0574-87654321</SellerTelNum>
      <SellerBankName>某银行宁波分行</SellerBankName><SellerBankAccNum>3300 0001</SellerBankAccNum></SellerInformation>
    <BuyerInformation><BuyerIdNum>{BUYER_ID}</BuyerIdNum><BuyerName>{BUYER}</BuyerName></BuyerInformation>
    <BasicInformation><TotalAmWithoutTax>180.00</TotalAmWithoutTax><TotalTaxAm>23.40</TotalTaxAm>
      <TotalTax-includedAmount>203.40</TotalTax-includedAmount>
      <TotalTax-includedAmountInChinese>贰佰零叁圆肆角整</TotalTax-includedAmountInChinese>
      <Drawer>王小明</Drawer><RequestTime>2024-05-31 23:59:58</RequestTime></BasicInformation>
    <IssuItemInformation><ItemName>*电子产品*读卡器</ItemName><SpecMod>R-1</SpecMod><MeaUnits>只</MeaUnits>
      <Quantity>2</Quantity><UnPrice>100</UnPrice><Amount>200.00</Amount><TaxRate>0.130000</TaxRate>
      <ComTaxAm>26.000000</ComTaxAm><TotaltaxIncludedAmount>226.00</TotaltaxIncludedAmount></IssuItemInformation>
    <IssuItemInformation><ItemName>*电子产品*读卡器</ItemName><Amount>-20.00</Amount><TaxRate>0.13</TaxRate>
      <ComTaxAm>-2.60</ComTaxAm><TotaltaxIncludedAmount>-22.60</TotaltaxIncludedAmount></IssuItemInformation>
    <SpecificInformation><ConstructionServices><ItemName>某工程</ItemName></ConstructionServices></SpecificInformation>
    <AdditionalInformation><Remark>订单 A-17</Remark><InvoiceNumber>99999999999999999999</InvoiceNumber>
    </AdditionalInformation>
  </EInvoiceData>
  <TaxSupervisionInfo><InvoiceNumber>{NUMBER}</InvoiceNumber><IssueTime>2024-06-01</IssueTime></TaxSupervisionInfo>
  <TaxBureauSignature><InvoiceNumber>11111111111111111111</InvoiceNumber></TaxBureauSignature>
</EInvoice>"""

OLD = f"""<eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019" Version="1.0">
  <fp:InvoiceCode>{CODE}</fp:InvoiceCode><fp:InvoiceNo>01234567</fp:InvoiceNo><fp:IssueDate>2020年07月03日</fp:IssueDate>
  <fp:InvoiceCheckCode>16197833567414507415</fp:InvoiceCheckCode><fp:MachineNo>927000236092</fp:MachineNo>
  <fp:Buyer><fp:BuyerName>{BUYER}</fp:BuyerName><fp:BuyerTaxID>{BUYER_ID}</fp:BuyerTaxID><fp:BuyerAddrTel/></fp:Buyer>
  <fp:Seller><fp:SellerName>{SELLER}</fp:SellerName><fp:SellerTaxID>{SELLER_ID}</fp:SellerTaxID>
    <fp:SellerAddrTel>宁波市1号 0574-1</fp:SellerAddrTel>
    <fp:SellerFinancialAccount>某银行 621</fp:SellerFinancialAccount></fp:Seller>
  <fp:TaxInclusiveTotalAmount>526.00</fp:TaxInclusiveTotalAmount><fp:TaxTotalAmount>15.32</fp:TaxTotalAmount>
  <fp:TaxExclusiveTotalAmount>510.68</fp:TaxExclusiveTotalAmount><fp:Note/><fp:InvoiceClerk>甲</fp:InvoiceClerk>
  <fp:Payee>乙</fp:Payee><fp:Checker>丙</fp:Checker><fp:Signature>MIIBBw==</fp:Signature>
  <fp:GoodsInfos><fp:GoodsInfo><fp:Item>*餐饮服务*餐费</fp:Item><fp:Specification/><fp:Price>510.679612</fp:Price>
    <fp:Quantity>1</fp:Quantity><fp:Amount>510.68</fp:Amount><fp:TaxScheme>3%</fp:TaxScheme>
    <fp:TaxAmount>15.32</fp:TaxAmount></fp:GoodsInfo></fp:GoodsInfos></eInvoice>"""

PINYIN = f"""<business><RESPONSE_COMMON_FPKJ><FP_DM>{CODE}</FP_DM><FP_HM>01234567</FP_HM><KPRQ>20200703101530</KPRQ>
  <JYM>16197833567414507415</JYM><JQBH>927000236092</JQBH><FPLX>026</FPLX><GMF_MC>{BUYER}</GMF_MC>
  <GMF_NSRSBH>{BUYER_ID}</GMF_NSRSBH><XSF_MC>{SELLER}</XSF_MC><XSF_NSRSBH>{SELLER_ID}</XSF_NSRSBH>
  <XSF_DZDH>宁波市1号 0574-1</XSF_DZDH><XSF_YHZH>某银行 621</XSF_YHZH><HJJE>510.68</HJJE><HJSE>15.32</HJSE>
  <JSHJ>526</JSHJ><KPR>甲</KPR><SKR>乙</SKR><FHR>丙</FHR><BZ></BZ><COMMON_FPKJ_XMXXS><COMMON_FPKJ_XMXX>
  <XMMC>*餐饮服务*餐费</XMMC><XMSL>1</XMSL><XMDJ>5.10679612E+2</XMDJ><XMJE>510.68</XMJE><SL>0.03</SL><SE>15.32</SE>
  </COMMON_FPKJ_XMXX></COMMON_FPKJ_XMXXS></RESPONSE_COMMON_FPKJ></business>"""

CHINESE = f"""<发票><发票代码>{CODE}</发票代码><发票号码>01234567</发票号码><开票日期>2020-07-03</开票日期>
  <校验码>16197 83356 74145 07415</校验码><机器编号>927000236092</机器编号><购买方名称>{BUYER}</购买方名称>
  <购买方纳税人识别号>{BUYER_ID}</购买方纳税人识别号><销售方名称>{SELLER}</销售方名称>
  <销售方纳税人识别号>{SELLER_ID}</销售方纳税人识别号><销售方地址电话>宁波市1号 0574-1</销售方地址电话>
  <销售方开户行及账号>某银行 621</销售方开户行及账号><合计金额>￥510.68</合计金额><合计税额>15.32</合计税额>
  <价税合计>526.00</价税合计><开票人>甲</开票人><收款人>乙</收款人><复核人>丙</复核人>
  <商品明细><项目名称>*餐饮服务*餐费</项目名称><数量>1</数量><单价>510.679612</单价><金额>510.68</金额>
  <税率>3%</税率><税额>15.32</税额></商品明细></发票>"""

XBRL = f"""<xbrli:xbrl xmlns:xbrli="http://www.xbrl.org/2003/instance"
    xmlns:einv="http://xbrl.mof.gov.cn/taxonomy/2023-12-31/einv">
  <xbrli:context id="c1"><xbrli:entity><xbrli:identifier>{BUYER_ID}</xbrli:identifier></xbrli:entity></xbrli:context>
  <einv:InvoiceNumber contextRef="c1">{NUMBER}</einv:InvoiceNumber><einv:SellerName>{SELLER}</einv:SellerName>
  <einv:SellerIdNum>{SELLER_ID}</einv:SellerIdNum><einv:TotalAmWithoutTax>180.00</einv:TotalAmWithoutTax>
  <einv:RequestTime>2024-06-01 20:05:10</einv:RequestTime><einv:TotalTaxAm>23.40</einv:TotalTaxAm>
  <einv:TotalTax-includedAmount>203.40</einv:TotalTax-includedAmount>
  <einv:WhetherEinvoiceIsRedEinvoice>false</einv:WhetherEinvoiceIsRedEinvoice>
  <einv:NameOfAccountingEntity>{BUYER}</einv:NameOfAccountingEntity></xbrli:xbrl>"""


def only(text: str) -> dict[str, Field]:
    (fields,) = invoice_fields(fromstring(text))
    return fields


def values(fields: dict[str, Field]) -> dict[str, object]:
    return {name: field.value for name, field in fields.items() if name != "items"}


def test_a_digital_invoice_is_read_whole() -> None:
    fields = only(DIGITAL)
    assert values(fields) == {
        "invoice_kind": "digital_special", "invoice_number": NUMBER, "issued_on": date(2024, 6, 1),
        "buyer_name": BUYER, "buyer_tax_id": BUYER_ID, "seller_name": SELLER, "seller_tax_id": SELLER_ID,
        "seller_address_phone": "宁波市海曙区中山西路1号0574-87654321",
        "seller_bank_account": "某银行宁波分行3300 0001",
        "amount": Decimal("180.00"), "tax": Decimal("23.40"), "total": Decimal("203.40"),
        "total_in_words": "贰佰零叁圆肆角整", "drawer": "王小明", "remarks": "订单A-17", "is_red": False,
        "rate_family": "general", "issued_by_tax_bureau": False,
    }  # fmt: skip
    assert {field.status for field in fields.values()} == {Status.READ}
    assert fields["items"].value == [
        Item(name="*电子产品*读卡器", spec="R-1", unit="只", quantity=Decimal(2), unit_price=Decimal(100),
             amount=Decimal("200.00"), tax_rate="13%", tax=Decimal("26.00")),
        Item(name="*电子产品*读卡器", amount=Decimal("-20.00"), tax_rate="13%", tax=Decimal("-2.60")),
    ]  # fmt: skip


def test_the_older_dialects_say_the_same() -> None:
    old, pinyin, chinese = only(OLD), only(PINYIN), only(CHINESE)
    assert values(old) == values(pinyin) == values(chinese)
    assert old["invoice_kind"].value == "electronic_ordinary"
    assert (old["issued_on"].value, old["check_code"].value) == (date(2020, 7, 3), "16197833567414507415")
    assert (old["total"].value, old["payee"].value, old["reviewer"].value) == (Decimal("526.00"), "乙", "丙")
    assert old["items"].value == pinyin["items"].value == chinese["items"].value
    assert old["items"].value == [
        Item(name="*餐饮服务*餐费", quantity=Decimal(1), unit_price=Decimal("510.679612"), amount=Decimal("510.68"),
             tax_rate="3%", tax=Decimal("15.32"))
    ]  # fmt: skip


def test_the_xbrl_instance_tells_what_it_holds_and_no_buyer() -> None:
    fields = only(XBRL)
    assert (fields["invoice_number"].value, fields["total"].value) == (NUMBER, Decimal("203.40"))
    assert fields["issued_on"].value == date(2024, 6, 1)
    assert fields["is_red"].value is False
    assert "buyer_name" not in fields


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("<EInvoice>", '<EInvoice xmlns="urn:tax">'),
        lambda text: re.sub("<(/?)", r"<\1t:", text).replace("<t:EInvoice>", '<t:EInvoice xmlns:t="u">'),
        lambda text: text.replace("EInvoiceData", "EinvoiceData").replace("<EIid", "<EIID").replace("/EIid", "/EIID"),
        lambda text: f"<package><meta>1</meta><body>{text}</body></package>",
    ],
)  # fmt: skip
def test_prefixes_namespaces_case_and_wrappers_do_not_matter(change: object) -> None:
    assert values(only(change(DIGITAL))) == values(only(DIGITAL))  # type: ignore[operator]


def test_several_invoices_are_told_apart_in_their_order() -> None:
    other = DIGITAL.replace(NUMBER, "24332000000012345679")
    found = invoice_fields(fromstring(f"<all><part>{DIGITAL}{other}</part><part>{OLD}</part></all>"))
    assert [f["invoice_number"].value for f in found] == [NUMBER, "24332000000012345679", "01234567"]
    assert [len(f["items"].value) for f in found] == [2, 2, 1]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        (f"<EIid>{NUMBER}", "<EIid>24332000000012345670", "invoice_number", "conflict"),
        ("</BasicInformation>", "<TotalTaxAm>1.00</TotalTaxAm></BasicInformation>", "tax", "conflict"),
        (f">{NUMBER}<", ">2433200000001234567X<", "invoice_number", "malformed"),
        ("2024-06-01", "2024-06-31", "issued_on", "malformed"),
        ("2024-06-01", "2024-09-01", "issued_on", "conflict"),
        ("<LabelName>增值税专用发票", "<LabelName>普通发票", "invoice_kind", "conflict"),
        (">203.40<", ">203,4O<", "total", "malformed"),
        (">203.40<", ">NaN<", "total", "malformed"),
        (">203.40<", ">1E+999999999<", "total", "malformed"),
        ("贰佰零叁圆肆角整", "贰佰零叁圆肆角X", "total_in_words", "malformed"),
        (BUYER_ID, "91330108", "buyer_tax_id", "malformed"),
        ("<LabelCode>Y", "<LabelCode>N", "is_red", "signs_differ"),
        (">100<", ">1OO<", "items", "malformed"),
        (">0.130000<", ">thirteen<", "items", "malformed"),
        ("<Amount>200.00</Amount>", "", "items", "incomplete"),
    ],
)
def test_what_is_malformed_or_contradicts_itself_is_doubtful(old: str, new: str, field: str, reason: str) -> None:
    assert old in DIGITAL
    found = only(DIGITAL.replace(old, new))[field]
    assert (found.status, found.reason) == (Status.DOUBTFUL, reason)
    assert found.raw


@pytest.mark.parametrize(
    ("told", "printed"),
    [("0.13", "13%"), ("0.010000", "1%"), ("0.015", "1.5%"), ("6", "6%"), ("6%", "6%"), ("9.00%", "9%"), ("1", "1%"),
     ("0", "0%"), ("免税", "免税"), ("不征税", "不征税"), ("***", "***"), ("0.2", "20%")],
)  # fmt: skip
def test_rates_are_given_as_they_are_printed(told: str, printed: str) -> None:
    items = only(DIGITAL.replace("0.130000", told))["items"].value
    assert items[0].tax_rate == printed  # type: ignore[index, union-attr]


def test_a_zero_rate_says_which_where_the_line_says_so() -> None:
    line = "<LSLBS>{}</LSLBS><SL>0</SL>"
    for mark, printed in (("1", "免税"), ("2", "不征税"), ("3", "0%")):
        items = only(PINYIN.replace("<SL>0.03</SL>", line.format(mark)))["items"].value
        assert items[0].tax_rate == printed  # type: ignore[index, union-attr]


@pytest.mark.parametrize(
    ("line", "quantity", "rate"),
    [
        ("<SL>0.03</SL><SLV></SLV>", None, "3%"),
        ("<SL>2</SL><DJ>255.34</DJ><SE>15.32</SE>", Decimal(2), ""),
        ("<SL>2</SL><SLV>0.03</SLV>", Decimal(2), "3%"),
        ("<SL>3%</SL>", None, "3%"),
    ],
)
def test_sl_is_a_rate_or_a_quantity_as_the_line_tells(line: str, quantity: Decimal | None, rate: str) -> None:
    text = PINYIN.replace("<XMSL>1</XMSL><XMDJ>5.10679612E+2</XMDJ>", "").replace("<SL>0.03</SL>", line)
    (item,) = only(text)["items"].value  # type: ignore[misc, union-attr]
    assert (item.quantity, item.tax_rate) == (quantity, rate)  # type: ignore[union-attr]


def test_a_red_invoice_names_the_blue_one() -> None:
    text = DIGITAL.replace("<LabelCode>Y", "<LabelCode>N").replace(
        "<SpecificInformation>",
        "<SpecificInformation><RedEInvoice><OriginalInvoiceCode>24112000000135114086</OriginalInvoiceCode>"
        "<CreditNoteNumber>11010824091002615708</CreditNoteNumber></RedEInvoice>",
    )
    for positive in ("180.00", "23.40", "203.40"):
        text = text.replace(f">{positive}<", f">-{positive}<")
    fields = only(text)
    assert (fields["is_red"].value, fields["is_red"].status) == (True, Status.READ)
    assert fields["original_invoice_number"].value == "24112000000135114086"
    older = only(PINYIN.replace("<BZ>", "<YFP_DM>033002000210</YFP_DM><YFP_HM>76543210</YFP_HM><BZ>"))
    assert older["original_invoice_code"].value == "033002000210"
    assert older["original_invoice_number"].value == "76543210"


@pytest.mark.parametrize(
    ("old", "new", "kind", "status"),
    [
        ("<LabelCode>01</LabelCode><LabelName>增值税专用发票", "<LabelCode>02</LabelCode><LabelName>普通发票",
         "digital_ordinary", Status.READ),
        ("<LabelName>增值税专用发票</LabelName>", "", "digital_special", Status.READ),
        ("增值税专用发票</LabelName>", "机动车销售统一发票</LabelName>", "vehicle", Status.READ),
        ("<LabelCode>01</LabelCode><LabelName>增值税专用发票", "<LabelName>通行费", "digital_ordinary", Status.READ),
    ],
)  # fmt: skip
def test_the_kind_goes_by_the_labels(old: str, new: str, kind: str, status: Status) -> None:
    found = only(DIGITAL.replace(old, new))["invoice_kind"]
    assert (found.value, found.status) == (kind, status)


def test_a_code_that_says_nothing_leaves_the_kind_to_the_text_of_the_qr_code() -> None:
    unsaid = OLD.replace(CODE, "033002000226")
    assert "invoice_kind" not in only(unsaid)
    qr = "<fp:GraphCode>01,10,033002000226,01234567,510.68,20200703,16197833567414507415,0941,</fp:GraphCode><fp:Note/>"
    assert only(unsaid.replace("<fp:Note/>", qr))["invoice_kind"].value == "electronic_ordinary"


def test_a_kind_the_code_contradicts_is_doubtful() -> None:
    found = only(PINYIN.replace("<FPLX>026", "<FPLX>028"))["invoice_kind"]
    assert (found.value, found.status, found.alternates) == ("electronic_ordinary", Status.DOUBTFUL, ("special",))


def test_issuing_for_others_is_told_by_mark_or_seller() -> None:
    marked = only(PINYIN.replace("<BZ>", "<DKBZ>1</DKBZ><BZ>"))["issued_by_tax_bureau"]
    assert (marked.value, marked.reason) == (True, "marked")
    bureau = only(DIGITAL.replace(SELLER, "国家税务总局宁波市海曙区税务局"))["issued_by_tax_bureau"]
    assert bureau.value is True


@pytest.mark.parametrize(
    "text", ["<a/>", "<EInvoice/>", "<rss><channel><title>发票</title></channel></rss>",
             "<xbrl><rai:X xmlns:rai='u'>26949134178000969211</rai:X></xbrl>",
             f"<x><InvoiceNumber>{NUMBER}</InvoiceNumber></x>"]
)  # fmt: skip
def test_what_is_no_invoice_gives_none(text: str) -> None:
    assert invoice_fields(fromstring(text)) == []


_LISTED = (
    *(part for named in names.FIELDS for part in named.parts), *names.NUMBER, *names.ITEM.values(), names.ITEM_ELEMENTS,
    names.KIND_WORDS, names.BLUE, names.RED, names.RED_ELEMENTS, names.ORIGINAL, names.AGENCY, names.LABELS,
    names.PASSED_OVER,
)  # fmt: skip
_WORDS = sorted({word for listed in _LISTED for word in listed.replace("/", " ").split()})
_TEXTS = st.one_of(
    st.none(), st.text(max_size=12), st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.sampled_from([NUMBER, CODE, "01234567", "2024-06-01", "0.13", "1E+400", "-1", "Y", "N", "免税", "%", "﹣１"]),
)  # fmt: skip
_TREES = st.recursive(
    st.tuples(st.sampled_from(_WORDS), _TEXTS, st.just([])),
    lambda inner: st.tuples(st.sampled_from(_WORDS), _TEXTS, st.lists(inner, max_size=6)),
    max_leaves=40,
)


def built(tree: tuple[str, str | None, list[object]], parent: Element | None = None) -> Element:
    name, text, inside = tree
    element = Element(name) if parent is None else SubElement(parent, name)
    element.text = text
    for inner in inside:
        built(inner, element)  # type: ignore[arg-type]
    return element


@given(_TREES)
def test_no_tree_makes_the_mapping_fail(tree: tuple[str, str | None, list[object]]) -> None:
    for fields in invoice_fields(built(tree)):
        for name, field in fields.items():
            assert field.status is not Status.MISSING
            assert name == "items" or field.value is not None
            if isinstance(field.value, Decimal):
                assert len(f"{field.value:f}") < 80


def test_a_deep_tree_needs_no_deep_stack() -> None:
    root = node = Element("a")
    for _ in range(20_000):
        node = SubElement(node, "FPHM")
    assert invoice_fields(root) == []
