"""config.json of the six R1 distills and of a Qwen3, at full width with few layers."""

# hidden, query heads, KV heads, head dimension, intermediate, vocabulary, theta, eps
QWEN2 = {
    "1.5b": (1536, 12, 2, 128, 8960, 151936, 10000.0, 1e-6),
    "7b": (3584, 28, 4, 128, 18944, 152064, 10000.0, 1e-6),
    "14b": (5120, 40, 8, 128, 13824, 152064, 1000000.0, 1e-5),
    "32b": (5120, 40, 8, 128, 27648, 152064, 1000000.0, 1e-5),
}
LLAMA = {
    "llama-8b": (4096, 32, 8, 128, 14336, 128256, 500000.0, 1e-5),
    "llama-70b": (8192, 64, 8, 128, 28672, 128256, 500000.0, 1e-5),
}
QWEN3 = {
    "qwen3-8b": (4096, 32, 8, 128, 12288, 151936, 1000000.0, 1e-6),
}
NAMES = [*QWEN2, *LLAMA, *QWEN3]


def config(name, layers):
    shape = {**QWEN2, **LLAMA, **QWEN3}[name]
    hidden, heads, kv_heads, head_dim, intermediate, vocab, theta, eps = shape
    fields = dict(hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads, num_key_value_heads=kv_heads,
                  intermediate_size=intermediate, vocab_size=vocab, rope_theta=theta, rms_norm_eps=eps,
                  max_position_embeddings=40960 if name in QWEN3 else 131072, hidden_act="silu",
                  tie_word_embeddings=False, torch_dtype="bfloat16", bos_token_id=1, eos_token_id=2)
    if name in LLAMA:
        fields.update(architectures=["LlamaForCausalLM"], model_type="llama", attention_bias=False, mlp_bias=False,
                      head_dim=head_dim,
                      rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                                        original_max_position_embeddings=8192))
    elif name in QWEN3:
        fields.update(architectures=["Qwen3ForCausalLM"], model_type="qwen3", attention_bias=False, head_dim=head_dim)
    else:
        fields.update(architectures=["Qwen2ForCausalLM"], model_type="qwen2", use_sliding_window=False)
    return fields
