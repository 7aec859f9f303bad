"""What people say and write: about themselves, to each other, in letters, lists, notes and poems."""

import common
import words as w
from grammar import a, cap, plural, say, worded, zipf
from world import Cast


def reason_for_food(rng, food):
    fits = [what for what, foods in w.FOOD_WHY.items() if food in foods]
    many = food not in w.MASS
    it, be, taste, make = ("they", "are", "taste", "make") if many else ("it", "is", "tastes", "makes")
    if fits and rng.random() < 0.45:
        return f"{it} {be} {say(rng, '(so |very |)')}{rng.choice(fits)}"
    return say(rng, f"({it} {be} (so |very |)(good*2|delicious|tasty*0.5)*3|{it} {taste} (so good|like summer|{{good}})|my ({{kin}}) makes {'them' if many else 'it'} (on Sundays|for me|best)"
                    f"|{it} {make} me happy|I am always hungry)", Cast(rng, 1))


def liking(rng, cast):
    """A like or a dislike with its reason, in the first person."""
    kind = rng.choices(["food", "subject", "animal", "hobby", "season", "dislike", "game"], [30, 16, 18, 16, 6, 10, 8])[0]
    if kind == "game":
        game = zipf(rng, w.GAMES)
        why = rng.choice(w.GAME_WHY.get(game, ["it is fun"]) + ["it is fun", "it is exciting"])
        return cast.say(f"(My favourite (game|video game|sport) is {game}|I (like|love)[ to play| playing] {game}*2|{cap(game)} is (my favourite game|the best game)) because {why}.")
    if kind == "food":
        food = zipf(rng, w.FOOD)
        shown = food if food in w.MASS else plural(food)
        why = reason_for_food(rng, food)
        return cast.say(f"(I (like|love|really like|eat) {shown}*4|My favourite food is {food}|{cap(shown)} {'is' if food in w.MASS else 'are'} my favourite food|I think {shown} {'is' if food in w.MASS else 'are'} {{good}}) because {why}.")
    if kind == "subject":
        subject = zipf(rng, w.SUBJECTS)
        why = rng.choice(w.SUBJECT_WHY.get(subject, ["the teacher is kind", "it is interesting", "I learn a lot", "it is easy"]) + ["it is interesting", "it is fun"])
        return cast.say(f"(I (like|love) {subject}*3|My favourite (subject|lesson)[ at school] is {subject}|The best thing about school is {subject}) because {why}.")
    if kind == "animal":
        animal = zipf(rng, list(w.ANIMAL_IS))
        what = rng.choice(w.ANIMAL_IS[animal].split())
        many = plural(animal)
        return cast.say(f"(I (like|love) {many}*3|My favourite animal is the {animal}|I think {many} are the best animals|I want {a(animal)}) because (they are (so |very |){what}*3|they are (cute|beautiful|funny)|I have one at home|they are my friends|they look so nice).")
    if kind == "hobby":
        hobby = zipf(rng, w.HOBBIES)
        why = rng.choice(w.HOBBY_WHY.get(hobby, ["it is fun"]) + ["it is fun", "it makes me happy", "I am good at it", "my friends do it too"])
        return cast.say(f"(I (like|love|enjoy) {hobby}*3|My (favourite |)hobby is {hobby}|In my free time I like {hobby}) because {why}.")
    if kind == "season":
        return cast.say("(My favourite season is|I (like|love)) (summer because (it is (warm|hot|sunny)|there is no school|we go to the (sea|beach|lake))|winter because (it snows|I like snow|we drink cocoa|we can ski)|spring because (the flowers come out|the birds sing|it gets warm)|autumn because (the leaves are red|I like the rain|we pick apples)).")
    return cast.say("(I (do not|don't) like (homework|tests) because (it takes too long|I want to play|it is (hard|boring)|I have no time)|I (do not|don't) like {foods} because (I ate too much once|it tastes (strange|bad)|it looks strange)|I (do not|don't) like (rain|fog|snow) because (it is (cold|wet|grey)|I cannot play outside)|I (do not|don't) like (spiders|snakes) because (they have (too many|no) legs|I am scared of them)|I (do not|don't) like (getting up early|Mondays) because I am (always |)tired).")


ABOUT_ME = [
    "My name is {X}[, and I am {age} years old].", "(I am|I'm) {age} years old.", "(I am|I'm) {X}[ from {country}].", "I (live|was born) in {city}[ with my ({kin}|family)].", "I come from {country}.",
    "I have (a (brother|sister)[ (named|called) {Y}]|{little} (brothers|sisters)).", "I have no brothers or sisters.", "My {kin} is a {job}.", "I have a {pet} (named|called) {petname}.",
    "My {pet} is called {petname}. (He|She) is ({colour} and {trait}|very {trait}|{little} years old).",
    "My best friend is (called |){Y}. {Yhe} (is {age} years old|likes {hobby}|is (very |){trait}|lives in the same street).", "My best friend is {trait} and (funny|kind|clever).",
    "In my free time I (like {hobby}|play {sport}|read|draw|listen to music|meet my friends|ride my bike).", "I (like|love) {hobby} and {hobby2}.", "I (can|cannot|want to learn to) {skill}.",
    "I want to be a {job}[ when I grow up].", "I am (good|bad) at {subject}.", "My favourite colour is {colour}.", "My favourite (game|sport) is {game}.", "My favourite (book|film) is about (a {hero}|{animals}|the sea|friends|a {job}).",
    "My favourite video game is (Minecraft|Mario|Tetris|Pokemon|about a {hero}).", "Every {day} I (go to|play|have) (the {spot}|{sport}|a {music} lesson).", "I go to school (by {way}|on foot|with {Y}).", "I (get up|wake up) at (six|seven|eight) o'clock.",
    "At school we (learn|have|like) {subject}.", "On {day} we have {subject} and {subject2}.", "The best thing about (school|my school) is (the break|my friends|{subject}|lunch|sport|the teacher).", "I am {feeling} (today|now|because {because}).", "I have a new {gift}.",
    "I play the {music}[ and my {friend} sings].", "We have (a garden|a big house|a small house|a {adj} car).", "My dream is to (see the sea|fly|travel to {country}|have a {pet}|be a {job}|win a race)."]

BECAUSE = {"happy": ["it is my birthday", "we won", "the sun is shining", "I have a new friend"], "sad": ["my {pet} is ill", "it is raining", "my friend is not here", "we lost"],
           "tired": ["I did not sleep", "I got up early", "I played all day"], "hungry": ["I had no breakfast", "I ate nothing today"],
           "angry": ["my brother took my {kept}", "it is not fair", "nobody listens"], "scared": ["it is dark", "there is a spider", "I have a test"], "nervous": ["I have a test tomorrow", "it is my first day"],
           "excited": ["tomorrow is my birthday", "we are going to the sea", "it snows"], "bored": ["there is nothing to do", "it is raining"], "cold": ["it snows", "I have no coat"], "thirsty": ["it is so hot", "I ran all the way"]}


class Me(Cast):
    def choose(self, kind):
        if kind == "kin":
            return zipf(self.rng, w.MY_KIN)
        if kind == "who":
            return zipf(self.rng, w.HEROES if self.rng.random() < 0.4 else w.ANIMALS)
        if kind == "because":
            return self.say(zipf(self.rng, BECAUSE.get(self["feeling"], ["it is a good day"])))
        return super().choose(kind)


def about_me(rng):
    cast = Me(rng, 2)
    if rng.random() < 0.2:
        cast["X"] = rng.choice(common.NAMES)
    lines = [cast.say(ABOUT_ME[0])] if rng.random() < 0.45 else []
    for _ in range(rng.choice([3, 4, 5, 6, 7])):
        lines.append(liking(rng, cast) if rng.random() < 0.35 else cast.say(worded(rng, ABOUT_ME[1:])))
    return " ".join(dict.fromkeys(lines))


DID = [
    "(Yesterday|Today|Last {day}|On {day}|Last week) (I|we) went to the {spot}[ with my ({kin}|friends|{friend})]. (We|I) wanted to {doing}.",
    "(Yesterday|Today|This morning) I (lost|forgot|broke|found) my {kept}.", "(Yesterday|Today) I was {feeling} because {because}.", "(Yesterday|Today) it was {weather}, so (we|I) (stayed at home|went to the {spot}|played {sport}).",
    "(Yesterday|Last night) I (had a (strange|bad|{good}) dream|dreamed) about (a {hero}|{a_wild}|my {kin}|flying|school).", "(Yesterday|Today) my {friend} and I (played {sport}|made {food}|saw {a_wild}|had a fight|went to the {place}).",
    "(Yesterday|Last week) my {kin} (told me to (clean my room|wash the dishes|do my homework|be quiet|come home)|gave me {a_gift}|made {food}|was ill|came to visit us).",
    "(We won the match|Our team won) because (we played well|{Y} was so fast|we never stopped|the others were tired).", "(We lost the match|Our team lost) because (they were better|it rained|we were tired|{Y} was ill).",
    "I am hungry, so I (will eat|am making|want) {a_food}.", "I was hungry, so I (ate|made|bought) {a_food}.", "I am tired, so I (will go to bed|am going home|want to sleep).", "It is raining, so (I take my umbrella|we stay at home|we sing).",
    "In the holidays, (I|we) (went|will go|want to go) to (the (sea|beach|mountains)|{country}|my ({kin})).", "Last summer (I|we) (went|flew|travelled) to {country}[ by {way}].",
    "When I was (little|five|six), I (was scared of (the dark|dogs|spiders)|wanted to be a {job}|had a {pet}|could not {skill})."]
DID += [
    "(My team|Our class|My school) (won|lost|has) a match against (the other class|another school|{city}).", "I (got|had) a (good|bad) mark in {subject}[ because I (learned a lot|forgot to learn|was ill)].",
    "(Today|On {day}) we (have|had|will have) a test in {subject}.", "My (phone|bike|computer|{kept}) is (broken|new|gone|in the {room}).", "I am learning to {skill}, (but|and) it is (hard|fun|not easy|going well).",
    "(Tomorrow|On {day}|Next week) (I|we) will (go to the {spot}|visit my ({kin})|play {sport}|have a party|travel to {country}).", "I (love|hate|like) {day}s because (we have {subject}|I play {sport}|there is no school|I can sleep long).",
    "My {friend} {X} (is ill|has a new {pet}|moved to {city}|won a prize|can {skill} very well).", "(I|We) (saw|watched) a film about (a {hero}|{animals}|{country}).", "I (read|am reading) a book about (a {hero}|{animals}|a {job} who (lost everything|could fly|lived alone))."]
AFTER = ["It was (so |very |really |)({good}|fun|hard|boring|funny|exciting|hot|cold).", "I was (very |so |){feeling}.", "Then (we|I) (went home|had {food}|fell asleep|laughed|played a game).", "(I want to do it again|I will never forget it|I hope it will be better tomorrow).",
         "My {kin} (was (happy|angry|proud)|laughed|said that (I was brave|it was late)).", "(We|I) saw ({a_wild}|a {hero} in a film|my teacher|many people).", "After that, (I|we) (went to bed|were {feeling}|ate {food})."]


def diary(rng):
    cast = Me(rng, 2)
    lines = [cast.say(worded(rng, DID))] + [cast.say(worded(rng, AFTER)) for _ in range(rng.choice([2, 3, 4, 5]))]
    start = rng.random()
    if start < 0.12:
        lines.insert(0, "Dear diary,")
    return " ".join(cap(line) for line in dict.fromkeys(lines))


OPINIONS = [
    "I think (that |){animals} are (better|nicer|more fun) than {animals2} because they (are ({trait}|funny|quiet|clever)|can (swim|fly|run|jump)|do not bite).",
    "I think (that |)(we should|everybody should) (have more sport|read more|eat less sugar|be kind|play outside|sleep longer|help each other) because it (is good for us|is fun|makes us happy|is fair).",
    "(Some people|Some children) like {foods}, (others|but others) like {foods2}.", "If I were (a bird|a fish|a {hero}|rich|big|a teacher), I would (fly (away|over the sea|to {country})|(swim|travel) (all day|to {country})|(live|sleep) in a (castle|tree|big house)|help everybody|give everybody {a_food}|eat {food} every day).",
    "If I had (a {hero}|a million coins|a {pet}|wings|more time), I would (be (so |)happy|travel to {country}|buy {a_gift}|play all day|call it {petname}|fly).",
    "If it (rains|snows|is sunny) tomorrow, (I|we) will (stay at home|go to the {spot}|play {sport}|read a book|build a snowman).",
    "The best (food is {food}|day is {day}|game is {game}|animal is the {animal}|sport is {sport}).", "(Reading|Swimming|Cooking|Drawing|Singing|Football|Music|School|Homework) is (fun|hard|boring|{good}|important) because (you (learn something new|meet your friends|can rest)|it (makes me (happy|tired)|takes a long time)).",
    "I would rather (eat {food}|be a {hero}|play {sport}|{doing}|sleep) than (eat {food2}|be a {hero2}|do homework|play {sport2}|clean my room).", "(Good|True) friends (help each other|are kind|never lie|share their {foods}|listen).",
    "A good (teacher|friend|book|story|game) (is|has to be) (kind|funny|clever|patient|exciting|not too long)."]


def opinion(rng):
    cast = Me(rng, 2)
    lines = [liking(rng, cast) if rng.random() < 0.5 else cast.say(worded(rng, OPINIONS)) for _ in range(rng.choice([2, 3, 3, 4]))]
    return " ".join(cap(line) for line in dict.fromkeys(lines))


# Questions and what one may answer.
ASKED = [
    ("What is your name?", "(My name is {Y}|I am {Y}|{Y})."), ("(How are you|How are you today|How do you feel)?", "(I am (fine|{feeling}|well, thank you)|Fine, thank you|Not so good|I am {feeling} because {because})."),
    ("How old are you?", "(I am {age}[ years old]|{Cap_age})."), ("Where do you (live|come from)?", "(I (live in {city}|come from {country})|In {city}|From {country})."), ("What is your favourite (food|dish)?", "((My favourite food is|I like|It is) {food}|{Cap_foods})."),
    ("What is your favourite colour?", "((My favourite colour is|It is|I like) {colour}|{Cap_colour})."), ("What is your favourite animal?", "(The {animal}|I (like|love) {animals}|My favourite animal is the {animal})."), ("What is your favourite game?", "((It is|I like|My favourite game is) {game}|{Cap_game})."),
    ("What do you want to (eat|have for (lunch|dinner|breakfast))?", "(I want|I would like|Can I have) {a_food}[, please]."), ("What do you want to drink?", "(Some {drink}, please|I would like (some |){drink})."), ("What do you want to be?", "(I want to be a {job}|A {job})."),
    ("What do you do in your free time?", "I (like {hobby}|play {sport}|read|draw|meet my friends)."), ("What did you do yesterday?", "I (went to the {spot}|played {sport}|did my homework|was ill|read a book|slept)."), ("What is the weather like?", "It is {weather}."),
    ("(Do|Can) you (swim|sing|dance|cook|play chess|read)?", "(Yes, (I can|a little|very well)|No, (I cannot|but I want to learn it))."), ("Do you like {foods}?", "(Yes, (I do|I love it|very much)|No, (I do not|I like {foods2} more)|A little)."), ("Do you have a {pet}?", "(Yes, (it is called {petname}|I do|I have {little})|No, but I (want one|have a {pet2}))."),
    ("Why are you {feeling}?", "Because {because}."), ("Why is the sky blue?", "(Because the light of the sun is blue there|Nobody knows|Because the air makes it blue)."), ("Why do you like (football|music|books|animals|school)?", "Because it (is fun|makes me happy|is exciting)."),
    ("What time is it?", "It is (one|two|three|six|seven|eight|nine|ten) o'clock."), ("Who are you?", "I am ({Y}|your friend|a small model|a {hero})."), ("Can you help me?", "(Yes, of course|Yes, what is wrong|I will try|Not now)."), ("Where is my {kept}?", "(It is|Look) (in|under|behind) the ({room}|{holder}|table|bed)."),
    ("What is (this|that)?", "(It is|This is|That is) {a_thing}."), ("Where are you going?", "(To the {place}|I am going to the {place}|Home)."), ("Can I (come in|come with you|have {a_food}|play with you)?", "(Yes, (of course|you can)|No, (not now|I am sorry)|Please do)."),
    ("What is your favourite (subject|lesson)?", "(It is|I like) {subject}[ because it is (fun|easy|interesting)]."), ("Tell me a story about (a {who}|{X}).", "Once upon a time, there was (a|a {trait}|a little) {who}[ who (lived|slept) in the {green}]."),
    ("Thank you[ for the {gift}]!", "(You are welcome|It was nothing|I am glad that you like it)."), ("Happy birthday[, {Y}]!", "Thank you[ (so much|for the {gift})]."), ("(Hello|Hi|Good morning)[, {Y}]!", "(Hello|Hi|Good morning)[, {X}]! How are you?"), ("(Good night|Goodbye|See you tomorrow)[, {Y}]!", "(Good night|Goodbye|Sleep well|See you).")]


def asked(rng):
    """Questions and answers: bare, with a dash, with names, or told."""
    style = rng.choices(["bare", "names", "told", "qa"], [40, 20, 30, 10])[0]
    cast = Me(rng, 2)
    out = []
    for question, answer in worded(rng, ASKED, rng.choice([2, 3, 4, 5])):
        q, r = cap(cast.say(question)), cap(cast.say(answer))
        cast = fresh(rng, cast)
        if style == "bare":
            out.append(f"{q} {r}")
        elif style == "qa":
            out.append(f"Q: {q}\nA: {r}")
        elif style == "names":
            out.append(f"{cast['X']}: {q}\n{cast['Y']}: {r}")
        else:
            verb = "asked" if q.endswith("?") else "said"
            said = r[:-1] + "," if r.endswith(".") else r
            after = rng.choice(["", "", cast.say(" (They (laughed|smiled|both laughed)|{Y} (smiled|nodded|laughed|was quiet)|{X} (nodded|was happy|laughed)).")])
            out.append(f'"{q}" {verb} {cast["X"]}. "{said}" said {cast["Y"]}.{after}')
    return ("\n" if style in ("names", "qa") else " ").join(out)


def fresh(rng, cast):
    """The same people, other choices."""
    new = type(cast)(rng, 1)
    for slot in cast:
        if slot[0] in "XYZxyz":
            new[slot] = cast[slot]
    new.weather, new.month, new.likes = cast.weather, cast.month, cast.likes
    return new


LETTER = [
    "(Dear|Hello|Hi) ({Y}|Grandma|Grandpa|Mum|Dad|friend),",
    ["(Thank you|Thanks) for the {gift}[. It is ({colour}|beautiful|just what I wanted)].", "How are you? I am (fine|{feeling}).", "I am writing from {country}.", "I miss you[ so much].", "(Happy birthday|Get well soon)!"],
    ["We are (at the (sea|beach|lake)|in {country}|at home). It is (very |){weather}.", "Yesterday we went to the {spot}.", "I have a new {pet}. Its name is {petname}.", "School is ({good}|hard|boring), and I like {subject}.", "Every day we eat {food} and {food2}.", "I am learning to {skill}.", "My {kin} (says hello|is ill|made {food})."],
    ["(Please |)(write soon|come and visit us|send me a photo).", "I hope (to see you soon|you are well|it stops raining).", "We (come|will be) home on {day}.", "Give my love to {Z}."],
    "(Love|Yours|Your friend|See you soon|Many kisses),\n{X}"]


def letter(rng):
    cast = Me(rng, 3)
    body = " ".join(cast.say(worded(rng, part)) for part in LETTER[1:-1] if rng.random() < 0.85)
    return "\n".join([cast.say(LETTER[0]), body or "How are you?", cast.say(LETTER[-1])])


def listing(rng):
    cast = Me(rng, 2)
    kind = rng.randrange(8)
    n = rng.randint(3, 6)
    if kind == 0:
        title, items = "(Shopping list|To buy|We need)", zipf(rng, w.FOOD + ["milk", "butter", "sugar", "eggs", "water", "tea", "flour", "soap"], n)
    elif kind == 1:
        title, items = "(Things to pack|In my bag|For the trip)", zipf(rng, w.WEAR + w.TOOLS + ["book", "water", "camera", "map"], n)
    elif kind == 2:
        title, items = "(To do|Today|Plan for {day})", [cast.say("(buy {food}|call {Y}|{doing}|clean my room|do homework|go to the {place}|feed the {pet}|write to {Y}|learn {subject}|play {sport})") for cast in [Me(rng, 2) for _ in range(n)]]
    elif kind == 3:
        title, items = "(Animals on the farm|Our animals|At the zoo)", [plural(x) for x in zipf(rng, w.FARM if rng.random() < 0.5 else w.ANIMALS, n)]
    elif kind == 4:
        title, items = "(Our class|In the team|Who comes to the party)", rng.sample(w.NAMES, n)
    elif kind == 5:
        title, items = "(My favourite foods|What I like to eat|For the party)", zipf(rng, w.FOOD, n)
    elif kind == 6:
        title, items = "(My week|This week|Timetable)", [f"{day}: {zipf(rng, w.SUBJECTS + w.SPORTS[:4])}" for day in w.DAYS[:rng.randint(3, 6)]]
    else:
        title, items = "(Rules of the (class|house|library)|Please remember)", rng.sample(["be kind", "do not run", "be quiet", "listen", "wash your hands", "help each other", "do not shout", "come on time", "close the door", "share", "say thank you", "put the books back"], n)
    title = cast.say(title)
    style = rng.randrange(4)
    if style == 0:
        return f"{title}:\n" + "\n".join(f"- {item}" for item in dict.fromkeys(items))
    if style == 1:
        return f"{title}:\n" + "\n".join(f"{i + 1}. {item}" for i, item in enumerate(dict.fromkeys(items)))
    if style == 2:
        items = list(dict.fromkeys(items))
        return f"{title}: " + ", ".join(items[:-1]) + f" and {items[-1]}."
    return f"{title}: " + ", ".join(dict.fromkeys(items)) + "."


def note(rng):
    """Headings with a line or two under each."""
    animal = zipf(rng, list(w.ANIMAL_IS))
    cast = Me(rng, 2)
    kind = rng.randrange(4)
    if kind == 0:
        lines = [f"# The {animal}", f"The {animal} is {' and '.join(rng.sample(w.ANIMAL_IS[animal].split(), 2))}."]
        if animal in w.LIVES:
            lines += ["## Where it lives", f"It lives in the {w.LIVES[animal]}."]
        if animal in w.EATS:
            lines += ["## What it eats", f"It eats {w.EATS[animal]}."]
        if animal in w.YOUNG:
            lines += ["## Its young", f"A young {animal} is called a {w.YOUNG[animal]}."]
        return "\n".join(lines)
    if kind == 1:
        dish = zipf(rng, list(w.DISH))
        parts = w.DISH[dish]
        return "\n".join([f"# {cap(dish)}", "## You need"] + [f"- {x}" for x in rng.sample(parts, min(len(parts), rng.randint(3, 4)))] +
                         ["## How to make it", cast.say("(Mix everything|Take a big bowl and mix everything). (Cook|Bake|Leave) it for {numeral} minutes. (Enjoy|Eat it warm|Share it with a friend).")])
    if kind == 2:
        return "\n".join(["# " + cast.say("(My (day|week|school|family|town)|{Cap_subject}|The weather)")] + [cast.say(worded(rng, ABOUT_ME + AFTER)) for _ in range(rng.randint(1, 3))])
    return cast.say("(The weather (today|this week)|Weather)(: | is |: it is )({weather}|warm and sunny|cold and wet|cloudy in the morning)[. Tomorrow it will (rain|snow|be {weather2}|be warm|get cold)][. (Take|Do not forget) your (umbrella|coat|hat)].")


def recipe(rng):
    dish = zipf(rng, list(w.DISH))
    parts = rng.sample(w.DISH[dish], min(len(w.DISH[dish]), rng.randint(2, 4)))
    need = ", ".join(parts[:-1]) + f" and {parts[-1]}"
    name = a(dish) if dish == "cake" else dish
    return Me(rng, 1).say(f"(To make {name}(,|) you need|For {name} you need|{cap(name)}: take) {need}. (First|Then) mix (everything|the {parts[0]}*2)[, then add the {parts[-1]}]. (Cook|Bake|Leave) it for {{numeral}} minutes.[ (It is|It tastes) (very |)good[ with {{drink}}].]")


def poem(rng):
    """Two or four lines whose ends rhyme."""
    cast = Me(rng, 2)
    out = []
    for _ in range(rng.choice([1, 2, 2, 3])):
        rhymes = zipf(rng, w.RHYMES)
        for word in rng.sample(rhymes, 2):
            out.append(cap(rhymed(rng, cast, word)) + (",\n" if len(out) % 2 == 0 else ".\n"))
        cast = fresh(rng, cast)
    return "".join(out).strip()


BEFORE = {
    "n": ["the {animal} (saw|found|liked) (the|a)", "{X} (saw|painted|dreamed of) (the|a)", "there is no (light|song|way) without a", "(I sing|we wait) for the", "(far away|over there|here) is (the|my)", "a {adj} {animal} and a", "(in|near|under) the {adj}"],
    "a": ["(the (moon|sea|sky|{animal}) is|my {wear} is|the (night|day) is|everything is) [so |very |]", "{X} is [so |very |]"],
    "v": ["(I want|let us|we like) to", "{X} and {Y}", "the {animals} can"],
    "x": ["(come|sing|dance|wait) with me, it is not", "(I do not know|tell me|nobody knows)", "(the {animal} sang|we all went), (and I said|it is)"]}
KIND_OF = {**{x: "a" for x in "grey bright white right free far true new blue slow red high plain".split()}, **{x: "v" for x in "play say fly go know run sing".split()},
           **{x: "x" for x in "me that soon are why by you too again said one".split()}}


def rhymed(rng, cast, word):
    line = cast.say(worded(rng, BEFORE[KIND_OF.get(word, "n")])).strip()
    return f"{line} {word}"


def song(rng):
    x, place, skill = zipf(rng, w.ANIMALS), zipf(rng, w.GREEN + w.WATER), rng.choice(w.SKILLS[:8])
    verb = rng.choice("row sleep dance run fly swim jump sing".split())
    line = say(rng, f"{cap(verb)}, {verb}, (little {x}|my {x}|pretty {x}), {verb} (in|along|over) the {place}.")
    last = say(rng, f"({cap(skill)}, {x}, {skill}, (all day long|until the day)|(The sun|The moon|The day) is (new|bright|gone)|We will (sing|dance|play) till the morning).")
    return "\n".join([line, line, last] * rng.randint(1, 3)) if rng.random() < 0.6 else "\n".join([line, last, line, last])


def roses(rng):
    cast = Me(rng, 1)
    return cast.say("Roses are red, (violets are blue|grass is green|{animals} are {colour}),\n(the (sea|sky|night) is deep|{food} is sweet|the {animal} is small|my {wear} is old|I like to {skill}), (and (so are you|I like you|this is true)|and (you are (my friend|a {hero}|clever))|and the (sun|{animal}) is (new|here too)).")


CODE = [
    lambda r, n, m, x, y: f"def {n}({x}, {y}):\n    return {x} {m} {y}\n\nprint({n}({r[0]}, {r[1]}))  # {r[0] + r[1] if m == '+' else r[0] - r[1] if m == '-' else r[0] * r[1]}",
    lambda r, n, m, x, y: f"for {x} in range({r[1] + 1}):\n    print({x})",
    lambda r, n, m, x, y: f"{x} = {r[0]}\n{y} = {r[1]}\nprint({x} + {y})  # {r[0] + r[1]}",
    lambda r, n, m, x, y: f"if {x} > {r[1]}:\n    print(\"big\")\nelse:\n    print(\"small\")",
    lambda r, n, m, x, y: f"while {x} > 0:\n    print({x})\n    {x} = {x} - 1"]


def code(rng):
    if rng.random() < 0.75:
        name, sign = rng.choice([("add", "+"), ("minus", "-"), ("times", "*"), ("sum", "+")])
        x, y = rng.choice([("a", "b"), ("x", "y"), ("n", "m"), ("i", "j")])
        numbers = (rng.randint(1, 9), rng.randint(1, 9))
        if sign == "-":
            numbers = (max(numbers), min(numbers))
        if sign == "*":
            numbers = (rng.randint(1, 5), rng.randint(1, 4))
        return rng.choice(CODE)(numbers, name, sign, x, y)
    if rng.random() < 0.5:
        word = rng.choice(["hello", "good morning", zipf(rng, w.NAMES), zipf(rng, w.ANIMALS)])
        return f"print(\"{word}\")" + rng.choice(["", f"\n# {word}"])
    items = zipf(rng, rng.choice([w.FOOD, w.ANIMALS, w.COLOURS]), 3)
    name = rng.choice(["words", "items", "names"])
    return f"{name} = [" + ", ".join(f"\"{i}\"" for i in items) + f"]\nfor word in {name}:\n    print(word)" + rng.choice(["", "\n" + "\n".join(f"# {i}" for i in items)])


def dictionary(rng):
    out = []
    for word in rng.sample(list(w.MEANS), rng.choice([1, 2, 3])):
        meaning = w.MEANS[word]
        article = "" if word in ("night", "winter", "summer") else a(word) + " "
        out.append(rng.choice([f"{word}: {meaning}", f"{cap(a(word) if article else word)} is {meaning}.", f"What is {a(word) if article else word}? {cap(meaning)}.",
                               f"The word \"{word}\" means {meaning}."]))
    return "\n".join(out)


def riddle(rng):
    animal = zipf(rng, [x for x in w.LEGS if x in w.ANIMALS])
    clues = [f"I have {w.LEGS[animal]} legs"]
    if animal in w.SOUND:
        sound = w.SOUND[animal]
        clues.append("I " + (sound[:-2] if sound in ("hisses", "buzzes") else sound[:-1]))
    if animal in w.EATS:
        clues.append(f"I eat {w.EATS[animal]}")
    if animal in w.LIVES:
        clues.append(f"I live in the {w.LIVES[animal]}")
    if animal in w.ANIMAL_IS:
        clues.append(f"I am {rng.choice(w.ANIMAL_IS[animal].split())}")
    rng.shuffle(clues)
    return ". ".join(clues[:3]) + f". (What|Who) am I? {cap(a(animal))}.".replace("(What|Who)", rng.choice(["What", "Who"]))


def general(rng):
    """What everybody knows, asked or said."""
    out = []
    for question, answer, sentence in rng.sample(w.GENERAL, rng.choice([1, 1, 2, 3])):
        n, within = zipf(rng, w.NAMES), sentence
        if sentence.split()[0] not in w.MONTHS + w.DAYS:
            within = sentence[0].lower() + sentence[1:]
        out.append(rng.choice([f"{question} {answer}.", f"{question} {sentence}.", f"{sentence}.", f"Everybody knows that {within}.",
                               f"Q: {question}\nA: {answer}.", f'"{question}" asked {n}. "{answer}," said {zipf(rng, w.NAMES)}.', f"{n} knows that {within}."]))
    return " ".join(out)


SCENES = [
    "The [(old|little|{colour})] {animal} (sat|slept|lay|was|jumped) (on|under|behind) the {seat}[ and (looked at {X}|(ate|wanted) {food}|waited|did not move|dreamed of {food})].",
    "The {animal} (saw|followed|liked|was scared of) the {animal2}[, (but|and) the {animal2} (ran away|did not see it|was (faster|bigger|not scared))].",
    "The (teacher|{kin}|{job}) said (that (it was late|{X} was right|they could go home|it would {rainsnow}|there was no school)|, \"(Good morning|Be quiet|Well done|Come in|Sit down|Who knows the answer|Open your books)!\"|, \"It is time to (go|eat|sleep|learn)!\").",
    "It was a (dark|cold|long|quiet|{weather}) (night|evening|morning|day), and ((the (wind|rain|sea) was loud|the moon was (bright|gone)|nobody was there|{X} could not sleep|{X} (was (alone|{feeling})|heard a noise)|all the {animals} slept)).",
    "The {hero} (opened the door|came home|looked around|took the {thing}|woke up) and (saw ({a_thing}|a {hero2}|nothing|the sea)|went (in|out|to the {place})|said, \"(Hello|Who is there|At last)!\"|was {feeling}|laughed|began to (sing|dance|cry)).",
    "On the table (was|lay|stood) {a_thing}, and (under|next to) it (was|lay) {a_thing2}.", "The {place} was (quiet|full of people|empty|very old|closed|{good}).", "In the {room} (there was|I saw) {a_thing} and {a_thing2}.",
    "The (sun|moon|wind|rain|snow|sky|sea) was (so |very |)(bright|strong|cold|beautiful|quiet|warm).", "(In|Every) {season} the (birds|children|{animals}) (sing|play (outside|in the {green})|sleep|come back).",
    "There (was|is) a {adj} {thing} {at_place}. Nobody (knew|knows) (whose it (was|is)|why).",     "The {animal} (ate {a_food}|drank water|opened one eye|ran (into the {green}|up the tree|home)|wanted to (play|sleep|eat)).",
    "{X} (sat|stood|waited) (at the window|on the {seat}|near the door|{at_place}) and (looked (out|at the rain|at the stars)|thought about {Y}|ate {a_food}|read|sang|was {feeling}).",
    "The door (opened|closed|was open|was locked), and (nobody came in|{X} came in|the {pet} ran out|it was quiet again).", "The {job} (came|went) to the {workplace}[ every {time}] and (worked|was tired|said good morning|began to work).",
    "{X} and {Y} looked at (the {animal}|each other|the map|the clock|the sky) and (laughed|said nothing|ran|were {feeling}).", "The children (played|sang|ran|waited) {at_place} until (it was dark|the bell rang|it rained|they were hungry).",
    "A {colour} (bird|bus|car|balloon|boat|train) (came|went by|stopped) near the {place}.", "The {kin} of {X} (cooked {food}|was {feeling}|opened the window|told a story|came home late).",
    "In the morning, (the sun was shining|there was snow everywhere|{X} found {a_thing} on the table|the {animals} were gone|everything was quiet).", "(Suddenly|Then), (the light went out|somebody knocked|a {hero} stood there|it began to rain|the {pet} (began to run|jumped up)|they heard a {animal}).",
    "Far away, a (bell|dog|train|{animal}) could be heard.", "The {thing} was {colour} and {adj}."]
PORTRAIT = [
    "{X} is {age} years old.", "{X} is a [({trait}|good)] (girl|boy|{job}|friend|student).", "{Xhe} (likes|loves) {hobby}[ and {hobby2}].", "{Xhe} plays the {music} and (sings|dances|writes songs|{Y} sings|plays {sport} too|likes it (a lot|very much)).", "{X} plays {sport} (with {Y}|every {day}|and often wins|in the park).",
    "{X} lives in {city}[ with {xhis} {kin}].", "{Xhe} comes from {country}.", "{Xhis} favourite (food is {food}|colour is {colour}|animal is the {animal}|subject is {subject}|game is {game}).", "{Xhe} wants to be a {job}.", "{Xhe} has (a {pet} called {petname}|{little} (brothers|sisters)|a {adj} {kept}).",
    "{Xhe} is (very |always |often |){trait}[ and {trait2}].", "Every {time}, {xhe} (reads|goes to the {place}|eats {food}|feeds {xhis} {pet}|walks to school).", "{X} and {Y} are (best |good |)friends.", "{Xhe} is good at {subject} but bad at {subject2}.", "{Xhe} does not like {foods}."]
NOW = [
    ["{X} and {Y} are playing {sport}[ {at_spot}].", "{X} (runs|is (fast|tired|{feeling})|throws the ball to {Y}|(wins|loses)|laughs|wants to (win|stop)|says, \"(Well played|I am tired|One more time)!\").", "{Y} (wins|laughs|runs after {xhim}|is (faster|{feeling})|falls|says, \"(Yes|No|Wait|Me too)!\")."],
    ["{X} and {Y} are (walking to the {place}|on the way to the {place}|sitting {at_spot}).", "{X} (sees {a_wild}|sings|is {feeling}|has {a_thing}|wants {a_food}|gives the {thing} to {Y}|says, \"(Look|I am {feeling}|It is so {weather})!\").", "{Y} (laughs|is {feeling}|sees it too|smiles at {X}|wants to go home|says, \"(Yes|No|Wait|Me too)!\")."],
    ["{X} (and {Y} are|is) (making|cooking) {cooked}.", "(It (smells {good}|takes a long time|burns)|{X} (cuts the bread|is hungry|needs (salt|sugar|milk)|tastes it)).", "{Y} (is hungry|helps|laughs|wants to eat it|washes the dishes)."],
    ["{X} is (reading[ a book]|sleeping|singing|writing a letter|drawing {a_animal}|looking out of the window).", "{Y} (comes in|asks, \"(What is that|Are you {feeling}|Can I help)?\"|is (quiet|{feeling})|is in the {room}).", "It is (very |)(quiet|{weather}|late)."],
    ["{X} is (looking for|waiting for) ({xhis} {kept}|{Y}).", "(It is {weather}|{Xhe} is {feeling}|It is not in the {room}|{Xhe} looks at the clock).", "{Y} (helps {xhim}|is late|comes at last|has found it)."],
    ["{X} (opens|closes) the (door|window|box|book).", "(There is (nobody|{a_thing}|{a_wild})|It is {colour}|{Xhe} (is {feeling}|hears {a_animal})).", "{Y} (laughs|is {feeling}|comes in)."]]


def scene(rng):
    cast = Cast(rng)
    cast["rainsnow"] = rng.choice(["rain", "snow"])
    out = []
    for _ in range(rng.choice([1, 1, 2, 3])):
        out.append(cap(cast.say(worded(rng, SCENES)).replace(" ,", ",")))
        cast = fresh(rng, cast)
        cast["rainsnow"] = "rain"
    return " ".join(out)


def portrait(rng):
    cast = Cast(rng, 2)
    first = cast.say(worded(rng, ["{X} is {age} years old.", "{X} is a {trait} {child}.", "My (best |)friend is (called |){X}.", "This is {X}.", "{X} is my (best |good |)friend.", "{X} plays the {music}.", "{X} lives in {city}."]))
    rest = [cast.say(line) for line in worded(rng, PORTRAIT[2:], rng.choice([3, 4, 5, 6]))]
    return " ".join([first] + rest)


def now(rng):
    cast = Cast(rng, 2)
    return " ".join(cast.say(line) for line in rng.choice(NOW)[:rng.choice([1, 2, 2, 3, 3])])
