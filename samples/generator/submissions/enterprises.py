"""Enterprise name verification and Rongyishou with resident ID cards: what pictures and papers may be like."""

from __future__ import annotations

from dataclasses import replace

from samples.generator import companies, id_card, licence, people, permit, photograph, truth
from samples.generator.companies import Company
from samples.generator.licence import Style
from samples.generator.packet import RONGYISHOU, Packet
from samples.generator.pdf import scanned
from samples.generator.submissions.listing import sample


def _rest(p: Packet, *leave_out: str) -> None:
    """The papers a case is not about, all in order."""
    for part in ("licence", "id_front", "id_back", "permit"):
        if part not in leave_out:
            getattr(p, part)()


@sample(why="Clean scans of everything, the declaration equal to the papers.")
def accept_scans(p: Packet) -> None:
    p.enterprise(term="dated")
    _rest(p)


@sample(why="Careful phone photos; basic deposit account information in place of the permit; invoice as PDF.")
def accept_phone_photos(p: Packet) -> None:
    p.preset = "photo"
    p.enterprise(term="long", permit_era=False)
    p.licence(Style(show_term=False))
    p.id_front()
    p.id_back()
    p.account_info()
    p.invoice("digital_special", as_pdf=True)


@sample(why="Every page lies turned; none of that matters.")
def accept_rotated_pages(p: Packet) -> None:
    p.enterprise(term="dated")
    p.licence(rotation=90)
    p.id_front(rotation=180)
    p.id_back(rotation=270)
    p.permit(rotation=180)


@sample(why="A portrait licence of 2015–2018 with the credit code under the title.")
def accept_portrait_licence(p: Packet) -> None:
    p.preset = "photo"
    p.enterprise(old=True, term="dated")
    p.licence(Style(form="2015", capital=1))
    _rest(p, "licence")


@sample(why="Both sides of the ID card on one copied page fill both slots.")
def accept_both_sides_one_page(p: Packet) -> None:
    p.enterprise(term="long", long_name=True, permit_era=False)
    p.licence()
    p.id_sides()
    p.account_info(table=True)


@sample(why="An individual business: 经营者 instead of 法定代表人, no capital, no term.")
def accept_individual_business(p: Packet) -> None:
    p.enterprise("individual")
    _rest(p)


@sample(why="One scanned PDF with licence, both card sides and permit on its pages; nothing says which is which.")
def accept_one_pdf(p: Packet) -> None:
    p.listed = False
    firm = p.enterprise("joint_stock", term="dated")
    drawings = [
        licence.draw(firm, p.faces, Style(capital=2), 4),
        id_card.front(firm.person, p.faces, 1),
        id_card.back(firm.person, p.faces, 1),
        permit.permit(firm, p.faces, 5),
    ]
    pages = [p.take(drawing) for drawing in drawings]
    documents = [truth.document(page) | {"page": n} for n, page in enumerate(pages, 1)]
    data = scanned([photograph.jpeg(page.image, 78) for page in pages])
    p.add_pdf("onboarding.pdf", "", data, {"documents": documents})


@sample(why="Rongyishou: general taxpayer, own invoices at 13 %, digital special invoice as PDF.")
def accept_rongyishou(p: Packet) -> None:
    p.profile = RONGYISHOU
    p.enterprise(term="dated")
    p.declared |= {"general_taxpayer_passed": True, "invoicing_rate": "6"}
    _rest(p)
    p.invoice("digital_special", as_pdf=True)


@sample(why="Rongyishou for a partnership with a person as managing partner, invited by a buyer.")
def accept_partnership(p: Packet) -> None:
    p.profile, p.preset = RONGYISHOU, "photo"
    firm = p.enterprise("partnership", term="long")
    p.firm = replace(firm, representative=firm.person.name)
    p.declared |= {"legal_representative": firm.person.name, "buyer_invitation": True}
    _rest(p)


@sample(why="The licence's credit code is out of focus: it cannot be compared.")
def review_blurred_code(p: Packet) -> None:
    p.enterprise(term="dated")
    p.licence(flaws=(("blur", {"severity": 0.75, "field": "credit_code"}),))
    _rest(p, "licence")


@sample(why="A lamp reflects on the credit code: part of it is not there to be read.")
def review_glare_on_credit_code(p: Packet) -> None:
    p.preset = "photo"
    p.enterprise(term="long")
    p.licence(flaws=(("glare", {"severity": 1.0, "field": "credit_code"}),))
    _rest(p, "licence")


@sample("MATCH_UNCERTAIN", why="The declared name differs by one look-alike character (土 for 士): a person must look.")
def review_lookalike_name(p: Packet) -> None:
    firm = p.enterprise(term="dated")
    printed = replace(firm, name=firm.name.replace(_brand(firm), "博士达"))
    p.firm = printed
    p.declared |= {"company_name": printed.name.replace("士", "土"), "account_name": printed.name.replace("士", "土")}
    _rest(p)


@sample(why="A second red seal lies across the company name: read with and without the ink, it is the same.")
def accept_seal_on_the_name(p: Packet) -> None:
    p.enterprise(term="dated")
    p.licence(Style(seal_over="name"))
    _rest(p, "licence")


@sample(why="A stamp in dark ink hides part of the company name on the licence.")
def review_stamp_over_name(p: Packet) -> None:
    p.enterprise(term="dated")
    p.licence(Style(seal_over="name", seal_ink=(44, 36, 60)))
    _rest(p, "licence")


@sample(why="The ID card's portrait side is blurred beyond reading.")
def review_unreadable_id(p: Packet) -> None:
    p.preset = "photo"
    p.enterprise(term="dated")
    _rest(p, "id_front")
    p.id_front(flaws=(("blur", {"severity": 1.0}),))


@sample("MATCH_DIFFERENT", why="The licence is another company's than the one declared.")
def reject_other_company(p: Packet) -> None:
    firm = p.enterprise(term="dated")
    p.declared |= dict.fromkeys(("company_name", "account_name"), firm.name.replace(_brand(firm), "远航嘉业"))
    _rest(p)


@sample("PROFILE_DECLARED_MALFORMED", "MATCH_DIFFERENT", why="The declared credit code has a wrong check digit.")
def reject_credit_code_check_digit(p: Packet) -> None:
    code = p.enterprise(term="dated").credit_code
    p.declared["credit_code"] = code[:-1] + ("4" if code[-1] != "4" else "7")
    _rest(p)


@sample("DATE_EXPIRED", why="The ID card has run out.")
def reject_expired_id(p: Packet) -> None:
    p.preset = "photo"
    head = people.person(p.rng, expired=True)
    p.enterprise(representative=head, term="long")
    _rest(p)


@sample("DATE_EXPIRED", why="The licence's term is over.")
def reject_licence_term_over(p: Packet) -> None:
    p.enterprise(term="expired")
    p.licence(Style(capital=3))
    _rest(p, "licence")


@sample("CROSS_DIFFERENT", "MATCH_DIFFERENT", why="The ID card is somebody else's than the legal representative's.")
def reject_id_of_another_person(p: Packet) -> None:
    p.enterprise(term="dated")
    other = people.person(p.rng)
    p.licence()
    p.id_front(other)
    p.id_back(other)
    p.permit()


@sample("CROSS_DIFFERENT", "MATCH_DIFFERENT", why="The account permit belongs to another company.")
def reject_permit_of_another_company(p: Packet) -> None:
    p.preset = "photo"
    p.enterprise(term="long")
    _rest(p, "permit")
    p.permit(companies.company(p.rng, permit_era=True))


@sample("QUALITY_GREY", why="Black-and-white copies of the ID card where colour is asked for.")
def reject_grey_copy(p: Packet) -> None:
    p.enterprise(term="dated")
    copied = (("grey_copy", {"severity": 0.3}),)
    _rest(p, "id_front", "id_back")
    p.id_front(flaws=copied)
    p.id_back(flaws=copied)


@sample("PROFILE_CONDITION_NOT_MET", why="The taxpayer proof was issued by the tax bureau for the company (代开).")
def reject_agent_issued_invoice(p: Packet) -> None:
    p.enterprise(term="dated")
    _rest(p)
    p.invoice("special", by_tax_bureau=True)


@sample("PROFILE_CONDITION_NOT_MET", why="The taxpayer proof is a small-scale taxpayer's special invoice at 3 %.")
def reject_small_scale_invoice(p: Packet) -> None:
    p.enterprise(term="dated")
    _rest(p)
    p.invoice("special", rate=3)


@sample("TYPE_WRONG", why="The permit's slot holds a VAT invoice.")
def reject_wrong_document(p: Packet) -> None:
    p.enterprise(term="long")
    _rest(p, "permit")
    p.invoice("electronic_ordinary")
    p.documents[-1]["slot"] = "account_permit"


def _brand(firm: Company) -> str:
    return next(b for b in companies.BRANDS if b in firm.name)
