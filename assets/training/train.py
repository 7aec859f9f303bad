"""Trains the bundled model and writes it as a Hugging Face folder.

    /usr/bin/python3 assets/training/train.py --out model

It can be stopped at any time and goes on where it was when it is started again: the rate is level
until the last DECAY steps, so that more steps can also be asked for later. Needs python3-torch and
python3-numpy.
"""

import argparse
import math
import os
import random
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch
import torch.nn.functional as F

import bpe
import checkpoint
import corpus
import vocabulary
from batches import Batches
from gpt2 import CONTEXT, VOCAB, Gpt2, Muon, matrices, others

# (tokens a step, window, share of rows that are random repeats, longest unit of these): short windows,
# half of them repeats, until copying is learned, which is where the induction heads form; then
# mostly text; then whole windows.
STAGES = [(2048, 64, 0.5, 24), (2048, 128, 0.2, 50), (4096, 256, 0.06, 120), (4096, CONTEXT, 0.05, 240)]
SHORT, LONG_SHARE = 600, 0.02  # steps of the second stage; share of the steps with whole windows
WARM = 100
RATES = (0.02, 3e-3)  # of the blocks' matrices (Muon), of all else (AdamW)


def weighted_loss(model, ids, weight):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(ids[:, :-1])
    loss = F.cross_entropy(logits.float().reshape(-1, VOCAB), ids[:, 1:].reshape(-1), reduction="none")
    return (loss * weight.reshape(-1)).sum() / weight.sum()


def copying(model, used, length, rows=16):
    rng = random.Random(length)
    ids = torch.tensor([u + u for u in (rng.choices(used, k=length) for _ in range(rows))])
    with torch.no_grad():
        guess = model(ids[:, :-1]).argmax(-1)
    return (guess[:, length:] == ids[:, length + 1:]).float().mean().item()


def perplexity(model, rows):
    with torch.no_grad():
        loss = [F.cross_entropy(model(r[:, :-1]).reshape(-1, VOCAB), r[:, 1:].reshape(-1)).item() for r in rows]
    return math.exp(sum(loss) / len(loss))


class Training:
    def __init__(self, args):
        torch.manual_seed(args.seed)
        self.args, self.step, self.stage, self.second = args, 0, 0, 0
        self.file = f"{args.out}/state.pt"
        self.tokenizer = bpe.load(f"{args.out}/now", VOCAB) if os.path.exists(self.file) else vocabulary.build()
        self.model = Gpt2()
        self.optimizers = [Muon(matrices(self.model), RATES[0], weight_decay=0.01),
                           torch.optim.AdamW(others(self.model), RATES[1], betas=(0.9, 0.95), weight_decay=0.0)]
        chunk = 0
        if os.path.exists(self.file):
            state = torch.load(self.file)
            self.model.load_state_dict(state["model"])
            for optimizer, saved in zip(self.optimizers, state["optimizers"]):
                optimizer.load_state_dict(saved)
            self.step, self.stage, self.second, chunk = state["step"], state["stage"], state["second"], state["chunk"]
        self.batches = Batches(self.tokenizer, args.seed, chunk)
        ids = [i for text in corpus.documents(f"{args.seed}/held out", 12000)
               for i in self.tokenizer.encode(corpus.plain(text)) + [self.tokenizer.end]]
        self.held = [torch.tensor([[self.tokenizer.end] + ids[i:i + 255]]) for i in range(0, len(ids) - 255, 255)]

    def keep(self):
        """All that is needed to go on. The text that was begun is not read again."""
        torch.save({"model": self.model.state_dict(), "optimizers": [o.state_dict() for o in self.optimizers],
                    "step": self.step, "stage": self.stage, "second": self.second, "chunk": self.batches.chunk},
                   self.file + ".part")
        os.replace(self.file + ".part", self.file)

    def snapshot(self, folder):
        checkpoint.save(self.model, f"{self.args.out}/{folder}", self.tokenizer)

    def one(self, falling):
        """A step; `falling`: 1 while the rate is level, down to 0 at the end."""
        for optimizer, rate in zip(self.optimizers, RATES):
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, (self.step + 1) / WARM) * falling
        ids, weight = self.batches.take(*STAGES[self.stage])
        if falling < 1:
            weight = weight.clamp(max=1.0)  # what is told at the end is what the text has
        loss = weighted_loss(self.model, ids, weight)
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
        self.step += 1
        return loss.item()

    def next_stage(self):
        used = self.batches.used
        if self.stage == 0 and self.step % 25 == 0 and copying(self.model, used, 16) > 0.9:
            self.stage, self.second = 1, self.step
        elif self.stage == 1 and self.step - self.second >= SHORT:
            self.stage = 2
        elif self.stage == 2 and self.step >= self.args.steps * (1 - LONG_SHARE):
            self.stage = 3

    def run(self):
        args, start, begun = self.args, time.time(), self.step
        while self.step < args.steps:
            if self.step in (0, 100) or (self.stage == 0 and self.step % 50 == 0):
                self.snapshot(f"at-{self.step}")
            left = args.steps - self.step
            if left == args.decay:
                self.keep()  # more steps go on from here
                os.replace(self.file, f"{args.out}/level.pt")
            loss = self.one(min(1.0, left / max(args.decay, 1)))
            self.next_stage()
            if self.step % 100 == 0 or self.step == args.steps or (self.stage == 0 and self.step % 25 == 0):
                print(f"step {self.step} loss {loss:.3f} copying {copying(self.model, self.batches.used, 16):.2f} "
                      f"{copying(self.model, self.batches.used, 60):.2f} held-out perplexity "
                      f"{perplexity(self.model, self.held[:12]):.2f} stage {self.stage} "
                      f"{(time.time() - start) / (self.step - begun):.2f} s a step", flush=True)
            if self.step % 200 == 0 or self.step == args.steps:
                self.snapshot("now")
                self.keep()
        print(f"held-out perplexity {perplexity(self.model, self.held):.3f}; copying "
              + ", ".join(f"{n}: {copying(self.model, self.batches.used, n):.2f}" for n in (5, 10, 30, 60, 100, 200)))


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--out", required=True, help="folder to write")
    ask.add_argument("--steps", type=int, default=12000)
    ask.add_argument("--decay", type=int, default=3000, help="steps at the end in which the rate falls to 0")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--threads", type=int, default=1)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    os.makedirs(args.out, exist_ok=True)
    Training(args).run()


if __name__ == "__main__":
    main()
