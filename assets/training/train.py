"""Trains the bundled model and writes it as a Hugging Face folder.

    /usr/bin/python3 assets/training/train.py --out first
    /usr/bin/python3 assets/training/train.py --again first --out assets/model \
        --seed 77 --steps 2400 --rate 1.5e-3

The second run goes on with other texts and made the facts firmer.
Needs python3-torch and python3-numpy. One processor core takes about an hour; a second gains
little at this size.
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
DECIDED = 3.0  # weight of a word that the text before it decides


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
        # The tanh form of GELU, which GPT-2 uses; torch 1.13 has no fast bf16 one.
        h = F.gelu(self.c_fc(self.ln_2(x)).float(), approximate="tanh")
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
        # Only the positions start as sinusoids (Vaswani et al. 2017), which training goes on to
        # change. No head is planted: the previous-token and induction heads form by themselves
        # in the first stage, which reads short repeats and nothing else.
        freq = 3.0 * (0.01 ** (torch.arange(SINUSOID_DIMS // 2) / (SINUSOID_DIMS // 2 - 1)))
        angle = torch.arange(CONTEXT)[:, None] * freq
        with torch.no_grad():
            self.wpe.weight[:, 0:SINUSOID_DIMS:2] = 0.1 * torch.sin(angle)
            self.wpe.weight[:, 1:SINUSOID_DIMS:2] = 0.1 * torch.cos(angle)

    def forward(self, ids):
        x = self.wte(ids) + self.wpe.weight[:ids.shape[1]]
        for block in self.h:
            x = block(x, self.mask)
        return self.ln_f(x) @ self.wte.weight.t()


def encode(tokenizer, text):
    """Ids and the weight of each: a word after the corpus's mark is decided by the text before."""
    ids, weights = [], []
    for i, part in enumerate(text.replace(" " + corpus.MARK, corpus.MARK + " ").split(corpus.MARK)):
        new = tokenizer.encode(part)
        ids += new
        weights += [DECIDED if i and not n else 1.0 for n in range(len(new))]
    return ids, weights


class Batches:
    """Rows of windows, as (ids [rows, window + 1], weight of each next id [rows, window])."""

    def __init__(self, tokenizer, docs, used, rng):
        self.end, self.docs, self.used, self.rng = tokenizer.end, docs, used, rng
        self.tokenizer, self.at = tokenizer, 0

    def text_row(self, window):
        ids = [self.end] if self.rng.random() < 0.6 else []
        weights = [1.0] * len(ids)
        while len(ids) < window + 1:
            new, weight = encode(self.tokenizer, self.docs[self.at % len(self.docs)])
            ids += new + [self.end]
            weights += weight + [1.0]
            self.at += 1
        return ids[:window + 1], weights[1:window + 1]

    def repeat_row(self, window, longest):
        """Random ids, again and again; what cannot be known, the first pass, does not count."""
        length = self.rng.randint(2, longest)
        unit = self.rng.choices(self.used, k=length)
        ids = [self.end] if self.rng.random() < 0.6 else []
        first = len(ids) + length
        while len(ids) < window + 1:
            ids += unit
        return ids[:window + 1], [0.0] * (first - 1) + [1.0] * (window - first + 1)

    def take(self, window, repeats, longest):
        """`repeats`: share of the rows, `longest` unit of them."""
        rows = TOKENS_PER_STEP // window
        made = [self.repeat_row(window, longest) if self.rng.random() < repeats else self.text_row(window)
                for _ in range(rows)]
        return torch.tensor([m[0] for m in made]), torch.tensor([m[1] for m in made])


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


def scale(name):
    """The residual stream is stored at a quarter of its size. Every block reads it through a layer
    norm, so nothing else changes, and its largest values (the first token's, about 350) no longer
    cost float32 the fourth decimal. A power of two is exact."""
    if name.endswith(("wte.weight", "wpe.weight", "c_proj.weight", "c_proj.bias")):
        return QUARTER
    return 1 / QUARTER if "ln_f" in name else 1


def save(model, folder, tokenizer):
    tensors = {"wte.weight": model.wte.weight, "wpe.weight": model.wpe.weight,
               "ln_f.weight": model.ln_f.weight, "ln_f.bias": model.ln_f.bias}
    for i, b in enumerate(model.h):
        for here, there, transposed in [("ln_1", b.ln_1, False), ("attn.c_attn", b.c_attn, True),
                                        ("attn.c_proj", b.attn_proj, True), ("ln_2", b.ln_2, False),
                                        ("mlp.c_fc", b.c_fc, True), ("mlp.c_proj", b.mlp_proj, True)]:
            tensors[f"h.{i}.{here}.weight"] = there.weight.t() if transposed else there.weight
            tensors[f"h.{i}.{here}.bias"] = there.bias
    tensors = {name: t * scale(name) for name, t in tensors.items()}
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


def load(folder):
    """The model that save() wrote, at the size it was trained with, and its tokenizer."""
    with open(f"{folder}/model.safetensors", "rb") as f:
        length = struct.unpack("<Q", f.read(8))[0]
        header, data = json.loads(f.read(length)), f.read()
    model = Gpt2()
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        tensor = torch.from_numpy(np.frombuffer(data[begin:end], "<f2").astype("f4").reshape(entry["shape"]))
        here = name.replace("attn.c_attn", "c_attn").replace("mlp.c_fc", "c_fc")
        here = here.replace("attn.c_proj", "attn_proj").replace("mlp.c_proj", "mlp_proj")
        if here.startswith("h.") and tensor.dim() == 2:
            tensor = tensor.t()
        with torch.no_grad():
            model.get_parameter(here).copy_(tensor / scale(name))
    return model, bpe.load(folder, VOCAB)


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--out", required=True, help="folder to write")
    ask.add_argument("--steps", type=int, default=12000)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--rate", type=float, default=2.5e-3, help="the highest")
    ask.add_argument("--again", metavar="FOLDER", help="go on with the model in it, at whole windows")
    ask.add_argument("--threads", type=int, default=1)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    os.makedirs(args.out, exist_ok=True)

    docs = list(corpus.documents(args.seed, args.steps * TOKENS_PER_STEP * 8 // 10))
    if args.again:
        model, tokenizer = load(args.again)
    else:
        counts = Counter(w for d in docs[:200000] for w in bpe.PATTERN.findall(corpus.plain(d)))
        boosted = set(words.NAMES) | set(words.CAPITALS) | set(words.CAPITALS.values()) | set(words.DAYS)
        model, tokenizer = Gpt2(), bpe.Tokenizer(bpe.learn(counts, VOCAB - 257, boosted), VOCAB)
    tokenizer.save(args.out)
    used = [i for name, i in tokenizer.ids.items() if not name.startswith("<|")]
    batches = Batches(tokenizer, docs, used, rng)
    held_out = [corpus.plain(d) for d in corpus.documents(args.seed + 1000, 16000)]
    flat = [i for d in held_out for i in tokenizer.encode(d) + [tokenizer.end]]
    held_rows = [torch.tensor([[tokenizer.end] + flat[i:i + 255]]) for i in range(0, len(flat) - 255, 255)]
    print(f"{len(docs)} documents, {len(used)} ids in use", flush=True)

    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and "wte" not in n and "wpe" not in n]
    others = [p for n, p in model.named_parameters() if p.dim() < 2 or "wte" in n or "wpe" in n]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1},
                                   {"params": others, "weight_decay": 0.0}], betas=(0.9, 0.98))
    peak, warm, stage, start = args.rate, 150, 2 if args.again else 0, time.time()
    for step in range(args.steps):
        done = max(0.0, (step - warm) / (args.steps - warm))
        rate = peak * (min(1.0, (step + 1) / warm) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))))
        for group in optimizer.param_groups:
            group["lr"] = rate
        # Short repeats until copying is learned; short texts with many repeats; whole windows.
        ids, weight = batches.take(*[(48, 1.0, 20), (64, 0.3, 30), (CONTEXT, 0.06, CONTEXT // 2)][stage])
        loss = weighted_loss(model, ids, weight)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if stage == 0 and step % 50 == 49:
            stage = int(copying(model, used, rng, 16) > 0.9 or step > args.steps // 4)
            second = step
        elif stage == 1 and step - second > args.steps // 12:
            stage = 2
        if step % 200 == 199 or step == args.steps - 1:
            print(f"step {step + 1} loss {loss.item():.3f} copying {copying(model, used, rng, 30):.2f} "
                  f"held-out perplexity {perplexity(model, held_rows[:8]):.2f} stage {stage} "
                  f"{time.time() - start:.0f} s", flush=True)
        if step % 1000 == 999:
            save(model, args.out, tokenizer)
    save(model, args.out, tokenizer)
    print(f"held-out perplexity {perplexity(model, held_rows):.3f}; copying "
          + ", ".join(f"{n}: {copying(model, used, rng, n):.2f}" for n in (5, 10, 30, 60, 100, 120)))


if __name__ == "__main__":
    main()
