"""Variants in the config: what they may name, and that a fault in one is told with its name."""

from __future__ import annotations

import json

import pytest

from tests.unit.test_config import GOOD
from veje import config
from veje.choices import merged
from veje.cli.road import no_more_than_asked
from veje.cli.stages import STAGES
from veje.errors import BadInput
from veje.settings import Clusters


def with_variant(**overrides):
    return {**GOOD, "sensitivity": {"variants": {"other": overrides}}}


@pytest.mark.parametrize(
    ("overrides", "told_reason"),
    [
        ({"distances": {"cost": "CONSTANT"}}, "unknown key 'distances.cost': did you mean 'costs'"),
        ({"clusters": {"ward": "E"}}, "key 'clusters.ward': input should be 'D' or 'D2'"),
        ({"window": {"weeks_per_quarter": 4}}, "sequences.min_weeks is above window.weeks_per_quarter"),
        (
            {"sequences": {"blank": "by_industry", "blank_as": "missing"}},
            "blank_as goes with `blank: by_list`",
        ),
        ({"typology": {"reference": "nobody"}}, "key 'typology.reference': no list 'nobody'"),
    ],
)
def test_a_fault_in_a_variant_names_the_variant(overrides, told_reason, told):
    with pytest.raises(BadInput) as error:
        config.parse(with_variant(**overrides), "my.yaml")
    line = told(error)
    assert line.startswith("my.yaml: key 'sensitivity.variants.other': ")
    assert told_reason in line


def test_only_sections_on_the_way_to_types_vary(told):
    with pytest.raises(BadInput) as error:
        config.parse(with_variant(cohort={"pooled": "all"}), "my.yaml")
    assert "sensitivity.variants.other.cohort" in told(error)


def test_a_variant_replaces_its_keys_whole_and_leaves_the_others():
    data = {**GOOD, "clusters": {"k": 6, "k_by_area": {"herning": 4}, "ward": "D"}}
    data["sensitivity"] = {"variants": {"other": {"clusters": {"k": "auto", "k_by_area": {}}}}}
    whole = config.parse(data)
    settings = config.part(str(_json(whole)), STAGES["sensitivity"].settings)
    changed = config.varied(settings, settings.sensitivity.variants["other"])
    assert (changed.clusters.k, changed.clusters.k_by_area, changed.clusters.ward) == ("auto", {}, "D")
    assert (settings.clusters.k, settings.clusters.k_by_area) == (6, {"herning": 4})
    assert changed.sequences is settings.sequences


def _json(settings):
    return json.dumps(config.dump(settings))


def test_other_numbers_of_clusters_are_left_out_only_where_all_are_fixed():
    cohort = config.parse(GOOD).cohort
    fixed = Clusters(k=6, k_by_area={"herning": 4})
    assert (no_more_than_asked(fixed, cohort).k_min, no_more_than_asked(fixed, cohort).k_max) == (6, 6)
    for asked in (Clusters(), Clusters(k=6), Clusters(k_by_area={"herning": 4})):
        assert no_more_than_asked(asked, cohort) == asked


def test_what_belonged_to_the_former_costs_or_method_goes_with_them():
    chosen = {"method": "CHI2", "parameters": {"step": 5}, "costs": "OWN", "matrix": "m.csv", "norm": None}
    base = {"distances": chosen, "sensitivity": {"variants": {}}}
    hamming = merged(base, {"distances": {"method": "HAM"}})["distances"]
    assert hamming == {"method": "HAM", "costs": "OWN", "matrix": "m.csv", "norm": None}
    constant = merged(base, {"distances": {"costs": "CONSTANT"}})["distances"]
    assert constant == {"method": "CHI2", "parameters": {"step": 5}, "costs": "CONSTANT", "norm": None}
