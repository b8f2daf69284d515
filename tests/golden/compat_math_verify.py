#!/usr/bin/env python3
"""Compares `quorum math --compat math-verify` with Math-Verify, and the speed of both.

    python -m venv /tmp/reference && /tmp/reference/bin/pip install math-verify==0.8.0 antlr4-python3-runtime==4.13.2
    /tmp/reference/bin/python tests/golden/compat_math_verify.py build/release/quorum [--generated 20000] [--seed 5] [FILE.jsonl …]

Files hold pairs: gold, prediction and optionally class or category. Generated pairs come from
compat_pairs.py beside this. The gold answer goes to Math-Verify between dollars with its LaTeX
extraction, the prediction in a box with its default extraction, as in its own documentation; one
process, one core, five seconds a parse or comparison. Printed are for each file and class: pairs, the same
verdict, in percent; then what differs, and the pairs a second of both over the same pairs.
"""
import argparse
import collections
import json
import logging
import pathlib
import subprocess
import sys
import tempfile
import time

from math_verify import LatexExtractionConfig, parse, verify


def reference(pairs):
    """The verdicts and the seconds that they took."""
    begin = time.perf_counter()
    verdicts = []
    for pair in pairs:
        gold = parse(f"${pair['gold']}$", extraction_config=[LatexExtractionConfig()])
        verdicts.append(bool(verify(gold, parse(f"\\boxed{{{pair['prediction']}}}"))))
    return verdicts, time.perf_counter() - begin


def ours(quorum, pairs, mode):
    """As above, by the program: verdicts from one call, seconds from another without output."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for pair in pairs:
            file.write(json.dumps({"gold": pair["gold"], "prediction": pair["prediction"]}) + "\n")
        file.flush()
        command = [quorum, "math", "--pairs", file.name] + mode
        lines = subprocess.run(command + ["--verdicts"], check=True, capture_output=True, text=True).stdout
        count = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [json.loads(line) for line in lines.splitlines()], count["seconds"]


def report(name, quorum, pairs, show):
    theirs, their_seconds = reference(pairs)
    verdicts, seconds = ours(quorum, pairs, ["--compat", "math-verify"])
    _, strict_seconds = ours(quorum, pairs, [])
    total, same, deviations = collections.Counter(), collections.Counter(), collections.Counter()
    different = collections.defaultdict(list)
    for pair, expected, verdict in zip(pairs, theirs, verdicts, strict=True):
        kind = pair.get("class", pair.get("category", "-"))
        total[kind] += 1
        same[kind] += expected == verdict["equal"]
        deviations.update(verdict["deviations"])
        if expected != verdict["equal"]:
            different[kind].append((expected, pair))
    count = len(pairs)
    print(f"{name}: {count} pairs, {sum(same.values())} the same verdict ({100 * sum(same.values()) / count:.2f} %)")
    for kind in sorted(total, key=lambda k: same[k] / total[k]):
        if same[kind] < total[kind]:
            print(f"  {kind:24} {same[kind]:6} of {total[kind]:6}  {100 * same[kind] / total[kind]:6.2f} %")
    for kind, rows in different.items():
        for expected, pair in rows[:show]:
            print(f"    {kind}: Math-Verify says {str(expected):5} of {pair['gold']} ~ {pair['prediction']}")
    print("  deviations: " + ", ".join(f"{name} {n}" for name, n in deviations.most_common()))
    print(f"  pairs a second: Math-Verify {count / their_seconds:,.0f}, quorum --compat {count / seconds:,.0f}, "
          f"quorum {count / strict_seconds:,.0f}", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("quorum")
    arguments.add_argument("files", nargs="*")
    arguments.add_argument("--generated", type=int, default=20000)
    arguments.add_argument("--seed", type=int, default=5)
    arguments.add_argument("--golden", help="write the generated pairs with Math-Verify's verdicts there, and nothing else")
    arguments.add_argument("--show", type=int, default=5, help="differing pairs to print of each class")
    options = arguments.parse_intermixed_args()
    logging.disable(logging.CRITICAL)
    for file in options.files:
        pairs = [json.loads(line) for line in open(file, encoding="utf-8") if line.strip()]
        report(pathlib.Path(file).name, options.quorum, pairs, options.show)
    if options.golden:
        generator = pathlib.Path(__file__).with_name("compat_pairs.py")
        text = subprocess.run([sys.executable, generator, str(options.generated), str(options.seed)], check=True,
                              capture_output=True, text=True).stdout
        pairs = [json.loads(line) for line in text.splitlines()]
        with open(options.golden, "w", encoding="utf-8") as file:
            for pair, equal in zip(pairs, reference(pairs)[0], strict=True):
                file.write(json.dumps({**pair, "equal": equal}) + "\n")
    elif options.generated:
        generator = pathlib.Path(__file__).with_name("compat_pairs.py")
        text = subprocess.run([sys.executable, generator, str(options.generated), str(options.seed)], check=True,
                              capture_output=True, text=True).stdout
        report("generated", options.quorum, [json.loads(line) for line in text.splitlines()], options.show)


if __name__ == "__main__":
    main()
