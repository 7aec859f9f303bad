"""The text that the bundled model is trained on: small documents, one kind each.

Every document is a pure function of the random generator that is passed in, so a seed names the whole
corpus. What each kind is for is said where it is defined; the shares stand in KINDS.
"""

import random

import common
import grammar
from grammar import tidy
from puzzles import *
from stories import story
from talk import (about_me, asked, code, diary, dictionary, general, letter, listing, note, now, opinion, poem,
                  portrait, recipe, riddle, roses, scene, song)
from wordings import deepen, enrich, lengthen, slip, vary

# Shares of words, in percent; and whether the words are varied (wordings.py).
KINDS = [(story, 33, True), (outing, 3, True), (scene, 4, True), (portrait, 6, True), (now, 2, True), (about_me, 10, True),
         (diary, 10, True), (opinion, 8, True), (asked, 6, False), (letter, 3, True), (listing, 1.5, False), (note, 2, True),
         (recipe, 1, False), (poem, 1.5, True), (song, 0.7, False), (roses, 0.3, False), (code, 1.2, False), (dictionary, 0.8, False),
         (riddle, 1, False), (general, 2, False), (giving, 4.5, False), (tracking, 3.5, False), (where, 3, False),
         (questions, 3, False), (facts, 4.5, False), (comparing, 0.8, False), (pronouns, 1.5, False), (agreement, 1.2, False),
         (counting, 3, False), (sums, 1.2, False), (word_repeats, 0.6, False), (code_repeats, 0.8, False),
         (sentence_repeats, 0.8, False), (brackets, 1.2, False)]


# Of the documents, in which rare words and names come nearly as often as others; more where names are
# what is asked for.
FLAT, FLAT_PUZZLES = 0.12, 0.35
EXACT = (code, counting, sums, word_repeats, code_repeats, sentence_repeats, brackets)  # without slips
SLIPS = sorted({word for word in common.WORDS if word.isalpha() and word.islower()})


def document(rng, kind, varied, sharp=True):
    grammar.sharpness = int(sharp and rng.random() >= (FLAT if varied else FLAT_PUZZLES))
    text = kind(rng)
    if varied:
        text = lengthen(rng, enrich(rng, deepen(rng, vary(rng, text))))
    return tidy(text if kind in EXACT else slip(rng, text, SLIPS))


def documents(seed, words=None, sharp=True):
    """Yields documents (until about `words` words are written), each kind with its share of words.
    Without `sharp` all of them are flat."""
    rng = random.Random(seed)
    written = {kind: 0 for kind, _, _ in KINDS}
    whole = sum(share for _, share, _ in KINDS)
    total = 0
    while words is None or total < words:
        # The kind that is furthest behind its share, with some noise so that kinds interleave.
        weights = [max(share * (total + 400) / whole - written[kind], 0.0) + 1e-3 for kind, share, _ in KINDS]
        kind, _, varied = rng.choices(KINDS, weights)[0]
        text = document(rng, kind, varied, sharp)
        written[kind] += len(text.split())
        total += len(text.split())
        yield text


def plain(text):
    return text.replace(MARK, "")
