"""Names of the rows of whole paths: branches of the tree, groups, shared sequences, types moved to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from veje.labels import Labels


def _branch(labels: Labels, _: str, match: re.Match[str]) -> str:
    return _text(labels, "branch", n=match["way"][1:].replace("/", "."))


def _group_quarter(labels: Labels, _: str, match: re.Match[str]) -> str:
    state = labels.state(match["state"])
    return _text(labels, "group_quarter", g=int(match["g"]), n=int(match["n"]), state=state)


def _spelled(labels: Labels, _: str, match: re.Match[str]) -> str:
    spells = (spell.split("*") for spell in match[0].split("/"))
    return ", ".join(_text(labels, "spell", state=labels.state_short(state), n=n) for state, n in spells)


def _moved_to(labels: Labels, _: str, match: re.Match[str]) -> str:
    return _text(labels, "moved_to", type=labels.type(match["type"]))


def _text(labels: Labels, pattern: str, **values: object) -> str:
    return labels.of("patterns", pattern).format(**values)


PATH_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[Labels, str, re.Match[str]], str]], ...] = (
    (re.compile(r"tree(?P<way>(/[12])+)"), _branch),
    (re.compile(r"g(?P<g>\d+)_q(?P<n>\d+)\.(?P<state>.+)"), _group_quarter),
    (re.compile(r"[^/*]+\*\d+(/[^/*]+\*\d+)*"), _spelled),
    (re.compile(r"to\.(?P<type>.+)"), _moved_to),
)
"""The form of a row's key, and what makes its name of it."""
