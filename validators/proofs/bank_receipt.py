"""A bank's receipt: words = figures, payer and payee two parties, and a payment that was made."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.currency import amount_in_words
from extractors.model import Kind, Status
from validators.normalise import normalised
from validators.proofs.base import Proof

_NOT_DONE = re.compile(
    r"失败|退汇|退回|拒绝|驳回|撤销|取消|未成功|已冲正|不成功|failed|rejected|returned", re.IGNORECASE
)
_PENDING = re.compile(r"待|处理中|受理中|审批中|提交|未处理|pending|processing", re.IGNORECASE)
_VOID = re.compile(r"(?<!未)作废")


def prove(proof: Proof) -> None:
    """All cross-checks of one receipt."""
    _prove_words(proof)
    _prove_parties(proof)
    state = str(proof.value("payment_status") or "")
    if _NOT_DONE.search(state) or _VOID.search(state) or _PENDING.search(state):
        proof.mark("payment_status", Status.DOUBTFUL, "not_done")
        proof.report("FIELD_PAYMENT_NOT_DONE", "payment_status", actual=state)


def _prove_words(proof: Proof) -> None:
    """Two ways of writing one amount prove each other; an amount taken from the words proves nothing."""
    figures, words = proof.get("amount"), proof.get("amount_in_words")
    if figures is None or words is None or figures.reason == "from_words":
        return
    spoken = amount_in_words(str(words.value))
    if spoken is None or not isinstance(figures.value, Decimal):
        return
    agree = spoken == figures.value
    for name in ("amount", "amount_in_words"):
        proof.mark(name, Status.VERIFIED if agree else Status.DOUBTFUL, "words_agree" if agree else "words_differ")
    if not agree:
        proof.report("FIELD_WORDS_DIFFER", "amount", expected=spoken, actual=figures.value)


def _prove_parties(proof: Proof) -> None:
    """The same account on both sides: one column was taken for the other."""
    for name, kind in (("account", Kind.ACCOUNT_NUMBER), ("name", Kind.ORGANISATION)):
        payer, payee = proof.value(f"payer_{name}"), proof.value(f"payee_{name}")
        if payer and payee and normalised(kind, str(payer)) == normalised(kind, str(payee)):
            for side in ("payer", "payee"):
                proof.mark(f"{side}_name", Status.DOUBTFUL, "parties_alike")
            proof.report("FIELD_PARTIES_ALIKE", "payer_name")
            return
