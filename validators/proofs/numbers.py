"""Numbers by their form and check digits; misread characters repaired where check digits leave one way only.

Read by OCR, a wrong check digit is a misreading or a forgery, and one reading cannot say which: review.
It is a proven violation where the file carries the characters themselves, or where two prints were read
alike with high confidence. A wrong length is never proof: the reader or the layout may have cut it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from extractors.model import Field, Kind, Status
from validators.findings import Verdict
from validators.identifiers import (
    account_number,
    approval_number,
    citizen_id,
    credit_code,
    customs_number,
    foreign_resident_id,
    hk_id,
    hk_macau_permit,
    invoice_code,
    invoice_number,
    macau_id,
    mrz,
    organisation_code,
    passport_number,
    permit_number,
    regions,
    registration_number,
    taiwan_id,
    taiwan_permit,
    tax_id,
)
from validators.identifiers.text import Repair, compact
from validators.normalise import normalised
from validators.proofs.base import HIGH_CONFIDENCE, LOW_CONFIDENCE, Proof


@dataclass(frozen=True, slots=True)
class NumberRule:
    """How a kind of number is proven and what its failures are called."""

    validate: Callable[[str], str]
    malformed: str
    checksum: str = ""
    component: str = ""
    proven: Callable[[str], bool] = lambda _: False  # the number's own check digits vouch for it
    strong: bool = False  # two check digits: a chance hit is 1 in 341, against 1 in 10 or 11 for one
    repair: Callable[[str], Repair | None] = lambda _: None
    region: Callable[[str], bool] = lambda _: True


RULES = {
    Kind.CREDIT_CODE: NumberRule(
        credit_code.validate, "ID_CREDIT_CODE_FORMAT", "ID_CREDIT_CODE_CHECKSUM", "ID_CREDIT_CODE_CHECKSUM",
        proven=credit_code.is_valid, strong=True, repair=credit_code.repair, region=regions.of_credit_code,
    ),
    Kind.TAX_ID: NumberRule(
        tax_id.validate, "ID_TAX_ID_FORMAT", "ID_TAX_ID_CHECKSUM", "ID_TAX_ID_CHECKSUM",
        proven=tax_id.has_check_digit, strong=True, repair=tax_id.repair,
    ),
    Kind.REGISTRATION_NUMBER: NumberRule(
        registration_number.validate, "ID_REGISTRATION_NUMBER_FORMAT", "ID_REGISTRATION_NUMBER_CHECKSUM",
        proven=registration_number.is_valid, repair=registration_number.repair,
    ),
    Kind.ID_NUMBER: NumberRule(
        citizen_id.validate, "ID_NUMBER_FORMAT", "ID_NUMBER_CHECKSUM", "ID_NUMBER_DATE",
        proven=lambda number: len(compact(number)) == 18 and citizen_id.is_valid(number),
        repair=citizen_id.repair, region=regions.of_citizen_id,
    ),
    Kind.APPROVAL_NUMBER: NumberRule(approval_number.validate, "ID_APPROVAL_NUMBER_FORMAT"),
    Kind.PERMIT_NUMBER: NumberRule(permit_number.validate, "ID_PERMIT_NUMBER_FORMAT"),
    Kind.CUSTOMS_NUMBER: NumberRule(
        customs_number.validate, "ID_CUSTOMS_NUMBER_FORMAT", component="ID_CUSTOMS_NUMBER_FORMAT"
    ),
    Kind.ACCOUNT_NUMBER: NumberRule(account_number.validate, "ID_ACCOUNT_NUMBER_FORMAT"),
    Kind.INVOICE_CODE: NumberRule(invoice_code.validate, "INVOICE_CODE_FORMAT"),
    Kind.INVOICE_NUMBER: NumberRule(
        invoice_number.validate, "INVOICE_NUMBER_FORMAT", component="INVOICE_NUMBER_FORMAT"
    ),
    Kind.ORGANISATION_CODE: NumberRule(
        organisation_code.validate, "ID_ORGANISATION_CODE_FORMAT", "ID_ORGANISATION_CODE_CHECKSUM",
        proven=organisation_code.is_valid,
    ),
    Kind.PASSPORT_NUMBER: NumberRule(passport_number.validate, "ID_PASSPORT_NUMBER_FORMAT"),
    Kind.HK_MACAU_PERMIT: NumberRule(hk_macau_permit.validate, "ID_HK_MACAU_PERMIT_FORMAT"),
    Kind.TAIWAN_PERMIT: NumberRule(taiwan_permit.validate, "ID_TAIWAN_PERMIT_FORMAT"),
    Kind.FOREIGN_RESIDENT_ID: NumberRule(
        foreign_resident_id.validate, "ID_FOREIGN_RESIDENT_FORMAT", "ID_FOREIGN_RESIDENT_CHECKSUM", "ID_NUMBER_DATE",
        proven=foreign_resident_id.has_check_digit, repair=foreign_resident_id.repair,
    ),
    Kind.HK_ID: NumberRule(
        hk_id.validate, "ID_HK_ID_FORMAT", "ID_HK_ID_CHECKSUM", proven=hk_id.is_valid, repair=hk_id.repair
    ),
    Kind.MACAU_ID: NumberRule(macau_id.validate, "ID_MACAU_ID_FORMAT"),
    Kind.TAIWAN_ID: NumberRule(
        taiwan_id.validate, "ID_TAIWAN_ID_FORMAT", "ID_TAIWAN_ID_CHECKSUM",
        proven=taiwan_id.is_valid, repair=taiwan_id.repair,
    ),
    Kind.MRZ: NumberRule(
        mrz.validate, "ID_MRZ_FORMAT", "ID_MRZ_CHECKSUM", proven=mrz.is_valid, strong=True, repair=mrz.repair
    ),
}  # fmt: skip


def prove_number(proof: Proof, name: str, kind: Kind) -> None:
    """Mark one number verified or doubtful; what has no check digit keeps its status if well-formed."""
    rule, found = RULES[kind], proof.fields[name]
    text = str(found.value)
    try:
        value = rule.validate(text)
    except ValidationError as error:
        if not proof.is_text and (repair := rule.repair(found.raw) or rule.repair(text)):
            _verify(proof, name, rule, repair.value, "repaired")
            proof.report("ID_REPAIRED", name, raw=repair.raw, actual=repair.value)
        else:
            _fail(proof, name, kind, error)
        return
    if rule.proven(text):
        _verify(proof, name, rule, value, "check_digit")
    elif len(compact(value)) == len(compact(text)):  # the 15-digit ID number stays as printed
        proof.fields[name] = found.model_copy(update={"value": value})
    if not rule.region(value):
        proof.report("ID_REGION_UNKNOWN", name, actual=value)


def is_proven(kind: Kind, text: str) -> bool:
    """Whether the check digits of a number say it was read right."""
    return kind in RULES and RULES[kind].proven(text)


def _verify(proof: Proof, name: str, rule: NumberRule, value: str, reason: str) -> None:
    """One check digit does not lift a reading the reader itself doubts: a garbled one passes once in ten."""
    if rule.strong or proof.fields[name].confidence >= LOW_CONFIDENCE:
        proof.mark(name, Status.VERIFIED, reason, value=value)
    else:
        proof.mark(name, Status.DOUBTFUL, "low_confidence", value=value)


def _fail(proof: Proof, name: str, kind: Kind, error: ValidationError) -> None:
    rule, found = RULES[kind], proof.fields[name]
    code, verdict = rule.malformed, None
    if isinstance(error, credit_code.InvalidOrganisationCode):
        code = "ID_CREDIT_CODE_ORGANISATION"
    elif isinstance(error, InvalidChecksum | InvalidComponent):
        code = rule.checksum if isinstance(error, InvalidChecksum) else rule.component
        verdict = Verdict.REJECT if proof.is_text or _read_twice(found, kind) else None
    proof.mark(name, Status.DOUBTFUL, "malformed" if code == rule.malformed else "check_digit_wrong")
    proof.report(code, name, verdict=verdict, actual=found.value)


def _read_twice(found: Field, kind: Kind) -> bool:
    own = normalised(kind, str(found.value))
    return found.confidence >= HIGH_CONFIDENCE and any(normalised(kind, other) == own for other in found.alternates)
