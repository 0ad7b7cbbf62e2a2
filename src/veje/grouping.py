"""The settings of how distances become clusters."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from veje.sections import Count, Key, Section, key

Index = Literal["PBC", "HG", "HGSD", "ASW", "ASWw", "CH", "R2", "CHsq", "R2sq", "HC"]


class Clusters(Section):
    """How distances become clusters."""

    method: Literal["ward", "average", "complete", "single", "k_medoids", "clara"] = key(
        "ward",
        "method",
        "How clusters are made: a tree by one of four linkages, partitions around medoids, or such "
        "partitions from samples (`clara`), for more persons than all pairs can be held of. Ties go by the "
        "distances of the rows, not by their order.",
    )
    ward: Literal["D", "D2"] = key(
        "D2", "variant", "With `ward`: its criterion on distances (D) or squared distances (D2)."
    )
    k: Literal["auto"] | Count = key(
        "auto", "clusters", "Number of clusters of the pooled solution, or `auto`."
    )
    k_by_area: dict[Key, Count] = key(
        {}, "area: clusters", "A fixed number for a municipality; others follow `k: auto`."
    )
    k_min: int = key(2, "clusters", "Smallest number tried.", ge=2)
    k_max: int = key(12, "clusters", "Largest number tried.", ge=2, le=50)
    samples: int = key(
        5, "samples", "With `clara`: the best of so many samples' partitions is taken.", ge=1, le=1_000
    )
    sample_size: int = key(
        1_000,
        "persons",
        "With `clara`: persons in a sample. Where there are no more unlike sequences, all are the only one.",
        ge=100,
        le=20_000,
    )
    smallest: int = key(
        10, "persons", "`auto` takes no number that leaves a cluster with fewer persons.", ge=1
    )
    criterion: Index | Annotated[list[Index], Field(min_length=1)] = key(
        "ASW",
        "index",
        "The quality index that `auto` takes the best number by; of several, the number most are best at.",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Clusters:
        if self.k_max < self.k_min:
            raise ValueError(f"k_max ({self.k_max}) is below k_min ({self.k_min})")
        if len(set(self.criteria)) < len(self.criteria):
            raise ValueError("criterion names an index twice")
        return self

    @property
    def sampled(self) -> bool:
        """Whether clusters come from samples, so that no distances of all pairs are needed."""
        return self.method == "clara"

    @property
    def criteria(self) -> list[str]:
        """The indices of `criterion`, one or several."""
        return [self.criterion] if isinstance(self.criterion, str) else list(self.criterion)
