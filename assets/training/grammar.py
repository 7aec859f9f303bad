"""A small language for saying one thing in many ways.

    say(rng, "{X} (went|walked*3) to the {place}[, singing].", cast)

(a|b*3|c) is one of them, b three times as likely; [x] comes or does not; {slot} is what the cast has
under that name. Alternatives may hold others. A template is read once.
"""

import functools
import re

TOKEN = re.compile(r"[()\[\]|]|\{[^}]*\}|[^()\[\]|{]+")


def _read(tokens, at, stop):
    """The alternatives up to one of `stop`, as (weight, parts)."""
    ways, parts = [], []
    while at < len(tokens) and tokens[at] not in stop:
        token = tokens[at]
        if token in "([":
            inner, at = _read(tokens, at + 1, ")" if token == "(" else "]")
            if token == "[":
                inner = [(sum(w for w, _ in inner), [])] + inner
            parts.append(inner)
        elif token == "|":
            ways.append(parts)
            parts = []
        elif token[0] == "{":
            parts.append((token[1:-1],))
        else:
            parts.append(token)
        at += 1
    ways.append(parts)
    weighed = []
    for way in ways:
        weight = 1.0
        if way and isinstance(way[-1], str) and (found := re.search(r"\*([\d.]+)$", way[-1])):
            weight = float(found[1])
            way = way[:-1] + [way[-1][:found.start()]]
        weighed.append((weight, way))
    return weighed, at


@functools.lru_cache(maxsize=None)
def _template(text):
    return _read(TOKEN.findall(text), 0, "")[0]


def _say(rng, ways, cast, out):
    if len(ways) == 1:
        parts = ways[0][1]
    else:
        at = rng.random() * sum(w for w, _ in ways)
        for weight, parts in ways:
            at -= weight
            if at < 0:
                break
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, tuple):
            out.append(str(cast[part[0]]))
        else:
            _say(rng, part, cast, out)


def say(rng, text, cast=None):
    out = []
    _say(rng, _template(text), cast, out)
    return "".join(out)


# How much the first of a list comes before the last: with 0 hardly, so that rare words are learned;
# with 1 words come as in a language. corpus.documents() sets it, for each document.
sharpness = 1
WORDS, LINES = 1.45, 1.1  # Zipf's power of words (twenty of them are 2.9 bits) and of wordings


def zipf(rng, items, n=None, power=None):
    """One of the items, the first more often than the last (or n different ones)."""
    if n is not None:
        chosen = []
        while len(chosen) < n:
            item = zipf(rng, items, None, power)
            if item not in chosen:
                chosen.append(item)
        return chosen
    total = _weights(len(items), sharpness * WORDS if power is None else power)
    at = rng.random() * total[-1]
    low, high = 0, len(items) - 1
    while low < high:
        middle = (low + high) // 2
        if total[middle] > at:
            high = middle
        else:
            low = middle + 1
    return items[low]


def worded(rng, items, n=None):
    """One of several wordings: less sharp than words."""
    return zipf(rng, items, n, sharpness * LINES)


def even(rng, items, n=None):
    """One of the items, the last nearly as often as the first."""
    return zipf(rng, items, n, 0)


@functools.lru_cache(maxsize=None)
def _weights(n, power):
    """Zipf's and Mandelbrot's: of rank r 1 / (r + 4), or, with a power, 1 / (r + 1) to it."""
    total, out = 0.0, []
    for rank in range(n):
        total += 1.0 / (rank + 1) ** power if power else 1.0 / (rank + 4)
        out.append(total)
    return out


def tidy(text):
    """No double spaces where nothing came, "an" before a vowel, capitals after a full stop."""
    text = re.sub(r"(?<=\S)  +", " ", text)
    text = re.sub(r"(?<=\w) (?=[.,!?](?:\s|$))", "", text)
    text = re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", text)
    text = re.sub(r'([!?])"\.', r'\1"', text)
    return re.sub(r"(?<=[.!?] )[a-z]", lambda found: found[0].upper(), text)


def cap(text):
    return text[:1].upper() + text[1:]


def a(noun):
    return ("an " if noun[0] in "aeiouAEIOU" else "a ") + noun


IRREGULAR = {"mouse": "mice", "wolf": "wolves", "sheep": "sheep", "fish": "fish", "deer": "deer",
             "child": "children", "man": "men", "woman": "women", "goose": "geese", "foot": "feet",
             "tooth": "teeth", "leaf": "leaves", "knife": "knives", "scarf": "scarves",
             "person": "people", "potato": "potatoes", "tomato": "tomatoes", "shelf": "shelves"}


def plural(noun):
    if noun in IRREGULAR:
        return IRREGULAR[noun]
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"
