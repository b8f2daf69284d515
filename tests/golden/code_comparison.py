#!/usr/bin/env python3
"""Makes code_comparison.jsonl: how Python compares outputs and values, for benchmarks/livecodebench.

    python3 tests/golden/code_comparison.py > tests/golden/code_comparison.jsonl

Python 3.11. Rows: "spaces" and "digits" (code points and values), "line" (two outputs compared by lines with
str.strip and decimal.Decimal: equal, different or raises), "decimal" (whether Decimal takes a text) and
"value" (a value of Python, what driver.py sends for it, a JSON text, and ==).
"""
import ast
import collections
import enum
import fractions
import json
import pathlib
import random
import sys
import unicodedata
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple  # noqa: F401: for eval
from decimal import Decimal
from fractions import Fraction  # noqa: F401

ROOT = pathlib.Path(__file__).resolve().parents[2]


def driver_encode():
    """The function encode of driver.py without its top-level statements."""
    tree = ast.parse((ROOT / "benchmarks/livecodebench/driver.py").read_text())
    tree.body = [node for node in tree.body
                 if isinstance(node, (ast.Import, ast.ImportFrom))
                 or isinstance(node, ast.FunctionDef) and node.name == "encode"
                 or isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "NUMPY"]
    names = {}
    exec(compile(tree, "driver.py", "exec"), names)
    return names["encode"]


def numbers(line):
    try:
        return [Decimal(token) for token in line.split()]
    except Exception:
        return None


def compare(output, expected):
    lines = [line.strip() for line in output.strip().split("\n")]
    wanted = [line.strip() for line in expected.strip().split("\n")]
    if len(lines) != len(wanted):
        return "different"
    for line, want in zip(lines, wanted):
        if line == want:
            continue
        a = numbers(line)
        b = numbers(want) if a is not None else None
        if b is None:
            return "different"
        try:
            if a != b:
                return "different"
        except Exception:
            return "raises"
    return "equal"


TOKENS = """0 -0 +0 00 1 01 +1 -1 1. .1 . 1.0 1.00 10 1e1 1E1 1e+1 1e-1 100e-1 1_000 1000 _1 1_ 1__0 1_e_1 e1 1e 1e+
+-1 --1 0x10 1,000 ½ ² १ १२ １２ 12 ٣.٥ 3.5 𝟏𝟐 inf Inf INF +inf -inf infinity Infinity infinit nan NaN -nan nan123 nan1x
sNaN snan -snan snan7 1e999999999999999999 1e1000000000000000000 10e999999999999999998 10e999999999999999999
1e-1999999999999999997 1e-1999999999999999998 10e-1999999999999999998 0e1000000000000000000 0e999999999999999999
0e-1999999999999999997 0e-1999999999999999998 0.0e-1999999999999999997 0e99999999999999999999 1e99999999999999999999999
1e-99999999999999999999999 0.000001e1000000000000000004 123456789012345678901234567890 123456789012345678901234567891
1.23456789012345678901234567890e29 0.1 0.10 0.1000000000000000055511151231257827 1e0 True true YES yes Yes a A
1\u200b 1\u00a0 1e１ −1 ＋1 i ∞ 1e_1 1.e1 .e1 1..2 1e1.5 9e-1 0.9 0.90 3/4 1j 1L 0b1 0o7""".split(" ")
TOKENS = [token for part in TOKENS for token in part.split("\n") if token]
SPACES = [chr(c) for c in range(sys.maxunicode + 1) if chr(c).isspace()]
PIECES = ["", " ", "\n", "\n\n", "\r\n", "\t", "  ", "\x1c", "\x1f", "\x85", "\u00a0", "\u2028", "\u3000", "\u200b",
          "\x0b", "\x00", "\ufeff", "\u180e"]

VALUES = """None|True|False|0|-0|1|-1|2|1.0|0.5|0.1+0.2|0.3|0.30000000000000004|1e22|10**22|10**22+1|2**53+1|float(2**53)|1e400
float('nan')|-0.0|1e-320|1.7976931348623157e308|12345678901234567890123456789|''|'a'|'1'|'é'|'\\ud800'|'😀'|b'a'|[]|[1]|[1,2]|(1,2)
[(1,2)]|[[1,2]]|[1,[2,[3,None]]]|[True,False]|[1.0,2.0]|['a','b']|{}|{'a':1}|{'b':2,'a':1}|{'a':1,'b':2}|{1:2}|{'1':2}
OrderedDict(b=2,a=1)|defaultdict(int,{'a':1})|Counter('ab')|Counter('aab')|deque([1,2])|{1,2}|frozenset()|range(3)|Decimal('1')
Decimal('0.5')|Decimal('0.1')|Decimal('NaN')|Decimal('Infinity')|Fraction(1,2)|Fraction(4,2)|Fraction(1,3)|1j|complex(1,0)
Point(1,2)|[Point(1,2)]|Colour.RED|Always()|[Always()]|Text('a')|Whole(1)|Pairs([1,2])|'x'*300|list(range(50))|object|len
[float('nan')]|{'a':[1,(2,)]}|10**60000|deep(150)|deep(250)""".replace("\n", "|").split("|")
JSONS = ["null", "true", "false", "0", "-0", "1", "-1", "2", "1.0", "0.5", "0.3", "0.30000000000000004", "1e22",
         "10000000000000000000000", "10000000000000000000001", "9007199254740993", "9007199254740992.0", "1e400", "NaN",
         "-Infinity", "Infinity", "1e-320", "12345678901234567890123456789", '""', '"a"', '"1"', '"é"', '"\\u00e9"',
         '"\\ud800"', '"\\ud83d\\ude00"', "[]", "[1]", "[1,2]", " [ 1 , 2 ] ", "[[1,2]]", "[1,[2,[3,null]]]", "[true,false]",
         "[1,0]", '["a","b"]', "{}", '{"a":1}', '{"a":1,"b":2}', '{"b":2,"a":1}', '{"a":0,"a":1}', '{"1":2}', "[NaN]",
         '{"a":[1,[2]]}', '{"a":2,"b":1}', json.dumps("x" * 300), json.dumps(list(range(50)))]
BAD_JSON = ["", " ", "nul", "01", "1.", ".5", "+1", "- 1", "1e", "[1,]", "[1 2]", "{1:2}", '{"a"}', '{"a":1,}', "'a'", '"\t"',
            '"\\x"', '"\\u12"', '"a', "1 2", "[", "]", "True", "nan", "-", "1_0", "[1]x", "\ufeff1", "\u00a01"]
Point = namedtuple("Point", "x y")


class Colour(enum.IntEnum):
    RED = 1


class Always:
    def __eq__(self, other):
        return True


class Text(str):
    pass


class Whole(int):
    def __eq__(self, other):
        return True


class Pairs(list):
    pass


def deep(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


def show(row):
    print(json.dumps(row))


def main():
    sys.set_int_max_str_digits(50000)
    show({"spaces": [ord(c) for c in SPACES]})
    show({"digits": [[c, unicodedata.decimal(chr(c))] for c in range(sys.maxunicode + 1)
                     if unicodedata.decimal(chr(c), None) is not None]})
    for token in TOKENS:
        show({"decimal": token, "taken": numbers(token) is not None})
    random.seed(1)
    pairs = [(a, b) for a in TOKENS for b in TOKENS if a != b and random.random() < 0.05]
    groups = [t for t in TOKENS if numbers(t) and "snan" not in t.lower()]
    pairs += [(a, b) for a in groups for b in groups if a != b and numbers(a) == numbers(b)]
    for _ in range(1500):
        lines = [" ".join(random.choices(TOKENS, k=random.randint(1, 3))) for _ in range(random.randint(1, 3))]
        noisy = random.choice(PIECES) + random.choice(["\n", "\r\n", " \n", "\n"]).join(
            random.choice(PIECES[:6]) + line + random.choice(PIECES) for line in lines) + random.choice(PIECES)
        if random.random() < 0.3:
            lines[random.randrange(len(lines))] = random.choice(TOKENS)
        pairs.append((noisy, "\n".join(lines) + random.choice(["", "\n"])))
    for output, expected in pairs:
        show({"output": output, "expected": expected, "result": compare(output, expected)})
    encode = driver_encode()
    for text in VALUES:
        value = eval(text)
        if isinstance(value, tuple):
            value = list(value)
        parts = []
        encode(value, parts)
        wire = b"".join(parts).hex()
        if len(wire) > 4000:  # equal to none of them, and the file stays small
            wire = wire if len(wire) < 150000 else ""
        # What == says, but for types whose == is not Python's own: they equal nothing here.
        own = "Always" in text or "Whole" in text or text == "complex(1,0)"
        equal = [] if own else [j for j, other in enumerate(JSONS) if value == json.loads(other)]
        show({"value": text, "wire": wire, "equal": equal})
    show({"jsons": JSONS})
    for text in BAD_JSON:
        try:
            json.loads(text)
            raise SystemExit(f"{text!r} is JSON")
        except ValueError:
            show({"no_json": text})


main()
