"""A Qwen2 decoder in plain PyTorch, with the tensor names of Hugging Face's Qwen2ForCausalLM: fast to train at this size,
and with a key-value cache for batched sampling. Embeddings are tied."""

import torch
import torch.nn.functional as F
from torch import nn

CONFIG = dict(
    hidden_size=256,
    num_hidden_layers=4,
    num_attention_heads=4,
    num_key_value_heads=2,
    intermediate_size=512,
    max_position_embeddings=4096,
    rms_norm_eps=1e-6,
    rope_theta=10000.0,
    tie_word_embeddings=True,
)


class Norm(nn.Module):
    def __init__(self, size, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x):
        return F.rms_norm(x, self.weight.shape, self.weight, self.eps)


def rotate(x, cos, sin):
    half = x.shape[-1] // 2
    return x * cos + torch.cat((-x[..., half:], x[..., :half]), -1) * sin


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        h = c["hidden_size"]
        self.heads, self.kv_heads = c["num_attention_heads"], c["num_key_value_heads"]
        self.dim = h // self.heads
        self.q_proj = nn.Linear(h, h)
        self.k_proj = nn.Linear(h, self.kv_heads * self.dim)
        self.v_proj = nn.Linear(h, self.kv_heads * self.dim)
        self.o_proj = nn.Linear(h, h, bias=False)

    def split(self, x, heads):
        return x.view(*x.shape[:2], heads, self.dim).transpose(1, 2)

    def forward(self, x, cos, sin, cache=None):
        """`cache` is None (a whole row, causal), or a Cache that has this step's positions."""
        q = rotate(self.split(self.q_proj(x), self.heads), cos, sin)
        k = rotate(self.split(self.k_proj(x), self.kv_heads), cos, sin)
        v = self.split(self.v_proj(x), self.kv_heads)
        if cache is None:
            q, k = q.to(v.dtype), k.to(v.dtype)
            out = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        else:
            out = cache.attend(self, q, k, v)
        return self.o_proj(out.transpose(1, 2).reshape(x.shape[0], x.shape[1], -1))


class Mlp(nn.Module):
    def __init__(self, c):
        super().__init__()
        h, inner = c["hidden_size"], c["intermediate_size"]
        self.gate_proj = nn.Linear(h, inner, bias=False)
        self.up_proj = nn.Linear(h, inner, bias=False)
        self.down_proj = nn.Linear(inner, h, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.self_attn, self.mlp = Attention(c), Mlp(c)
        self.input_layernorm = Norm(c["hidden_size"], c["rms_norm_eps"])
        self.post_attention_layernorm = Norm(c["hidden_size"], c["rms_norm_eps"])

    def forward(self, x, cos, sin, cache=None):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, cache)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self, c, vocab):
        super().__init__()
        self.embed_tokens = nn.Embedding(vocab, c["hidden_size"])
        self.layers = nn.ModuleList(Block(c) for _ in range(c["num_hidden_layers"]))
        self.norm = Norm(c["hidden_size"], c["rms_norm_eps"])


class TinyModel(nn.Module):
    def __init__(self, vocab, config=CONFIG):
        super().__init__()
        self.config, self.vocab = config, vocab
        self.model = Decoder(config, vocab)
        dim = config["hidden_size"] // config["num_attention_heads"]
        frequency = 1.0 / config["rope_theta"] ** (torch.arange(0, dim, 2).float() / dim)
        angle = torch.arange(2048).float()[:, None] * torch.cat((frequency, frequency))
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)
        depth = config["num_hidden_layers"]
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.02 if "embed" in name else parameter.shape[1] ** -0.5)
                if "o_proj" in name or "down_proj" in name:
                    parameter.data /= (2 * depth) ** 0.5
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def hidden(self, ids):
        """(B, T) ids to (B, T, hidden), causal."""
        cos, sin = self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]
        x = self.model.embed_tokens(ids)
        for layer in self.model.layers:
            x = layer(x, cos, sin)
        return self.model.norm(x)

    def logits(self, hidden):
        return F.linear(hidden, self.model.embed_tokens.weight)

    def step(self, ids, cache):
        """(B, T) ids at the cache's positions to (B, T, hidden)."""
        cos, sin = self.cos[cache.positions][:, None], self.sin[cache.positions][:, None]
        x = self.model.embed_tokens(ids)
        for i, layer in enumerate(self.model.layers):
            cache.layer = i
            x = layer(x, cos, sin, cache)
        return self.model.norm(x)


class Cache:
    """Keys and values of B rows with positions of their own. Set `positions` (B, T) before each step; a later step at a
    position overwrites what padding left there."""

    def __init__(self, model, rows, length, device):
        c = model.config
        shape = (c["num_hidden_layers"], rows, c["num_key_value_heads"], length, c["hidden_size"] // c["num_attention_heads"])
        self.k, self.v = torch.zeros(shape, device=device), torch.zeros(shape, device=device)
        self.rows = torch.arange(rows, device=device)
        self.positions, self.layer = None, 0

    def attend(self, attention, q, k, v):
        keys, values = self.k[self.layer], self.v[self.layer]
        keys[self.rows[:, None], :, self.positions] = k.transpose(1, 2)
        values[self.rows[:, None], :, self.positions] = v.transpose(1, 2)
        longest = int(self.positions.max()) + 1 if self.layer == 0 else self.longest
        self.longest = longest
        keys, values = keys[:, :, :longest], values[:, :, :longest]
        b, heads, t, d = q.shape
        q = q.reshape(b, attention.kv_heads, -1, d)
        scores = (q @ keys.transpose(-1, -2)).view(b, attention.kv_heads, heads // attention.kv_heads, t, longest) * d**-0.5
        seen = torch.arange(longest, device=q.device) <= self.positions[:, None, None, :, None]
        weights = scores.masked_fill(~seen, float("-inf")).softmax(-1).view(b, attention.kv_heads, -1, longest)
        return (weights @ values).view(b, heads, t, d)
