"""The training text: mini_corpus writes it, worker processes encode it, `Feed` makes batches on the GPU as it arrives."""

import json
import multiprocessing
import subprocess

import numpy as np
import torch

SHARD = 40000  # examples that one worker makes at a time


def lines(program, *words):
    out = subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def problems(program, seed, count=60):
    """Test problems with the prompt that the benchmark gives them."""
    rows = lines(program, "mini", seed, count)
    for row in rows:
        row["prompt"] = row["problem"] + "\nPlease reason step by step, and put your final answer within \\boxed{}."
    return rows


def _shard(task):
    from training.vocabulary import Prompter

    program, folder, seed, code_percent, count = task
    prompter = Prompter(folder)
    rows = lines(program, "train", count, seed, code_percent)
    flat, starts, prompt_lengths = [], [0], []
    for prompt, completion in prompter.batch([r["prompt"] for r in rows], [r["completion"] for r in rows]):
        flat += prompt
        flat += completion
        starts.append(len(flat))
        prompt_lengths.append(len(prompt))
    return np.array(flat, dtype=np.int16), np.array(starts, dtype=np.int64), np.array(prompt_lengths, dtype=np.int64)


class Feed:
    """Batches of `tokens` tokens (padding included) of examples seen once each: (ids, targets), targets -1 where no loss."""

    def __init__(self, program, folder, seed, code_percent, shards, workers, tokens, device, count=SHARD):
        self.pool = multiprocessing.get_context("spawn").Pool(workers)
        tasks = [(program, folder, seed * 1000003 + i, code_percent, count) for i in range(shards)]
        self.shards = self.pool.imap(_shard, tasks)
        self.tokens, self.device, self.examples = tokens, device, 0
        self.generator = torch.Generator().manual_seed(seed)

    def close(self):
        self.pool.terminate()

    def chunk(self, size):
        parts = [part for part in (next(self.shards, None) for _ in range(size)) if part]
        if not parts:
            return None
        offsets = np.cumsum([0] + [len(p[0]) for p in parts[:-1]])
        flat = torch.from_numpy(np.concatenate([p[0] for p in parts])).to(self.device)
        starts = torch.from_numpy(np.concatenate([p[1][:-1] + o for p, o in zip(parts, offsets)]))
        lengths = torch.from_numpy(np.concatenate([np.diff(p[1]) for p in parts]))
        return flat, starts, lengths, torch.from_numpy(np.concatenate([p[2] for p in parts]))

    def __iter__(self):
        while (chunk := self.chunk(8)) is not None:
            flat, starts, lengths, prompts = chunk
            order = torch.argsort(lengths + torch.rand(len(lengths), generator=self.generator) * 8)
            batches, at = [], 0
            while at < len(order):
                longest = int(lengths[order[min(at + 400, len(order) - 1)]])
                take = min(max(1, self.tokens // longest), len(order) - at)
                batches.append(order[at : at + take])
                at += take
            for i in torch.randperm(len(batches), generator=self.generator).tolist():
                rows = batches[i]
                self.examples += len(rows)
                yield self.batch(flat, starts[rows], lengths[rows], prompts[rows])

    def batch(self, flat, starts, lengths, prompts):
        width = -(-int(lengths.max()) // 8) * 8
        starts, lengths, prompts = (t.to(self.device, non_blocking=True)[:, None] for t in (starts, lengths, prompts))
        column = torch.arange(width + 1, device=self.device)
        ids = flat[(starts + column).clamp(max=len(flat) - 1)].long()
        wanted = (column < lengths) & (column >= prompts)
        targets = torch.where(wanted, ids, -1)[:, 1:]
        return torch.where(column < lengths, ids, 0)[:, :-1], targets
