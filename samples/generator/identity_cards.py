"""Identity cards of Hong Kong (2018), Macau and Taiwan, and Yiwu's business friend card."""

from __future__ import annotations

import random
from datetime import date

from samples.generator import cards, figures, people
from samples.generator.cards import BLACK
from samples.generator.draw import Colour
from samples.generator.fonts import NOTO_HEI_BOLD, NOTO_SONG_BOLD, SANS, SANS_BOLD, Faces
from samples.generator.form import Form, Row
from samples.generator.ornament import fine_waves
from samples.generator.travellers import Traveller
from samples.generator.truth import Drawn

GREY: Colour = (84, 84, 92)


def hong_kong(who: Traveller, faces: Faces, seed: int) -> Drawn:
    """The smart identity card of 2018."""
    rng = random.Random(seed)
    sheet = cards.card(seed, (226, 236, 226), (238, 226, 230), ((200, 222, 206), (228, 206, 214)))
    form = Form(
        "hk_identity_card", sheet, cards.traditional(faces), size=3.0, label_size=2.2, ink=BLACK, label_ink=BLACK
    )
    permanent = seed % 4 > 0
    title = "香港永久性居民身份證" if permanent else "香港居民身份證"
    sheet.text(42.8, 2.8, title, NOTO_SONG_BOLD, 4.0, BLACK, align="centre", spacing=0.5)
    english = "HONG KONG PERMANENT IDENTITY CARD" if permanent else "HONG KONG IDENTITY CARD"
    sheet.text(42.8, 7.8, english, SANS, 2.5, BLACK, align="centre")
    cards.portrait(sheet, 15, 28, 1.0)
    x = 31.0
    form.put(x, 12.4, who.traditional, "name", size=3.8, spacing=0.6)
    code = "  ".join(figures.digits(rng, 4) for _ in who.traditional)
    given = " ".join(part.title() for part in who.given.split())
    form.put(x, 17.6, f"{who.surname}, {given}", "name_latin", value=f"{who.surname} {given}", face=SANS, size=2.9)
    form.put(x, 22.0, code, face=SANS, size=2.7)
    form.label(x, 26.4, "出生日期 Date of Birth")
    form.put(x, 29.4, f"{who.born_on:%d-%m-%Y}", "born_on", value=who.born_on, face=SANS)
    form.put(x + 22, 29.2, who.sex, "sex")
    form.put(x + 26, 29.4, who.gender, face=SANS)
    form.put(x, 33.8, rng.choice(("***AZ", "AZ", "***AC", "CO")), face=SANS)
    form.label(x, 38.0, "簽發日期 Date of Issue")
    first = people.anniversary(who.born_on, 11)
    form.put(x, 41.0, f"({first:%m-%y})", face=SANS, size=2.6)
    form.put(x, 44.6, f"{who.issued_on:%d-%m-%y}", "issued_on", value=who.issued_on, face=SANS)
    form.put(80, 45.6, who.identity, "id_number", face=SANS_BOLD, size=3.9, align="right")
    cards.specimen(sheet)
    image, mask = cards.rounded(sheet)
    return form.drawn("", mask, image)


def macau(who: Traveller, faces: Faces, seed: int) -> Drawn:
    """The card of the Macau special administrative region, Chinese and Portuguese."""
    sheet = cards.card(seed, (224, 238, 226), (236, 238, 218), ((196, 224, 202), (222, 222, 190)))
    form = Form(
        "macau_identity_card", sheet, cards.traditional(faces), size=2.9, label_size=2.0, ink=BLACK, label_ink=GREY
    )
    sheet.text(45, 2.6, "澳門特別行政區", NOTO_SONG_BOLD, 3.4, BLACK, align="centre", spacing=0.5)
    sheet.text(45, 6.8, "Região Administrativa Especial de Macau", SANS, 2.1, BLACK, align="centre")
    permanent = seed % 3 > 0
    title = "永久性居民身份證" if permanent else "非永久性居民身份證"
    sheet.text(45, 9.6, title, NOTO_SONG_BOLD, 3.4, BLACK, align="centre", spacing=0.4)
    kind = "Permanente" if permanent else "Não Permanente"
    sheet.text(45, 13.6, f"Bilhete de Identidade de Residente {kind}", SANS, 2.1, BLACK, align="centre")
    cards.portrait(sheet, 14, 32, 0.9)
    x, given = 29.0, who.given
    form.label(x, 17.2, "姓 / Apelido")
    form.put(x + 17, 16.8, who.traditional[0])
    form.put(x + 27, 16.8, who.surname, face=SANS)
    form.label(x, 21.8, "名 / Nome")
    form.put(x + 17, 21.4, who.traditional[1:])
    form.put(x + 27, 21.4, given, face=SANS)
    form.truth |= {"name": who.traditional, "name_latin": f"{who.surname} {given}"}
    sheet.mark("name", (x + 17, 16.8, x + 27, 24.3))
    sheet.mark("name_latin", (x + 27, 16.8, 84, 24.3))
    form.label(x, 26.6, "出生日期 / Data de nasc.")
    form.put(x, 29.2, f"{who.born_on:%d-%m-%Y}", "born_on", value=who.born_on, face=SANS)
    form.label(x + 27, 26.6, "性別 / Sexo")
    form.put(x + 27, 29.2, who.sex, "sex")
    form.put(x + 31, 29.2, who.gender, face=SANS)
    form.label(x, 33.2, "首次發證日期 / Data da 1.ª emissão")
    form.put(x, 35.8, f"{date(2004, 3, 1) + (who.issued_on - date(2022, 1, 1)):%d-%m-%Y}", face=SANS)
    form.label(x, 39.8, "發出日期 / Data de emissão")
    form.put(x, 42.4, f"{who.issued_on:%d-%m-%Y}", "issued_on", value=who.issued_on, face=SANS)
    form.label(x + 29, 39.8, "有效日期 / Válido até")
    form.put(x + 29, 42.4, f"{who.valid_to:%d-%m-%Y}", "valid_to", value=who.valid_to, face=SANS)
    form.label(x, 47.8, "編號 / N.º")
    form.put(x + 12, 47.0, who.identity, "id_number", face=SANS_BOLD, size=3.8)
    cards.specimen(sheet)
    image, mask = cards.rounded(sheet)
    return form.drawn("", mask, image)


def _republican(day: date) -> str:
    """民國 75 年 1 月 2 日."""
    return f"民國{day.year - 1911}年{day.month}月{day.day}日"


def taiwan_front(who: Traveller, faces: Faces, seed: int) -> Drawn:
    sheet = cards.card(seed, (236, 232, 240), (244, 230, 232), ((220, 208, 228), (236, 210, 214)))
    form = Form(
        "taiwan_identity_card", sheet, cards.traditional(faces), size=3.3, label_size=2.4, ink=BLACK, label_ink=BLACK
    )
    sheet.text(34, 3.0, "中華民國國民身分證", NOTO_SONG_BOLD, 4.4, (110, 60, 110), align="centre", spacing=0.7)
    cards.portrait(sheet, 72, 17, 0.95)
    form.label(6, 13.0, "姓名", width=6)
    form.put(15, 11.6, who.traditional, "name", size=5.2, spacing=1.6)
    form.label(6, 23.0, "出生")
    form.label(6, 26.0, "年月日")
    form.put(15, 23.6, _republican(who.born_on), "born_on", value=who.born_on)
    form.label(46, 24.2, "性別")
    form.put(52, 23.6, who.sex, "sex")
    form.label(6, 33.0, "發證日期")
    place = ("北市", "新北市", "高市", "中市", "桃市")[seed % 5]
    day = _republican(who.issued_on)
    form.put(18, 32.6, f"{day}（{place}）{'換發' if seed % 2 else '補發'}", "issued_on", value=who.issued_on, size=2.8)
    form.label(6, 44.6, "統一編號")
    form.put(18, 43.4, who.identity, "id_number", face=NOTO_HEI_BOLD, size=4.6, spacing=0.6)
    cards.specimen(sheet)
    image, mask = cards.rounded(sheet)
    return form.drawn("front", mask, image)


def taiwan_back(who: Traveller, faces: Faces, seed: int) -> Drawn:
    rng = random.Random(seed)
    sheet = cards.card(seed, (236, 232, 240), (244, 230, 232), ((220, 208, 228), (236, 210, 214)))
    form = Form(
        "taiwan_identity_card", sheet, cards.traditional(faces), size=3.0, label_size=2.4, ink=BLACK, label_ink=BLACK
    )
    towns = ("臺北市大安區和平里12鄰和平東路二段", "新北市板橋區光華里6鄰文化路一段", "高雄市左營區新上里18鄰博愛三路")
    address = f"{rng.choice(towns)}{rng.randint(3, 300)}號{rng.randint(2, 12)}樓"
    family = who.traditional[0]
    rows = (
        (8.0, "父", f"{family}{'文雄' if seed % 2 else '正義'}"),
        (14.0, "配偶", ""),
        (20.0, "役別", ""),
        (26.0, "出生地", "臺灣省臺北市" if seed % 2 else "臺灣省彰化縣"),
    )
    for y, label, text in rows:
        form.label(7, y, label)
        form.put(20, y, text)
    form.label(46, 8.0, "母")
    form.put(54, 8.0, "林淑惠" if seed % 2 else "黃秀琴")
    form.label(7, 33.0, "住址")
    form.put(20, 32.6, address, "address", width=58)
    sheet.text(79, 46.6, figures.digits(rng, 10), SANS, 2.8, (170, 40, 44), align="right")
    cards.specimen(sheet)
    image, mask = cards.rounded(sheet)
    return form.drawn("back", mask, image)


def business_friend(who: Traveller, faces: Faces, seed: int) -> Drawn:
    """The information side of Yiwu's card for foreign traders (商友卡)."""
    rng = random.Random(seed)
    sheet = cards.card(seed, (252, 240, 226), (250, 226, 214), ())
    fine_waves(sheet, ((240, 214, 190),), (0, 0, 85.6, 54), 1.8, seed)
    form = Form("business_friend_card", sheet, faces, size=2.9, label_size=2.3, ink=BLACK, label_ink=(120, 60, 40))
    form.colon = "：" if seed % 2 else ""
    sheet.text(6, 3.2, "商友卡", NOTO_HEI_BOLD, 5.2, (176, 48, 36), spacing=0.8)
    sheet.text(28, 3.4, "YIWU BUSINESS FRIEND CARD", SANS_BOLD, 2.6, (176, 48, 36))
    sheet.text(28, 6.6, "义乌市人民政府外事办公室", faces.label, 2.2, (120, 60, 40))
    cards.portrait(sheet, 71, 21, 0.85)
    rows = (
        Row("卡号 Card No.", figures.digits(rng, 12), "card_number"),
        Row("姓名 Name", who.name, "name"),
        Row("性别 Sex", f"{who.sex} {who.gender}", "sex", who.sex),
        Row("国籍 Nationality", who.nationality[1] if seed % 2 else who.nationality[0], "nationality"),
        Row("护照号码 Passport No.", who.passport, "passport_number"),
        Row("发卡日期 Date of Issue", f"{who.issued_on:%Y-%m-%d}", "issued_on", who.issued_on),
        Row("有效期至 Valid Until", f"{who.valid_to:%Y-%m-%d}", "valid_to", who.valid_to),
    )
    y = 13.0
    for row in rows:
        form.pair(6, y, row, gap=1.5, face=SANS if row.text.isascii() else None)
        y += 5.5
    cards.specimen(sheet)
    image, mask = cards.rounded(sheet)
    return form.drawn("", mask, image)
