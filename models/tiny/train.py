"""Trains models/tiny. Everything it reads is made by this project's own generators (benchmarks/mini).

Build the corpus program (cmake --build build --target mini_corpus), then:
  python3 train.py vocabulary --corpus PROGRAM --layout FOLDER        the tokenizer files, on any machine
  python3 train.py train --corpus PROGRAM --layout FOLDER --out OUT   four minutes on one H200 (PyTorch, tokenizers, transformers)
  python3 train.py export --layout FOLDER --weights FILE --to MODEL   the Hugging Face folder of one saved step
`train` writes OUT/log, and the weights of the steps named by --save in bfloat16, packed three to a tar.
"""

import argparse
import json
import os
import pathlib
import sys
import tarfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

VOCABULARY = 768


def make_vocabulary(args):
    from training import corpus, vocabulary

    rows = corpus.lines(args.corpus, "train", 60000, 1, args.code_percent)
    vocabulary.build((text for r in rows for text in (r["prompt"], r["completion"])), args.layout, VOCABULARY)
    prompter = vocabulary.Prompter(args.layout)
    rows = rows[:2000]
    prompter.check([r["prompt"] for r in rows], [r["completion"] for r in rows])
    lengths = [(len(p), len(c)) for p, c in prompter.batch([r["prompt"] for r in rows], [r["completion"] for r in rows])]
    means = [sum(column) / len(column) for column in zip(*lengths)]
    print(f"{prompter.vocab} entries; mean tokens: prompt {means[0]:.1f}, completion {means[1]:.1f}")


class Average:
    """The exponential moving average of a model's weights, and a twin that holds it rounded to bfloat16, as it is saved:
    the average is worth a decayed learning rate at every step."""

    def __init__(self, model, twin, decay):
        self.model, self.twin, self.decay, self.steps = model, twin, decay, 0
        self.values = [p.detach().clone() for p in model.parameters()]

    def update(self):
        import torch

        self.steps += 1
        weight = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(self.values, [p.detach() for p in self.model.parameters()], weight)

    def rounded(self):
        import torch

        for target, value in zip(self.twin.parameters(), self.values):
            target.data.copy_(value.to(torch.bfloat16))
        return self.twin.eval()


class Saver:
    """Weights of steps, three to a tar, written at once so that a stopped run keeps them."""

    def __init__(self, out):
        self.out, self.count = pathlib.Path(out), 0

    def save(self, model, step):
        import torch
        from safetensors.torch import save_file

        name = f"step-{step:06d}.safetensors"
        state = {k: v.detach().to(torch.bfloat16).cpu().contiguous() for k, v in model.state_dict().items()}
        save_file(state, f"/tmp/{name}", metadata={"format": "pt"})
        mode = "a" if self.count % 3 else "w"
        with tarfile.open(self.out / f"weights-{self.count // 3}.tar", mode) as archive:
            archive.add(f"/tmp/{name}", name)
        self.count += 1


def train(args):
    import torch
    import torch.nn.functional as F

    from training import corpus, sampling
    from training.model import TinyModel
    from training.vocabulary import Prompter

    device = args.device
    began = time.time()
    log = open(pathlib.Path(args.out) / "log", "a")

    def say(**row):
        row["seconds"] = round(time.time() - began, 1)
        log.write(json.dumps(row) + "\n")
        log.flush()
        print(json.dumps({k: v for k, v in row.items() if k not in ("kinds", "by_problem")}), flush=True)

    prompter = Prompter(args.layout)
    feed = corpus.Feed(args.corpus, args.layout, args.seed, args.code_percent, args.shards, args.workers, args.tokens, device, args.shard)
    sets = {seed: corpus.problems(args.corpus, seed) for seed in args.mini}
    tasks = corpus.lines(args.corpus, "code", 0, 200)
    torch.manual_seed(args.seed)
    model = TinyModel(prompter.vocab).to(device)
    average = Average(model, TinyModel(prompter.vocab).to(device), args.average)
    matrices = [p for p in model.parameters() if p.dim() == 2]
    vectors = [p for p in model.parameters() if p.dim() != 2]
    groups = [dict(params=matrices, weight_decay=0.05), dict(params=vectors, weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.98), fused=device == "cuda")
    say(parameters=sum(p.numel() for p in model.parameters()), arguments=vars(args))
    saver, step, seen, losses = Saver(args.out), 0, 0, []
    checks = sorted({int(s) for s in args.check.split(",")} | {int(s) for s in args.save.split(",")} | {args.steps})
    saves = {int(s) for s in args.save.split(",")} | {args.steps}
    for ids, targets in feed:
        progress = step / args.steps
        rate = args.rate * min(1, (step + 1) / args.warmup) * (1 - (1 - args.floor) * progress)
        for group in optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast(device, torch.bfloat16):
            hidden = model.hidden(ids)
            wanted = targets >= 0
            logits = model.logits(hidden[wanted])
        loss = F.cross_entropy(logits.float(), targets[wanted])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average.update()
        step, seen = step + 1, seen + ids.numel()
        losses.append(loss.detach())
        if step % 100 == 0:
            say(step=step, loss=round(float(torch.stack(losses).mean()), 4), tokens=seen, examples=feed.examples)
            losses = []
        late = time.time() - began > args.max_seconds
        if step in checks or late:
            twin = average.rounded()
            if step in saves or late:
                saver.save(twin, step)
            generator = torch.Generator(device).manual_seed(step)
            for mini, figures in sampling.score(sets, prompter, twin, args.samples, generator).items():
                say(check=step, mini=mini, **figures)
            say(check=step, code=sampling.code_score(tasks, prompter, twin, generator))
        if step >= args.steps or late:
            break
    feed.close()


def export(args):
    """A folder that transformers loads: config and weights written by it, tokenizer files copied."""
    import shutil

    import torch
    from safetensors.torch import load_file
    from transformers import GenerationConfig, Qwen2Config, Qwen2ForCausalLM

    from training.model import CONFIG, TinyModel
    from training.vocabulary import Prompter

    prompter = Prompter(args.layout)
    ends = dict(bos_token_id=prompter.bos, eos_token_id=prompter.eos, pad_token_id=prompter.pad)
    config = Qwen2Config(vocab_size=prompter.vocab, dtype="bfloat16", **CONFIG, **ends)
    state = load_file(args.weights)
    model = Qwen2ForCausalLM(config)
    missing = model.load_state_dict(state, strict=False)
    assert not missing.unexpected_keys and missing.missing_keys in ([], ["lm_head.weight"]), missing
    model.tie_weights()
    ours = TinyModel(prompter.vocab)
    ours.load_state_dict(state)
    ids = torch.tensor([prompter.prompt("What is 12 + 30?")])
    with torch.no_grad():
        difference = (ours.logits(ours.hidden(ids)) - model.float()(ids).logits).abs().max()
    assert difference < 1e-3, difference
    model.to(torch.bfloat16)
    model.generation_config = GenerationConfig(do_sample=True, temperature=0.6, top_p=0.95, **ends)
    model.save_pretrained(args.to)
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
        if pathlib.Path(args.layout).resolve() != pathlib.Path(args.to).resolve():
            shutil.copy(pathlib.Path(args.layout) / name, args.to)
    print(f"wrote {args.to}; largest difference from our own forward pass {float(difference):.1e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["vocabulary", "train", "export"])
    parser.add_argument("--corpus", help="the program mini_corpus")
    parser.add_argument("--layout", required=True, help="folder of the tokenizer files")
    parser.add_argument("--out", default=".")
    parser.add_argument("--weights")
    parser.add_argument("--to")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--code-percent", type=int, default=12)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--warmup", type=int, default=200)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--floor", type=float, default=0.05, help="the last step's share of the rate")
    parser.add_argument("--average", type=float, default=0.995, help="decay of the weights' moving average")
    parser.add_argument("--tokens", type=int, default=131072, help="tokens of a batch, padding included")
    parser.add_argument("--shards", type=int, default=120)
    parser.add_argument("--shard", type=int, default=40000, help="examples of a shard")
    parser.add_argument("--workers", type=int, default=14)
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--mini", type=lambda s: [int(x) for x in s.split(",")], default=[0, 1, 2])
    parser.add_argument("--check", default="1000000000", help="steps to score at")
    parser.add_argument("--save", default="1000000000", help="steps to score at and keep")
    parser.add_argument("--max-seconds", type=float, default=1e9)
    parser.add_argument("--device", default="cuda")
    args = parser.parse_args()
    {"vocabulary": make_vocabulary, "train": train, "export": export}[args.verb](args)


if __name__ == "__main__":
    main()
