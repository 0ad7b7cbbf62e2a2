"""Labels: what every key of a table is called, in English and Danish, from `data_schema/labels.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import yaml

from veje.contracts import data_schema
from veje.lists import Alphabet
from veje.pathlabels import PATH_PATTERNS
from veje.rowkeys import AGREEMENT, DOTTED, ROW_GROUPS

THEN = "_then_"
"""Joins the states of a type that is named by its dominant states."""

LIMITED = ("age_group", "income_group", "unemployment_group")
"""Groups of a number, whose members are named by their limits."""

_SHORTENED = re.compile(r"\s*\([^)]*\)\s*$")


class Labels:
    """Names of keys in one language; a key without a name is shown with spaces for underscores."""

    def __init__(self, language: str, alphabet: Alphabet) -> None:
        self.language = language
        self._groups = _labels()
        self._states = {state: names[language] for state, names in alphabet.labels.items()}
        self._folded = {state.lower(): name for state, name in self._states.items()}

    def find(self, group: str, key: str) -> str | None:
        """Give the label of a key of a group, None when there is none."""
        names = self._groups[group].get(key)
        return None if names is None else str(names[self.language])

    def of(self, group: str, key: str) -> str:
        """Give the label of a key of a group, or the key made readable."""
        return self.find(group, key) or plain(key)

    def word(self, key: str, /, **values: object) -> str:
        """Give a word of the pictures with its values put in."""
        return self._text("words", key, **values)

    def state(self, key: str) -> str:
        """Give a state's label from the alphabet."""
        return self._states.get(key) or self._folded.get(key) or plain(key)

    def state_short(self, key: str) -> str:
        """Give a state's label without what stands in parentheses at its end."""
        return _SHORTENED.sub("", self.state(key))

    def type(self, key: str) -> str:
        """Give a type's label; one named by its states in order is their labels with arrows between."""
        known = self.find("types", key)
        if known is not None:
            return known
        return " → ".join(self.state_short(part) for part in key.split(THEN))

    def area(self, key: str) -> str:
        """Give an area's label; a key without one is shown title-cased."""
        return self.find("areas", key) or key.replace("_", " ").title()

    def title(self, table: str) -> str:
        """Give a table's title."""
        return self._entry("tables", table, "title")

    def note(self, table: str) -> str:
        """Give a table's note, empty when it has none."""
        return self._entry("tables", table, "note") if table in self._groups["tables"] else ""

    def picture(self, name: str) -> str:
        """Give a picture's title."""
        return self._entry("pictures", name, "title")

    def knows_type(self, key: str) -> bool:
        """Tell whether a type has a label of its own or is made of states that have one."""
        parts = key.split(THEN)
        return self.find("types", key) is not None or all(part in self._folded for part in parts)

    def row(self, table: str, key: str) -> str:
        """Give the label of a table's row, or its key made readable."""
        return self.find_row(table, key) or plain(key)

    def find_row(self, table: str, key: str) -> str | None:
        """Give the label of a table's row; None when neither list, alphabet nor pattern knows it."""
        if table in DOTTED and "." in key:
            return self._parts(DOTTED[table], key)
        for group in ROW_GROUPS.get(table, ()):
            found = self.find(group, key)
            if found:
                return found
        if key in self._states:
            return self._states[key]
        for pattern, compose in _PATTERNS:
            match = pattern.fullmatch(key)
            if match:
                return compose(self, table, match)
        return self.find("rows", key)

    def _parts(self, groups: tuple[str, ...], key: str) -> str:
        told = []
        for group, part in zip(groups, key.rsplit(".", len(groups) - 1), strict=True):
            name, _, value = part.partition("=")
            if group == "types":
                listed: str | None = self.type(name)
            else:
                listed = self._states.get(name) if group == "states" else self.find(group, name)
            told.append((listed or self.row("", name)) + (f" = {value}" if value else ""))
        return ": ".join(told)

    def trait(self, key: str) -> tuple[str, str]:
        """Give a profile row's group and its name in it ("Age", "26–35"); a single trait has no group."""
        group, dot, name = key.partition(".")
        if not dot:
            return "", self.row("profile", key)
        return self.of("groups", group), self.member(group, name) or plain(name)

    def ordered(self, group: str, keys: Iterable[str]) -> list[str]:
        """Sort keys as `labels.yaml` lists them; those that it does not know come after, by name."""
        places = {key: place for place, key in enumerate(self._groups[group])}
        return sorted(keys, key=lambda key: (places.get(key, len(places)), key))

    def member(self, group: str, key: str) -> str | None:
        """Give the label of a group's member, from the limits in its key for groups of a number."""
        limited = group in LIMITED and re.search(r"\d", key)
        return self.limits(key) if limited else self.find(group, key)

    def limits(self, key: str) -> str:
        """Give the label of a group of a number (age, income) from the limits in its key."""
        mark = "." if self.language == "da" else ","
        numbers = [f"{int(number):,}".replace(",", mark) for number in re.findall(r"\d+", key)]
        if key.startswith("under_"):
            return self._text("patterns", "under", n=numbers[0])
        if key.endswith("_and_over"):
            return self._text("patterns", "and_over", n=numbers[0])
        return self._text("patterns", "between", a=numbers[0], b=numbers[-1])

    def _text(self, group: str, key: str, /, **values: object) -> str:
        return self.of(group, key).format(**values)

    def _entry(self, group: str, key: str, part: str) -> str:
        names = self._groups[group].get(key)
        return plain(key) if names is None else str(names[part][self.language])

    def _grouped(self, _: str, match: re.Match[str]) -> str | None:
        group, key = match["group"], match["key"]
        name = self.member(group, key)
        return name and self._text("patterns", "grouped", group=self.of("groups", group), name=name)

    def _step(self, table: str, match: re.Match[str]) -> str | None:
        step = self.find(table, match["step"]) if table in self._groups else None
        return step and (self._text("patterns", "flow_rows", step=step) if match["rows"] else step)

    def _read(self, _: str, match: re.Match[str]) -> str | None:
        register, rule = self.find("registers", match["register"]), self.find("rules", match["rule"])
        return register and rule and self._text("patterns", "grouped", group=register, name=rule)

    def _index(self, _: str, match: re.Match[str]) -> str | None:
        index = self.find("quality", match["index"])
        return index and self._text("patterns", "clusters_index", n=int(match["n"]), index=index)

    def _quarter_state(self, _: str, match: re.Match[str]) -> str | None:
        state = self._states.get(match["state"])
        return state and self._text("patterns", "quarter_state", n=int(match["n"]), state=state)

    def _agreement(self, _: str, match: re.Match[str]) -> str:
        what, part = match["what"], self.of("parts", match["part"])
        if what.startswith("cluster_"):
            name = self._text("patterns", "cluster", n=int(what.removeprefix("cluster_")))
        elif what.startswith("choice_"):
            name = self._text("patterns", "choice", name=what.removeprefix("choice_"))
        else:
            name = self.of("agreement", what)
        return self._text("patterns", "part", name=name, part=part)

    def _null_model(self, _: str, match: re.Match[str]) -> str:
        model, part = self.of("null_models", match["model"]), self.of("parts", match["part"])
        n, index = int(match["n"]), self.of("quality", match["index"])
        name = self._text("patterns", "clusters_index", n=n, index=index)
        return self._text("patterns", "null_model", name=name, model=model, part=part)

    def _statistic(self, _: str, match: re.Match[str]) -> str:
        statistic = self.of("statistics", match["statistic"])
        name = self._text("patterns", "part", name=self.of("covariates", match["covariate"]), part=statistic)
        return self._text("patterns", "part", name=name, part="p") if match["p"] else name

    def _way(self, _: str, match: re.Match[str]) -> str:
        told = []
        for step in match["way"].split("/")[1:]:
            covariate, categories = step.split(":")
            name = ", ".join(self.category(covariate, one) for one in categories.split("+"))
            group = self.of("covariates", covariate)
            told.append(self._text("patterns", "grouped", group=group, name=name))
        return "; ".join(told) or self.of("covariates", "everyone")

    def category(self, covariate: str, key: str) -> str:
        """Give the label of a covariate's category."""
        if covariate == "area":
            return self.area(key)
        known = covariate in self._groups or (covariate in LIMITED and re.search(r"\d", key))
        return (self.member(covariate, key) if known else None) or self.of("categories", key)

    def _period(self, _: str, match: re.Match[str]) -> str:
        return self._text("patterns", "period" if match["b"] else "one_quarter", **match.groupdict())

    def _numbered(self, _: str, match: re.Match[str]) -> str:
        name = "quarter" if match["name"] == "q" else "cluster"
        return self._text("patterns", name, n=int(match["n"]))


def plain(key: str) -> str:
    """Make a key readable: spaces for underscores and a capital first letter."""
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[Labels, str, re.Match[str]], str | None]], ...] = (
    *PATH_PATTERNS,
    (re.compile(AGREEMENT), Labels._agreement),
    (re.compile(r"k(?P<n>\d+)_(?P<index>\w+)\.(?P<model>\w+)\.(?P<part>\w+)"), Labels._null_model),
    (
        re.compile(
            r"(?P<covariate>\w+)\.(?P<statistic>(pseudo|beside)_(F|Fbf|R2)|bartlett|levene)(?P<p>\.p)?"
        ),
        Labels._statistic,
    ),
    (re.compile(r"all(?P<way>(/\w+:[^/]+)*)"), Labels._way),
    (re.compile(r"q(?P<n>\d+)_(?P<state>.+)"), Labels._quarter_state),
    (re.compile(r"(?P<name>q|cluster_|activity_)(?P<n>\d+)"), Labels._numbered),
    (re.compile(r"k(?P<n>\d+)_(?P<index>\w+)"), Labels._index),
    (
        re.compile(r"(?P<group>age_group|education|diagnosis|income_group|unemployment_group)\.(?P<key>.+)"),
        Labels._grouped,
    ),
    (re.compile(r"(?P<register>[a-z]+)/(?P<rule>\w+)"), Labels._read),
    (re.compile(r"(?P<year>\d{4})_q(?P<a>\d)(_q(?P<b>\d))?"), Labels._period),
    (re.compile(r"\d+_(?P<step>.+?)(?P<rows>_rows)?"), Labels._step),
)


@cache
def _labels() -> dict[str, dict[str, Any]]:
    text = (data_schema() / "labels.yaml").read_text(encoding="utf-8")
    # The safe loader in C, where PyYAML came with it, reads this file in a tenth of the time.
    groups: dict[str, dict[str, Any]] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return groups
