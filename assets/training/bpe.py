"""Learns a byte-level BPE vocabulary, as GPT-2's (Radford et al. 2019; Sennrich et al. 2016)."""

import json
import re
from collections import Counter

# GPT-2's pattern, for text whose numbers are digits: [^\W\d_] is \p{L} there.
PATTERN = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


def byte_alphabet():
    """GPT-2's printable stand-in for every byte."""
    printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    table, extra = {}, 0
    for byte in range(256):
        if byte in printable:
            table[byte] = chr(byte)
        else:
            table[byte] = chr(256 + extra)
            extra += 1
    # GPT-2's vocabulary lists the printable bytes first.
    order = printable + [b for b in range(256) if b not in printable]
    return table, order


def learn(weights, merges_wanted):
    """weights: word -> how much it counts. Returns the list of merges, best first."""
    table, _ = byte_alphabet()
    words = [([table[b] for b in word.encode()], weight) for word, weight in weights.items()]
    pairs, where = Counter(), {}
    for at, (symbols, weight) in enumerate(words):
        for pair in zip(symbols, symbols[1:]):
            pairs[pair] += weight
            where.setdefault(pair, set()).add(at)
    merges = []
    while len(merges) < merges_wanted and pairs:
        best = max(pairs, key=lambda p: (round(pairs[p], 6), p))
        if pairs[best] <= 1e-9:
            break
        merges.append(best)
        for at in where.pop(best):
            symbols, weight = words[at]
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] -= weight
            i = 0
            while i < len(symbols) - 1:
                if (symbols[i], symbols[i + 1]) == best:
                    symbols[i:i + 2] = [best[0] + best[1]]
                i += 1
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += weight
                where.setdefault(pair, set()).add(at)
        del pairs[best]
    return merges


class Tokenizer:
    def __init__(self, merges, size):
        table, order = byte_alphabet()
        self.table = table
        self.merges = merges
        self.rank = {pair: i for i, pair in enumerate(merges)}
        names = [table[b] for b in order]
        for pair in merges:
            if pair[0] + pair[1] not in names:
                names.append(pair[0] + pair[1])
        fill = 0
        while len(names) < size - 1:  # too few merges: keep the size with ids that never occur
            names.append(f"<|unused{fill}|>")
            fill += 1
        names.append("<|endoftext|>")
        self.ids = {name: i for i, name in enumerate(names)}
        self.end = self.ids["<|endoftext|>"]
        self.cache = {}

    def word(self, word):
        if word in self.cache:
            return self.cache[word]
        symbols = [self.table[b] for b in word.encode()]
        while len(symbols) > 1:
            ranked = [(self.rank.get(p, 1 << 30), i) for i, p in enumerate(zip(symbols, symbols[1:]))]
            best, i = min(ranked)
            if best == 1 << 30:
                break
            symbols[i:i + 2] = [symbols[i] + symbols[i + 1]]
        ids = [self.ids[s] for s in symbols]
        self.cache[word] = ids
        return ids

    def encode(self, text):
        return [i for word in PATTERN.findall(text) for i in self.word(word)]

    def save(self, folder):
        with open(f"{folder}/vocab.json", "w", encoding="utf-8") as f:
            json.dump(self.ids, f, ensure_ascii=False, separators=(",", ":"))
            f.write("\n")
        with open(f"{folder}/merges.txt", "w", encoding="utf-8") as f:
            f.write("#version: 0.2\n")
            for left, right in self.merges:
                f.write(f"{left} {right}\n")


def load(folder, size):
    with open(f"{folder}/merges.txt", encoding="utf-8") as f:
        lines = f.read().split("\n")[1:]
    return Tokenizer([tuple(line.split(" ")) for line in lines if line], size)
