"""Writes what the bundled model must be able to do: prompts, each with the words that may follow.

    python3 assets/training/probes.py > tests/probes.json

The texts come from other seeds than the training text; tests/test_probes.cpp measures them with the
program itself. A prompt ends before a word that the text before it decides (puzzles.MARK).
"""

import json
import random

import corpus
import puzzles
import words as w
from grammar import a, cap, tidy
from world import Cast

SEED = 4711
EACH = 20

# Frames that the training text does not have: the fact must be known, not the sentence.
NEW_FRAMES = {
    "capital": ["In {k}, the capital is", "The famous capital of {k} is", "{n} saw the capital of {k}, the city of",
                "What is the capital city of {k}? It is"],
    "opposite": ["What is the opposite of {k}? I think it is", "{n} knows that the opposite of {k} is",
                 "The opposite of {k} is not {k}, it is", "Tell me the opposite of {k}. It is"],
    "young": ["What is the young of {ak} called? It is a", "{n} called the young {k} a", "A baby {k} is called a",
              "{n} has {ak} and a young one, a"],
    "colour": ["{n} knows the colour of {k}: it is", "What colour does {k} have? It is", "{n} likes that {k} is",
               "In the morning, {k} is"],
    # The second list.
    "eats": ["{n} saw that the {k} ate", "The {k} is hungry. Give it some", "Every day, the {k} eats"],
    "lives": ["{n} saw {ak} in the", "The house of the {k} is the", "Look for the {k} in the"],
    "legs": ["{n} saw that the {k} had", "Do you know how many legs {ak} has? It has"],
    "season": ["{n} was born in {k}, in the", "The month of {k} is in"],
    "sound": ["{n} heard how the {k}", "Every morning, the {k}"]}

OTHER_WORDINGS = [
    "{X} met {Y} {at_place} and gave the {thing} to", "{Y} came to see {X}. {X} took the {thing} and handed it to",
    "{X} and {Y} sat {at_place}. {X} wanted {Y} to have the {thing}, so {X} gave it to",
    "\"Here is the {thing},\" said {X} to {Y}. Then {X} gave the {thing} to", "{pair} were friends. One day, {X} gave {a_thing} to",
    "It was {Y} who wanted the {thing}. So {X} gave it to", "{pair} came home late. {X} showed the {thing} to"]
PARAPHRASES = ["So who has the {t} now?", "Do you know who has the {t}?", "Tell me, who has the {t}?", "And who has the {t} at the end?"]


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


def taken(rng, kind, keep=lambda text: True, at=-1, wanted=EACH):
    out = []
    while len(out) < wanted:
        text = kind(rng)
        if corpus.MARK in text and keep(text):
            prompt, after = cut(text, at)
            out.append([prompt, word(after)])
    return out


def known_people(text):
    return not any(name in text for name in puzzles.common.NAMES)


def simple_giving(rng):
    return puzzles.giving(rng, puzzles.GIVING[:3])


def first_named(text):
    """Whether the person who receives is the first one in the text."""
    prompt, after = cut(text, 0)
    names = [n for n in w.NAMES if n in prompt.replace(",", " ").replace(".", " ").split()]
    return bool(names) and min(names, key=prompt.index) == word(after).strip()


def other_wordings(rng):
    out = []
    for n in range(EACH):
        cast = Cast(rng)
        pair = [cast["X"], cast["Y"]]
        rng.shuffle(pair)
        cast["pair"] = " and ".join(pair)
        out.append([tidy(cast.say(OTHER_WORDINGS[n % len(OTHER_WORDINGS)])), " " + cast["Y"]])
    return out


def paraphrased(rng):
    out = []
    for n in range(EACH):
        x, y = rng.sample(w.NAMES, 2)
        thing = rng.choice(w.THINGS)
        told = rng.choice([f"{x} has the {thing}. {x} gives the {thing} to {y}.", f"{x} gave the {thing} to {y}.",
                           f"{x} has the {thing}. {y} takes the {thing} from {x}."])
        out.append([f"{told} " + PARAPHRASES[n % len(PARAPHRASES)].format(t=thing), " " + y])
    return out


def attracted(text):
    """Agreement with a noun of the other number in between."""
    prompt, after = cut(text)
    is_one = word(after).strip() in ("is", "was", "has")
    words = prompt.split()
    plural_attractor = words[-1] not in w.ANIMALS + w.THINGS
    return len(words) > 2 and is_one == plural_attractor and words[-1] not in ("sheep", "fish", "deer")


def number(cases):
    """Any verb of the right number will do."""
    one, many = [" is", " was", " has"], [" are", " were", " have"]
    return [[prompt, *(one if answer in one else many)] for prompt, answer in cases]


def pronoun_frames(rng, wanted):
    """Every frame that has one of the wanted words, for names of girls and of boys. The other
    word, behind "not", must be less likely: some frames may go on without either ("took the")."""
    out = []
    for frame in puzzles.PRONOUNS:
        for person in (rng.choice(w.GIRLS), rng.choice(w.BOYS)):
            she = person in w.IS_GIRL
            s, o, p = ("she", "her", "her") if she else ("he", "him", "his")
            t = rng.choice(w.THINGS)
            text = frame.format(x=person, s=s, o=o, p=p, t=t, at=a(t), f=rng.choice(w.FEELINGS))
            parts = text.split(corpus.MARK)
            for i in range(1, len(parts)):
                answer = word(parts[i])
                if answer in wanted:
                    other = wanted[1 - wanted.index(answer)]
                    out.append(["".join(parts[:i]).rstrip(" "), " " + answer, "not", " " + other])
    return out


def sequences(rng, kind):
    items, around, _, _ = puzzles.SEQUENCES[kind]
    out = []
    for _ in range(EACH):
        n = rng.randint(3, min(6, len(items) - 2))
        start = rng.randrange(len(items) if around else len(items) - n)
        out.append([", ".join(items[(start + i) % len(items)] for i in range(n)) + ",",
                    " " + items[(start + n) % len(items)]])
    return out


def known(rng, kind):
    frames = [f for f in puzzles.FACTS[kind] if f.rstrip(".").endswith("^{v}") and "(" not in f]
    out = []
    for _ in range(EACH):
        prompt, after = cut(puzzles.filled(rng, rng.choice(frames), kind, rng.choice(list(puzzles.TABLES[kind]))))
        out.append([prompt, word(after)])
    return out


def transferred(rng, kind, wanted=EACH):
    table = puzzles.TABLES[kind]
    out = []
    for _ in range(wanted):
        k = rng.choice(list(table))
        prompt = tidy(rng.choice(NEW_FRAMES[kind]).format(k=k, K=cap(k), ak=a(k), n=rng.choice(w.NAMES)))
        out.append([prompt, " " + table[k]])
    return out


def nested(text):
    before = cut(text)[0]
    return sum(before.count(c) for c in '([') > 1 or '"' in before


def main():
    rng = random.Random(SEED)
    following = {
        "receiver, giver named first": taken(rng, simple_giving, lambda t: known_people(t) and not first_named(t), 0),
        "receiver, receiver named first": taken(rng, simple_giving, lambda t: known_people(t) and first_named(t), 0),
        "receiver, other wordings": other_wordings(rng),
        "three people": taken(rng, lambda r: puzzles.giving(r, puzzles.THREE)),
        "negated giving": taken(rng, lambda r: puzzles.giving(r, puzzles.NEGATED)),
        "who has it": taken(rng, puzzles.tracking, lambda t: "Who has" in t),
        "questions, paraphrased": paraphrased(rng),
        "where is it": taken(rng, puzzles.where),
        "he or she": pronoun_frames(rng, ("he", "she")),
        "his or her": pronoun_frames(rng, ("his", "her")),
        "one or many, with an attractor": number(taken(rng, puzzles.agreement, attracted)),
        "brackets and quotes closed": taken(rng, puzzles.brackets),
        "nested brackets and quotes": taken(rng, puzzles.brackets, nested),
        "the day before": taken(rng, puzzles.neighbours, lambda t: "day before" in t or "Yesterday was ^" in t or "Before" in t and "day ^" not in t and any(d in t for d in w.DAYS))}
    for kind, name in [("counting", "counting"), ("counting downward", "counting downward"), ("by twos", "counting by twos"),
                       ("days", "days"), ("days backward", "days backward"), ("months", "months"), ("months backward", "months backward")]:
        following[name] = sequences(rng, kind)
    for kind, name in [("capital", "capitals"), ("opposite", "opposites"), ("young", "young animals"),
                       ("colour", "colours")]:
        following[name] = known(rng, kind)
        following[name + ", new frame"] = transferred(rng, kind)
    following["second list of facts, new frame"] = [case for kind in ("eats", "lives", "legs", "season", "sound") for case in transferred(rng, kind, 4)]
    rising = [[f"The capital of {k} is", " " + v] for k, v in list(w.CAPITALS.items())[:EACH]]
    openings = [" ".join(corpus.plain(corpus.story(rng)).split()[:rng.randint(3, 12)]) for _ in range(EACH)]
    held_out = [corpus.plain(text) for text in corpus.documents(f"{SEED}", 12500)]
    # Prompts of every kind, long enough for a head to have a habit.
    prompts = [case[0] for n in range(EACH) for case in [list(following.values())[n % len(following)][n]]]
    prompts = [text for text in prompts if len(text.split()) > 3]
    while len(prompts) < EACH:
        prompts.append(cut(puzzles.tracking(rng))[0])
    print(json.dumps({"following": following, "prompts": prompts, "rising": rising, "openings": openings,
                      "held_out": held_out}, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
