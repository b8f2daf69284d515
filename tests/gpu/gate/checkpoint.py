"""Checkpoints with random weights that hide no error, and copies of them with one mistake.

Attention is peaked (scores with a deviation of about three), norms and biases are random: with the small weights of a
fresh initialisation attention is nearly uniform, and a wrong position, page or bias would not be seen.

Vectors are in a shard of their own, so that a copy with a changed norm or bias shares the matrices' shard.
"""

import json
import os
import pathlib

import torch
from safetensors.torch import load_file, save_file

MATRICES, VECTORS = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
PEAK = 1.8  # deviation of an element of q and of k; a score's deviation is its square


def tensor_shapes(config):
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    head_dim = config.get("head_dim", hidden // heads)
    q, kv = heads * head_dim, config["num_key_value_heads"] * head_dim
    ffn, vocab, kind = config["intermediate_size"], config["vocab_size"], config["model_type"]
    yield "model.embed_tokens.weight", (vocab, hidden)
    for i in range(config["num_hidden_layers"]):
        layer = f"model.layers.{i}."
        yield layer + "input_layernorm.weight", (hidden,)
        for name, rows in (("q", q), ("k", kv), ("v", kv)):
            yield layer + f"self_attn.{name}_proj.weight", (rows, hidden)
            if kind == "qwen2":
                yield layer + f"self_attn.{name}_proj.bias", (rows,)
        if kind == "qwen3":
            yield layer + "self_attn.q_norm.weight", (head_dim,)
            yield layer + "self_attn.k_norm.weight", (head_dim,)
        yield layer + "self_attn.o_proj.weight", (hidden, q)
        yield layer + "post_attention_layernorm.weight", (hidden,)
        yield layer + "mlp.gate_proj.weight", (ffn, hidden)
        yield layer + "mlp.up_proj.weight", (ffn, hidden)
        yield layer + "mlp.down_proj.weight", (hidden, ffn)
    yield "model.norm.weight", (hidden,)
    yield "lm_head.weight", (vocab, hidden)


def values(name, shape, kind, generator):
    draw = torch.randn(shape, generator=generator, device=generator.device)
    if name.endswith("bias"):
        return 0.5 * draw
    if len(shape) == 1:
        centre = PEAK if "q_norm" in name or "k_norm" in name else 1.0
        return centre * (1 + 0.3 * draw)
    if "embed_tokens" in name:
        return draw
    scale = shape[1] ** -0.5  # a unit deviation stays one
    if "lm_head" in name:
        scale *= 2
    if kind != "qwen3" and ("q_proj" in name or "k_proj" in name):
        scale *= PEAK
    return scale * draw


def write_config(directory, config):
    (directory / "config.json").write_text(json.dumps(config, indent=1))


def make(directory, config, seed, device):
    directory.mkdir(parents=True)
    generator = torch.Generator(device).manual_seed(seed)
    shards = {MATRICES: {}, VECTORS: {}}
    for name, shape in tensor_shapes(config):
        tensor = values(name, shape, config["model_type"], generator).to(torch.bfloat16).cpu()
        shards[MATRICES if len(shape) == 2 else VECTORS][name] = tensor
    for file, tensors in shards.items():
        save_file(tensors, directory / file, metadata={"format": "pt"})
    index = {name: file for file, tensors in shards.items() for name in tensors}
    (directory / "model.safetensors.index.json").write_text(json.dumps(dict(metadata={}, weight_map=index)))
    write_config(directory, config)


def altered(original, directory, config, change):
    """A copy whose vectors and config `change(vectors, config)` has edited."""
    directory.mkdir(parents=True)
    vectors, config = load_file(original / VECTORS), json.loads(json.dumps(config))
    change(vectors, config)
    os.symlink((original / MATRICES).resolve(), directory / MATRICES)
    save_file(vectors, directory / VECTORS, metadata={"format": "pt"})
    index = original / "model.safetensors.index.json"
    (directory / index.name).write_bytes(index.read_bytes())
    write_config(directory, config)


def mistakes(config):
    """(name, change, whether only a long text shows it) of the mistakes that fit this architecture."""

    def fill(suffix, value):
        def change(vectors, _):
            hits = [name for name in vectors if name.endswith(suffix)]
            assert len(hits) == 1, (suffix, hits)
            vectors[hits[0]] = torch.full_like(vectors[hits[0]], value)

        return change

    def other_theta(_, fields):
        fields["rope_theta"] = 10000.0 if fields["rope_theta"] > 10000.0 else 1000000.0

    def no_scaling(_, fields):
        del fields["rope_scaling"]

    out = [("wrong theta", other_theta, False),
           ("unit input norm", fill("layers.0.input_layernorm.weight", 1.0), False),
           ("unit post norm", fill("layers.1.post_attention_layernorm.weight", 1.0), False),
           ("unit final norm", fill("model.norm.weight", 1.0), False)]
    if config["model_type"] == "qwen2":
        out += [(f"no {x} bias", fill(f"layers.1.self_attn.{x}_proj.bias", 0.0), False) for x in "qkv"]
    if config["model_type"] == "qwen3":
        out += [(f"unit {x} norm", fill(f"layers.1.self_attn.{x}_norm.weight", 1.0), False) for x in "qk"]
    if "rope_scaling" in config:
        out.append(("no rope scaling", no_scaling, True))
    return out
