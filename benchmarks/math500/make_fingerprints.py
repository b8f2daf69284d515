#!/usr/bin/env python3
"""Prints benchmarks/math500/fingerprints.cpp: the ids of MATH-500 in published order, with hashes of problem and answer.

    python3 make_fingerprints.py math500.jsonl > fingerprints.cpp
"""
import hashlib
import json
import re
import sys


def digest(text):
    return hashlib.sha256(re.sub(r"\s+", "", text).encode()).hexdigest()[:12]


print("// Made by make_fingerprints.py.")
print('#include "benchmarks/math500/math500.h"\n\nnamespace quorum {\n')
print("// clang-format off")
print("const std::vector<Math500Fingerprint>& math500_fingerprints() {")
print("  static const std::vector<Math500Fingerprint> kTable = {")
for line in open(sys.argv[1], encoding="utf-8"):
    if line.strip():
        row = json.loads(line)
        name = row["unique_id"]
        print(f'      {{"{name}", "{digest(row["problem"])}", "{digest(name + "=" + row["answer"])}"}},')
print("  };\n  return kTable;\n}\n// clang-format on\n\n}  // namespace quorum")
