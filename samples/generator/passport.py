"""The data page of passports: China's, and three others' with their own labels and ways to write a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from samples.generator import cards, numbers
from samples.generator.draw import Colour, Sheet
from samples.generator.fonts import NOTO_HEI, OCR_B, SANS, SANS_BOLD, Faces
from samples.generator.form import Form, Row
from samples.generator.ornament import fine_waves
from samples.generator.travellers import Traveller
from samples.generator.truth import Drawn

INK: Colour = (34, 34, 38)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
FRENCH = ("JAN", "FÉV", "MARS", "AVR", "MAI", "JUIN", "JUIL", "AOÛT", "SEPT", "OCT", "NOV", "DÉC")


@dataclass(frozen=True, slots=True)
class Booklet:
    """How one country prints its data page. Labels are those of the fields in FIELDS order."""

    heading: str
    labels: tuple[str, ...]
    date: str  # british, american, slashed
    authority: str
    paper: Colour
    waves: tuple[Colour, ...]


FIELDS = (
    "type", "country", "number", "surname", "given", "nationality", "born", "sex", "birthplace", "issued", "expires",
    "authority",
)  # fmt: skip
BOOKLETS = {
    "GBR": Booklet(
        "UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND",
        ("Type/Type", "Code/Code", "Passport No./Passeport No.", "Surname/Nom (1)", "Given names/Prénoms (2)",
         "Nationality/Nationalité (3)", "Date of birth/Date de naissance (4)", "Sex/Sexe (5)",
         "Place of birth/Lieu de naissance (6)", "Date of issue/Date de délivrance (7)",
         "Date of expiry/Date d'expiration (9)", "Authority/Autorité (8)"),
        "british", "HMPO", (232, 226, 236), ((206, 196, 220), (226, 206, 206)),
    ),
    "USA": Booklet(
        "UNITED STATES OF AMERICA",
        ("Type / Type / Tipo", "Code / Code / Codigo", "Passport No. / No. de Pasaporte",
         "Surname / Nom / Apellidos", "Given Names / Prénoms / Nombres", "Nationality / Nationalité / Nacionalidad",
         "Date of birth / Date de naissance / Fecha de nacimiento", "Sex / Sexe / Sexo",
         "Place of birth / Lieu de naissance / Lugar de nacimiento",
         "Date of issue / Date de délivrance / Fecha de expedición",
         "Date of expiration / Date d'expiration / Fecha de caducidad", "Authority / Autorité / Autoridad"),
        "american", "United States\nDepartment of State", (228, 234, 240), ((196, 212, 228), (232, 204, 204)),
    ),
    "IND": Booklet(
        "REPUBLIC OF INDIA",
        ("Type", "Country Code", "Passport No.", "Surname", "Given Name(s)", "Nationality", "Date of Birth", "Sex",
         "Place of Birth", "Date of Issue", "Date of Expiry", "Place of Issue"),
        "slashed", "MUMBAI", (238, 236, 222), ((214, 216, 190), (230, 214, 196)),
    ),
}  # fmt: skip
TOWNS = {"GBR": "LEEDS", "USA": "CALIFORNIA, U.S.A.", "IND": "SURAT, GUJARAT"}


def draw(who: Traveller, faces: Faces, seed: int) -> Drawn:
    """The data page of this person's passport."""
    return _chinese(who, faces, seed) if who.home == "CHN" else _foreign(who, BOOKLETS[who.home], seed)


def _page(seed: int, paper: Colour, waves: tuple[Colour, ...]) -> Sheet:
    sheet = Sheet(125, 88, 12.0, paper)
    fine_waves(sheet, waves, (0, 0, 125, 88), 1.1, seed % 5)
    cards.portrait(sheet, 21, 34, 1.25)
    sheet.text(122, 1.2, "样本 SPECIMEN", NOTO_HEI, 2.0, tuple(c - 26 for c in paper), align="right")
    return sheet


def _machine_zone(form: Form, lines: tuple[str, str]) -> None:
    pitch = 115 / 44  # 44 characters fill the line
    for i, line in enumerate(lines):
        for n, char in enumerate(line):
            form.canvas.text(5 + (n + 0.5) * pitch, 71.5 + i * 7.2, char, OCR_B, 4.1, INK, align="centre", field="mrz")
    form.truth["mrz"] = "\n".join(lines)


def _chinese(who: Traveller, faces: Faces, seed: int) -> Drawn:
    sheet = _page(seed, (240, 234, 228), ((226, 208, 204), (214, 222, 226), (232, 222, 200)))
    form = Form("passport", sheet, faces, size=3.3, label_size=2.3, ink=INK, label_ink=(96, 60, 60))
    sheet.text(6, 4.0, "护照", faces.title, 4.4, (120, 40, 44), spacing=1.0)
    sheet.text(6, 9.4, "PASSPORT", SANS_BOLD, 2.9, (120, 40, 44))
    sheet.text(42, 2.2, "中华人民共和国  PEOPLE'S REPUBLIC OF CHINA", faces.label, 2.6, (120, 40, 44))
    city, latin_city = who.birthplace
    _stack(form, 42, 6.0, Row("类型/Type", "P"))
    _stack(form, 60, 6.0, Row("国家码/Country Code", "CHN", "issuing_country"))
    _stack(form, 88, 6.0, Row("护照号/Passport No.", who.passport, "passport_number"))
    _stack(form, 42, 14.2, Row("姓名/Name", who.name, "name"))
    form.put(42, 21.8, who.latin, "name_latin", value=who.latin.replace(",", ""), face=SANS)
    _stack(form, 42, 26.2, Row("性别/Sex", f"{who.sex}/{who.gender}", "sex", who.sex))
    _stack(form, 60, 26.2, Row("国籍/Nationality", "中国/CHINESE", "nationality"))
    _stack(form, 88, 26.2, Row("出生日期/Date of birth", _bilingual(who.born_on), "born_on", who.born_on))
    _stack(form, 42, 34.8, Row("出生地点/Place of birth", f"{city}/{latin_city}"))
    _stack(form, 88, 34.8, Row("签发日期/Date of issue", _bilingual(who.issued_on), "issued_on", who.issued_on))
    _stack(form, 42, 43.4, Row("签发地点/Place of issue", f"{city}/{latin_city}"))
    _stack(form, 88, 43.4, Row("有效期至/Date of expiry", _bilingual(who.valid_to), "valid_to", who.valid_to))
    authority = "公安部出入境管理局" if seed % 2 else "中华人民共和国国家移民管理局"
    _stack(form, 42, 52.0, Row("签发机关/Authority", authority, "issuing_authority"))
    english = "MPS Exit & Entry Administration" if seed % 2 else "National Immigration Administration, PRC"
    form.put(42, 59.6, english, face=SANS, size=2.6)
    form.label(88, 57, "持证人签名/Bearer's signature")
    _chinese_zone(form, who, seed)
    return form.drawn()


def _chinese_zone(form: Form, who: Traveller, seed: int) -> None:
    given = who.given.replace(" ", "")
    personal = "LBMNPQRTKADEF9"[: 14 - seed % 3] if seed % 4 else ""
    kind, until = "PO" if seed % 3 else "P<", who.valid_to
    names = who.surname, given, who.passport
    _machine_zone(form, numbers.passport_mrz(kind, "CHN", *names, "CHN", who.born_on, who.gender, until, personal))


def _bilingual(day: date) -> str:
    """09 5月/MAY 2012."""
    return f"{day.day:02d} {day.month}月/{MONTHS[day.month - 1]} {day.year}"


def _stack(form: Form, x: float, y: float, row: Row) -> None:
    """The label above the value."""
    form.label(x, y, row.label)
    form.put(x, y + 3.6, row.text, row.field, value=row.value, width=80, face=SANS if row.text.isascii() else None)


def _written(day: date, style: str) -> str:
    month, french = MONTHS[day.month - 1], FRENCH[day.month - 1]
    return {
        "british": f"{day.day:02d} {month} /{french} {day:%y}",
        "american": f"{day.day:02d} {month.title()} {day.year}",
        "slashed": f"{day:%d/%m/%Y}",
    }[style]


def _foreign(who: Traveller, look: Booklet, seed: int) -> Drawn:
    latin = Faces(SANS, SANS, SANS, SANS_BOLD, "latin")
    sheet = _page(seed, look.paper, look.waves)
    form = Form("passport", sheet, latin, size=3.2, label_size=1.9, ink=INK, label_ink=(70, 70, 110))
    sheet.text(6, 4.2, "PASSPORT", SANS_BOLD, 3.6, (60, 60, 100))
    size = min(2.7, 2.7 * 78 / sheet.measure(look.heading, SANS_BOLD, 2.7))
    sheet.text(42, 2.6, look.heading, SANS_BOLD, size, (60, 60, 100))
    label = dict(zip(FIELDS, look.labels, strict=True))
    row = {
        "type": Row(label["type"], "P"),
        "country": Row(label["country"], who.home, "issuing_country"),
        "number": Row(label["number"], who.passport, "passport_number"),
        "surname": Row(label["surname"], who.surname),
        "given": Row(label["given"], who.given),
        "nationality": Row(label["nationality"], who.nationality[0], "nationality"),
        "born": Row(label["born"], _written(who.born_on, look.date), "born_on", who.born_on),
        "sex": Row(label["sex"], who.gender, "sex", who.sex),
        "birthplace": Row(label["birthplace"], TOWNS[who.home]),
        "issued": Row(label["issued"], _written(who.issued_on, look.date), "issued_on", who.issued_on),
        "expires": Row(label["expires"], _written(who.valid_to, look.date), "valid_to", who.valid_to),
        "authority": Row(label["authority"], look.authority, "issuing_authority", look.authority.replace("\n", " ")),
    }
    for name, x, y in (
        ("type", 42, 7.0), ("country", 62, 7.0), ("number", 84, 7.0), ("surname", 42, 14.4), ("given", 42, 21.8),
        ("nationality", 42, 29.2), ("born", 42, 36.6), ("sex", 42, 44.0), ("birthplace", 68, 44.0),
        ("issued", 42, 51.4), ("authority", 92, 55.0), ("expires", 42, 58.8),
    ):  # fmt: skip
        _stack(form, x, y, row[name])
    form.truth["name"] = form.truth["name_latin"] = f"{who.surname} {who.given}"
    left, top, right, bottom = 42, 18.0, 42 + sheet.measure(who.given, SANS, 3.2), 28.6
    sheet.mark("name", (left, top, right, bottom))
    number = who.passport
    _machine_zone(
        form,
        numbers.passport_mrz(
            "P<", who.home, who.surname, who.given, number, who.home, who.born_on, who.gender, who.valid_to
        ),
    )
    return form.drawn()
