"""Rows of ids for training: text, and random ids that repeat."""

import random

import torch

import corpus

DECIDED = 4.0  # weight of a word that the text before it decides, until the rate falls
CHUNK = 300000  # words
FLAT = 16  # chunks at the beginning in which rare words come nearly as often as others


def encode(tokenizer, text):
    """Ids and the weight of each: a word after the corpus's mark is decided by the text before."""
    ids, weights = [], []
    for i, part in enumerate(text.replace(" " + corpus.MARK, corpus.MARK + " ").split(corpus.MARK)):
        new = tokenizer.encode(part)
        ids += new
        weights += [DECIDED if i and not n else 1.0 for n in range(len(new))]
    return ids, weights


class Batches:
    """(ids [rows, window + 1], weight of each next id [rows, window]). The text is written as it is
    needed, a chunk at a time, and never twice."""

    def __init__(self, tokenizer, seed, chunk=0):
        self.tokenizer, self.seed, self.chunk = tokenizer, seed, chunk
        self.used = [i for name, i in tokenizer.ids.items() if not name.startswith("<|")]
        self.rng = random.Random(f"{seed}/rows/{chunk}")
        self.docs = iter(())

    def document(self):
        for text in self.docs:
            return text
        self.docs = corpus.documents(f"{self.seed}/{self.chunk}", CHUNK, self.chunk >= FLAT)
        self.chunk += 1
        return next(self.docs)

    def text_row(self, window):
        ids = [self.tokenizer.end] if self.rng.random() < 0.6 else []
        weights = [1.0] * len(ids)
        while len(ids) < window + 1:
            new, weight = encode(self.tokenizer, self.document())
            ids += new + [self.tokenizer.end]
            weights += weight + [1.0]
        return ids[:window + 1], weights[1:window + 1]

    def repeat_row(self, window, longest):
        """Random ids, again and again; what cannot be known, the first pass, does not count."""
        length = self.rng.randint(2, longest)
        unit = self.rng.choices(self.used, k=length)
        ids = [self.tokenizer.end] if self.rng.random() < 0.6 else []
        first = len(ids) + length
        while len(ids) < window + 1:
            ids += unit
        return ids[:window + 1], [0.0] * (first - 1) + [1.0] * (window - first + 1)

    def take(self, tokens, window, repeats, longest):
        """`repeats`: share of the rows, `longest` unit of them."""
        made = [self.repeat_row(window, longest) if self.rng.random() < repeats else self.text_row(window)
                for _ in range(tokens // window)]
        return torch.tensor([m[0] for m in made]), torch.tensor([m[1] for m in made])
