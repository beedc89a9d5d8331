"""Order lines of the Yiwu market-procurement platform (交易清单): one line a merchant and product, amounts in USD."""

from __future__ import annotations

from extractors.columns import CellKind, Column
from extractors.table import TableForm

FORM = TableForm(
    id="order_lines",
    zh="交易清单",
    en="order lines",
    titles=("交易清单", "信保订单交易清单", "外销订单交易清单", "Order lines"),
    columns=(
        Column("merchant_name", CellKind.TEXT, "商户名", "Merchant name",
               ("商户名称", "商户姓名", "商户", "供货商", "供应商", "供货商户", "Merchant", "Supplier"),
               example="陈小满"),
        Column("mobile", CellKind.MOBILE, "手机号", "Mobile number",
               ("手机号码", "手机", "联系电话", "联系手机", "商户手机号", "Mobile", "Phone", "Mobile phone"),
               example="13800000000"),
        Column("order_month", CellKind.MONTH, "下单月份", "Order month",
               ("下单年月", "订单月份", "月份", "采购月份", "采购日期", "订单年月", "下单日期", "Month"),
               example="2026-03"),
        Column("product", CellKind.TEXT, "品名", "Product",
               ("商品名称", "商品", "产品", "货品", "货品名称", "货物", "货物名称", "产品名称", "商品品名", "Goods",
               "Description", "Product name"),
               example="塑料玩具"),
        Column("quantity", CellKind.QUANTITY, "数量", "Quantity", ("商品数量", "Qty"), example="1200"),
        Column("packages", CellKind.COUNT, "总件数", "Packages",
               ("件数", "箱数", "包装件数", "装箱数", "包数", "件数(箱)", "总箱数", "Cartons", "Total packages"),
               example="24"),
        Column("amount", CellKind.AMOUNT, "总金额(美元)", "Amount (USD)",
               ("总金额", "金额", "货值", "总货值", "Amount", "Total amount"), currency="USD", example="3600.00"),
    ),
    sums=(("amount", "total_amount"),),
    against=("发票", "报关单", "证件号码"),
)  # fmt: skip

DOCUMENT_TYPE = FORM.document_type()
