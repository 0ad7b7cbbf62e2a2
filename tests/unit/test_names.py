from __future__ import annotations

import re
from typing import get_args

import pytest

from veje.contracts import contract
from veje.figures.style import SCENARIO_COLOURS
from veje.formats.source import Rule
from veje.names import BANDS, INDICES, RULES, SCENARIOS, TYPE_TABLES
from veje.provenance import PACKAGE
from veje.settings import Clusters

SOURCES = {path.relative_to(PACKAGE).as_posix(): path.read_text() for path in PACKAGE.rglob("*.py")}


@pytest.mark.parametrize("names", [SCENARIOS, BANDS, TYPE_TABLES.values(), INDICES, RULES])
def test_no_other_module_writes_a_list_down_again(names):
    first, second, third, *_ = names
    again = re.compile(rf'"{first}",\s*"{second}",\s*"{third}"')
    # A setting's values must stand in its annotation.
    assert {path for path, text in SOURCES.items() if again.search(text)} <= {"names.py", "grouping.py"}


def test_what_cannot_be_shared_is_the_same():
    assert get_args(get_args(Clusters.model_fields["criterion"].annotation)[0]) == INDICES
    assert tuple(SCENARIO_COLOURS) == SCENARIOS
    assert set(INDICES) <= set(contract("quality").types)


def test_every_rule_of_ingest_is_listed():
    written = "".join(text for path, text in SOURCES.items() if path.startswith("ingest/"))
    found = re.findall(r'Broken\("(\w+)"|_note\(good[^"]*"(\w+)"|rule = "(\w+)" if .* else "(\w+)"', written)
    rules = {rule for groups in found for rule in groups if rule} | set(get_args(Rule))
    assert len(rules) > 8
    assert rules - set(RULES) == set()
