"""Keyboards of the world: shortcuts by the key's place where a layout has no ASCII there, and a text
field that takes every character, with its own editing.

usage: typing_test.py PROGRAM MODEL

Needs Xvfb, xdotool and setxkbmap.
"""

import subprocess
import sys
import time

from tools import need
from window_driver import check, finish, opened

W = 25  # the key code of W on an American keyboard


def layout(window, *name):
    subprocess.run(["setxkbmap", *name], env=window.env, check=True)
    time.sleep(0.4)


def shortcuts(window):
    for name in ("us", "ru", "gr", "il", "ara", "th", "de"):
        layout(window, name)
        window.key(str(W))  # "What if" opens
        window.wait(lambda s: s["overlay"] != 0, f"W by its place on {name}")
        window.key("Escape")
        window.wait(lambda s: s["overlay"] == 0, "closed")
        window.key("ctrl+46")  # L
        window.wait(lambda s: s["typing"] == "field/prompt", f"Ctrl+L on {name}")
        window.key("Escape")
        window.wait(lambda s: s["typing"] == "", "left")
    layout(window, "us")
    first = "routes"
    window.key("1")
    window.wait(lambda s: s["view"] == first, "the first view")
    window.key("2")
    second = window.wait(lambda s: s["view"] != first, "the second view")["view"]
    window.key("1")
    window.wait(lambda s: s["view"] == first, "the first again")
    layout(window, "fr")
    window.key("11")  # é
    window.wait(lambda s: s["view"] == second, "AZERTY's é is 2 by its place")
    window.key("10")  # &
    window.wait(lambda s: s["view"] == first, "AZERTY's & is 1 by its place")
    theme = window.state()["theme"]
    layout(window, "fr")
    window.key("t")
    window.wait(lambda s: s["theme"] != theme, "the layout's letter rules where it is ASCII")
    layout(window, "us")


def prompt(window, *keys):
    window.key("ctrl+l")
    window.wait(lambda s: s["typing"] == "field/prompt", "the prompt has the keyboard")
    window.key("ctrl+a", "Delete", *keys)


def type_any(window, text):
    """xdotool puts what the layout lacks on a spare key, which takes the program a moment to learn."""
    window.xdotool("type", "--delay", 250, text)


def holds(window, text):
    window.wait(lambda s: s["prompt"] == text, f"the field holds {text!r}")


def characters(window):
    for text in ("\U0001F600 ok", "\u0645\u0631\u062d\u0628\u0627", "\u05e9\u05dc\u05d5\u05dd", "\u4e16\u754c",
                 "caf\u00e9", "\u0928\u092e", "\U0001F468\u200d\U0001F469\u200d\U0001F467"):
        prompt(window)
        type_any(window, text)
        holds(window, text)
        window.key("Return")
        window.wait(lambda s: s["step"] == 1 and s["typing"] == "" and s["prompt"] == text, "it runs")
    layout(window, "us", "-variant", "intl")
    prompt(window)
    window.key("dead_acute", "e", "dead_diaeresis", "u")
    holds(window, "\u00e9\u00fc")
    window.key("Escape")
    layout(window, "us")
    state = window.state()
    window.key("dead_acute", "e")  # outside a field what is composed is no shortcut
    time.sleep(0.5)
    toast = window.state()["toast"]
    check(not toast.startswith("Saved") and window.state()["step"] == state["step"], "no export")


def editing(window):
    prompt(window)
    window.type("one two  three")
    window.key("ctrl+BackSpace")
    holds(window, "one two  ")
    window.key("ctrl+z")
    holds(window, "one two  three")
    window.key("ctrl+y")
    holds(window, "one two  ")
    window.key("Home", "ctrl+Right", "ctrl+Delete")
    holds(window, "one  ")
    window.key("ctrl+a", "ctrl+x")
    holds(window, "")
    window.key("ctrl+v", "ctrl+v")
    holds(window, "one  one  ")
    window.key("End", "BackSpace", "BackSpace", "shift+Return")
    window.type("x")
    holds(window, "one  one\nx")
    window.key("Left", "Left", "BackSpace")
    holds(window, "one  on\nx")
    window.key("shift+Home", "Delete")
    holds(window, "\nx")
    window.key("shift+End", "shift+Left", "ctrl+c", "End", "ctrl+v")
    holds(window, "\nx\n")
    # A mark goes with its letter, a family at once.
    window.key("ctrl+a", "Delete")
    type_any(window, "ae\u0301")
    holds(window, "ae\u0301")
    window.key("BackSpace")
    holds(window, "a")
    before = window.state()
    window.key("f", "t", "space")  # letters are text here, and no commands
    holds(window, "aft ")
    check(window.state()["theme"] == before["theme"] and window.state()["step"] == before["step"],
          "no command was run")
    window.key("Escape")
    window.wait(lambda s: s["typing"] == "", "Escape leaves the field")
    check(window.state()["prompt"] != "aft ", "as it was before")


def mouse(window):
    prompt(window)
    window.type("alpha beta gamma")
    x, y, w, h = window.region("field/prompt")
    window.xdotool("mousemove", int(x + 20), int(y + h / 2), "click", "--repeat", 2, "--delay", 60, 1)
    window.key("Delete")
    state = window.wait(lambda s: "alpha" not in s["prompt"], "a double click takes a word")
    check("gamma" in state["prompt"], "and that word alone")
    window.xdotool("mousemove", int(x + 15), int(y + h / 2), "mousedown", 1, "mousemove", int(x + 300),
                   int(y + h / 2), "mouseup", 1)
    window.key("BackSpace")
    holds(window, "")
    window.key("Escape")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    need("setxkbmap")
    with opened(*sys.argv[1:]) as window:
        window.rest_mouse()
        for part in (shortcuts, characters, editing, mouse):
            part(window)
    finish()


if __name__ == "__main__":
    main()
