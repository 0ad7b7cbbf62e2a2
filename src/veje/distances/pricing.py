"""From the config to costs and parameters: which table is read as what, and what the method takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.dissimilarity import WITH_COSTS, Distances
from veje.distances.own import checked_costs
from veje.distances.registry import METHODS
from veje.distances.substitution import Costs, costs
from veje.errors import BadInput, near
from veje.lists import MISSING, Alphabet

Codes = NDArray[np.uint8]
Weights = NDArray[np.float64]


def price_of(
    states: Codes, weights: Weights, alphabet: Alphabet, settings: Distances, own: pl.DataFrame | None
) -> Costs | None:
    """Make the costs that the config asks for; None when the dissimilarity takes none.

    states, weights: the unique sequences and their persons. own: the user's table of features or
    costs, as text, where the config names one. Raises `BadInput` for a table that does not fit.
    """
    if settings.method not in WITH_COSTS:
        return None
    missing = None if settings.miss_cost is None else alphabet.missing
    if settings.costs == "OWN":
        return _with_indel(_from_matrix(own, alphabet, settings), settings.indel)
    features = None if own is None else _features(own, alphabet, settings)
    made = costs(
        states,
        settings.costs,
        len(alphabet.states),
        weights,
        settings.cval,
        time_varying=settings.method == "DHD",
        lag=settings.lag,
        missing=missing,
        miss_cost=settings.miss_cost,
        miss_cost_fixed=missing is not None,
        state_features=features,
    )
    return _with_indel(made, settings.indel)


def parameters_of(settings: Distances, weights: Weights) -> dict[str, Any]:
    """Give the dissimilarity's own parameters, with the persons' weights where it takes them."""
    wanted = METHODS[settings.method].parameters
    return {**settings.parameters.given(), **({"weights": weights} if "weights" in wanted else {})}


def _with_indel(price: Costs, indel: float | None) -> Costs:
    return price if indel is None else Costs(price.sub, indel)


def _from_matrix(own: pl.DataFrame | None, alphabet: Alphabet, settings: Distances) -> Costs:
    """Read a matrix of costs: a row and a column for each state, and perhaps a column `indel`."""
    where = f"distances.matrix: {_name(settings.matrix)}"
    table = _in_order(own, alphabet, settings, where)
    columns = [name for name in alphabet.states if name in table.columns or settings.miss_cost is None]
    strange = set(table.columns) - {*alphabet.states, "state", "indel"}
    for name in (*sorted(strange), *(set(columns) - set(table.columns))):
        kind = "no state" if name in strange else "a state without a column"
        raise BadInput(f"{where}: column '{name}' is {kind}: {near(name, alphabet.states)}")
    sub = np.zeros((len(alphabet.states),) * 2)
    for name in columns:
        sub[:, alphabet.code(name)] = _numbers(table, name, where)
    if settings.miss_cost is not None:
        sub[alphabet.missing, :] = sub[:, alphabet.missing] = settings.miss_cost
        sub[alphabet.missing, alphabet.missing] = 0
    try:
        return checked_costs(sub, _numbers(table, "indel", where) if "indel" in table.columns else None)
    except ValueError as error:
        raise BadInput(f"{where}: {error}") from None


def _features(own: pl.DataFrame, alphabet: Alphabet, settings: Distances) -> pl.DataFrame:
    """Read features of states: a column of numbers where all its cells are, else of words."""
    where = f"distances.features: {_name(settings.features)}"
    table = _in_order(own, alphabet, settings, where).drop("state")
    if not table.width:
        raise BadInput(f"{where}: it has no column beside 'state'")
    numbers = table.with_columns(pl.all().cast(pl.Float64, strict=False))
    return pl.DataFrame(
        [
            numbers[name] if numbers[name].null_count() == table[name].null_count() else table[name]
            for name in table.columns
        ]
    )


def _in_order(own: pl.DataFrame | None, alphabet: Alphabet, settings: Distances, where: str) -> pl.DataFrame:
    """Put the rows, which `state` names, into the alphabet's order.

    With a cost of its own the missing state may be left out; another one's row stands in for it,
    since nothing of it is used.
    """
    if own is None or "state" not in own.columns:
        raise BadInput(f"{where}: column 'state' is missing")
    named = own["state"].to_list()
    for line, name in enumerate(named, start=2):
        if name not in alphabet.states:
            raise BadInput(f"{where}: row {line}: no such state: {near(str(name), alphabet.states)}")
        if named.count(name) > 1:
            raise BadInput(f"{where}: row {line}: state '{name}' stands {named.count(name)} times")
    absent = [name for name in alphabet.states if name not in named]
    if absent == [MISSING] and settings.miss_cost is not None:
        own = pl.concat([own, own[:1].with_columns(state=pl.lit(MISSING))])
    elif absent:
        hint = " (or set distances.miss_cost)" if MISSING in absent else ""
        raise BadInput(f"{where}: no row for {len(absent)} states, the first '{absent[0]}'{hint}")
    return own[[own["state"].to_list().index(name) for name in alphabet.states]]


def _numbers(table: pl.DataFrame, name: str, where: str) -> Weights:
    """Read a column of numbers; an empty cell is none."""
    found = table[name].cast(pl.Float64, strict=False)
    if found.null_count():
        row = table["state"][int(found.is_null().arg_true()[0])]
        raise BadInput(
            f"{where}: column '{name}': {found.null_count()} cells are no number, first for '{row}'"
        )
    return found.to_numpy().astype(np.float64)


def _name(path: str | None) -> str:
    """Give a file's name without its folders."""
    return Path(path or "").name
