"""The same text in other words: where several words say the same, a text has one of them."""

import re

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
    "fun": ["fun", "great fun", "exciting"],
    "Then": ["Then", "After that", "Next"],
    "then": ["then", "after that", "later"],
    "So": ["So", "That is why", "Therefore"],
    "because": ["because", "since", "as"],
    "took": ["took", "brought", "carried"],
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
