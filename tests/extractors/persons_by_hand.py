"""Invented persons' documents as a reader finds them: one page of lines for each side, with the values they print."""

from __future__ import annotations

from datetime import date
from typing import Any

from extractors.model import TextLine
from tests.extractors.lines_on_pages import at

ZONE_CHINESE = "POCHNZHANG<<XIAOMING<<<<<<<<<<<<<<<<<<<<<<<<\nE123456782CHN8803148M2901019MBPCLNMALAKAA946"
ZONE_FOREIGN = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F2904157ZE184226B<<<<<18"

CHINESE_PASSPORT = [
    at(60, 30, "护照", 34), at(60, 70, "PASSPORT", 26),
    at(340, 40, "类型/Type", 14), at(480, 40, "国家码/Country Code", 14), at(700, 40, "护照号/Passport No.", 14),
    at(340, 60, "P"), at(480, 60, "CHN"), at(700, 60, "E12345678"),
    at(340, 95, "姓名/Name", 14), at(340, 115, "张晓明"), at(340, 140, "ZHANG, XIAOMING"),
    at(340, 175, "性别/Sex", 14), at(480, 175, "国籍/Nationality", 14), at(700, 175, "出生日期/Date of birth", 14),
    at(340, 195, "男/M"), at(480, 195, "中国/CHINESE"), at(700, 195, "14 3月/MAR 1988"),
    at(340, 230, "出生地点/Place of birth", 14), at(700, 230, "签发日期/Date of issue", 14),
    at(340, 250, "浙江/ZHEJIANG"), at(700, 250, "02 1月/JAN 2019"),
    at(340, 285, "签发地点/Place of issue", 14), at(700, 285, "有效期至/Date of expiry", 14),
    at(340, 305, "浙江/ZHEJIANG"), at(700, 305, "01 1月/JAN 2029"),
    at(340, 340, "签发机关/Authority", 14), at(340, 360, "公安部出入境管理局"),
    at(340, 384, "MPS Exit & Entry Administration"),
    *(at(60, 430 + 34 * i, line, 22) for i, line in enumerate(ZONE_CHINESE.splitlines())),
]  # fmt: skip
CHINESE_PASSPORT_VALUES = {
    "passport_number": "E12345678", "name": "张晓明", "name_latin": "ZHANG XIAOMING", "sex": "男",
    "nationality": "中国/CHINESE", "issuing_country": "CHN", "born_on": date(1988, 3, 14), "issued_on": date(2019,
    1, 2),
    "valid_to": date(2029, 1, 1), "issuing_authority": "公安部出入境管理局",
    "mrz": ZONE_CHINESE,
}  # fmt: skip

FOREIGN_PASSPORT = [
    at(60, 30, "PASSPORT/PASSEPORT", 24), at(60, 60, "UTOPIA", 24),
    at(340, 40, "Type/Type", 14), at(440, 40, "Code/Code", 14), at(620, 40, "Passport No./N° du passeport", 14),
    at(340, 60, "P"), at(440, 60, "UTO"), at(620, 60, "L898902C3"),
    at(340, 95, "Surname/Nom", 14), at(340, 115, "ERIKSSON"),
    at(340, 150, "Given names/Prénoms", 14), at(340, 170, "ANNA MARIA"),
    at(340, 205, "Nationality/Nationalité", 14), at(620, 205, "Date of birth/Date de naissance", 14),
    at(340, 225, "UTOPIAN"), at(620, 225, "12 AUG /AOÛT 74"),
    at(340, 260, "Sex/Sexe", 14), at(440, 260, "Place of birth/Lieu de naissance", 14),
    at(340, 280, "F"), at(440, 280, "ZENITH"),
    at(340, 315, "Date of issue/Date de délivrance", 14), at(620, 315, "Authority/Autorité", 14),
    at(340, 335, "16 APR /AVR 2019"), at(620, 335, "PASSPORT OFFICE"),
    at(340, 370, "Date of expiry/Date d'expiration", 14), at(340, 390, "15 APR /AVR 2029"),
    *(at(60, 440 + 34 * i, line, 22) for i, line in enumerate(ZONE_FOREIGN.splitlines())),
]  # fmt: skip
FOREIGN_PASSPORT_VALUES = {
    "passport_number": "L898902C3", "name": "ERIKSSON ANNA MARIA", "name_latin": "ERIKSSON ANNA MARIA", "sex": "女",
    "nationality": "UTOPIAN", "issuing_country": "UTO", "born_on": date(1974, 8, 12), "issued_on": date(2019, 4, 16),
    "valid_to": date(2029, 4, 15), "issuing_authority": "PASSPORT OFFICE", "mrz": ZONE_FOREIGN,
}  # fmt: skip

HK_MACAU_PERMIT = [
    at(120, 20, "港澳居民来往内地通行证", 30),
    at(120, 56, "Mainland Travel Permit for Hong Kong and Macao Residents", 14),
    at(40, 100, "姓名"), at(140, 100, "陳大文", 24), at(140, 130, "CHAN, TAI MAN"),
    at(40, 165, "出生日期"), at(140, 165, "1980.03.04"), at(40, 200, "性别"), at(140, 200, "男"),
    at(40, 235, "有效期限"), at(140, 235, "2018.05.06-2028.05.05"),
    at(40, 270, "签发机关"), at(140, 270, "公安部出入境管理局"),
    at(40, 320, "证件号码"), at(140, 320, "H12345678", 26), at(360, 320, "换证次数"), at(460, 320, "01"),
]  # fmt: skip
HK_MACAU_PERMIT_VALUES = {
    "permit_number": "H12345678", "name": "陈大文", "name_latin": "CHAN TAI MAN", "sex": "男", "born_on": date(1980,
    3, 4),
    "valid_from": date(2018, 5, 6), "valid_to": date(2028, 5, 5), "issuing_authority": "公安部出入境管理局",
    "issue_count": "01",
}  # fmt: skip

TAIWAN_PERMIT = [
    at(120, 20, "台湾居民来往大陆通行证", 30), at(120, 56, "Mainland Travel Permit for Taiwan Residents", 14),
    at(40, 100, "姓名"), at(140, 100, "林筱玲", 24), at(140, 130, "LIN, XIAOLING"),
    at(40, 165, "出生日期"), at(140, 165, "1968.06.05"), at(40, 200, "性别"), at(140, 200, "女"),
    at(40, 235, "有效期限"), at(140, 235, "2019.07.08-2024.07.07"),
    at(40, 270, "签发机关"), at(140, 270, "公安部出入境管理局"), at(400, 270, "签发地点"), at(500, 270, "福建"),
    at(40, 320, "证件号码"), at(140, 320, "01234567", 26), at(400, 320, "签发次数"), at(500, 320, "01"),
]  # fmt: skip
TAIWAN_PERMIT_VALUES = {
    "permit_number": "01234567", "name": "林筱玲", "name_latin": "LIN XIAOLING", "sex": "女", "born_on": date(1968,
    6, 5),
    "valid_from": date(2019, 7, 8), "valid_to": date(2024, 7, 7), "issuing_authority": "公安部出入境管理局",
    "issue_count": "01", "issue_place": "福建",
}  # fmt: skip

RESIDENCE_FRONT = [
    at(20, 30, "姓名"), at(85, 30, "陈大文"), at(20, 72, "性别"), at(85, 72, "男"),
    at(20, 114, "出生"), at(85, 114, "1980年3月4日"),
    at(20, 156, "住址"), at(85, 156, "广东省深圳市南山区粤海"), at(85, 182, "街道科苑路100号3栋402"),
    at(20, 280, "公民身份号码"), at(160, 280, "810000198003040014"),
]  # fmt: skip
RESIDENCE_BACK = [
    at(180, 430, "中华人民共和国", 28), at(150, 480, "港澳居民居住证", 44),
    at(100, 600, "签发机关"), at(200, 600, "深圳市公安局南山分局"),
    at(100, 640, "有效期限"), at(200, 640, "2019.01.02-2024.01.02"),
    at(100, 680, "通行证号码"), at(220, 680, "H12345678"), at(420, 680, "签发次数"), at(520, 680, "01"),
]  # fmt: skip
RESIDENCE_VALUES = {
    "name": "陈大文", "sex": "男", "born_on": date(1980, 3, 4),
    "address": "广东省深圳市南山区粤海街道科苑路100号3栋402",
    "id_number": "810000198003040014", "issuing_authority": "深圳市公安局南山分局", "valid_from": date(2019, 1, 2),
    "valid_to": date(2024, 1, 2), "valid_to_is_indefinite": False, "permit_number": "H12345678", "issue_count": "01",
}  # fmt: skip
TAIWAN_RESIDENCE_FRONT = [
    *(line for line in RESIDENCE_FRONT if "810000" not in line.text), at(160, 280, "830000198003040018"),
]  # fmt: skip
TAIWAN_RESIDENCE_BACK = [
    *(line for line in RESIDENCE_BACK if line.text not in ("港澳居民居住证", "H12345678")),
    at(150, 480, "台湾居民居住证", 44), at(220, 680, "01234567"),
]  # fmt: skip
TAIWAN_RESIDENCE_VALUES = RESIDENCE_VALUES | {"id_number": "830000198003040018", "permit_number": "01234567"}

FOREIGN_RESIDENT = [
    at(150, 20, "中华人民共和国", 18), at(130, 46, "外国人永久居留身份证", 30),
    at(130, 80, "FOREIGN PERMANENT RESIDENT ID CARD", 16),
    at(40, 120, "姓名/Name", 14), at(40, 140, "SMITH JOHN PAUL"), at(40, 164, "史约翰"),
    at(40, 195, "性别/Sex", 14), at(180, 195, "出生日期/Date of Birth", 14), at(420, 195, "国籍/Nationality", 14),
    at(40, 215, "男/M"), at(180, 215, "1981.08.03"), at(420, 215, "加拿大/CAN"),
    at(40, 250, "有效期限/Period of Validity", 14), at(40, 270, "2023.10.01-2033.09.30"),
    at(40, 305, "签发机关/Issuing Authority", 14), at(40, 325, "中华人民共和国国家移民管理局"),
    at(40, 365, "证件号码/Card No.", 14), at(200, 362, "911124198108030032", 24),
]  # fmt: skip
FOREIGN_RESIDENT_VALUES = {
    "id_number": "911124198108030032", "name": "史约翰", "name_latin": "SMITH JOHN PAUL", "sex": "男",
    "born_on": date(1981, 8, 3), "nationality": "加拿大/CAN", "valid_from": date(2023, 10, 1),
    "valid_to": date(2033, 9, 30),
    "issuing_authority": "中华人民共和国国家移民管理局",
}  # fmt: skip

HK_CARD = [
    at(200, 20, "香港永久性居民身份證", 26), at(180, 52, "HONG KONG PERMANENT IDENTITY CARD", 18),
    at(300, 100, "樂永晴", 30), at(300, 140, "LOK, Wing Ching", 22), at(300, 175, "2867 3057 2532", 18),
    at(300, 210, "出生日期 Date of Birth", 14), at(300, 230, "03-06-1985", 22), at(480, 230, "女 F", 22),
    at(300, 262, "***AZ", 18),
    at(300, 292, "簽發日期 Date of Issue", 14), at(300, 312, "(06-96)", 16), at(300, 336, "26-11-18", 22),
    at(520, 380, "A123456(3)", 26),
]  # fmt: skip
HK_CARD_VALUES = {
    "id_number": "A123456(3)", "name": "乐永晴", "name_latin": "LOK Wing Ching", "sex": "女", "born_on": date(1985,
    6, 3),
    "issued_on": date(2018, 11, 26),
}  # fmt: skip

MACAU_CARD = [
    at(100, 20, "澳門特別行政區", 18), at(320, 20, "REGIÃO ADMINISTRATIVA ESPECIAL DE MACAU", 14),
    at(100, 46, "永久性居民身份證", 24), at(320, 50, "BILHETE DE IDENTIDADE DE RESIDENTE PERMANENTE", 14),
    at(300, 90, "姓 Apelido", 14), at(300, 110, "陳", 22), at(340, 110, "CHAN", 20),
    at(300, 140, "名 Nome", 14), at(300, 160, "大文", 22), at(360, 160, "TAI MAN", 20),
    at(300, 190, "出生日期 Data de nascimento", 14), at(300, 210, "10-11-1966"),
    at(560, 190, "性別 Sexo", 14), at(560, 210, "M"), at(660, 190, "身高 Altura", 14), at(660, 210, "1.75"),
    at(300, 240, "首次發出日期 Data da 1.ª emissão", 14), at(300, 260, "12-05-1990"),
    at(560, 240, "本次發出日期 Data desta emissão", 14), at(560, 260, "20-08-2019"),
    at(300, 290, "有效日期 Válido até", 14), at(300, 310, "20-08-2029"),
    at(560, 340, "證件編號 BIR No.", 14), at(560, 360, "1234567(8)", 24),
]  # fmt: skip
MACAU_CARD_VALUES = {
    "id_number": "1234567(8)", "name": "陈大文", "name_latin": "CHAN TAI MAN", "sex": "男", "born_on": date(1966,
    11, 10),
    "issued_on": date(2019, 8, 20), "valid_to": date(2029, 8, 20),
}  # fmt: skip

TAIWAN_CARD_FRONT = [
    at(120, 20, "中華民國國民身分證", 30),
    at(40, 90, "姓"), at(90, 90, "名"), at(140, 86, "陳"), at(190, 86, "筱"), at(240, 86, "玲"),
    at(40, 150, "出生"), at(40, 172, "年月日"), at(140, 160, "民國 57 年 6 月 5 日"),
    at(40, 220, "性別"), at(110, 220, "女"),
    at(40, 270, "發證日期"), at(140, 270, "民國 94 年 7 月 1 日 (北市)換發"),
    at(300, 330, "統一編號"), at(400, 328, "A234567893", 24),
]  # fmt: skip
TAIWAN_CARD_BACK = [
    at(40, 500, "父"), at(80, 500, "陳福正"), at(300, 500, "母"), at(340, 500, "林美玉"),
    at(40, 540, "配偶"), at(110, 540, "王大明"), at(300, 540, "役別"),
    at(40, 580, "出生地"), at(130, 580, "臺灣省桃園縣"),
    at(40, 620, "住址"), at(110, 620, "臺北市大安區信義路四段100號"), at(110, 646, "5樓之2"),
]  # fmt: skip
TAIWAN_CARD_VALUES = {
    "id_number": "A234567893", "name": "陈筱玲", "sex": "女", "born_on": date(1968, 6, 5), "issued_on": date(2005,
    7, 1),
    "address": "台北市大安区信义路四段100号5楼之2",
}  # fmt: skip

BUSINESS_FRIEND = [
    at(160, 20, "义乌商友卡", 34), at(160, 60, "YIWU BUSINESS FRIEND CARD", 18),
    at(40, 110, "姓名/Name:"), at(200, 110, "SMITH JOHN PAUL"),
    at(40, 150, "性别/Sex:"), at(200, 150, "男/M"), at(300, 150, "国籍/Nationality:"), at(500, 150, "CANADA"),
    at(40, 190, "护照号码/Passport No.:"), at(300, 190, "AB123456"),
    at(40, 230, "卡号/Card No.:"), at(300, 230, "330782000123"),
    at(40, 270, "发证日期:"), at(200, 270, "2024-03-05"), at(400, 270, "有效期至:"), at(520, 270, "2026-03-04"),
]  # fmt: skip
BUSINESS_FRIEND_VALUES = {
    "card_number": "330782000123", "name": "SMITH JOHN PAUL", "passport_number": "AB123456", "nationality": "CANADA",
    "sex": "男", "issued_on": date(2024, 3, 5), "valid_to": date(2026, 3, 4),
}  # fmt: skip

CARDS: dict[str, tuple[str, list[TextLine], dict[str, Any]]] = {
    "chinese passport": ("passport", CHINESE_PASSPORT, CHINESE_PASSPORT_VALUES),
    "foreign passport": ("passport", FOREIGN_PASSPORT, FOREIGN_PASSPORT_VALUES),
    "hk permit": ("hk_macau_travel_permit", HK_MACAU_PERMIT, HK_MACAU_PERMIT_VALUES),
    "taiwan permit": ("taiwan_travel_permit", TAIWAN_PERMIT, TAIWAN_PERMIT_VALUES),
    "hk residence": ("hk_macau_residence_permit", RESIDENCE_FRONT + RESIDENCE_BACK, RESIDENCE_VALUES),
    "taiwan residence": (
        "taiwan_residence_permit", TAIWAN_RESIDENCE_FRONT + TAIWAN_RESIDENCE_BACK, TAIWAN_RESIDENCE_VALUES,
    ),
    "foreign resident": ("foreign_permanent_resident_id", FOREIGN_RESIDENT, FOREIGN_RESIDENT_VALUES),
    "hk card": ("hk_identity_card", HK_CARD, HK_CARD_VALUES),
    "macau card": ("macau_identity_card", MACAU_CARD, MACAU_CARD_VALUES),
    "taiwan card": ("taiwan_identity_card", TAIWAN_CARD_FRONT + TAIWAN_CARD_BACK, TAIWAN_CARD_VALUES),
    "business friend": ("business_friend_card", BUSINESS_FRIEND, BUSINESS_FRIEND_VALUES),
}  # fmt: skip
