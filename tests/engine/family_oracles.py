"""Textbook versions of the dissimilarities, by their definitions and without regard to time."""

from functools import cache
from itertools import combinations, groupby, pairwise
from math import prod

import numpy as np


def _spells(seq):
    return [(state, len(list(run))) for state, run in groupby(seq.tolist())]


def _align(m, n, swap, delete, insert):
    """Return the least cost of an alignment, cell by cell; costs are functions of 1-based places."""

    @cache
    def least(x, y):
        if x == y == 0:
            return 0.0
        ways = []
        if x and y:
            ways.append(least(x - 1, y - 1) + swap(x, y))
        if x:
            ways.append(least(x - 1, y) + delete(x, y))
        if y:
            ways.append(least(x, y - 1) + insert(x, y))
        return min(ways)

    return least(m, n)


def omloc(a, b, sub, indel, expcost, context):
    top = min(sub.max(), 2 * (expcost * sub.max() + context))

    def put(state, other, place):
        near = other[max(place - 2, 0)], other[max(place - 1, 0)]
        return expcost * top + context * (sub[state, near[0]] + sub[state, near[1]]) / 2

    return _align(
        len(a),
        len(b),
        lambda x, y: sub[a[x - 1], b[y - 1]],
        lambda x, y: put(a[x - 1], b, y),
        lambda x, y: put(b[y - 1], a, x),
    )


def omslen(a, b, sub, indel, link, h):
    t = [[length**-h for _, length in _spells(s) for _ in range(length)] for s in (a, b)]
    mean = (lambda u, v: (u + v) / 2) if link == "mean" else (lambda u, v: (u * v) ** 0.5)
    return _align(
        len(a),
        len(b),
        lambda x, y: sub[a[x - 1], b[y - 1]] * mean(t[0][x - 1], t[1][y - 1]),
        lambda x, y: indel[a[x - 1]] * t[0][x - 1],
        lambda x, y: indel[b[y - 1]] * t[1][y - 1],
    )


def omspell(a, b, sub, indel, expcost, tpow):
    p, q = ([(s, length**tpow - 1) for s, length in _spells(seq)] for seq in (a, b))

    def swap(x, y):
        (s, t), (r, u) = p[x - 1], q[y - 1]
        return expcost * abs(t - u) if s == r else sub[s, r] + expcost * (t + u)

    return _align(
        len(p),
        len(q),
        swap,
        lambda x, y: indel[p[x - 1][0]] + expcost * p[x - 1][1],
        lambda x, y: indel[q[y - 1][0]] + expcost * q[y - 1][1],
    )


def transition_tokens(seq, previous, add_column):
    s = seq.tolist()
    tokens = list(zip([s[0], *s[:-1]], s, [*s[1:], s[-1]], strict=True))
    if not previous:
        tokens = [(here, after) for _, here, after in tokens]
    return tokens if add_column else tokens[int(previous) : -1]


def omstran(a, b, sub, indel, otto, transindel, previous, add_column, rates):
    raw = {"constant": 1 - np.eye(len(sub)), "subcost": sub / sub.max(), "prob": 1 - rates}[transindel]
    share = (1 - otto) / (1 + previous) * indel.max() / sub.max()

    def move(token):
        if not previous:
            return 0.0 if token[0] == token[1] else share * raw[token]
        return share * sum(raw[step] for step in pairwise(token))

    def gap(token):
        return otto * indel[token[-2]] / sub.max() + move(token)

    def swap(p, q):
        return 0.0 if p == q else otto * sub[p[-2], q[-2]] / sub.max() + move(p) + move(q)

    p, q = (transition_tokens(seq, previous, add_column) for seq in (a, b))
    return _align(
        len(p),
        len(q),
        lambda x, y: swap(p[x - 1], q[y - 1]),
        lambda x, y: gap(p[x - 1]),
        lambda x, y: gap(q[y - 1]),
    )


def twed(a, b, sub, indel, nu, h):
    """Marteau's three operations, of which none but a match can come first."""

    @cache
    def least(x, y):
        if x == y == 0:
            return 0.0
        if x == 0 or y == 0:
            return np.inf
        before = sub[a[x - 2], b[y - 2]] if x > 1 and y > 1 else 0.0
        match = least(x - 1, y - 1) + sub[a[x - 1], b[y - 1]] + before + 2 * nu * abs(x - y)
        gone = least(x - 1, y) + sub[a[x - 1], a[x - 2]] + nu + h if x > 1 else np.inf
        come = least(x, y - 1) + sub[b[y - 1], b[y - 2]] + nu + h if y > 1 else np.inf
        return min(match, gone, come)

    return least(len(a), len(b))


def dhd(a, b, sub):
    return sum(sub[t, x, y] for t, (x, y) in enumerate(zip(a, b, strict=True)))


def lcs(a, b):
    held = [{s for k in range(len(x) + 1) for s in combinations(x.tolist(), k)} for x in (a, b)]
    return len(a) + len(b) - 2 * max(map(len, held[0] & held[1]))


def lcp(a, b):
    same = np.append(a == b, False)
    return 2 * (len(a) - int(np.argmin(same)))


def rlcp(a, b):
    return lcp(a[::-1], b[::-1])


def _vector_distance(x, y, prox, kweights):
    """x, y: subsequence, and what it counts. Those of one length match by the product of proximities."""

    def inner(p, q):
        return sum(
            kweights[len(u) - 1] * c * d * prod(prox[i, j] for i, j in zip(u, v, strict=True))
            for u, c in p
            for v, d in q
            if len(u) == len(v) and len(u) <= len(kweights)
        )

    return max(inner(x, x) + inner(y, y) - 2 * inner(x, y), 0) ** 0.5


def nms(a, b, prox, kweights):
    parts = ([(u, 1) for k in range(1, len(s) + 1) for u in combinations(s.tolist(), k)] for s in (a, b))
    return _vector_distance(*parts, prox, kweights)


def svrspell(a, b, prox, kweights, tpow):
    parts = []
    for seq in (a, b):
        runs = _spells(seq)
        taken = [part for k in range(1, len(runs) + 1) for part in combinations(runs, k)]
        parts.append([(tuple(s for s, _ in part), sum(t**tpow for _, t in part)) for part in taken])
    return _vector_distance(*parts, prox, kweights)


def distributions(seq, cut, weights, shares, normed, euclid):
    """All distances (n, n), from persons' shares of states in each interval."""
    total = 0.0
    for begin, end in cut:
        mine = np.array([[(row[begin:end] == k).mean() for k in range(len(shares))] for row in seq])
        seen = weights @ mine / weights.sum()
        expected = np.ones_like(seen) if euclid else (seen if shares[0] is None else np.array(shares))
        used = (seen > 0) & (expected > 0)
        part = ((mine[:, None] - mine)[..., used] ** 2 / expected[used]).sum(axis=2)
        rare = np.sort(expected[used])[:2]
        if normed:
            part = part / ((1 / rare).sum() if len(rare) > 1 else 1) / len(cut)
        total = total + part
    return np.sqrt(total)
