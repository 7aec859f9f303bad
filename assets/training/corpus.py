"""The text that the bundled model is trained on: small documents, one kind each.

Every document is a pure function of the random generator that is passed in, so a seed names the whole
corpus. What each kind is for is said where it is defined; the shares stand in KINDS.
"""

import random

import grammar
from grammar import tidy
from puzzles import *
from stories import story
from talk import (about_me, asked, code, diary, dictionary, general, letter, listing, note, now, opinion, poem,
                  portrait, recipe, riddle, roses, scene, song)

# Shares of words, in percent.
KINDS = [(story, 31), (outing, 3.5), (scene, 4), (portrait, 3), (now, 2), (about_me, 8), (diary, 6), (opinion, 5), (asked, 8), (letter, 3), (listing, 3), (note, 2.5), (recipe, 1),
         (poem, 2), (song, 1), (roses, 0.5), (code, 1.5), (dictionary, 1), (riddle, 1), (general, 2),
         (giving, 5), (tracking, 3.5), (where, 2.5), (questions, 2), (facts, 5), (comparing, 1), (pronouns, 2), (agreement, 1.5),
         (counting, 4), (sums, 1.5), (word_repeats, 1), (code_repeats, 1.5), (sentence_repeats, 1), (brackets, 1.5)]


def documents(seed, words=None, sharpness=1):
    """Yields documents (until about `words` words are written), each kind with its share of words.
    `sharpness`: see grammar.py."""
    rng = random.Random(seed)
    written = {kind: 0 for kind, _ in KINDS}
    whole = sum(share for _, share in KINDS)
    total = 0
    while words is None or total < words:
        # The kind that is furthest behind its share, with some noise so that kinds interleave.
        weights = [max(share * (total + 400) / whole - written[kind], 0.0) + 1e-3 for kind, share in KINDS]
        kind = rng.choices([k for k, _ in KINDS], weights)[0]
        grammar.sharpness = sharpness  # each time: several may be written by turns
        text = tidy(kind(rng))
        written[kind] += len(text.split())
        total += len(text.split())
        yield text


def plain(text):
    return text.replace(MARK, "")
