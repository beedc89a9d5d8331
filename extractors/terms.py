"""Terms as certificates print them: from … to …, until … alone, for good."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from extractors.model import FieldValue
from extractors.values import compact, find_dates, parse_date, parse_term

# Systems print "never" as the last day they can hold.
_NEVER = re.compile(r"(?:9999|3999|2999)[-./年]?12[-./月]?31日?")
_UNTIL = re.compile(r"[至到止\-—–~～/]|until|till|to|through", re.IGNORECASE)
_OPEN_BEGIN = re.compile(r"[自从由][^至到止]*起?$")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of validity; `end` is None where it is indefinite or not printed."""

    begin: date | None
    end: date | None
    indefinite: bool = False

    @property
    def has_end(self) -> bool:
        return self.indefinite or self.end is not None

    @property
    def only(self) -> date | None:
        """The one day of a text that holds one."""
        return self.begin or self.end


def read_term(text: str, read: Callable[[str], FieldValue] | None = None) -> Term | None:
    """The term a text holds; None where it holds none, or more than one. `read` parses a single day its own way.

    >>> read_term("自2020年1月2日至2025年1月1日止")
    Term(begin=datetime.date(2020, 1, 2), end=datetime.date(2025, 1, 1), indefinite=False)
    >>> read_term("至 2025年1月1日").end, read_term("自2020年1月2日起").end, read_term("长期").indefinite
    (datetime.date(2025, 1, 1), None, True)
    """
    if never := _NEVER.search(compact(text)):
        days = [day for day, _, _ in find_dates(compact(text)[: never.start()])]
        return Term(days[0] if len(days) == 1 else None, None, True) if len(days) <= 1 else None
    term = parse_term(text)
    if term and (term[2] or _joined(text)):
        return Term(*term)
    day = parse_date(text) or (read(text) if read else None)
    if not isinstance(day, date):
        return None
    squeezed = compact(text)
    return Term(day, None) if _OPEN_BEGIN.match(squeezed) or _breaks_off(squeezed) else Term(None, day)


def _breaks_off(squeezed: str) -> bool:
    """Whether the one day of a text is where a term begins, though its end was not read: 自2025年8月19日至200年8月."""
    days = find_dates(squeezed)
    return bool(days) and bool(re.match(r"[至到]", squeezed[days[0][2] :]))


def _joined(text: str) -> bool:
    """Whether the two days of a text are the ends of one term: 至 or a dash stands between them."""
    squeezed = compact(text)
    (_, _, end), (_, start, _) = find_dates(squeezed)[:2]
    return bool(_UNTIL.search(squeezed[end:start]))
