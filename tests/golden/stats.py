#!/usr/bin/env python3
"""Makes tests/golden/stats.json: what NumPy and SciPy say about the statistics of reports/stats.h.

usage: python3 tests/golden/stats.py > tests/golden/stats.json   (needs numpy and scipy)

repeat_se is checked against the variance of the mean of independent Bernoulli draws estimated query by query with
numpy.var(ddof=1); question_se against scipy.stats.sem; pass@k against a hypergeometric tail; the vote against an
enumeration with fractions; Student's t against scipy.stats.t.
"""
import json
from fractions import Fraction

import numpy as np
from scipy import stats

rng = np.random.default_rng(20260142)
cases = []
for queries, samples in [(1, 2), (2, 2), (5, 3), (30, 64), (60, 8), (7, 64)]:
    x = (rng.random((queries, samples)) < rng.random((queries, 1))).astype(int)
    x[0, :] = 1
    p = x.mean(axis=1)
    repeat = np.sqrt(sum(np.var(row, ddof=1) / samples for row in x)) / queries
    classes = rng.integers(-1, 4, size=(queries, samples))
    credits = []
    for i in range(queries):
        votes = {}
        for c, ok in zip(classes[i], x[i]):
            if c >= 0:
                votes.setdefault(int(c), []).append(int(ok))
        most = max((len(v) for v in votes.values()), default=0)
        top = [v for v in votes.values() if len(v) == most]
        credits.append(float(sum(Fraction(sum(v), len(v)) for v in top) / len(top)) if most else 0.0)
    k = max(1, samples // 2)
    cases.append({
        "correct": x.tolist(), "classes": classes.tolist(), "pass_at_1": float(p.mean()), "repeat_se": float(repeat),
        "question_se": float(stats.sem(p)) if queries > 1 else None, "credits": credits, "k": k,
        "pass_at_k": [float(1 - stats.hypergeom.pmf(0, samples, int(row.sum()), k)) for row in x]})
quantiles = [[c, df, float(stats.t.ppf((1 + c) / 2, df))] for c in (0.5, 0.68, 0.95, 0.99) for df in (1, 2, 5, 29, 499)]
print(json.dumps({"cases": cases, "t": quantiles}))
