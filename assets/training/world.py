"""A day in the small world: who is there, what they like, what they have, where, in which weather.

A `Cast` answers for the slots of a template (grammar.say). It is a world that remembers: a slot asked
for again gives the same, and what is chosen leans on what is known, softly: in the rain people take
umbrellas more often than kites, a farmer has a cow more often than a cat.

Slots. X, Y, Z: names. For each, by its small letter: xhe, xhim, xhis, xself; Xn and xn: the name or
the pronoun, at the beginning of a sentence or within it. Classes: food, a_food, toy, thing, animal,
pet, place, doing, hobby, day ...; a digit asks for another one (food2); a_ puts the article before it;
Cap_ makes the first letter large.
"""

import common
import words as w
from grammar import a, cap, plural, say, zipf


def lean(rng, items, liked, share):
    """One of the liked, with the probability `share`, or one of all."""
    return zipf(rng, liked) if liked and rng.random() < share else zipf(rng, items)


class Cast(dict):
    def __init__(self, rng, people=3, strangers=0.0):
        """`strangers`: how often names are of those whose pronoun nobody knows; texts for them have
        none."""
        self.rng = rng
        names = zipf(rng, w.NAMES, people)
        if strangers and rng.random() < strangers:
            names = rng.sample(common.NAMES, people)
        for letter, name in zip("XYZ", names):
            self.person(letter, name)
        self.weather = zipf(rng, w.WEATHER)
        self.month = rng.choice(w.MONTHS)
        self.job = None
        self.likes = {}

    def creature(self, letter, noun):
        """An animal, or one of those of fairy tales."""
        low = letter.lower()
        he, his = ("she", "her") if noun in ("queen", "princess", "witch", "hen", "cow") else ("he", "his") if noun in ("king", "knight", "wizard", "giant", "pirate") else ("it", "its")
        him = {"she": "her", "he": "him", "it": "it"}[he]
        self[letter], self[low + "he"], self[low + "him"], self[low + "his"] = "the " + noun, he, him, his
        self[low + "self"] = {"she": "herself", "he": "himself", "it": "itself"}[he]
        self[letter + "he"], self[letter + "his"] = cap(he), cap(his)

    def person(self, letter, name):
        she = name in w.IS_GIRL
        low = letter.lower()
        self[letter] = name
        self[low + "he"], self[low + "him"] = ("she", "her") if she else ("he", "him")
        self[low + "his"], self[low + "self"] = ("her", "herself") if she else ("his", "himself")
        self[letter + "he"], self[letter + "his"] = cap(self[low + "he"]), cap(self[low + "his"])

    def __missing__(self, slot):
        if slot in ("Xn", "xn", "Yn", "yn"):  # never remembered: the name or the pronoun, each time
            letter = slot[0].upper()
            other = "Y" if letter == "X" else "X"
            same = other in self and self[letter.lower() + "he"] == self[other.lower() + "he"]
            pronoun = self[letter + "he"] if slot[0].isupper() else self[slot[0] + "he"]
            return pronoun if self.rng.random() < (0.25 if same else 0.6) else self[letter]
        if slot.startswith("a_"):
            return self.with_article(self[slot[2:]])
        if slot.startswith("at_"):
            place = self[slot[3:]]
            return ("in" if place in w.IN else "on" if place in w.ON else "at") + " the " + place
        if slot.startswith("Cap_"):
            return cap(self[slot[4:]])
        kind = slot.rstrip("0123456789")
        others = {self[s] for s in self if s != slot and s.rstrip("0123456789") == kind}
        if kind in ("hero", "animal"):
            others.add(self.get("who"))
        for _ in range(60):
            value = self.choose(kind)
            if value not in others:
                break
        self[slot] = value
        return value

    def say(self, text):
        return say(self.rng, text, self)

    def with_article(self, noun):
        return "some " + noun if noun in w.MASS or noun in w.DRINKS else a(noun)

    def choose(self, kind):
        rng = self.rng
        if kind == "food":
            return lean(rng, w.FOOD, self.likes.get("food"), 0.4)
        if kind == "loved":  # a food that will come again
            self.likes["food"] = [zipf(rng, w.FOOD)]
            return self.likes["food"][0]
        if kind == "foods":  # in general: soup, apples
            food = self.choose("food")
            return food if food in w.MASS else plural(food)
        if kind == "animals":
            return plural(zipf(rng, w.ANIMALS))
        if kind == "place":
            wet = self.weather in ("rainy", "snowy", "stormy", "foggy")
            return lean(rng, w.PLACES, w.INDOORS + w.SHOPS if wet else w.OUTDOORS, 0.6)
        if kind == "spot":  # where there is something to do
            wet = self.weather in ("rainy", "snowy", "stormy")
            indoors = ["library", "cinema", "museum", "kitchen", "school", "shop", "zoo"]
            return lean(rng, list(w.DOING), indoors if wet else list(w.DOING)[:6], 0.5)
        if kind == "doing":
            return zipf(rng, w.DOING[self["spot"]])
        if kind == "animal":
            return lean(rng, w.ANIMALS, w.FARM if self.job == "farmer" else None, 0.6)
        if kind == "pet":
            return lean(rng, w.PETS, w.FARM if self.job == "farmer" else None, 0.6)
        if kind == "colour":
            return zipf(rng, w.COLOURS)
        if kind in ("kin", "ykin"):
            who = self["X" if kind == "kin" else "Y"]
            both = w.ADULTS["she"] + w.ADULTS["he"]
            return zipf(rng, [both[i] for i in (0, 5, 1, 6, 3, 2, 7, 4, 9)]) if who else ""
        if kind == "season":
            return w.SEASON_OF[self.month]
        if kind == "month":
            return self.month
        if kind == "weather":
            return self.weather
        if kind == "job":
            self.job = zipf(rng, w.JOBS)
            return self.job
        if kind == "workplace":
            return w.WORK.get(self["job"], ("city",))[0]
        if kind == "child":
            return lean(rng, ["child", "kid"], [w.CHILD[self["xhe"]]], 0.8)
        if kind == "game":
            return zipf(rng, w.GAMES)
        if kind == "then":
            return zipf(rng, w.THEN.get(self["feeling"], w.THEN["happy"])).replace("{xp}", self["xhis"])
        return zipf(rng, CLASSES[kind])


CLASSES = {"toy": w.TOYS, "wear": w.WEAR, "tool": w.TOOLS, "holder": w.HOLDERS, "paper": w.PAPER, "music": w.MUSIC,
           "nature": w.NATURE, "thing": w.THINGS, "kept": w.KEPT, "sweet": w.SWEET, "drink": w.DRINKS, "wild": w.WILD,
           "farmanimal": w.FARM, "green": w.GREEN, "water": w.WATER, "out": w.OUTDOORS, "room": w.ROOMS, "house": w.HOUSES,
           "shop": w.SHOPS, "other": w.OTHER, "adj": w.ADJECTIVES, "feeling": w.FEELINGS, "day": w.DAYS, "sport": w.SPORTS,
           "hobby": w.HOBBIES, "subject": w.SUBJECTS, "trait": w.TRAITS, "one_food": w.ONE_FOOD,
           "number": ["two", "three", "five", "four", "ten", "six", "seven"], "little": ["two", "three", "four"],
           "time": ["morning", "evening", "afternoon", "night"], "friend": ["friend", "neighbour", "cousin", "brother", "sister"],
           "way": ["bus", "train", "bike", "car", "boat"], "gift": ["book", "ball", "watch", "scarf", "camera", "doll", "guitar", "kite", "puzzle", "hat"],
           "country": list(w.CAPITALS), "city": list(w.CAPITALS.values()), "petname": w.PET_NAMES, "skill": w.SKILLS, "dish": list(w.DISH), "cooked": w.COOKED, "seat": ["table", "bed", "roof", "sofa", "chair", "wall", "grass", "stairs", "window", "mat", "floor", "bench"],
           "age": ["ten", "eleven", "nine", "twelve", "eight", "seven", "thirteen", "fourteen", "fifteen", "six"],
           "numeral": [str(n) for n in (2, 3, 10, 5, 4, 12, 7, 8, 20, 6, 11, 15, 9, 30, 100)], "hero": w.HEROES,
           "good": ["good", "great", "wonderful", "lovely", "nice"], "pain": ["knee", "foot", "hand", "arm", "head", "leg"],
           "jump": ["dog", "cat", "rabbit", "pony"], "seconds": ["soon", "later", "at once"], "name": w.NAMES}
