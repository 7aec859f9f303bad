"""Stories: a beginning, then what happens, one episode after another, then an end.

An episode is a list of moments; a moment is one line in many wordings (grammar.say). {Xn} says the name
or the pronoun. A tuple is a fork: one of its moments (lists) is what happens, more often the first, so
that plans fail or succeed. Nothing later contradicts what was decided: what follows a fork fits all of
its ways.
"""

import words as w
from grammar import cap, even, say, worded, zipf
from world import Cast

BEGINNINGS = [
    "(One day|One {time}|On {day}|One {weather} day|One {season} day), {X} ((went|walked) to the {place}*2|was {at_place}).",
    "(Once upon a time|Once|Long ago), there was a [(little|young|{trait})] {child} (named|called) {X}.",
    "{X} was a {trait} {child} who (loved {hobby}*2|loved {loved}*2|lived near the {out}|had a {pet}*2|wanted to be a {job}).",
    "{X} and {Y} (were (good|best) friends|went to the {spot}*2|were {at_spot}|lived in the same street|met {at_place}).",
    "It was a {weather} (day|{time})[ in {month}]. {X} (was at home|woke up early|looked out of the window|had nothing to do|was bored|was {feeling}).",
    "{X} (woke up|got up) (early|late)[ on {day}][ because (it was {xhis} birthday|the {pet} was loud|there was no school)].",
    "{X} lived (with {xhis} {kin}|in a small house|near the {out}|in a {adj} house) (and had a {pet}|near the {water}|and was often {feeling}).",
    "{X} was {feeling}[ that day].", "{X} had a {adj} {pet} (named|called) {petname}.",
    "Last {season}, {X} (went to|visited|was in) {country} with {xhis} {kin}.",
    "{X} the {job} (lived near|worked at) the {place}.", "It was {month}, and it was {weather}.",
]

# Of an animal or somebody out of a fairy tale, who then is X.
TALES = ["(Once upon a time|Once|Long ago|In a land far away)[,] there (was|lived) a [(little|old|big|{trait}|lonely)] {who}[ (who|that) (lived {at_out}|was always {feeling}|loved {loved}|wanted to {skill}|could talk)].",
         "This is a story about a [(little|{trait})] {who} (named|called) {petname}.", "There was a {who} in the {green}, and (it|this {who}) was (very|always|so) (big|sad|lonely|hungry|clever|small).",
         "One day, a [(little|young)] {who} came to the {place}."]

EPISODES = [
    # lost and found
    ["{X} (lost|could not find) {xhis} [({colour}|{adj})] {kept}.",
     "{Xn} looked (for it|everywhere)[: (in the {room}|under the bed|behind the door) and (in the {room2}|in {a_holder})][, but it was not there].",
     (["{Y} (helped {xhim} to look|came to help|looked for it too).", "(At last|Then|In the end) {Y} found the {kept} (under|behind|in) (the {holder}|the bed|the door) and gave it (back |)to {X}."],
      ["(But it was gone|It was nowhere).", "{Xn} was sad (and {then}|for {number} days)."],
      ["(At last|Then) {xn} (found it|saw it) in {xhis} own {holder} and laughed."])],
    ["{X} found {a_thing} (on the way to|near|behind) the {place}.",
     "(It belonged to {Y}|\"Whose {thing} is this?\" {xn} asked|Nobody knew whose it was).",
     ("{Xn} (gave it|took it) to {Y}[, who was very happy].", "{Xn} (kept it|put it into {xhis} {holder}|took it home).", "{Xn} put it back and (went on|went home).")],
    ["{X} and {Y} found {a_adj} map (in the attic|in {a_paper}|under a stone).",
     "The map showed (a tree|a house|an island|a cave) near the {out}.",
     (["They (took a rope|took a torch|went by {way}) and (went there|followed it).", "There they found (a box full of coins|{a_adj} {thing}|nothing but stones|a sleeping {wild})."],
      ["But (it began to rain|they were too tired|it was too far), so they went home."])],
    # gifts and things that change hands
    ["It was the birthday of {Y}.", "{X} (bought|made|chose) {a_gift} for {yhim}[ at the {shop}].",
     ("{Y} (opened the box|was very happy|smiled) and (hugged {X}|thanked {X}|said, \"Thank you, {X}!\").", "But {Y} already had {a_gift}, so they (laughed|gave it to {Z}).")],
    ["{X} had (two apples|a cake|{a_one_food}|some bread|some chocolate), and {Y} had (nothing|none).",
     ("So {X} (gave {Y} half of it|shared it with {Y}|gave {yhim} some).", "But {X} did not want to share."),
     ("{Y} (smiled|said thank you|was happy).", "{Y} (was sad|went away|said nothing).")],
    ["{X} (wanted|wished for) a new {gift}, but {xn} had (no money|only one coin|only {little} coins).",
     ("So {xn} (helped|worked) (at the {shop}|on the farm|in the garden) for {number} (days|weeks).", "So {xn} asked {xhis} {kin}.", "So {xn} sold {xhis} old {kept}."),
     ("Then {X} (could buy|bought) the {gift}[ and was very proud].", "It was not enough, but {Y} (gave {xhim} the rest|helped {xhim}).")],
    ["{X} (gave|lent|showed|brought) {Y} {xhis} {kept}.", ("{Y} (thanked {xhim}|was very careful with it|liked it very much).", "But {Y} (broke it|lost it|forgot it on the {way})."),
     "(The next day|Later|In the evening), {Y} (gave it back|brought {xhim} {a_one_food}|gave {xhim} {a_thing})."],
    # food
    ["{X} wanted to (make|cook) {cooked} for {Y}.",
     "(First|So) {xn} went to the (shop|market|supermarket) to buy (sugar|eggs|milk|flour|butter).",
     ("(Then|At home) {xn} (made it|cooked it) in the kitchen, and it was ({good}|very good).", "But it (burned|was too salty|fell on the floor), so they ate {food}."),
     "{Y} (ate everything|asked for more|laughed|said that it was ({good}|the best of all))."],
    ["{X} was hungry, (but there was no food in the house|so {xn} went to the kitchen|because {xn} had not eaten).",
     "{Xn} (found|bought|made|ate) {a_food}[ and {a_food2}].", "It (was|tasted) ({good}|too hot|very sweet|a bit old|cold)."],
    ["{X} put {a_food} on the table and went out.", "When {xn} came back, it was gone.",
     ("The {pet} (had eaten it|was under the table).", "{Y} had (eaten it|taken it).", "Nobody knew who had eaten it.")],
    ["{X} and {Y} picked (apples|pears|cherries|strawberries) (in the garden|on the farm).",
     ("The basket was (heavy|full), so they carried it (home together|to the {kin}).", "They ate so many that they were (ill|full).")],
    # animals
    ["{X} saw a (little|small|young) {wild} in the {green}.", "The {wild} was (hungry|hurt|alone|scared|not scared).",
     ("{X} gave it (some bread|water|an apple).", "{X} (sat down|waited) and (did not move|watched it).", "{X} took it home and (cared for it|kept it warm)."),
     ("(The next day|Every day after that|Soon), it came back.", "Then it ran (away|into the forest|back to its mother).", "It looked at {xhim} and was not scared any more.")],
    ["The {pet} of {X} (ran away|was gone|did not come home).", "{X} and {Y} looked for it (in the {green}|in every street|all day).",
     ("They found it (under a tree|at the {place}|in the garden of {Z}).", "They did not find it, but (in the evening|the next {time}) it came home.")],
    ["{X} (wanted|wished for) a {pet}, but {xhis} {kin} said (no|that it was too much work|\"not now\").",
     ("So {xn} took care of the {pet} of {Y}.", "So {xn} (drew|wrote about) one every day."), ("At last {xhis} {kin} said yes.", "{Xn} was happy all the same.")],
    ["{X} heard a (strange|loud|quiet) noise in the {room}.", "{Xn} was (scared|curious|a little scared)[ and called {Y}].",
     ("It was only (the {pet}|a {wild}|the wind).", "There was (a {wild}|a {pet}|nobody) behind the door.")],
    ["{X} taught {xhis} {jump} (a trick|to jump|to sit).", ("After {number} days, it could do it[ very well].", "But the {jump} only wanted to (sleep|eat|play)."),
     "(Everybody laughed|{Y} clapped|{X} was proud)."],
    # weather
    ["(It began to rain|Then it rained|It started to rain).",
     (["{X} had no (umbrella|coat), so {xn} (ran home|got wet|waited under a tree|went into the {shop}).", ("{Y} (came with|had|brought) an umbrella, and they (went home|walked) together.", "After the rain, (the sun came out|there was a rainbow).")],
      ["But {X} had an umbrella, so {xn} (did not get wet|sang in the rain|gave it to {Y}).", "(Soon|Later) the sun came out."])],
    ["It (snowed|was snowing) (all night|in the morning).", "{X} and {Y} (built a snowman|went out with the sledge|threw snow at each other).",
     ("They gave it (a hat|a carrot|an old scarf).", "Then they (drank|had) hot (tea|cocoa|milk).", "Their hands were cold, but they were happy.")],
    ["The wind took the {wear} of {X} and carried it (up into a tree|over the wall|to the {water}).", ("{Y} was tall and got it (down|back).", "{X} ran after it, but (it was gone|could not get it).", "A {job} found it and gave it back.")],
    ["One {time}, there was no light in the house.", "{X} was (scared of the dark|not scared).", "{Y} (came with|found|brought) a (candle|torch|lamp).", "They (told stories|sang|played cards) until (it was light again|they fell asleep)."],
    # places and ways
    ["{X} and {Y} went to the {spot} to {doing}.",
     (["It was (a lot of fun|{good}|very {weather}).", ("They (stayed there until|came home in) the evening.", "There they met {Z}.", "{X} (fell|got tired|was hungry), and they went home.")],
      ["But (it was closed|there were too many people|it began to rain), so they (went home|went to the {spot2}|waited).", "\"(Next time|Tomorrow) it will be better,\" said {Y}."])],
    ["{X} (lost {xhis} way|got lost) in the (forest*2|city|mountain).", "It was (dark|cold|late).", ("Then {xn} saw a light and (walked|ran) to it.", "{Xn} (asked a {job}|called for help|climbed a tree)."),
     "(At last {xn} was home|{Y} took {xhim} home|It was the house of {Y})."],
    ["{X} went to {country} by {way}[ with {Y}].", "{Xn} saw (the sea|a {adj} castle|many people|{a_wild}|high mountains) and (ate {food}|took photos|learned some words|bought {a_gift}).", "It was (far|{good}|a long way)."],
    ["{X} missed the (bus*2|train).", "So {xn} (walked|ran|went by bike|called {xhis} {kin}).", ("{Xn} was late, and the teacher was (angry|not angry|kind).", "On the way, {xn} (met {Y}|saw a {wild}|found {a_thing}).")],
    ["{X} had to go to the (doctor|dentist|hospital).", "{Xn} was (scared|nervous|very brave).", "But the (doctor|nurse) was (kind|funny), and it (did not hurt|was soon over)."],
    # learning and making
    ["{X} wanted to (learn to swim|play the {music}|ride a bike|dance|play chess).", "At first it was (hard|too hard|difficult)[, and {xn} wanted to stop].",
     ("{Y} (showed|helped) {xhim}[ every day].", "{Xn} (tried again|practised) every day."), ("After {number} weeks, {xn} could do it.", "Soon {xn} was very good[ at it].", "{Xn} never learned it, but {xn} had fun.")],
    ["{X} (built|made|painted) a (boat|kite|robot|house for birds|picture) [with {Y}].", "It was (big|{colour}|very small|better than they had thought).",
     ("But it (broke|did not work|fell down), so they (made a new one|tried again).", "(Everybody liked it|It worked|They were proud of it).")],
    ["{X} had a test in {subject}.",
     (["{Xn} (had learned a lot|was good at {subject}) and got a good mark.", "{Xhis} {kin} (smiled|said, \"Well done\"|was proud)."],
      ["{Xn} had (forgotten everything|not learned) and got a bad mark.", "\"Next time it will be better,\" said {xhis} {kin}."])],
    ["{X} was bad at {subject}, and {Y} was good at it.", "(So|Every day after school) {Y} helped {xhim}.", ("Then {X} got a good mark.", "It was still hard, but it was more fun.")],
    ["{X} (wrote|sent) a letter to {Y}, who lived (far away|in {country}).", ("After {number} days, {Y} wrote back.", "But the letter got lost."), "{X} (read it again and again|was happy|waited every day)."],
    ["{X} read a book about (a {hero}|{a_wild}|the stars|the sea|{country}).", "It was so (good|long|sad|exciting) that {xn} (could not stop|fell asleep|read it twice|cried|read all night)."],
    # play
    ["{X} and {Y} played {sport}.", ("{X} won[, and {Y} lost].", "{Y} won[, and {X} was (sad|angry)].", "Nobody won."), ("\"(Well played|Let us play again)!\" said {Y}.", "Then they (played again|went home|shared {a_food}).")],
    ["{X} and {Y} played hide and seek in the {green}.", "{X} hid (behind a tree|in {a_holder}|under the bridge).", ("{Y} looked and looked, but (could not find {xhim}|{X} was gone).", "{Y} found {xhim} at once.", "{X} laughed, and {Y} heard {xhim}.")],
    ["The team of {X} had a match[ on {day}].", "They (won|lost|played well) because (they (practised|ran) a lot|{Y} was ill|{X} was fast|it was too hot|the others were better).", "{X} was (happy|sad|tired|proud)."],
    # friends
    ["{X} and {Y} wanted the same {toy}.", "They (quarrelled|were angry|did not talk).", ("Then {X} said, \"(You can have it|Let us play together|I am sorry).\"", "In the end, {Z} took it."), "(After that, they were friends again|They laughed|{Y} smiled)."],
    ["{Y} was new (at school*2|in the street|in the class) and had no friends.", "{X} (sat down next to|talked to|smiled at) {yhim}.", ("\"(Do you want to play|What is your name|Where do you come from)?\" asked {X}.", "They both liked {foods}."), "Soon they were (good |best |)friends."],
    ["{X} was ill and (stayed in bed|could not go to school).", "{Y} (came with|brought|sent) ({a_food}|a book|flowers|some soup).", "(The next day|Soon|After {little} days), {xn} (felt better|was well again)."],
    ["{X} told (a lie to {Y}|{Y} a secret).", ("{Y} (told it to {Z}|knew it at once|was angry).", "Nobody ever knew."), "(In the evening|Later), {X} said that {xhe} was sorry."],
    ["{X} fell and hurt {xhis} {pain}.", "{Y} (heard {xhim} cry and came|helped {xhim} up|washed it with water|called the doctor).", "(Soon it was better|It did not hurt any more|{X} was very brave)."],
    ["{X} could not sleep.", "{Xn} (counted sheep|looked at the moon|thought about {Y}|heard the rain).", ("{Xhis} {kin} (sang a song|told a story).", "{Xn} (read|got up and drank some milk)."), "Then {xn} (fell asleep|slept until morning)."],
    ["{X} (met|saw) a {hero} (in the forest|near the castle|in a dream).", "The {hero} (was {feeling}|wanted {a_food}|had lost {a_thing}|could talk).", ("{X} (helped|was kind).", "{X} (ran away|was scared)."), "(The {hero} said thank you|The {hero} gave {xhim} {a_thing}|Nobody believed {xhim})."],
    ["{X} opened the {adj} door.", "Behind it was (a (dark|long|{adj}) {room}|a garden|a {hero}|nothing|{a_thing}).", "{Xn} (went in|closed it again|called {Y}|was {feeling})."],
    ["\"I am {feeling},\" said {X}.", "\"(Why|What is wrong)?\" asked {Y}.", "\"(I have lost my {kept}|I do not know|It is so {weather}|I had a bad dream|Tomorrow is my birthday),\" said {X}.", "{Y} (laughed|nodded|took {xhis} hand|gave {xhim} {a_food})."],
    ["{X} (wanted|had) to clean (the {room}|{xhis} room).", ("Under the bed {xn} found {xhis} old {kept}.", "It took (all day|a long time), and {xn} was tired.", "{Y} helped {xhim}, and they (sang|were soon ready).")],
    ["{X} and {Y} had a (plan|secret|new game).", "(They met {at_place}|They told nobody|Nobody else knew about it).", ("It worked.", "But {Z} found out.", "In the end, they forgot it.")],
    ["{X} waited for {Y} {at_place}.", "It was (cold|late|{weather}).", ("At last {Y} came and said that {yhe} was sorry.", "{Y} did not come, so {X} went home.", "{Y} had waited {at_place2}, and they both laughed.")],
    ["There was a (party|festival|concert|market) in the (village|city|street).", "{X} (danced|sang|ate too much {foods}|played the {music}|met {Y}).", "(Everybody was happy|It went on all night|Then it began to rain|{X} was {feeling})."],
    ["{X} found (a coin|some money|a ring) in the street.", ("{Xn} (bought {a_food}|gave it to {Y}|kept it).", "{Xn} took it to the policeman, who (said thank you|smiled)."), "(It was {xhis} lucky day|{Xn} told nobody|{Xhis} {kin} was proud)."],
    ["The {job} had (too much work|no time|a problem).", "{X} (helped|asked what was wrong|came every day).", "(Soon|Together) they (did it|found a way).", "The {job} gave {xhim} ({a_food}|{a_thing}|a coin)."],
    ["{X} learned a new word at school: \"{kept}\".", "{Xn} (said it all day|wrote it on the wall|forgot it at once).", "{Xhis} {kin} (laughed|knew it too)."],
    ["{X} had a dream about (a {hero}|flying|the sea|{Y}).", "In the dream, {xn} (could fly|was a {hero}|lost {xhis} way|ate {food} all day).", "When {xn} woke up, (it was morning|{xn} was {feeling}|the {pet} looked at {xhim})."],
    ["{X} bought {a_food} for {xself} and {a_food2} for {Y}.", ("{Y} (was happy|said thank you).", "{Y} did not like {food2}.", "But {xn} ate both.")],
    ["{X} (rode|fell off) {xhis} bike (to the {place}|in the street|down the hill).", ("{Xn} was not hurt.", "{Y} (saw it and helped|laughed).", "It was fun, and {xn} did it again.")],
    ["{X} was (taller|faster|older) than {Y}.", "So {Y} was {feeling}.", "But {Y} could (sing|draw|swim|run) better, and {X} (said so|knew it|wanted to learn it)."],
    ["{X} worked as a {job}.", "Every {time}, {xn} (went by {way} to|walked to|came home from) the {workplace}.", "{Xn} (liked|loved|did not like) it (because it was (quiet|hard|fun)|very much|any more)."],
]

ENDINGS = [
    "{X} was (happy|tired|tired but happy|proud).", "It was a ({good}|long|strange) day.", "(After that|From that day on), they were (good|best) friends.",
    "In the evening, {xn} (went home|told the story to {xhis} {kin}|was tired).", "{X} never forgot that day.", "The end.",
    "{X} and {Y} (laughed about it for a long time|went home|smiled).", "That night, {xn} slept well.", "The next day, (they did it again|it rained|{xn} was {feeling}).",
    "And {xn} lived happily ever after.", "\"What a day!\" said {X}.", "Tomorrow they would (go back|try again|play again)."]


def moments(rng, episode):
    for moment in episode:
        if isinstance(moment, tuple):
            moment = zipf(rng, moment)
        if isinstance(moment, list):
            yield from moments(rng, moment)
        else:
            yield moment


def story(rng, episodes=None):
    cast = Cast(rng)
    if rng.random() < 0.18:
        who = cast["who"] = zipf(rng, w.HEROES if rng.random() < 0.5 else w.ANIMALS)
        lines = [say(rng, worded(rng, TALES), cast)]
        cast.creature("X", who)
    else:
        lines = [say(rng, worded(rng, BEGINNINGS), cast)] if rng.random() < 0.85 else []
    n = episodes or rng.choice([2, 2, 3, 3, 4, 5])
    for episode in even(rng, EPISODES, n):
        # Each episode has its own things; people and weather stay.
        told = Cast(rng)
        for slot in cast:
            if slot[0] in "XYZxyz" or slot in ("weather", "season", "pet", "spot"):
                told[slot] = cast[slot]
        told.weather, told.month, told.job, told.likes = cast.weather, cast.month, cast.job, cast.likes
        if rng.random() < 0.12 and n > 1:
            lines.append(say(rng, "(The next day|One {time}|On {day}|Then|Later|In {month}), (it was {weather}|{X} was at home|{X} was {feeling}|they met again).", told))
        lines += [say(rng, moment, told) for moment in moments(rng, episode)]
        cast = told
    if rng.random() < 0.6:
        lines.append(say(rng, worded(rng, ENDINGS), cast))
    return " ".join(cap(line) for line in lines)
