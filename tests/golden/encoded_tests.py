#!/usr/bin/env python3
"""Makes encoded_tests.jsonl: hidden tests as LiveCodeBench's files have them, good and hostile.

    python3 tests/golden/encoded_tests.py > tests/golden/encoded_tests.jsonl

Rows: "encoded" with the "text" that it holds, or with "refused", words that the error must say.
"""
import base64
import collections
import json
import os
import pickle
import pickletools
import struct
import zlib


def pack(pickled):
    return base64.b64encode(zlib.compress(pickled)).decode()


def good(text, pickled):
    print(json.dumps({"encoded": pack(pickled), "text": text}))


def bad(refused, encoded):
    print(json.dumps({"encoded": encoded, "refused": refused}))


class Calls:
    def __init__(self, function, *arguments):
        self.called = (function, arguments)

    def __reduce__(self):
        return self.called


def short_text(data):
    return b"\x8c" + bytes([len(data)]) + data


TESTS = json.dumps([{"input": "1\n2\n", "output": "3\n", "testtype": "stdin"}, {"input": "é", "output": "ß"}])
for text in (TESTS, "[]", "", "x" * 200, "y" * 300, "é" * 1000, "\\u0041\\n\n\r\0\x1a\u20ac\U0001f600"):
    for protocol in (0, 1, 2, 3, 4, 5):
        good(text, pickle.dumps(text, protocol))
good(TESTS, pickletools.optimize(pickle.dumps(TESTS, 4)))
good("wide", b"\x80\x04\x8d" + struct.pack("<Q", 4) + b"wide.")

for function in (os.system, eval, exec, print):
    for protocol in (1, 2, 4):
        refused = "imports" if protocol < 4 else "STACK_GLOBAL|a second value"
        bad(refused, pack(pickle.dumps(Calls(function, "1"), protocol)))
bad("imports", pack(b"cos\nsystem\n(S'true'\ntR."))
bad("INST|MARK", pack(b"(S'true'\nios\nsystem\n."))
bad("MARK", pack(b"(I1\no."))
bad("PERSID", pack(b"Pname\n."))
bad("BINPERSID", pack(b"\x80\x02Q."))
bad("EXT1", pack(b"\x80\x02\x82\x01."))
bad("a list", pack(pickle.dumps(["1"], 4)))
bad("a dict", pack(pickle.dumps({"1": 2}, 4)))
bad("bytes", pack(pickle.dumps(b"1", 4)))
bad("STRING of protocol 0", pack(b"S'text'\n."))
bad("an escape is damaged", pack(b"V\\u12\n."))
bad("an escape is damaged", pack(b"V\\u+123\n."))
bad("an escape is damaged", pack(b"V\\U0000004\n."))
bad("not UTF-8", pack(b"V\\ud83d\n."))
bad("not UTF-8", pack(b"V\\U00110000\n."))
bad("breaks off", pack(b"Vtext"))
bad("a second value", pack(b"Va\nVb\n."))
bad("PUT without", pack(b"p0\n."))
bad("PUT without", pack(b"Va\np0"))
# Everything that a pickle can build besides one text: deep, wide, shared, and large by reference.
bad("a list", pack(b"\x80\x04" + b"]" * 1000000 + b"."))
bad("MARK", pack(b"(" * 400000 + b"t" * 400000 + b"."))
bad("0x85", pack(short_text(b"a") + b"\x85" * 1000000 + b"."))  # TUPLE1 of TUPLE1 of …
bad("0x68", pack(short_text(b"a") + b"\x94" + b"h\x00" * 400000 + b"."))  # the memo, again and again
bad("0x6a", pack(short_text(b"a") + b"\x94j\x00\x00\x00\x00."))
bad("0x67", pack(b"Va\np0\ng0\n."))
bad("a list", pack(pickle.dumps([["x"] * 1000] * 1000, 4)))
bad("a dict", pack(pickle.dumps({"input": {"output": ()}}, 5)))
bad("0x4b", pack(pickle.dumps(5, 4)))
bad("0x4e", pack(pickle.dumps(None, 2)))
bad("STACK_GLOBAL|imports|a second value", pack(pickle.dumps(collections.OrderedDict, 4)))
for protocol in (0, 1, 6, 7, 255):
    bad("protocol %d is unknown" % protocol, pack(b"\x80" + bytes([protocol]) + short_text(b"a") + b"."))
bad("PROTO in the middle", pack(short_text(b"a") + b"\x80\x04."))
bad("a second value", pack(short_text(b"a") + short_text(b"b") + b"."))
bad("behind STOP", pack(short_text(b"a") + b".cos\nsystem\n(S'true'\ntR."))
bad("ends without STOP", pack(short_text(b"a")))
bad("ends without STOP", pack(b""))
bad("holds nothing", pack(b"\x80\x04."))
bad("breaks off", pack(b"\x80"))
bad("breaks off", pack(b"X\x01\x00"))
bad("beyond the end", pack(b"X\xff\xff\xff\xffabc."))
bad("beyond the end", pack(b"\x8d" + b"\xff" * 8 + b"abc."))
bad("beyond the end", pack(b"\x80\x04\x95" + b"\xff" * 8 + short_text(b"a") + b"."))
bad("not UTF-8", pack(short_text(b"\xff") + b"."))
bad("not UTF-8", pack(short_text(b"\xed\xa0\x80") + b"."))
bad("MEMOIZE before", pack(b"\x80\x04\x94" + short_text(b"a") + b"."))
bad("BINPUT without", pack(b"\x80\x02q\x00."))
bad("0x32", pack(short_text(b"a") + b"2."))  # DUP
bad("0x30", pack(short_text(b"a") + b"0."))  # POP

deflated = zlib.compress(pickle.dumps(TESTS, 4))
bad("breaks off", base64.b64encode(deflated[:-6]).decode())
bad("behind the zlib stream", base64.b64encode(deflated + b"x").decode())
bad("zlib says", base64.b64encode(deflated[:-1] + b"\x00").decode())
bad("zlib says", base64.b64encode(b"not zlib").decode())
bad("breaks off", base64.b64encode(b"").decode())
bad("unexpected character", "eJ!x")
bad("unexpected character", "eJ==AA")
bad("breaks off", "eJxxx")
bad("padding", "eJ===")
# 64 MiB of zeros in 64 KiB.
bad("unpack to more than", pack(b"\x80\x04X" + struct.pack("<I", 1 << 26) + b"0" * (1 << 26) + b"."))
