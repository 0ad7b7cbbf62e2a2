"""Bad input is refused with one clear line."""

import numpy as np
import pytest

from veje.clusters import (
    choose_k,
    cut,
    distances_to_center,
    k_medoids,
    k_medoids_range,
    linkage,
    medoids,
    qualities,
    quality,
    quality_table,
    silhouette,
    ward,
)
from veje.distances import Costs, costs, pairwise
from veje.uniques import unique_sequences

SEQ = np.array([[0, 1], [1, 1], [1, 2]], np.uint8)
COSTS = costs(SEQ, "TRATE", n_states=3)
D = np.array([1, 3, 2], np.float32)
TREE = ward(D)
LABELS = [0, 0, 1]
ODD = np.array([[0, 1], [2, 0]], np.float64)

REFUSED = {
    "cost method": (lambda: costs(SEQ, "TRAIT", 3), "unknown cost method 'TRAIT'.*TRATE"),
    "sequence type": (lambda: costs(SEQ.astype(int), "TRATE", 3), "uint8 state codes.*int64"),
    "sequence list": (lambda: costs([[0, 1]], "TRATE", 3), "uint8"),
    "sequence shape": (lambda: pairwise(SEQ[0], "OM", COSTS), r"\(n, L\).*\(2,\)"),
    "no sequences": (lambda: unique_sequences(SEQ[:0]), "not empty"),
    "one sequence": (lambda: pairwise(SEQ[:1], "OM", COSTS), "one sequence"),
    "code in costs": (lambda: costs(SEQ, "TRATE", 2), "state code 2, but there are 2 states"),
    "code in pairs": (lambda: pairwise(SEQ + np.uint8(1), "OM", COSTS), "state code 3.*3 states"),
    "low cval": (lambda: costs(SEQ, "TRATE", 3, cval=-1), "not negative"),
    "weights length": (lambda: costs(SEQ, "TRATE", 3, [1, 1]), r"weights.*\(2,\).*3 rows"),
    "zero weight": (lambda: ward(D, [1, 0, 1]), "above 0"),
    "NaN weight": (lambda: quality(D, LABELS, [1, np.nan, 1]), "finite"),
    "distance method": (lambda: pairwise(SEQ, "OMM", COSTS), "unknown distance method 'OMM'.*OM"),
    "no costs": (lambda: pairwise(SEQ, "OM"), "OM needs costs"),
    "norm": (lambda: pairwise(SEQ, "OM", COSTS, norm="max"), "unknown norm 'max'.*max"),
    "threads": (lambda: pairwise(SEQ, "OM", COSTS, threads=0), "threads must be 1"),
    "dtype": (lambda: pairwise(SEQ, "OM", COSTS, dtype=np.int64), "float32 or float64"),
    "sub shape": (lambda: Costs(np.zeros((2, 3)), 1.0), "square"),
    "sub symmetry": (lambda: Costs(ODD, 1.0), "symmetric"),
    "sub sign": (lambda: Costs(-np.abs(ODD), 1.0), "not negative"),
    "indel shape": (lambda: Costs(np.zeros((2, 2)), np.ones(3)), "indel must be one number or 2"),
    "indel NaN": (lambda: Costs(np.zeros((2, 2)), np.nan), "finite"),
    "NaN in d": (lambda: ward([1, np.nan, 2]), "NaN"),
    "infinite d": (lambda: quality([1, np.inf, 2], LABELS), "infinite"),
    "huge d": (lambda: ward([1, 1e200, 2]), "too large"),
    "negative d": (lambda: medoids([1, -3, 2], LABELS), "negative values.*-3"),
    "square d": (lambda: ward(np.zeros((3, 3))), "condensed.*2 dimensions"),
    "d length": (lambda: ward(np.ones(4)), "4 entries"),
    "empty d": (lambda: ward(np.ones(0)), "0 entries"),
    "variant": (lambda: ward(D, variant="D3"), "variant 'D3'.*D, D2"),
    "linkage": (lambda: linkage(D, "centroid"), "linkage method 'centroid'.*average"),
    "ties": (lambda: linkage(D, "single", ties="first"), "ties 'first'.*intrinsic, row"),
    "linkage of NaN": (lambda: linkage([1, np.nan, 2], "complete"), "NaN"),
    "negative weight": (lambda: linkage(D, "average", [1, -1, 1]), "above 0"),
    "center of NaN": (lambda: distances_to_center([1, np.nan, 2]), "NaN"),
    "no medoids": (lambda: k_medoids(D, 0), "k must be 1 to 3.*0"),
    "more medoids than rows": (lambda: k_medoids(D, 4), "k must be 1 to 3.*4"),
    "more medoids than unlike rows": (lambda: k_medoids([0, 2, 2], 3), "k must be 1 to 2.*unlike.*3"),
    "half a medoid": (lambda: k_medoids(D, 1.5), "k must be .*1.5"),
    "no numbers of medoids": (lambda: k_medoids_range(D, []), "no number of clusters"),
    "medoids of NaN": (lambda: k_medoids([1, np.nan, 2], 2), "NaN"),
    "medoids of negative d": (lambda: k_medoids([1, -1, 2], 2), "negative values"),
    "medoids of nobody": (lambda: k_medoids(np.ones(0), 1), "0 entries"),
    "medoids of zero weights": (lambda: k_medoids(D, 2, [0, 1, 1]), "above 0"),
    "init name": (lambda: k_medoids(D, 2, init="random"), "init 'random'.*ward, build"),
    "init twice": (lambda: k_medoids(D, 2, init=[1, 1]), "init must be 2 different row numbers"),
    "init beyond": (lambda: k_medoids(D, 2, init=[1, 3]), "init must be 2 .*below 3"),
    "k too low": (lambda: cut(TREE, 0), "k must be 1 to 3.*0"),
    "k too high": (lambda: cut(TREE, 4), "k must be 1 to 3.*4"),
    "tree shape": (lambda: cut(TREE[:, :3], 2), r"linkage.*\(2, 3\)"),
    "labels length": (lambda: quality(D, [0, 1]), r"labels.*\(2,\).*3 rows"),
    "labels gap": (lambda: quality(D, [0, 2, 0]), "every number from 0"),
    "labels from 1": (lambda: medoids(D, [1, 2, 1]), "every number from 0"),
    "labels below 0": (lambda: quality(D, [0, -1, 1]), "every number from 0"),
    "labels beyond rows": (lambda: quality(D, [0, 10**15, 1]), "every number from 0"),
    "labels type": (lambda: silhouette(D, [0.0, 1.0, 0.0]), "integers"),
    "one cluster": (lambda: quality(D, [0, 0, 0]), "one cluster"),
    "one cluster's silhouette": (lambda: silhouette(D, [0, 0, 0]), "one cluster"),
    "k of 1": (lambda: quality_table(D, TREE, [1, 2]), "one cluster"),
    "no k": (lambda: quality_table(D, TREE, []), "no partition"),
    "silhouette form": (lambda: silhouette(D, LABELS, form="asw"), "form 'asw'"),
    "index": (lambda: choose_k(quality_table(D, TREE, [2]), by="CHI"), "index 'CHI'"),
    "no defined index": (lambda: choose_k(qualities(D, {3: [0, 1, 2]}), by="CH"), "defined CH"),
    "empty table": (lambda: choose_k({}), "defined ASW"),
}


@pytest.mark.parametrize(("call", "line"), REFUSED.values(), ids=list(REFUSED))
def test_one_clear_line(call, line):
    with pytest.raises(ValueError, match=line) as refusal:
        call()
    assert "\n" not in str(refusal.value)
