"""The byte-level BPE vocabulary and the chat template of models/tiny, in the Hugging Face layout.

`build(texts, folder)` learns the merges from the project's own training text and writes tokenizer.json,
tokenizer_config.json and chat_template.jinja. `Prompter` renders and encodes what training and sampling need.
"""

import json
import pathlib

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

BOS, EOS, PAD = "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>"
USER, ASSISTANT = "<｜User｜>", "<｜Assistant｜>"
THINK, END_THINK = "<think>", "</think>"
SPECIAL = [BOS, EOS, PAD, USER, ASSISTANT, THINK, END_THINK]
OPEN_THOUGHT = ASSISTANT + THINK + "\n"

# Digits stand alone; words take the space before them; punctuation takes the line ends after it.
PIECES = r"\p{N}| ?\p{L}+| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"

CHAT_TEMPLATE = """\
{%- set ns = namespace(system='') -%}
{%- for message in messages -%}
  {%- if message['role'] == 'system' -%}
    {%- set ns.system = message['content'] -%}
  {%- endif -%}
{%- endfor -%}
{{- bos_token + ns.system -}}
{%- for message in messages -%}
  {%- if message['role'] == 'user' -%}
    {{- '<｜User｜>' + message['content'] -}}
  {%- elif message['role'] == 'assistant' -%}
    {{- '<｜Assistant｜>' + message['content'].split('</think>')[-1] + eos_token -}}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '<｜Assistant｜><think>\\n' -}}
{%- endif -%}
"""


def build(texts, folder, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    # The thought's marks are ordinary added tokens: they are part of the text that a decoder shows.
    tokenizer.add_tokens([AddedToken(mark, normalized=False, special=False) for mark in (THINK, END_THINK)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", pair=f"{BOS} $A {BOS}:1 $B:1", special_tokens=[(BOS, tokenizer.token_to_id(BOS))]
    )
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    described = json.loads(tokenizer.to_str())
    for token in described["added_tokens"]:
        token["special"] = token["content"] not in (THINK, END_THINK)
    (folder / "tokenizer.json").write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n")
    config = {
        "add_bos_token": True,
        "add_eos_token": False,
        "bos_token": BOS,
        "eos_token": EOS,
        "pad_token": PAD,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 4096,
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, ensure_ascii=False, indent=1) + "\n")
    (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE)


class Prompter:
    """Token ids of prompts and completions. A prompt is cut where a piece ends whatever comes next, so that its parts
    encode as the whole does; `check` proves it on examples."""

    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(str(pathlib.Path(folder) / "tokenizer.json"))
        self.bos, self.eos, self.pad = (self.tokenizer.token_to_id(t) for t in (BOS, EOS, PAD))
        self.vocab = self.tokenizer.get_vocab_size()

    def ids(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def prompt_text(self, prompt):
        return BOS + USER + prompt + OPEN_THOUGHT

    def prompt(self, prompt):
        return self.ids(self.prompt_text(prompt))

    def batch(self, prompts, completions):
        """Lists of (prompt ids, completion ids); a completion ends with EOS."""
        encode = lambda texts: self.tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        for prompt, completion in zip(encode([self.prompt_text(p) for p in prompts]), encode([c + EOS for c in completions])):
            yield prompt.ids, completion.ids

    def check(self, prompts, completions):
        for (a, b), p, c in zip(self.batch(prompts, completions), prompts, completions):
            assert a + b == self.ids(self.prompt_text(p) + c + EOS), (p, c)
