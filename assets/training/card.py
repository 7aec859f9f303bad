"""Writes the bundled model's card from what was measured.

    STEPSCOPE_PROBE_TABLE=probes.md build/release/tests/unit_tests --source-file='*test_probes*'
    python3 assets/training/card.py probes.md > assets/model/README.md

`probes.md` is what the program measured on the shipped files.
"""

import sys

import corpus
import stories
import words

TEXT = """# stepscope-small

The model that comes with Stepscope: a GPT-2 (Radford et al. 2019) of 6 layers, 4 heads, width 128,
a vocabulary of 2,048 byte pairs and a context of 256 tokens; 1.48 million weights, stored as F16.
It writes very small English about a very small world, and shows there what large models do, on a
laptop, in a millisecond a step.

## What it was trained on

Text that a program wrote (`assets/training`), each document once: {names} names, {things} things,
{animals} animals, {places} places, {plots} story plots. A seed names the whole text. Shares of
words, in percent: {shares}.
Besides, 6 % of the windows hold random tokens that repeat. Nothing was taken from elsewhere, and no text was written by a language model.

## How

    /usr/bin/python3 assets/training/train.py --out first
    /usr/bin/python3 assets/training/train.py --again first --out assets/model \\
        --seed 77 --steps 2400 --rate 1.5e-3

AdamW, 12,000 and 2,400 steps of 2,048 tokens, 68 and 11 minutes on one processor core. Three stages:
windows of 48 that hold short random repeats and nothing else, until 16 random tokens are copied at
90 %; windows of 64 with text and repeats; windows of 256. A word that the text before it decides (who
got the book, *is* or *are*) has three times the weight of others. The second run reads other texts,
with more ways to say which young belongs to which animal; the first had fewer of those.

The table of positions starts as sinusoids. No head was planted: the previous-token head, the
induction heads and all else were found by training.

The residual stream is stored at a quarter of the size it was trained with (and the epsilon of the
layer norms at a sixteenth), which changes no result and keeps its largest values exact in F16.

## What it can do

Measured by the program on these files (`tests/test_probes.cpp`, in every test run), on prompts made
with other seeds than the training text; the share of prompts, 18 to 24 of them, after which the right
word is the likeliest. For pronouns the right one must be likelier than the wrong one, in every frame,
as some go on without either ("took the"). "New frame": the fact is asked for in words that the
training text does not use for it.

| Probe | Measured | Asserted |
|---|---:|---:|
{table}

## What it cannot do

- Anything outside its world. It knows {capitals} capitals, and invents the rest with confidence: the
  lesson "Where it goes wrong" shows it.
- Sums. None were in the text.
- Keep track for long: where a thing changes hands four times among three people, it names the wrong
  holder about once in ten.
- Take a question that it has not seen for what it is: "Dirty is not the same. The opposite is" gives
  *sad*, a word that is an opposite of something.
- Start a text with much variety when it decodes greedily: after an end of text the likeliest beginning
  is a fact, and then the same fact again. Sampling gives stories.
- Go beyond 256 tokens: its table of positions ends there.
"""


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        table = f.read().strip()
    whole = sum(share for _, share in corpus.KINDS)
    shares = ", ".join(f"{kind.__name__.replace('_', ' ')} {100 * share / whole:.0f}"
                       for kind, share in corpus.KINDS)
    print(TEXT.format(
        names=len(words.NAMES), things=len(words.THINGS), animals=len(words.ANIMALS),
        places=len(words.PLACES), plots=len(stories.PLOTS), capitals=len(words.CAPITALS),
        shares=shares, table=table), end="")


if __name__ == "__main__":
    main()
