"""Supplier assessment form (供应商入驻评估信息表) of a purchasing platform: labels with values beside them."""

from __future__ import annotations

from extractors.model import FieldSpec, Kind
from extractors.table import TableForm

FORM = TableForm(
    id="supplier_assessment_form",
    zh="供应商入驻评估表",
    en="supplier assessment form",
    titles=("供应商入驻评估表", "供应商入驻评估信息表", "供应商评估表", "供应商评估信息表", "入驻评估信息表",
    "供应商准入评估表",
            "供应商信息评估表", "Supplier assessment form", "Supplier evaluation form"),
    fields=(
        FieldSpec("company_name", Kind.ORGANISATION, "公司名称",
                  ("公司名称", "供应商名称", "企业名称", "供应商全称", "公司全称", "单位名称", "Company name",
                  "Supplier name"), key=True),
        FieldSpec("credit_code", Kind.CREDIT_CODE, "统一社会信用代码",
                  ("统一社会信用代码", "社会信用代码", "营业执照号", "Credit code", "Unified social credit code"),
                  key=True),
        FieldSpec("legal_representative", Kind.PERSON, "法定代表人",
                  ("法定代表人", "法人代表", "法人姓名", "法人", "Legal representative")),
        FieldSpec("registered_capital", Kind.CAPITAL, "注册资本", ("注册资本", "注册资金", "Registered capital")),
        FieldSpec("established_on", Kind.DATE, "成立日期", ("成立日期", "成立时间", "注册时间", "注册日期",
                  "Established on")),
        FieldSpec("address", Kind.ADDRESS, "公司地址", ("公司地址", "注册地址", "经营地址", "办公地址", "Address")),
        FieldSpec("taxpayer_kind", Kind.TEXT, "纳税人类型",
                  ("纳税人类型", "纳税人资质", "纳税人资格", "是否一般纳税人", "企业纳税性质", "Taxpayer kind")),
        FieldSpec("company_kind", Kind.TEXT, "企业性质", ("企业性质", "公司类型", "供应商类型", "公司性质", "企业类型",
                  "Company kind")),
        FieldSpec("brand", Kind.TEXT, "品牌", ("品牌", "品牌名称", "经营品牌", "合作品牌", "主营品牌", "Brand"),
                  key=True),
        FieldSpec("trademark_number", Kind.TEXT, "商标注册号", ("商标注册号", "商标号", "注册号", "Trademark number")),
        FieldSpec("category", Kind.TEXT, "经营类目",
                  ("经营类目", "主营类目", "合作类目", "主营品类", "申请类目", "入驻类目", "Category")),
        FieldSpec("main_products", Kind.TEXT, "主营产品", ("主营产品", "主要产品", "主营商品", "主营业务",
                  "Main products")),
        FieldSpec("annual_sales", Kind.TEXT, "年销售额", ("年销售额", "上年度销售额", "去年销售额", "年营业额",
                  "Annual sales")),
        FieldSpec("contact_name", Kind.PERSON, "联系人", ("联系人", "业务联系人", "联系人姓名", "对接人", "负责人",
                  "Contact")),
        FieldSpec("mobile", Kind.DIGITS, "联系电话", ("手机号", "手机号码", "联系电话", "联系方式", "手机", "Mobile",
                  "Phone")),
        FieldSpec("email", Kind.TEXT, "邮箱", ("邮箱", "电子邮箱", "联系邮箱", "电子邮件", "E-mail", "Email")),
    ),
    needs=("供应商", "入驻", "准入", "supplier"),
    words=("供应商", "评估", "入驻", "毛利率", "合作模式", "供货能力", "仓库面积", "员工人数"),
    against=("发票", "核准号", "营业执照副本", "开户许可证", "付款人", "准予登记"),
)  # fmt: skip

DOCUMENT_TYPE = FORM.document_type()
