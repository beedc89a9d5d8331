"""When a part of a profile applies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validators.conditions import parse

KNOWN = {"declared.kind": "enterprise", "declared.number": "440301103097413", "declared.flag": True, "proof.type": None}


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ({"declared.kind": "enterprise"}, True),
        ({"declared.kind": "institution"}, False),
        ({"declared.kind": ["institution", "enterprise"]}, True),
        ({"declared.number": {"length": 15}}, True),
        ({"declared.number": {"length": 18}}, False),
        ({"declared.flag": True}, True),
        ({"declared.flag": {"not": True}}, False),
        ({"declared.other": {"not": True}}, True),
        ({"declared.other": "enterprise"}, False),
        ({"declared.other": {"length": 0}}, False),
        ({"declared.other": {"present": False}}, True),
        ({"proof.type": {"present": True}}, False),
        ({"declared.kind": "enterprise", "declared.flag": False}, False),
        ([{"declared.kind": "institution"}, {"declared.flag": True}], True),
    ],
)
def test_a_condition_holds_only_on_what_is_known(written, holds):
    assert parse(written).holds(KNOWN.get) is holds


@pytest.mark.parametrize(
    "written",
    ["enterprise", [], {}, [{}], {"kind": "x"}, {"declared.kind": None}, {"declared.kind": []}, {"declared.kind": {}},
     {"declared.kind": {"longer": 3}}, {"declared.kind": {"length": "15"}}, {"declared.kind": [["a"]]}],
)  # fmt: skip
def test_what_is_no_condition_is_refused(written):
    with pytest.raises(ValueError, match=r"\S"):
        parse(written)


WRITTEN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(WRITTEN)
def test_anything_else_is_refused_or_taken_but_never_breaks(written):
    try:
        condition = parse(written)
    except ValueError:
        return
    assert condition.holds(lambda _: None) in (True, False)
