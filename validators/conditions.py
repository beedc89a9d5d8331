"""When a part of a profile applies: a condition on declared data, on what fills a slot, or on an earlier result.

    when: {declared.unit_kind: enterprise}                     equal
    when: {declared.unit_kind: [enterprise, institution]}      one of these
    when: {declared.registration_number: {length: 15}}         so many characters
    when: {declared.email: {present: true}}                    given at all
    when: {taxpayer_proof.type: {not: vat_invoice}}            another value
    when: [{…}, {…}]                                           any of these mappings; within one, all must hold

A value that is not known fulfils only `present: false` and `not`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

_REFERENCE = re.compile(r"[a-z_]+\.[a-z_]+")
_OPERATORS: dict[Any, Any] = {"length": int, "present": bool, "not": (str, bool, int)}


@dataclass(frozen=True, slots=True)
class Test:
    """One value against one expectation."""

    reference: str
    operator: str  # in, length, present, not
    expected: Any

    def holds(self, value: Any) -> bool:
        known = value not in (None, "")
        if self.operator == "present":
            return known is self.expected
        if self.operator == "not":
            return bool(value != self.expected)
        if self.operator == "length":
            return known and len(str(value).replace(" ", "")) == self.expected
        return known and value in self.expected


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives of tests that must all hold."""

    alternatives: tuple[tuple[Test, ...], ...]

    def holds(self, value_of: Callable[[str], Any]) -> bool:
        """Whether it is fulfilled, given the value of each reference (None where it is not known)."""
        return any(all(test.holds(value_of(test.reference)) for test in tests) for tests in self.alternatives)

    def references(self) -> Iterator[str]:
        for tests in self.alternatives:
            for test in tests:
                yield test.reference

    def __str__(self) -> str:
        return " or ".join(" and ".join(_told(test) for test in tests) for tests in self.alternatives)


def _told(test: Test) -> str:
    if test.operator == "in":
        return f"{test.reference} is {'/'.join(map(str, test.expected))}"
    return f"{test.reference} {test.operator} {test.expected}"


def parse(data: Any) -> Any:
    """A condition from YAML; ValueError says what is wrong with it."""
    if isinstance(data, Condition):
        return data
    alternatives = data if isinstance(data, list) else [data]
    if not alternatives or not all(isinstance(one, Mapping) and one for one in alternatives):
        raise ValueError("a mapping such as {declared.unit_kind: enterprise}, or a list of them, is expected")
    return Condition(tuple(tuple(_test(ref, given) for ref, given in one.items()) for one in alternatives))


def _test(reference: Any, given: Any) -> Test:
    if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
        raise ValueError(f"{reference!r} is no reference such as declared.unit_kind")
    if not isinstance(given, Mapping):
        values = given if isinstance(given, list) else [given]
        if not values or any(isinstance(value, list | dict) or value is None for value in values):
            raise ValueError(f"{reference}: a value or a list of values is expected")
        return Test(reference, "in", tuple(values))
    if len(given) != 1:
        raise ValueError(f"{reference}: one of {', '.join(_OPERATORS)} is expected")
    ((operator, expected),) = given.items()
    if operator not in _OPERATORS or not isinstance(expected, _OPERATORS[operator]):
        raise ValueError(f"{reference}: {operator!r} with {expected!r}; known: {', '.join(_OPERATORS)}")
    return Test(reference, str(operator), expected)


When = Annotated[Condition, BeforeValidator(parse)]
