"""Weights and token sequences that a few lines of C++ reproduce bit for bit (tests/support/synthetic_checkpoint.cpp).

A value is a function of the tensor's name and the index in it: splitmix64 of FNV-1a(name) + index, its upper 24 bits as a
float in [-1, 1), then centre + scale · that in float32. Query and key matrices are scaled up, norms and biases are not
ones and zeros: attention is peaked, and an error in a position, a page, a bias or a norm shows in the logits.
"""

import numpy as np

U64 = np.uint64


def fnv1a(text: str) -> int:
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def splitmix64(name: str, count: int) -> np.ndarray:
    with np.errstate(over="ignore"):
        z = U64(fnv1a(name)) + (np.arange(count, dtype=np.uint64) + U64(1)) * U64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> U64(30))) * U64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> U64(27))) * U64(0x94D049BB133111EB)
        return z ^ (z >> U64(31))


def centre_and_scale(name: str) -> tuple[float, float]:
    if name.endswith(("q_norm.weight", "k_norm.weight")):
        return 2.0, 0.5
    if name.endswith("norm.weight"):
        return 1.0, 0.5
    if name.endswith(".bias"):
        return 0.0, 0.5
    if name.endswith(("q_proj.weight", "k_proj.weight")):
        return 0.0, 0.5
    if name.endswith("embed_tokens.weight"):
        return 0.0, 1.0
    return 0.0, 0.25


def values(name: str, shape: tuple[int, ...]) -> np.ndarray:
    count = int(np.prod(shape))
    unit = (splitmix64(name, count) >> U64(40)).astype(np.float32) * np.float32(2.0**-23) - np.float32(1)
    centre, scale = centre_and_scale(name)
    return (np.float32(centre) + np.float32(scale) * unit).reshape(shape)


def tokens(name: str, count: int, vocab: int) -> np.ndarray:
    return (splitmix64(name + ".tokens", count) % U64(vocab)).astype(np.int64)
