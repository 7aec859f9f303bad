"""Trains the bundled model and writes it as a Hugging Face folder.

    /usr/bin/python3 assets/training/train.py --out assets/model

Needs python3-torch and python3-numpy. Two processor cores take about 20 minutes.
"""

import argparse
import json
import math
import os
import random
import struct
import time
from collections import Counter

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import torch
import torch.nn.functional as F

import bpe
import corpus
import words

LAYERS, HEADS, WIDTH, VOCAB, CONTEXT = 6, 4, 128, 2048, 256
D_HEAD = WIDTH // HEADS
TOKENS_PER_STEP = 2048
QUARTER = 0.25
SINUSOID_DIMS = 48


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1, self.ln_2 = torch.nn.LayerNorm(WIDTH), torch.nn.LayerNorm(WIDTH)
        self.c_attn = torch.nn.Linear(WIDTH, 3 * WIDTH)
        self.attn_proj = torch.nn.Linear(WIDTH, WIDTH)
        self.c_fc = torch.nn.Linear(WIDTH, 4 * WIDTH)
        self.mlp_proj = torch.nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x, mask):
        b, n, _ = x.shape
        q, k, v = self.c_attn(self.ln_1(x)).view(b, n, 3, HEADS, D_HEAD).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-1, -2)) / math.sqrt(D_HEAD) + mask[:n, :n]
        z = (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, n, WIDTH)
        x = x + self.attn_proj(z)
        # The tanh form of GELU, which GPT-2 uses, written out: torch 1.13 has no fast bf16 one.
        h = self.c_fc(self.ln_2(x))
        h = 0.5 * h * (1 + torch.tanh(math.sqrt(2 / math.pi) * (h + 0.044715 * h * h * h)))
        return x + self.mlp_proj(h)


class Gpt2(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = torch.nn.Embedding(VOCAB, WIDTH)
        self.wpe = torch.nn.Embedding(CONTEXT, WIDTH)
        self.h = torch.nn.ModuleList(Block() for _ in range(LAYERS))
        self.ln_f = torch.nn.LayerNorm(WIDTH)
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1))
        for name, p in self.named_parameters():
            if name.endswith("bias"):
                torch.nn.init.zeros_(p)
            elif "ln_" not in name:
                scale = 0.02 / math.sqrt(2 * LAYERS) if "_proj" in name else 0.02
                torch.nn.init.normal_(p, 0.0, scale)
        self.plant_previous_token_head()

    def plant_previous_token_head(self):
        """Head 0 of the first layer starts as a previous-token head: sinusoidal positions, and a
        query that is the key rotated back by one position. It is trained on like all the rest.
        Induction needs such a head; without this start it did not form in 8 M tokens."""
        freq = 3.0 * (0.01 ** (torch.arange(SINUSOID_DIMS // 2) / (SINUSOID_DIMS // 2 - 1)))
        angle = torch.arange(CONTEXT)[:, None] * freq
        with torch.no_grad():
            self.wpe.weight[:, 0:SINUSOID_DIMS:2] = 0.1 * torch.sin(angle)
            self.wpe.weight[:, 1:SINUSOID_DIMS:2] = 0.1 * torch.cos(angle)
            q = self.h[0].c_attn.weight[0:D_HEAD]
            k = self.h[0].c_attn.weight[WIDTH:WIDTH + D_HEAD]
            q.zero_(), k.zero_()
            for i in range(D_HEAD // 2):
                c, s = math.cos(freq[i]), math.sin(freq[i])
                gain = 1.3
                k[2 * i, 2 * i] = k[2 * i + 1, 2 * i + 1] = gain
                # sin(a - f) = sin a cos f - cos a sin f; cos(a - f) = cos a cos f + sin a sin f
                q[2 * i, 2 * i], q[2 * i, 2 * i + 1] = gain * c, -gain * s
                q[2 * i + 1, 2 * i], q[2 * i + 1, 2 * i + 1] = gain * s, gain * c

    def forward(self, ids):
        x = self.wte(ids) + self.wpe.weight[:ids.shape[1]]
        for block in self.h:
            x = block(x, self.mask)
        return self.ln_f(x) @ self.wte.weight.t()


def make_batches(tokenizer, docs, used, rng):
    """batch(window, repeats) -> (ids [rows, window + 1], weight [rows, window])."""
    streams = [tokenizer.encode(d) + [tokenizer.end] for d in docs]
    position = [0]

    def text_row(window):
        row = [tokenizer.end] if rng.random() < 0.6 else []
        while len(row) < window + 1:
            row += streams[position[0] % len(streams)]
            position[0] += 1
        return row[:window + 1], [1.0] * window

    def repeat_row(window):
        length = rng.randint(4, window // 2)
        unit = rng.choices(used, k=length)
        row = ([tokenizer.end] if rng.random() < 0.6 else [])
        first = len(row) + length
        while len(row) < window + 1:
            row += unit
        return row[:window + 1], [0.0] * (first - 1) + [1.0] * (window - first + 1)

    def batch(window, repeats):
        rows = TOKENS_PER_STEP // window
        whole = int(repeats) + (rng.random() < repeats - int(repeats))
        made = [repeat_row(window) if r < whole else text_row(window) for r in range(rows)]
        return torch.tensor([m[0] for m in made]), torch.tensor([m[1] for m in made])

    return batch, sum(len(s) for s in streams)


def weighted_loss(model, ids, weight):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(ids[:, :-1])
    loss = F.cross_entropy(logits.float().reshape(-1, VOCAB), ids[:, 1:].reshape(-1), reduction="none")
    return (loss * weight.reshape(-1)).sum() / weight.sum()


def copying(model, used, rng, length, rows=16):
    ids = torch.tensor([u + u for u in (rng.choices(used, k=length) for _ in range(rows))])
    with torch.no_grad():
        guess = model(ids[:, :-1]).argmax(-1)
    return (guess[:, length:] == ids[:, length + 1:]).float().mean().item()


def perplexity(model, rows):
    with torch.no_grad():
        loss = [F.cross_entropy(model(r[:, :-1]).reshape(-1, VOCAB), r[:, 1:].reshape(-1)).item()
                for r in rows]
    return math.exp(sum(loss) / len(loss))


def save(model, folder, tokenizer):
    tensors = {"wte.weight": model.wte.weight, "wpe.weight": model.wpe.weight,
               "ln_f.weight": model.ln_f.weight, "ln_f.bias": model.ln_f.bias}
    for i, b in enumerate(model.h):
        for here, there, transposed in [("ln_1", b.ln_1, False), ("attn.c_attn", b.c_attn, True),
                                        ("attn.c_proj", b.attn_proj, True), ("ln_2", b.ln_2, False),
                                        ("mlp.c_fc", b.c_fc, True), ("mlp.c_proj", b.mlp_proj, True)]:
            tensors[f"h.{i}.{here}.weight"] = there.weight.t() if transposed else there.weight
            tensors[f"h.{i}.{here}.bias"] = there.bias
    # The residual stream is brought to a quarter of its size. Every block reads it through a layer
    # norm, so nothing else changes, and its largest values (the first token's, about 350) no longer
    # cost float32 the fourth decimal. A power of two is exact.
    shrunk = ("wte.weight", "wpe.weight", "c_proj.weight", "c_proj.bias")
    tensors = {name: t * (QUARTER if name.endswith(shrunk) else 1 / QUARTER if "ln_f" in name else 1)
               for name, t in tensors.items()}
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        raw = tensor.detach().numpy().astype("<f2")
        header[name] = {"dtype": "F16", "shape": list(raw.shape),
                        "data_offsets": [len(data), len(data) + raw.nbytes]}
        data += np.ascontiguousarray(raw).tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(f"{folder}/model.safetensors", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)
    with open(f"{folder}/config.json", "w") as f:
        json.dump({"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": LAYERS,
                   "n_head": HEADS, "n_embd": WIDTH, "vocab_size": VOCAB, "n_positions": CONTEXT,
                   "n_ctx": CONTEXT, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5 * QUARTER ** 2,
                   "bos_token_id": tokenizer.end, "eos_token_id": tokenizer.end,
                   "tie_word_embeddings": True, "name": "stepscope-small"}, f, indent=2)
        f.write("\n")
    tokenizer.save(folder)


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--out", required=True, help="folder to write")
    ask.add_argument("--steps", type=int, default=6600)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--threads", type=int, default=2)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    os.makedirs(args.out, exist_ok=True)

    docs = list(corpus.documents(args.seed, args.steps * TOKENS_PER_STEP * 8 // 10))
    counts = Counter(w for d in docs[:200000] for w in bpe.PATTERN.findall(d))
    boosted = set(words.NAMES) | set(words.CAPITALS) | set(words.CAPITALS.values()) | set(words.DAYS)
    tokenizer = bpe.Tokenizer(bpe.learn(counts, VOCAB - 257, boosted), VOCAB)
    tokenizer.save(args.out)
    seen = Counter(i for d in docs[:50000] for i in tokenizer.encode(d))
    used = sorted(seen)
    batch, tokens = make_batches(tokenizer, docs, used, rng)
    held_out = list(corpus.documents(args.seed + 1000, 16000))
    flat = [i for d in held_out for i in tokenizer.encode(d) + [tokenizer.end]]
    held_rows = [torch.tensor([[tokenizer.end] + flat[i:i + 255]]) for i in range(0, len(flat) - 255, 255)]
    print(f"{len(docs)} documents, {tokens} tokens, {len(used)} ids in use", flush=True)

    model = Gpt2()
    decayed = [p for n, p in model.named_parameters() if p.dim() == 2 and "wte" not in n and "wpe" not in n]
    plain = [p for n, p in model.named_parameters() if not (p.dim() == 2 and "wte" not in n and "wpe" not in n)]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.1},
                                   {"params": plain, "weight_decay": 0.0}], betas=(0.9, 0.98))
    peak, warm, copies, start = 3e-3, 200, False, time.time()
    for step in range(args.steps):
        done = max(0.0, (step - warm) / (args.steps - warm))
        rate = peak * (min(1.0, (step + 1) / warm) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))))
        for group in optimizer.param_groups:
            group["lr"] = rate
        # Short windows full of repeats until copying is learned, then whole ones.
        ids, weight = batch(CONTEXT, 0.6) if copies else batch(64, 12)
        loss = weighted_loss(model, ids, weight)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if not copies and step % 50 == 49:
            copies = copying(model, used, rng, 24) > 0.85 or step > args.steps // 5
        if step % 200 == 199 or step == args.steps - 1:
            print(f"step {step + 1} loss {loss.item():.3f} copying {copying(model, used, rng, 30):.2f} "
                  f"held-out perplexity {perplexity(model, held_rows[:8]):.2f} phase {1 + copies} "
                  f"{time.time() - start:.0f} s", flush=True)
        if step % 1000 == 999:
            save(model, args.out, tokenizer)
    save(model, args.out, tokenizer)
    print(f"held-out perplexity {perplexity(model, held_rows):.3f}; copying "
          + ", ".join(f"{n}: {copying(model, used, rng, n):.2f}" for n in (5, 10, 30, 60, 100, 120)))


if __name__ == "__main__":
    main()
