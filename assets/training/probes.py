"""Writes what the bundled model must be able to do: prompts, each with the words that may follow.

    python3 assets/training/probes.py > tests/probes.json

The texts come from other seeds than the training text; tests/test_probes.cpp measures them with the
program itself. A prompt ends before a word that the text before it decides (corpus.MARK).
"""

import json
import random

import corpus
from words import *

SEED = 4711
EACH = 20

# Frames that the training text does not have: the fact must be known, not the sentence.
NEW_FRAMES = {
    "capital": ["In {k}, the capital is", "The famous capital of {k} is", "{n} saw the capital of {k}, the city of",
                "What is the capital city of {k}? It is"],
    "opposite": ["What is the opposite of {k}? It is", "{n} knows that the opposite of {k} is",
                 "The opposite of {k} is not {k}, it is", "{K} is not the same. The opposite is"],
    "young": ["What is the baby of {ak}? It is a", "{n} called the young {k} a", "A baby {k} is called a",
              "{n} has {ak} and a young one, a"],
    "colour": ["{n} knows the colour of {k}: it is", "What colour does {k} have? It is", "{n} likes that {k} is",
               "In the morning, {k} is"]}


def cut(text, at=-1):
    """(prompt, next word): the text before its first (0) or last (-1) mark."""
    parts = text.split(corpus.MARK)
    before = "".join(parts[:1] if at == 0 else parts[:-1])
    after = parts[1] if at == 0 else parts[-1]
    if before.endswith(" "):
        return before[:-1], " " + after
    return before, after


def word(after):
    """The first word of what follows, with its space."""
    stripped = after.lstrip()
    n = next((i for i, c in enumerate(stripped) if not c.isalpha()), len(stripped))
    return after[:len(after) - len(stripped)] + stripped[:max(n, 1)]


def taken(rng, kind, keep, at=-1, wanted=EACH):
    out = []
    while len(out) < wanted:
        text = kind(rng)
        if corpus.MARK in text and keep(text):
            prompt, after = cut(text, at)
            out.append([prompt, word(after)])
    return out


def first_named(text):
    """Whether the person who receives is the first one in the text."""
    prompt, after = cut(text, 0)
    names = [n for n in NAMES if n in prompt.replace(",", " ").replace(".", " ").split()]
    return min(names, key=prompt.index) == word(after).strip()


def attracted(text):
    """Agreement with a noun of the other number in between."""
    prompt, after = cut(text)
    is_one = word(after).strip() in ("is", "was", "has")
    words = prompt.split()
    plural_attractor = words[-1] not in corpus.ANIMALS + corpus.THINGS
    return len(words) > 2 and is_one == plural_attractor and words[-1] not in ("sheep", "fish", "deer")


def number(cases):
    """Any verb of the right number will do."""
    one, many = [" is", " was", " has"], [" are", " were", " have"]
    return [[prompt, *(one if answer in one else many)] for prompt, answer in cases]


def pronoun_frames(rng, wanted):
    """Every frame that has one of the wanted words, for names of girls and of boys. The other
    word, behind "not", must be less likely: some frames may go on without either ("took the")."""
    out = []
    for frame in corpus.PRONOUNS:
        for person in (rng.choice(GIRLS), rng.choice(BOYS)):
            s, o, p = SUBJECT[person], OBJECT[person], POSSESSIVE[person]
            t = rng.choice(THINGS)
            text = frame.format(x=person, s=s, o=o, p=p, t=t, at=corpus.a(t), f=rng.choice(FEELINGS))
            parts = text.split(corpus.MARK)
            for i in range(1, len(parts)):
                answer = word(parts[i])
                if answer in wanted:
                    other = wanted[1 - wanted.index(answer)]
                    out.append(["".join(parts[:i]).rstrip(" "), " " + answer, "not", " " + other])
    return out


def sequences(rng, items, around):
    out = []
    for _ in range(EACH):
        n = rng.randint(3, 6)
        start = rng.randrange(len(items) if around else len(items) - n)
        out.append([", ".join(items[(start + i) % len(items)] for i in range(n)) + ",",
                    " " + items[(start + n) % len(items)]])
    return out


def known(rng, kind):
    frames = [f for f in corpus.FACTS[kind] if f.rstrip(".").endswith("^{v}")]
    table = corpus.TABLES[kind]
    out = []
    for _ in range(EACH):
        k, n, m = rng.choice(list(table)), *rng.sample(NAMES, 2)
        text = rng.choice(frames).format(k=k, K=corpus.cap(k), ak=corpus.a(k), v=table[k], n=n, m=m)
        prompt, after = cut(text)
        out.append([prompt, word(after)])
    return out


def transferred(rng, kind):
    table = corpus.TABLES[kind]
    ks = [rng.choice(list(table)) for _ in range(EACH)]
    return [[rng.choice(NEW_FRAMES[kind]).format(k=k, K=corpus.cap(k), ak=corpus.a(k), n=rng.choice(NAMES)),
             " " + table[k]] for k in ks]


def main():
    rng = random.Random(SEED)
    anything = lambda text: True
    following = {
        "receiver, giver named first": taken(rng, corpus.giving, lambda t: not first_named(t), 0),
        "receiver, receiver named first": taken(rng, corpus.giving, first_named, 0),
        "who has it": taken(rng, corpus.tracking, lambda t: "Who has" in t),
        "where is it": taken(rng, corpus.where, anything),
        "he or she": pronoun_frames(rng, ("he", "she")),
        "his or her": pronoun_frames(rng, ("his", "her")),
        "one or many, with an attractor": number(taken(rng, corpus.agreement, attracted)),
        "brackets and quotes closed": taken(rng, corpus.brackets, anything),
        "counting": sequences(rng, NUMBERS, False),
        "days": sequences(rng, DAYS, True),
        "months": sequences(rng, MONTHS, True)}
    for kind, name in [("capital", "capitals"), ("opposite", "opposites"), ("young", "young animals"),
                       ("colour", "colours")]:
        following[name] = known(rng, kind)
        following[name + ", new frame"] = transferred(rng, kind)
    rising = [[f"The capital of {k} is", " " + v] for k, v in list(CAPITALS.items())[:EACH]]
    openings = [" ".join(corpus.plain(corpus.story(rng)).split()[:rng.randint(3, 12)]) for _ in range(EACH)]
    held_out = [corpus.plain(text) for text in corpus.documents(SEED, 6000)]
    # Prompts of every kind, long enough for a head to have a habit.
    prompts = [case[0] for n in range(EACH) for case in [list(following.values())[n % len(following)][n]]]
    prompts = [text for text in prompts if len(text.split()) > 3]
    while len(prompts) < EACH:
        prompts.append(cut(corpus.tracking(rng))[0])
    print(json.dumps({"following": following, "prompts": prompts, "rising": rising, "openings": openings,
                      "held_out": held_out}, indent=1))


if __name__ == "__main__":
    main()
