"""Contract information form (合同信息表): what a purchasing platform needs to draw up the contract."""

from __future__ import annotations

from extractors.model import FieldSpec, Kind
from extractors.table import TableForm

FORM = TableForm(
    id="contract_information_form",
    zh="合同信息表",
    en="contract information form",
    titles=("合同信息表", "合同信息", "供应商合同信息表", "合同信息收集表", "签约信息表", "合同基本信息表",
            "Contract information form", "Contract information"),
    fields=(
        FieldSpec("company_name", Kind.ORGANISATION, "公司名称",
                  ("公司名称", "供应商名称", "企业名称", "乙方名称", "供应商全称", "签约主体", "公司全称",
                  "Company name"), key=True),
        FieldSpec("credit_code", Kind.CREDIT_CODE, "统一社会信用代码",
                  ("统一社会信用代码", "社会信用代码", "纳税人识别号", "税号", "Credit code", "Tax ID"), key=True),
        FieldSpec("legal_representative", Kind.PERSON, "法定代表人",
                  ("法定代表人", "法人代表", "法人姓名", "法人", "Legal representative")),
        FieldSpec("address", Kind.ADDRESS, "地址", ("注册地址", "公司地址", "通讯地址", "联系地址", "地址", "Address")),
        FieldSpec("account_name", Kind.ORGANISATION, "账户名称", ("账户名称", "开户名称", "户名", "开户名",
                  "Account name")),
        FieldSpec("bank_name", Kind.BANK, "开户银行",
                  ("开户银行", "开户行", "开户行名称", "开户银行名称", "开户支行", "Bank", "Bank name")),
        FieldSpec("account_number", Kind.ACCOUNT_NUMBER, "银行账号",
                  ("银行账号", "账号", "银行账户", "帐号", "收款账号", "Account number"), key=True),
        FieldSpec("category", Kind.TEXT, "合作类目", ("合作类目", "经营类目", "签约类目", "合作品类", "Category")),
        FieldSpec("brand", Kind.TEXT, "合作品牌", ("合作品牌", "品牌", "品牌名称", "Brand")),
        FieldSpec("valid_from", Kind.DATE, "合同开始日期",
                  ("合同开始日期", "合同起始日期", "合同开始时间", "合作开始日期", "合同生效日期", "Contract from")),
        FieldSpec("valid_to", Kind.DATE, "合同结束日期",
                  ("合同结束日期", "合同终止日期", "合同结束时间", "合作结束日期", "合同到期日", "Contract to")),
        FieldSpec("settlement_days", Kind.TEXT, "账期", ("账期", "结算账期", "结算周期", "付款账期",
                  "Settlement days")),
        FieldSpec("commission_rate", Kind.TEXT, "扣点", ("扣点", "毛保", "毛保扣点", "毛利保护", "返点",
                  "Commission rate")),
        FieldSpec("deposit", Kind.MONEY, "保证金", ("保证金", "保证金金额", "店铺保证金", "质保金", "Deposit")),
        FieldSpec("contact_name", Kind.PERSON, "联系人", ("联系人", "合同联系人", "业务联系人", "联系人姓名",
                  "Contact")),
        FieldSpec("mobile", Kind.DIGITS, "联系电话", ("手机号", "手机号码", "联系电话", "联系方式", "手机", "Mobile",
                  "Phone")),
        FieldSpec("email", Kind.TEXT, "邮箱", ("邮箱", "电子邮箱", "联系邮箱", "合同接收邮箱", "E-mail", "Email")),
    ),
    needs=("合同", "签约", "contract"),
    words=("合同信息", "签约", "开票信息"),
    against=("发票号码", "核准号", "买方", "卖方", "付款人", "基本存款账户", "经审核", "打印日期"),
)  # fmt: skip

DOCUMENT_TYPE = FORM.document_type()
