"""Residence permits of Hong Kong, Macau and Taiwan residents: an ID card without ethnicity, with a permit number.

The side with the person's data prints no title: only the number's region (81, 82, 83) tells it from an ID card, so the
first digits of the number, as far as they hold for everyone born from 1900 to 2099, are titles of the type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from extractors import id_card
from extractors._person_card import read_card
from extractors.model import DocumentType, Field, FieldSpec, Kind, Page


def residence_permit(
    type_id: str, zh: str, en: str, regions: Sequence[str], permit: Kind, title: str, against: Sequence[str]
) -> DocumentType:
    """A residence permit whose numbers begin with one of the region codes (six digits)."""
    specs = (
        FieldSpec("name", Kind.PERSON, "姓名", ("姓名",), key=True, side="front"),
        FieldSpec("sex", Kind.CHOICE, "性别", ("性别",)),
        FieldSpec("born_on", Kind.DATE, "出生", ("出生",)),
        FieldSpec("address", Kind.ADDRESS, "住址", ("住址",)),
        FieldSpec("id_number", Kind.ID_NUMBER, "公民身份号码", ("公民身份号码",), key=True, side="front"),
        FieldSpec("issuing_authority", Kind.ORGANISATION, "签发机关", ("签发机关",)),
        FieldSpec("valid_from", Kind.DATE, "有效期起", ("有效期限",), key=True, side="back"),
        FieldSpec("valid_to", Kind.DATE, "有效期止", ("有效期限",), key=True, side="back"),
        FieldSpec("valid_to_is_indefinite", Kind.FLAG, "长期有效"),
        FieldSpec("permit_number", permit, "通行证号码", ("通行证号码", "通行证号", "证件号码")),
        FieldSpec("issue_count", Kind.DIGITS, "签发次数", ("签发次数", "换证次数")),
    )
    numbers = id_card.numbers_of(regions)
    return DocumentType(
        id=type_id,
        zh=zh,
        en=en,
        fields=specs,
        extract=_reader(specs),
        titles=(title, *numbers, *(f"{label}{number}" for label in ("公民身份号码", "身份号码") for number in numbers)),
        words=("姓名", "性别", "出生", "住址", "公民身份", "身份号码", "公民身份号码", "性别男", "性别女", "签发机关",
               "有效期限", "居住证", "通行证号码", "签发次数", "公安局", title),
        against=(
            "营业执照", "民族", "居民身份证", "来往内地", "来往大陆", "护照", "永久居留", "发票", "驾驶证", "准驾车型",
            "户口", *against,
        ),
        sides=id_card.sides,
        coloured=True,
        portrait=True,
        numbers=("id_number",),
    )  # fmt: skip


def _reader(specs: Sequence[FieldSpec]) -> Callable[[Sequence[Page]], dict[str, Field]]:
    own = [spec.name for spec in specs]
    beside = [spec for spec in specs if spec.name in ("permit_number", "issue_count")]
    others = {"": [label for spec in specs if spec not in beside for label in spec.labels]}

    def extract(pages: Sequence[Page]) -> dict[str, Field]:
        found = id_card.extract(pages) | read_card(pages, beside, others)
        return {name: value for name, value in found.items() if name in own}

    return extract
