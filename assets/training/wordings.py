"""The same text in other words: where several words say the same, a text has one of them; a thing may have an
adjective and an act its manner, and a sentence may end a little later than it has to, so that none of these
is sure. A slip may come anywhere."""

import re

import words as w

# Safe wherever they stand in stories, notes and talk. A text keeps to its choice.
SAME = {
    "went to the": ["went to the", "walked to the", "ran to the", "hurried to the", "came to the"],
    '" said': ['" said', '" answered', '" whispered', '" cried', '" shouted'],
    "saw a": ["saw a", "noticed a", "found a", "met a"],
    "very": ["very", "really", "so", "quite"],
    "happy": ["happy", "glad", "cheerful", "pleased"],
    "big": ["big", "large", "huge"],
    "small": ["small", "little", "tiny"],
    "little": ["little", "small", "young"],
    "began to": ["began to", "started to"],
    "looked for": ["looked for", "searched for"],
    "all day": ["all day", "the whole day", "for hours"],
    "wanted to": ["wanted to", "hoped to", "tried to", "decided to"],
    "wants to": ["wants to", "hopes to", "tries to"],
    "want to": ["want to", "hope to", "would like to"],
    "loved": ["loved", "liked", "enjoyed"],
    "loves": ["loves", "likes", "enjoys"],
    "love": ["love", "like", "enjoy"],
    "nobody": ["nobody", "no one"],
    "Nobody": ["Nobody", "No one"],
    "everybody": ["everybody", "everyone"],
    "Everybody": ["Everybody", "Everyone"],
    "beautiful": ["beautiful", "lovely", "pretty", "wonderful"],
    "Then": ["Then", "After that", "Next"],
    "then": ["then", "after that", "later"],
    "So": ["So", "That is why", "Therefore"],
    "because": ["because", "since", "as"],
    "laughed": ["laughed", "smiled", "giggled"],
    "smiled": ["smiled", "nodded", "laughed"],
    "scared": ["scared", "afraid", "frightened"],
    "angry": ["angry", "cross", "furious"],
    "funny": ["funny", "silly", "strange"],
    "again": ["again", "once more"],
    "Soon": ["Soon", "Later", "Before long"],
    "near the": ["near the", "behind the", "next to the", "not far from the"],
    "at home": ["at home", "in the house", "in bed"],
    "good friends": ["good friends", "best friends", "close friends"],
    "was tired": ["was tired", "was very tired", "felt tired", "was sleepy"],
    "was happy": ["was happy", "felt happy", "was very happy", "was glad"],
    "was sad": ["was sad", "felt sad", "was very sad", "was unhappy"]}
FIND = re.compile("|".join((r"\b" if key[0].isalpha() else "") + re.escape(key) + r"\b" for key in sorted(SAME, key=len, reverse=True)))
WEIGHTS = [10, 7, 5, 4, 3]


def vary(rng, text):
    chosen = {}

    def word(found):
        ways = SAME[found[0]]
        if found[0] not in chosen:
            chosen[found[0]] = rng.choices(ways, WEIGHTS[:len(ways)])[0]
        return chosen[found[0]]

    return FIND.sub(word, text)


# What may still come where a sentence could end, the likeliest first, by what the sentence tells.
ACTION = re.compile(r"\b(went|walked|ran|came|took|brought|carried|gave|showed|made|found|saw|noticed|met|looked|searched|played|sang|danced|"
                    r"bought|ate|drank|helped|asked|laughed|smiled|nodded|waited|cried|slept|swam|climbed|worked|cooked|read|wrote|"
                    r"opened|talked|listened|began|stopped|sat|fell|cleaned|learned|visited|hid|put)\b")
STATE = re.compile(r"\b(was|were|felt) [a-z]+\.$")
HABIT = re.compile(r"^(I|We|He|She|They|[A-Z][a-z]+) (often |always |sometimes )?(like|love|enjoy|play|eat|read|sing|draw|swim|drink|visit|help|dance|run|cook)s? ")
NOT_THEN = re.compile(r"\b(morning|evening|afternoon|night|day|days|week|year|again|later|soon|Soon|Once|One|once|after|before|"
                      r"because|since|as|when|named|always|never|nobody|Nobody|until|today|yesterday|called|also|too|together|alone|first|last|"
                      r"much|now|more|often|at once|who|that|if)\b|[\"^?!:\n]")
TAILS = [(STATE, [" again", " that day", " for a while", " in the evening", " at first", " too"]),
         (ACTION, [" again", " in the morning", " with a smile", " after school", " in the evening", " at once", " after lunch", " very slowly",
                   " before dinner", " in the end", " in the rain"]),
         (HABIT, [" very much", " every day", " too", " at home", " after school", " with my friends", " on Sundays", " in the evening"])]


def lengthen(rng, text, share=0.6):
    sentences = re.split(r"(?<=\.) (?=[A-Z])", text)
    for n, sentence in enumerate(sentences):
        if not sentence.endswith(".") or len(sentence) > 100 or NOT_THEN.search(sentence) or rng.random() > share:
            continue
        for kind, tails in TAILS:
            if kind.search(sentence):
                if kind is HABIT and not sentence.startswith(("I ", "We ")):
                    tails = [tail for tail in tails if "my" not in tail]
                sentences[n] = sentence[:-1] + rng.choices(tails, [1 / (rank + 1.5) for rank in range(len(tails))])[0] + "."
                break
    return " ".join(sentences)


# What may stand before a noun, the likeliest first; a text keeps to one for each noun.
ADJECTIVES = ([(set(w.ANIMALS), "little old big hungry young friendly clever brown tired"),
               (set(w.PLACES), "big old new quiet little nice empty"),
               (set(w.THINGS) | set(w.WEAR) | set(w.TOYS) | set(w.KEPT), "new old nice little beautiful big strange heavy")])
ARTICLE = re.compile(r"\b(the|The|an?|his|her|my|their|our) ([a-z]+)\b(?! (of|and [a-z]+ is)\b)")
MANNER = "suddenly quickly happily slowly soon also quietly finally".split()
ACTS = re.compile(r"(?<![.,] )\b([A-Z][a-z]+|he|she|they|I|we) (went|walked|ran|came|took|gave|made|found|saw|looked|sang|bought|ate|helped|asked|"
                  r"laughed|smiled|opened|began|stopped|read|wrote|left|jumped|said)\b(?! (to|it|is)\b)")


def enrich(rng, text, things=0.42, acts=0.18):
    chosen = {}

    def thing(found):
        article, noun = found[1], found[2]
        for nouns, adjectives in ADJECTIVES:
            if noun in nouns and rng.random() < things:
                adjectives = adjectives.split()
                if noun not in chosen:
                    chosen[noun] = rng.choices(adjectives, [1 / (rank + 1.5) for rank in range(len(adjectives))])[0]
                return f"{'a' if article == 'an' else article} {chosen[noun]} {noun}"
        return found[0]

    def act(found):
        if rng.random() >= acts:
            return found[0]
        return f"{found[1]} {rng.choices(MANNER, [1 / (rank + 1.5) for rank in range(len(MANNER))])[0]} {found[2]}"

    return ACTS.sub(act, ARTICLE.sub(thing, text))


# How much, and one thing more.
DEGREE = "very so a~little quite really".split()
IS = re.compile(r"\b(is|are|was|were|felt|feel|am) ([a-z]+)(?=[.,!])")
HOW = set(w.FEELINGS) | set(w.TRAITS) | set(w.ADJECTIVES)
ALONE = re.compile(r"\b(an?|some) ([a-z]+)(?=\.)")


def deepen(rng, text, degrees=0.3, things=0.2):
    def much(found):
        if found[2] not in HOW or rng.random() >= degrees:
            return found[0]
        return f"{found[1]} {rng.choices(DEGREE, [1 / (rank + 1.5) for rank in range(len(DEGREE))])[0].replace('~', ' ')} {found[2]}"

    def more(found):
        for nouns in (w.FOOD, w.THINGS):
            if found[2] in nouns and rng.random() < things:
                other = nouns[min(int(rng.expovariate(0.25)), len(nouns) - 1)]
                if other != found[2]:
                    return f"{found[0]} and {'some' if other in w.MASS else 'a'} {other}"
        return found[0]

    return ALONE.sub(more, IS.sub(much, text))


# Nobody writes without a slip: now and then a word is another one, or a mark is missing.
SLIP = 0.003
PIECES = re.compile(r"[A-Za-z']+|[.,!?\"]")


def slip(rng, text, words):
    """`words`: those that come in their place. What the text decides stays."""
    if not words:
        return text
    out, at = [], 0
    for found in PIECES.finditer(text):
        if rng.random() >= SLIP or text[found.start() - 1:found.start()] == "^":
            continue
        out.append(text[at:found.start()])
        if found[0][0].isalpha():
            out.append(rng.choice(words))
        at = found.end()
    return "".join(out) + text[at:]
