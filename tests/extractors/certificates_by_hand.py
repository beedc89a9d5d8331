"""Certificates written by hand, and papers that only name them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.documents_by_hand import STRANGE
from tests.extractors.lines_on_pages import at

CODE, NAME, PERSON = "91330108MA2CG4HU3R", "杭州云帆数字科技有限公司", "张晓明"
ADDRESS = "杭州市滨江区江晖路100号"

Form = tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...], dict[str, Any]]
# Title lines; labels with values; loose lines at the foot; what is to be read.
FORMS: dict[str, Form] = {
    "public_institution_certificate": (
        ("中华人民共和国", "事业单位法人证书"),
        (
            ("统一社会信用代码", "12330100470116328P"),
            ("名称", "杭州市云帆科技馆"),
            ("宗旨和业务范围", "普及科学知识"),
            ("住所", ADDRESS),
            ("法定代表人", PERSON),
            ("经费来源", "财政补助"),
            ("开办资金", "￥120万元"),
            ("举办单位", "杭州市科学技术协会"),
            ("登记管理机关", "杭州市事业单位登记管理局"),
            ("有效期", "自2021年03月31日至2026年03月31日"),
        ),
        (),
        {
            "credit_code": "12330100470116328P",
            "name": "杭州市云帆科技馆",
            "legal_representative": PERSON,
            "start_up_capital": Decimal(1200000),
            "sponsor": "杭州市科学技术协会",
            "valid_from": date(2021, 3, 31),
            "valid_to": date(2026, 3, 31),
        },
    ),
    "social_organisation_certificate": (
        ("社会团体法人登记证书",),
        (
            ("统一社会信用代码", "51330000MJ8734567X"),
            ("名称", "浙江省数字贸易促进会"),
            ("业务范围", "行业调研、业务培训"),
            ("住所", ADDRESS),
            ("法定代表人", "陈嘉言"),
            ("注册资金", "叁拾万元"),
            ("业务主管单位", "浙江省商务厅"),
            ("有效期限", "2020-06-01至2025-05-31"),
            ("发证机关(盖章)", "浙江省民政厅"),
        ),
        ("二〇二〇年六月一日",),
        {
            "name": "浙江省数字贸易促进会",
            "registered_capital": Decimal(300000),
            "supervising_unit": "浙江省商务厅",
            "registration_authority": "浙江省民政厅",
            "valid_to": date(2025, 5, 31),
            "issued_on": date(2020, 6, 1),
        },
    ),
    "private_non_enterprise_certificate": (
        ("民办非企业单位(法人)登记证书",),
        (
            ("统一社会信用代码", "52330108MJ8741234K"),
            ("名称", "杭州滨江启航培训学校"),
            ("住所", ADDRESS),
            ("法定代表人", "林意微"),
            ("开办资金", "伍拾万元整"),
            ("业务主管单位", "杭州市滨江区教育局"),
            ("业务范围", "文化课程培训"),
            ("有效期限", "长期"),
        ),
        (),
        {
            "credit_code": "52330108MJ8741234K",
            "legal_representative": "林意微",
            "valid_to": None,
            "valid_to_is_indefinite": True,
        },
    ),
    "credit_code_certificate": (
        ("统一社会信用代码证书",),
        (
            ("统一社会信用代码", "11330108002512345F"),
            ("机构名称", "杭州市滨江区商务局"),
            ("机构性质", "机关"),
            ("机构地址", ADDRESS),
            ("负责人", "周文远"),
            ("赋码机关", "杭州市滨江区机构编制委员会办公室"),
        ),
        ("2019年04月12日",),
        {
            "credit_code": "11330108002512345F",
            "name": "杭州市滨江区商务局",
            "legal_representative": "周文远",
            "issued_on": date(2019, 4, 12),
        },
    ),
    "organisation_code_certificate": (
        ("中华人民共和国", "组织机构代码证"),
        (
            ("代码", "60003734-1"),
            ("机构名称", NAME),
            ("机构类型", "企业法人"),
            ("法定代表人", PERSON),
            ("地址", ADDRESS),
            ("有效期", "自2013年05月20日至2017年05月19日"),
            ("颁发单位", "杭州市质量技术监督局"),
            ("登记号", "组代管330100-123456"),
        ),
        (),
        {
            "organisation_code": "60003734-1",
            "name": NAME,
            "entity_type": "企业法人",
            "address": ADDRESS,
            "issuing_authority": "杭州市质量技术监督局",
            "valid_to": date(2017, 5, 19),
        },
    ),
    "tax_registration_certificate": (
        ("税务登记证", "浙税联字330108600037341号"),
        (
            ("纳税人名称", NAME),
            ("法定代表人(负责人)", PERSON),
            ("地址", ADDRESS),
            ("登记注册类型", "其他有限责任公司"),
            ("经营范围", "软件开发"),
            ("批准设立机关", "杭州市工商行政管理局"),
            ("扣缴义务", "依法确定"),
        ),
        ("二○一一年八月十六日",),
        {
            "tax_id": "330108600037341",
            "name": NAME,
            "legal_representative": PERSON,
            "business_scope": "软件开发",
            "registration_type": "其他有限责任公司",
            "issued_on": date(2011, 8, 16),
            "general_taxpayer": None,
        },
    ),
    "general_taxpayer_form": (
        ("增值税一般纳税人登记表",),
        (
            ("纳税人名称", NAME),
            ("社会信用代码(纳税人识别号)", CODE),
            ("法定代表人(负责人、业主)", PERSON),
            ("税务登记日期", "2018年05月09日"),
            ("生产经营地址", ADDRESS),
            ("纳税人类别", "企业☑非企业性单位□个体工商户□其他□"),
            ("主营业务类别", "□工业□商业☑服务业□其他"),
            ("会计核算健全", "是☑"),
            ("一般纳税人生效之日", "当月1日□次月1日☑"),
            ("受理日期", "2018年12月15日"),
        ),
        (),
        {
            "name": NAME,
            "tax_id": CODE,
            "legal_representative": PERSON,
            "registered_on": date(2018, 5, 9),
            "taxpayer_category": "企业",
            "main_business": "服务业",
            "effective_from": date(2019, 1, 1),
            "accepted_on": date(2018, 12, 15),
        },
    ),
    "taxpayer_query_screenshot": (
        ("一般纳税人资格查询结果",),
        (
            ("纳税人识别号", CODE),
            ("纳税人名称", NAME),
            ("纳税人资格", "增值税一般纳税人"),
            ("有效期起", "2018-06-01"),
            ("有效期止", "9999-12-31"),
            ("主管税务机关", "国家税务总局杭州市滨江区税务局"),
        ),
        (),
        {
            "name": NAME,
            "tax_id": CODE,
            "general_taxpayer": True,
            "valid_from": date(2018, 6, 1),
            "valid_to": None,
            "valid_to_is_indefinite": True,
            "tax_authority": "国家税务总局杭州市滨江区税务局",
        },
    ),
    "trademark_certificate": (
        ("商标注册证", "第35774590号"),
        (
            ("核定使用商品/服务项目(国际分类:9)", "计算机软件"),
            ("注册人", NAME),
            ("注册地址", ADDRESS),
            ("注册日期", "2019年08月28日"),
            ("有效期至", "2029年08月27日"),
        ),
        (),
        {
            "registration_number": "35774590",
            "registrant": NAME,
            "classes": "9",
            "goods": "计算机软件",
            "registered_on": date(2019, 8, 28),
            "valid_to": date(2029, 8, 27),
        },
    ),
    "trademark_acceptance_notice": (
        ("商标注册申请受理通知书",),
        (
            ("发文编号", "TMZC70123456ZCSL01"),
            ("申请号", "70123456"),
            ("申请日期", "2023年03月12日"),
            ("类别", "9"),
            ("商标", "云帆"),
            ("申请人", NAME),
        ),
        ("2023年03月25日",),
        {
            "application_number": "70123456",
            "applicant": NAME,
            "applied_on": date(2023, 3, 12),
            "issued_on": date(2023, 3, 25),
        },
    ),
    "production_licence": (
        ("食品生产许可证",),
        (
            ("生产者名称", "浙江山野食品有限公司"),
            ("社会信用代码", CODE),
            ("法定代表人", "沈青禾"),
            ("住所", ADDRESS),
            ("生产地址", "杭州市余杭区好运路8号"),
            ("食品类别", "糕点"),
            ("许可证编号", "SC11834020305037"),
            ("日常监督管理机构", "杭州市余杭区市场监督管理局"),
            ("有效期至", "2026年04月05日"),
        ),
        (),
        {
            "licence_number": "SC11834020305037",
            "name": "浙江山野食品有限公司",
            "product": "糕点",
            "production_address": "杭州市余杭区好运路8号",
            "valid_to": date(2026, 4, 5),
        },
    ),
    "iso_certificate": (
        ("质量管理体系认证证书",),
        (
            ("证书编号", "00123Q31234R0M/3300"),
            ("组织名称", NAME),
            ("地址", ADDRESS),
            ("认证标准", "GB/T 19001-2016/ISO 9001:2015"),
            ("认证范围", "软件的设计和开发"),
            ("发证日期", "2023年03月10日"),
            ("有效期至", "2026年03月17日"),
            ("认证机构", "中安质环认证中心有限公司"),
        ),
        (),
        {
            "certificate_number": "00123Q31234R0M/3300",
            "name": NAME,
            "standard": "GB/T19001-2016/ISO9001:2015",
            "issued_on": date(2023, 3, 10),
            "valid_to": date(2026, 3, 17),
            "scope": "软件的设计和开发",
        },
    ),
    "patent_certificate": (
        ("实用新型专利证书",),
        (
            ("实用新型名称", "一种支撑结构"),
            ("发明人", "张晓明;林意微"),
            ("专利号", "ZL 2017 2 0601862.5"),
            ("专利申请日", "2017年07月21日"),
            ("专利权人", NAME),
            ("授权公告日", "2018年02月19日"),
        ),
        (),
        {
            "patent_number": "ZL201720601862.5",
            "title": "一种支撑结构",
            "patentee": NAME,
            "patent_kind": "utility_model",
            "applied_on": date(2017, 7, 21),
            "granted_on": date(2018, 2, 19),
        },
    ),
}

NOTICE = (
    at(300, 60, "国家税务总局杭州市滨江区税务局", 32),
    at(380, 120, "税务事项通知书", 40),
    at(380, 190, "杭滨税税通〔2023〕12345号"),
    at(80, 260, f"{NAME}:(纳税人识别号:{CODE})"),
    at(80, 300, "事由:增值税一般纳税人登记"),
    at(80, 340, "通知内容:你单位于2023年04月20日提交的登记申请，符合条件，自"),
    at(80, 370, "2023年5月1日起认定为增值税一般纳税人。"),
    at(500, 500, "税务机关(印章)"),
    at(500, 560, "二〇二三年四月二十一日"),
)


MENTIONS = (
    "食品生产（凭食品生产许可证经营）；商标代理；发票代开；",
    "一般纳税人资格代办；专利证书、商标注册证、税务登记证代办；",
    "质量管理体系认证证书咨询",
)

PAPERS = (
    "营业执照副本复印件",
    "税务登记证",
    "组织机构代码证",
    "开户许可证",
    "商标注册证",
    "食品生产许可证",
    "事业单位法人证书",
)
UNKNOWNS = {
    "a menu": STRANGE,
    "a letter that lists papers": (
        at(300, 60, "关于提交入驻资料的函", 36),
        at(80, 140, "尊敬的商家："),
        *(at(80, 200 + 40 * i, f"{i + 1}、{paper}") for i, paper in enumerate(PAPERS)),
    ),
    "a lease": (
        at(300, 60, "房屋租赁合同", 40),
        at(80, 140, "甲方：某某物业"),
        at(80, 180, f"统一社会信用代码：{CODE}"),
        at(80, 220, "法定代表人：张晓明 住所：杭州"),
        at(80, 260, "乙方应提供营业执照，用途类型为经营场所，"),
        at(80, 300, "注册资本、经营范围变更时，登记机关核准后书面通知"),
    ),
    "a food service licence": (
        at(300, 60, "食品经营许可证", 40),
        at(80, 140, f"经营者名称 {NAME}"),
        at(80, 180, f"社会信用代码 {CODE}"),
        at(80, 220, "法定代表人 张晓明"),
        at(80, 260, "住所 杭州"),
        at(80, 300, "经营场所 杭州"),
        at(80, 340, "有效期至 2026年"),
    ),
    "a safety licence": (
        at(300, 60, "安全生产许可证", 40),
        at(80, 140, "编号 浙AQ2020"),
        at(80, 180, f"企业名称 {NAME}"),
        at(80, 220, "许可范围 建筑施工"),
        at(80, 260, "有效期 2020年1月1日至2023年1月1日"),
        at(80, 300, "发证机关 浙江省住建厅"),
    ),
    "a drug licence": (
        at(300, 60, "药品生产许可证", 40),
        at(80, 140, f"企业名称 {NAME}"),
        at(80, 180, "生产地址 杭州"),
        at(80, 220, "有效期至 2026年1月1日"),
        at(80, 260, "发证机关 浙江省药品监督管理局"),
    ),
    "another notice of the tax office": (
        at(300, 60, "税务事项通知书", 40),
        at(80, 140, f"{NAME}:(纳税人识别号:{CODE})"),
        at(80, 180, "事由:责令限期改正"),
        at(80, 220, "通知内容:你单位逾期未申报"),
        at(80, 260, "税务机关"),
    ),
}


ENGLISH = (
    at(250, 60, "CERTIFICATE OF REGISTRATION", 48),
    at(80, 150, "This is to certify that the Quality Management System of"),
    at(80, 200, "HANGZHOU YUNFAN DIGITAL TECHNOLOGY"),
    at(80, 230, "CO., LTD."),
    at(80, 280, "Address: No.100 Jianghui Road, Hangzhou, P.R. China"),
    at(80, 330, "has been assessed and found to conform to"),
    at(80, 370, "ISO 9001:2015"),
    at(80, 420, "Scope: Software design"),
    at(80, 480, "Certificate No.: QMS-2023-45671"),
    at(80, 530, "Date of Issue: 10 March 2023"),
    at(80, 580, "Valid until: 9 March 2026"),
    at(80, 700, "Global Assurance Certification Ltd"),
)
