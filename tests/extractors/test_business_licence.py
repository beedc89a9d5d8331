"""Business licences of every kind of holder, as readers find them: labels split, joined, lost; columns, watermarks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lines_on_pages import at, cut_up, joined, page_of, slanted

from extractors.model import Field, FieldValue, Status, TextLine
from extractors.registry import classify, extract

CODE = "91330108MA2CG4HU3R"
NAME, PERSON = "杭州云帆数字科技有限公司", "张晓明"
ADDRESS = "浙江省杭州市滨江区长河街道江晖路100号2幢301室"
SCOPE = "数字技术服务;软件开发;计算机系统服务;日用百货销售。"

# 2019, landscape: the code under its label, two columns.
HEAD = [
    at(400, 60, "营业执照", 50), at(460, 130, "（副本）"),
    at(60, 130, "统一社会信用代码", 22), at(60, 160, CODE, 22),
    at(700, 130, "扫描二维码登录'国家企业信用信息公示系统'", 14),
]  # fmt: skip
FOOT = [
    at(600, 700, "登记机关"), at(640, 760, "2023年05月08日"),
    at(60, 900, "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn", 14),
    at(700, 900, "国家市场监督管理总局监制", 14),
]  # fmt: skip
LEFT = [
    at(80, 260, "名"), at(150, 260, "称"), at(200, 260, NAME),
    at(80, 310, "类"), at(150, 310, "型"), at(200, 310, "有限责任公司(自然人投资或控股)"),
    at(80, 360, "法定代表人"), at(200, 360, PERSON),
    at(80, 410, "经营范围"), at(200, 410, "数字技术服务;软件开发;"), at(200, 436, "计算机系统服务;日用百货"),
    at(200, 462, "销售。"),
]  # fmt: skip
RIGHT = [
    at(560, 260, "注册资本"), at(680, 260, "伍佰万元整"),
    at(560, 310, "成立日期"), at(680, 310, "2018年09月12日"),
    at(560, 360, "营业期限"), at(680, 360, "2018年09月12日至2048年09月11日"),
    at(560, 410, "住"), at(630, 410, "所"), at(680, 410, "浙江省杭州市滨江区长河街"),
    at(680, 436, "道江晖路100号2幢301室"),
]  # fmt: skip
LANDSCAPE = [*HEAD, *LEFT, *RIGHT, *FOOT]
VALUES: dict[str, FieldValue] = {
    "credit_code": CODE, "name": NAME, "entity_type": "有限责任公司(自然人投资或控股)",
    "legal_representative": PERSON, "representative_title": "法定代表人", "address": ADDRESS,
    "registered_capital": Decimal(5_000_000), "established_on": date(2018, 9, 12),
    "term_from": date(2018, 9, 12), "term_to": date(2048, 9, 11), "term_is_indefinite": False,
    "business_scope": SCOPE, "issued_on": date(2023, 5, 8), "copy_kind": "duplicate",
}  # fmt: skip


def portrait(
    *rows: tuple[str, str], number: tuple[str, str] = ("统一社会信用代码", CODE), issued: str = "2016年03月21日"
) -> list[TextLine]:
    """One column: labels at the left, their letters spread to one width, values beside them."""
    lines = [
        at(380, 80, "营业执照", 60),
        at(430, 160, "（副本）", 24),
        at(300, 220, number[0]),
        at(480, 220, number[1]),
    ]
    for row, (label, value) in enumerate(rows):
        top = 320 + 60 * row
        if len(label) == 2:
            lines += [at(150, top, label[0]), at(230, top, label[1])]
        else:
            lines += [at(150, top, label)]
        lines += [at(300, top + 26 * i, part) for i, part in enumerate(value.split("|"))]
    return [
        *lines,
        at(560, 1120, "登记机关"),
        at(600, 1180, issued),
        at(300, 1320, "中华人民共和国国家工商行政管理总局监制", 14),
    ]


def fields_of(lines: Sequence[TextLine]) -> dict[str, Field]:
    return extract([page_of(lines)], "business_licence").fields


def read(lines: Sequence[TextLine]) -> dict[str, FieldValue]:
    """Values that were read without doubt; a flag or an open end that was read counts."""
    return {name: f.value for name, f in fields_of(lines).items() if f.status is Status.READ}


def replaced(lines: Sequence[TextLine], old: Sequence[TextLine], new: Sequence[TextLine]) -> list[TextLine]:
    return [*(line for line in lines if line not in old), *new]


def without(lines: Sequence[TextLine], *texts: str) -> list[TextLine]:
    return [line for line in lines if line.text not in texts]


def test_landscape_in_two_columns() -> None:
    assert read(LANDSCAPE) == VALUES
    told = classify([page_of(LANDSCAPE)])
    assert (told.type, told.confidence > 0.9) == ("business_licence", True)


def test_boxes_lie_on_the_text() -> None:
    fields = fields_of(LANDSCAPE)
    assert fields["name"].box == LEFT[2].box
    box = fields["address"].box
    assert box is not None
    assert (box[0], box[2][1]) == ((680, 410), 456)
    assert fields["address"].raw == "浙江省杭州市滨江区长河街\n道江晖路100号2幢301室"


@pytest.mark.parametrize("degrees", [-4, -1.5, 2, 5])
def test_a_page_that_lies_askew(degrees: float) -> None:
    assert read(slanted(LANDSCAPE, degrees)) == VALUES


def test_portrait_in_one_column() -> None:
    lines = portrait(
        ("名称", NAME), ("类型", "有限责任公司(自然人独资)"),
        ("住所", "浙江省杭州市滨江区长河街道|江晖路100号2幢301室"),
        ("法定代表人", PERSON), ("注册资本", "壹仟万元整"), ("成立日期", "2016年03月21日"),
        ("营业期限", "2016年03月21日至长期"),
        ("经营范围", "软件开发；数据处理服务。|（依法须经批准的项目，经相关部门批准后方可开展经营活动）"),
    )  # fmt: skip
    assert read(lines) == {
        "credit_code": CODE, "name": NAME, "entity_type": "有限责任公司(自然人独资)", "address": ADDRESS,
        "legal_representative": PERSON, "representative_title": "法定代表人", "registered_capital": Decimal(10_000_000),
        "established_on": date(2016, 3, 21), "term_from": date(2016, 3, 21), "term_to": None,
        "term_is_indefinite": True,
        "business_scope": "软件开发;数据处理服务。(依法须经批准的项目,经相关部门批准后方可开展经营活动)",
        "issued_on": date(2016, 3, 21), "copy_kind": "duplicate",
    }  # fmt: skip


def test_old_licence_with_fifteen_digits() -> None:
    lines = portrait(
        ("名称", NAME), ("住所", ADDRESS), ("法定代表人姓名", PERSON), ("注册资本", "伍拾万元"),
        ("实收资本", "伍拾万元"),
        ("公司类型", "有限责任公司"), ("经营范围", "日用百货销售。"), ("成立日期", "2009年10月12日"),
        ("营业期限", "2009年10月12日至2029年10月11日"), number=("注册号", "330108000012345"), issued="2012年6月26日",
    )  # fmt: skip
    values = read(lines)
    assert values["registration_number"] == "330108000012345"
    assert "credit_code" not in values
    assert (values["name"], values["legal_representative"], values["address"]) == (NAME, PERSON, ADDRESS)
    assert values["registered_capital"] == Decimal(500_000)
    assert (values["term_from"], values["term_to"]) == (date(2009, 10, 12), date(2029, 10, 11))
    assert values["issued_on"] == date(2012, 6, 26)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            (("名称", "杭州云帆数字科技有限公司宁波分公司"), ("类型", "有限责任公司分公司(自然人投资或控股)"),
             ("营业场所", ADDRESS),
             ("负责人", "李若川"), ("成立日期", "2019年01月08日"), ("营业期限", "2019年01月08日至长期"),
             ("经营范围", "软件开发。")),
            {"name": "杭州云帆数字科技有限公司宁波分公司", "legal_representative": "李若川",
             "representative_title": "负责人",
             "address": ADDRESS, "established_on": date(2019, 1, 8), "term_is_indefinite": True},
            id="branch",
        ),
        pytest.param(
            (("名称", "宁波远桥企业管理合伙企业(有限合伙)"), ("类型", "有限合伙企业"), ("主要经营场所", ADDRESS),
             ("执行事务合伙人", "宁波远桥投资有限公司|(委派代表:李若川)"), ("出资额", "叁仟万元整"),
             ("成立日期", "2017年05月16日"),
             ("合伙期限", "2017年05月16日至2037年05月15日"), ("经营范围", "企业管理咨询。")),
            {"name": "宁波远桥企业管理合伙企业(有限合伙)",
             "legal_representative": "宁波远桥投资有限公司(委派代表:李若川)",
             "representative_title": "执行事务合伙人", "address": ADDRESS, "registered_capital": Decimal(30_000_000),
             "term_from": date(2017, 5, 16), "term_to": date(2037, 5, 15)},
            id="partnership acting through a company",
        ),
        pytest.param(
            (("名称", "宁波远桥企业管理合伙企业(普通合伙)"), ("类型", "普通合伙企业"), ("主要经营场所", ADDRESS),
             ("执行事务合伙人", "李若川"), ("出资额", "100万元人民币"), ("成立日期", "2017年05月16日")),
            {"legal_representative": "李若川", "representative_title": "执行事务合伙人",
             "registered_capital": Decimal(1_000_000)},
            id="partnership with a person",
        ),
        pytest.param(
            (("名称", "杭州知味餐饮管理中心"), ("类型", "个人独资企业"), ("住所", ADDRESS), ("投资人", "林秋禾"),
             ("出资额", "10万元"), ("成立日期", "2020年07月01日"), ("经营范围", "餐饮管理。")),
            {"name": "杭州知味餐饮管理中心", "entity_type": "个人独资企业", "legal_representative": "林秋禾",
             "representative_title": "投资人", "registered_capital": Decimal(100_000)},
            id="sole proprietorship",
        ),
        pytest.param(
            (("名称", "杭州市滨江区林记百货商行"), ("组成形式", "个人经营"), ("经营场所", ADDRESS),
             ("经营者", "林秋禾"),
             ("注册日期", "2015年11月02日"), ("经营范围", "日用百货零售。")),
            {"name": "杭州市滨江区林记百货商行", "entity_type": "个人经营", "legal_representative": "林秋禾",
             "representative_title": "经营者", "address": ADDRESS, "established_on": date(2015, 11, 2)},
            id="individual business",
        ),
        pytest.param(
            (("字号名称", "杭州市滨江区林记百货商行"), ("经营者姓名", "林秋禾"), ("组成形式", "个人经营"),
             ("经营场所", ADDRESS),
             ("经营范围及方式", "零售：日用百货")),
            {"name": "杭州市滨江区林记百货商行", "legal_representative": "林秋禾", "representative_title": "经营者"},
            id="individual business, older",
        ),
        pytest.param(
            (("名称", "桐庐山青茶叶专业合作社"), ("类型", "农民专业合作社"), ("住所", ADDRESS),
             ("法定代表人", "吴山青"),
             ("成员出资总额", "贰佰万元整"), ("成立日期", "2014年04月18日"),
             ("业务范围", "组织收购、销售成员种植的茶叶。")),
            {"name": "桐庐山青茶叶专业合作社", "registered_capital": Decimal(2_000_000),
             "legal_representative": "吴山青",
             "business_scope": "组织收购、销售成员种植的茶叶。"},
            id="co-operative",
        ),
    ],
)  # fmt: skip
def test_each_kind_of_holder_has_its_labels(rows: Sequence[tuple[str, str]], expected: dict[str, FieldValue]) -> None:
    values = read(portrait(*rows))
    assert {name: values.get(name) for name in expected} == expected
    assert values["credit_code"] == CODE
    assert classify([page_of(portrait(*rows))]).type == "business_licence"


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("伍佰万元整", Decimal(5_000_000)), ("500万元人民币", Decimal(5_000_000)),
        ("人民币伍佰万元整", Decimal(5_000_000)),
        ("500.000000万人民币", Decimal(5_000_000)), ("5000000元", Decimal(5_000_000)),
        ("壹亿贰仟万圆整", Decimal(120_000_000)),
        ("100万美元", "1000000 USD"), ("(人民币)叁拾万元", Decimal(300_000)), ("RMB500万", Decimal(5_000_000)),
        ("壹仟零壹拾万捌仟元整", Decimal(10_108_000)),
    ],
)  # fmt: skip
def test_forms_of_capital(printed: str, value: FieldValue) -> None:
    lines = [at(680, 260, printed) if line.text == "伍佰万元整" else line for line in LANDSCAPE]
    assert read(lines)["registered_capital"] == value


@pytest.mark.parametrize(
    ("printed", "start", "end", "indefinite"),
    [
        ("2018年09月12日至2048年09月11日", date(2018, 9, 12), date(2048, 9, 11), False),
        ("2018年9月12日 至 2048年9月11日", date(2018, 9, 12), date(2048, 9, 11), False),
        ("自2018年09月12日至2048年09月11日", date(2018, 9, 12), date(2048, 9, 11), False),
        ("2018-09-12至2048-09-11", date(2018, 9, 12), date(2048, 9, 11), False),
        ("2018年09月12日至长期", date(2018, 9, 12), None, True),
        ("长期", None, None, True),
        ("2018年09月12日至永久", date(2018, 9, 12), None, True),
    ],
)
def test_forms_of_term(printed: str, start: date | None, end: date | None, indefinite: bool) -> None:
    lines = [at(680, 360, printed) if line.text.startswith("2018年09月12日至") else line for line in LANDSCAPE]
    values = read(lines)
    assert (values.get("term_from"), values["term_to"], values["term_is_indefinite"]) == (start, end, indefinite)


@pytest.mark.parametrize(
    "printed", ["2048年09月11日至2018年09月12日", "2018年09月12日至2048年13月11日", "2018年09月12日至"]
)
def test_a_term_that_is_none_is_doubtful(printed: str) -> None:
    lines = [at(680, 360, printed) if line.text.startswith("2018年09月12日至") else line for line in LANDSCAPE]
    assert fields_of(lines)["term_to"].status is not Status.READ


def test_a_licence_without_a_term_has_none() -> None:
    fields = fields_of(without(LANDSCAPE, "营业期限", "2018年09月12日至2048年09月11日"))
    assert {fields[n].status for n in ("term_from", "term_to", "term_is_indefinite")} == {Status.MISSING}
    assert fields["established_on"].value == date(2018, 9, 12)
    assert fields["issued_on"].value == date(2023, 5, 8)


LOST = [
    pytest.param(replaced(LANDSCAPE, [LEFT[0], LEFT[1]], [at(80, 260, "名称")]), id="label in one piece"),
    pytest.param(replaced(LANDSCAPE, [LEFT[0], LEFT[1]], [at(80, 260, "名   称")]), id="label with blanks"),
    pytest.param(replaced(LANDSCAPE, [LEFT[1]], []), id="名 without 称"),
    pytest.param(replaced(LANDSCAPE, [LEFT[0]], []), id="称 without 名"),
    pytest.param(replaced(LANDSCAPE, [LEFT[8]], [at(80, 410, "经范")]), id="经范 for 经营范围"),
    pytest.param(replaced(LANDSCAPE, [LEFT[8]], [at(80, 410, "经营"), at(140, 410, "范围")]), id="经营 范围"),
    pytest.param(replaced(LANDSCAPE, [RIGHT[6]], []), id="所 without 住"),
    pytest.param(replaced(LANDSCAPE, [LEFT[6], LEFT[7]], [at(80, 360, f"法定代表人{PERSON}")]), id="person joined"),
    pytest.param(replaced(LANDSCAPE, [LEFT[6], LEFT[7]], [at(80, 360, f"法定代表人：{PERSON}")]), id="person, colon"),
    pytest.param(replaced(LANDSCAPE, [LEFT[1], LEFT[2]], [joined(LEFT[1], LEFT[2])]), id="name joined to 称"),
    pytest.param(replaced(LANDSCAPE, [RIGHT[0], RIGHT[1]], [joined(RIGHT[0], RIGHT[1])]), id="capital joined"),
    pytest.param(replaced(LANDSCAPE, [RIGHT[2], RIGHT[3]], [joined(RIGHT[2], RIGHT[3])]), id="date joined"),
    pytest.param(replaced(LANDSCAPE, [RIGHT[4], RIGHT[5]], [joined(RIGHT[4], RIGHT[5])]), id="term joined"),
    pytest.param(replaced(LANDSCAPE, [HEAD[2], HEAD[3]], [at(60, 150, f"统一社会信用代码{CODE}", 22)]),
     id="code joined"),
    pytest.param(replaced(LANDSCAPE, [LEFT[2]], cut_up(LEFT[2], 4, 8)), id="name in pieces"),
    pytest.param(replaced(LANDSCAPE, [RIGHT[5]], cut_up(RIGHT[5], 11, 12)), id="term in pieces"),
    pytest.param(replaced(LANDSCAPE, [LEFT[2]], [at(200, 262, "杭州云帆数字科技有限公司SCJDGL")]),
     id="watermark after"),
    pytest.param([*LANDSCAPE, at(380, 290, "SCJDGL", 14), at(420, 520, "JDGL", 14), at(900, 300, "SC", 14)],
     id="watermark alone"),
    pytest.param(replaced(LANDSCAPE, [LEFT[4], LEFT[3]], [at(80, 310, "类"), at(146, 314, "型")]),
     id="label not level"),
    pytest.param([*LANDSCAPE, at(600, 730, "市场监督", 18), at(690, 690, "★", 30)], id="seal noise"),
    pytest.param([*LANDSCAPE, at(80, 620, "提示：每年1月1日至6月30日报送公示年度报告", 14)], id="notice with dates"),
]  # fmt: skip


@pytest.mark.parametrize("lines", LOST)
def test_labels_split_joined_and_lost(lines: list[TextLine]) -> None:
    values = read(lines)
    wrong = {name: values[name] for name in VALUES if name in values and values[name] != VALUES[name]}
    assert wrong == {}
    assert {"name", "credit_code", "legal_representative"} <= set(values)
    assert set(VALUES) - set(values) <= {"copy_kind"}


def test_a_name_in_two_rows() -> None:
    long = "杭州云帆数字科技产业发展集团有限公司滨江智能制造研究分公司"
    lines = replaced(LANDSCAPE, [LEFT[2]], [at(200, 250, long[:15]), at(200, 274, long[15:])])
    assert fields_of(lines)["name"].value == long


@pytest.mark.parametrize("rows", [
    ("企业登记代理(企业名称登记除外);", "注册资本验资咨询;成立日期查询;", "法定代表人变更代办。"),
    ("数字技术服务;地址解析;", "住所托管服务;注册资本咨询;", "类型鉴定;名称查询代理。"),
])  # fmt: skip
def test_label_words_inside_the_scope_are_no_labels(rows: Sequence[str]) -> None:
    lines = replaced(LANDSCAPE, LEFT[9:13], [at(200, 410 + 26 * i, row) for i, row in enumerate(rows)])
    values = read(lines)
    values.pop("business_scope", None)  # a long label inside it may make it doubtful, not wrong
    assert values == {name: value for name, value in VALUES.items() if name != "business_scope"}
    assert fields_of(lines)["business_scope"].value == "".join(rows)


@pytest.mark.parametrize("serial", ["330108000202305081", "913301080002023050", "91330108000202305X"])
def test_a_serial_number_is_never_the_credit_code(serial: str) -> None:
    number = [at(620, 200, "编号"), at(680, 200, serial)]
    assert read([*LANDSCAPE, *number])["credit_code"] == CODE
    assert read([*LANDSCAPE, joined(*number)])["credit_code"] == CODE
    alone = fields_of([*without(LANDSCAPE, CODE), *number])["credit_code"]
    assert alone.value != serial or alone.status is not Status.READ
    assert fields_of([*without(LANDSCAPE, CODE), joined(*number)])["credit_code"].value != serial


def test_two_codes_on_a_page_are_not_chosen_between() -> None:
    other = "91330108MAD3XK7P77"
    code = fields_of([*LANDSCAPE, at(60, 200, other, 22)])["credit_code"]
    assert code.status is Status.DOUBTFUL
    assert {code.value, *code.alternates} == {CODE, other}


@given(st.permutations(LANDSCAPE))
def test_the_order_of_lines_never_matters(lines: list[TextLine]) -> None:
    assert read(lines) == VALUES


@pytest.mark.parametrize("at_line", range(len(LANDSCAPE)))
def test_a_lost_line_never_puts_another_fields_value_in_its_place(at_line: int) -> None:
    lines = [line for index, line in enumerate(LANDSCAPE) if index != at_line]
    lost = LANDSCAPE[at_line].text
    for name, value in read(lines).items():
        assert value == VALUES[name] or (isinstance(value, str) and _shortened(value, str(VALUES[name]), lost)), name


def _shortened(value: str, whole: str, lost: str) -> bool:
    """A text of several rows without the row that was lost is what can be read; nothing foreign is in it."""
    return value == whole.replace(lost, "") or whole.startswith(value) or whole.endswith(value)


def test_a_term_label_without_its_value_is_a_term_not_read() -> None:
    lines = [line for line in LANDSCAPE if "2048" not in line.text]
    found = extract([page_of(lines)], "business_licence").fields["term_to"]
    assert (found.status, found.reason, found.value) == (Status.DOUBTFUL, "value_not_read", None)


def test_a_term_whose_label_was_lost_is_told_by_its_form() -> None:
    lines = [line for line in LANDSCAPE if line.text != "营业期限"]
    assert extract([page_of(lines)], "business_licence").fields["term_to"].value == date(2048, 9, 11)
