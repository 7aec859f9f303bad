"""The tokenizer of the bundled model: byte pairs of the corpus, and of words and names that people type."""

from collections import Counter

import bpe
import common
import corpus
import words
from gpt2 import VOCAB


def weights():
    """Rare words count for more than they come, so that a lesson's name is one piece."""
    counts = Counter(word for text in corpus.documents("vocabulary", 1500000, 0)
                     for word in bpe.PATTERN.findall(corpus.plain(text)))
    said = {word: count ** 0.5 * (0.15 if count < 20 else 1.0) for word, count in counts.items()}
    for name in words.NAMES + list(words.CAPITALS) + list(words.CAPITALS.values()):
        said[" " + name] = max(said.get(" " + name, 0), 60)
        said[name] = max(said.get(name, 0), 8)
    for word in common.WORDS:
        said[" " + word] = max(said.get(" " + word, 0), 12)
        capital = word[0].upper() + word[1:]
        said[capital] = max(said.get(capital, 0), 2)
    for name in common.NAMES:
        said[" " + name] = max(said.get(" " + name, 0), 16)
        said[name] = max(said.get(name, 0), 2)
    return said


def build():
    return bpe.Tokenizer(bpe.learn(weights(), VOCAB - 257), VOCAB)


if __name__ == "__main__":
    made = build()
    for title, items in [("names", words.NAMES), ("other names", common.NAMES), ("words", common.WORDS)]:
        pieces = Counter(len(made.encode(" " + item)) for item in items)
        print(title, dict(sorted(pieces.items())), [i for i in items if len(made.encode(" " + i)) > (3 if "names" in title else 2)][:40])
        print("  without a space", dict(sorted(Counter(len(made.encode(i)) for i in items).items())))
    n = words_ = whole = 0
    used = Counter()
    for text in corpus.documents("sample", 100000, 0):
        for word in bpe.PATTERN.findall(corpus.plain(text)):
            ids = made.encode(word)
            used.update(ids)
            n += len(ids); words_ += 1; whole += len(ids) == 1
    print(f"{n / words_:.3f} pieces a word, {whole / words_:.3f} whole; {len(used)} ids used in the sample, "
          f"{sum(1 for name in made.ids if name.startswith('<|unused'))} unused fills")
