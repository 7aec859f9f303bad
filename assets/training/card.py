"""Writes the bundled model's card from what was measured.

    STEPSCOPE_PROBE_TABLE=probes.md build/release/tests/unit_tests --source-file='*test_probes*'
    python3 assets/training/card.py probes.md > assets/model/README.md

`probes.md` is what the program measured on the shipped files.
"""

import sys

import corpus
import stories
import words
from gpt2 import CONTEXT, HEADS, LAYERS, VOCAB, WIDTH

TEXT = """# stepscope-small

The model that comes with Stepscope: a GPT-2 (Radford et al. 2019) of {layers} layers, {heads} heads, width {width},
a vocabulary of {vocabulary:,} byte pairs and a context of {context} tokens; {weights} million weights, stored as F16.
It writes small English about a small world, and shows there what large models do, on a laptop, in a
millisecond a step.

## What it was trained on

Text that a program wrote (`assets/training`), each document once: {names} names from many languages,
{things} things, {foods} foods, {animals} animals, {places} places, {episodes} episodes of stories with forks. What is told
leans on what is known (in the rain people take umbrellas), words come as often as in a language (Zipf),
and the same is said in many ways. A seed names the whole text. Shares of words, in percent: {shares}.
Besides, 5 % of the windows hold random tokens that repeat. Nothing was taken from elsewhere, and no text
was written by a language model.

## How

    /usr/bin/python3 assets/training/train.py --out run

It can be stopped and goes on. Muon (Jordan et al. 2024) for the matrices of the blocks, AdamW for all
else; the rate is level, and falls to nothing over the last steps. First windows of 64 of which half hold
random repeats, until 16 random tokens are copied at 90 %: that is where the previous-token and induction
heads form, and nothing was planted. Then windows of 128, of 256, and of {context} at the end. A word that
the text before it decides (who got the book, *is* or *are*) weighs more until the rate falls. In the first
chunks of text rare words come nearly as often as others. The shipped run saw the text in several states, each
more open than the one before (sharper lists, more wordings, adjectives and ends, a slip now and then), and
its rate fell twice; the scripts are those of its end, so it does not repeat to the bit.

The table of positions starts as sinusoids. The residual stream is stored at an eighth of the size it was
trained with (and the epsilon of the layer norms at a sixty-fourth), which changes no result and keeps its
largest values exact in F16. Matrices are whole numbers of eight bits times a scale for each output
(`eight_bits.py`), which F16 holds exactly: a page is sent the whole numbers. `assets/states` has the same
run at earlier times, stored as whole numbers and scales (`states.py`).

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

- Anything outside its world. It knows {capitals} capitals, and goes on about others as if it knew them: the
  lesson "Where it goes wrong" shows it.
- Find the receiver in wordings that are rare in its text, or in paraphrased questions; use a fact in
  a frame that it never read. These were to be 80 %, 80 % and 60 %; the table says what they are.
- Be as open as it was to be: 35 % of positions with 1 to 3 bits. The table says how many there are.
- Sums of more than one digit, and not all of those.
- Keep track for long: where a thing changes hands several times among three people, it loses the holder.
- Go beyond {context} tokens: its table of positions ends there.
"""


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        table = f.read().strip()
    whole = sum(share for _, share, _ in corpus.KINDS)
    shares = ", ".join(f"{kind.__name__.replace('_', ' ')} {100 * share / whole:.0f}"
                       for kind, share, _ in corpus.KINDS)
    weights = LAYERS * (12 * WIDTH ** 2 + 13 * WIDTH) + (VOCAB + CONTEXT) * WIDTH + 2 * WIDTH
    print(TEXT.format(
        layers=LAYERS, heads=HEADS, width=WIDTH, vocabulary=VOCAB, context=CONTEXT,
        weights=f"{weights / 1e6:.2f}", names=len(words.NAMES), things=len(words.THINGS),
        foods=len(words.FOOD), animals=len(words.ANIMALS), places=len(words.PLACES),
        episodes=len(stories.EPISODES), capitals=len(words.CAPITALS), shares=shares, table=table), end="")


if __name__ == "__main__":
    main()
