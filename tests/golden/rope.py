"""Rotary frequencies of many configurations as transformers computes them.

    pip install torch transformers
    python tests/golden/rope.py            # writes rope.json beside this file

Every case has a config.json, the float32 inverse frequencies, the factor on cos and sin, and both at some positions.
"""

import json
import pathlib
import tempfile

import torch
import transformers
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

HERE = pathlib.Path(__file__).parent
POSITIONS = [0, 1, 100, 8193, 16383]


def config(head_dim: int = 64, max_positions: int = 131072, **fields) -> dict:
    return dict(
        architectures=["LlamaForCausalLM"], model_type="llama", hidden_size=2 * head_dim, num_attention_heads=2,
        num_hidden_layers=1, intermediate_size=8, vocab_size=8, max_position_embeddings=max_positions,
    ) | fields


def cases() -> list[dict]:
    llama3 = dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8192)
    yarn = dict(factor=4.0, original_max_position_embeddings=32768)
    return [
        config(),
        config(128, rope_theta=10000),
        config(128, rope_theta=1000000.0, rope_scaling=None),
        config(32, rope_parameters=dict(rope_theta=500000.0, rope_type="default")),
        config(128, rope_theta=500000.0, rope_scaling=dict(rope_type="llama3", **llama3)),
        config(64, rope_parameters=dict(rope_theta=500000.0, rope_type="llama3", **(llama3 | dict(factor=32.0)))),
        config(128, rope_theta=1000000.0, rope_scaling=dict(type="yarn", **yarn)),
        config(128, rope_parameters=dict(rope_theta=1000000.0, rope_type="yarn", **yarn)),
        config(128, rope_theta=1000000.0, rope_scaling=dict(rope_type="yarn", beta_fast=20, beta_slow=2.0, **yarn)),
        config(64, rope_scaling=dict(rope_type="yarn", factor=40, original_max_position_embeddings=4096, mscale=1.0,
                                     mscale_all_dim=0.707)),
        config(64, rope_scaling=dict(rope_type="yarn", factor=40, original_max_position_embeddings=4096, mscale=1.0)),
        config(64, rope_scaling=dict(rope_type="yarn", attention_factor=1.25, **yarn)),
        config(64, rope_scaling=dict(rope_type="yarn", truncate=False, **yarn)),
        config(64, 65536, rope_scaling=dict(rope_type="yarn", factor=2.0)),
        config(64, 65536, rope_scaling=dict(rope_type="yarn", factor=None, original_max_position_embeddings=8192)),
        config(64, rope_scaling=dict(rope_type="yarn", factor=1.0, original_max_position_embeddings=131072)),
        config(32, rope_theta=100.0, rope_scaling=dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=64)),
        config(64, original_max_position_embeddings=16384, rope_scaling=dict(rope_type="yarn", factor=8.0)),
    ]


def run(fields: dict) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "config.json").write_text(json.dumps(fields))
        rotary = LlamaRotaryEmbedding(transformers.AutoConfig.from_pretrained(folder))
    cos, sin = rotary(torch.zeros(1), torch.tensor([POSITIONS]))
    half = cos.shape[-1] // 2
    return dict(
        config=fields,
        inverse_frequencies=rotary.inv_freq.tolist(),
        attention_factor=float(rotary.attention_scaling),
        positions=POSITIONS,
        cos=[[round(x, 8) for x in row] for row in cos[0, :, :half:4].tolist()],  # every fourth
        sin=[[round(x, 8) for x in row] for row in sin[0, :, :half:4].tolist()],
    )


def main() -> None:
    lines = ",\n".join(json.dumps(run(fields)) for fields in cases())
    (HERE / "rope.json").write_text("[\n" + lines + "\n]\n")


if __name__ == "__main__":
    main()
