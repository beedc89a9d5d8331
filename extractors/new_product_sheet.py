"""New-product sheet (新品提报表): one row a product, with purchase price and selling price."""

from __future__ import annotations

from extractors.columns import CellKind, Column
from extractors.model import FieldSpec, Kind
from extractors.table import TableForm

FORM = TableForm(
    id="new_product_sheet",
    zh="新品提报表",
    en="new-product sheet",
    titles=("新品提报表", "新品提报", "新品上新表", "新品信息表", "商品提报表", "新品导入表", "新品申报表",
    "New product sheet"),
    fields=(
        FieldSpec("company_name", Kind.ORGANISATION, "公司名称",
                  ("公司名称", "供应商名称", "企业名称", "供应商全称", "供应商", "Company name", "Supplier"), key=True),
    ),
    columns=(
        Column("product", CellKind.TEXT, "商品名称", "Product name",
               ("产品名称", "商品标题", "品名", "商品全称", "产品标题", "Product", "Title"),
               example="云帆 A4 复印纸 70g 500张/包"),
        Column("brand", CellKind.TEXT, "品牌", "Brand", ("品牌名称", "商品品牌"), example="云帆"),
        Column("model", CellKind.TEXT, "型号", "Model",
               ("规格型号", "商品型号", "规格", "货号", "产品型号", "Specification"),
               required=False, example="YF-A470"),
        Column("barcode", CellKind.NUMBER_TEXT, "商品条码", "Barcode",
               ("条形码", "条码", "69码", "商品条形码", "国际条码", "UPC", "EAN"),
               required=False, example="6900000000006"),
        Column("category", CellKind.TEXT, "三级类目", "Category",
               ("类目", "商品类目", "所属类目", "末级类目", "分类", "商品分类"), required=False, example="复印纸"),
        Column("unit", CellKind.TEXT, "销售单位", "Unit", ("单位", "计量单位", "商品单位"),
               required=False, example="包"),
        Column("purchase_price", CellKind.AMOUNT, "采购价", "Purchase price",
               ("含税采购价", "进货价", "采购价格", "供货价", "采购单价", "成本价"), currency="CNY", example="18.50"),
        Column("selling_price", CellKind.AMOUNT, "京东价", "Selling price",
               ("销售价", "售价", "京东售价", "销售价格", "京东销售价", "JD price"), currency="CNY", example="22.00"),
        Column("market_price", CellKind.AMOUNT, "市场价", "Market price", ("参考价", "指导价", "建议零售价"),
               required=False,
               currency="CNY", example="25.00"),
        Column("tax_rate", CellKind.PERCENT, "税率", "Tax rate", ("进项税率", "销项税率", "增值税率"), required=False,
               example="13%"),
        Column("weight", CellKind.QUANTITY, "毛重(kg)", "Weight (kg)", ("重量", "毛重", "商品毛重", "包装重量"),
               required=False,
               example="2.5"),
        Column("origin", CellKind.TEXT, "产地", "Origin", ("商品产地", "原产地"), required=False, example="浙江杭州"),
    ),
    words=("新品", "提报"),
    against=("发票", "产品线", "证件号码", "商户名"),
)  # fmt: skip

DOCUMENT_TYPE = FORM.document_type()
