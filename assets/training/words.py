"""The small world's words: people, things, animals, places, facts, and what leans on what.

Lists begin with what is commonest; grammar.zipf() weighs them so.
"""

# People, from many languages.
GIRLS = ("Mia Anna Lily Emma Sara Nora Ella Ruby Clara Rosa Alice Zoe Eva Lucy Ivy Mary Jane Kate Amy "
         "Julia Maria Helen Grace Tina Dora Olga Lena Vera Nina Paula Sofia Laura Hannah Chloe Maya "
         "Aisha Fatima Leila Amina Zeynep Elif Ayse Yasmin Layla Noor Salma Priya Ananya Meera Asha "
         "Divya Riya Kavya Lakshmi Mei Ling Yuki Sakura Hana Aiko Naoko Emi Minji Soo Linh Camila "
         "Valentina Lucia Carmen Ines Elena Isabella Giulia Chiara Francesca Bianca Amelie Manon Camille "
         "Juliette Margot Louise Greta Frieda Heidi Ingrid Astrid Freya Sigrid Anja Katya Natasha Irina "
         "Svetlana Daria Oksana Zofia Agnieszka Magda Wanjiku Amara Chidinma Ngozi Zainab Nia Imani Adaeze "
         "Thandi Esther Miriam Rachel Leah Abigail Charlotte Olivia Ava Sophie Emily Jessica Megan Molly "
         "Beatriz Joana Mariana Zoë Chloé José-Maria Anaïs Renée Åsa").split()
BOYS = ("Tom Ben Sam Max Leo Jack Finn Noah Paul Oscar Hugo Adam Peter Luke Tim David Mark Eric Carl "
        "Frank George Henry Ivan Jim Ken Louis Martin Nick Oliver Robert Liam Lucas Jonas Felix Omar Ali "
        "Mohammed Yusuf Ahmed Hassan Ibrahim Khalid Karim Emre Mehmet Mustafa Rahul Arjun Ravi Amit "
        "Rohan Sanjay Vikram Wei Ming Jun Hao Kenji Haruki Takeshi Hiro Ren Daiki Minho Jin Minh Diego "
        "Mateo Carlos Pablo Javier Miguel Luis Pedro Juan Marco Luca Giovanni Matteo Antonio Pierre Jean "
        "Antoine Mathieu Klaus Hans Jürgen Lukas Stefan Lars Erik Bjorn Magnus Sven Dmitri Boris Sergei "
        "Mikhail Pavel Piotr Jakub Tomasz Kwame Kofi Chidi Emeka Jabari Tunde Sipho Daniel Samuel Jacob "
        "Isaac Joshua Ethan James William Harry Charlie Thomas Alexander João Tiago Rafael André José "
        "François Søren Björn Łukasz").split()
GIRLS.remove("José-Maria")
NAMES = [name for pair in zip(GIRLS, BOYS) for name in pair] + GIRLS[len(BOYS):] + BOYS[len(GIRLS):]
IS_GIRL = set(GIRLS)
ADULTS = {"she": "mother grandmother aunt teacher sister".split(), "he": "father grandfather uncle teacher brother".split()}
CHILD = {"she": "girl", "he": "boy"}
JOBS = ("teacher doctor farmer baker nurse driver painter singer gardener cook pilot fisherman policeman "
        "writer sailor dentist shopkeeper scientist librarian postman builder musician engineer king queen "
        "waiter clown astronaut detective knight tailor carpenter").split()
# What a job has to do with: the place, the thing, what one does.
WORK = {"teacher": ("school", "book", "teaches children"), "doctor": ("hospital", "bag", "helps people who are ill"),
        "farmer": ("farm", "cow", "works in the fields"), "baker": ("bakery", "bread", "makes bread"),
        "nurse": ("hospital", "bed", "takes care of people"), "driver": ("station", "bus", "drives a bus"),
        "painter": ("house", "brush", "paints pictures"), "singer": ("theatre", "song", "sings songs"),
        "gardener": ("garden", "flower", "plants flowers"), "cook": ("kitchen", "soup", "makes soup"),
        "pilot": ("airport", "plane", "flies planes"), "fisherman": ("harbour", "boat", "catches fish"),
        "policeman": ("street", "hat", "looks for thieves"), "writer": ("library", "pen", "writes books"),
        "sailor": ("harbour", "ship", "sails on the sea"), "dentist": ("clinic", "tooth", "looks after teeth"),
        "shopkeeper": ("shop", "coin", "sells things"), "scientist": ("museum", "star", "asks questions"),
        "librarian": ("library", "book", "lends books"), "postman": ("street", "letter", "brings letters"),
        "builder": ("street", "hammer", "builds houses"), "musician": ("theatre", "drum", "plays music"),
        "engineer": ("bridge", "map", "builds bridges"), "astronaut": ("moon", "rocket", "flies to the moon"),
        "detective": ("street", "clue", "finds what is lost")}
TRAITS = "kind brave clever shy lazy curious funny strong quiet patient polite careful cheerful proud grumpy".split()

# Things that one can hold, by what one does with them.
TOYS = "ball kite doll toy robot puzzle balloon teddy train frisbee".split()
WEAR = "hat coat shoe scarf glove ring watch sock shirt dress jacket cap necklace".split()
TOOLS = ("key cup lamp spoon pen bag rope stick plate bottle brush candle clock mirror blanket pillow "
         "umbrella coin phone torch hammer ladder knife pencil camera backpack").split()
HOLDERS = "basket box bucket bag drawer suitcase".split()
PAPER = "book map letter ticket stamp card newspaper photo notebook".split()
MUSIC = "guitar piano drum violin flute bell trumpet".split()
NATURE = "flower stone shell feather seed leaf".split()
FOOD = ("pizza cake bread soup apple rice ice_cream chocolate cheese pasta sandwich salad fish banana cookie "
        "pie egg pancake noodles spaghetti orange strawberry burger sushi taco curry honey yoghurt mango "
        "pear potato tomato carrot popcorn jam porridge cherry lemon melon dumpling").split()
FOOD = [f.replace("_", " ") for f in FOOD]
SWEET = ["cake", "chocolate", "ice cream"] + "cookie pie honey strawberry mango jam banana pancake cherry".split()
ONE_FOOD = "apple cake cookie sandwich pear banana egg pancake pie orange mango potato tomato carrot lemon burger taco".split()
MASS = {"bread", "soup", "rice", "ice cream", "chocolate", "cheese", "pasta", "salad", "fish", "noodles",
        "spaghetti", "sushi", "curry", "honey", "yoghurt", "popcorn", "jam", "porridge", "pizza"}
DRINKS = "water milk tea juice coffee lemonade cocoa".split()
THINGS = list(dict.fromkeys(["ball", "book", "key", "hat"] + TOYS + WEAR + TOOLS + HOLDERS + PAPER + MUSIC + NATURE + ONE_FOOD[:5]))
KEPT = "book ball key hat lamp cup pen clock watch map umbrella ring scarf coat bag doll kite photo phone camera guitar".split()
FOOD_WHY = {"sweet": SWEET, "hot": "soup pizza curry noodles porridge pasta".split(), "cheesy": "pizza pasta burger".split(),
            "fresh": "salad apple orange melon fish tomato cherry".split(), "soft": "bread rice banana egg pancake yoghurt".split(),
            "crunchy": "carrot apple popcorn cookie salad taco".split(), "salty": "popcorn cheese burger potato".split(),
            "spicy": "curry taco noodles".split(), "juicy": "orange melon mango pear strawberry".split(),
            "sour": "lemon yoghurt".split()}

PETS = "dog cat rabbit hamster parrot pony duck hen mouse turtle goldfish".split()
WILD = "fox bird squirrel deer owl frog bear wolf hedgehog swan butterfly".split()
FARM = "cow horse sheep pig goat hen duck donkey".split()
ANIMALS = ("dog cat horse cow bird rabbit pig sheep mouse fox bear lion duck fish goat hen wolf tiger elephant "
           "monkey frog owl bee spider snake turtle deer swan dragon penguin giraffe whale dolphin camel "
           "kangaroo squirrel hedgehog parrot donkey zebra").split()
YOUNG = {"dog": "puppy", "cat": "kitten", "horse": "foal", "cow": "calf", "pig": "piglet",
         "sheep": "lamb", "goat": "kid", "duck": "duckling", "hen": "chick", "bear": "cub",
         "deer": "fawn", "swan": "cygnet", "frog": "tadpole", "owl": "owlet"}
SOUND = {"dog": "barks", "cat": "meows", "cow": "moos", "pig": "oinks", "sheep": "bleats",
         "duck": "quacks", "lion": "roars", "frog": "croaks", "owl": "hoots", "bee": "buzzes",
         "snake": "hisses", "wolf": "howls", "horse": "neighs", "bird": "sings", "mouse": "squeaks"}
LEGS = {"spider": "eight", "bee": "six", "butterfly": "six", "ant": "six", "dog": "four", "cat": "four",
        "horse": "four", "cow": "four", "sheep": "four", "lion": "four", "elephant": "four", "frog": "four",
        "bird": "two", "hen": "two", "duck": "two", "owl": "two", "penguin": "two", "person": "two",
        "snake": "no", "fish": "no"}
EATS = {"cat": "fish", "dog": "meat", "cow": "grass", "horse": "hay", "sheep": "grass", "rabbit": "carrots",
        "mouse": "cheese", "monkey": "bananas", "bear": "honey", "bird": "seeds", "frog": "flies", "hen": "corn",
        "squirrel": "nuts", "panda": "bamboo", "lion": "meat", "goat": "leaves", "owl": "mice", "penguin": "fish"}
LIVES = {"fish": "water", "lion": "savanna", "camel": "desert", "penguin": "ice", "bear": "forest", "wolf": "forest",
         "frog": "pond", "owl": "tree", "bee": "hive", "bird": "nest", "whale": "sea", "monkey": "jungle",
         "cow": "stable", "deer": "forest", "dolphin": "sea", "squirrel": "tree", "tiger": "jungle"}
ANIMAL_IS = {"dog": "loyal friendly loud brave", "cat": "soft quiet lazy clever", "horse": "strong fast beautiful",
             "rabbit": "soft shy fast", "fox": "clever quick red", "bear": "big strong brown", "lion": "strong proud brave",
             "elephant": "big strong wise", "mouse": "small quick shy", "owl": "wise quiet", "snake": "long dangerous quiet",
             "bird": "small free light", "fish": "quiet wet quick", "dragon": "big dangerous old", "wolf": "grey wild dangerous",
             "tiger": "strong wild beautiful", "monkey": "funny clever quick", "cow": "calm big", "sheep": "soft calm",
             "pig": "clever pink dirty", "turtle": "slow old calm", "penguin": "funny small", "giraffe": "tall calm"}

HEROES = "dragon king queen knight wizard giant princess pirate robot witch monster fairy".split()
PET_NAMES = "Rex Bella Luna Milo Coco Rocky Simba Kiki Snowy Buddy Daisy Fluffy Bruno Lola Spot Nemo Oreo Shadow".split()

# Places by class: what can be planted, bought, lost or done there differs.
GREEN = "park garden forest field meadow".split()
WATER = "lake river beach sea pool pond".split()
OUTDOORS = ["park", "garden", "lake", "forest", "beach", "hill", "river", "field", "playground", "meadow", "farm"]
ROOMS = "kitchen bedroom attic cellar hall bathroom garage".split()
HOUSES = "school library museum station theatre cinema zoo".split()
INDOORS = ROOMS + HOUSES
SHOPS = "shop market bakery supermarket bookshop pharmacy".split()
OTHER = "hospital castle harbour bridge tower village city airport street mountain island".split()
PLACES = ["park", "school", "shop", "lake", "market", "library"]
PLACES += [p for p in OUTDOORS + HOUSES + SHOPS + OTHER if p not in PLACES]
# What stands before a place.
IN = set(GREEN + ROOMS + ["village", "city", "street", "pool", "cinema", "theatre", "hospital", "playground"]) - {"park"}
ON = {"hill", "farm", "bridge", "beach", "mountain", "island", "tower"}
COOKED = ["soup", "pizza", "a cake", "pasta", "pancakes", "noodles", "curry", "a pie", "rice", "dumplings", "a salad", "tacos"]
MY_KIN = "mum dad mother father grandma sister brother grandpa grandmother uncle aunt teacher".split()

# What one does, where, and with what.
DOING = {"park": ["play football", "feed the ducks", "fly a kite", "sit on a bench", "climb a tree", "ride a bike"],
         "lake": ["swim", "feed the ducks", "sail a boat", "catch fish", "throw stones into the water"],
         "beach": ["swim", "build a castle of sand", "look for shells", "lie in the sun", "play volleyball"],
         "forest": ["look for mushrooms", "climb a tree", "listen to the birds", "walk the dog"],
         "garden": ["plant flowers", "pick apples", "water the flowers", "read a book", "play with the dog"],
         "school": ["learn to read", "write a test", "play with friends", "listen to the teacher"],
         "library": ["read a book", "look for a book", "do homework", "borrow a comic"],
         "market": ["buy fruit", "buy bread", "buy flowers", "sell apples", "look at everything"],
         "shop": ["buy milk", "buy bread", "buy a present", "look for a new bag"],
         "kitchen": ["bake a cake", "cook soup", "make pancakes", "wash the dishes", "make tea"],
         "bedroom": ["sleep", "read a book", "listen to music", "play a game", "do homework"],
         "museum": ["look at pictures", "see the bones of a dinosaur", "draw a statue"],
         "zoo": ["see the lions", "watch the monkeys", "feed the goats", "look at the penguins"],
         "cinema": ["see a film", "eat popcorn"], "river": ["catch fish", "swim", "build a bridge of stones"],
         "hill": ["fly a kite", "look at the stars", "ride a sledge"], "playground": ["play on the swings", "play football", "run and jump"],
         "farm": ["feed the hens", "ride a horse", "help the farmer", "milk the cow"],
         "station": ["take a train", "wait for a train"], "field": ["play football", "run", "fly a kite"],
         "pool": ["swim", "learn to dive"], "attic": ["look for old things", "hide", "look at old photos"]}
HOBBIES = ["playing football", "reading", "drawing", "swimming", "dancing", "singing", "playing the guitar",
           "cooking", "riding my bike", "playing chess", "painting", "playing video games", "playing basketball",
           "running", "listening to music", "climbing", "taking photos", "playing the piano", "baking",
           "gardening", "fishing", "skating", "writing stories", "playing tennis", "watching films", "hiking"]
SPORTS = "football basketball tennis volleyball hockey chess cards rugby badminton".split()
GAMES = ("football chess tag hide_and_seek cards Minecraft basketball tennis Tetris Pokemon Mario "
         "dominoes").split()
GAMES = [g.replace("_", " ") for g in GAMES]
SUBJECTS = "maths English science history art music sport geography biology physics French Spanish German computing chemistry".split()
SUBJECT_WHY = {"maths": ["numbers are fun", "I like puzzles", "the teacher is kind", "I am good at sums"],
               "English": ["we read stories", "I like to write", "I love books"],
               "science": ["we do experiments", "I want to know how things work", "we look at plants and stars"],
               "history": ["I like old stories", "we learn about kings and queens", "castles are interesting"],
               "art": ["I like to draw", "we paint and make things", "I love colours"],
               "music": ["we sing", "I play the piano", "I like songs"],
               "sport": ["we play football", "I like to run", "we are outside"]}

COLOURS = "red blue green yellow white black brown pink grey orange purple".split()
COLOUR_OF = {"grass": "green", "snow": "white", "blood": "red", "the sky": "blue", "the sun": "yellow",
             "coal": "black", "milk": "white", "a lemon": "yellow", "a tomato": "red", "a leaf": "green",
             "the sea": "blue", "chocolate": "brown", "the night": "black", "a banana": "yellow",
             "a cherry": "red", "a carrot": "orange", "a mouse": "grey", "a pig": "pink"}
ADJECTIVES = "old little big small new beautiful strange heavy shiny soft pretty broken".split()
FEELINGS = "happy tired sad hungry angry proud scared excited lonely calm surprised bored nervous cold thirsty".split()
# What one does then.
THEN = {"happy": ["smiled", "laughed", "sang", "danced", "jumped up and down"],
        "sad": ["cried", "went to bed", "sat down alone", "did not talk", "called a friend"],
        "tired": ["went to bed", "slept", "sat down", "fell asleep", "closed {xp} eyes"],
        "hungry": ["ate a sandwich", "made some soup", "went to the kitchen", "asked for bread"],
        "angry": ["shouted", "closed the door", "ran away", "did not say a word"],
        "scared": ["hid under the bed", "ran home", "called for help", "held {xp} breath"],
        "thirsty": ["drank some water", "asked for water", "drank a glass of milk"],
        "bored": ["looked out of the window", "turned on the radio", "counted the clouds"],
        "cold": ["put on a coat", "made some tea", "went inside"],
        "excited": ["could not sleep", "ran outside", "jumped up and down"]}

CAPITALS = {"France": "Paris", "Italy": "Rome", "Spain": "Madrid", "Germany": "Berlin",
            "England": "London", "Japan": "Tokyo", "China": "Beijing", "Russia": "Moscow",
            "Greece": "Athens", "Egypt": "Cairo", "Norway": "Oslo", "Austria": "Vienna",
            "Portugal": "Lisbon", "Poland": "Warsaw", "Sweden": "Stockholm", "Ireland": "Dublin",
            "Cuba": "Havana", "Peru": "Lima", "Kenya": "Nairobi", "India": "Delhi"}
OPPOSITES = {"hot": "cold", "big": "small", "up": "down", "day": "night", "old": "young",
             "wet": "dry", "open": "closed", "fast": "slow", "high": "low", "hard": "soft",
             "full": "empty", "light": "dark", "loud": "quiet", "happy": "sad", "rich": "poor",
             "left": "right", "early": "late", "long": "short", "thick": "thin", "clean": "dirty"}
BOTH_WAYS = {**OPPOSITES, **{v: k for k, v in OPPOSITES.items()}}
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = ("January February March April May June July August September October November "
          "December").split()
SEASON_OF = {"December": "winter", "January": "winter", "February": "winter", "March": "spring", "April": "spring",
             "May": "spring", "June": "summer", "July": "summer", "August": "summer", "September": "autumn",
             "October": "autumn", "November": "autumn"}
NUMBERS = ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
           "fifteen sixteen seventeen eighteen nineteen twenty").split()
WEATHER = "sunny rainy windy cold warm cloudy snowy hot foggy stormy".split()
JOB_WHY = {"teacher": ["I like children", "I like school", "I want to help children"], "doctor": ["I want to help people", "I am not scared of blood"],
           "pilot": ["I want to fly", "I love planes", "I want to see the world"], "singer": ["I love music", "I like to sing"],
           "astronaut": ["I want to fly to the moon", "I love the stars"], "farmer": ["I love animals", "I like to be outside"],
           "cook": ["I love food", "I like to make soup"], "writer": ["I have many ideas", "I love books"], "baker": ["I love bread and cakes"],
           "scientist": ["I ask many questions", "I want to know how things work"], "detective": ["I like secrets", "I find everything"],
           "engineer": ["I like to build things", "I am good at maths"], "painter": ["I love colours", "I like to draw"],
           "football player": ["I love football", "I can run fast"], "nurse": ["I want to help people"], "dancer": ["I love to dance"]}
HOBBY_WHY = {"playing football": ["it is fun", "I can run fast", "I like my team"], "reading": ["books are like dreams", "I learn new words", "it is quiet"],
             "drawing": ["I love colours", "I can draw what I want"], "swimming": ["I like water", "it is good for me"], "dancing": ["I love music", "it makes me happy"],
             "singing": ["it makes me happy", "my voice is loud"], "playing the guitar": ["I love music", "my brother plays it too"], "cooking": ["I love food", "it smells so good"],
             "riding my bike": ["I like to go fast", "I can see the whole city"], "playing chess": ["I like to think", "I often win"], "playing video games": ["I can play with my friends", "it is exciting"],
             "baking": ["I love cakes"], "climbing": ["I like to be high up"], "painting": ["I love colours"], "listening to music": ["it makes me calm"]}
GAME_WHY = {"Minecraft": ["I can build houses", "I can build what I want", "I play it with my friends"], "football": ["I can run fast", "we play it every day", "I like to score goals"],
            "chess": ["I like to think", "you need no luck", "my grandfather plays it with me"], "Mario": ["he can jump", "it is so funny", "I play it with my brother"],
            "Tetris": ["it is so simple", "it gets faster and faster"], "Pokemon": ["I want to catch them all", "I like the animals in it"], "basketball": ["I am tall", "I like to jump", "it is fast"],
            "tag": ["I can run fast", "it needs no ball"], "hide and seek": ["nobody finds me", "it is exciting"], "cards": ["I often win", "we play it in the evening"], "tennis": ["I like my racket", "it is fast"]}
# What everybody knows: question, answer, the same as a sentence.
GENERAL = [("How many days are in a week?", "Seven", "A week has seven days"), ("How many months are in a year?", "Twelve", "A year has twelve months"), ("How many seasons are there?", "Four", "There are four seasons"),
           ("How many hours are in a day?", "Twenty-four", "A day has twenty-four hours"), ("What do bees make?", "Honey", "Bees make honey"), ("What do cows give us?", "Milk", "Cows give us milk"), ("What do hens lay?", "Eggs", "Hens lay eggs"),
           ("What do sheep give us?", "Wool", "Sheep give us wool"), ("Where does the sun rise?", "In the east", "The sun rises in the east"), ("Where does the sun go down?", "In the west", "The sun goes down in the west"),
           ("When is it dark?", "At night", "It is dark at night"), ("When does it snow?", "In winter", "It snows in winter"), ("When do leaves fall?", "In autumn", "Leaves fall in autumn"), ("When do flowers come out?", "In spring", "Flowers come out in spring"),
           ("What is ice?", "Frozen water", "Ice is frozen water"), ("What is the biggest animal?", "The whale", "The whale is the biggest animal"), ("What is the tallest animal?", "The giraffe", "The giraffe is the tallest animal"),
           ("What is the fastest animal?", "The cheetah", "The cheetah is the fastest animal"), ("What do you do with your eyes?", "You see with them", "You see with your eyes"), ("What do you do with your ears?", "You hear with them", "You hear with your ears"),
           ("What do you need when it rains?", "An umbrella", "When it rains, you need an umbrella"), ("What do you need to open a locked door?", "A key", "To open a locked door you need a key"), ("What do you write with?", "A pen", "You write with a pen"),
           ("What do you eat soup with?", "A spoon", "You eat soup with a spoon"), ("What do you read?", "A book", "You read a book"), ("Where do you borrow books?", "In the library", "You borrow books in the library"), ("Where do you buy bread?", "At the bakery", "You buy bread at the bakery"),
           ("Where do fish live?", "In the water", "Fish live in the water"), ("Where do children learn?", "At school", "Children learn at school"), ("Who helps you when you are ill?", "A doctor", "When you are ill, a doctor helps you"), ("Who bakes bread?", "A baker", "A baker bakes bread"),
           ("Who flies planes?", "A pilot", "A pilot flies planes"), ("What comes after night?", "Morning", "After night comes morning"), ("What is the first month?", "January", "January is the first month"), ("What is the last month?", "December", "December is the last month"),
           ("What is the first day of the week?", "Monday", "Monday is the first day of the week"), ("What do plants need?", "Water and light", "Plants need water and light"), ("Is the earth round or flat?", "Round", "The earth is round"), ("What shines at night?", "The moon", "The moon shines at night"),
           ("How many wheels does a bike have?", "Two", "A bike has two wheels"), ("How many wheels does a car have?", "Four", "A car has four wheels"), ("How many fingers do you have?", "Ten", "You have ten fingers"), ("How many eyes do you have?", "Two", "You have two eyes"),
           ("What colour do you get from blue and yellow?", "Green", "Blue and yellow make green"), ("What colour do you get from red and yellow?", "Orange", "Red and yellow make orange"), ("What colour do you get from red and blue?", "Purple", "Red and blue make purple"),
           ("What does a language model do?", "It guesses the next word", "A language model guesses the next word"), ("What is a token?", "A piece of text", "A token is a piece of text")]
SIZES = "ant bee mouse frog bird hen cat fox dog sheep pig wolf lion cow horse bear camel giraffe elephant whale".split()
SKILLS = "swim sing dance cook draw read write run climb paint ski skate count whistle".split()
DISH = {"cake": ["flour", "eggs", "sugar", "butter", "milk"], "pancakes": ["flour", "eggs", "milk"], "soup": ["carrots", "potatoes", "water", "salt", "tomatoes"],
        "pizza": ["flour", "tomatoes", "cheese", "water", "oil"], "salad": ["tomatoes", "salad", "oil", "salt", "carrots"], "bread": ["flour", "water", "salt"],
        "spaghetti": ["spaghetti", "tomatoes", "salt", "cheese"], "tea": ["water", "tea", "sugar", "milk"], "a sandwich": ["bread", "cheese", "butter", "tomatoes"],
        "curry": ["rice", "onions", "tomatoes", "salt"], "lemonade": ["lemons", "water", "sugar"]}

# What a word means, for lines of a dictionary.
MEANS = {"teacher": "a person who teaches children", "baker": "a person who makes bread", "doctor": "a person who helps the ill",
         "farmer": "a person who works on a farm", "pilot": "a person who flies planes", "spoon": "a thing to eat soup with",
         "key": "a thing that opens a door", "lamp": "a thing that gives light", "umbrella": "a thing that keeps off the rain",
         "clock": "a thing that shows the time", "bed": "a place to sleep", "kitchen": "a room where people cook",
         "school": "a place where children learn", "library": "a place with many books", "market": "a place where people buy things",
         "puppy": "a young dog", "kitten": "a young cat", "winter": "the coldest season", "summer": "the warmest season",
         "night": "the time when it is dark", "morning": "the first part of the day", "friend": "a person whom you like",
         "boat": "a thing that carries people over water", "hammer": "a tool for nails", "coat": "something warm to wear",
         "river": "water that runs to the sea", "island": "land with water all around it", "bridge": "a way over water",
         "token": "a piece of text", "model": "a program that guesses the next word", "word": "a group of letters",
         "cake": "something sweet to eat", "soup": "a hot food in a bowl", "moon": "the light in the sky at night",
         "secret": "something that you tell nobody", "gift": "something that you give", "thief": "a person who takes what is not his"}
RHYMES = [("day", "play", "way", "say", "May", "grey"), ("night", "light", "bright", "white", "right"),
          ("tree", "sea", "me", "bee", "free"), ("cat", "hat", "mat", "rat", "that"), ("moon", "spoon", "soon", "June", "tune"),
          ("star", "far", "car", "are"), ("sky", "fly", "high", "why", "by"), ("blue", "you", "true", "new", "too"),
          ("house", "mouse"), ("snow", "go", "slow", "know"), ("rain", "train", "again", "plain"), ("bed", "red", "said", "head"),
          ("sun", "fun", "run", "one"), ("king", "sing", "ring", "thing", "spring"), ("boat", "coat", "goat", "note")]
