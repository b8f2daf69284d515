#!/usr/bin/env python3
"""Grades real programs by tests that are known for them and lists where the official verdict was another.

    scripts/livecodebench_labels.py build/release/quorum ../shared/data/livecodebench o1_mini_eval_all.json [--json FILE]

The evaluation files hold programs with the verdict of LiveCodeBench's checker, and for those that failed the test
that failed them. Two sets are made of them:

  passed  programs with an official pass, and every sample test and recovered test of their problem: all must pass
  failed  programs with a recorded failing test, and that test alone: all must fail. Tests that the file
          shortened are left out

Both are graded by `quorum import` in both modes at once. Printed are for each set and mode the programs, the
executions wanted, how many agree, and every disagreement; those on tests that these files hold damaged (DAMAGED) are
marked. Exit code 1 when a mode disagrees more than ten times on other tests.

Carriage returns in samples are those of the web page and are dropped, as the importer does.
"""
import argparse
import ast
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

MODES = ("process", "lcb-official")
CHANGED = "a recorded input was changed in place by the program that failed on it"
SENTENCE = "a sample's output is a sentence of the explanation: the right output is empty"
BLANK = "a sample's input has blank lines between its lines"
DAMAGED = {
    "1883_B": BLANK, "1899_A": BLANK, "2878": CHANGED, "3226": CHANGED, "3454": CHANGED, "3471": CHANGED,
    "3475": CHANGED, "3518": CHANGED,
    "3531": CHANGED, "3555": CHANGED, "3607": CHANGED, "3616": CHANGED, "abc312_b": SENTENCE,
    "abc343_b": SENTENCE, "abc344_a": SENTENCE, "abc367_c": SENTENCE, "abc372_a": SENTENCE,
}


def json_lines(path):
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def literal(text):
    """A value as repr() wrote it; repr writes inf and nan for floats, which are no literals."""
    tree = ast.parse(text.strip(), mode="eval")
    special = {"inf": float("inf"), "nan": float("nan")}

    class Names(ast.NodeTransformer):
        def visit_Name(self, node):
            return ast.Constant(special[node.id]) if node.id in special else node

    return ast.literal_eval(Names().visit(tree))


def function_name(problem):
    found = re.search(r"def +(\w+)", problem["starter_code"])
    return found.group(1) if found else None


def function_test(problem, given, expected):
    """Arguments and result of a recorded call as JSON texts."""
    returns_text = re.search(r"-> *str *:", problem["starter_code"])
    result = expected
    if not returns_text:
        try:
            result = literal(expected)
        except (ValueError, SyntaxError):
            pass
    return "\n".join(json.dumps(argument) for argument in literal(given)), json.dumps(result)


def suite(problem, tests):
    out = {"inputs": [given for given, _ in tests], "outputs": [expected for _, expected in tests]}
    if problem["starter_code"].strip():
        out["fn_name"] = function_name(problem)
    return out


def make_sets(folder, programs):
    problems = {row["question_id"]: row for row in json_lines(folder / "problems_1055.jsonl")}
    recovered = collections.defaultdict(list)
    for row in json_lines(folder / "recovered_tests.jsonl"):
        problem = problems[row["question_id"]]
        test = (row["input"], row["expected"])
        if row["testtype"] != "stdin":
            test = function_test(problem, *test)
        recovered[row["question_id"]].append(test)
    sets = {"passed": [], "failed": []}
    for row in programs:
        problem = problems[row["question_id"]]
        if row["graded_list"][0]:
            tests = [(test["input"].replace("\r\n", "\n"), test["output"]) for test in problem["sample_tests"]]
            counts = len(tests), len(recovered[row["question_id"]])
            tests += recovered[row["question_id"]]
            if tests:
                sets["passed"].append((row, suite(problem, tests), counts))
            continue
        record = json.loads(row["metadata"][0])
        if "inputs" not in record or "...(truncated) ..." in record["inputs"] + record["expected"]:
            continue
        test = (record["inputs"], record["expected"])
        if problem["starter_code"].strip():
            test = function_test(problem, *test)
        sets["failed"].append((row, suite(problem, [test]), record))
    return sets


def grade(quorum, entries, work):
    """query id → reason, such as "process:AC lcb-official:WA@1/3", and the warning."""
    with open(work / "set.jsonl", "w") as tests, open(work / "outputs.jsonl", "w") as outputs:
        for row, suite_of_row, _ in entries:
            tests.write(json.dumps({"id": row["question_id"], "problem": row["question_title"], "grader": "tests",
                                    "tests": suite_of_row}) + "\n")
            outputs.write(json.dumps({"id": row["question_id"], "output": row["output_list"][0]}) + "\n")
    command = [quorum, "import", "--bench", str(work / "set.jsonl"), "--model", "m", "--db", str(work / "m.db"),
               "--code-block", "official", "--quiet", str(work / "outputs.jsonl")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    grades = {}
    for row, _, _ in entries:
        shown = subprocess.run([quorum, "show", "--query", row["question_id"], "--db", str(work / "m.db"), "--json"],
                               check=True, capture_output=True, text=True)
        sample = json.loads(shown.stdout)
        grades[row["question_id"]] = sample["reason"], sample["warning"]
    return grades


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("quorum")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("programs", help="o1_mini_eval_all.json or qwen25_7b_eval_all.json")
    parser.add_argument("--json", type=pathlib.Path, help="every grade, for comparisons of two runs")
    options = parser.parse_args()
    sets = make_sets(options.folder, json.loads((options.folder / options.programs).read_text()))
    too_many, everything = False, {}
    for name, entries in sets.items():
        with tempfile.TemporaryDirectory() as work:
            grades = grade(options.quorum, entries, pathlib.Path(work))
        everything[name] = grades
        line = f"{options.programs} {name}: {len(entries)} programs"
        if name == "passed":
            line += (f", {sum(counts[0] for _, _, counts in entries)} sample and "
                     f"{sum(counts[1] for _, _, counts in entries)} recovered executions")
        print(line)
        for mode in MODES:
            wrong, damaged = [], 0
            for row, _, record in entries:
                reason, warning = grades[row["question_id"]]
                verdict = dict(word.split(":", 1) for word in reason.split() if ":" in word)[mode]
                if (verdict == "AC") != (name == "passed"):
                    official = "passed" if name == "passed" else record["error_message"][:80]
                    why = DAMAGED.get(row["question_id"], "") if name == "passed" else ""
                    damaged += bool(why)
                    wrong.append(f"    {row['question_id']}: {mode} {verdict}, official {official}; {warning}"
                                 + (f"; DAMAGED TEST: {why}" if why else ""))
            print(f"  {mode}: {len(entries) - len(wrong)} agree, {len(wrong)} do not, {damaged} of them on damaged tests")
            print("\n".join(wrong) + ("\n" if wrong else ""), end="")
            too_many = too_many or len(wrong) - damaged > 10
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1))
    return 1 if too_many else 0


sys.exit(main())
