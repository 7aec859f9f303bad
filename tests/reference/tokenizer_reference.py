"""Byte-level BPE written again from GPT-2's paper and pattern, and compared with the program's on
many thousands of texts. Standard library only: the pattern's classes come from unicodedata.

usage: tokenizer_reference.py TOKENIZE_LINES FOLDER...

FOLDER holds vocab.json and merges.txt, or encoder.json and vocab.bpe. The folder that the
environment variable STEPSCOPE_GPT2 names is checked too, and so is a vocabulary made for this.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
import unicodedata
from functools import lru_cache
from pathlib import Path

CONTRACTIONS = ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d")
# Those of Unicode's White_Space that are no separators (category Z).
CONTROL_SPACES = "\t\n\v\f\r\x85"
RANDOM_TEXTS = 10_000
SHOWN_FAILURES = 5


def byte_letters():
    """The printable letter that stands for each byte in vocabulary files."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = {byte: chr(byte) for byte in printable}
    letters.update((byte, chr(256 + i)) for i, byte in enumerate(others))
    return letters


@lru_cache(None)
def kind(character):
    category = unicodedata.category(character)
    if category[0] == "Z" or character in CONTROL_SPACES:
        return "space"
    return category[0] if category[0] in "LN" else "other"


def split(text):
    """'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"""
    at = 0
    while at < len(text):
        end = at
        contraction = next((c for c in CONTRACTIONS if text.startswith(c, at)), None)
        if contraction:
            end += len(contraction)
        else:
            first = at + (text[at] == " ")
            if first == len(text) or kind(text[first]) == "space":
                first = at
            end = first + 1
            while end < len(text) and kind(text[end]) == kind(text[first]):
                end += 1
            # The last of several spaces belongs to the word that follows.
            if kind(text[first]) == "space" and end < len(text) and end - at > 1:
                end -= 1
        yield text[at:end]
        at = end


class Tokenizer:
    def __init__(self, folder):
        folder = Path(folder)
        names = ("vocab.json", "merges.txt")
        if not (folder / names[0]).exists():
            names = ("encoder.json", "vocab.bpe")
        self.ids = json.loads((folder / names[0]).read_text(encoding="utf-8"))
        lines = (folder / names[1]).read_text(encoding="utf-8").split("\n")
        if lines[0].startswith("#version"):
            lines = lines[1:]
        pairs = [tuple(line.split(" ")) for line in lines if line]
        self.ranks = {pair: rank for rank, pair in reversed(list(enumerate(pairs)))}
        self.letters = byte_letters()
        self.specials = sorted((token for token in self.ids
                                if token.startswith("<|") and token.endswith("|>")),
                               key=len, reverse=True)
        bytes_of = {letter: byte for byte, letter in self.letters.items()}
        self.bytes = {id: token.encode() if token in self.specials
                      else bytes(bytes_of[letter] for letter in token)
                      for token, id in self.ids.items()}
        self.word = lru_cache(None)(self.encode_word)

    def encode_word(self, data):
        parts = [self.letters[byte] for byte in data]
        while len(parts) > 1:
            best = min(zip(parts, parts[1:]), key=lambda pair: self.ranks.get(pair, len(self.ranks)))
            if best not in self.ranks:
                break
            merged, i = [], 0
            while i < len(parts):
                if tuple(parts[i:i + 2]) == best:
                    merged.append(parts[i] + parts[i + 1])
                    i += 2
                else:
                    merged.append(parts[i])
                    i += 1
            parts = merged
        return [self.ids[part] for part in parts]

    def encode_text(self, text):
        return [id for word in split(text) for id in self.word(word.encode())]

    def encode_ordinary(self, data):
        """Bytes that are no UTF-8 stand alone, and divide the text around them."""
        ids, valid = [], ""
        for character in data.decode(errors="surrogateescape"):
            if "\udc80" <= character <= "\udcff":
                ids += self.encode_text(valid) + self.word(bytes([ord(character) - 0xDC00]))
                valid = ""
            else:
                valid += character
        return ids + self.encode_text(valid)

    def encode(self, data):
        for special in self.specials:
            before, found, after = data.partition(special.encode())
            if found:
                return [*self.encode(before), self.ids[special], *self.encode(after)]
        return self.encode_ordinary(data)


def assigned(characters, same_unicode):
    """Characters that both sides know. Where their versions of Unicode differ, those of version 3.2
    whose category has stayed."""
    for code in characters:
        character = chr(code)
        category = unicodedata.category(character)
        old = unicodedata.ucd_3_2_0.category(character)
        if category != "Cs" and (same_unicode or category[0] == old[0] != "C"):
            yield character


def cases(same_unicode):
    """Texts as bytes."""
    draw = random.Random(5)
    fixed = [
        "", " ", "  ", "a", " a", "  a", "a ", "a  ", "\n", "\n\n a", " \n a", "\r\n\r\n", "\t\tx",
        "don't we'll they're I'd I've I'm 'tis 'S 'LL ''s 'sa '", "x's'd're 12's !'t",
        "1234 5,678.90 -- (x) 1e-5 v2.0a", "a<|endoftext|>b", "<|endoftext|><|endoftext|>",
        "<|endoftext", "<<|endoftext|>>", "naïve café Zoë — “quoted” … 50 €",
        "漢字かな交じり文、ひらがな。", "مرحبا بالعالم ١٢٣", "नमस्ते दुनिया", "Привет, мир!",
        "👩‍👩‍👧‍👦 👍🏽 🇩🇪🇯🇵 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "e\u0301 a\u0308\u0323", "\u00a0a \u3000b\u2003\u2003c\u200bd\ufeffe",
        "\u180e \x1c\x1d\x1e\x1f a", "\0a\0\0", "a" * 3000, " " * 3000 + "x", "\n" * 999, "ab " * 999,
        Path(__file__).read_text(encoding="utf-8"),
    ]
    yield from (text.encode() for text in fixed)
    words = ["the", "The", "1", "42", "'s", "'ll", "...", "é", "漢字", "_x", "()", "👍", "ⅷ", "½", "\u0301"]
    spaces = [" ", "  ", "   ", "\n", "\t", "\r\n", "\u00a0", "\u3000", "\u2028", "\x85", "\v", ""]
    for _ in range(3000):
        yield "".join(draw.choice(spaces) + draw.choice(words)
                      for _ in range(draw.randrange(1, 9))).encode() + draw.choice(spaces).encode()
    # Some of every 64 characters, so of every block, beside what each class would join.
    for row in range(0, 0x110000, 64):
        known = list(assigned(range(row, row + 64), same_unicode))
        for group in (known, draw.sample(known, min(8, len(known)))):
            if group:
                yield "".join(draw.choice(("", " ", "a", "1", "!", " a")) + c
                              for c in draw.sample(group, min(8, len(group)))).encode()
    for _ in range(RANDOM_TEXTS):
        yield draw.randbytes(draw.randrange(41))
    for _ in range(RANDOM_TEXTS // 10):  # mostly text, with single bytes that are wrong
        text = bytearray("the cät ‘sat’ 漢 👍\n".encode() * 2)
        for _ in range(3):
            text[draw.randrange(len(text))] = draw.randrange(256)
        yield bytes(text)


def run(program, folder, texts):
    """The program's ids of each text, its version of Unicode, and the seconds that it took."""
    lines = "".join(text.hex() + "\n" for text in texts)
    start = time.perf_counter()
    done = subprocess.run([program, folder], input=lines, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{folder}: {done.stderr.strip()}")
    version, *answers = done.stdout.splitlines()
    return [[int(id) for id in answer.split()] for answer in answers], version, seconds


def write_pairs(folder):
    """A vocabulary in which any two bytes merge, in a random order: where a word ends then shows,
    whatever its letters, as it does not where a trained vocabulary knows none of them."""
    letters = list(byte_letters().values())
    pairs = [(left, right) for left in letters for right in letters]
    random.Random(4).shuffle(pairs)
    tokens = letters + [left + right for left, right in pairs]
    ids = {token: id for id, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(ids), encoding="utf-8")
    merges = "".join(f"{left} {right}\n" for left, right in pairs)
    (folder / "merges.txt").write_text("#version: 0.2\n" + merges, encoding="utf-8")


def check(program, folder):
    """Prints what was found; returns whether all was the same."""
    _, version, starting = run(program, folder, [])
    python_version = unicodedata.unidata_version
    same_unicode = version.split(".")[0] == python_version.split(".")[0]
    tokenizer = Tokenizer(folder)
    texts = list(cases(same_unicode))
    answers, _, _ = run(program, folder, texts)
    different = [(text, ids, expected) for text, ids in zip(texts, answers, strict=True)
                 if ids != (expected := tokenizer.encode(text))]
    for text, ids, expected in different[:SHOWN_FAILURES]:
        print(f"FAILED {text[:200]!r}\n    is       {ids[:50]}\n    expected {expected[:50]}")
    print(f"{folder}: {len(texts)} texts, {len(different)} differ; "
          f"Unicode {version} and Python's {python_version}")

    draw = random.Random(6)
    tokens = list(tokenizer.bytes.values())
    mixed = b"".join(draw.choice(tokens) for _ in range(400_000))[:1_000_000]
    lost = 0
    for name, text in (("of tokens at random", mixed), ("of a", b"a" * 1_000_000),
                       ("of spaces", b" " * 1_000_000), ("of line ends", b"\n" * 1_000_000),
                       ("of bytes at random", draw.randbytes(1_000_000))):
        (ids,), _, seconds = run(program, folder, [text])
        back = b"".join(tokenizer.bytes[id] for id in ids)
        lost += back != text
        print(f"{folder}: 1 MB {name}: {len(ids)} tokens in {seconds - starting:.2f} s, "
              f"{'given back' if back == text else 'LOST'}")
    return not different and not lost


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__.strip())
    folders = sys.argv[2:]
    if "STEPSCOPE_GPT2" in os.environ:
        folders.append(os.environ["STEPSCOPE_GPT2"])
    else:
        print("skipped GPT-2's own vocabulary: STEPSCOPE_GPT2 does not name its folder")
    with tempfile.TemporaryDirectory() as pairs:
        write_pairs(Path(pairs))
        results = [check(sys.argv[1], folder) for folder in (*folders, pairs)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
