#!/usr/bin/env python3
"""Grades real programs by tests that are known for them and lists where the official verdict was another.

    scripts/livecodebench_labels.py build/release/quorum ../shared/data/livecodebench o1_mini_eval_all.json
        [--as-recorded] [--official testing_util.py]... [--json FILE]

The evaluation files hold programs with the verdict of LiveCodeBench's checker, and for those that failed the test
that failed them. Two sets are made of them:

  passed  programs with an official pass, by `quorum import --bench livecodebench:v6`: every sample test, example of
          the statement and recovered test of their problem; all must pass
  failed  programs with a recorded failing test, and that test alone: all must fail. Tests that the file
          shortened are left out

With --as-recorded `passed` has the sample tests and recovered tests as these files hold them, damage included, instead
of what the importer makes of them, and no examples (docs/LIVECODEBENCH.md says what it mends).

Printed are for each set and mode the programs, the executions wanted, how many agree, and every disagreement with its
class and what plain python3 gives, and each checker named by --official, on that test without Quorum. Exit code 1 when
a mode disagrees more than ten times.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import livecodebench_outside as outside

MODES = ("process", "lcb-official")
def json_lines(path):
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def function_name(problem):
    found = re.search(r"def +(\w+)", problem["starter_code"])
    return found.group(1) if found else None


def function_test(problem, given, expected):
    """Arguments and result of a recorded call as JSON texts."""
    returns_text = re.search(r"-> *str *:", problem["starter_code"])
    result = expected
    if not returns_text:
        try:
            result = outside.literal(expected)
        except (ValueError, SyntaxError):
            pass
    return "\n".join(json.dumps(argument) for argument in outside.literal(given)), json.dumps(result)


def tests_of(problem, recovered, as_recorded):
    """Sample tests and recovered tests of a problem, as the files hold them or, for `passed`, with the examples."""
    tests = [(test["input"].replace("\r\n", "\n"), test["output"]) for test in problem["sample_tests"]]
    if problem["starter_code"].strip() and not as_recorded:
        tests += [("\n".join(json.dumps(argument) for argument in given), json.dumps(result))
                  for given, result in outside.examples(problem)]
    return tests + recovered


class Entry:
    """A recorded program with its tests; `by_importer`: Quorum takes the tests from the benchmark itself."""

    def __init__(self, row, problem, tests, recorded, by_importer):
        self.row, self.problem, self.tests, self.recorded = row, problem, tests, recorded
        self.id, self.by_importer = row["question_id"], by_importer
        self.function = function_name(problem) if problem["starter_code"].strip() else None

    def as_set_row(self):
        suite = {"inputs": [given for given, _ in self.tests], "outputs": [expected for _, expected in self.tests]}
        if self.function:
            suite["fn_name"] = self.function
        return {"id": self.id, "problem": self.row["question_title"], "grader": "tests", "tests": suite}


def read_data(folder):
    problems = {row["question_id"]: row for row in json_lines(folder / "problems_1055.jsonl")}
    recovered, failed_by = collections.defaultdict(list), {}
    for row in json_lines(folder / "recovered_tests.jsonl"):
        problem = problems[row["question_id"]]
        test = (row["input"], row["expected"])
        if row["testtype"] != "stdin":
            test = function_test(problem, *test)
        recovered[row["question_id"]].append(test)
        failed_by[row["question_id"], test] = row["failed_by"]
    return problems, recovered, failed_by


def make_sets(problems, recovered, programs, as_recorded):
    sets = {"passed": [], "failed": []}
    for row in programs:
        problem = problems[row["question_id"]]
        if row["graded_list"][0]:
            tests = tests_of(problem, recovered[row["question_id"]], as_recorded)
            if tests:
                sets["passed"].append(Entry(row, problem, tests, None, not as_recorded))
            continue
        record = json.loads(row["metadata"][0])
        if "inputs" not in record or "...(truncated) ..." in record["inputs"] + record["expected"]:
            continue
        test = (record["inputs"], record["expected"])
        if problem["starter_code"].strip():
            test = function_test(problem, *test)
        sets["failed"].append(Entry(row, problem, [test], record, False))
    return sets


def grade(quorum, folder, entries, work):
    """query id → reason, such as "process:AC lcb-official:WA@1/3"."""
    with open(work / "set.jsonl", "w") as tests, open(work / "outputs.jsonl", "w") as outputs:
        for entry in entries:
            if not entry.by_importer:
                tests.write(json.dumps(entry.as_set_row()) + "\n")
            outputs.write(json.dumps({"id": entry.id, "output": entry.row["output_list"][0]}) + "\n")
    bench = ["livecodebench:v6", "--data", str(folder)] if entries[0].by_importer else [str(work / "set.jsonl")]
    common = ["--db", str(work / "m.db"), "--quiet"]
    subprocess.run([quorum, "import", "--bench", *bench, "--model", "m", "--code-block", "official", *common,
                    str(work / "outputs.jsonl")], check=True, stdout=subprocess.DEVNULL)
    exported = subprocess.run([quorum, "export", *common], check=True, capture_output=True, text=True)
    return {sample["query"]: sample["reason"] for sample in map(json.loads, exported.stdout.splitlines())}


def damage(entry, test, recovered, failed_by, programs):
    """Shows that a test was recorded after a function had changed its arguments; empty: it does not show."""
    if not entry.function:
        return ""
    makers = [programs[name][entry.id] for name in failed_by.get((entry.id, test), [])
              if entry.id in programs.get(name, {})]
    for maker in makers:
        record = json.loads(maker["metadata"][0])
        for number, (given, _) in enumerate(outside.examples(entry.problem), 1):
            result, left, _ = outside.call(maker["code_list"][0], entry.function, given)
            changed = result and outside.literal(left) != given and "\n".join(map(json.dumps, outside.literal(left))) == test[0]
            if changed and result == record.get("output", result):
                return f"DAMAGED: a program that failed on it leaves these arguments of example {number}"
    ours = test[0].split("\n")
    for given, expected in recovered:
        others = given.split("\n")
        if expected == test[1] and len(others) == len(ours) and any(
                a == "[]" and b.startswith("[") for a, b in zip(ours, others) if a != b):
            return f"DAMAGED: recorded with an empty list; another program failed on it with {given[:60]!r}"
    return ""


def disagreement(entry, mode, words, test, kind, options):
    verdict = words[mode]
    said = f"    {entry.id}: {mode} {verdict}, recorded " + (
        "pass" if entry.recorded is None else entry.recorded["error_message"][:70])
    kind = kind or ("KNOWN-BAD" if "known-bad" in words else "")
    program = entry.row["code_list"][0]
    passes, what = outside.plain(program, entry.function, *test)
    checks = [f"python3: {'passes' if passes else 'fails'}, {what}"]
    for checker in options.official:
        fine, what = outside.official(checker, program, entry.function, *test)
        checks.append(f"{pathlib.Path(checker).name}: {'passes' if fine else 'fails'}, {what}")
    if not kind and entry.recorded is not None and "Time Limit" in entry.recorded["error_message"] and passes:
        kind = "TIME, or an input that the checker could not give"
    if not kind and (words["process"][:2] == "AC") != (words["lcb-official"][:2] == "AC"):
        kind = "OFFICIAL RULE: the modes differ on it"
    return said + "; " + (kind or "OTHER") + "".join("\n        " + check for check in checks)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("quorum")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("programs", help="o1_mini_eval_all.json or qwen25_7b_eval_all.json")
    parser.add_argument("--as-recorded", action="store_true", help="damaged tests as they are")
    parser.add_argument("--official", action="append", default=[], help="a testing_util.py of LiveCodeBench; repeatable")
    parser.add_argument("--json", type=pathlib.Path, help="every grade, for comparisons of two runs")
    options = parser.parse_args()
    problems, recovered, failed_by = read_data(options.folder)
    files = {"o1-mini": "o1_mini_eval_all.json", "qwen2.5-7b": "qwen25_7b_eval_all.json"}
    programs = {name: {row["question_id"]: row for row in json.loads((options.folder / file).read_text())}
                for name, file in files.items()}
    sets = make_sets(problems, recovered, json.loads((options.folder / options.programs).read_text()),
                     options.as_recorded)
    too_many, everything = False, {}
    for name, entries in sets.items():
        with tempfile.TemporaryDirectory() as work:
            grades = grade(options.quorum, options.folder, entries, pathlib.Path(work))
        everything[name] = grades
        line = f"{options.programs} {name}: {len(entries)} programs"
        if name == "passed":
            counts = [sum(len(of(entry)) for entry in entries) for of in (
                lambda entry: entry.problem["sample_tests"], lambda entry: recovered[entry.id], lambda entry: entry.tests)]
            line += f", {counts[0]} sample and {counts[1]} recovered executions"
            if not options.as_recorded:
                line += f", {counts[2] - counts[0] - counts[1]} of the statements' examples"
        print(line)
        for mode in MODES:
            wrong = []
            for entry in entries:
                words = dict((word.split(":", 1) + [""])[:2] for word in grades[entry.id].split())
                if (words[mode] == "AC") == (name == "passed"):
                    continue
                at = re.search(r"@(\d+)/", words[mode])
                test = entry.tests[int(at.group(1)) - 1 if at else 0]
                why = damage(entry, test, recovered[entry.id], failed_by, programs)
                wrong.append(disagreement(entry, mode, words, test, why, options))
            print(f"  {mode}: {len(entries) - len(wrong)} agree, {len(wrong)} do not")
            print("\n".join(wrong) + ("\n" if wrong else ""), end="")
            too_many = too_many or len(wrong) > 10
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1))
    return 1 if too_many else 0


sys.exit(main())
