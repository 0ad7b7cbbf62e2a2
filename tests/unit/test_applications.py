"""Applications from decisions, by named people: which end in the window, how, and where."""

from __future__ import annotations

from datetime import date

import polars as pl

from tests.people import STUDY, bef_of, grants_of, names_of, number_of, table
from veje.applications import add_regions, build_applications
from veje.cohort import build_cohort
from veje.contracts import check

MUNICIPALITIES = pl.DataFrame(
    {
        "code": ["657", "661", "740", "791", "751", "101", "999"],
        "region": [*["region_midt"] * 5, "region_hovedstaden", None],
    }
)
IN_WINDOW = {"Torben", "Hanne", "Jytte", "Verner", "Inge", "Mogens", "Alma", "Else"}


def applications(grants=None, bef=None):
    grants = grants_of() if grants is None else grants
    bef = bef_of() if bef is None else bef
    granted = build_cohort(grants, bef, STUDY).granted
    return check(build_applications(grants, granted, bef, STUDY, MUNICIPALITIES), "applications")


def decided(*rows):
    """Give decisions about Torben and whoever comes after him: person, day, kind, case, basis, referral."""
    keys = ("person", "decision_date", "decision", "case", "basis", "referral")
    plain = [dict(zip(keys, row, strict=True)) | {"municipality": "657"} for row in rows]
    return pl.concat([grants_of("Hanne"), table("grants", plain)])


def test_every_first_grant_is_one_granted_application():
    found = applications().filter(outcome="granted")
    assert set(names_of(found["person"])) >= IN_WINDOW
    assert found["person"].is_unique().all()
    hanne = found.filter(person=number_of("Hanne")).row(0, named=True)
    assert (hanne["date"], hanne["area"], hanne["diagnosis"]) == (date(2008, 6, 12), "holstebro", "F33")


def test_a_refusal_is_a_rejected_application_and_a_re_assessment_none():
    found = dict(applications().select("person", "outcome").rows())
    assert found[number_of("Rita")] == "rejected"
    assert number_of("Bent") not in found
    assert number_of("Alma") in found, "refused before the window, granted in it: one application"
    assert applications().filter(person=number_of("Alma"))["outcome"].to_list() == ["granted"]


def test_who_was_granted_before_the_window_applies_no_more():
    kurt = applications().filter(person=number_of("Kurt"))
    assert kurt.height == 0


def test_a_case_ends_once_and_a_grant_of_it_goes_before_a_refusal():
    day = date(2008, 5, 5)
    found = applications(
        decided(
            (91, date(2008, 3, 3), "undecided", "A", "other", None),
            (91, day, "refusal", "A", "s18_full_assessment", "rehabilitation"),
            (92, date(2008, 3, 3), "grant", "B", "s18_full_assessment", None),
            (92, day, "refusal", "B", "s18_full_assessment", "no_referral"),
            (93, day, "refusal", "C", None, None),
            (93, day, "refusal", "D", None, None),
        )
    )
    rows = found.filter(pl.col("person") > 90).select("person", "date", "outcome", "basis", "referral").rows()
    assert rows == [
        (91, day, "rejected", "s18_full_assessment", "rehabilitation"),
        (92, date(2008, 3, 3), "granted", "s18_full_assessment", None),
        (93, day, "rejected", None, None),
        (93, day, "rejected", None, None),
    ]


def test_refusals_after_the_first_grant_are_no_applications():
    found = applications(
        decided(
            (91, date(2008, 3, 3), "grant", "A", None, None),
            (91, date(2008, 9, 9), "refusal", "B", None, None),
            (91, date(2008, 1, 1), "refusal", "C", None, None),
        )
    )
    assert found.filter(person=91)["date"].to_list() == [date(2008, 1, 1), date(2008, 3, 3)]


def test_a_register_of_grants_only_has_granted_applications_only():
    only = grants_of("Torben", "Hanne").with_columns(pl.lit(None, dtype=pl.String).alias("decision"))
    assert applications(only)["outcome"].to_list() == ["granted", "granted"]


def test_a_region_is_told_when_the_register_has_all_of_it():
    codes = ["657", "661", "740", "791", "751"]
    frame = pl.DataFrame({"person": range(5), "municipality": codes})
    whole = add_regions(frame, MUNICIPALITIES)
    assert set(whole["region"]) == {"region_midt"}
    assert whole["country"].null_count() == 5, "nobody applied in the capital"
    assert add_regions(frame[:4], MUNICIPALITIES)["region"].null_count() == 4
    everywhere = pl.concat([frame, pl.DataFrame({"person": [9], "municipality": ["101"]})])
    assert set(add_regions(everywhere, MUNICIPALITIES)["country"]) == {"all_regions"}
