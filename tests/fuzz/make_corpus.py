"""Writes the seed inputs of fuzz_config, fuzz_safetensors and fuzz_answer: python3 tests/fuzz/make_corpus.py"""

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


# Three answers each: equal ones in two forms, and another.
ANSWERS = {
    "fractions": (r"\frac{3}{8}", "0.375", r"\frac38"),
    "mixed": (r"2\frac{1}{4}", "9/4", "2.25"),
    "grouped": (r"12,\!500", "12500", "12,500"),
    "percent": (r"35\%", "0.35", "35"),
    "degrees": (r"75^\circ", "75°", r"\frac{5\pi}{12}"),
    "units": (r"18\text{ cm}^2", "18", "18 m^2"),
    "radicals": (r"\frac{2}{\sqrt{5}}", r"\frac{2\sqrt{5}}{5}", r"\sqrt{\frac45}"),
    "nested": (r"\sqrt{7+2\sqrt{10}}", r"\sqrt2+\sqrt5", "3.65"),
    "polynomial": ("(x+2)(x-3)", "x^2-x-6", r"x(x-1)-6"),
    "rational": (r"\frac{1}{x}+\frac{1}{x+1}", r"\frac{2x+1}{x^2+x}", "1/x+1"),
    "trigonometry": (r"\tan x", r"\frac{\sin x}{\cos x}", r"\sin(90^\circ - x)"),
    "logarithms": (r"\log_2 12", r"2+\log_2 3", r"\frac{\ln 12}{\ln 2}"),
    "complex": ("4-3i", "-3i+4", r"4+3\mathrm{i}"),
    "equation": ("3x+2y=7", "6x + 4y - 14 = 0", r"y = \frac{7-3x}{2}"),
    "inequality": (r"-2 < x \le 5", "(-2,5]", r"x\in(-2,5]"),
    "union": (r"(-\infty,1)\cup(4,\infty)", r"x<1 \text{ or } x>4", r"(4,+\infty)\cup(-\infty,1)"),
    "list": ("3, -8", "-8 and 3", r"\{3,-8\}"),
    "plus_minus": (r"2\pm\sqrt3", r"2+\sqrt3, 2-\sqrt3", r"2\mp\sqrt{3}"),
    "tuple": (r"(2, \frac{\pi}{6})", r"\left(2,\pi/6\right)", "2, \\pi/6"),
    "matrix": (r"\begin{pmatrix}1&-2\\0&5\end{pmatrix}", r"\begin{bmatrix}1&-2\\0&5\end{bmatrix}", "(1,-2,0,5)"),
    "vector": (r"\begin{pmatrix}4\\-1\end{pmatrix}", "(4,-1)", r"\langle 4,-1 \rangle"),
    "base": ("213_5", "213_{5}", r"213_{\text{five}}"),
    "words": (r"\text{The triangle}", "triangle", r"\textbf{Triangle.}"),
    "choice": (r"\text{(B)}", "B", "(B) 17"),
    "time": (r"5{:}45 \text{ p.m.}", "5:45 pm", "17:45"),
    "named": ("f(t) = t^2 + 1", "f(x)=x^2+1", "x^2+1"),
    "scientific": (r"4.5\times10^{-3}", "0.0045", "4.5e-3"),
    "towers": ("2^{2^{2^{40}}}", "10^{10^{10}}", "50000000!"),
    "binomial": (r"\binom{7}{3}", "35", r"\frac{7!}{3!4!}"),
    "cases": (r"f(x)=\begin{cases}2x&x\ge3\\6&x<3\end{cases}", r"\begin{cases}6,&\text{if }x<3\\x+x&\text{otherwise}\end{cases}", "2x, 6"),
    "sum": (r"\sum_{k=1}^{6} k^2", "91", r"\sum_{i=1}^{n} i^2"),
    "combinations": ("C_9^3", "{}_9C_3", "C(9,3)"),
    "points": ("Q(4,-7)", r"\pm(4,-7)", r"\begin{pmatrix} 4 & -7 \end{pmatrix}^T"),
    "chain": ("2^5 = 32", "n = 2^5 = 32", "x = y = 32"),
    "congruence": (r"y \equiv 13 \pmod 9", r"y \equiv 4 \bmod 9", "4 (mod 9)"),
    "sentence": ("So the answer is 14.", r"\text{There are exactly } 14", "at least 14"),
    "family": (r"\{x \mid x = 2k\pi, k \in \mathbb{Z}\}", r"2k\pi, k \in Z", "x = 2k\\pi"),
    "unicode": ("3×10⁸", "√2 ≤ x", "①③ £5"),
    "deep": ("(" * 80 + "1" + ")" * 80, "{" * 80 + "1" + "}" * 80, r"\frac{1}{1+" * 40),
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

    folder = CORPUS / "answer"
    folder.mkdir(parents=True, exist_ok=True)
    for name, answers in ANSWERS.items():
        (folder / name).write_text("\n".join(answers))


if __name__ == "__main__":
    main()
