"""The names invoice data goes by in XML, dialect beside dialect: what each field's element is called.

Names are compared without case, prefix, `-`, `_` and `.`; "parent/name" asks for the parent too and stands before
the bare name. The dialects: EInvoice of the fully digital invoice (数电票) and the XBRL instance of the Ministry of
Finance's 电子凭证会计数据标准, which shares its names; eInvoice (fp:, GB/T 36609) of the electronic invoices before it;
the initials of the Chinese terms (FPHM, GMF_MC) of the issuing software; the Chinese terms themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.model import Kind


@dataclass(frozen=True, slots=True)
class Named:
    """A field, what it holds and its names, the surest first; a value of several parts has names for each."""

    field: str
    kind: Kind
    parts: tuple[str, ...]


def _named(field: str, kind: Kind, *parts: str) -> Named:
    return Named(field, kind, parts)


# E: Buyer, Seller; S: GMF, XSF; s: GF, XF; C: 购买方, 销售方; c: 购方, 销方.
_PARTY = (
    ("name", Kind.ORGANISATION, (
        "{E}Information/{E}Name {E}Name {S}MC {s}MC {S}NSRMC {C}名称 {c}名称 {c}企业名称 PurchaserName SalerName",
    )),
    ("tax_id", Kind.TAX_ID, (
        "{E}Information/{E}IdNum {E}IdNum {E}TaxID {E}TaxNo {E}TaxpayerIdentificationNumber {S}NSRSBH {S}SBH {S}SH "
        "{s}SBH {s}SH {C}税号 {c}识别号 {c}税号 {C}纳税人识别号 {C}统一社会信用代码纳税人识别号 {C}识别号 "
        "{C}统一社会信用代码",
    )),
    ("address_phone", Kind.TEXT, (
        "{E}AddrTel {S}DZDH {s}DZDH {C}地址电话 {E}Information/{E}Addr {E}Addr {E}Address {S}DZ {C}地址",
        "{E}Information/{E}TelNum {E}TelNum {S}DH {C}电话",
    )),
    ("bank_account", Kind.TEXT, (
        "{E}FinancialAccount {C}开户行及账号 {C}银行账号 {S}KHYHZH {s}YHZH {s}KHYHZH {E}Information/{E}BankName "
        "{E}BankName {S}KHYH {S}KHH {S}YH {C}开户行 {C}开户银行",
        "{E}Information/{E}BankAccNum {E}BankAccNum {S}YHZH {S}ZH {C}账号",
    )),
)  # fmt: skip
_ROLES = {
    "buyer": {"E": "Buyer", "S": "GMF", "s": "GF", "C": "购买方", "c": "购方"},
    "seller": {"E": "Seller", "S": "XSF", "s": "XF", "C": "销售方", "c": "销方"},
}
_OTHER_ROLE = {"buyer": "SalerName", "seller": "PurchaserName"}
_PARTIES = tuple(
    Named(f"{role}_{field}", kind, tuple(part.format(**words).replace(_OTHER_ROLE[role], "").strip() for part in parts))
    for role, words in _ROLES.items()
    for field, kind, parts in _PARTY
)

FIELDS: tuple[Named, ...] = (
    _named("invoice_code", Kind.INVOICE_CODE, "InvoiceCode FPDM ZZFPDM 发票代码"),
    _named("issued_on", Kind.DATE,
           "TaxSupervisionInfo/IssueTime IssueTime IssueDate KPRQ 开票日期 开票时间 InvoiceDate KPSJ RequestTime"),
    _named("check_code", Kind.DIGITS, "InvoiceCheckCode CheckCode JYM 校验码"),
    _named("machine_number", Kind.DIGITS, "MachineNo MachineNumber MachineCode JQBH 机器编号"),
    *_PARTIES,
    _named("amount", Kind.MONEY,
           "BasicInformation/TotalAmWithoutTax TotalAmWithoutTax TaxExclusiveTotalAmount TotalAmountWithoutTax "
           "TotalAmountExcludingTax AmountWithoutTax HJJE WSHJJE JEHJ 合计金额 金额合计 不含税金额合计 不含税金额"),
    _named("tax", Kind.MONEY,
           "BasicInformation/TotalTaxAm TotalTaxAm TaxTotalAmount TotalTaxAmount TaxAmount HJSE SEHJ "
           "合计税额 税额合计"),
    _named("total", Kind.MONEY,
           "BasicInformation/TotalTax-includedAmount TotalTax-includedAmount TaxInclusiveTotalAmount JSHJXX JSHJ "
           "JSHJJE TotalAmount AmountInFigures 价税合计小写 价税合计金额 价税合计"),
    _named("total_in_words", Kind.MONEY_IN_WORDS,
           "BasicInformation/TotalTax-includedAmountInChinese TotalTax-includedAmountInChinese "
           "TaxInclusiveTotalAmountWithWords TaxInclusiveTotalAmountInWords AmountInWords JSHJDX JSHJHZ 价税合计大写"),
    _named("remarks", Kind.TEXT, "AdditionalInformation/Remark Remark Remarks Note BZ 备注"),
    _named("payee", Kind.PERSON, "Payee SKR 收款人"),
    _named("reviewer", Kind.PERSON, "Reviewer Checker FHR 复核人 复核"),
    _named("drawer", Kind.PERSON, "BasicInformation/Drawer Drawer InvoiceClerk KPR KPY 开票人 开票员"),
)  # fmt: skip

ASKED = "BasicInformation/RequestTime"  # when the seller asked for it to be issued

# Where several of these stand they must agree: the number of an invoice is given twice in the EInvoice form.
NUMBER = (
    "TaxSupervisionInfo/InvoiceNumber Header/EIid",
    "InvoiceNumber InvoiceNo SDFPHM QDFPHM SDPHM QDPHM 数电票号码 数电发票号码 全电发票号码 EIid FPHM 发票号码",
)
NUMBERS = " ".join(NUMBER)


def _all(*fields: str) -> str:
    return " ".join(" ".join(named.parts) for named in FIELDS if named.field in fields)


MONEY = _all("amount", "total")
PARTY = _all("seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id")
HEAD_ONLY = f"{NUMBERS} {PARTY}"  # what no line of goods holds

ITEM = {
    "name": "ItemName Item GoodsName SPMC XMMC HWMC HWHYSLWFWMC 货物或应税劳务服务名称 货物或应税劳务名称 货物名称 "
    "商品名称 项目名称",
    "spec": "SpecMod Specification GGXH 规格型号 规格",
    "unit": "MeaUnits MeasurementDimension Unit DW JLDW XMDW 单位 计量单位",
    "quantity": "Quantity SPSL XMSL FPSPSL 数量",
    "unit_price": "UnPrice UnitPrice Price DJ SPDJ XMDJ FPSPDJ 单价",
    "amount": "Amount JE XMJE SPJE BHSJE 金额",
    "tax_rate": "TaxRate TaxScheme SLV SL1 ZSL 税率 税率征收率",
    "tax": "ComTaxAm TaxAm TaxAmount SE XMSE 税额",
}
ITEM_ELEMENTS = "IssuItemInformation GoodsInfo COMMON_FPKJ_XMXX InvoiceItemInfo FPMX XMXX MXXX 商品明细 明细"

KIND_WORDS = (
    "GeneralOrSpecialVAT/LabelName EInvoiceType/LabelName InvoiceType InvoiceTypeName InvoiceKind EInvoiceType "
    "TypeOfVoucher FPLXMC FPZLMC FPLX FPZL 发票类型 发票种类 发票票种 票种"
)
# Codes of the issuing software (three digits) and of the tax authority (two).
_OF_KIND = {
    "special": "004 028 01 08 31 81 85", "ordinary": "007 026 04 10 32 82 86", "roll": "025 11", "toll": "14",
    "vehicle": "005 03 83 87", "used_vehicle": "006 15 84 88",
}  # fmt: skip
_KIND_OF_CODE = {code: kind for kind, codes in _OF_KIND.items() for code in codes.split()}
KIND_OF_LABEL = {"01": "special", "02": "ordinary"}
# What a kind is called by: the first word that stands in its name tells.
KIND_OF_WORD = (
    ("二手车", "used_vehicle"), ("机动车销售", "vehicle"), ("卷", "roll"), ("专", "special"), ("通行费", "toll"),
    ("普", "ordinary"),
)  # fmt: skip
KIND_TABLES = (
    ("GeneralOrSpecialVAT/LabelCode", KIND_OF_LABEL),
    ("FPLXDM FPLX FPZL FPZLDM InvoiceTypeCode", _KIND_OF_CODE),
)

QR = "GraphCode"  # what the printed code says
BLUE = "InIssuType/LabelCode"  # Y blue, N red
RED = "WhetherEinvoiceIsRedEinvoice IsRedInvoice 红字发票标志"
RED_ELEMENTS = "RedEInvoice RedInvoice"
ORIGINAL = (
    "OriginalInvoiceCode OriginalInvoiceNumber OriginalInvoiceNo YFPDM YFPHM LZFPDM LZFPHM 原发票代码 原发票号码 "
    "被红冲蓝字发票号码 被红冲蓝字电子发票号码 被红冲蓝字数电票号码 对应蓝字发票代码 对应蓝字发票号码"
)
AGENCY = "DKBZ 代开标志"  # 1: issued for somebody else
LABELS = "Label/LabelName IssuType/LabelName"

# Not of the invoice itself: signatures, what the buyer booked, and details of a trade that name its items again.
PASSED_OVER = (
    "Signature Signatures TaxBureauSignature SellerAuthentication KeyInfo SpecificInformation "
    "InformationOfAccountingDocumentsTuple context unit schemaRef"
)
