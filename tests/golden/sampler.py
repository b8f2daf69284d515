"""Makes sampler.txt, golden choices of the sampler defined in engine/sampler.h, from an independent implementation.

Exponentials and logarithms come from the decimal module with 50 digits, Philox4x32-10 is written from its paper. Logits
come from a formula in exact integers, so that no vectors need be stored:
    h = (i * 2654435761 + seed * 40503 + 12345) mod 2^32, h = h xor (h >> 15), h = h * 2246822519 mod 2^32
    wide:   ((h >> 8) - 2^23) * 2^-shift        24 random bits
    steps:  (h >> 29) * 2^-shift                8 values, so most logits are tied
    peak:   as wide, and logit (seed mod n) is 2^(25 - shift)
A case whose winner leads by less than 1e-9 is left out, for there the last bit of a logarithm would decide.
Line: kind shift n seed temperature top_p key index -> token logprob
Run: python3 tests/golden/sampler.py > tests/golden/sampler.txt
"""
import random
from decimal import Decimal, getcontext

getcontext().prec = 50
MASK = 0xFFFFFFFF


def philox(key, counter):
    k0, k1 = key & MASK, key >> 32
    c = list(counter)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k0, p1 & MASK, (p0 >> 32) ^ c[3] ^ k1, p0 & MASK]
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c


def make_logits(kind, shift, n, seed):
    logits = []
    for i in range(n):
        h = (i * 2654435761 + seed * 40503 + 12345) & MASK
        h ^= h >> 15
        h = h * 2246822519 & MASK
        logits.append((h >> 29) * 2.0**-shift if kind == "steps" else ((h >> 8) - 2**23) * 2.0**-shift)
    if kind == "peak":
        logits[seed % n] = 2.0 ** (25 - shift)
    return logits


def masses(logits, temperature):
    top = max(logits)
    out = []
    for logit in logits:
        x = (logit - top) / temperature
        out.append(int((Decimal(x).exp() * 2**40).to_integral_value()) if x > -40 else 0)
    return out


def sample(logits, temperature, top_p, key, index):
    """The chosen token, its log-probability, and by how much it won."""
    top = max(logits)
    untempered = sum(masses(logits, 1.0))
    lead = Decimal(1)
    if temperature == 0:
        winner = logits.index(top)
    else:
        q = masses(logits, temperature)
        total, before, scores = sum(q), 0, []
        for i in sorted(range(len(logits)), key=lambda t: (-logits[t], t)):
            if top_p < 1 and not float(before) < top_p * float(total):
                break
            if q[i] > 0:
                u = (Decimal(philox(key, (i, index, 0, 0))[0]) + Decimal("0.5")) / 2**32
                scores.append((Decimal(q[i]).ln() - (-u.ln()).ln(), -i))
            before += q[i]
        scores.sort(reverse=True)
        winner = -scores[0][1]
        lead = scores[0][0] - scores[1][0] if len(scores) > 1 else lead
    logprob = Decimal(logits[winner]) - Decimal(top) - (Decimal(untempered) / 2**40).ln()
    return winner, float(logprob), lead


def main():
    rng = random.Random(20260101)
    written = 0
    while written < 200:
        kind = ("wide", "steps", "peak")[written % 3]
        shift = rng.choice((18, 20, 21, 22)) if kind != "steps" else rng.choice((0, 1, 3))
        n = rng.choice((1, 2, 3, 7, 64, 100, 333, 640, 1031))
        seed = rng.randrange(1 << 16)
        temperature = rng.choice((0.0, 0.01, 0.3, 0.6, 0.6, 0.6, 1.0, 1.0, 1.5, 50.0))
        top_p = rng.choice((1e-6, 0.1, 0.5, 0.9, 0.95, 0.95, 0.95, 0.999, 1.0))
        key, index = rng.getrandbits(63), rng.choice((0, 1, 31, rng.randrange(32768)))
        token, logprob, lead = sample(make_logits(kind, shift, n, seed), temperature, top_p, key, index)
        if lead > Decimal("1e-9"):
            print(kind, shift, n, seed, repr(temperature), repr(top_p), key, index, token, repr(logprob))
            written += 1


if __name__ == "__main__":
    main()
