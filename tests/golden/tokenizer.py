"""Writes tokenizer.json beside this script: small tokenizers, one for every component that engine/tokenizer supports, with the
ids and texts that Hugging Face tokenizers gives for a set of awkward texts.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python tests/golden/tokenizer.py

The vocabularies stand once at the top and are named by the cases. "ids", "decoded" and "skipped" (special tokens left out) are
in the order of the case's texts, which are indices into "texts". "error" marks a text that Hugging Face refuses too.
"""

import json
import pathlib

from tokenizers import Tokenizer

TEXTS = [
    "",
    " ",
    "hello world",
    "Hello, world!  He'll SAY 'Re 12345 times",
    "   leading and trailing \t \n",
    "\u0085a\u00a0b\u2003c\u3000d\u200be\u2028f",
    "a\n\n\nb \r\n c",
    "日本語とEnglish、中文。한국어",
    "👩‍👩‍👧 🙂🏽 🇩🇪",
    "cafe\u0301 café \ufb01ne Ⅷ ①½ ｶﾞ \u212b \u1e9b\u0323",
    "a\u0323\u0307 \u0307\u0323 \u1100\u1161\u11a8 \uac01 \u0344 \u2126",
    "it'\u017f I'M you'RE '\u017f",
    "١٢٣ ४५ ⅷ²³ 1,234.5",
    "<m>x <m> y<m>\n<s> </s>z <sp>  <n>",
    "foo<ab>bar <ab>c<a> wordy word, sword word_ éword word",
    "x-y--z---w",
    "▁meta▁▁space ▁ x",
    "\x00\x01\x7f\ufffd\U0010ffff",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbb",
    "İSTANBUL ΣΑΣ ẞ Ǆ K",
    "Caf\u00e9Y Cafe\u0301Y CAFÉy",
]
ALL = list(range(len(TEXTS)))


def byte_alphabet():
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in visible]
    table = {byte: chr(byte) for byte in visible}
    table.update({byte: chr(256 + i) for i, byte in enumerate(hidden)})
    return [table[byte] for byte in range(256)]


def with_merges(symbols, merges):
    vocab = {symbol: i for i, symbol in enumerate(symbols)}
    for left, right in merges:
        vocab.setdefault(left + right, len(vocab))
    return vocab, merges


BYTE_MERGES = [
    tuple(merge.split(" "))
    for merge in """h e|l l|he ll|hell o|Ġ w|o r|Ġw or|l d|Ġwor ld|Ġ Ġ|ĠĠ ĠĠ|a a|aa aa|aaaa aaaa|b b|bb bb|1 2|12 3|4 5|123 45|Ġ a
Ċ Ċ|Ċ ĊĊ|' l|'l l|' r|'r e|Ã ©|Ì ģ|e Ìģ|c a|ca f|caf Ã©|ð Ł|ðŁ ĳ|â Ģ|âĢ į|ã ģ|æ Ĺ|- -|-- -|w or|wor d|Ġ word|w o|wo r|< m|<m >|x -""".replace(
        "\n", "|"
    ).split("|")
]
SPACE = "▁"
CHARACTERS = list("abcdefghijklmnopqrstuvwxyzHEIWRSMY,.!'<>123-é日本\n") + [SPACE, "\u0301"]
SPM_MERGES = [
    tuple(merge.split(" "))
    for merge in "▁ h|h e|l l|he ll|▁ hell|▁hell o|e ll|▁h ell|hell o|▁ hello|▁ w|o r|▁w or|l d|▁wor ld|▁ ▁|▁▁ ▁▁|a a|aa aa|w ord|r d|o rd|wo rd|w o|▁ a".split("|")
]
FALLBACK = [f"<0x{byte:02X}>" for byte in range(256)]

VOCABULARIES = {}
VOCABULARIES["bytes"] = with_merges(byte_alphabet(), BYTE_MERGES)
VOCABULARIES["spm"] = with_merges(["<unk>", "<s>", "</s>", *FALLBACK, *CHARACTERS], SPM_MERGES)
VOCABULARIES["spm_partial"] = with_merges(["<unk>", "<0xC3>", "<0xA9>", "<0xE6>", *[c for c in CHARACTERS if c not in "é日"]], SPM_MERGES)
VOCABULARIES["characters"] = with_merges(CHARACTERS, SPM_MERGES)
# ("b", "cd") after ("a", "b") has been proposed: a stale candidate of the same rank as what it has become.
VOCABULARIES["tangle"] = with_merges(
    list("abcdx -"), [("c", "d"), ("a", "b"), ("b", "cd"), ("b", "c"), ("a", "bcd"), ("ab", "cd"), ("bc", "d"), ("x", "-"), ("-", "-"), ("x", "-")]
)

CASES = []


def token(content, special=False, **flags):
    return {"id": 0, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": special, **flags}


def case(name, vocabulary="bytes", texts=ALL, model=None, added=(), **parts):
    vocab, merges = VOCABULARIES[vocabulary]
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": False,
        "byte_fallback": False,
        "ignore_merges": False,
        **(model or {}),
    }
    model = {key: value for key, value in model.items() if value != "absent"}
    added = [dict(entry) for entry in added]
    following = len(vocab)
    for entry in added:
        entry["id"] = vocab.get(entry["content"], following)
        following += entry["id"] == following
    file = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": None,
        "post_processor": None,
        "decoder": None,
        **parts,
    }
    as_lines = len(CASES) % 2 == 0  # both forms of merges
    whole = {**file, "model": {**model, "vocab": vocab, "merges": [" ".join(m) for m in merges] if as_lines else merges}}
    tokenizer = Tokenizer.from_str(json.dumps(whole))
    entry = {"name": name, "vocabulary": vocabulary, "merges_as_text": as_lines, "tokenizer": {**file, "model": model}, "texts": texts}
    entry["ids"], entry["decoded"], entry["skipped"] = [], [], []
    for i in texts:
        try:
            ids = tokenizer.encode(TEXTS[i], add_special_tokens=False).ids
        except Exception:
            entry["ids"].append("error")
            entry["decoded"].append("")
            entry["skipped"].append("")
            continue
        entry["ids"].append(ids)
        entry["decoded"].append(tokenizer.decode(ids, skip_special_tokens=False))
        entry["skipped"].append(tokenizer.decode(ids))
    entry["skipped"] = [None if s == d else s for s, d in zip(entry["skipped"], entry["decoded"])]
    CASES.append(entry)


def byte_level(prefix=False, regex=False):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": regex}


def pre(*steps, last=None):
    return {"type": "Sequence", "pretokenizers": [*steps, last or byte_level()]}


def split(pattern, behavior="Isolated", invert=False, kind="Regex"):
    return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior, "invert": invert}


BYTES = byte_level()
QWEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"

# Splits. A prefix space for every word makes the boundaries visible in the ids.
MARKED = byte_level(prefix=True)
SOME = [2, 3, 4, 6, 12, 15, 18]
for behavior in ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"):
    for invert in (False, True):
        case(f"Split {behavior}{' inverted' if invert else ''}", texts=SOME, pre_tokenizer=pre(split(r"-|\s", behavior, invert), last=MARKED), decoder=BYTES)
    case(f"Split empty matches {behavior}", texts=[2, 15, 18], pre_tokenizer=pre(split("l*", behavior), last=MARKED), decoder=BYTES)
case("Split at a text", texts=SOME, pre_tokenizer=pre(split("--", kind="String"), split("l", "MergedWithNext", kind="String"), last=MARKED), decoder=BYTES)
case("Split at the empty text", texts=[2, 15, 7], pre_tokenizer=pre(split("", kind="String"), last=MARKED), decoder=BYTES)
case("Split as Qwen2", pre_tokenizer=pre(split(QWEN)), normalizer={"type": "NFC"}, decoder=BYTES)
case("Split with look-behind", texts=SOME, pre_tokenizer=pre(split(r"(?<=l)o|\bw"), last=MARKED), decoder=BYTES)
case("Digits one by one", texts=[3, 9, 12], pre_tokenizer=pre({"type": "Digits", "individual_digits": True}, last=MARKED), decoder=BYTES)
case("Digits in runs", texts=[3, 9, 12], pre_tokenizer=pre({"type": "Digits", "individual_digits": False}, last=MARKED), decoder=BYTES)
case("Punctuation", pre_tokenizer=pre({"type": "Punctuation", "behavior": "Isolated"}, last=MARKED), decoder=BYTES, texts=[3, 7, 13, 15, 16])
case("Punctuation in runs", pre_tokenizer=pre({"type": "Punctuation", "behavior": "Contiguous"}, last=MARKED), decoder=BYTES, texts=[3, 7, 13, 15])
case("Whitespace", pre_tokenizer=pre({"type": "Whitespace"}, last=MARKED), decoder=BYTES)
case("WhitespaceSplit", pre_tokenizer=pre({"type": "WhitespaceSplit"}, last=MARKED), decoder=BYTES)
case("CharDelimiterSplit", texts=SOME, pre_tokenizer=pre({"type": "CharDelimiterSplit", "delimiter": "-"}, last=MARKED), decoder=BYTES)
for prefix in (False, True):
    for regex in (False, True):
        case(f"ByteLevel prefix {prefix} regex {regex}", pre_tokenizer=byte_level(prefix, regex), decoder=BYTES, added=[token("<m>")])
case("no pre-tokenizer and no decoder", "characters")

# Normalizers.
for form in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase"):
    case(form, normalizer={"type": form}, pre_tokenizer=BYTES, decoder=BYTES, texts=[5, 7, 8, 9, 10, 11, 12, 17, 19, 20])
case("Prepend", normalizer={"type": "Prepend", "prepend": "»"}, pre_tokenizer=BYTES, decoder=BYTES, added=[token("<m>")], texts=[0, 1, 2, 13])
case("Replace a text", normalizer={"type": "Replace", "pattern": {"String": "l"}, "content": "LL"}, pre_tokenizer=BYTES, decoder=BYTES, texts=SOME)
case("Replace a pattern", normalizer={"type": "Replace", "pattern": {"Regex": r"(\s)+"}, "content": "$1"}, pre_tokenizer=BYTES, decoder=BYTES, texts=SOME)
for left, right in ((True, False), (False, True), (True, True)):
    case(f"Strip {left} {right}", normalizer={"type": "Strip", "strip_left": left, "strip_right": right}, pre_tokenizer=BYTES, decoder=BYTES, texts=[1, 2, 4, 5, 6, 13], added=[token("<m>")])
case("ByteLevel normalizer", normalizer={"type": "ByteLevel"}, decoder=BYTES, added=[token("é", normalized=True)], texts=[2, 9, 7])
case("Sequence of normalizers", normalizer={"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Sequence", "normalizers": [{"type": "Strip", "strip_left": True, "strip_right": True}]}]}, pre_tokenizer=BYTES, decoder=BYTES, texts=[4, 5, 9, 10])

# Models.
REPLACE_SPACE = {"type": "Replace", "pattern": {"String": " "}, "content": SPACE}
LLAMA = {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": SPACE}, REPLACE_SPACE]}
LLAMA_DECODER = {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": SPACE}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
SPECIAL = [token("<unk>", True), token("<s>", True), token("</s>", True)]
case("as Llama 2", "spm", normalizer=LLAMA, decoder=LLAMA_DECODER, added=SPECIAL, model={"unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True})
case("part of the bytes", "spm_partial", normalizer=LLAMA, decoder=LLAMA_DECODER, model={"unk_token": "<unk>", "byte_fallback": True})
case("part of the bytes and fused", "spm_partial", normalizer=LLAMA, decoder=LLAMA_DECODER, model={"unk_token": "<unk>", "byte_fallback": True, "fuse_unk": True})
case("unknown token", "spm", model={"unk_token": "<unk>"}, texts=[2, 3, 7, 9])
case("unknown token fused", "spm", model={"unk_token": "<unk>", "fuse_unk": True}, texts=[2, 3, 7, 9])
case("unknown token out of the vocabulary", "characters", model={"unk_token": "<nothing>"}, texts=[0, 2, 7, 18])
case("ignore_merges", "spm", normalizer=LLAMA, decoder=LLAMA_DECODER, pre_tokenizer={"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "never"}, model={"ignore_merges": True, "byte_fallback": True})
case("a model without type", "characters", model={"type": "absent", "continuing_subword_prefix": "", "end_of_word_suffix": "", "byte_fallback": "absent", "ignore_merges": "absent"}, texts=SOME)
TEXTS += ["abcd xbcd abc bcd", "x--x- -x bcdabcdcd", "a<sp>b <sp>  <sp>c", "ZA zA za ZZa", "<sp>\t<sp> "]
case("tangled merges", "tangle", texts=[21, 22])

# Metaspace.
for scheme in ("always", "first", "never"):
    for cut in (True, False):
        meta = {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": scheme, "split": cut}
        case(f"Metaspace {scheme} split {cut}", "spm", pre_tokenizer=meta, decoder=meta, added=[token("<m>"), token("<s>", True)], texts=[0, 1, 2, 3, 4, 13, 16], model={"byte_fallback": True})
case("Metaspace of old files", "spm", pre_tokenizer={"type": "Metaspace", "replacement": "_", "add_prefix_space": True}, decoder={"type": "Metaspace", "replacement": "_", "add_prefix_space": True}, texts=[2, 13], model={"byte_fallback": True})
case("bytes then Metaspace in the decoder", "spm", decoder={"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always", "split": True}, {"type": "Strip", "content": "l", "start": 2, "stop": 0}]}, model={"byte_fallback": True}, texts=[2, 3, 7, 16])
case("Strip at the end of tokens", "spm", decoder={"type": "Strip", "content": "o", "start": 0, "stop": 1}, model={"byte_fallback": True}, texts=[2, 3])
case("a pattern in the decoder", "spm", decoder={"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"Regex": "[lo]+"}, "content": "$0"}, {"type": "Fuse"}]}, model={"byte_fallback": True}, texts=[2, 3])

# Added tokens.
FLAGS = [2, 3, 13, 14, 15, 23, 25]
case("the longest of the leftmost", added=[token("<a"), token("<ab>"), token("<a>"), token("<ab>c", True), token("hello", True), token("lo w")], pre_tokenizer=BYTES, decoder=BYTES, texts=FLAGS)
for flags in ({"lstrip": True}, {"rstrip": True}, {"lstrip": True, "rstrip": True}, {"single_word": True}, {"single_word": True, "lstrip": True, "rstrip": True}):
    case("added tokens " + " ".join(flags), added=[token("<m>", True, **flags), token("<sp>", **flags), token("word", **flags), token("y", **flags)], pre_tokenizer=BYTES, decoder=BYTES, texts=FLAGS)
case("tokens of white space", added=[token("<sp>", rstrip=True), token(" "), token("  "), token("\n", lstrip=True), token("\t ", True)], pre_tokenizer=BYTES, decoder=BYTES, texts=[1, 3, 4, 6, 13, 23, 25])
case("normalized tokens", normalizer={"type": "Lowercase"}, added=[token("Za", normalized=True), token("zA"), token("HELLO", True, normalized=True), token("World", normalized=True, single_word=True)], pre_tokenizer=BYTES, decoder=BYTES, texts=[2, 3, 24])
case("tokens in a normal form", normalizer={"type": "NFC"}, added=[token("Cafe\u0301", normalized=True), token("Café"), token("\ufb01", normalized=True)], pre_tokenizer=BYTES, decoder=BYTES, texts=[9, 20])
case("tokens of the vocabulary", added=[token("hello"), token("Ġworld", True), token("a", True, single_word=True)], pre_tokenizer=BYTES, decoder=BYTES, texts=[2, 3, 18, 23])
case("prefix after a token", "spm", normalizer=LLAMA, decoder=LLAMA_DECODER, added=[token("<m>", True, rstrip=True), token("hello", normalized=True), token(SPACE + "x", normalized=True)], texts=[2, 13, 23, 16], model={"byte_fallback": True})

vocabularies = {name: {"vocab": vocab, "merges": [list(merge) for merge in merges]} for name, (vocab, merges) in VOCABULARIES.items()}
out = {"texts": TEXTS, "vocabularies": vocabularies, "cases": CASES}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out, ensure_ascii=False, separators=(",", ":")).replace('{"name":', '\n{"name":') + "\n", encoding="utf-8")
print(f"{len(CASES)} cases, {path.stat().st_size} bytes")
