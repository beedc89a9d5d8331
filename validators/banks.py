"""Banks: the head bank under its full and short names, and the branch."""

from __future__ import annotations

from extractors.model import Kind
from validators.normalise import normalised

# Full name: other names in use. The longest name a text begins with decides.
_NAMES = {
    "中国工商银行": "工商银行 工行 中国工行 ICBC",
    "中国农业银行": "农业银行 农行 中国农行 ABC",
    "中国银行": "中行 BOC",
    "中国建设银行": "建设银行 建行 中国建行 CCB",
    "交通银行": "交行 BOCOM",
    "中国邮政储蓄银行": "邮政储蓄银行 邮储银行 邮储 PSBC",
    "招商银行": "招行 CMB",
    "上海浦东发展银行": "浦东发展银行 浦发银行 浦发 SPDB",
    "中信银行": "CITIC",
    "中国光大银行": "光大银行",
    "华夏银行": "",
    "中国民生银行": "民生银行",
    "广发银行": "广东发展银行",
    "平安银行": "",
    "兴业银行": "",
    "恒丰银行": "",
    "浙商银行": "",
    "渤海银行": "",
    "中国农业发展银行": "农业发展银行 农发行",
    "国家开发银行": "国开行",
    "中国进出口银行": "进出口银行",
}  # fmt: skip
_HEADS = sorted(
    ((name, full) for full, names in _NAMES.items() for name in (full, *names.split())),
    key=lambda entry: -len(entry[0]),
)


def split(text: str) -> tuple[str, str]:
    """Full name of the head bank ("" if it is none of the list) and the rest of the text.

    >>> split('工行杭州高新支行'), split('中国工商银行股份有限公司杭州高新支行')
    (('中国工商银行', '杭州高新支行'), ('中国工商银行', '杭州高新支行'))
    >>> split('杭州联合农村商业银行')
    ('', '杭州联合农村商业银行')
    """
    plain = normalised(Kind.BANK, text)
    for name, full in _HEADS:
        if plain.startswith(name):
            return full, plain[len(name) :]
    return "", plain
