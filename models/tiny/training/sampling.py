"""Batched sampling and the two scores of `mini`: pass@1 (mean over problems of the mean over samples) and cons@k (the
majority of the boxed answers; a tie is shared, a sample without an answer casts no vote)."""

import collections
import re

import torch

from training.model import Cache

BOX = re.compile(r"\\boxed\{(-?\d+)\}")


@torch.no_grad()
def sample(model, prompts, samples, generator, eos, temperature=0.6, top_p=0.95, limit=256):
    """`samples` token lists for each prompt, in order, without EOS; None where the limit cut one."""
    device = next(model.parameters()).device
    lengths = torch.tensor([len(p) for p in prompts], device=device).repeat_interleave(samples)
    width = int(lengths.max())
    ids = torch.zeros(len(prompts), width, dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, : len(prompt)] = torch.tensor(prompt)
    ids = ids.to(device).repeat_interleave(samples, 0)
    cache = Cache(model, len(ids), width + limit, device)
    cache.positions = torch.arange(width, device=device).expand(len(ids), width)
    hidden = []
    for start in range(0, len(ids), 2048):  # the prompt's scores are the largest tensor here
        part = slice(start, start + 2048)
        view = Cache.__new__(Cache)
        view.k, view.v, view.positions = cache.k[:, part], cache.v[:, part], cache.positions[part]
        view.rows = torch.arange(len(view.positions), device=device)
        hidden.append(model.step(ids[part], view)[view.rows, lengths[part] - 1])
    last = torch.cat(hidden)
    out = torch.full((len(ids), limit), eos, dtype=torch.long, device=device)
    done = torch.zeros(len(ids), dtype=torch.bool, device=device)
    for at in range(limit):
        logits = model.logits(last).float()
        if temperature == 0:
            token = logits.argmax(-1)
        else:
            mass, order = (logits / temperature).softmax(-1).sort(descending=True, dim=-1, stable=True)
            mass = mass * (mass.cumsum(-1) - mass < top_p)
            token = order.gather(1, torch.multinomial(mass, 1, generator=generator))[:, 0]
        token = torch.where(done, eos, token)
        out[:, at] = token
        done |= token == eos
        if at % 8 == 7 and bool(done.all()):
            break
        cache.positions = (lengths + at)[:, None]
        last = model.step(token[:, None], cache)[:, 0]
    rows = out.tolist()
    return [row[: row.index(eos)] if eos in row else None for row in rows]


def answer_of(text):
    """The last boxed integer after the thought, or None."""
    boxes = BOX.findall(text.split("</think>")[-1]) if "</think>" in text else []
    return int(boxes[-1]) if boxes else None


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def judge(problem, answers):
    """(pass@1, cons@k) of one problem."""
    counts = collections.Counter(a for a in answers if a is not None)
    top = max(counts.values(), default=0)
    winners = [a for a, n in counts.items() if n == top]
    return mean(a == problem["answer"] for a in answers), problem["answer"] in winners and 1 / len(winners)


def score(sets, prompter, model, samples, generator, limit=256):
    """Figures by name for sets {name: problems}, whose problems carry prompt, answer, kind and level; and for all."""
    problems = [p for rows in sets.values() for p in rows]
    rows = sample(model, [prompter.prompt(p["prompt"]) for p in problems], samples, generator, prompter.eos, limit=limit)
    texts = prompter.tokenizer.decode_batch([r or [] for r in rows], skip_special_tokens=False)
    answers = [None if r is None else answer_of(t) for r, t in zip(rows, texts)]
    scores = [judge(p, answers[i * samples : (i + 1) * samples]) for i, p in enumerate(problems)]
    both = lambda some: [round(mean(c), 3) for c in zip(*some)]
    spans, at = {"all": range(len(problems))}, 0
    for name, members in sets.items():
        spans[name] = range(at, at + len(members))
        at += len(members)
    figures = {}
    for name, span in spans.items():
        group = lambda key: {k: both(scores[i] for i in span if problems[i][key] == k) for k in dict.fromkeys(problems[i][key] for i in span)}
        passed, agreed = both(scores[i] for i in span)
        own = [j for i in span for j in range(i * samples, (i + 1) * samples)]
        figures[name] = {
            "pass": passed,
            "cons": agreed,
            "tokens": round(mean(limit if rows[j] is None else len(rows[j]) + 1 for j in own), 1),
            "none": round(mean(answers[j] is None for j in own), 4),
            "kinds": group("kind"),
            "levels": group("level"),
        }
    return figures


def code_score(tasks, prompter, model, generator):
    """The share of one-line tasks whose sampled answer is the reference program, one sample a task."""
    rows = sample(model, [prompter.prompt(t["prompt"]) for t in tasks], 1, generator, prompter.eos)
    texts = prompter.tokenizer.decode_batch([r or [] for r in rows], skip_special_tokens=False)
    same = [t["program"].strip() in text.split("</think>")[-1] for t, text in zip(tasks, texts)]
    return sum(same) / len(same)
