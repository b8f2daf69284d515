#!/usr/bin/env python3
"""Prints benchmarks/aime/fingerprints.cpp: what identifies each AIME problem, as hashes.

    python3 make_fingerprints.py AIME24_WITH_YEAR_AND_NUMBER.json AIME25.json > fingerprints.cpp

The first file has the fields problem, answer, aime_number and problem_number (0 stands for 15), the second problem,
answer and id ("I-1"). The rules are those of canonical.cpp, written again here on purpose: the test that all published
copies match the table checks the two against each other.
"""
import hashlib
import json
import re
import sys

ERRATA = [
    ("be point on the hyperbola", "be points on the hyperbola"),
    ("rests on the outside of $S$, it is externally tangent to $S$ along a circle with radius $r_i$",
     "rests on the inside of $S$, it is internally tangent to $S$ along a circle with radius $r_i$"),
]


def canonical(text):
    text = re.sub(r"\[asy\].*?\[/asy\]", " ", text, flags=re.S)
    text = re.sub(r"<br\s*/?>", " ", text)
    text = text.replace("\\(", "$").replace("\\)", "$")
    text = re.sub(r"\\begin\{equation\*?\}", r"\\[", text)
    text = re.sub(r"\\end\{equation\*?\}", r"\\]", text)
    text = text.replace("\\[", " \\[ ").replace("\\]", " \\] ")
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ?Graph https?://\S+$", "", text)
    text = text.replace("\\[ ", "\\[").replace(" \\]", "\\]")
    text = re.sub(r" ([,.;:?)])", r"\1", text).replace("( ", "(")
    text = re.sub(r"\$ -([a-z])", r"$-\1", text).replace("$,$", "$, $")
    for wrong, right in ERRATA:
        text = text.replace(wrong, right)
    return text


def letters(text):
    text = re.sub(r"\\[dtc]frac", r"\\frac", text)
    text = re.sub(r"\\(left|right|displaystyle)(?![a-z])", "", text)
    return re.sub(r"[^a-z0-9]", "", text.lower())


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def load(path):
    text = open(path, encoding="utf-8").read()
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def main():
    rows = []
    for row in load(sys.argv[1]):
        contest = "I" * int(row["aime_number"])
        rows.append((f"2024-{contest}-{int(row['problem_number']) or 15}", row))
    for row in load(sys.argv[2]):
        rows.append((f"2025-{row['id']}", row))
    order = {"I": 0, "II": 1}
    rows.sort(key=lambda r: (r[0].split("-")[0], order[r[0].split("-")[1]], int(r[0].split("-")[2])))
    print("// Made by make_fingerprints.py.")
    print('#include "benchmarks/aime/aime.h"\n\nnamespace quorum {\n')
    print("// clang-format off")
    print("const std::vector<AimeFingerprint>& aime_fingerprints() {")
    print("  static const std::vector<AimeFingerprint> kTable = {")
    heads = set()
    for name, row in rows:
        text = letters(canonical(row["problem"]))
        gold = str(int(row["answer"]))
        head = digest(text[:48])
        assert head not in heads
        heads.add(head)
        print(f'      {{"{name}", "{head}", "{digest(text)}", "{digest(name + "=" + gold)}"}},')
    print("  };\n  return kTable;\n}\n// clang-format on\n\n}  // namespace quorum")


if __name__ == "__main__":
    main()
