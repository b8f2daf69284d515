"""Runs recorded programs without Quorum: plain python3, and LiveCodeBench's own checker where it is named.

They run without a sandbox, under limits of time, memory, files and processes: use it for programs of published
evaluation files, which their makers ran too.
"""
import ast
import json
import re
import resource
import subprocess
import sys
import tempfile
from decimal import Decimal

SECONDS = 20
CALL = r"""
import json, sys
from typing import *
from collections import *
from itertools import *
from functools import *
from heapq import *
from bisect import *
from math import *
import collections, itertools, functools, heapq, bisect, math, string, random, re, operator, copy
from copy import deepcopy
from string import ascii_lowercase
sys.setrecursionlimit(50000)
program, name, arguments = json.load(sys.stdin)
exec(program, globals())
result = getattr(Solution() if "class Solution" in program else sys.modules["__main__"], name)(*arguments)
print("\n" + json.dumps([repr(result), repr(arguments)]))
"""
OFFICIAL = r"""
import importlib.util, json, os, sys
spec = importlib.util.spec_from_file_location("testing_util", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
sample, program = json.load(sys.stdin)
results, said = module.run_test({"input_output": json.dumps(sample)}, test=program, timeout=6)
sys.__stdout__.write("\n" + json.dumps([[int(one) if one is not True else True for one in results],
                                        {key: str(value) for key, value in said.items()}]) + "\n")
sys.__stdout__.flush()
os._exit(0)
"""


def literal(text):
    """A value as repr() wrote it; repr writes inf and nan for floats, which are no literals."""
    tree = ast.parse(text.strip(), mode="eval")
    special = {"inf": float("inf"), "nan": float("nan")}

    class Names(ast.NodeTransformer):
        def visit_Name(self, node):
            return ast.Constant(special[node.id]) if node.id in special else node

    return ast.literal_eval(Names().visit(tree))


def limits():
    for name, value in (("CPU", SECONDS), ("AS", 8 << 30), ("FSIZE", 1 << 28), ("NPROC", 2000)):
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))


def python(arguments, text):
    """Exit code, stdout and the last line of stderr; None as exit code: too slow."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            ran = subprocess.run([sys.executable, *arguments], input=text.encode(), capture_output=True, cwd=folder,
                                 timeout=2 * SECONDS, preexec_fn=limits)
        except subprocess.TimeoutExpired:
            return None, "", "too slow"
    errors = ran.stderr.decode(errors="replace").strip().split("\n")
    return ran.returncode, ran.stdout.decode(errors="replace"), errors[-1]


def numbers(line):
    try:
        return [Decimal(word) for word in line.split()]
    except ArithmeticError:
        return line


def same_output(printed, expected):
    """LiveCodeBench's comparison: stripped lines, as texts or as lists of decimal numbers."""
    ours, wanted = (text.strip().split("\n") for text in (printed, expected))
    return len(ours) == len(wanted) and all(
        a.strip() == b.strip() or numbers(a) == numbers(b) != a for a, b in zip(ours, wanted))


def plain(program, function, given, expected):
    """(whether the program passes this one test under python3, what to say of it)."""
    if function:
        result, _, error = call(program, function, [json.loads(line) for line in given.split("\n")])
        if error:
            return False, error
        value, wanted = literal(result), json.loads(expected)
        return (list(value) if isinstance(value, tuple) else value) == wanted, "returned " + result[:60]
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(program)
        file.flush()
        code, printed, error = python([file.name], given)
    if code != 0:
        return False, error[:80]
    return same_output(printed, expected), "printed " + repr(printed[:60])


def call(program, function, arguments):
    """(repr of the result, repr of the arguments afterwards, error)."""
    code, printed, error = python(["-c", CALL], json.dumps([program, function, arguments]))
    if code != 0:
        return "", "", error[:80] or "exit code %s" % code
    result, left = json.loads(printed.rstrip().rsplit("\n", 1)[-1])
    return result, left, ""


def official(checker, program, function, given, expected):
    """The same by the checker in the file `checker` (lcb_runner/evaluation/testing_util.py)."""
    sample = {"inputs": [given], "outputs": [expected]}
    if function:
        sample["fn_name"] = function
    code, printed, error = python(["-c", OFFICIAL, checker], json.dumps([sample, program]))
    if code != 0:
        return False, error[:80] or "exit code %s" % code
    results, said = json.loads(printed.rstrip().rsplit("\n", 1)[-1])
    return all(one is True or one > 0 for one in results), said.get("error_message", "passed")[:80]


def examples(problem):
    """Arguments and result of the examples in the statement of a function."""
    names = re.findall(r"(\w+) *:", re.search(r"\((.*?)\) *->", problem["starter_code"], re.S).group(1))
    found = []
    for part in re.split(r"Example \d+", problem["question_content"])[1:]:
        match = re.search(r"Input:?\s*(.*?)\s*\nOutput:?\s*(.*?)(?:\n|$)", part, re.S)
        values, rest = [], match.group(1) if match else ""
        try:
            for name in names:
                rest = re.sub(r"^[\s,]*" + name + r"\s*=\s*", "", rest)
                value, end = json.JSONDecoder().raw_decode(rest)
                values.append(value)
                rest = rest[end:]
            found.append((values, json.loads(match.group(2))))
        except (ValueError, AttributeError):
            continue
    return found
