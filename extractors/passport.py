"""Passport (护照) of any country: the printed zone of the data page and the machine-readable one below it.

Foreign pages label in the country's language with English, French or both. A value that the printed zone does not give
is taken from the other zone (reason "mrz"); where both are there, they are compared by the proofs, never merged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from extractors._card_labels import GIVEN, SURNAME, Card
from extractors._mrz import find_zone
from extractors._person_card import day_of, read_card, sex_of
from extractors.form import field_of
from extractors.model import DocumentType, Field, FieldSpec, FieldValue, Kind, Page, Status
from extractors.straight import read_straight
from extractors.values import compact

_FROM_ZONE = "mrz"
_CODE = re.compile(r"[A-Z]{3}|D")  # ICAO 9303-3 §5

_SPECS = (
    FieldSpec("passport_number", Kind.PASSPORT_NUMBER, "护照号码", (
        "护照号", "护照号码", "Passport No", "Passport Number", "Passport Nr", "No du passeport", "N° du passeport",
        "Numéro de passeport", "Passport No/No du passeport", "Pass-Nr", "Passeport No", "Passeport N°",
        "Reisepass-Nr", "Document No",
        "Document Number",
        "No. de pasaporte", "Pasaporte No", "N° de pasaporte", "Numéro du passeport", "旅券番号", "여권번호",
    ), key=True),
    FieldSpec("name", Kind.PERSON, "姓名", ("姓名", "Name", "Nom", "Full name", "Name in full", "Names"), key=True),
    FieldSpec("name_latin", Kind.PERSON, "拉丁字母姓名"),
    FieldSpec("sex", Kind.CHOICE, "性别", ("性别", "Sex", "Sexe", "Gender", "Geschlecht", "Sexo", "성별")),
    FieldSpec("nationality", Kind.TEXT, "国籍", (
        "国籍", "Nationality", "Nationalité", "Staatsangehörigkeit", "Nacionalidad", "Nationality/Nationalité", "국적",
    )),
    FieldSpec("issuing_country", Kind.TEXT, "签发国", (
        "国家码", "国家代码", "签发国", "签发国代码", "发行国代码", "签发国家", "发行国",
        "Country code", "Código", "Kode", "Code of issuing State", "Issuing Country",
        "Code", "State code",
        "Code of State", "Code du pays", "Code de l'Etat émetteur", "Issuing State", "Code du pays émetteur", "Country",
    )),
    FieldSpec("born_on", Kind.DATE, "出生日期", (
        "出生日期", "生年月日", "Date of birth", "Date de naissance", "Geburtsdatum", "Geburtstag",
        "Fecha de nacimiento",
        "Birth date", "생년월일",
    ), key=True),
    FieldSpec("issued_on", Kind.DATE, "签发日期", (
        "签发日期", "发行年月日", "Date of issue", "Date de délivrance", "Ausstellungsdatum", "Fecha de expedición",
        "Issue date", "Issuing date", "Date d'émission", "발급일",
    )),
    FieldSpec("valid_to", Kind.DATE, "有效期至", (
        "有效期至", "有效期限", "有效期间满了日", "Date of expiry", "Date of expiration", "Date d'expiration",
        "Gültig bis",
        "Fecha de caducidad", "Expiry date", "Expiration date", "Valid until", "Fecha de vencimiento", "기간만료일",
    ), key=True),
    FieldSpec("issuing_authority", Kind.ORGANISATION, "签发机关", (
        "签发机关", "发行官厅", "Authority", "Autorité", "Issuing authority", "Behörde", "Autoridad", "발행관청",
    )),
    FieldSpec("mrz", Kind.MRZ, "机读区"),
)  # fmt: skip
_OTHERS = {
    SURNAME: ("Surname", "Surnames", "Last name", "Nom de famille", "Apellidos", "Familienname", "姓", "성"),
    GIVEN: ("Given names", "Given name", "Given Name(s)", "Prénoms", "Prénom", "Prénom(s)", "First names", "Forenames",
            "Vornamen", "Nombres", "Christian names", "名", "이름"),
    "": ("出生地点", "出生地", "签发地点", "签发地", "类型", "种类", "Place of birth", "Lieu de naissance",
    "Place of issue",
         "Lieu de délivrance", "Type", "Geburtsort", "Lugar de nacimiento", "Height", "Taille", "Bearer's signature",
         "Holder's signature", "Signature of bearer", "Signature du titulaire", "持照人签名", "Personal No",
         "Colour of eyes", "Couleur des yeux", "Residence", "Domicile", "Registered Domicile", "本籍", "File No",
         "Identity No", "Birth name", "Nom d'usage", "Observations", "Endorsements",
         "Name of spouse", "Profession", "Personal number", "Passport Type", "Previous passport No", "Tipo", "Typ"),
}  # fmt: skip

# Where the parts of a zone of 2 × 44 stand.
_NUMBER, _NATIONALITY, _BIRTH, _SEX, _EXPIRY = (44, 53), (54, 57), (57, 63), (64, 65), (65, 71)


def extract(pages: Sequence[Page]) -> dict[str, Field]:
    """The fields of a data page; a holder without a name in characters has the Latin one for both names."""
    fields = read_card(pages, _SPECS, _OTHERS, _country)
    zone = read_straight(pages, lambda straight: {"mrz": find_zone(straight)})["mrz"]
    if zone.status is Status.MISSING:
        return fields
    taken = {name: _taken(zone, name, value) for name, value in _said(zone).items() if value not in (None, "")}
    if "issuing_country" in taken and not _CODE.fullmatch(str(fields.get("issuing_country", zone).value)):
        fields.pop("issuing_country", None)
    return taken | fields | {"mrz": zone}


def _country(card: Card) -> dict[str, Field]:
    """The code of the issuing country by its form: what stands at its label may be the label in another language."""
    for piece in card.values("issuing_country"):
        if _CODE.fullmatch(code := compact(piece.text)):
            return {"issuing_country": field_of(piece.span, Kind.TEXT, code)}
    return {}


def _said(zone: Field) -> Mapping[str, FieldValue]:
    """What the zone says, in the words of the fields; nothing where it is not whole."""
    joined = str(zone.value).replace("\n", "")
    if zone.reason == "malformed" or len(joined) != 88:
        return {}
    surname, _, given = joined[5:44].partition("<<")
    name = " ".join(f"{surname} {given}".replace("<", " ").split())
    said: dict[str, FieldValue] = {
        "passport_number": joined[slice(*_NUMBER)].strip("<"),
        "name": name,
        "name_latin": name,
        "sex": sex_of(joined[slice(*_SEX)]),
        "nationality": joined[slice(*_NATIONALITY)].strip("<"),
        "issuing_country": joined[2:5].strip("<"),
    }
    for field, (start, end) in {"born_on": _BIRTH, "valid_to": _EXPIRY}.items():
        year, month, day = (joined[at : at + 2] for at in range(start, end, 2))
        said[field] = day_of(field, f"{day}-{month}-{year}")
    return said


def _taken(zone: Field, name: str, value: FieldValue) -> Field:
    return zone.model_copy(update={"value": value, "reason": zone.reason or _FROM_ZONE, "alternates": ()})


DOCUMENT_TYPE = DocumentType(
    id="passport",
    zh="护照",
    en="passport",
    fields=_SPECS,
    extract=extract,
    titles=("护照PASSPORT", "护照/PASSPORT", "PASSPORT", "PASSEPORT", "REISEPASS", "PASAPORTE",
            "PASSAPORTO", "护照", "日本国旅券"),
    words=("护照号", "Passport No", "国家码", "持照人签名", "签发地点", "出生地点", "有效期至", "签发机关",
           "Date of birth", "Dateofbirth", "Dateofexpiry", "Dateofissue", "PassportNo", "Nationality", "Placeofbirth",
           "Surname", "Givennames", "Nationalité", "Countrycode", "CountryCode", "Authority", "CHINESE", "<<<"),
    against=("营业执照", "商友卡", "通行证", "居住证", "永久居留身份证", "身份证", "发票", "合同", "Contract",
        "Invoice"),
    coloured=True,
    numbers=("passport_number",),
)  # fmt: skip
