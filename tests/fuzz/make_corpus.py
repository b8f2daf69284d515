"""Writes the seed inputs of fuzz_config and fuzz_safetensors: python3 tests/fuzz/make_corpus.py"""

import json
import pathlib
import struct

CORPUS = pathlib.Path(__file__).parent / "corpus"

SHAPES = dict(
    hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    vocab_size=128, max_position_embeddings=4096, rms_norm_eps=1e-6, hidden_act="silu", bos_token_id=1,
)
CONFIGS = {
    "qwen2": dict(architectures=["Qwen2ForCausalLM"], model_type="qwen2", eos_token_id=2, rope_theta=1e6,
                  torch_dtype="bfloat16", use_sliding_window=False, sliding_window=4096, max_window_layers=1),
    "qwen3": dict(architectures=["Qwen3ForCausalLM"], model_type="qwen3", eos_token_id=[2, 3], head_dim=32,
                  rope_parameters=dict(rope_theta=1e6, rope_type="default"), dtype="bfloat16", attention_bias=False,
                  layer_types=["full_attention", "full_attention"], tie_word_embeddings=True),
    "llama3": dict(architectures=["LlamaForCausalLM"], model_type="llama", eos_token_id=2, rope_theta=5e5, mlp_bias=True,
                   rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                                     original_max_position_embeddings=1024)),
    "yarn": dict(architectures=["LlamaForCausalLM"], model_type="llama", eos_token_id=2, rope_theta=1e4,
                 rope_scaling=dict(type="yarn", factor=4.0, original_max_position_embeddings=1024, beta_fast=32,
                                   beta_slow=1, mscale=1.0, mscale_all_dim=0.7, attention_factor=1.1, truncate=False)),
    "refused": dict(architectures=["MixtralForCausalLM"], quantization_config=dict(quant_method="fp8")),
}


def safetensors(header: str, data: bytes = b"") -> bytes:
    return struct.pack("<Q", len(header)) + header.encode() + data


def tensor(dtype: str, shape: list[int], begin: int, end: int) -> dict:
    return dict(dtype=dtype, shape=shape, data_offsets=[begin, end])


def main() -> None:
    folder = CORPUS / "config"
    folder.mkdir(parents=True, exist_ok=True)
    for name, fields in CONFIGS.items():
        (folder / f"{name}.json").write_text(json.dumps(SHAPES | fields))
    (folder / "generation.json").write_text(json.dumps(dict(bos_token_id=1, eos_token_id=[2, 3], temperature=0.6)))

    folder = CORPUS / "safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    two = {"a": tensor("F32", [1, 2], 0, 8), "b": tensor("BF16", [3], 8, 14), "__metadata__": {"format": "pt"}}
    index = dict(metadata=dict(total_size=14), weight_map={"a": "model-1.safetensors", "b": "model-2.safetensors"})
    seeds = {
        "empty": safetensors("{}"),
        "two": safetensors(json.dumps(two) + "  ", bytes(14)),
        "overlap": safetensors(json.dumps({"a": tensor("F16", [2], 0, 4), "b": tensor("F16", [2], 2, 6)}), bytes(6)),
        "huge": safetensors(json.dumps({"a": tensor("F32", [1 << 62, 4], 0, 8)}), bytes(8)),
        "dtype": safetensors(json.dumps({"a": tensor("F8_E4M3", [8], 0, 8)}), bytes(8)),
        "index": json.dumps(index).encode(),
    }
    for name, content in seeds.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
