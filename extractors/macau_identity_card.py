"""Macau resident identity card (澳門居民身份證, Bilhete de Identidade): labels in Chinese and Portuguese."""

from __future__ import annotations

import re
from functools import partial

from extractors._card_labels import GIVEN, HAN, SURNAME, Card
from extractors._person_card import read_card
from extractors.form import field_of
from extractors.model import DocumentType, Field, FieldSpec, Kind, Status
from extractors.rows import Span, place
from extractors.values import compact

_SPECS = (
    FieldSpec("id_number", Kind.MACAU_ID, "证件编号", (
        "证件编号", "身份证编号", "编号", "身份证号码", "BIR n", "N° do documento", "No. do documento",
        "Número do documento",
        "Doc n", "BIR No", "Nº BIR", "N.º BIR",
    ), key=True),
    FieldSpec("name", Kind.PERSON, "姓名", ("姓名", "Nome completo", "Name"), key=True),
    FieldSpec("name_latin", Kind.PERSON, "外文姓名"),
    FieldSpec("sex", Kind.CHOICE, "性别", ("性别", "Sexo", "Sex")),
    FieldSpec("born_on", Kind.DATE, "出生日期", ("出生日期", "Data de nascimento", "Date of birth", "Data nasc")),
    FieldSpec("issued_on", Kind.DATE, "发出日期", (
        "本次发出日期", "本次发证日期", "本次签发日期", "发出日期", "签发日期", "发证日期", "Data de emissão",
        "Data da emissão", "Data desta emissão",
        "Data da última emissão", "Date of issue",
    )),
    FieldSpec("valid_to", Kind.DATE, "有效日期", (
        "有效日期", "有效期至", "有效期", "Válido até", "Data de validade", "Validade", "Date of expiry",
    )),
)  # fmt: skip
_OTHERS = {
    SURNAME: ("姓", "Apelido", "Apelidos", "Surname"),
    GIVEN: ("名", "Nome", "Nomes", "Nome próprio", "Given names"),
    "": ("首次发出日期", "首次发证日期", "首次签发日期", "初次发出日期", "Data da 1.ª emissão",
    "Data da primeira emissão", "1.ª emissão", "Data 1ª emissão",
    "身高", "Altura",
         "出生地", "Local de nascimento", "Naturalidade", "父母姓名", "父姓名", "母姓名", "Filiação", "婚姻状况",
         "Estado civil",
         "签名", "Assinatura", "Pai", "Mãe"),
}  # fmt: skip

_HAN_NAME = re.compile(f"{HAN}{{1,5}}")
_NO_NAME = re.compile("姓|名|[样樣]本|身份|居民|特别行政|特別行政|澳门|澳門")


def _characters(card: Card) -> dict[str, Field]:
    """The name in characters, which stands large beside the Latin one, without a label, in one line or one column."""
    parts = [label for label in card.labels if label.name in (SURNAME, GIVEN)]
    after = [label.middle for label in card.labels if label.name == "born_on"]
    if not parts or not after:
        return {}
    first, column = min(parts, key=lambda label: label.middle), max(label.right for label in parts)
    placed = [p for p in place(card.page.lines) if first.middle - 2 * first.height < p.middle < min(after)]
    names = [p for p in placed if _HAN_NAME.fullmatch(text := compact(p.line.text)) and not _NO_NAME.search(text)]
    # Surname and given name apart, or in the column of the labels, belong to these.
    if len(names) != 1 or len(compact(names[0].line.text)) < 2 or names[0].left < column + first.height / 2:
        return {}
    found = field_of(Span(((names[0].line,),)), Kind.PERSON)
    if found.status is Status.READ:
        # A syllable a character: where they do not match, the surname may have been lost.
        whole = _syllables(card) == len(str(found.value))
        found = found.model_copy(update={"reason": "unlabelled", "status": Status.READ if whole else Status.DOUBTFUL})
    return {"name": found}


def _syllables(card: Card) -> int:
    latin = (next((p.text for p in card.values(part) if p.text.isascii()), "") for part in (SURNAME, GIVEN))
    return sum(len(re.findall("[A-Za-z]+", text)) for text in latin)


DOCUMENT_TYPE = DocumentType(
    id="macau_identity_card",
    zh="澳门居民身份证",
    en="Macau resident identity card",
    fields=_SPECS,
    extract=partial(read_card, specs=_SPECS, others=_OTHERS, more=_characters),
    titles=("澳门永久性居民身份证", "澳门非永久性居民身份证", "澳门居民身份证",
        "BILHETEDEIDENTIDADEDERESIDENTEPERMANENTE",
            "BILHETEDEIDENTIDADEDERESIDENTE", "BilhetedeIdentidadedeResidente", "澳门特别行政区永久性居民身份证"),
    words=("澳门", "澳门特别行政区", "MACAU", "永久性居民身份证", "居民身份证", "Apelido", "APELIDO", "Nome",
        "nascimento",
           "Sexo", "emissão", "Válido", "出生日期", "首次发出日期", "发出日期", "有效日期", "身高"),
    against=("香港", "通行证", "居住证", "永久居留", "营业执照", "公民身份号码", "中华民国", "护照号"),
    numbers=("id_number",),
)  # fmt: skip
