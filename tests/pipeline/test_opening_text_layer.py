"""Text layers: which characters can be trusted, and how scattered ones become lines again."""

from __future__ import annotations

import pytest

from pipeline.text_layer import Glyph, distinct, joined, plausible, settled, text_line

INVOICE = (
    "电子发票（普通发票）发票号码：25112000000012345678 开票日期：2025年03月12日 名称：杭州云帆数字科技有限公司 ¥103.50"
)


@pytest.mark.parametrize(
    "text",
    [
        INVOICE,
        "The company was established in the city of Hangzhou, 2019-03-01.",
        "臺灣居民來往大陸通行證及營業執照，統一社會信用代碼 91330108MA2CG4HU6R",
    ],
)
def test_real_text_is_plausible(text: str) -> None:
    assert plausible(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "第 1 页 共 1 页",
        INVOICE.encode("gb18030").decode("latin-1"),
        INVOICE.encode().decode("gb18030", errors="ignore"),
        "".join(chr(0xE000 + ord(c) % 500) for c in INVOICE),
        INVOICE[:40] + "\ufffd" * 3,
        "(cid:12)(cid:845)(cid:99)(cid:4)" * 4,
        "".join(chr(ord(c) + 5000) if c >= "\u4e00" else c for c in INVOICE),  # a subset font read by glyph number
        "7KH FRPSDQ\\ ZDV HVWDEOLVKHG LQ WKH FLW\\ RI +DQJ]KRX",
        '"7+%- )(*& "#$ %+,- ./ !"#$ %&\'()',
        INVOICE * 200,  # more than a page can hold
    ],
)
def test_garbled_text_is_not(text: str) -> None:
    assert not plausible(text)


def row(text: str, lefts: list[float], top: float = 100, height: float = 10) -> list[Glyph]:
    return [
        Glyph(c, x, top, x + (height if ord(c) > 0x2E7F else height / 2), top + height)
        for c, x in zip(text, lefts, strict=True)
    ]


def lines_of(*glyphs: Glyph) -> list[str]:
    return sorted(text_line(line, 1).text for line in joined(glyphs))


def test_characters_join_by_place_not_by_order() -> None:
    glyphs = row("发票号码:", [0, 10, 20, 30, 40]) + row("75505018", [48 + 5 * i for i in range(8)], top=101)
    assert lines_of(*reversed(glyphs)) == ["发票号码: 75505018"]


def test_a_wide_gap_parts_columns() -> None:
    glyphs = row("无", [100]) + row("次", [185]) + row("29.43", [300 + 5 * i for i in range(5)]) + row("3%", [345, 350])
    assert lines_of(*glyphs) == ["29.43", "3%", "无", "次"]


def test_a_label_set_wide_is_one_label() -> None:
    glyphs = (
        row("名称:", [0, 48, 58])
        + row("云帆公司", [66, 76, 86, 96])
        + row("地址、电话:", [0, 10, 20, 45, 55, 65], top=130)
    )
    assert lines_of(*glyphs) == ["名称:云帆公司", "地址、电话:"]


def test_date_parts_apart_are_one_date() -> None:
    glyphs = row("2021", [0, 5, 10, 15]) + row("年", [24]) + row("04", [38, 43]) + row("月", [52]) + row("28", [66, 71])
    assert lines_of(*glyphs, *row("日", [80])) == ["2021年04月28日"]


def test_scattered_characters_find_each_other() -> None:
    """One character a text object, each set 2.8 heights from the last, columns farther apart."""
    number = "91510000765055994P"
    glyphs = (
        row("中国移动通信集团", [28 * i for i in range(8)])
        + row("单位", [0, 56], top=200)
        + row(number, [14 * i for i in range(18)], top=300)
        + row("无项", [0, 240], top=400)
    )
    assert lines_of(*glyphs) == sorted(["中国移动通信集团", "单位", number, "无", "项"])


def test_bold_by_double_printing_counts_once() -> None:
    once = row("总计1100", [0, 10, 20, 25, 30, 35])
    again = [Glyph(g.text, g.left + 0.4, g.top, g.right + 0.4, g.bottom) for g in once]
    assert distinct(once + again) == once


def test_a_shadow_set_further_aside_counts_once_and_equal_digits_stay() -> None:
    once = row("开票日期111000", [0, 10, 20, 30, 45, 50, 55, 60, 65, 70])
    shadow = [Glyph(g.text, g.left + 1.5, g.top + 1.5, g.right + 1.5, g.bottom + 1.5) for g in once]
    assert distinct([g for pair in zip(once, shadow, strict=True) for g in pair]) == once


def test_what_one_of_two_values_on_one_spot_says_is_not_known() -> None:
    amount = row("¥100.00", [5 * i for i in range(7)])
    (line,) = joined(settled(amount + row("9", [5.5], top=100.5)))
    assert (text_line(line, 1).text, text_line(line, 1).confidence) == ("¥\ufffd00.00", 0)
    assert settled(amount) == amount
    next_line, seal = row("9", [5.5], top=112), row("章", [4], top=90, height=40)
    assert settled(amount + next_line + seal) == amount + next_line + seal


def test_words_keep_their_spaces() -> None:
    glyphs = row("ACME ltd".replace(" ", ""), [0, 5, 10, 15, 23, 28, 33])
    assert lines_of(*glyphs) == ["ACME ltd"]


def test_rows_of_different_size_do_not_mix() -> None:
    glyphs = row("普通发票", [0, 20, 40, 60], height=20) + row("监制", [18, 28], top=106)
    assert lines_of(*glyphs) == ["普通发票", "监制"]


def test_the_box_of_a_line_holds_its_characters() -> None:
    (line,) = joined(row("核准号", [5, 15, 25]))
    found = text_line(line, 4)
    assert (found.left, found.top, found.right, found.bottom, found.page) == (5, 100, 35, 110, 4)
