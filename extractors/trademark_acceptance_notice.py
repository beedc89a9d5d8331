"""商标注册申请受理通知书, printed by the applicant from the trademark office's system."""

from __future__ import annotations

from extractors.certificate import DATE, Printed, certificate, digits
from extractors.model import FieldSpec, Kind

DOCUMENT_TYPE = certificate(
    "trademark_acceptance_notice",
    "商标注册申请受理通知书",
    "trademark acceptance notice",
    (
        Printed(
            "application_number",
            Kind.DIGITS,
            "申请号",
            ("商标注册申请号", "申请/注册号", "申请号", "商标申请号"),
            key=True,
            read=digits,
            patterns=(r"(?:申请/?注?册?号|申请号码)[为是:;]{0,2}第?(\d{6,9})(?!\d)",),
        ),
        Printed(
            "applicant",
            Kind.ORGANISATION,
            "申请人",
            ("商标申请人", "申请人名称", "申请人名义", "申请人"),
            key=True,
            patterns=(r"规定,(?:对)?([\u3400-\u9fff\w()]{4,40}?)(?:\d{4}年|于|在|提交|提出|的?申请号)",),
        ),
        FieldSpec("trademark_name", Kind.TEXT, "商标", ("商标名称", "商标图样", "商标")),
        Printed(
            "classes",
            Kind.TEXT,
            "类别",
            ("国际分类", "商品/服务类别", "申请类别", "类别"),
            patterns=(r"类别[:;]?第?(\d{1,2}(?:[、,;]\d{1,2})*)", r"第(\d{1,2}(?:[、,]\d{1,2})*)类"),
        ),
        Printed(
            "applied_on",
            Kind.DATE,
            "申请日期",
            ("申请日期", "申请日"),
            patterns=(rf"申请日期?[为是:;]{{0,2}}({DATE})", rf"于?({DATE})(?:提交|提出|申请)"),
        ),
        FieldSpec("issued_on", Kind.DATE, "发文日期", ("发文日期", "受理日期"), sealed=True),
    ),
    titles=("商标注册申请受理通知书", "商标注册申请受理通知", "注册申请受理通知书"),
    words=("发文编号", "申请日期", "予以受理", "商标局", "申请号", "国家知识产权局", "特此通知", "商标法"),
    against=("商标注册证", "专利", "不予受理", "驳回", "补正"),
    other_labels=("发文编号", "代理机构", "代理机构名称", "地址", "邮政编码", "联系电话", "缴费", "规费"),
)
