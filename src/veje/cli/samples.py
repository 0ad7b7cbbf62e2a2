"""What samples of persons are clustered with, where the distances of all pairs are not held."""

from __future__ import annotations

import polars as pl

from veje.cli.lists import alphabet_of, own_costs
from veje.clusters.sampled import Sampling
from veje.clusters.sampling import Measure
from veje.distances.build import priced
from veje.settings import Settings


def sampling_of(settings: Settings, unique: pl.DataFrame) -> Sampling:
    """Compute the costs of all unique sequences (table `unique`), and say which samples are drawn of them."""
    how, rules = settings.distances, settings.clusters
    made = priced(unique, alphabet_of(settings.sequences), how, own_costs(how))
    measure = Measure(how.method, made.price, how.norm, made.parameters)
    return Sampling(made.states, measure, rules.samples, rules.sample_size, settings.seed)
