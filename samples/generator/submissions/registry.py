"""The table some samples are checked against: `heyan check … --registry samples/registry.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from samples.generator.companies import Company

TABLE = "samples/registry.csv"  # as a sample's `settings` name it
HEADINGS = ("统一社会信用代码", "企业名称", "法定代表人", "法定代表人证件号", "登记状态", "数据日期")
ACTIVE, REVOKED, DAY = "存续（在营、开业、在册）", "吊销，未注销", "2026-11-01"


def row(firm: Company, number: str = "", status: str = ACTIVE) -> tuple[str, ...]:
    """A company as registered; `number` is its representative's, where that is no resident ID."""
    return firm.credit_code, firm.name, firm.representative, number or firm.person.id_number, status, DAY


def write(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADINGS)
        writer.writerows(rows)
