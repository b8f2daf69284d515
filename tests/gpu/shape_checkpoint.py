#!/usr/bin/env python3
"""A checkpoint of a known shape with few layers and random weights that `quorum run` can use on the mini set:
shape_checkpoint.py DIRECTORY [SHAPE] [LAYERS]. The tokenizer is that of models/tiny, its vocabulary filled up."""

import json
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TINY = ROOT / "models/tiny"


def filled_up(tokenizer, vocabulary):
    """The same tokenizer with tokens that no text leads to behind its own."""
    names = tokenizer["model"]["vocab"]
    ids = {token["id"] for token in tokenizer["added_tokens"]} | set(names.values())
    names.update((f"filler{i}", i) for i in range(vocabulary) if i not in ids)
    return tokenizer


def main():
    directory = pathlib.Path(sys.argv[1])
    shape, layers = (sys.argv[2:3] or ["7b"])[0], int((sys.argv[3:4] or ["2"])[0])
    sys.path.insert(0, str(ROOT / "tests/gpu/gate"))
    import checkpoint
    import shapes
    import torch

    config = shapes.config(shape, layers) | dict(bos_token_id=0, eos_token_id=1)  # of the tokenizer
    checkpoint.make(directory, config, 20, "cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = json.loads((TINY / "tokenizer.json").read_text())
    (directory / "tokenizer.json").write_text(json.dumps(filled_up(tokenizer, config["vocab_size"])))
    for name in ("tokenizer_config.json", "chat_template.jinja", "generation_config.json"):
        shutil.copy(TINY / name, directory / name)


if __name__ == "__main__":
    main()
