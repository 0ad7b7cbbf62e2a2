"""Colours: CIEDE2000 against printed pairs, and alphabets in grey and for colour-blind readers."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from veje import io
from veje.contracts import data_schema
from veje.errors import BadInput
from veje.figures.palette import APART, GREY_APART, VISIONS, difference, lab, patterns, told_apart
from veje.figures.style import SCENARIO_COLOURS, Fill, luminance, new_figure, png, ramp, shade
from veje.lists import read_alphabet

# Sharma, Wu & Dalal 2005, table 1: lines 1, 4, 7, 9, 13, 17, 19, 25, 29, 33 and 34.
PRINTED = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0009), 7.1792),
    ((50, -0.0010, 2.4900), (50, 0.0009, -2.4900), 4.8045),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (56, -27, -3), 31.9030),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]
LISTS = sorted(path.stem for path in (data_schema() / "alphabets").glob("*.csv"))


@pytest.mark.parametrize(("one", "other", "printed"), PRINTED)
def test_the_difference_is_the_printed_one(one, other, printed) -> None:
    assert difference(one, other) == pytest.approx(printed, abs=5e-5)
    assert difference(other, one) == pytest.approx(printed, abs=5e-5)


def test_white_stays_white_in_every_vision_and_red_is_no_longer_unlike_green() -> None:
    for vision in VISIONS:
        assert lab("#FFFFFF", vision) == pytest.approx((100, 0, 0), abs=0.05)
    # A red and a green of like lightness: far apart, but not for who has no green cones.
    seen = [
        difference(lab("#B05A3C", vision), lab("#6B7F2A", vision)) for vision in ("normal", "deuteranopia")
    ]
    assert seen[0] > 3 * seen[1]


@pytest.mark.parametrize("name", LISTS)
def test_states_of_one_pattern_differ_for_every_reader_and_in_grey(name) -> None:
    colours = read_alphabet(io.read_list(name, "alphabets"), name).colours
    given = patterns(colours)
    for (one, first), (other, second) in combinations(zip(colours, given, strict=True), 2):
        if first == second:
            assert abs(lab(one)[0] - lab(other)[0]) >= GREY_APART, (one, other)
            for vision in VISIONS:
                assert difference(lab(one, vision), lab(other, vision)) >= APART, (one, other, vision)
    assert len(set(given)) < len(given) / 2, "colours do most of the work"


def test_the_commonest_states_are_plain() -> None:
    alphabet = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
    given = dict(zip(alphabet.states, patterns(alphabet.colours), strict=True))
    plain = ("wage_earner", "unemployment_benefit", "sickness_benefit", "cash_benefit")
    assert {given[state] for state in plain} == {""}


def test_alike_colours_get_patterns_of_their_own() -> None:
    assert len(set(patterns(("#CC0000", "#CC0001", "#D00000")))) == 3
    with pytest.raises(BadInput, match="colour of state 9"):
        patterns(("#777777",) * 9)


def test_a_pattern_is_seen_in_grey() -> None:
    for colour in ("#222255", "#228833", "#EE8866", "#88CCAA"):
        assert abs(lab(colour)[0] - lab(shade(colour))[0]) > 15, colour
    figure = new_figure(1, 1)
    figure.add_axes((0, 0, 1, 1)).bar([0], [1], **Fill("#228833", "....").looks)
    flat = new_figure(1, 1)
    flat.add_axes((0, 0, 1, 1)).bar([0], [1], **Fill("#228833").looks)
    assert png(figure) != png(flat)


def test_neighbours_in_bars_and_lines_are_told_apart() -> None:
    for colours in (ramp(5), list(SCENARIO_COLOURS.values())):
        for one, other in pairwise(colours):
            assert told_apart(one, other), (one, other)
    assert all(luminance(colour) < 0.6 for colour in ramp(6, 0.8)), "a line is seen on white"
    assert np.all(np.diff([luminance(colour) for colour in ramp(8)]) > 0)
