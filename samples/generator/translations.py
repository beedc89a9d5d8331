"""A business licence translated into English, as a translation agency types it; sealed, or not yet."""

from __future__ import annotations

from samples.generator import english, stamps
from samples.generator.companies import Company
from samples.generator.draw import INK, Sheet
from samples.generator.fonts import SERIF, SERIF_BOLD, Faces
from samples.generator.form import Form, Row
from samples.generator.truth import Drawn


def licence(firm: Company, faces: Faces, seed: int, *, sealed: bool = True) -> Drawn:
    """One page of English text, with the company's round seal where `sealed`."""
    sheet = Sheet(210, 297, 6.6)
    form = Form("translation", sheet, Faces(SERIF, SERIF, SERIF, SERIF_BOLD, "latin"), size=4.6, colon=":")
    sheet.fill([(0, 0), (210, 0), (210, 14), (0, 14)], (28, 92, 158))
    sheet.text(28, 4, "LINGUA BRIDGE TRANSLATION SERVICES", SERIF_BOLD, 5, (255, 255, 255))
    sheet.text(105, 32, "BUSINESS LICENCE", SERIF_BOLD, 9, INK, align="centre")
    sheet.text(105, 45, "(Translation)", SERIF, 5, INK, align="centre")
    form.rows(
        28,
        66,
        [
            Row("Unified social credit code", firm.credit_code),
            Row("Name", english.name(firm)),
            Row("Type", "Limited liability company"),
            Row("Domicile", english.address(firm)),
            Row("Date of establishment", f"{firm.established_on:%Y-%m-%d}"),
            Row("Registered capital", f"RMB {firm.capital or 0:,.0f}"),
        ],
        label_width=52,
        width=100,
        pitch=13,
        gap=4,
    )
    sheet.paragraph(28, 166, "We certify that this is a true translation of the original document.", 150, SERIF, 4.4)
    form.put(182, 214, english.name(firm), align="right")
    form.put(182, 224, f"{firm.issued_on:%Y-%m-%d}", align="right")
    if sealed:
        sheet.picture(stamps.company_seal(firm.name, seed), 130, 196, 40)
    return Drawn("translation", sheet.pixels(), {})
