"""Six people in two municipalities, grouped by the run and by variants that move some of them."""

from __future__ import annotations

import polars as pl
import pytest

from tests.people import table
from veje.contracts import check
from veje.disclosure import release
from veje.lists import read_alphabet
from veje.published import read_figures
from veje.sensitivity import Solution, build_sensitivity, far_from, printed_profiles, profiles_of
from veje.settings import Disclosure
from veje.tables.sensitivity import sensitivity_figures

ALPHABET = read_alphabet(
    pl.DataFrame({"state": ["work", "sick"], "label_en": ["W", "S"], "colour": ["#000000"] * 2}), "small"
)
STUDY = read_alphabet(pl.read_csv("data_schema/alphabets/caswell9.csv"), "caswell9")
AREAS = ["all", "herning", "viborg"]
W, S = 0, 1
# Anna to Carl live in Herning, Dora to Finn in Viborg; four quarters each.
PATHS = {1: [W, W, W, W], 2: [W, W, W, S], 3: [S, S, S, S], 4: [W, W, W, W], 5: [S, S, S, S], 6: [S, S, S, W]}
LIVES = {1: "herning", 2: "herning", 3: "herning", 4: "viborg", 5: "viborg", 6: "viborg"}
RUN = ["worked", "worked", "ill", "worked", "ill", "ill"]


def solution(types: list[str], clusters: list[int] | None = None) -> Solution:
    """Group the people by their types; clusters are the types' numbers unless they are given."""
    numbers = [sorted(set(types)).index(one) for one in types] if clusters is None else clusters
    rows = [
        {
            "person": p,
            "area": LIVES[p],
            "sequence": sorted(PATHS.values()).index(path),
            "states": path,
            "type_pooled": name,
            "type_own": name,
        }
        | {"cluster_pooled": number, "cluster_own": number}
        for (p, path), name, number in zip(PATHS.items(), types, numbers, strict=True)
    ]
    quality = [{"area": area, "k": len(set(numbers)), "chosen": True} for area in AREAS]
    return Solution(table("sequences", rows), table("quality", quality), table("types", rows))


def compare(**variants: Solution) -> pl.DataFrame:
    return check(build_sensitivity(solution(RUN), variants.items(), ALPHABET, AREAS), "sensitivity")


def value(frame: pl.DataFrame, variant: str, key: str, area: str = "all") -> float:
    return frame.filter(variant=variant, key=key, area=area, type_key="")["value"].item()


def test_the_run_agrees_with_itself_and_lies_on_its_own_profiles() -> None:
    made = compare()
    for area in AREAS:
        assert value(made, "base", "adjusted_rand", area) == 1
        assert value(made, "base", "profile_distance", area) == 0
    assert value(made, "base", "matched_profiles") == 4
    assert value(made, "base", "unlike_sequences") == 4
    assert value(made, "base", "clusters") == 2


def test_a_variant_that_moves_anna_moves_her_municipality_alone() -> None:
    made = compare(moved=solution(["ill", "worked", "ill", "worked", "ill", "ill"]))
    # By hand (Hubert and Arabie 1985): pairs kept together 4, expected 6 x 7 / 15, highest 6.5.
    assert value(made, "moved", "adjusted_rand") == pytest.approx((4 - 2.8) / (6.5 - 2.8))
    assert value(made, "moved", "adjusted_rand", "viborg") == 1
    assert value(made, "moved", "adjusted_rand", "herning") < 1
    # Herning's workers: Bo alone (3 and 1 quarters) against Anna and Bo (3.5 and 0.5); its ill: Anna
    # and Carl (2 and 2) against Carl (0 and 4). Two states each, the missing one makes three.
    assert value(made, "moved", "profile_distance", "herning") == pytest.approx((0.5 * 2 + 2 * 2) / 6)
    assert value(made, "moved", "profile_distance") == pytest.approx((0.5 * 2 + 2 * 2) / 12)


def test_two_clusters_of_one_type_agree_by_type_and_not_by_cluster() -> None:
    made = compare(split=solution(RUN, [0, 1, 2, 0, 2, 2]))
    assert value(made, "split", "adjusted_rand_types") == 1
    assert value(made, "split", "adjusted_rand") < 1
    assert value(made, "split", "clusters") == 3


def test_types_of_one_side_alone_are_left_out_and_counted() -> None:
    made = compare(renamed=solution(["worked", "worked", "weak", "worked", "weak", "weak"]))
    assert value(made, "renamed", "matched_profiles") == 2
    assert value(made, "renamed", "profile_distance") == 0
    nothing = compare(strange=solution(["x"] * 6))
    assert value(nothing, "strange", "matched_profiles") == 0
    assert nothing.filter(variant="strange", key="profile_distance")["value"].null_count() == 3


def test_sizes_are_those_of_the_pooled_types() -> None:
    made = compare(moved=solution(["ill", "worked", "ill", "worked", "ill", "ill"]))
    sizes = made.filter(key="persons").select("variant", "type_key", "persons").rows()
    assert sorted(sizes) == [
        ("base", "ill", 3),
        ("base", "worked", 3),
        ("moved", "ill", 4),
        ("moved", "worked", 2),
    ]


def test_bilag_1_is_used_for_the_studys_municipalities_and_states_alone() -> None:
    four = ["herning", "holstebro", "silkeborg", "viborg"]
    printed = printed_profiles(four, STUDY)
    assert printed is not None
    assert len(printed) == 18
    assert printed["herning", "long_term_cash_benefit"]["cash_benefit"] == 16.2
    assert printed_profiles(["herning", "aarhus"], STUDY) is None
    assert printed_profiles(four, ALPHABET) is None
    assert far_from(printed, printed).distance == 0
    cells = read_figures("bilag_1").filter(measure="mean").height
    assert sum(len(states) for states in printed.values()) == cells


def test_profiles_add_up_to_the_window() -> None:
    made = solution(RUN)
    for profile in profiles_of(made.sequences, made.types, ALPHABET).values():
        assert sum(profile.values()) == pytest.approx(4)


def test_few_persons_of_a_type_are_withheld_in_the_release() -> None:
    cells = pl.concat(sensitivity_figures(compare(moved=solution(["x"] * 5 + ["worked"]))))
    shown = release(cells, Disclosure(threshold=5, rounding=5, rule="A rule."))
    found = {row["key"]: row for row in shown.filter(area="all", measure="count", type_key="x").to_dicts()}
    assert (found["moved.persons"]["value"], found["moved.persons"]["status"]) == (5, "published")
    # Nobody has it in the run: the row is there all the same, and tells nothing.
    assert (found["base.persons"]["value"], found["base.persons"]["status"]) == (None, "withheld")
    assert "worked" not in set(shown["type_key"])
    herning = shown.filter(area="herning", key="moved.adjusted_rand")
    assert herning["status"].to_list() == ["withheld"]
