"""Writes engine/tokenizer/unicode_versions.cpp: what the Unicode versions that Hugging Face tokenizers 0.23 uses, a different one
for every purpose, change against Unicode 14, which the packaged Oniguruma 6.9.8 and utf8proc 2.8 have.

    python3.11 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3 unicodedata2==16.0.0
    /tmp/venv/bin/python tests/golden/unicode_versions.py && clang-format -i engine/tokenizer/unicode_versions.cpp

Regular expressions and word characters there are those of Unicode 16, numbers and lower case of 17, punctuation of 8, normal forms of 9.
"""

import pathlib
import unicodedata as u14

import unicodedata2 as u16
from tokenizers import Regex, normalizers, pre_tokenizers

assert u14.unidata_version == "14.0.0" and u16.unidata_version == "16.0.0"
POINTS = [c for c in range(2, 0x110000) if not 0xD800 <= c < 0xE000]
MARK = "\x01"


def ranges(values):
    out = []
    for value in sorted(values):
        if out and out[-1][1] == value[0] - 1 and out[-1][2:] == list(value[1:]):
            out[-1][1] = value[0]
        else:
            out.append([value[0], value[0], *value[1:]])
    return out


def plain(points):
    return ranges((c,) for c in points)


def matched(pieces):
    """The characters that stand alone between marks."""
    return {ord(piece) for piece, _ in pieces if len(piece) == 1 and piece != MARK}


TEXT = "".join(MARK + chr(c) for c in POINTS)
categories = {c: u14.category(chr(c)) for c in POINTS}
changes = ranges((c, u16.category(chr(c))) for c in POINTS if u16.category(chr(c)) != categories[c])
unassigned = {c for c in POINTS if categories[c] == "Cn"}

han = set()
for piece, _ in pre_tokenizers.Split(Regex(r"\p{Han}"), "removed", invert=True).pre_tokenize_str(TEXT):
    han.update(map(ord, piece))
numeric = matched(pre_tokenizers.Digits(True).pre_tokenize_str(TEXT))
punctuation = matched(pre_tokenizers.Punctuation("isolated").pre_tokenize_str(TEXT))
words = set()
for piece, _ in pre_tokenizers.Whitespace().pre_tokenize_str("".join("a" + chr(c) + " " for c in POINTS)):
    if len(piece) == 2 and piece[0] == "a":
        words.add(ord(piece[1]))
words.discard(ord("a"))

ascii_punctuation = {ord(c) for c in "$+<=>^`|~"}
old_punctuation = {c for c in POINTS if c not in ascii_punctuation and (categories[c][0] == "P" or u16.category(chr(c))[0] == "P")}
lower = normalizers.Lowercase().normalize_str(TEXT).split(MARK)[1:]
assert len(lower) == len(POINTS)
lowered = ranges((c, ord(l) - c) for c, l in zip(POINTS, lower) if len(l) == 1 and l != chr(c).lower())


def normal(form, text):
    return getattr(normalizers, form)().normalize_str(text)


# Characters that a later version decomposes or orders, and that one does not.
decomposed = normal("NFKD", "".join("a" + chr(c) + MARK for c in POINTS)).split(MARK)
newer = {c for c, d in zip(POINTS, decomposed) if d == "a" + chr(c) and u16.decomposition(chr(c)) and not 0xAC00 <= c < 0xD7A4}
marks = [c for c in POINTS if u16.combining(chr(c)) and not u16.decomposition(chr(c))]
for c in marks:
    before, after = "a\u0315" + chr(c), "a" + chr(c) + "\u0334"
    if normal("NFD", before) == before and normal("NFD", after) == after:
        newer.add(c)


def table(name, kind, rows, comment):
    def cell(value):
        return f'"{value}"' if isinstance(value, str) else hex(value) if value > 9 else str(value)

    body = ", ".join("{" + ", ".join(cell(value) for value in row) + "}" for row in rows)
    return f"// {comment}\nconst {kind} {name}_rows[] = {{{body}}};\n"


def accessor(name, kind):
    return f"std::span<const {kind}> {name}() {{ return {name}_rows; }}\n"


TABLES = [
    ("regex_categories", "CategoryRange", changes, "General categories of Unicode 16 where they are not those of 14."),
    ("regex_han", "CodeRange", plain(han & unassigned), "Han characters since Unicode 14."),
    ("newer_numeric", "CodeRange", plain(c for c in numeric if categories[c][0] != "N"), "Numeric, but not in Unicode 14."),
    ("newer_words", "CodeRange", plain(words & unassigned), "Word characters since Unicode 14."),
    ("older_punctuation", "CodeRange", plain(c for c in punctuation if c not in old_punctuation and c not in ascii_punctuation), "Punctuation of Unicode 8 that is none any more."),
    ("newer_punctuation", "CodeRange", plain(old_punctuation - punctuation), "Punctuation that was none in Unicode 8."),
    ("newer_lower_case", "LowerRange", lowered, "Distance to the lower case, which Unicode 14 does not know."),
    ("newer_normal_forms", "CodeRange", plain(newer), "Characters without decomposition and combining class in Unicode 9."),
]
out = "// Written by tests/golden/unicode_versions.py, which says what this is.\n"
out += '#include "engine/tokenizer/unicode_versions.h"\n\nnamespace quorum::tok {\n\nnamespace {\n\n'
out += "\n".join(table(name, kind, rows, comment) for name, kind, rows, comment in TABLES)
out += "\n}  // namespace\n\n" + "".join(accessor(name, kind) for name, kind, _, _ in TABLES) + "\n}  // namespace quorum::tok\n"
pathlib.Path(__file__).parents[2].joinpath("engine/tokenizer/unicode_versions.cpp").write_text(out, encoding="utf-8")
print({name: len(rows) for name, _, rows, _ in TABLES})
