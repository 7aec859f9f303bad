"""Texts in which what came before decides what comes: who got it, where it is, what follows Monday.

A word after MARK is decided by the text before it; the probes ask for those, and the mark is taken out
before the text is read by anybody.
"""

import common
import words as w
from grammar import a, cap, even, plural, say, tidy, zipf
from talk import Me
from world import Cast

MARK = "^"


def pick(rng, items, n=None):
    return rng.choice(items) if n is None else rng.sample(items, n)


# --- who gave what to whom: the name that follows is decided by attention, in every order

GAVE = "(gave*4|showed*2|lent|sold|handed|threw|brought|passed|offered)"
GIVING = [
    "(When|After|While) {pair} (went to the {place}|came to the {place}|were {at_place}|met {at_place}|walked to the {place}), {X} " + GAVE + " {a_thing} to ^{Y}.",
    "{pair} (went to the {place}|were {at_place}|met {at_place}|came to the {place}|walked to the {place}). [Then ]{X} " + GAVE + " (the {thing}|{a_thing}) to ^{Y}.",
    "{pair} (had|found|bought) {a_thing}. [(Then|After that|So) ]{X} (gave|handed|passed) it to ^{Y}.",
    "{pair} were playing[ {at_place}]. {X} (had|took|found) {a_thing} and (gave|threw|showed) it to ^{Y}.",
    "{X} had {a_thing}, and {Y} (wanted|needed|asked for) it. So {X} (gave|lent|handed) (it|the {thing}) to ^{Y}.",
    "{Y} (asked {X} for|wanted to have) the {thing}, so ^{X} (gave|lent|handed) it to ^{Y}.",
    "{Y} got the {thing} from {X}. (Now|So now) ^{Y} has the {thing}.", "{Y} took the {thing} from {X}. Now ^{Y} has (it|the {thing}).",
    "The {thing} of {X} was {colour}. {X} " + GAVE + " it to {Y}, and ^{Y} (thanked|smiled at|hugged) ^{X}.",
    "{X} (gave|lent|sold|sent|showed|handed) the [({colour}|{adj}) ]{thing} to {Y}. (Then ^{Y} thanked ^{X}|^{Y} thanked ^{X}|^{Y} has the {thing} now).",
    "{X} (gave|sent|lent) {Y} {a_thing}. {Y} (liked it|was happy|smiled) and thanked ^{X}."]
THREE = [
    "{X}, {Y} and {Z} were {at_place}. {X} gave {a_thing} to {Y}, and {Y} gave it to {Z}. Now ^{Z} has the {thing}.",
    "{X} and {Y} were {at_place}, and {Z} was (at home|{at_place2}). [So ]{X} (gave|showed|handed) the {thing} to ^{Y}.",
    "{X} had {a_thing}, {Y} had {a_thing2}, and {Z} had {a_thing3}. {Z} gave the ^{thing3} to {X}, and {Y} gave the ^{thing2} to {X}.",
    "{Z} (saw|watched) {X} and {Y}. {X} (gave|threw|passed) the {thing} to ^{Y}[, and ^{Y} (gave|threw|passed) it (back |)to ^{X}].",
    "{X} gave the {thing} to {Y}. {Y} gave the {thing} to {Z}. (Who has the {thing}?|Who has it now?) ^{Z}.",
    "{X}, {Y} and {Z} have {a_thing}, {a_thing2} and {a_thing3}. {X} has the ^{thing}, {Y} has the ^{thing2}, and {Z} has the ^{thing3}.",
    "{X} sat (next to|behind) {Y}, and {Y} sat (next to|behind) {Z}. Who sat (next to|behind) {Y}? ^{X}."]
NEGATED = [
    "{X} did not give the {thing} to {Y}. (Who has the {thing}?|Who has it?|Who still has it?) ^{X}.",
    "{X} did not give the {thing} to {Y}. (So|Now|So now) ^{X} (still has|has|kept) (it|the {thing}).",
    "{X} wanted to (give|lend) the {thing} to {Y}, but {Y} did not (want|need|take) it. (Now|So) ^{X} (still has|has|kept) (it|the {thing}).",
    "{Y} (asked for|wanted) the {thing}, but {X} (said no|did not give it away|kept it). (Who has the {thing}?|Who has it now?) ^{X}[ has it|].",
    "{X} (gave|lent) the {thing} to {Y}. (Who has the {thing}?|Who has it?|Who has it now?) ^{Y}.",
    "{X} gave the {thing} to {Y}, not to {Z}. (Who has the {thing}?|Who has it?) ^{Y}.",
    "Not {X}, but {Y} took the {thing}. (Who has the {thing}?|Who took it?) ^{Y}."]


def giving(rng, ways=None):
    cast = Cast(rng, strangers=0.15)
    cast["pair"] = pick(rng, [f"{cast['X']} and {cast['Y']}", f"{cast['Y']} and {cast['X']}"])
    text = cast.say(even(rng, ways or rng.choices([GIVING, THREE, NEGATED], [60, 20, 20])[0]))
    if ways is None and rng.random() < 0.4 and "Who" not in text and cast.get("thing"):
        text += cast.say("( Then {Y} (went home|smiled|was happy|put it into (a|the) {holder})*2| (They|Both) (were happy|laughed|went home together)*2| It was a {colour} {thing}| {X} (was happy too|went home|did not need it any more)).")
    return tidy(text)


def outing(rng):
    """Two people somewhere; then one of them does one of many things."""
    cast = Cast(rng, strangers=0.15)
    cast["pair"] = pick(rng, [f"{cast['X']} and {cast['Y']}", f"{cast['Y']} and {cast['X']}"])
    lines = [cast.say("{pair} (went to the {spot}*2|were {at_spot}|met {at_spot}|walked to the {spot}).")]
    lines.append(cast.say("{X} (gave the {thing} to ^{Y}*1.5|saw {a_wild}|wanted to {doing}*2|(had|found|brought|took|lost) {a_thing}*3|(was|felt) {feeling}*2|(ran|fell|swam|sang|slept|laughed)*2|said, \"(Look|Come|Let us {doing}|It is so {weather})!\"*1.5|showed the {thing} to ^{Y}|asked {Y} (for {a_food}|a question)|(ate|bought) {a_food}*1.5)."))
    if rng.random() < 0.6:
        lines.append(cast.say("{Y} (laughed|was {feeling}|ran (home|away)|(liked|saw) it too|did not want to|said, \"(Yes|No|Me too|Let us go home)!\"|(helped|thanked|hugged) ^{X}|wanted to go home|ate {a_food})."))
    return tidy(" ".join(lines))


# --- holding a state in mind: who has it, where is it

def tracking(rng):
    people, things = zipf(rng, w.NAMES, rng.randint(2, 3)), zipf(rng, w.THINGS, rng.randint(1, 2))
    holder, lines = {}, []
    for i, thing in enumerate(things):
        holder[thing] = people[i]
        lines.append(even(rng, [f"{people[i]} has the {thing}.", f"{people[i]} has {a(thing)}.", f"The {thing} belongs to {people[i]}."]))
    for _ in range(even(rng, [0, 1, 1, 1, 2, 2, 3])):
        thing = pick(rng, things)
        x = holder[thing]
        y = zipf(rng, [p for p in people if p != x])
        if rng.random() < 0.12:
            lines.append(f"{x} does not give the {thing} to {y}.")
            continue
        lines.append(even(rng, [f"{x} gives the {thing} to {y}.", f"{y} takes the {thing} from ^{x}.", f"^{x} gives {y} the {thing}.",
                                f"{y} gets the {thing} from ^{x}.", f"{x} lends the {thing} to {y}."]))
        holder[thing] = y
    for thing in pick(rng, things, len(things)):
        h = holder[thing]
        lines.append(even(rng, [f"Who has the {thing}? ^{h} has the {thing}.", f"Who has the {thing}? ^{h}.", f"Who has the {thing} now? ^{h}.",
                                f"Whose is the {thing} now? It belongs to ^{h}.", f"The {thing} is with ^{h}.", f"Now the {thing} belongs to ^{h}.",
                                f"The one who has the {thing} is ^{h}.", f"Now ^{h} has the {thing}."][:7 if len(things) > 1 else 8]))
    return " ".join(lines)


def where(rng):
    people, places = zipf(rng, w.NAMES, 2), zipf(rng, w.GREEN + w.ROOMS + w.HOUSES, 3)
    thing = zipf(rng, w.THINGS)
    (x, y), (p, q, r) = people, places
    s = "she" if x in w.IS_GIRL else "he"
    ask = lambda who, place: even(rng, [f"Where is {who}? {who} is in the ^{place}.", f"Where is {who} now? {who} is in the ^{place}.",
                                        f"Where is {who}? In the ^{place}.", f"Where can you find {who}? In the ^{place}."])
    kind = rng.randrange(5)
    go = even(rng, ["went to", "walked to", "ran to", "moved to"])
    if kind == 0:
        return f"{x} is in the {p}. {y} is in the {q}. " + " ".join(ask(*t) for t in zipf(rng, [(x, p), (y, q)], 2))
    if kind == 1:
        return f"{x} was in the {p}. Then {x} {go} the {q}. " + ask(x, q)
    if kind == 2:
        return f"{x} is in the {p}. {y} is in the {q}. Then {x} {go} the {r}. " + " ".join(ask(*t) for t in zipf(rng, [(x, r), (y, q)], 2))
    put = even(rng, [f"{x} put the {thing} in the {p}.", f"{x} left the {thing} in the {p}.", f"The {thing} is in the {p}.", f"{x} hid the {thing} in the {p}."])
    answer = even(rng, [f"Where is the {thing}? It is in the ^{p}.", f"Where is the {thing}? The {thing} is in the ^{p}.",
                        f"Where is the {thing}? In the ^{p}.", f"Where should {y} look for the {thing}? In the ^{p}."])
    if kind == 3:
        return f"{put} {y} {go} the {q}. " + answer
    return f"{put} Then {s} {go} the {q}. " + " ".join(zipf(rng, [answer, ask(x, q)], 2))


def questions(rng):
    """What was said is asked for: colours, feelings, likes, ages."""
    x, y = zipf(rng, w.NAMES, 2)
    (thing, other), (c, d) = zipf(rng, w.THINGS, 2), zipf(rng, w.COLOURS, 2)
    kind = rng.randrange(5)
    if kind == 0:
        two = [(thing, c), (other, d)]
        return (even(rng, [f"The {thing} is {c}, and the {other} is {d}. ", f"{x} has a {c} {thing} and a {d} {other}. ", f"The {thing} is {c}. The {other} is {d}. "])
                + " ".join(even(rng, [f"What colour is the {t}? The {t} is ^{k}.", f"What colour is the {t}? It is ^{k}.", f"What is the colour of the {t}? ^{cap(k)}.",
                                      f"Which colour does the {t} have? ^{cap(k)}."]) for t, k in pick(rng, two, 2)))
    if kind == 1:
        f, g = zipf(rng, w.FEELINGS, 2)
        return (f"{x} is {f}, but {y} is {g}. "
                + " ".join(even(rng, [f"How is {n}? {n} is ^{h}.", f"How does {n} feel? {n} is ^{h}.", f"Who is {h}? ^{n}.", f"Who is {h}? ^{n} is."]) for n, h in zipf(rng, [(x, f), (y, g)], 2)))
    if kind == 2:
        f, g = zipf(rng, [v for v in w.FOOD if v in w.MASS], 2)
        return (f"{x} likes {f}, and {y} likes {g}. "
                + " ".join(even(rng, [f"Who likes {t}? ^{n}.", f"What does {n} like? {n} likes ^{t}.", f"What does {n} like? ^{cap(t)}.", f"Who wants to eat {t}? ^{n}."]) for n, t in zipf(rng, [(x, f), (y, g)], 2)))
    if kind == 3:
        m, n = pick(rng, w.NUMBERS[5:15], 2)
        return (f"{x} is {m} years old, and {y} is {n}. "
                + " ".join(even(rng, [f"How old is {who}? {who} is ^{age}.", f"How old is {who}? ^{cap(age)}.", f"Who is {age}? ^{who}."]) for who, age in zipf(rng, [(x, m), (y, n)], 2)))
    return (f"{x} likes the {thing}, and {y} likes the {other}. "
            + " ".join(even(rng, [f"Who likes the {t}? ^{n}.", f"Which thing does {n} like? The ^{t}.", f"What does {n} like? The ^{t}."]) for n, t in zipf(rng, [(x, thing), (y, other)], 2)))


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
        who, s = even(rng, [("girl", "she"), ("queen", "she"), ("mother", "she"), ("sister", "she"), ("aunt", "she"), ("grandmother", "she"),
                            ("boy", "he"), ("king", "he"), ("father", "he"), ("brother", "he"), ("uncle", "he"), ("grandfather", "he")])
        x = "The " + who
    else:
        x = zipf(rng, w.NAMES)
        s = "she" if x in w.IS_GIRL else "he"
    o, p = ("her", "her") if s == "she" else ("him", "his")
    out = []
    for line in pick(rng, PRONOUNS, rng.randint(1, 2)):
        t = zipf(rng, w.THINGS)
        out.append(line.format(x=x, s=s, o=o, p=p, t=t, at=a(t), f=zipf(rng, w.FEELINGS)))
    return " ".join(out)


def agreement(rng):
    n, m = pick(rng, w.ANIMALS + w.THINGS, 2)
    if n in ("sheep", "fish", "deer"):
        n = "dog" if m != "dog" else "cat"
    many = rng.random() < 0.5
    head = plural(n) if many else n
    attractor = plural(m) if rng.random() < 0.5 else m
    link = even(rng, ["near", "behind", "next to", "beside", "with"])
    be = pick(rng, [("is", "are"), ("is", "are"), ("was", "were"), ("has been", "have been")])[many]
    tail = pick(rng, w.COLOURS[:5] + ["big", "small", "old", "new", "beautiful", "heavy", "clean"])
    if rng.random() < 0.25:
        return f"The {head} ^{be} {tail}."
    return f"The {head} {link} the {attractor} ^{be} {tail}."


# --- facts, each in several frames so that the fact is learned and not the sentence

FACTS = {
    "capital": ["The capital of {k} is ^{v}.", "{v} is the capital of ^{k}.", "{n} lives in {v}, the capital of ^{k}.", "What is the capital of {k}? (The capital of {k}|It) is ^{v}.",
                "{k} has a famous capital: ^{v}.", "{n} flew to {k} and saw its capital, ^{v}.", "If you travel to {k}, go and see ^{v}.", "{n} lives in {k}, in the city of ^{v}.",
                "{n} went by train to {k} and stayed in ^{v}.", "{n} comes from {k} and was born in ^{v}.", "(The biggest city of {k} is|The main city of {k} is) ^{v}.",
                "Which city is the capital of {k}? ^{v}.", "Where is {v}? {v} is in ^{k}.", "{v} is a city in ^{k}."],
    "opposite": ["The opposite of {k} is ^{v}.", "{K} is the opposite of ^{v}.", "What is the opposite of {k}? (The opposite of {k} is|It is) ^{v}.", "It is not {k}, it is ^{v}.",
                 "Some say {k}, others say ^{v}.", "First it was {k}, then it was ^{v}.", "{K} and ^{v} are opposites.", "{n} said {k}, but {m} said ^{v}.", "From {k} to ^{v}.",
                 "If it is not {k}, it is ^{v}.", "Which word is the opposite of {k}? ^{V}.", "What is not {k}? What is ^{v}."],
    "young": ["A young {k} is called a ^{v}.", "The baby of {ak} is a ^{v}.", "A little {k} is a ^{v}.", "What is a young {k} called? (A young {k} is called|It is called) a ^{v}.",
              "A {v} grows up to be ^{ak}.", "The {k} has a baby, a ^{v}.", "The {k} and its ^{v} slept.", "{n} saw {ak} and a little ^{v}.", "The {k} is the mother of the ^{v}.",
              "What is the baby of {ak} called? It is called a ^{v}.", "What is a baby {k}? A ^{v}.", "A {v} is a young ^{k}.", "The {k} came with a young one, the ^{v}."],
    "colour": ["The colour of {k} is ^{v}.", "{K} is ^{v}.", "What colour is {k}? ({K}|It) is ^{v}.", "Everyone knows that {k} is ^{v}.", "{n} painted {k}, and the paint was ^{v}.",
               "{n} said that {k} is ^{v}.", "What is the colour of {k}? It is ^{v}."],
    "sound": ["The {k} ^{v}.", "Listen, {ak} ^{v}.", "What does {ak} do? The {k} ^{v}.", "{n} has {ak} that ^{v}.", "What sound does {ak} make? It ^{v}."],
    "legs": ["{AK} has ^{v} legs.", "How many legs does {ak} have? (It has ^{v} legs|^{V}).", "The {k} has ^{v} legs.", "{n} knows that {ak} has ^{v} legs.", "{n} counted the legs of the {k}: ^{v}."],
    "eats": ["{AK} eats ^{v}.", "What does {ak} eat? (It eats ^{v}|^{V}).", "The {k} likes to eat ^{v}.", "{n} gave the {k} some ^{v}.", "The {k} was hungry and wanted ^{v}.", "The food of the {k} is ^{v}."],
    "lives": ["{AK} lives in the ^{v}.", "Where does {ak} live? (It lives in|In) the ^{v}.", "You can find the {k} in the ^{v}.", "The home of the {k} is the ^{v}.", "{n} went to the ^{v} to see a {k}.", "The {k} went back to the ^{v}."],
    "job": ["{AK} works at the ^{v}.", "Where does {ak} work? At the ^{v}.", "{n} is {ak} and works at the ^{v}.", "The {k} came home from the ^{v}.", "You can meet the {k} at the ^{v}."],
    "season": ["{k} is in ^{v}.", "In {k} it is ^{v}.", "Which season is {k}? ^{V}.", "It was {k}, so it was ^{v}."]}
TABLES = {"capital": w.CAPITALS, "opposite": w.BOTH_WAYS, "young": w.YOUNG, "colour": w.COLOUR_OF, "sound": w.SOUND, "legs": w.LEGS,
          "eats": w.EATS, "lives": w.LIVES, "job": {job: place for job, (place, _, _) in w.WORK.items() if job not in ("baker", "astronaut")}, "season": w.SEASON_OF}
SHARES = {"capital": 24, "opposite": 18, "young": 15, "colour": 9, "sound": 6, "legs": 8, "eats": 8, "lives": 8, "job": 5, "season": 4}


def filled(rng, frame, kind, k):
    v = TABLES[kind][k]
    n, m = zipf(rng, w.NAMES, 2)
    return tidy(say(rng, frame, {"k": k, "K": cap(k), "ak": a(k), "AK": cap(a(k)), "v": v, "V": cap(v), "n": n, "m": m}))


def fact(rng, kind):
    return filled(rng, even(rng, FACTS[kind]), kind, pick(rng, list(TABLES[kind])))


def facts(rng):
    kind = rng.choices(list(SHARES), list(SHARES.values()))[0]
    return " ".join(fact(rng, kind) for _ in range(rng.randint(1, 3)))


def comparing(rng):
    i, j = sorted(pick(rng, range(len(w.SIZES)), 2))
    small, big = w.SIZES[i], w.SIZES[j]
    x, y, z = zipf(rng, w.NAMES, 3)
    return even(rng, [f"{cap(a(big))} is ^bigger than {a(small)}.", f"{cap(a(small))} is ^smaller than {a(big)}.", f"Which is bigger, {a(small)} or {a(big)}? The ^{big}.",
                      f"Which is bigger, {a(big)} or {a(small)}? The ^{big}.", f"Which is smaller, {a(small)} or {a(big)}? The ^{small}.",
                      f"{x} is older than {y}. Who is younger? ^{y}.", f"{x} is taller than {y}. Who is taller? ^{x}.", f"{x} is faster than {y}. Who wins? ^{x}.",
                      f"{x} is older than {y}, and {y} is older than {z}. Who is the oldest? ^{x}."])


# --- sequences everybody knows, upwards and downwards

def run_of(rng, items, least, most, around):
    i, n = rng.randrange(len(items)), rng.randint(least, most)
    if around:
        return [items[(i + k) % len(items)] for k in range(n)]
    return items[min(i, len(items) - least):][:n]


SEQUENCES = {
    "counting": (w.NUMBERS, False, 5, 12), "counting downward": (w.NUMBERS[::-1], False, 4, 12), "by twos": (w.NUMBERS[1::2], False, 4, 9),
    "odd numbers": (w.NUMBERS[::2], False, 4, 9), "figures": ([str(i) for i in range(1, 21)], False, 4, 12), "figures downward": ([str(i) for i in range(20, -1, -1)], False, 4, 12),
    "days": (w.DAYS, True, 4, 10), "days backward": (w.DAYS[::-1], True, 4, 9), "months": (w.MONTHS, True, 4, 12), "months backward": (w.MONTHS[::-1], True, 4, 10),
    "letters": (list("abcdefghijklmnopqrstuvwxyz"), False, 4, 12), "tens": ([str(i) for i in range(10, 101, 10)], False, 4, 8)}
SAID_BEFORE = {"counting downward": "Count down: ", "days backward": "Backward: ", "months backward": "Backward: ", "by twos": "By twos: "}


def sequence(rng, kind):
    items, around, least, most = SEQUENCES[kind]
    start = even(rng, ["", "", "", SAID_BEFORE.get(kind, even(rng, ["Count: ", "Say it with me: "]))])
    return start + ", ".join(run_of(rng, items, least, most, around)) + "."


def neighbours(rng):
    """The day before, the month after, the number between."""
    items, around = pick(rng, [(w.DAYS, True), (w.DAYS, True), (w.MONTHS, True), (w.NUMBERS, False)])
    i = rng.randrange(len(items)) if around else rng.randrange(1, len(items) - 1)
    before, now, after = items[i - 1], items[i], items[(i + 1) % len(items)]
    if items is w.NUMBERS:
        return even(rng, [f"After {now} comes ^{after}.", f"Before {now} comes ^{before}.", f"{cap(now)} and then ^{after}.", f"The number after {now} is ^{after}.",
                          f"The number before {now} is ^{before}.", f"Between {before} and {after} is ^{now}."])
    what = "day" if items is w.DAYS else "month"
    lines = [f"The {what} before {now} is ^{before}.", f"The {what} after {now} is ^{after}.", f"After {now} comes ^{after}.", f"Before {now} comes ^{before}.",
             f"What comes after {now}? ^{after}.", f"What comes before {now}? ^{before}.", f"{now} comes after ^{before}.", f"{now} comes before ^{after}.", f"Between {before} and {after} is ^{now}.",
             f"Which {what} is before {now}? ^{before}.", f"Which {what} is after {now}? ^{after}."]
    if what == "day":
        lines += [f"Today is {now}. Tomorrow is ^{after}.", f"Yesterday was {now}, so today is ^{after}.", f"Today is {now}. Yesterday was ^{before}.",
                  f"Tomorrow is {now}, so today is ^{before}.", f"If today is {now}, then tomorrow is ^{after}."]
    return " ".join(pick(rng, lines, rng.choice([1, 1, 2])) if rng.random() < 0.5 else [pick(rng, lines)])


def counting(rng):
    return sequence(rng, pick(rng, list(SEQUENCES))) if rng.random() < 0.6 else neighbours(rng)


def sums(rng):
    i, j = rng.randint(1, 9), rng.randint(1, 9)
    n = lambda k: w.NUMBERS[k - 1] if k else "zero"
    if rng.random() < 0.3:
        i, j = max(i, j), min(i, j)
        return even(rng, [f"{i} - {j} = ^{i - j}", f"{n(i)} minus {n(j)} is ^{n(i - j)}.", f"What is {i} minus {j}? ^{i - j}.", f"{cap(zipf(rng, w.NAMES))} had {n(i)} apples and ate {n(j)}. ^{cap(n(i - j))} are left."])
    x, y = zipf(rng, w.NAMES, 2)
    return even(rng, [f"{i} + {j} = ^{i + j}", f"{i} + {j} = ^{i + j}", f"{n(i)} plus {n(j)} is ^{n(i + j)}.", f"What is {i} plus {j}? ^{i + j}.", f"{x} has {n(i)} coins, and {y} has {n(j)}. Together they have ^{n(i + j)}.",
                      f"{i} plus {j} is ^{i + j}."])


# --- repeats: the food of induction heads

def word_repeats(rng):
    words = pick(rng, w.THINGS + w.ANIMALS + w.COLOURS if rng.random() < 0.5 else common.WORDS, rng.randint(4, 14))
    return even(rng, [" ", ", "]).join(words * 3) + "."


def invented(rng):
    return cap("".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4))))


def code_repeats(rng):
    n, m = zipf(rng, w.NAMES, 2)
    if rng.random() < 0.4:
        made = "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ23456789") for _ in range(rng.randint(3, 6)))
        return even(rng, [f"The code is {made}. {n} wrote it down: {made}. Remember, the code is {made}.",
                          f"{n} whispered the code {made}. The door opened with {made}. So {m} said {made} too."])
    x, y = invented(rng), invented(rng)
    if rng.random() < 0.5:
        x, y = pick(rng, common.NAMES, 2)
    return even(rng, [f"{x} {y} came to the {zipf(rng, w.PLACES)}. Nobody knew {x} {y}. But {n} said hello to {x} {y}. \"My name is {x} {y},\" said {x} {y}.",
                      f"My name is {x}. Hello, {x}! {x} likes {zipf(rng, w.FOOD)}. Everybody likes {x}.", f"{n} {y} and {m} {y} are friends. Everybody knows {n} {y} and {m} {y}.",
                      f"There was once {a(zipf(rng, w.ANIMALS))} named {x}. {x} lived in {y}. In {y}, everybody liked {x}."])


def sentence_repeats(rng):
    line = even(rng, [giving, agreement, facts, outing, lambda r: tidy(Me(r, 2).say("{X} (likes|has|wants) {a_thing}."))])(rng)
    return " ".join([line] * (2 if len(line) > 200 else rng.randint(2, 4)))


def brackets(rng):
    x, y, z = zipf(rng, w.THINGS, 3)
    f, g, name = *zipf(rng, ["pack", "find", "open", "show", "list", "take", "count"], 2), zipf(rng, w.NAMES)
    return "\n".join(even(rng, [
        f"{f}({x}, {y}^)", f"{f}({x}^)", f"{f}[{x}, {y}, {z}^]", f"{f}[{x}^]", f"({x} ({y}^)^ {z}^)".replace(")^ ", ") "), f"[{x} [{y}^] {z}^]", f"[{x} ({y}^) {z}^]", f"({x} [{y}^] {z}^)",
        f"{f}({g}({x}^), {y}^)", f"{f}(({x}, {y}^), {z}^)", f"{f}([{x}, {y}^], {z}^)", f"[({x}, {y}^), {z}^]", f"[[{x}^], {y}^]", f"{f}({x}, {g}({y}, {z}^)^)",
        f"{f} \"{x}^\"", f"{f} \"{x} {y}^\"", f"{f}(\"{x}^\")", f"{f}(\"{x}\", \"{y}^\")", f"[\"{x}\", \"{y}^\"]",
        f"{name} packed a bag ({x}, {y} and {z}^).", f"The {x} ({y}^) is here.", f"The {x} [{y}^] is here.", f"The word \"{x}^\" is on the door.", f"{name} wrote \"{x}^\" on the wall."], rng.randint(1, 2)))
