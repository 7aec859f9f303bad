"""The small world the bundled model reads about: names, things, animals, places, facts."""

GIRLS = ("Mia Anna Lily Emma Sara Nora Ella Ruby Clara Rosa Alice Zoe Eva Lucy Ivy Mary Jane "
         "Kate Amy Julia Maria Helen Grace Tina Dora Olga Lena Vera Nina Paula").split()
BOYS = ("Tom Ben Sam Max Leo Jack Finn Noah Paul Oscar Hugo Adam Peter Luke Tim David Mark "
        "Eric Carl Frank George Henry Ivan Jim Ken Louis Martin Nick Oliver Robert").split()
NAMES = GIRLS + BOYS
SUBJECT = {**{n: "she" for n in GIRLS}, **{n: "he" for n in BOYS}}
OBJECT = {**{n: "her" for n in GIRLS}, **{n: "him" for n in BOYS}}
POSSESSIVE = {**{n: "her" for n in GIRLS}, **{n: "his" for n in BOYS}}
GENDERED = {"girl": "she", "queen": "she", "mother": "she", "sister": "she", "aunt": "she",
            "boy": "he", "king": "he", "father": "he", "brother": "he", "uncle": "he"}

# Things that one can hold, so that they can be given, lost, found and carried, by what one does
# with them.
TOYS = "ball kite doll toy robot puzzle balloon".split()
WEAR = "hat coat shoe scarf glove ring watch".split()
TOOLS = ("lamp cup spoon key pen rope bag stick plate bottle brush candle clock mirror blanket "
         "pillow umbrella coin").split()
HOLDERS = "basket box bucket bag".split()
PAPER = "book map letter ticket stamp card".split()
MUSIC = "bell drum flute".split()
NATURE = "flower stone shell feather seed".split()
FOOD = "apple pear cake cookie sandwich".split()
THINGS = list(dict.fromkeys(TOYS + WEAR + TOOLS + HOLDERS + PAPER + MUSIC + NATURE + FOOD))
KEPT = TOYS + WEAR + "lamp cup key pen bag clock mirror blanket umbrella".split() + MUSIC + ["book", "map"]

PETS = "dog cat rabbit duck hen mouse turtle".split()
WILD = "fox bear wolf deer owl frog bird swan".split()
ANIMALS = ("dog cat horse cow pig sheep goat duck hen mouse rabbit fox bear wolf lion tiger "
           "elephant monkey frog fish bird owl bee spider snake turtle deer swan").split()
YOUNG = {"dog": "puppy", "cat": "kitten", "horse": "foal", "cow": "calf", "pig": "piglet",
         "sheep": "lamb", "goat": "kid", "duck": "duckling", "hen": "chick", "bear": "cub",
         "deer": "fawn", "swan": "cygnet", "frog": "tadpole", "owl": "owlet"}
SOUND = {"dog": "barks", "cat": "meows", "cow": "moos", "pig": "oinks", "sheep": "bleats",
         "duck": "quacks", "lion": "roars", "frog": "croaks", "owl": "hoots", "bee": "buzzes",
         "snake": "hisses", "wolf": "howls"}

# Places by class: what can be planted, bought or lost there differs.
GREEN = "garden park forest field meadow farm".split()
WATER = "river lake beach".split()
OUTDOORS = GREEN + WATER + ["hill"]
ROOMS = "kitchen bedroom attic cellar hall".split()
HOUSES = "library school museum station theatre".split()
INDOORS = ROOMS + HOUSES
SHOPS = "market bakery shop bookshop pharmacy".split()
OTHER = "hospital castle harbour bridge tower".split()
PLACES = OUTDOORS + INDOORS + SHOPS + OTHER

COLOURS = "red blue green yellow white black brown pink grey orange".split()
COLOUR_OF = {"grass": "green", "snow": "white", "blood": "red", "the sky": "blue",
             "the sun": "yellow", "coal": "black", "milk": "white", "a lemon": "yellow",
             "a tomato": "red", "a leaf": "green", "the sea": "blue", "chocolate": "brown"}
ADJECTIVES = "small big old new little shiny soft heavy pretty strange".split()
FEELINGS = "happy sad tired proud scared angry hungry calm surprised lonely".split()
KIN = {"she": "mother sister aunt teacher".split(), "he": "father brother uncle teacher".split()}

CAPITALS = {"France": "Paris", "Italy": "Rome", "Spain": "Madrid", "Germany": "Berlin",
            "England": "London", "Japan": "Tokyo", "China": "Beijing", "Russia": "Moscow",
            "Greece": "Athens", "Egypt": "Cairo", "Norway": "Oslo", "Austria": "Vienna",
            "Portugal": "Lisbon", "Poland": "Warsaw", "Sweden": "Stockholm", "Ireland": "Dublin",
            "Cuba": "Havana", "Peru": "Lima", "Kenya": "Nairobi", "India": "Delhi"}
OPPOSITES = {"hot": "cold", "big": "small", "up": "down", "day": "night", "old": "young",
             "wet": "dry", "open": "closed", "fast": "slow", "high": "low", "hard": "soft",
             "full": "empty", "light": "dark", "loud": "quiet", "happy": "sad", "rich": "poor",
             "left": "right", "early": "late", "long": "short", "thick": "thin", "clean": "dirty"}
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = ("January February March April May June July August September October November "
          "December").split()
NUMBERS = ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
           "fifteen sixteen seventeen eighteen nineteen twenty").split()
WEATHER = "sunny rainy windy cold warm cloudy".split()
