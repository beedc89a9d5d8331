"""Product line list (产品线清单, 产品清单): brands and categories a supplier asks to have opened."""

from __future__ import annotations

from extractors.columns import CellKind, Column
from extractors.model import FieldSpec, Kind
from extractors.table import TableForm

FORM = TableForm(
    id="product_line_list",
    zh="产品线清单",
    en="product line list",
    titles=("产品线清单", "产品线申请表", "产品线列表", "产品线提报表", "产品线", "产品清单", "商品清单", "类目清单",
    "Product line list"),
    fields=(
        FieldSpec("company_name", Kind.ORGANISATION, "公司名称",
                  ("公司名称", "供应商名称", "企业名称", "供应商全称", "供应商", "Company name", "Supplier"), key=True),
    ),
    columns=(
        Column("brand", CellKind.TEXT, "品牌", "Brand", ("品牌名称", "商品品牌", "中文品牌"), example="云帆"),
        Column("first_category", CellKind.TEXT, "一级类目", "First category", ("一级分类", "一级品类"), required=False,
               example="办公用品"),
        Column("second_category", CellKind.TEXT, "二级类目", "Second category", ("二级分类", "二级品类"),
               required=False,
               example="纸张"),
        Column("category", CellKind.TEXT, "三级类目", "Category",
               ("三级分类", "类目", "末级类目", "三级品类", "产品类目", "经营类目", "商品类目", "产品线",
               "产品线名称"), example="复印纸"),
        Column("product", CellKind.TEXT, "产品名称", "Product", ("商品名称", "品名", "代表产品", "主要产品"),
               required=False,
               example="A4 复印纸"),
        Column("model", CellKind.TEXT, "规格型号", "Model", ("型号", "规格"), required=False, example="70g"),
        Column("product_count", CellKind.COUNT, "SKU数量", "Number of products",
               ("SKU数", "商品数量", "产品数量", "预计SKU数", "品种数"), required=False, example="12"),
        Column("price", CellKind.AMOUNT, "价格", "Price", ("单价", "供货价", "采购价", "含税单价"),
               required=False, currency="CNY",
               example="18.50"),
        Column("trademark_number", CellKind.NUMBER_TEXT, "商标注册号", "Trademark number",
               ("商标号", "商标注册证号"), required=False, example="12345678"),
    ),
    words=("产品线",),
    against=("发票", "证件号码", "商户名", "新品"),
)  # fmt: skip

DOCUMENT_TYPE = FORM.document_type()
