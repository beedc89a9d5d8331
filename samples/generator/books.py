"""Excel workbooks: order lines, person lists, export reports, and JD's four forms."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from samples.generator import figures
from samples.generator.commerce import GOODS, Months, OrderLine
from samples.generator.companies import Company
from samples.generator.truth import Drawn

Cells = Sequence[Any]
THIN = Side(style="thin", color="999999")
HEAD = PatternFill("solid", fgColor="DDE6F2")
PERSON_DOCUMENTS = {
    "身份证": "id_card",
    "护照": "passport",
    "港澳居民来往内地通行证": "hk_macau_travel_permit",
    "台湾居民来往大陆通行证": "taiwan_travel_permit",
}
STAMP = (2026, 11, 1, 0, 0, 0)


def finished(book: Workbook) -> bytes:
    """The workbook's bytes, the same ones at every run: no clock in them."""
    buffer, clean = io.BytesIO(), io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-11-01T00:00:00Z", data)
            new.writestr(zipfile.ZipInfo(item.filename, STAMP), data, zipfile.ZIP_DEFLATED)
    return clean.getvalue()


def _drawn(kind: str, book: Workbook, fields: dict[str, Any]) -> Drawn:
    return Drawn(kind, np.zeros((0, 0, 3), np.uint8), fields, book=finished(book))


def _titled(title: str, columns: int) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title[:20]
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A1"].alignment = Alignment(horizontal="center")
    return book, sheet


def _table(sheet: Worksheet, headings: Cells, rows: Iterable[Cells], widths: Sequence[float] = ()) -> None:
    sheet.append(list(headings))
    first = sheet.max_row
    for row in rows:
        sheet.append(list(row))
    for cells in sheet.iter_rows(min_row=first, max_row=sheet.max_row, max_col=len(headings)):
        for cell in cells:
            cell.border = Border(THIN, THIN, THIN, THIN)
            if cell.row == first:
                cell.fill, cell.font = HEAD, Font(bold=True)
    for i, width in enumerate(widths or [16] * len(headings)):
        sheet.column_dimensions["ABCDEFGHIJKLMNOP"[i]].width = width


def _number(value: Decimal) -> float:
    return float(value)


def order_lines(lines: Sequence[OrderLine], seed: int = 0) -> Drawn:
    """交易清单: one merchant's goods a row; the total below."""
    total = sum((line.amount for line in lines), Decimal(0))
    headings = ("序号", "商户名称", "手机号码", "订单月份", "商品名称", "数量", "件数", "金额（USD）")
    if seed % 2:
        headings = ("序号", "商户姓名", "联系手机", "下单月份", "品名", "商品数量", "箱数", "金额(美元)")
    book, sheet = _titled("市场采购贸易交易清单", len(headings))
    _table(sheet, headings, (
        (n, line.merchant, line.mobile, line.month, line.product, line.quantity, line.packages, _number(line.amount))
        for n, line in enumerate(lines, 1)
    ))  # fmt: skip
    sheet.append(["合计", "", "", "", "", "", "", _number(total)])
    return _drawn(
        "order_lines",
        book,
        {
            "lines": [
                {
                    "merchant_name": line.merchant,
                    "mobile": line.mobile,
                    "order_month": line.month,
                    "product": line.product,
                    "quantity": Decimal(line.quantity),
                    "packages": Decimal(line.packages),
                    "amount": line.amount,
                }
                for line in lines
            ],
            "total_amount": total,
            "line_count": str(len(lines)),
        },
    )


def person_list(persons: Sequence[dict[str, str]], unit: str = "", seed: int = 0) -> Drawn:
    """The persons a unit registers for the fair."""
    headings = ("序号", "姓名", "证件类型", "证件号码", "手机号码", "照片文件名")
    book, sheet = _titled("专业观众人员信息表", len(headings))
    if unit:
        sheet.append(["单位名称", unit])
    keys = ("name", "document_kind", "document_number", "mobile", "photo")
    _table(sheet, headings, ((n, *(row[k] for k in keys)) for n, row in enumerate(persons, 1)), (6, 14, 26, 24, 16, 16))
    lines = [row | {"document_kind": PERSON_DOCUMENTS[row["document_kind"]]} for row in persons]
    return _drawn("person_list", book, {"lines": lines, "line_count": str(len(persons))})


def export_report(report: Months, seed: int = 0) -> Drawn:
    """The export report as the platform's Excel download."""
    book, sheet = _titled("数据管家-交易额报表" if seed % 2 else "出口交易数据报告", 3)
    start, end = report.rows[0][0], report.until
    sheet.append(["公司名称", report.firm.name])
    sheet.append(["统计周期", f"{start:%Y-%m-%d} 至 {end:%Y-%m-%d}"])
    sheet.append(["币种", report.currency])
    sheet.append(["总交易额", _number(report.total)])
    sheet.append(["总订单数", report.orders])
    sheet.append([])
    rows = [(f"{month:%Y-%m}", orders, _number(amount)) for month, orders, amount in report.rows]
    _table(sheet, ("月份", "订单数", f"交易额（{report.currency}）"), rows, (22, 40, 22))
    sheet.append(["合计", report.orders, _number(report.total)])
    return _drawn(
        "export_report",
        book,
        {
            "company_name": report.firm.name,
            "period_from": start,
            "period_to": end,
            "currency": report.currency,
            "total_amount": report.total,
            "order_count": str(report.orders),
        },
    )


def _labelled(kind: str, title: str, rows: Sequence[tuple[str, str, str, Any]]) -> Drawn:
    """A form of labels and values in two columns; rows are (label, text, field, value)."""
    book, sheet = _titled(title, 4)
    fields: dict[str, Any] = {}
    for label, text, field, value in rows:
        sheet.append([label, text])
        sheet.cell(sheet.max_row, 1).fill = HEAD
        if field and text not in ("", None):
            fields[field] = text if value is None else value
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 60
    return _drawn(kind, book, fields)


def supplier_assessment(firm: Company, rng: random.Random) -> Drawn:
    """供应商评估表."""
    return _labelled("supplier_assessment_form", "供应商评估表", (
        ("公司名称", firm.name, "company_name", None),
        ("统一社会信用代码", firm.credit_code, "credit_code", None),
        ("法定代表人", firm.representative, "legal_representative", None),
        ("注册资本", f"{(firm.capital or 0) / 10000:f}万元", "registered_capital", firm.capital),
        ("成立日期", f"{firm.established_on}", "established_on", firm.established_on),
        ("公司地址", firm.address, "address", None),
        ("主营类目", firm.trade, "category", None),
        ("企业类型", rng.choice(("生产商", "品牌商", "代理商", "贸易商")), "company_kind", None),
        ("品牌", "优木", "brand", None),
        ("是否一般纳税人", "是", "taxpayer_kind", None),
        ("联系人", firm.person.name, "contact_name", None),
        ("联系电话", firm.person.mobile, "mobile", None),
        ("电子邮箱", f"sales{rng.randint(10, 99)}@example.com", "email", None),
    ))  # fmt: skip


def contract_information(firm: Company, rng: random.Random) -> Drawn:
    """合同信息表."""
    return _labelled("contract_information_form", "合同信息表", (
        ("公司名称", firm.name, "company_name", None),
        ("统一社会信用代码", firm.credit_code, "credit_code", None),
        ("注册地址", firm.address, "address", None),
        ("法定代表人", firm.representative, "legal_representative", None),
        ("开户银行", firm.bank_name, "bank_name", None),
        ("银行账号", firm.account_number, "account_number", None),
        ("开票税率", rng.choice(("13%", "6%")), "", None),
        ("结算账期", "30天", "settlement_days", None),
        ("合同联系人", firm.person.name, "contact_name", None),
        ("联系电话", firm.person.mobile, "mobile", None),
    ))  # fmt: skip


NEW_PRODUCT = {  # the heading of each field
    "product": "商品名称",
    "brand": "品牌",
    "model": "型号",
    "unit": "单位",
    "market_price": "市场价（元）",
    "purchase_price": "供货价（元）",
    "selling_price": "京东价（元）",
    "tax_rate": "税率",
    "barcode": "条形码",
}


def _product(rng: random.Random, brand: str) -> dict[str, Any]:
    name, _, _, unit, _ = rng.choice(GOODS)
    price = Decimal(rng.randint(900, 40000)) / 100
    return {
        "product": name,
        "brand": brand,
        "model": f"{rng.choice('ABCDEF')}{rng.randint(100, 999)}",
        "unit": unit,
        "market_price": price,
        "purchase_price": (price * Decimal("0.88")).quantize(Decimal("0.01")),
        "selling_price": (price * Decimal("0.95")).quantize(Decimal("0.01")),
        "tax_rate": "13%",
        "barcode": "69" + figures.digits(rng, 11),
    }


def new_products(firm: Company, rng: random.Random, count: int = 5) -> Drawn:
    """新品表."""
    brand = rng.choice(("云栖", "禾木", "优木"))
    lines = [_product(rng, brand) for _ in range(count)]
    headings = ("序号", *NEW_PRODUCT.values())
    book, sheet = _titled("新品提报表", len(headings))
    sheet.append(["公司名称", firm.name])
    _table(sheet, headings, ((n, *map(_cell, line.values())) for n, line in enumerate(lines, 1)))
    return _drawn("new_product_sheet", book, {"company_name": firm.name, "lines": lines, "line_count": str(len(lines))})


def _cell(value: Any) -> Any:
    return _number(value) if isinstance(value, Decimal) else value


def product_lines(firm: Company, rng: random.Random) -> Drawn:
    """产品线清单."""
    chosen = rng.sample((
        ("家居日用", "收纳用品", "收纳箱"), ("厨具", "水具酒具", "保温杯"), ("办公用品", "书写工具", "圆珠笔"),
        ("服饰内衣", "服装配件", "围巾"), ("家装建材", "灯饰照明", "台灯"),
    ), 3)  # fmt: skip
    headings = ("序号", "一级类目", "二级类目", "三级类目", "品牌", "授权类型", "SKU数量")
    book, sheet = _titled("产品线清单", len(headings))
    sheet.append(["公司名称", firm.name])
    counts = [rng.randint(5, 200) for _ in chosen]
    _table(sheet, headings, (
        (n, *row, "优木", "自有品牌", count) for n, (row, count) in enumerate(zip(chosen, counts, strict=True), 1)
    ))  # fmt: skip
    lines = [
        {"first_category": row[0], "second_category": row[1], "category": row[2], "brand": "优木",
         "product_count": Decimal(count)}
        for row, count in zip(chosen, counts, strict=True)
    ]  # fmt: skip
    return _drawn("product_line_list", book, {"company_name": firm.name, "lines": lines, "line_count": str(len(lines))})
