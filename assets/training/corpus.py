"""Writes the text that the bundled model is trained on: small documents, one kind each.

Every document is a pure function of the random generator that is passed in, so a seed names the
whole corpus. What each kind is for is said where it is defined; the shares stand in KINDS.
"""

import random

from words import *


def pick(rng, items, n=None):
    return rng.choice(items) if n is None else rng.sample(items, n)


def cap(text):
    return text[0].upper() + text[1:]


def a(word):
    return ("an " if word[0] in "aeiou" else "a ") + word


def plural(noun):
    if noun in ("sheep", "fish"):
        return noun
    irregular = {"mouse": "mice", "wolf": "wolves"}
    if noun in irregular:
        return irregular[noun]
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def described(rng, thing):
    return pick(rng, COLOURS + ADJECTIVES) + " " + thing if rng.random() < 0.45 else thing


# --- who gave what to whom: the name that follows is decided by attention, in both orders

def giving(rng):
    x, y = pick(rng, NAMES, 2)
    thing = pick(rng, THINGS)
    verb, back = pick(rng, [("gave", "thanked"), ("showed", "thanked"), ("lent", "thanked"),
                            ("brought", "hugged"), ("sent", "called"), ("handed", "thanked")])
    d = described(rng, thing)
    first = pick(rng, [f"{x} {verb} the {d} to {y}.", f"{y} asked for the {d}, so {x} {verb} it to {y}.",
                       f"{y} got the {d} from {x}.", f"To {y}, {x} {verb} the {d}."])
    second = pick(rng, [f" Then {y} {back} {x}.", f" {y} {back} {x} and smiled.",
                        f" So {y} {back} {x}.", f" Now {y} has the {thing}.",
                        f" {cap(SUBJECT[y])} {back} {x}.", f" Now the {thing} belongs to {y}.",
                        f" Then {x} asked {y} to take care of the {thing}."])
    return first + second


def together(rng):
    x, y = pick(rng, NAMES, 2)
    place, thing = pick(rng, PLACES), pick(rng, THINGS)
    pair = pick(rng, [f"{x} and {y}", f"{y} and {x}"])
    start = pick(rng, [f"When {pair} went to the {place},", f"After {pair} came to the {place},",
                       f"While {pair} were at the {place},"])
    verb = pick(rng, ["gave a", "showed a", "sold a", "threw a", "handed a"])
    return f"{start} {x} {verb} {thing} to {y}."


# --- holding a state in mind: who has it, where is it

def tracking(rng):
    who = pick(rng, NAMES, 3)
    thing, other = pick(rng, THINGS, 2)
    lines, holder = [f"{who[0]} has the {thing}."], who[0]
    if rng.random() < 0.4:
        lines.append(f"{who[2]} has the {other}.")
    for _ in range(rng.randint(1, 2)):
        nxt = pick(rng, [n for n in who if n != holder])
        lines.append(pick(rng, [f"{holder} gives the {thing} to {nxt}.",
                                f"{nxt} takes the {thing} from {holder}."]))
        holder = nxt
    lines.append(pick(rng, [f"Now {holder} has the {thing}.",
                            f"Who has the {thing}? {holder} has the {thing}.",
                            f"Who has the {thing} now? {holder}."]))
    return " ".join(lines)


def where(rng):
    who, other = pick(rng, NAMES, 2)
    p, q = pick(rng, INDOORS + OUTDOORS, 2)
    thing = pick(rng, THINGS)
    s = SUBJECT[who]
    kind = rng.randrange(3)
    if kind == 0:
        return (f"{who} is in the {p}. {other} is in the {q}. Where is {pick(rng, [who])}? "
                f"{who} is in the {p}.")
    if kind == 1:
        return (f"{who} took the {thing} and went to the {p}. {cap(s)} left the {thing} there. "
                f"{other} went to the {q}. Where is the {thing}? It is in the {p}.")
    return (f"{who} was in the {p}. Then {s} went to the {q}. Where is {who} now? "
            f"{who} is in the {q}.")


# --- grammar: pronouns for every name, number agreement across an attractor

def pronouns(rng):
    x, y = pick(rng, NAMES, 2)
    thing = pick(rng, THINGS)
    s, o, p = SUBJECT[x], OBJECT[x], POSSESSIVE[x]
    return pick(rng, [
        f"{x} lost the {thing}, so {s} looked for it.",
        f"{x} was {pick(rng, FEELINGS)} because {s} could not find {p} {thing}.",
        f"{x} went home because {s} was tired.",
        f"{x} smiled when {s} saw {p} {thing}.",
        f"{x} was late, so {y} waited for {o}.",
        f"{x} said that {s} wanted {a(thing)}.",
        f"{x} put the {thing} into {p} bag.",
        f"{x} called {y}, but nobody heard {o}.",
        f"{x} could not sleep, so {s} read a book in {p} bed."])


def agreement(rng):
    n, m = pick(rng, ANIMALS + THINGS, 2)
    many = rng.random() < 0.5
    head = plural(n) if many else n
    attractor = plural(m) if rng.random() < 0.5 else m
    link = pick(rng, ["near", "behind", "next to", "beside", "with"])
    be = pick(rng, [("is", "are"), ("was", "were"), ("has been", "have been")])[many]
    tail = pick(rng, COLOURS + ["big", "small", "old", "new", "clean", "dirty"])
    if rng.random() < 0.3:
        return f"The {head} {be} {tail}."
    return f"The {head} {link} the {attractor} {be} {tail}."


# --- facts, each in several frames so that the fact is learned and not the sentence

def facts(rng):
    kind = rng.random()
    if kind < 0.34:
        country = pick(rng, list(CAPITALS))
        city, name = CAPITALS[country], pick(rng, NAMES)
        return pick(rng, [
            f"The capital of {country} is {city}.",
            f"{city} is the capital of {country}.",
            f"{name} lives in {city}, the capital of {country}.",
            f"What is the capital of {country}? The capital of {country} is {city}.",
            f"{country} has a famous capital: {city}.",
            f"{name} flew to {country} and saw its capital, {city}.",
            f"If you travel to {country}, go and see {city}."])
    if kind < 0.54:
        x = pick(rng, list(OPPOSITES))
        y = OPPOSITES[x]
        if rng.random() < 0.5:
            x, y = y, x
        return pick(rng, [
            f"The opposite of {x} is {y}.", f"{cap(x)} is the opposite of {y}.",
            f"What is the opposite of {x}? The opposite of {x} is {y}.",
            f"It is not {x}, it is {y}.", f"Some say {x}, others say {y}."])
    if kind < 0.7:
        x = pick(rng, list(YOUNG))
        y = YOUNG[x]
        return pick(rng, [
            f"A young {x} is called a {y}.", f"The baby of a {x} is a {y}.",
            f"What is a young {x} called? A young {x} is called a {y}.",
            f"A {y} grows up to be a {x}.", f"The {x} has a baby, a {y}."])
    if kind < 0.85:
        x = pick(rng, list(COLOUR_OF))
        y = COLOUR_OF[x]
        return pick(rng, [f"The colour of {x} is {y}.", f"{cap(x)} is {y}.",
                          f"What colour is {x}? {cap(x)} is {y}.", f"Everyone knows that {x} is {y}."])
    x = pick(rng, list(SOUND))
    return pick(rng, [f"The {x} {SOUND[x]}.", f"Listen, a {x} {SOUND[x]}.",
                      f"What does a {x} do? A {x} {SOUND[x]}."])


# --- sequences everybody knows

def counting(rng):
    kind = rng.randrange(4)
    if kind == 0:
        i = rng.randrange(0, 10)
        return ", ".join(NUMBERS[i:i + rng.randint(5, 10)]) + "."
    if kind == 1:
        i, n = rng.randrange(7), rng.randint(4, 7)
        return ", ".join(DAYS[(i + k) % 7] for k in range(n)) + "."
    if kind == 2:
        i, n = rng.randrange(12), rng.randint(4, 9)
        return ", ".join(MONTHS[(i + k) % 12] for k in range(n)) + "."
    i = rng.randrange(7)
    return pick(rng, [f"Today is {DAYS[i]}. Tomorrow is {DAYS[(i + 1) % 7]}.",
                      f"After {DAYS[i]} comes {DAYS[(i + 1) % 7]}.",
                      f"Yesterday was {DAYS[i]}, so today is {DAYS[(i + 1) % 7]}."])


# --- repeats: the food of induction heads

def word_repeats(rng):
    words = pick(rng, THINGS + ANIMALS + COLOURS, rng.randint(4, 12))
    sep = pick(rng, [" ", ", "])
    return sep.join(words * rng.randint(2, 3)) + "."


def invented(rng):
    return cap("".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou")
                       for _ in range(rng.randint(2, 4))))


def code_repeats(rng):
    if rng.random() < 0.5:
        code = "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ23456789") for _ in range(rng.randint(3, 6)))
        who = pick(rng, NAMES)
        return pick(rng, [f"The code is {code}. {who} wrote it down: {code}. Remember, the code is {code}.",
                          f"{who} whispered the code {code}. The door opened with {code}."])
    x, y = invented(rng), invented(rng)
    place = pick(rng, PLACES)
    return (f"{x} {y} came to the {place}. Nobody knew {x} {y}. "
            f"But {pick(rng, NAMES)} said hello to {x} {y}.")


def sentence_repeats(rng):
    line = pick(rng, [giving, pronouns, agreement])(rng)
    return " ".join([line] * rng.randint(2, 3))


def song(rng):
    x = pick(rng, ANIMALS)
    line = pick(rng, [f"Row, row, little {x}, row along the {pick(rng, OUTDOORS)}.",
                      f"Sleep, sleep, little {x}, sleep until the day.",
                      f"Dance, dance, little {x}, dance in the {pick(rng, OUTDOORS)}."])
    end = f"Sing, {x}, sing, all day long."
    return "\n".join([line, line, end] * rng.randint(2, 3))


def brackets(rng):
    things = pick(rng, THINGS, 3)
    return pick(rng, [
        f"pack({things[0]}, {things[1]})", f"list[{things[0]}, {things[1]}, {things[2]}]",
        f"({things[0]} ({things[1]}) {things[2]})", f"[{things[0]} [{things[1]}] {things[2]}]",
        f"open({things[0]})\nclose({things[0]})", f"find(\"{things[0]}\")",
        f"{pick(rng, NAMES)} packed a bag ({things[0]}, {things[1]} and {things[2]})."])


# --- talk and description

def dialogue(rng):
    x, y = pick(rng, NAMES, 2)
    thing, place = pick(rng, THINGS), pick(rng, PLACES)
    turns = [
        (f"\"Where is my {thing}?\" asked {x}.", f"\"It is in the {place},\" said {y}."),
        (f"\"Do you like the {thing}?\" asked {x}.", f"\"Yes, I like the {thing} very much,\" said {y}."),
        (f"\"Can I have the {thing}?\" asked {x}.", f"\"Yes, you can have the {thing},\" said {y}."),
        (f"\"Let us go to the {place},\" said {x}.", f"\"I love the {place},\" said {y}."),
        (f"\"I am {pick(rng, FEELINGS)},\" said {x}.", f"\"Come and sit with me, {x},\" said {y}."),
        (f"\"What is your name?\" asked {x}.", f"\"My name is {y},\" said {y}.")]
    out = []
    for first, second in pick(rng, turns, rng.randint(1, 2)):
        out += [first, second]
    out.append(pick(rng, [f"{x} laughed.", f"{y} nodded.", f"{x} thanked {y}.", "They both smiled."]))
    return " ".join(out)


def description(rng):
    place = pick(rng, PLACES)
    n, m = pick(rng, THINGS, 2)
    animal = pick(rng, ANIMALS)
    first = pick(rng, [
        f"The {place} was {pick(rng, ['quiet', 'full of people', 'empty', 'very old', 'bright'])}.",
        f"It was a {pick(rng, WEATHER)} day.", f"There was {a(pick(rng, ADJECTIVES))} {n} near the {place}.",
        f"Nobody went to the {place} any more.", f"In the middle of the {place} stood {a(m)}.",
        f"Every {pick(rng, DAYS)} the {place} was closed.", f"Long ago, a {animal} lived near the {place}."])
    second = pick(rng, [
        f"A {pick(rng, COLOURS)} {animal} slept beside the {n}.", f"You could hear the {animal} all night.",
        f"The {n} was {pick(rng, COLOURS)} and the {m} was {pick(rng, COLOURS)}.",
        f"On the table lay {a(n)} and {a(m)}.", f"A {animal} ran past and took the {m}."])
    return f"{first} {second}"


# --- stories: an opening, a skeleton, an ending

def story(rng):
    x, y = pick(rng, NAMES, 2)
    s, o, p = SUBJECT[x], OBJECT[x], POSSESSIVE[x]
    ys, yo, yp = SUBJECT[y], OBJECT[y], POSSESSIVE[y]
    thing, other = pick(rng, [t for t in THINGS if t not in FOOD], 2)
    food, animal = pick(rng, FOOD), pick(rng, ANIMALS)
    out_, in_, shop = pick(rng, OUTDOORS), pick(rng, INDOORS), pick(rng, SHOPS)
    colour, adj = pick(rng, COLOURS), pick(rng, ADJECTIVES)
    role = pick(rng, ["friend", "sister" if ys == "she" else "brother", "neighbour", "cousin"])

    opening = pick(rng, [
        f"One day, {x} went to the {out_}.", f"Once upon a time, there was a {'girl' if s == 'she' else 'boy'} named {x}.",
        f"It was a {pick(rng, WEATHER)} {pick(rng, DAYS)}, and {x} was at home.",
        f"{x} woke up early.", f"{x} and {p} {role} {y} were in the {out_}.",
        f"On {pick(rng, DAYS)}, {x} had nothing to do.", f"{x} lived near the {out_} with {p} {animal}.",
        f"Last {pick(rng, ['week', 'summer', 'winter', 'night'])}, {x} had an idea."])
    skeletons = [
        [f"{cap(s)} lost {p} {colour} {thing}.", f"{cap(s)} looked for it in the {in_}, but it was not there.",
         f"Then {y} found the {thing} in the {out_} and gave it to {x}."],
        [f"{cap(s)} found {a(adj)} {thing} in the {out_}.", f"It belonged to {y}.",
         f"So {x} took the {thing} to {y}, and {ys} was very happy."],
        [f"{cap(s)} wanted to bake a cake for {y}.", f"First, {s} went to the {shop} to buy sugar.",
         f"Then {s} baked the cake in the kitchen.", f"{y} ate the cake and asked for more."],
        [f"{cap(s)} saw a little {animal} in the {out_}.", f"The {animal} was hungry, so {x} gave it {p} {food}.",
         f"The {animal} ate the {food} and followed {x} home."],
        [f"{cap(s)} planted a seed in the garden.", f"Every day, {s} gave it water.",
         "After a week, a small flower grew.", f"{x} showed the flower to {y}."],
        [f"{cap(s)} made a {thing} for {y}.", f"But the {thing} broke.", f"{x} was sad.",
         f"{y} helped {o}, and together they made a new {thing}."],
        [f"{cap(s)} wanted a new {thing}, but {s} had only one coin.", f"{cap(s)} worked in the {shop} all day.",
         f"In the evening, {x} bought the {thing} and was proud."],
        [f"{cap(s)} heard a strange noise in the {in_}.", f"{cap(s)} was scared and called {y}.",
         f"They opened the door and saw a {animal}.", "They both laughed."],
        [f"{cap(s)} wrote a letter to {y}.", f"{y} lived far away, near the {out_}.",
         f"After ten days, {y} wrote back to {x}.", f"{x} read the letter again and again."],
        [f"{cap(s)} and {y} wanted the same {thing}.", "They were angry and did not talk.",
         f"Then {x} said, \"You can have the {thing}.\"", f"{y} smiled and shared the {thing} with {x}."],
        [f"It began to rain, and {x} had no umbrella.", f"{y} came and gave {o} an umbrella.",
         f"They walked to the {in_} together."],
        [f"{cap(s)} lost {p} way in the forest.", "It was dark and cold.",
         f"A {animal} showed {o} the way to the {out_}.", f"There, {y} waited for {x}."],
        [f"{cap(s)} was ill and stayed in {p} bed.", f"{y} brought {o} a {food} and a book.",
         f"{x} read the book and felt better."],
        [f"{cap(s)} went to the {in_} with {y}.", f"On the way, {y} dropped {yp} {thing}.",
         f"{x} picked up the {thing} and gave it to {y}."],
        [f"{cap(s)} learned to play the drum.", f"At first it was too loud for {y}.",
         f"{x} played every day, and soon {y} danced to the drum."],
        [f"{cap(s)} had a {animal} that was always {pick(rng, ['hungry', 'tired', 'happy'])}.",
         f"One night, the {animal} ran away.", f"{x} and {y} looked for the {animal} in the {out_}.",
         f"They found it under a tree, and {x} carried it home."],
        [f"{cap(s)} hid {a(thing)} in the {in_}.", f"\"Can you find it?\" {s} asked {y}.",
         f"{y} looked everywhere and found the {thing} behind the door."],
        [f"{cap(s)} went by train to see {y}.", f"{cap(s)} had a {thing} and a {food} in {p} bag.",
         f"At the station, {x} saw {y} and ran to {yo}."],
        [f"{cap(s)} built a boat and went to the lake.", f"The boat was too small for {x} and {y}.",
         f"So {y} stayed on the beach and waved to {x}."],
        [f"{cap(s)} wanted to reach the {thing} on the tall tree.", f"{cap(s)} was too short.",
         f"{y} was tall and got the {thing} for {x}."],
        [f"{cap(s)} won a race, and the prize was {a(thing)}.", f"But {y} had no {thing}.",
         f"{x} gave the {thing} to {y}, and {y} thanked {x}."],
        [f"{cap(s)} painted the door {colour}.", f"{y} did not like {colour}.",
         f"So they painted it {pick(rng, [c for c in COLOURS if c != colour])}, and {x} liked it too."],
        [f"{cap(s)} found a key and {a(other)} in the attic.", f"{y} had a locked box.",
         f"The key opened the box, and in it they found {a(thing)}."],
        [f"{cap(s)} went to the market to sell {p} {thing}.", f"{y} wanted to buy the {thing}.",
         f"{x} sold it to {y} for three coins."]]
    ending = pick(rng, [
        f"{x} was {pick(rng, ['happy', 'proud', 'tired but happy', 'very glad'])}.", "It was a good day.",
        f"After that, {x} and {y} were friends.", f"In the evening, {x} went home.",
        f"{x} thanked {y} and smiled.", f"{x} never forgot that day.", "The end.",
        f"{x} told the story to {p} {pick(rng, ['mother', 'father', 'teacher'])}.",
        f"From then on, {x} always took {p} {other} with {o}."])
    return " ".join([opening] + pick(rng, skeletons) + [ending])


KINDS = [(story, 40), (giving, 7), (together, 3), (tracking, 5), (where, 4), (facts, 12), (dialogue, 6),
         (description, 5), (pronouns, 4), (agreement, 3), (counting, 3), (word_repeats, 4),
         (code_repeats, 3), (song, 2), (sentence_repeats, 2), (brackets, 2)]


def documents(seed, words):
    """Yields documents until about `words` words are written, each kind with its share of words."""
    rng = random.Random(seed)
    written = {kind: 0 for kind, _ in KINDS}
    total = 0
    while total < words:
        # The kind that is furthest behind its share, with some noise so that kinds interleave.
        weights = [max(share * (total + 400) / 98 - written[kind], 0.0) + 1e-3 for kind, share in KINDS]
        kind = rng.choices([k for k, _ in KINDS], weights)[0]
        text = kind(rng)
        written[kind] += len(text.split())
        total += len(text.split())
        yield text
