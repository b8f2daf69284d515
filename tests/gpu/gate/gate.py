#!/usr/bin/env python3
"""The log-probs of quorum's engine against float32, beside those of transformers in bfloat16 on the same weights.

For each shape a checkpoint of full width and few layers with random weights is written (checkpoint.py), and two texts
of random tokens are put to three programs: transformers in float32 (the truth), transformers in bfloat16, and `quorum
probe logprobs`. Compared are the log-probs of the text's next token and of the eight tokens that the truth finds
likeliest, at every position of the short text and around positions 4,097, 8,193 and 32,768 of the long one.

The gate: in each group of positions the mean error of quorum is at most 1.5 times that of bfloat16, and so is the
largest error. Copies of the checkpoint with one mistake, and programs with one, must not pass.

usage: gate.py --quorum build/release/quorum [--shapes 7b,llama-8b] [--mistakes 1.5b,llama-8b,qwen3-8b] [--json FILE]
       [--wrong-program "skipped page=$(tests/gpu/gate/wrong_program.sh)"]
Needs torch and transformers 5.17, and a GPU or, with --device cpu --torch-device cpu, patience.
"""

import argparse
import gc
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import torch

import checkpoint
import reference
import shapes

LIMIT = 1.5
LIKELIEST = 8
WINDOW = 64  # positions looked at around each mark of the long text
MARKS = (4097, 8193, 32768)  # counted from one


class Text:
    """Token ids, what follows each, and the positions that are looked at, in named groups."""

    def __init__(self, ids, following, groups):
        self.ids, self.following = ids, following
        self.groups = groups
        self.positions = sorted(p for group in groups.values() for p in group)


def make_texts(vocab, short, long, seed):
    rng = random.Random(seed)

    def draw(length):
        ids = [rng.randrange(vocab) for _ in range(length + 1)]
        return ids[:-1], ids[1:]

    texts = [Text(*draw(short), {f"1 to {short}": list(range(short))})]
    groups = {}
    for mark in MARKS:
        first, last = mark - WINDOW // 2, min(mark + WINDOW // 2, long)
        if last >= mark:
            groups[f"about {mark}"] = list(range(first, last))
    return [*texts, Text(*draw(long), groups)]


def quorum_log_probs(program, device, directory, text, candidates):
    """(positions, candidates) of `quorum probe logprobs`."""
    command = [program, "probe", "logprobs", "--model", str(directory), "--device", device,
               "--positions", ",".join(map(str, text.positions))]
    stdin = json.dumps(dict(ids=text.ids, candidates=candidates.tolist()))
    done = subprocess.run(command, input=stdin, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)[:200]}: exit {done.returncode}\n{done.stderr}")
    out = json.loads(done.stdout)
    assert out["positions"] == text.positions
    for row, ids in zip(out["logprobs"], candidates.tolist()):
        assert [id for id, _ in row] == ids
    return torch.tensor([[value for _, value in row] for row in out["logprobs"]], dtype=torch.float64)


def truth_of(directory, texts, device):
    """For each text the candidates, (positions, 1 + LIKELIEST) ids, and their log-probs in float32."""
    model = reference.Model(directory, torch.float32, device)
    out = []
    for text in texts:
        rows = model.log_probs(text.ids, text.positions)
        following = torch.tensor([[text.following[p]] for p in text.positions], device=rows.device)
        candidates = torch.cat([following, rows.topk(LIKELIEST, -1).indices], -1)
        out.append((candidates.cpu(), rows.gather(-1, candidates).double().cpu()))
    return out


def bfloat16_errors(directory, texts, truth, device):
    model = reference.Model(directory, torch.bfloat16, device)
    out = []
    for text, (candidates, values) in zip(texts, truth):
        rows = model.log_probs(text.ids, text.positions)
        out.append((rows.gather(-1, candidates.to(rows.device)).double().cpu() - values).abs())
    return out


def quorum_errors(program, device, directory, texts, truth):
    return [(quorum_log_probs(program, device, directory, text, candidates) - values).abs()
            for text, (candidates, values) in zip(texts, truth)]


def compare(texts, ours, theirs):
    """Figures of each group of positions, and whether the gate lets them pass."""
    groups = []
    for text, a, b in zip(texts, ours, theirs):
        row = {p: i for i, p in enumerate(text.positions)}
        for name, positions in text.groups.items():
            rows = [row[p] for p in positions]
            group = dict(group=name, values=a[rows].numel(),
                         mean=a[rows].mean().item(), max=a[rows].max().item(),
                         bf16_mean=b[rows].mean().item(), bf16_max=b[rows].max().item())
            group["passed"] = (group["mean"] <= LIMIT * group["bf16_mean"] and
                               group["max"] <= LIMIT * group["bf16_max"])
            groups.append(group)
    return dict(groups=groups, passed=all(g["passed"] for g in groups))


def excess(group):
    return max(group["mean"] / group["bf16_mean"], group["max"] / group["bf16_max"])


def line(shape, what, group, verdict):
    return (f"{shape:10} {what:18} {group['group']:12} {group['mean']:.2e} {group['bf16_mean']:.2e} "
            f"{group['mean'] / group['bf16_mean']:7.3f}   {group['max']:.2e} {group['bf16_max']:.2e} "
            f"{group['max'] / group['bf16_max']:7.3f}   {verdict}")


def examine(name, args, work, say):
    """All that is done with one shape."""
    config = shapes.config(name, args.layers)
    device = args.torch_device
    texts = make_texts(config["vocab_size"], args.short, args.long, f"{args.seed} {name}")
    right = work / "right"
    seconds = {}

    def timed(what, function, *arguments):
        begin = time.monotonic()
        out = function(*arguments)
        seconds[what] = round(time.monotonic() - begin, 1)
        return out

    timed("checkpoint", checkpoint.make, right, config, args.seed, device)
    truth = timed("float32", truth_of, right, texts, device)
    theirs = timed("bfloat16", bfloat16_errors, right, texts, truth, device)
    gc.collect()
    if device != "cpu":
        torch.cuda.empty_cache()
    ours = timed("quorum", quorum_errors, args.quorum, args.device, right, texts, truth)
    result = dict(shape=name, layers=args.layers, **compare(texts, ours, theirs), mistakes=[])
    for group in result["groups"]:
        say(line(name, "", group, "passes" if group["passed"] else "FAILS"))

    wrong = []
    if name in args.mistakes:
        for what, change, only_long in checkpoint.mistakes(config):
            directory = work / what.replace(" ", "-")
            checkpoint.altered(right, directory, config, change)
            wrong.append((what, args.quorum, directory, slice(only_long, 1 + only_long)))
    wrong += [(what, program, right, slice(None)) for what, program in args.wrong_programs]
    begin = time.monotonic()
    for what, program, directory, part in wrong:
        errors = quorum_errors(program, args.device, directory, texts[part], truth[part])
        found = compare(texts[part], errors, theirs[part])
        result["mistakes"].append(dict(mistake=what, caught=not found["passed"], **found))
        say(line(name, what, max(found["groups"], key=excess), "MISSED" if found["passed"] else "caught"))
    seconds["mistakes"] = round(time.monotonic() - begin, 1)
    result["seconds"] = seconds
    say(f"{name:10} " + ", ".join(f"{what} {s} s" for what, s in seconds.items()))
    return result


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    names = lambda text: [x for x in text.split(",") if x]
    parser.add_argument("--quorum", required=True)
    parser.add_argument("--device", default="cuda", help="of quorum")
    parser.add_argument("--torch-device", default="cuda")
    parser.add_argument("--shapes", type=names, default=shapes.NAMES)
    parser.add_argument("--mistakes", type=names, default=["1.5b", "llama-8b", "qwen3-8b"],
                        help="shapes whose mistakes are tried")
    parser.add_argument("--wrong-program", action="append", default=[], metavar="NAME=PATH",
                        help="a build of quorum with a mistake, which must be caught")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--short", type=int, default=1100, help="tokens of the short text")
    parser.add_argument("--long", type=int, default=32768, help="tokens of the long text")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=pathlib.Path, help="folder for checkpoints (default: a temporary one)")
    parser.add_argument("--json", type=pathlib.Path)
    args = parser.parse_args()
    args.wrong_programs = [tuple(text.split("=", 1)) for text in args.wrong_program]
    if args.short < 1 or args.long < MARKS[0]:
        parser.error(f"--short and --long are at least 1 and {MARKS[0]} tokens")
    return args


def main():
    args = arguments()
    say = lambda text: print(text, flush=True)
    say(f"torch {torch.__version__}, transformers {reference.transformers.__version__}, {args.layers} layers, "
        f"quorum on {args.device}; errors of log-probs against float32")
    say(f"{'shape':10} {'':18} {'positions':12} {'mean':8} {'bf16':8} {'ratio':>7}   {'max':8} {'bf16':8} {'ratio':>7}")
    results = []
    for name in args.shapes:
        work = pathlib.Path(tempfile.mkdtemp(prefix="gate-", dir=args.work))
        try:
            results.append(examine(name, args, work, say))
        finally:
            shutil.rmtree(work)
    good = all(r["passed"] and all(m["caught"] for m in r["mistakes"]) for r in results)
    if args.json:
        args.json.write_text(json.dumps(dict(limit=LIMIT, passed=good, shapes=results), indent=1))
    say(f"{sum(r['passed'] for r in results)} of {len(results)} shapes pass, "
        f"{sum(m['caught'] for r in results for m in r['mistakes'])} of "
        f"{sum(len(r['mistakes']) for r in results)} mistakes are caught: {'PASS' if good else 'FAIL'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
