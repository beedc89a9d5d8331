"""One fictional company's documents as a reader would find them, and a reader that tells them by their paper.

Each document is drawn as a blank page of its own grey; `Scripted` looks at the grey and gives the lines written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from extractors.model import TextLine
from pipeline.pages import Image
from pipeline.submission import Submission, SubmittedFile
from tests.extractors.lines_on_pages import at

PROFILE = "1688/name-verification"
NAME, PERSON = "杭州云帆数字科技有限公司", "张晓明"
CODE, ID_NUMBER, ACCOUNT = "91330108MA2CG4HU3R", "330108198805142030", "1202026209900012345"
BANK = "中国工商银行杭州滨江支行"
DECLARED: dict[str, Any] = {
    "company_name": NAME, "credit_code": CODE, "legal_representative": PERSON, "legal_representative_id": ID_NUMBER,
    "mobile": "13800000000", "account_name": NAME, "account_number": ACCOUNT, "bank_name": BANK,
}  # fmt: skip

LICENCE = (
    at(400, 60, "营业执照", 50), at(460, 130, "（副本）"),
    at(60, 130, "统一社会信用代码", 22), at(60, 160, CODE, 22),
    at(80, 260, "名"), at(150, 260, "称"), at(200, 260, NAME),
    at(560, 260, "注册资本"), at(680, 260, "伍佰万元整"),
    at(80, 310, "类"), at(150, 310, "型"), at(200, 310, "有限责任公司(自然人投资或控股)"),
    at(560, 310, "成立日期"), at(680, 310, "2018年09月12日"),
    at(80, 360, "法定代表人"), at(200, 360, PERSON),
    at(560, 360, "营业期限"), at(680, 360, "2018年09月12日至长期"),
    at(80, 410, "经营范围"), at(200, 410, "数字技术服务；软件开发；"), at(200, 436, "计算机系统服务。"),
    at(560, 410, "住"), at(630, 410, "所"), at(680, 410, "浙江省杭州市滨江区长河街"),
    at(680, 436, "道江晖路100号2幢301室"),
    at(600, 700, "登记机关"), at(640, 760, "2023年05月08日"),
    at(60, 900, "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn"), at(600, 900, "国家市场监督管理总局监制"),
)  # fmt: skip
FRONT = (
    at(20, 30, "姓名"), at(85, 30, PERSON), at(20, 72, "性别"), at(85, 72, "男"), at(145, 72, "民族"),
    at(200, 72, "汉"),
    at(20, 114, "出生"), at(85, 114, "1988年5月14日"),
    at(20, 156, "住址"), at(85, 156, "浙江省杭州市滨江区长河"), at(85, 182, "街道江晖路100号2幢"),
    at(20, 280, "公民身份号码"), at(160, 280, ID_NUMBER),
)  # fmt: skip
BACK = (
    at(180, 430, "中华人民共和国", 28), at(160, 480, "居民身份证", 44),
    at(100, 640, "签发机关"), at(200, 640, "杭州市公安局滨江分局"),
    at(100, 680, "有效期限"), at(200, 680, "2015.03.09-2035.03.09"),
)  # fmt: skip
PERMIT = (
    at(400, 60, "开户许可证", 44),
    at(100, 160, "核准号:"), at(180, 160, "J3310023456701"), at(600, 160, "编号:"), at(670, 160, "3310-02345678"),
    at(140, 220, "经审核，"), at(225, 220, NAME), at(480, 220, "符合开户条件，准予"),
    at(100, 260, "开立基本存款账户。"),
    at(100, 320, "法定代表人(单位负责人)"), at(340, 320, PERSON), at(500, 320, "开户银行"), at(590, 320, BANK),
    at(100, 380, "账号"), at(180, 380, ACCOUNT), at(600, 450, "发证机关(盖章)"), at(620, 490, "2017年8月21日"),
)  # fmt: skip
STRANGE = (at(100, 100, "今天的菜单"), at(100, 150, "番茄炒蛋 18"), at(100, 200, "谢谢惠顾"))

PAPER = {"licence": 254, "front": 250, "back": 246, "permit": 242, "both": 238, "strange": 234, "empty": 230}
LINES: dict[str, tuple[TextLine, ...]] = {
    "licence": LICENCE, "front": FRONT, "back": BACK, "permit": PERMIT, "both": FRONT + BACK, "strange": STRANGE,
    "empty": (),
}  # fmt: skip
_SLOTS = {"licence": "business_licence", "front": "id_card_front", "back": "id_card_back", "permit": "account_permit"}


class Scripted:
    """A reader that knows what is written on each of these papers; `read` may be spoilt by `change`."""

    def __init__(
        self,
        lines: Mapping[str, Sequence[TextLine]] | None = None,
        change: Callable[[tuple[TextLine, ...]], Any] = lambda lines: lines,
    ) -> None:
        self.lines = {**LINES, **(lines or {})}
        self.change = change
        self.seen: list[tuple[int, ...]] = []

    def read(self, image: Image, page: int = 1, side: int | None = None) -> tuple[TextLine, ...]:
        self.seen.append(image.shape)
        written = tuple(replace(line, page=page) for line in self.written_on(image))
        result: tuple[TextLine, ...] = self.change(written)
        return result

    def written_on(self, image: Image) -> tuple[TextLine, ...]:
        grey = int(np.median(image))
        name = min(PAPER, key=lambda name: abs(PAPER[name] - grey))
        height, width = paper(name).shape[:2]
        scale = image.shape[1] / width  # a PDF is rendered larger or smaller than it was drawn
        if scale == 1 or abs(image.shape[0] / height - scale) > 0.01 * scale:  # as drawn, or only a part of it
            return tuple(self.lines[name])
        corners = [tuple((x * scale, y * scale) for x, y in line.box) for line in self.lines[name]]
        return tuple(replace(a, box=box) for a, box in zip(self.lines[name], corners, strict=True))  # type: ignore[arg-type]

    def describe(self) -> dict[str, Any]:
        return {"engine": "scripted"}


def paper(name: str) -> Image:
    """A blank page that `Scripted` reads as the named document, just large enough for its lines."""
    lines = LINES[name] or STRANGE
    width, height = (int(max(edges)) + 80 for edges in ((a.right for a in lines), (a.bottom for a in lines)))
    return np.full((height, width, 3), PAPER[name], np.uint8)


def drawn(name: str) -> Image:
    """The page with strokes for its print, a seal and the emblem of a card: sharp, and in colour."""
    image, chance = paper(name), np.random.default_rng(len(LINES[name]))
    for line in LINES[name]:
        left, top, right, bottom = (int(edge) for edge in (line.left, line.top, line.right, line.bottom))
        for x in range(left, right - 8, 8):  # as irregular as print: an even grid is what a photographed screen has
            for _ in range(3):
                begin, end = chance.integers((x, top), (x + 9, bottom), (2, 2)).tolist()
                cv2.line(image, begin, end, (30, 30, 30), 2)
        if line.text == "居民身份证":  # its emblem
            cv2.circle(image, (left - 77, top), 42, (60, 60, 220), -1)
    cv2.circle(image, (image.shape[1] - 42, image.shape[0] - 38), 30, (60, 60, 220), 6)
    return image


def save(folder: Path, name: str, image: Image | None = None) -> SubmittedFile:
    """A document as a PNG in a folder, in the slot it belongs to."""
    path = folder / f"{name}.png"
    assert cv2.imwrite(str(path), drawn(name) if image is None else image)
    return SubmittedFile(path, path.name, _SLOTS.get(name))


def submission(folder: Path, *files: SubmittedFile, **declared: Any) -> Submission:
    """The company's four documents (or the files given) beside what it declares."""
    chosen = files or tuple(save(folder, name) for name in _SLOTS)
    return Submission("by-hand", PROFILE, {**DECLARED, **declared}, tuple(chosen))
