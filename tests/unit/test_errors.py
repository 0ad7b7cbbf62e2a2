from __future__ import annotations

import pytest

from tests.people import EVERYONE
from veje.errors import BadInput, NoRoom, OverLimit, Unsafe, VejeError, near, shown, some


def test_exit_codes_are_the_operators():
    assert [kind.exit_code for kind in (BadInput, OverLimit, NoRoom, Unsafe, VejeError)] == [
        10,
        11,
        30,
        40,
        50,
    ]
    assert all(issubclass(kind, VejeError) for kind in (BadInput, OverLimit, NoRoom, Unsafe))


@pytest.mark.parametrize(
    ("name", "known", "clause"),
    [
        ("treshold", ["threshold", "rounding", "rule"], "did you mean 'threshold'?"),
        ("THRESHOLD", ["threshold", "rounding"], "did you mean 'threshold'?"),
        ("from", ["FROM_", "to"], "did you mean 'FROM_'?"),
        ("k_mix", ["k_min", "k_max", "ward"], "did you mean 'k_min' or 'k_max'?"),
        ("xyz", ["threshold", "rounding"], "known: rounding, threshold"),
        ("xyz", [], "known: "),
    ],
)
def test_near_names(name, known, clause):
    assert near(name, known) == clause


def test_a_long_list_is_cut():
    assert some(["a", "b"]) == "a, b"
    assert some([str(i) for i in range(12)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11"
    assert some([str(i) for i in range(13)]).endswith("10, 11 and 1 others")
    assert near("x", [f"Y_{i:04d}" for i in range(3000)]).endswith("and 2,988 others")


def test_names_that_may_be_identifiers_are_not_repeated():
    for person in EVERYONE:
        assert shown(person.pnr) == "(not shown)"
        assert shown(f"{person.pnr[:6]}-{person.pnr[6:]}") == "(not shown)"
        assert person.pnr not in near("pnr", [person.pnr, "kom"])
    assert shown("x" * 41) == "(not shown)"
    for name in ("Y_0801", "BRANCHE_2008_01", "111", "joblessness", "FØDSDATO", ""):
        assert shown(name) == name
