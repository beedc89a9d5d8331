"""Company names and addresses in English, as certificates and contracts print them."""

from __future__ import annotations

import re

from samples.generator.companies import Company

WORDS = {
    "云帆": "Yunfan", "启岳": "Qiyue", "禾木": "Hemu", "蓝屿": "Lanyu", "朗曜": "Langyao", "星衡": "Xingheng",
    "泽川": "Zechuan", "嘉澍": "Jiashu", "恒砺": "Hengli", "瑞霖": "Ruilin", "博谷": "Bogu", "澄海": "Chenghai",
    "风禾": "Fenghe", "万树": "Wanshu", "青桓": "Qinghuan", "鼎泓": "Dinghong", "安栩": "Anxu", "卓尧": "Zhuoyao",
    "明泊": "Mingbo", "铭曜": "Mingyao", "和畅": "Hechang", "聚汇丰": "Juhuifeng", "佰纳": "Baina", "优木": "Youmu",
    "维思达": "Weisida", "凯瑞森": "Kairuisen", "诺达": "Nuoda", "欣悦": "Xinyue", "盛泰隆": "Shengtailong",
    "百川汇": "Baichuanhui",
    "数字科技": "Digital Technology", "贸易": "Trading", "机械设备": "Machinery", "电子": "Electronics",
    "纺织": "Textile", "食品": "Foods", "供应链管理": "Supply Chain Management", "文化传媒": "Culture Media",
    "国际": "International", "环球": "Global", "新材料": "New Materials", "智能": "Intelligent",
    "研究开发": "Research & Development", "进出口": "Import & Export", "产业发展": "Industrial Development",
    "综合服务": "Services", "有限公司": "Co., Ltd.", "股份": "",
    "杭州": "Hangzhou", "义乌": "Yiwu", "宁波": "Ningbo", "深圳": "Shenzhen", "广州": "Guangzhou", "苏州": "Suzhou",
    "南京": "Nanjing", "上海": "Shanghai", "北京": "Beijing", "成都": "Chengdu", "青岛": "Qingdao", "厦门": "Xiamen",
    "武汉": "Wuhan", "郑州": "Zhengzhou", "长沙": "Changsha", "合肥": "Hefei", "乌鲁木齐": "Urumqi",
    "呼和浩特": "Hohhot", "南宁": "Nanning",
    "长河": "Changhe", "文晖": "Wenhui", "科技": "Keji", "银泰": "Yintai", "江南": "Jiangnan", "新城": "Xincheng",
    "滨河": "Binhe", "学院": "Xueyuan", "望江": "Wangjiang", "凤凰": "Fenghuang", "青年": "Qingnian",
    "创新": "Chuangxin", "海棠": "Haitang", "和平": "Heping", "振兴": "Zhenxing", "吉祥": "Jixiang",
}  # fmt: skip


def name(firm: Company) -> str:
    """杭州云帆贸易有限公司 → Hangzhou Yunfan Trading Co., Ltd."""
    text, words = firm.name, []
    while text:
        if text[0] in "（）()":
            words.append({"（": "(", "）": ")"}.get(text[0], text[0]))
            text = text[1:]
            continue
        known = max((w for w in WORDS if text.startswith(w)), key=len, default="")
        if known:
            words.append(WORDS[known])
        text = text[len(known) or 1 :]
    return re.sub(r"\( (\w+) \)", r"(\1)", " ".join(word for word in words if word))


def address(firm: Company) -> str:
    """No. 1785, Changhe Road, Hangzhou, China."""
    found = re.search(r"([一-鿿]{2})路(\d+)号", firm.address)
    road = f"No. {found[2]}, {WORDS[found[1]]} Road, " if found else ""
    return f"{road}{WORDS[firm.place.town]}, China"
