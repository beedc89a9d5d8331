"""VAT invoices (增值税发票): paper, electronic and fully digital ones.

invoice_kind is one of special, ordinary (paper), electronic_special, electronic_ordinary (2015 on),
digital_special, digital_ordinary (数电票, 2021 on), roll (卷票), toll (通行费), vehicle, used_vehicle.
issued_by_tax_bureau: issued by a tax bureau for somebody else (代开), who is then the actual seller.
rate_family: general (6 % and more), levy (征收率), zero, exempt or mixed.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors._invoice_derived import completed
from extractors._invoice_foot import foot, told_in_remarks
from extractors._invoice_head import TITLES, head, marks
from extractors._invoice_list import goods
from extractors._invoice_pages import cuts, paging
from extractors._invoice_parties import doubtful, parties
from extractors._invoice_roll import is_roll, roll
from extractors._invoice_sheet import Sheet
from extractors.model import DocumentType, Field, FieldSpec, Kind, Page

_TAX_ID = ("纳税人识别号", "统一社会信用代码/纳税人识别号")


def extract(pages: Sequence[Page]) -> dict[str, Field]:
    """The fields of one invoice: the head and parties from its first page, totals from where they are printed.

    Pages after the one with the total are further copies, which add no items, or lists of goods.
    """
    own, sums = goods([Sheet(page) for page in pages])
    fields = roll(pages[0]) if pages and is_roll(pages[0]) else {}
    for sheet in own:
        sides = parties(sheet)
        for name, value in {**head(sheet), **sides, **foot(sheet, sides), **marks(sheet)}.items():
            fields.setdefault(name, value)
    fields = sums | fields
    marked = fields.pop("is_red", None)
    fields = completed(told_in_remarks(fields) | fields)
    if marked:
        told = fields.get("is_red", marked)
        fields["is_red"] = marked if told.value else doubtful(marked, "signs_differ")
    return fields


DOCUMENT_TYPE = DocumentType(
    id="vat_invoice",
    coloured=True,
    zh="增值税发票",
    en="VAT invoice",
    extract=extract,
    paging=paging,
    cuts=cuts,
    titles=TITLES,
    words=(
        "价税合计", "纳税人识别号", "开票日期", "税率", "税额", "发票代码", "发票号码", "购买方", "销售方", "开票人",
        "复核", "收款人", "校验码", "机器编号", "密码区", "货物或应税劳务", "规格型号", "项目名称", "开户行及账号",
    ),
    against=("营业执照", "开户许可证", "基本存款账户", "登记机关", "经营范围", "公民身份号码", "核准号"),
    fields=(
        FieldSpec("invoice_kind", Kind.CHOICE, "发票种类"),
        FieldSpec("invoice_code", Kind.INVOICE_CODE, "发票代码", ("发票代码",), key=True, may_be_blank=True),
        FieldSpec("invoice_number", Kind.INVOICE_NUMBER, "发票号码", ("发票号码",), key=True, always=True),
        FieldSpec("issued_on", Kind.DATE, "开票日期", ("开票日期",), key=True, always=True),
        FieldSpec("check_code", Kind.DIGITS, "校验码", ("校验码",)),
        FieldSpec("machine_number", Kind.DIGITS, "机器编号", ("机器编号",)),
        FieldSpec("buyer_name", Kind.ORGANISATION, "购买方名称", ("名称",), key=True, always=True),
        FieldSpec("buyer_tax_id", Kind.TAX_ID, "购买方纳税人识别号", _TAX_ID, key=True, may_be_blank=True),
        FieldSpec("buyer_address_phone", Kind.TEXT, "购买方地址、电话", ("地址、电话",)),
        FieldSpec("buyer_bank_account", Kind.TEXT, "购买方开户行及账号", ("开户行及账号",)),
        FieldSpec("seller_name", Kind.ORGANISATION, "销售方名称", ("名称",), key=True, always=True),
        FieldSpec("seller_tax_id", Kind.TAX_ID, "销售方纳税人识别号", _TAX_ID, key=True),
        FieldSpec("seller_address_phone", Kind.TEXT, "销售方地址、电话", ("地址、电话",)),
        FieldSpec("seller_bank_account", Kind.TEXT, "销售方开户行及账号", ("开户行及账号",)),
        FieldSpec("items", Kind.ITEMS, "货物或应税劳务、服务", ("货物或应税劳务、服务名称", "项目名称")),
        FieldSpec("amount", Kind.MONEY, "合计金额", ("合计",), key=True, always=True),
        FieldSpec("tax", Kind.MONEY, "合计税额", ("税额",), key=True),
        FieldSpec("total", Kind.MONEY, "价税合计（小写）", ("小写",), key=True, always=True),
        FieldSpec("total_in_words", Kind.MONEY_IN_WORDS, "价税合计（大写）", ("价税合计",)),
        FieldSpec("remarks", Kind.TEXT, "备注", ("备注",)),
        FieldSpec("payee", Kind.PERSON, "收款人", ("收款人",)),
        FieldSpec("reviewer", Kind.PERSON, "复核", ("复核",)),
        FieldSpec("drawer", Kind.PERSON, "开票人", ("开票人",)),
        FieldSpec("rate_family", Kind.CHOICE, "税率类别"),
        FieldSpec("is_red", Kind.FLAG, "红字（负数）发票"),
        FieldSpec("original_invoice_code", Kind.INVOICE_CODE, "被红冲的蓝字发票代码"),
        FieldSpec("original_invoice_number", Kind.INVOICE_NUMBER, "被红冲的蓝字发票号码"),
        FieldSpec("issued_by_tax_bureau", Kind.FLAG, "代开"),
        FieldSpec("actual_seller_name", Kind.ORGANISATION, "代开发票的实际销售方名称"),
        FieldSpec("actual_seller_tax_id", Kind.TAX_ID, "代开发票的实际销售方税号"),
    ),
)  # fmt: skip
