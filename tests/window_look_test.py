"""Words of the whole window, as it is drawn: none lies on another, none is cut, each stands out from
what is under it. In windows of several sizes, both themes, text of 80 to 200 %, with prompts that are
hard to place, in each sheet and while presenting.

window_look_test.py PROGRAM MODEL, which may also be a deep model of many heads."""

import sys
import time

import window_driver
from window_driver import check, finish, opened

PROMPTS = [
    "Tom and Mia went to the lake. Tom",
    "One\n\ntwo\nthree \U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467 \u4f60\u597d\u4e16\u754c"
    " Donaudampfschifffahrtsgesellschaftskapitaen \u05e9\u05dc\u05d5\u05dd",
    "The dog and the cat went to the park. " * 6 + "The",
]
# Width, height, presses of the key for larger text.
WINDOWS = [(1280, 720, 0), (1280, 720, 8), (1600, 1000, 0), (1600, 1000, 8), (1920, 1200, 12),
           (1024, 640, 0), (1600, 1000, -3), (390, 844, 0)]
SHEETS = ["F1", "v", "F10", "ctrl+e", "w", "ctrl+o"]

# A button that has nothing to do is grey: no folder yet, as many strategies as there is room for, or
# nobody guesses.
IDLE = ["Open", "+", "Reveal"]


class Word:
    def __init__(self, line):
        numbers = line.split(" ", 7)
        self.x, self.y, self.w, self.h, self.cut, self.contrast, self.size = map(float, numbers[:7])
        self.text = numbers[7]

    def meets(self, other, slack=1.0):
        return (self.x + self.w - slack > other.x and other.x + other.w - slack > self.x and
                self.y + self.h - slack > other.y and other.y + other.h - slack > self.y)


def words_of(log):
    return [Word(line) for line in log.read_text(encoding="utf-8").split("\n") if line]


def faults(words):
    for i, word in enumerate(words):
        if word.cut > 1.5:
            yield f"cut by {word.cut:.0f}: {word.text!r}"
        if 0 < word.contrast < 4.45 and word.text not in IDLE:
            yield f"contrast {word.contrast:.2f}: {word.text!r}"
        for other in words[i + 1:]:
            if word.meets(other):
                yield f"{word.text!r} lies on {other.text!r}"


def look(window, where):
    window.settle()
    # Drawings come a moment after the window around them: what stays is judged.
    for _ in range(6):
        words = words_of(window.text_log)
        found = list(faults(words))
        if not found:
            break
        time.sleep(0.5)
    check(len(words) >= 10, f"{where}: there are words")
    check(not found, f"{where}: nothing overlaps, is cut or pale")
    for fault in found[:12]:
        print("   ", fault)


def main(program, model):
    for width, height, larger in WINDOWS:
        window_driver.WIDTH, window_driver.HEIGHT = width, height
        for number, prompt in enumerate(PROMPTS):
            with opened(program, model, "--prompt", prompt, texts=True) as window:
                window.key("F11")
                key = "ctrl+plus" if larger > 0 else "ctrl+minus"
                for _ in range(abs(larger)):
                    window.key(key)
                where = f"{width}x{height}, text {larger:+d}, prompt {number + 1}"
                window.rest_mouse()
                look(window, where)
                window.key("t")
                look(window, where + ", other theme")
                for sheet in SHEETS if number == 0 else []:
                    window.key(sheet)
                    look(window, f"{where}, {sheet}")
                    window.key("Escape")
                if number == 1 and larger in (0, 8):
                    first = window.state()["view"]
                    while True:
                        window.key("Next")
                        look(window, f"{where}, {window.state()['view']}")
                        if window.state()["view"] == first:
                            break
                window.key("F5")
                look(window, where + ", presenting")
    finish()


if __name__ == "__main__":
    main(*sys.argv[1:3])
