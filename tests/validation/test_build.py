"""The stage on a small study: three ways of life in two municipalities, and a third of eight persons."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import get_args

import numpy as np
import polars as pl
import pytest

from tests.people import table
from tests.validation.people import three_ways
from veje.clusters.build import build_clusters
from veje.contracts import check
from veje.disclosure import release
from veje.distances.build import build_distances
from veje.errors import BadInput
from veje.lists import read_alphabet
from veje.names import INDICES
from veje.settings import Clusters, Disclosure, Distances, Validation
from veje.tables import places_of
from veje.tables.validation import Checks, validation_figures
from veje.uniques import unique_sequences
from veje.validation.build import Study, build_validation, choices
from veje.validation.covariates import covariates_of
from veje.validation.material import part_of

ALPHABET = read_alphabet(
    pl.DataFrame({"state": ["work", "sick", "cash"], "label_en": ["W", "S", "C"], "colour": ["#000000"] * 3}),
    "small",
)
AREAS = ["all", "herning", "viborg", "island", "nowhere"]
FEW = Validation(
    bootstraps=4,
    null_replications=3,
    orders=2,
    ties=3,
    permutations=39,
    tree_level=0.05,
    tree_leaf=20,
    covariates=["area", "sex", "age_group", "partner"],
)
MADE = ("stability", "null_models", "discrepancy", "regression_tree", "indicators", "movers")


@cache
def study(seed=5, threads=1):
    seq, way = three_ways(each=36, noise=2, seed=seed)
    n = len(seq)
    found = unique_sequences(seq)
    area = np.array(["herning", "viborg"])[np.arange(n) % 2].tolist()
    area[:8] = ["island"] * 8
    unique = table(
        "unique",
        [
            {"sequence": i, "weight": int(w), "states": s}
            for i, (w, s) in enumerate(zip(found.weights, found.states.tolist(), strict=True))
        ],
    )
    sequences = table(
        "sequences",
        [
            {"person": p + 11, "area": area[p], "sequence": int(found.index[p]), "states": seq[p].tolist()}
            for p in range(n)
        ],
    )
    made = build_distances(unique, ALPHABET, Distances())
    clusters = Clusters(k=3, k_max=4)
    grouped = build_clusters(made.distances, sequences, AREAS, clusters)
    return Study(
        unique=unique,
        sequences=sequences.reverse(),
        partitions=grouped.partitions,
        quality=grouped.quality,
        background=table("background", [_who(p + 11, area[p], int(way[p])) for p in range(n)]),
        distances=made.distances,
        alphabet=ALPHABET,
        how=Distances(),
        clusters=clusters,
        areas=AREAS,
        seed=seed,
        threads=threads,
    )


def _who(person, area, way):
    """Women work, men fall ill or have cash benefit; who is older falls ill; partners are chance."""
    return {
        "person": person,
        "area": area,
        "sex": "woman" if way == 0 else "man",
        "age_group": ["26_35", "under_26", "56_and_over"][way],
        "partner": bool(person % 5 < 2),
    }


@cache
def result(threads=1):
    return build_validation(study(threads=threads), FEW)


def test_all_tables_keep_their_contracts():
    for name in MADE:
        assert check(getattr(result(), name), name).height > 0, name


def test_the_result_does_not_depend_on_threads():
    for name in MADE:
        assert getattr(result(), name).equals(getattr(result(threads=3), name)), name


def test_every_area_but_the_island_is_drawn_again():
    rows = result().stability
    drawn = rows.filter(pl.col("key") == "adjusted_rand")
    assert dict(drawn.select("area", "persons").rows()) == {"all": 108, "herning": 50, "viborg": 50}
    assert set(rows["seed"]) == {5}
    pooled = {key: mean for area, key, mean in rows.select("area", "key", "mean").rows() if area == "all"}
    assert pooled["adjusted_rand"] > 0.8
    assert pooled["order_of_persons"] == 1
    assert pooled["choice_CONSTANT"] > 0.8
    assert pooled["choice_HAM"] > 0.8
    assert "choice_TRATE" not in pooled
    clusters = rows.filter(area="all").filter(pl.col("key").str.starts_with("cluster_"))
    assert clusters["persons"].sum() == 108
    assert clusters["recovered"].null_count() == 0


def test_the_pooled_clusters_are_better_than_those_of_random_spells():
    rows = result().null_models
    assert rows.height == 3 * len(INDICES)
    assert set(rows["k"]) == {3}
    combined = rows.filter(model="combined", index="ASW").row(0, named=True)
    assert combined["observed"] > combined["high"] > combined["low"]
    assert combined["standardised"] > 3
    assert combined["p"] == pytest.approx(1 / 4)
    observed = study().quality.filter(area="all", k=3)["ASW"].item()
    assert combined["observed"] == pytest.approx(observed)


def test_covariates_explain_what_was_planted():
    rows = result().discrepancy
    share = {(c, s): value for c, s, value in rows.select("covariate", "statistic", "value").rows()}
    assert share["age_group", "pseudo_R2"] > 0.6
    assert share["sex", "pseudo_R2"] > 0.2
    assert share["partner", "pseudo_R2"] < 0.1
    p = {(c, s): value for c, s, value in rows.select("covariate", "statistic", "p").rows()}
    assert p["age_group", "pseudo_F"] == pytest.approx(1 / 40)
    # The island's eight persons are "other", and with the smaller municipality, which makes them enough.
    assert rows.filter(covariate="area")["groups"].to_list()[0] == 2
    assert set(rows.filter(covariate="all")["statistic"]) == {"beside_F", "beside_R2"}


def test_the_tree_divides_by_what_was_planted():
    rows = result().regression_tree
    ways = dict(rows.select("node", "way").rows())
    assert ways[1] == "all"
    assert rows["covariate"][0] == "age_group"
    assert rows.filter("leaf")["persons"].sum() == 108
    assert rows["explained"].unique().item() > 0.6
    assert all(way.startswith("all/age_group:") for node, way in ways.items() if node > 1)


def test_indicators_are_of_every_person():
    rows = result().indicators
    assert rows["person"].to_list() == list(range(11, 119))
    steady = rows.filter(pl.col("transitions") == 0)
    assert set(steady["spells"]) == {1}
    assert set(steady["turbulence"]) == {1}


def test_movers_are_counted_in_municipalities_of_enough_persons():
    rows = result().movers
    assert rows.group_by("area").agg(pl.col("persons").sum()).sort("area").rows() == [
        ("herning", 50),
        ("viborg", 50),
    ]
    assert (rows["adjusted_rand"] > 0.7).all()
    held = rows.filter("matched")
    assert held["distance"].null_count() == 0
    assert held["persons"].sum() > 80
    assert rows.filter(~pl.col("matched"))["distance"].null_count() == rows.height - held.height


def test_a_pooled_cluster_alone_gives_empty_tables():
    whole = study().quality.filter(pl.col("area") != "all")
    one = pl.DataFrame({"area": ["all"], "k": [1], "chosen": [True]}).join(whole, on="area", how="left")
    alone = pl.concat([whole, one.select(whole.columns)], how="vertical_relaxed")
    made = build_validation(replace(study(), quality=alone), FEW)
    for name in ("null_models", "discrepancy", "regression_tree"):
        assert check(getattr(made, name), name).height == 0
    assert set(made.stability["area"]) == {"herning", "viborg"}
    assert made.indicators.height == 108


def test_of_many_persons_a_part_is_checked():
    members = study().sequences
    part = part_of(members, 40, seed=3)
    assert part.height == 40
    assert part["person"].is_sorted()
    assert part.equals(part_of(members.reverse(), 40, seed=3))
    assert part_of(members, 108, seed=3).equals(members)
    made = build_validation(study(), FEW.model_copy(update={"most_persons": 60}))
    assert made.stability.filter(area="all", key="adjusted_rand")["persons"].item() == 60
    assert made.null_models["persons"].unique().to_list() == [60]


def test_the_runs_own_costs_are_no_other_choice():
    assert set(choices(Distances(), FEW)) == {"CONSTANT", "INDELSLOG", "HAM", "LCS"}
    assert set(choices(Distances(costs="CONSTANT"), FEW)) == {"TRATE", "INDELSLOG", "HAM", "LCS"}
    assert set(choices(Distances(method="HAM"), FEW)) == {"CONSTANT", "INDELSLOG", "LCS"}
    assert set(choices(Distances(method="LCS"), FEW)) == {"TRATE", "CONSTANT", "INDELSLOG", "HAM"}
    spell = Distances(method="OMspell", parameters={"expcost": 0.25}, norm="maxlength", miss_cost=1.5)
    found = choices(spell, FEW)
    assert (found["CONSTANT"].method, found["CONSTANT"].norm) == ("OMspell", "maxlength")
    assert found["CONSTANT"].parameters.expcost == 0.25
    assert (found["HAM"].norm, found["HAM"].miss_cost) == (None, 1.5)


def test_every_choice_there_is_gives_a_partition():
    names = get_args(get_args(Validation.model_fields["choices"].annotation)[0])
    made = build_validation(study(), FEW.model_copy(update={"choices": list(names), "null_models": []}))
    found = made.stability.filter(pl.col("key").str.starts_with("choice_"))
    assert set(found["key"]) == {f"choice_{name}" for name in names} - {"choice_OM", "choice_TRATE"}
    agree = {key.removeprefix("choice_"): mean for key, mean in found.select("key", "mean").rows()}
    assert min(agree[name] for name in ("CONSTANT", "INDELSLOG", "HAM", "DHD", "LCS")) > 0.9
    # What looks at beginnings alone does not find who fell ill half-way.
    assert agree["LCP"] < agree["HAM"]


# Covariates


def people(**columns):
    n = len(next(iter(columns.values())))
    rows = [{"person": p, "area": "herning"} | {c: v[p] for c, v in columns.items()} for p in range(1, n)]
    return table("background", rows), pl.DataFrame({"person": range(1, n)})


def covariate(values, name, smallest=10):
    found = covariates_of(*people(**{name: [None, *values]}), [name], smallest)
    return found[0] if found else None


def test_small_categories_are_one():
    values = ["cancer"] * 20 + ["accident_violence"] * 6 + ["congenital"] * 5 + ["mental_disorder"] * 12
    found = covariate(values, "diagnosis")
    assert found.categories == ("cancer", "mental_disorder", "other")
    assert np.bincount(found.codes).tolist() == [20, 12, 11]


def test_too_few_small_ones_take_the_next_smallest_in():
    found = covariate(
        ["cancer"] * 20 + ["congenital"] * 3 + ["mental_disorder"] * 12 + ["other"] * 30, "diagnosis"
    )
    assert found.categories == ("cancer", "mental_disorder", "other")
    assert np.bincount(found.codes).tolist() == [20, 12, 33]
    found = covariate(["cancer"] * 20 + ["congenital"] * 3 + ["mental_disorder"] * 12, "diagnosis")
    assert found.categories == ("cancer", "other")


def test_what_is_not_known_is_a_category():
    found = covariate(["man"] * 12 + [None] * 15, "sex")
    assert found.categories == ("man", "unknown")
    assert covariate(["man"] * 12, "sex") is None
    assert covariate([True] * 12 + [False] * 10, "partner").categories == ("no", "yes")


def test_ages_are_a_scale_while_none_is_put_together():
    ages = ["26_35"] * 10 + ["under_26"] * 10 + ["56_and_over"] * 10
    found = covariate(ages, "age_group")
    assert found.categories == ("under_26", "26_35", "56_and_over")
    assert found.ordered
    assert not covariate(ages[:-3], "age_group").ordered


def test_a_covariate_that_is_no_column_is_refused(told):
    with pytest.raises(BadInput) as error:
        covariates_of(*people(sex=[None, "man"]), ["sexx"], 10)
    assert told(error).startswith("config: validation.covariates: no covariate 'sexx': did you mean 'sex'")


# What is released


RULES = Disclosure(threshold=5, rounding=5, rule="five")


@cache
def released(**changes):
    types = study().sequences.sort("person").select("person", "area")
    types = types.with_columns(
        (pl.col("person") % 3).alias("cluster_pooled"),
        pl.Series("type_pooled", ["steady"] * 36 + ["fell_ill"] * 36 + ["cash"] * 36),
        (pl.col("person") % 3).alias("cluster_own"),
        pl.Series("type_own", ["steady"] * 30 + ["fell_ill"] * 40 + ["cash"] * 36 + ["rare"] * 2),
    )
    checks = Checks(**{name: getattr(result(), name) for name in MADE})
    cells = pl.concat(validation_figures(checks, types, places_of(types, AREAS), AREAS))
    return release(check(cells, "cells"), RULES)


def value(table, area, key, type_key="", measure="index"):
    row = released().filter(table=table, area=area, key=key, type_key=type_key, measure=measure)
    return row["value"].item()


def test_every_area_has_every_figure_of_a_sample():
    frame = released().filter(pl.col("table") == "stability", pl.col("key") == "adjusted_rand.mean")
    assert dict(frame.select("area", "status").rows()) == {
        "all": "published",
        "herning": "published",
        "viborg": "published",
        "island": "withheld",
        "nowhere": "withheld",
    }
    bands = released().filter(pl.col("table") == "stability", pl.col("key").str.starts_with("ties"))
    assert set(bands["area"]) == {"all"}


def test_figures_are_those_of_the_stage():
    drawn = result().stability.filter(area="all", key="cluster_2").row(0, named=True)
    assert value("stability", "all", "cluster_2.mean") == pytest.approx(drawn["mean"], abs=5e-4)
    assert value("stability", "all", "cluster_2.recovered") == pytest.approx(drawn["recovered"], abs=5e-4)
    null = result().null_models.filter(model="duration", index="ASW").row(0, named=True)
    assert value("null_models", "all", "k03_ASW.duration.standardised") == pytest.approx(
        null["standardised"], abs=5e-4
    )
    rows = result().discrepancy.filter(covariate="sex", statistic="pseudo_F").row(0, named=True)
    assert value("discrepancy", "all", "sex.pseudo_F") == pytest.approx(rows["value"], abs=5e-4)
    assert value("discrepancy", "all", "sex.pseudo_F.p") == pytest.approx(rows["p"], abs=5e-4)
    assert value("regression_tree", "all", "all", measure="count") == 110


def test_indicators_are_means_of_persons():
    mean = result().indicators["transitions"].mean()
    assert value("indicators", "all", "transitions") == pytest.approx(mean, abs=0.005)
    island = result().indicators.filter(area="island")["entropy"].mean()
    assert value("indicators", "island", "entropy") == pytest.approx(island, abs=0.005)
    assert value("indicators", "nowhere", "entropy") is None


def test_movers_are_rounded_and_few_are_withheld():
    # Of six who were pooled as steady and are not in their own clusters, all fell ill.
    assert value("movers", "herning", "to.fell_ill", "fell_ill", "count") == 15
    assert value("movers", "herning", "to.fell_ill", "steady", "count") is None
    assert value("movers", "island", "adjusted_rand") is None
    assert value("movers", "island", "moved", measure="share") is None
    own = result().movers.filter(area="herning")["adjusted_rand"][0]
    assert value("movers", "herning", "adjusted_rand") == pytest.approx(own, abs=5e-4)


def test_a_rare_own_type_is_not_named():
    assert not released()["key"].str.contains("rare").any()
    assert "rare" not in released()["type_key"].to_list()
