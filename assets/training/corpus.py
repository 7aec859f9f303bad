"""Writes the text that the bundled model is trained on: small documents, one kind each.

Every document is a pure function of the random generator that is passed in, so a seed names the
whole corpus. What each kind is for is said where it is defined; the shares stand in KINDS. A word
after MARK is one that the text before it decides (who got the thing, is or are): training weighs
it more, and the mark is taken out before the text is read.
"""

import random

from stories import story
from words import *

MARK = "^"


def pick(rng, items, n=None):
    return rng.choice(items) if n is None else rng.sample(items, n)


def cap(text):
    return text[0].upper() + text[1:]


def a(word):
    return ("an " if word[0] in "aeiou" else "a ") + word


def plural(noun):
    irregular = {"mouse": "mice", "wolf": "wolves", "sheep": "sheep", "fish": "fish", "deer": "deer"}
    if noun in irregular:
        return irregular[noun]
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


# --- who gave what to whom: the name that follows is decided by attention, in both orders

GIVING = ["gave", "showed", "lent", "sold", "handed", "threw", "brought"]


def giving(rng):
    x, y = pick(rng, NAMES, 2)
    pair = pick(rng, [f"{x} and {y}", f"{y} and {x}"])  # the giver first or second, by chance
    place, thing = pick(rng, PLACES), pick(rng, THINGS)
    verb = pick(rng, GIVING)
    frame = pick(rng, [
        f"When {pair} went to the {place}, {x} {verb} {a(thing)} to ^{y}.",
        f"After {pair} came to the {place}, {x} {verb} {a(thing)} to ^{y}.",
        f"While {pair} were at the {place}, {x} {verb} {a(thing)} to ^{y}.",
        f"{pair} were at the {place}. {x} {verb} the {thing} to ^{y}.",
        f"{pair} met at the {place}. Then {x} {verb} {a(thing)} to ^{y}.",
        f"{pair} had {a(thing)}. {x} {verb} it to ^{y}."])
    return frame + receiving(rng, x, y, thing, 0.4)


def receiving(rng, giver, receiver, thing, share):
    """What may follow: who has it now, who thanks whom."""
    if rng.random() > share:
        return ""
    return pick(rng, [f" Now ^{receiver} has the {thing}.", f" Then ^{receiver} thanked ^{giver}.",
                      f" ^{receiver} thanked ^{giver} for the {thing}.",
                      f" Who has the {thing}? ^{receiver}.", f" Who gave the {thing} away? ^{giver}.",
                      f" Who got the {thing}? ^{receiver} got the {thing}."])


def handing(rng):
    x, y = pick(rng, NAMES, 2)
    thing = pick(rng, THINGS)
    d = pick(rng, COLOURS + ADJECTIVES) + " " + thing if rng.random() < 0.4 else thing
    verb = pick(rng, ["gave", "showed", "lent", "sold", "handed", "sent"])
    return pick(rng, [
        f"{x} {verb} the {d} to {y}.", f"{y} asked for the {d}, so {x} gave it to ^{y}.",
        f"{y} got the {d} from {x}.", f"To {y}, {x} {verb} the {d}.", f"{x} gave {y} the {d}.",
        f"{y} took the {d} from {x}."]) + receiving(rng, x, y, thing, 1.0)


# --- holding a state in mind: who has it, where is it

def tracking(rng):
    people, things = pick(rng, NAMES, rng.randint(2, 3)), pick(rng, THINGS, rng.randint(1, 2))
    holder, lines = {}, []
    for i, thing in enumerate(things):
        holder[thing] = people[i]
        lines.append(f"{people[i]} has the {thing}.")
    for _ in range(pick(rng, [0, 1, 1, 1, 2, 2, 3])):
        thing = pick(rng, things)
        x = holder[thing]
        y = pick(rng, [p for p in people if p != x])
        lines.append(pick(rng, [f"{x} gives the {thing} to {y}.", f"{y} takes the {thing} from ^{x}.",
                                f"^{x} gives {y} the {thing}."]))
        holder[thing] = y
    for thing in pick(rng, things, len(things)):
        h = holder[thing]
        lines.append(pick(rng, [f"Who has the {thing}? ^{h} has the {thing}.",
                                f"Who has the {thing}? ^{h}.", f"Who has the {thing} now? ^{h}.",
                                f"Now the {thing} belongs to ^{h}.", f"Now ^{h} has the {thing}."][
                                    :3 if len(things) > 1 else 5]))
    return " ".join(lines)


def where(rng):
    people, places = pick(rng, NAMES, 2), pick(rng, GREEN + INDOORS, 3)
    thing = pick(rng, THINGS)
    (x, y), (p, q, r) = people, places
    s = SUBJECT[x]
    ask = lambda who, place: pick(rng, [f"Where is {who}? {who} is in the ^{place}.",
                                        f"Where is {who} now? {who} is in the ^{place}.",
                                        f"Where is {who}? In the ^{place}."])
    kind = rng.randrange(5)
    if kind == 0:
        two = [(x, p), (y, q)]
        return f"{x} is in the {p}. {y} is in the {q}. " + " ".join(ask(*t) for t in pick(rng, two, 2))
    if kind == 1:
        return f"{x} was in the {p}. Then {x} went to the {q}. " + ask(x, q)
    if kind == 2:
        two = [(x, r), (y, q)]
        return (f"{x} is in the {p}. {y} is in the {q}. Then {x} went to the {r}. "
                + " ".join(ask(*t) for t in pick(rng, two, 2)))
    put = pick(rng, [f"{x} put the {thing} in the {p}.", f"{x} left the {thing} in the {p}.",
                     f"The {thing} is in the {p}."])
    answer = pick(rng, [f"Where is the {thing}? It is in the ^{p}.",
                        f"Where is the {thing}? The {thing} is in the ^{p}.",
                        f"Where is the {thing}? In the ^{p}."])
    if kind == 3:
        return f"{put} {y} went to the {q}. " + answer
    return f"{put} Then {s} went to the {q}. " + " ".join(pick(rng, [answer, ask(x, q)], 2))


def questions(rng):
    """What was said is asked for: colours, feelings, names."""
    x, y = pick(rng, NAMES, 2)
    (thing, other), (c, d) = pick(rng, THINGS, 2), pick(rng, COLOURS, 2)
    kind = rng.randrange(3)
    if kind == 0:
        two = [(thing, c), (other, d)]
        return (f"The {thing} is {c}, and the {other} is {d}. "
                + " ".join(f"What colour is the {t}? The {t} is ^{k}." for t, k in pick(rng, two, 2)))
    if kind == 1:
        f, g = pick(rng, FEELINGS, 2)
        two = [(x, f), (y, g)]
        return (f"{x} is {f}, but {y} is {g}. "
                + " ".join(f"How is {n}? {n} is ^{h}." for n, h in pick(rng, two, 2)))
    two = [(x, thing), (y, other)]
    return (f"{x} likes the {thing}, and {y} likes the {other}. "
            + " ".join(f"Who likes the {t}? ^{n}." for n, t in pick(rng, two, 2)))


# --- grammar: pronouns for every name, number agreement across an attractor

PRONOUNS = [
    "{x} lost the {t}, so ^{s} looked for it.", "{x} was {f} because ^{s} could not find ^{p} {t}.",
    "{x} went home because ^{s} was tired.", "{x} smiled when ^{s} saw ^{p} {t}.",
    "{x} was late, so they waited for ^{o}.", "{x} said that ^{s} wanted {at}.",
    "{x} put the {t} into ^{p} bag.", "{x} sang, but nobody heard ^{o}.",
    "{x} could not sleep, so ^{s} read a book in ^{p} bed.", "{x} took ^{p} {t} and went out.",
    "When {x} woke up, ^{s} was {f}.", "{x} came home with ^{p} {t}.", "{x} thinks that ^{s} is right.",
    "{x} likes ^{p} {t} very much.", "{x} washed ^{p} hands before ^{s} ate.",
    "{x} ran because ^{s} was late.", "{x} has {at}, and ^{s} likes it.", "{x} is {f} today, but ^{s} was not yesterday."]


def pronouns(rng):
    if rng.random() < 0.12:
        who = pick(rng, list(GENDERED))
        x, s = "The " + who, GENDERED[who]
    else:
        x = pick(rng, NAMES)
        s = SUBJECT[x]
    o, p = ("her", "her") if s == "she" else ("him", "his")
    out = []
    for line in pick(rng, PRONOUNS, rng.randint(1, 2)):
        t = pick(rng, THINGS)
        out.append(line.format(x=x, s=s, o=o, p=p, t=t, at=a(t), f=pick(rng, FEELINGS)))
    return " ".join(out)


def agreement(rng):
    n, m = pick(rng, ANIMALS + THINGS, 2)
    if n in ("sheep", "fish", "deer"):
        n = "dog" if m != "dog" else "cat"
    many = rng.random() < 0.5
    head = plural(n) if many else n
    attractor = plural(m) if rng.random() < 0.5 else m
    link = pick(rng, ["near", "behind", "next to", "beside", "with"])
    be = pick(rng, [("is", "are"), ("is", "are"), ("was", "were"), ("has been", "have been")])[many]
    tail = pick(rng, COLOURS[:4] + ["big", "small", "old", "new"])
    if rng.random() < 0.25:
        return f"The {head} ^{be} {tail}."
    return f"The {head} {link} the {attractor} ^{be} {tail}."


# --- facts, each in several frames so that the fact is learned and not the sentence

FACTS = {
    "capital": [
        "The capital of {k} is ^{v}.", "{v} is the capital of ^{k}.", "{n} lives in {v}, the capital of ^{k}.",
        "What is the capital of {k}? The capital of {k} is ^{v}.", "{k} has a famous capital: ^{v}.",
        "{n} flew to {k} and saw its capital, ^{v}.", "If you travel to {k}, go and see ^{v}.",
        "{n} lives in {k}, in the city of ^{v}.", "{n} went by train to {k} and stayed in ^{v}.",
        "{n} comes from {k} and was born in ^{v}.", "The biggest city of {k} is ^{v}.",
        "What is the capital of {k}? It is ^{v}."],
    "opposite": [
        "The opposite of {k} is ^{v}.", "{K} is the opposite of ^{v}.",
        "What is the opposite of {k}? The opposite of {k} is ^{v}.", "It is not {k}, it is ^{v}.",
        "Some say {k}, others say ^{v}.", "First it was {k}, then it was ^{v}.", "{K} and ^{v} are opposites.",
        "{n} said {k}, but {m} said ^{v}.", "From {k} to ^{v}.", "If it is not {k}, it is ^{v}."],
    "young": [
        "A young {k} is called a ^{v}.", "The baby of {ak} is a ^{v}.", "A little {k} is a ^{v}.",
        "What is a young {k} called? A young {k} is called a ^{v}.", "A {v} grows up to be ^{ak}.",
        "The {k} has a baby, a ^{v}.", "The {k} and its ^{v} slept.", "{n} saw {ak} and a little ^{v}.",
        "The {k} is the mother of the ^{v}.", "What is the baby of {ak} called? It is called a ^{v}.",
        "{n} has {ak} and a ^{v}.", "What is a baby {k}? A ^{v}.", "A {v} is a young ^{k}.",
        "The {k} came with a young one, the ^{v}."],
    "colour": [
        "The colour of {k} is ^{v}.", "{K} is ^{v}.", "What colour is {k}? {K} is ^{v}.",
        "Everyone knows that {k} is ^{v}.", "{n} painted {k}, and the paint was ^{v}.",
        "{n} said that {k} is ^{v}.", "What is the colour of {k}? It is ^{v}."],
    "sound": [
        "The {k} ^{v}.", "Listen, {ak} ^{v}.", "What does {ak} do? The {k} ^{v}.",
        "{n} has {ak} that ^{v}."]}
TABLES = {"capital": CAPITALS, "opposite": {**OPPOSITES, **{v: k for k, v in OPPOSITES.items()}},
          "young": YOUNG, "colour": COLOUR_OF, "sound": SOUND}


def fact(rng, kind):
    k = pick(rng, list(TABLES[kind]))
    n, m = pick(rng, NAMES, 2)
    return pick(rng, FACTS[kind]).format(k=k, K=cap(k), ak=a(k), v=TABLES[kind][k], n=n, m=m)


def facts(rng):
    kind = rng.choices(list(FACTS), [34, 25, 22, 12, 7])[0]
    return " ".join(fact(rng, kind) for _ in range(rng.randint(1, 2)))


# --- sequences everybody knows

def run_of(rng, items, least, most, around):
    i, n = rng.randrange(len(items)), rng.randint(least, most)
    if around:
        return [items[(i + k) % len(items)] for k in range(n)]
    return items[min(i, len(items) - least):][:n]


def counting(rng):
    kind = rng.randrange(5)
    if kind < 3:
        words = [run_of(rng, NUMBERS, 5, 12, False), run_of(rng, DAYS, 4, 10, True),
                 run_of(rng, MONTHS, 4, 12, True)][kind]
        return pick(rng, ["", "", "Count: ", "Say it with me: "]) + ", ".join(words) + "."
    if kind == 3:
        i = rng.randrange(len(NUMBERS) - 1)
        return pick(rng, [f"After {NUMBERS[i]} comes ^{NUMBERS[i + 1]}.", f"{cap(NUMBERS[i])} and then ^{NUMBERS[i + 1]}."])
    i = rng.randrange(7)
    now, after, before = DAYS[i], DAYS[(i + 1) % 7], DAYS[(i - 1) % 7]
    month = rng.randrange(12)
    return pick(rng, [f"Today is {now}. Tomorrow is ^{after}.", f"After {now} comes ^{after}.",
                      f"Yesterday was {now}, so today is ^{after}.", f"Today is {now}. Yesterday was ^{before}.",
                      f"After {MONTHS[month]} comes ^{MONTHS[(month + 1) % 12]}."])


# --- repeats: the food of induction heads

def word_repeats(rng):
    words = pick(rng, THINGS + ANIMALS + COLOURS, rng.randint(4, 14))
    return pick(rng, [" ", ", "]).join(words * 3) + "."


def invented(rng):
    return cap("".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou")
                       for _ in range(rng.randint(2, 4))))


def code_repeats(rng):
    n, m = pick(rng, NAMES, 2)
    if rng.random() < 0.5:
        code = "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ23456789") for _ in range(rng.randint(3, 6)))
        return pick(rng, [f"The code is {code}. {n} wrote it down: {code}. Remember, the code is {code}.",
                          f"{n} whispered the code {code}. The door opened with {code}. So {m} said {code} too."])
    x, y = invented(rng), invented(rng)
    return (f"{x} {y} came to the {pick(rng, PLACES)}. Nobody knew {x} {y}. "
            f"But {n} said hello to {x} {y}. \"My name is {x} {y},\" said {x} {y}.")


def song(rng):
    x, out = pick(rng, ANIMALS), pick(rng, GREEN)
    line = pick(rng, [f"Row, row, little {x}, row along the {pick(rng, WATER)}.",
                      f"Sleep, sleep, little {x}, sleep until the day.",
                      f"Dance, dance, little {x}, dance in the {out}."])
    return "\n".join([line, line, f"Sing, {x}, sing, all day long."] * rng.randint(2, 4))


def sentence_repeats(rng):
    line = pick(rng, [handing, giving, agreement, facts, story])(rng)
    return " ".join([line] * (2 if len(line) > 200 else rng.randint(2, 4)))


def brackets(rng):
    x, y, z = pick(rng, THINGS, 3)
    f, name = pick(rng, ["pack", "find", "open", "show", "list", "take"]), pick(rng, NAMES)
    return "\n".join(pick(rng, [
        f"{f}({x}, {y}^)", f"{f}({x}^)", f"{f}[{x}, {y}, {z}^]", f"{f}[{x}^]", f"({x} ({y}^) {z}^)",
        f"[{x} [{y}^] {z}^]", f"[{x} ({y}^) {z}^]", f"({x} [{y}^] {z}^)", f"{f} \"{x}^\"", f"{f} \"{x} {y}^\"",
        f"{f}(\"{x}^\")",
        f"{name} packed a bag ({x}, {y} and {z}^).", f"The {x} ({y}^) is here.", f"The {x} [{y}^] is here.",
        f"The word \"{x}^\" is on the door."], rng.randint(1, 2)))


# --- talk and description

def dialogue(rng):
    x, y = pick(rng, NAMES, 2)
    thing, place = pick(rng, KEPT), pick(rng, GREEN + INDOORS)
    turns = [
        (f"\"Where is my {thing}?\" asked {x}.", f"\"It is in the {place},\" said {y}."),
        (f"\"Do you like the {thing}?\" asked {x}.", f"\"Yes, I like the {thing} very much,\" said {y}."),
        (f"\"Can I have the {thing}?\" asked {x}.", f"\"Yes, you can have the {thing},\" said {y}."),
        (f"\"Let us go to the {place},\" said {x}.", f"\"I love the {place},\" said {y}."),
        (f"\"I am {pick(rng, FEELINGS)},\" said {x}.", f"\"Come and sit with me, {x},\" said {y}."),
        (f"\"What is your name?\" asked {x}.", f"\"My name is {y},\" said {y}.")]
    out = [line for turn in pick(rng, turns, rng.randint(1, 2)) for line in turn]
    out.append(pick(rng, [f"{x} laughed.", f"{y} nodded.", f"{x} thanked {y}.", "They both smiled."]))
    return " ".join(out)


def description(rng):
    place, (n, m) = pick(rng, PLACES), pick(rng, KEPT, 2)
    animal, (c, d) = pick(rng, PETS + WILD), pick(rng, COLOURS, 2)
    first = pick(rng, [
        f"The {place} was {pick(rng, ['quiet', 'full of people', 'empty', 'very old', 'bright'])}.",
        f"It was a {pick(rng, WEATHER)} day.", f"There was {a(pick(rng, ADJECTIVES))} {n} near the {place}.",
        f"Nobody went to the {place} any more.", f"The {place} is near the {pick(rng, OUTDOORS)}.",
        f"Every {pick(rng, DAYS)} the {place} was closed.", f"Long ago, {a(animal)} lived near the {place}.",
        f"The {animal} is {pick(rng, ADJECTIVES[:4])} and {c}."])
    second = pick(rng, [
        f"{cap(a(c))} {animal} slept beside the {n}.", f"You could hear the {animal} all night.",
        f"The {n} was {c} and the {m} was {d}.", f"On the table lay {a(n)} and {a(m)}.",
        f"{cap(a(animal))} ran past and took the {m}."])
    return f"{first} {second}"


# Shares of words, in percent.
KINDS = [(story, 44), (giving, 6), (handing, 4), (tracking, 7), (where, 5), (questions, 3), (facts, 9),
         (dialogue, 3), (description, 2), (pronouns, 4), (agreement, 3), (counting, 3), (word_repeats, 2),
         (code_repeats, 1), (song, 2), (sentence_repeats, 2), (brackets, 2)]


def documents(seed, words):
    """Yields documents until about `words` words are written, each kind with its share of words."""
    rng = random.Random(seed)
    written = {kind: 0 for kind, _ in KINDS}
    whole = sum(share for _, share in KINDS)
    total = 0
    while total < words:
        # The kind that is furthest behind its share, with some noise so that kinds interleave.
        weights = [max(share * (total + 400) / whole - written[kind], 0.0) + 1e-3 for kind, share in KINDS]
        kind = rng.choices([k for k, _ in KINDS], weights)[0]
        text = kind(rng)
        written[kind] += len(text.split())
        total += len(text.split())
        yield text


def plain(text):
    return text.replace(MARK, "")
