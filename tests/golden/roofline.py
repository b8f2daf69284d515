#!/usr/bin/env python3
"""Makes tests/golden/roofline.json: the ideal times of workloads, counted one decode step at a time.

usage: python3 tests/golden/roofline.py > tests/golden/roofline.json

The engine sums over stretches of steps in closed form; here every step adds up, in fractions, the rows that still run
and the positions that each of them reads: its prompt and, in the mean over the stretch of steps between two ends of
samples, (first + last) / 2 new positions, where a stretch runs from `first` steps done to `last`.
"""
import json
import random
from fractions import Fraction

# hidden, layers, query heads, KV heads, head dimension, intermediate, vocabulary
MODELS = {
    "1.5b": (1536, 28, 12, 2, 128, 8960, 151936),
    "7b": (3584, 28, 28, 4, 128, 18944, 152064),
    "llama-8b": (4096, 32, 32, 8, 128, 14336, 128256),
}


def matrices(model):
    """(rows, columns, how often in a step) of every matrix that a step multiplies by."""
    hidden, layers, heads, kv_heads, dim, ffn, vocab = MODELS[model]
    attention = [(heads * dim, hidden, layers), (kv_heads * dim, hidden, 2 * layers), (hidden, heads * dim, layers)]
    return [*attention, (ffn, hidden, 2 * layers), (hidden, ffn, layers), (vocab, hidden, 1)]


def ideal(model, samples, bandwidth, rate):
    parameters = sum(r * c * times for r, c, times in matrices(model))
    _, layers, _, kv_heads, dim, _, _ = MODELS[model]
    kv_bytes = layers * 2 * kv_heads * dim * 2
    ends = [0] + sorted({length for _, length in samples})
    products = attention = both = Fraction(0)
    for first, last in zip(ends, ends[1:]):
        running = [prompt for prompt, length in samples if length >= last]
        for _ in range(first, last):
            load = Fraction(2 * parameters, bandwidth)
            compute = Fraction(2 * parameters * len(running), rate)
            read = sum(Fraction(kv_bytes) * (prompt + Fraction(first + last, 2)) for prompt in running) / bandwidth
            products += max(load, compute)
            attention += read
            both += max(load + read, compute)
    return products, attention, both


def draw(seed, queries, samples, longest):
    rng = random.Random(seed)
    out = []
    for _ in range(queries):
        prompt = rng.randrange(1, 300)
        lengths = [min(longest, max(1, int(rng.lognormvariate(5, 0.7)))) for _ in range(samples)]
        out.append({"prompt": prompt, "lengths": lengths})
    return out


CASES = [
    ("7b", [{"prompt": 1, "lengths": [1]}], 4540 * 10**9, 790 * 10**12),
    ("7b", [{"prompt": 200, "lengths": [512] * 64}] * 4, 4540 * 10**9, 790 * 10**12),  # compute-bound while all run
    ("1.5b", [{"prompt": 100, "lengths": [7, 7, 300]}, {"prompt": 90, "lengths": [300, 1]}], 4540 * 10**9,
     790 * 10**12),
    ("1.5b", draw(1, 8, 64, 1000), 3000 * 10**9, 700 * 10**12),
    ("llama-8b", draw(2, 4, 64, 800), 4540 * 10**9, 790 * 10**12),
    ("llama-8b", draw(3, 3, 5, 500), 1555 * 10**9, 312 * 10**12),
]

out = []
for model, queries, bandwidth, rate in CASES:
    samples = [(q["prompt"], n) for q in queries for n in q["lengths"]]
    products, attention, both = ideal(model, samples, bandwidth, rate)
    keys = ("hidden", "layers", "heads", "kv_heads", "head_dim", "intermediate", "vocab")
    out.append({"spec": dict(zip(keys, MODELS[model])), "bandwidth": float(bandwidth), "rate": float(rate),
                "queries": queries, "products": float(products), "attention": float(attention),
                "overlapped": float(both)})
print(json.dumps({"cases": out}, separators=(",", ":")))
