"""Stories: an opening, one of these plots, an ending.

A line in braces names a slot that `Cast` fills: X and Y are two names; s, o, p, S, P are he, him,
his, He, His of X, and ys, yo, yp, Ys those of Y; the rest are the classes of `SLOTS`, one choice
each for a story (a digit asks for another of the same class, a_ puts the article before it). A
tuple holds several ways to say a sentence. Places and things fit what happens: seeds are planted
where things grow, keys open what can be locked.
"""

import words as w

SLOTS = {"thing": w.KEPT, "toy": w.TOYS, "wear": w.WEAR, "food": w.FOOD, "holder": w.HOLDERS,
         "music": w.MUSIC, "nature": w.NATURE, "pet": w.PETS, "wild": w.WILD, "green": w.GREEN,
         "water": w.WATER, "out": w.OUTDOORS, "room": w.ROOMS, "house": w.HOUSES, "colour": w.COLOURS,
         "adj": ["small", "old", "new", "little", "shiny", "pretty", "strange"], "day": w.DAYS,
         "weather": w.WEATHER, "number": ["two", "three", "four", "five", "ten"],
         "season": ["spring", "summer", "autumn", "winter"],
         "seller": ["market", "shop"], "baked": ["cake", "pie"],
         "jumper": ["dog", "cat", "rabbit"], "friend": ["friend", "neighbour", "cousin"]}

# Said before any plot, so they tell when and who, and nothing that a plot might deny.
OPENINGS = [
    "One day, {X} was out with {Y}.", "Once upon a time, there was a {child} named {X}.",
    "It was a {weather} {day}.", "{X} woke up early.", "On {day}, {X} had nothing to do.",
    "{X} lived near the {out} with {p} {kin}.", "It happened last {season}.",
    "There was once a {child} named {X}.", "It was {day} morning.", "{X} and {Y} were good friends.",
    "It was a long day.", "{X} had a {friend} named {Y}."]

PLOTS = [
    # things lost and found
    [("{X} lost {p} {colour} {thing}.", "{X} could not find {p} {colour} {thing}."),
     "{S} looked for it in the {room}, but it was not there.",
     "{Y} helped {o} to look for it.", "At last {Y} found the {thing} under {a_holder} and gave it to {X}."],
    ["{X} found {a_thing} on the way to the {house}.", "It belonged to {Y}.",
     "So {X} took the {thing} to {Y}.", "{Y} thanked {X} because {ys} loved that {thing}."],
    ["{X} dropped {p} {thing} into the river.", "The water carried it away.",
     "{Y} ran along the river with a long stick.", "{Ys} got the {thing} out of the water, and {X} was happy again."],
    ["{X} left {p} {thing} on the train.", "{S} went back to the station and asked for it.",
     "A kind man had found the {thing}.", "He gave it back to {X}."],
    ["{X} hid {a_thing} in the {room}.", "\"Can you find it?\" {s} asked {Y}.",
     "{Y} looked behind the door and under the bed.", "Then {ys} opened the {holder} and found the {thing}."],
    ["{X} and {Y} found {a_adj} map in the attic.", "The map showed a tree near the {green}.",
     "They took a rope and went to the tree.", "Under the tree they found a box full of coins."],
    ["{X} found a small key in the {room}.", "{S} did not know what it was for.",
     "{Y} had a box that was locked.", "The key opened the box, and in it was {a_colour} {thing}."],
    # gifts
    ["It was the birthday of {Y}.", "{X} wanted to give {yo} {a_thing}.",
     "{S} bought it at the {seller} and put it in a {colour} box.", "{Y} opened the box and hugged {X}."],
    ["{X} made {a_toy} for {Y}.", "But the {toy} broke on the way.", "{X} was sad and wanted to go home.",
     "\"Do not be sad,\" said {Y}. \"We can make a new {toy} together.\""],
    ["{X} wanted a new {thing}, but {s} had only one coin.", "So {s} worked at the farm for {number} days.",
     "Then {X} had enough coins and bought the {thing}.", "{S} was very proud of it."],
    ["{X} won a race, and the prize was {a_thing}.", "{Y} was sad because {ys} had lost.",
     "So {X} let {yo} have the {thing}.", "\"You are a good friend,\" said {Y}."],
    ["{X} had two of the same {thing}.", "{Y} had none, so {X} gave one to {yo}.",
     "The next day, {Y} brought {o} {a_food}.", "They ate it together in the {green}."],
    ["{X} went to the market to sell {p} old {thing}.", "{Y} wanted to buy it.",
     "{X} sold the {thing} to {yo} for {number} coins.", "Then {X} bought {a_food} and went home."],
    # food
    ["{X} wanted to bake a {baked} for {Y}.", "First, {s} went to the shop to buy sugar.",
     "Then {s} baked the {baked} in the kitchen.", "{Y} ate the {baked} and asked for more."],
    ["{X} was hungry, but there was no food in the house.", "{S} went to the bakery to buy bread.",
     "On the way home, {s} gave some of the bread to a {pet}.", "The {pet} followed {o} all the way home."],
    ["{X} put {a_food} on the table and went out.", "When {s} came back, the {food} was gone.",
     "{Y} had not eaten it.", "Then they saw the {pet} under the table, and they both laughed."],
    ["{X} and {Y} picked apples at the farm.", "They put the apples into a big basket.",
     "The basket was too heavy for {X}.", "So {X} and {Y} carried it home together."],
    ["{X} made soup for {p} {kin}.", "There was too much salt in the soup.",
     "They gave the soup to the pig.", "Then they all ate bread and laughed."],
    # animals
    ["{X} saw a little {wild} in the {green}.", "The {wild} was hungry, so {X} gave it some bread.",
     "The {wild} ate the bread and was not scared any more.", "The next day, it came back to see {X}."],
    ["{X} had a {pet} that was always hungry.", "One night, the {pet} ran away.",
     "{X} and {Y} looked for the {pet} in the {green}.", "They found it under a tree, and {X} carried it home."],
    ["A little {wild} was caught under a branch.", "{X} heard it and ran to help.",
     "{S} lifted the branch, and the {wild} was free.", "It looked at {X} and went back into the forest."],
    ["{X} wanted a {pet}, but {p} {kin} said no.", "So {X} took care of the {pet} of {Y}.",
     "{S} gave it food and water every day.", "After that, {p} {kin} said yes."],
    ["The {pet} of {X} was ill and did not eat.", "{X} took the {pet} to {Y}, who knew a lot about animals.",
     "{Y} gave it warm milk.", "Soon the {pet} was well again."],
    ["{X} heard a strange noise in the {room}.", "{S} was scared and called {Y}.",
     "They opened the door and saw a {pet}.", "It only wanted to play."],
    ["{X} taught {p} {jumper} a trick.", "{S} said \"jump\" and gave it {a_food}.",
     "After {number} days, the {jumper} could jump very high.", "{X} showed the trick to {Y}, and {ys} clapped."],
    ["A bird lived in the tree near the house of {X}.", "It sang every morning.",
     "In {season}, the bird was gone, and {X} was sad.", "One day, it came back with three little birds."],
    # weather and places
    ["It began to rain, and {X} had no umbrella.", "{Y} came and gave {o} an umbrella.",
     "They walked to the {house} together.", "There they drank hot tea and waited for the sun."],
    ["{X} lost {p} way in the forest.", "It was dark and cold.",
     "Then {s} saw a light and walked to it.", "It was the house of {Y}, and {Y} took {o} home."],
    ["{X} and {Y} went up the hill.", "From there they saw the {water} and the {green}.",
     "{X} fell down, but {s} was not hurt.", "{Y} helped {o} up, and they went home together."],
    ["The wind took the {wear} of {X} and carried it up into a tall tree.", "{X} could not reach it.",
     "{Y} was tall and got the {wear} down.", "{X} thanked {yo} and put it on."],
    ["{X} and {Y} went to the beach.", "They built a big castle of sand.",
     "Then the sea came and took the castle away.", "\"We can build a new one,\" said {Y}."],
    ["{X} planted a seed in the garden.", "Every day, {s} gave it water.",
     "After {number} weeks, there was a small {colour} flower.", "{X} showed the flower to {Y}."],
    ["One night, there was no light in the house.", "{X} was scared of the dark.",
     "{Y} came with a candle and sat next to {o}.", "They told stories until it was light again."],
    ["{X} wanted to see the sea.", "{S} went by train with {p} {kin}.",
     "When {s} saw the blue water, {s} ran to it.", "{X} found a shell and took it home."],
    # learning and making
    ["{X} wanted to play the {music}.", "At first, it was very hard.",
     "{Y} showed {o} how to do it.", "{X} played every day, and soon {s} was very good."],
    ["{X} built a boat of wood.", "{S} painted it {colour}.", "{Y} came to see it on the lake.",
     "The boat did not sink, and they were both happy."],
    ["{X} painted the door {colour}.", "{Y} did not like {colour}.",
     "So they painted it {colour2}.", "Now they both liked it."],
    ["{X} could not swim.", "{Y} took {o} to the lake every day.",
     "First {X} was scared, but {Y} held {p} hand.", "After {number} weeks, {X} could swim like a fish."],
    ["{X} made a kite with {Y}.", "They took it to the hill because it was windy.",
     "The kite went up, high and higher.", "Then the rope broke, and they made a new kite."],
    ["{X} wrote a letter to {Y}.", "{Y} lived far away.", "After {number} days, {Y} wrote back.",
     "{X} read the letter again and again."],
    ["{X} read a book about {a_wild}.", "{S} read it to {Y} in the evening.",
     "{Y} fell asleep before the end.", "So the next day, {X} read it again."],
    ["{X} was bad at sums, and {Y} was good at sums.", "{Y} helped {o} every day after school.",
     "Then {X} got a good mark.", "{S} ran to {Y} to show it to {yo}."],
    # friends
    ["{X} and {Y} wanted the same {toy}.", "They were angry and did not talk.",
     "Then {X} said, \"You can have the {toy}.\"", "\"No,\" said {Y}. \"Let us play with it together.\""],
    ["{X} was ill and stayed in bed.", "{Y} came with {a_food} and a book.",
     "{Ys} read the book to {X}.", "The next day, {X} felt better."],
    ["{Y} was new at school and had no friends.", "{X} sat down next to {yo}.",
     "\"Do you want to play with my {toy}?\" asked {X}.", "{Y} smiled, and they played all day."],
    ["{X} told a lie to {Y}.", "{S} said that the {pet} had broken the {thing}.",
     "But {X} had broken it.", "In the evening, {X} told the truth, and {Y} was not angry any more."],
    ["{X} could not sleep.", "{S} looked out of the window and saw the moon.",
     "{P} {kin} came and sang a song.", "Then {X} closed {p} eyes and slept until morning."],
    ["{X} and {Y} ran a race to the {green}.", "{X} was fast, and {Y} was slow.",
     "But {X} stopped to look at {a_wild}.", "So {Y} was there first."],
    ["{X} fell and hurt {p} knee.", "{Y} heard {o} cry and came to help.",
     "{Ys} washed the knee with water.", "\"Now it is better,\" said {X}."],
    ["{X} and {Y} played a game in the {green}.", "{X} hid behind a tree.",
     "{Y} looked and looked, but {ys} could not find {o}.", "Then {X} laughed, and {Y} heard {o}."]]

ENDINGS = [
    "{X} was happy.", "{X} was tired but happy.", "It was a good day.", "After that, they were good friends.",
    "In the evening, {X} went home.", "{X} never forgot that day.", "The end.",
    "{X} told the story to {p} {kin}.", "{X} and {Y} laughed about it for a long time.",
    "{X} slept well that night.", "The next day, they did it again."]


class Cast(dict):
    """Fills slots: each is chosen when it is first asked for and kept for the story."""

    def __init__(self, rng):
        x, y = rng.sample(w.NAMES, 2)
        super().__init__(
            X=x, Y=y, s=w.SUBJECT[x], o=w.OBJECT[x], p=w.POSSESSIVE[x], S=w.SUBJECT[x].capitalize(),
            P=w.POSSESSIVE[x].capitalize(), ys=w.SUBJECT[y], yo=w.OBJECT[y], yp=w.POSSESSIVE[y],
            Ys=w.SUBJECT[y].capitalize(), child="girl" if w.SUBJECT[x] == "she" else "boy")
        self.rng = rng

    def __missing__(self, slot):
        if slot.startswith("a_"):
            word = self[slot[2:]]
            return ("an " if word[0] in "aeiou" else "a ") + word
        if slot == "kin":
            choices = ["mother", "father", "teacher"]
        else:
            choices = SLOTS[slot.rstrip("0123456789")]
        self[slot] = self.rng.choice([c for c in choices if c not in self.values()] or choices)
        return self[slot]


def story(rng):
    cast = Cast(rng)
    lines = [rng.choice(OPENINGS), *rng.choice(PLOTS), rng.choice(ENDINGS)]
    return " ".join((rng.choice(line) if isinstance(line, tuple) else line).format_map(cast) for line in lines)
