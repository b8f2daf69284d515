"""Logits of small random checkpoints as transformers computes them in float32, eager attention, on the CPU.

    pip install torch transformers safetensors numpy
    python tests/golden/logits.py            # writes logits.json and logits.f32 beside this file

logits.json lists the cases: config.json, dtype of the weights, tensors with shapes, length of the token sequence, the
positions whose logits are kept, and the rotary frequencies. logits.f32 holds the logits, (positions, vocab) a case in
the order of the list, little-endian float32. Weights and tokens come from synthetic.py.
"""

import json
import pathlib
import tempfile

import numpy as np
import torch
import transformers
from safetensors.torch import save_file

import synthetic

HERE = pathlib.Path(__file__).parent
VOCAB = 128
SHORT = dict(length=70, positions=[0, 1, 2, 3, 15, 16, 17, 31, 32, 48, 63, 69])
LONG = dict(length=8300, positions=[0, 1, 17, 255, 256, 1023, 4096, 5000, 8191, 8192, 8193, 8299])
DTYPES = {"F32": torch.float32, "BF16": torch.bfloat16, "F16": torch.float16}


def config(architecture: str, hidden: int, heads: int, kv_heads: int, **more) -> dict:
    return dict(
        architectures=[architecture + "ForCausalLM"],
        model_type=architecture.lower(),
        hidden_size=hidden,
        intermediate_size=hidden + 32,
        num_hidden_layers=2,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        vocab_size=VOCAB,
        max_position_embeddings=16384,
        hidden_act="silu",
        rms_norm_eps=1e-6,
        bos_token_id=0,
        eos_token_id=1,
    ) | more


def old_style(theta: float, scaling: dict | None = None, dtype: str = "bfloat16") -> dict:
    return dict(rope_theta=theta, rope_scaling=scaling, torch_dtype=dtype)


def new_style(theta: float, dtype: str = "bfloat16", **parameters) -> dict:
    return dict(rope_parameters=dict(rope_theta=theta, rope_type="default") | parameters, dtype=dtype)


def cases() -> list[dict]:
    out = []

    def add(name, dtype, size, configuration):
        out.append(dict(name=name, dtype=dtype, **size, config=configuration))

    window = dict(use_sliding_window=False, sliding_window=32, max_window_layers=1)
    add("qwen2 group 1", "F32", SHORT, config("Qwen2", 64, 4, 4, **old_style(10000.0, dtype="float32"), **window))
    add("qwen2 group 2 tied", "BF16", SHORT,
        config("Qwen2", 64, 4, 2, tie_word_embeddings=True, **new_style(1000000.0)))
    add("qwen2 group 5", "F16", SHORT, config("Qwen2", 80, 5, 1, rms_norm_eps=1e-5,
                                              **old_style(1000000.0, dtype="float16")))
    add("qwen2 group 6", "BF16", LONG, config("Qwen2", 96, 6, 1, **old_style(10000.0), **window))
    add("qwen2 group 7", "BF16", SHORT, config("Qwen2", 112, 7, 1, tie_word_embeddings=False, **new_style(10000.0)))
    add("qwen3 explicit head_dim tied", "BF16", LONG,
        config("Qwen3", 64, 4, 2, head_dim=32, tie_word_embeddings=True, **new_style(1000000.0)))
    add("qwen3 biases group 4", "BF16", SHORT,
        config("Qwen3", 64, 4, 1, head_dim=48, attention_bias=True, **old_style(1000000.0)))
    add("llama llama3 group 8", "BF16", LONG,
        config("Llama", 128, 8, 1, rms_norm_eps=1e-5,
               **new_style(500000.0, rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                           original_max_position_embeddings=1024)))
    add("llama yarn tied all biases", "BF16", LONG,
        config("Llama", 64, 4, 2, head_dim=32, tie_word_embeddings=True, attention_bias=True, mlp_bias=True,
               **old_style(10000.0, dict(type="yarn", factor=4.0, original_max_position_embeddings=2048))))
    add("llama yarn mscale", "F32", SHORT,
        config("Llama", 64, 2, 1, **new_style(10000.0, "float32", rope_type="yarn", factor=8.0, beta_fast=16, beta_slow=2,
                                              mscale=1.0, mscale_all_dim=0.5, truncate=False,
                                              original_max_position_embeddings=1024)))
    add("llama group 3 explicit head_dim", "F32", SHORT,
        config("Llama", 96, 6, 2, head_dim=24, **old_style(10000.0, dtype="float32")))
    return out


def run(case: dict) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "config.json").write_text(json.dumps(case["config"]))
        loaded = transformers.AutoConfig.from_pretrained(folder)
        with torch.device("meta"):
            shapes = {
                name: tuple(tensor.shape)
                for name, tensor in transformers.AutoModelForCausalLM.from_config(loaded).named_parameters()
            }
        dtype = DTYPES[case["dtype"]]
        weights = {name: torch.from_numpy(synthetic.values(name, shape)).to(dtype) for name, shape in shapes.items()}
        save_file(weights, pathlib.Path(folder) / "model.safetensors", metadata={"format": "pt"})
        model = transformers.AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager"
        ).eval()
    for name, parameter in model.named_parameters():
        assert torch.equal(parameter, weights[name].float()), name
    case["tensors"] = {name: list(shape) for name, shape in sorted(shapes.items())}
    rotary = model.model.rotary_emb
    case["inverse_frequencies"] = [float(x) for x in rotary.inv_freq]
    case["attention_factor"] = float(rotary.attention_scaling)

    ids = torch.from_numpy(synthetic.tokens(case["name"], case["length"], VOCAB))[None]
    cache, logits = transformers.DynamicCache(config=model.config), []
    with torch.no_grad():
        for begin in range(0, case["length"], 500):  # in pieces: the square of 8,300 positions would take gigabytes
            piece = ids[:, begin : begin + 500]
            logits.append(model(piece, past_key_values=cache, use_cache=True).logits[0])
    return torch.cat(logits)[case["positions"]].float().numpy()


def main() -> None:
    torch.set_num_threads(2)
    written, kept = [], []
    for case in cases():
        logits = run(case)
        print(f"{case['name']}: max |logit| {np.abs(logits).max():.3f}, argmax {logits.argmax(-1).tolist()}")
        written.append(case)
        kept.append(logits.astype("<f4"))
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    lines = ",\n".join(json.dumps(case) for case in written)
    (HERE / "logits.json").write_text('{"made_with": %s, "cases": [\n%s\n]}\n' % (json.dumps(versions), lines))
    (HERE / "logits.f32").write_bytes(b"".join(x.tobytes() for x in kept))


if __name__ == "__main__":
    main()
