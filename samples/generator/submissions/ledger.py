"""A folder of invoices as an accountant keeps it, for `heyan invoices`: every carrier, and what goes wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from samples.generator import companies, invoice, ofd, trade
from samples.generator.family import Family, Paper
from samples.generator.trade import CENT, Invoice

OURS = Family("ledger")
FIRM = companies.company(OURS.rng("firm"), term="long")


def _bought(key: str, kind: str, day: int, **options: int) -> Invoice:
    seller = companies.company(OURS.rng(f"{key}-seller"))
    return trade.invoice(OURS.rng(key), seller, FIRM, kind, issued_on=date(2026, 10, day), **options)


def _red(made: Invoice) -> Invoice:
    """The red-letter invoice that takes another one back."""
    again = _bought("red", made.kind, 28)
    lines = tuple(
        replace(i, amount=-i.amount, tax=-i.tax, quantity=None if i.quantity is None else -i.quantity)
        for i in made.items
    )
    return replace(again, seller=made.seller, items=lines, remarks=f"被红冲蓝字数电票号码：{made.number}")


def _raised(made: Invoice) -> Invoice:
    """One line and the total of a print raised by a thousand; the tax and the words are left as they were."""
    first, *others = made.items
    return replace(made, items=(replace(first, amount=first.amount + 1000 * CENT * 100), *others))


def papers() -> dict[str, Paper]:
    """The files by their place in the folder."""
    services, parts = _bought("services", "digital_ordinary", 9), _bought("parts", "digital_special", 12, rate=13)
    food, tools = _bought("food", "electronic_ordinary", 15), _bought("tools", "special", 16, rate=13)
    changed = _bought("changed", "digital_ordinary", 20)
    page = OURS.pdf("parts", lambda faces, seed: invoice.draw(parts, faces, seed))
    return {
        "services.xml": OURS.xml("services", lambda faces, seed: ofd.xml(services)),
        "parts.pdf": page,
        "copies/parts-again.pdf": page,
        "food.ofd": OURS.ofd("food", lambda faces, seed: ofd.draw(food, faces, seed)),
        "tools.jpg": OURS.picture("tools", lambda faces, seed: invoice.draw(tools, faces, seed)),
        "changed.pdf": OURS.pdf(
            "changed", lambda faces, seed: invoice.draw(_raised(changed), faces, seed, issued=changed)
        ),
        "returned.zip": OURS.bundle(
            "returned",
            OURS.xml("red", lambda faces, seed: ofd.xml(_red(parts))),
            OURS.pdf("red", lambda faces, seed: invoice.draw(_red(parts), faces, seed)),
        ),
    }


def write(folder: Path) -> None:
    """Writes the folder; nothing else lies in it."""
    for place, paper in papers().items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(paper.data)
