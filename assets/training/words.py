"""The small world the bundled model reads about: names, things, animals, places, facts."""

GIRLS = ("Mia Anna Lily Emma Sara Nora Ella Ruby Clara Rosa Alice Zoe Eva Lucy Ivy Mary Jane "
         "Kate Amy Julia Maria Helen Grace Tina Dora Olga Lena Vera Nina Paula").split()
BOYS = ("Tom Ben Sam Max Leo Jack Finn Noah Paul Oscar Hugo Adam Peter Luke Tim David Mark "
        "Eric Carl Frank George Henry Ivan Jim Ken Louis Martin Nick Oliver Robert").split()
NAMES = GIRLS + BOYS
SUBJECT = {**{n: "she" for n in GIRLS}, **{n: "he" for n in BOYS}}
OBJECT = {**{n: "her" for n in GIRLS}, **{n: "him" for n in BOYS}}
POSSESSIVE = {**{n: "her" for n in GIRLS}, **{n: "his" for n in BOYS}}

# Things that fit in a hand, so that they can be given, lost, found and carried.
THINGS = ("ball book kite lamp cup spoon hat coat shoe key coin map pen letter flower apple pear "
          "cake cookie sandwich bell drum flute box basket bag rope stick stone shell feather "
          "candle clock watch ring mirror brush bucket plate bottle ticket stamp card puzzle doll "
          "toy robot balloon umbrella scarf glove blanket pillow seed").split()
FOOD = "apple pear cake cookie sandwich".split()

ANIMALS = ("dog cat horse cow pig sheep goat duck hen mouse rabbit fox bear wolf lion tiger "
           "elephant monkey frog fish bird owl bee spider snake turtle deer swan").split()
YOUNG = {"dog": "puppy", "cat": "kitten", "horse": "foal", "cow": "calf", "pig": "piglet",
         "sheep": "lamb", "goat": "kid", "duck": "duckling", "hen": "chick", "bear": "cub",
         "deer": "fawn", "swan": "cygnet", "frog": "tadpole", "owl": "owlet"}
SOUND = {"dog": "barks", "cat": "meows", "cow": "moos", "pig": "oinks", "sheep": "bleats",
         "duck": "quacks", "lion": "roars", "frog": "croaks", "owl": "hoots", "bee": "buzzes",
         "snake": "hisses", "wolf": "howls"}

# Places by class: what can be planted, bought or lost there differs.
OUTDOORS = "garden park forest field river lake beach farm hill meadow".split()
INDOORS = "kitchen bedroom attic cellar hall library school museum station theatre".split()
SHOPS = "market bakery shop bookshop pharmacy".split()
OTHER = "hospital castle harbour bridge tower".split()
PLACES = OUTDOORS + INDOORS + SHOPS + OTHER

COLOURS = "red blue green yellow white black brown pink grey orange".split()
COLOUR_OF = {"grass": "green", "snow": "white", "blood": "red", "the sky": "blue",
             "the sun": "yellow", "coal": "black", "milk": "white", "a lemon": "yellow",
             "a tomato": "red", "a leaf": "green", "the sea": "blue", "chocolate": "brown"}
ADJECTIVES = "small big old new little shiny soft heavy pretty strange".split()
FEELINGS = "happy sad tired proud scared angry hungry calm surprised lonely".split()

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
