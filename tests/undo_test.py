"""What is taken back and done again in the real window, and what it keeps for its next start.

    undo_test.py PROGRAM MODEL
"""

import json
import os
import sys

from window_driver import check, finish, opened


def undoing_a_choice(window):
    """A choice that is taken back brings back the path that was there."""
    window.key("Home")
    window.wait(lambda s: s["step"] == 1, "at the first step")
    window.key("space", "space", "space")
    there = window.wait(lambda s: s["step"] == 4, "three tokens further")
    window.key("Left", "Left")
    window.wait(lambda s: s["step"] == 2, "two back")
    window.key("Down", "Down", "Return")
    window.wait(lambda s: s["step"] == 3 and s["path_length"] == 3 + len(there["ids"]) - 4,
                "another token instead")
    window.key("ctrl+z")
    window.wait(lambda s: s["step"] == 2 and s["path_length"] == len(there["ids"]),
                "undo: the path that was there is there")
    window.key("End")
    last = window.wait(lambda s: s["step"] == 4, "its end")
    check(last["ids"] == there["ids"], "with its tokens")


def forgetting(window):
    """Where memory is short, the run before this one can be had back, and those before it not."""
    for prompt in ("One", "One two", "One two three"):
        window.begin(prompt)
    window.key("ctrl+z")
    window.wait(lambda s: s["prompt"] == "One two", "the run before is had back")
    window.wait(lambda s: not s["can_undo"], "and no other")
    window.key("ctrl+y")
    window.wait(lambda s: s["prompt"] == "One two three", "the last one again")


def undoing_a_deletion(window):
    """What was deleted and came again is undone and redone like anything else."""
    window.begin("Once upon a time there was")
    for keys in (("space", "Delete", "space"), ("space", "Delete", "space", "space", "Delete")):
        window.key(*keys)
        window.settle()
        before = window.state()["ids"]
        window.key(*["ctrl+z"] * len(keys))
        window.settle()
        window.key(*["ctrl+y"] * len(keys))
        there = window.wait(lambda s: s["ids"] == before, f"{keys} is redone")
        check(there["error"] == "", f"without a word, not {there['error']!r}")
    window.key("Home")


def preferring(window):
    """What is set is kept for the next start; steps may be watched, and any key skips."""
    settings = window.folder / "data" / "stepscope" / "settings.json"
    dark = window.state()["theme"] == "dark"
    window.key("t")
    window.wait(lambda s: (s["theme"] == "dark") != dark, "another theme")
    window.settle()
    kept = json.loads(settings.read_text(encoding="utf-8"))
    check(kept["theme"] == window.state()["theme"], "is kept")
    window.key("1", "ctrl+shift+w")
    window.wait(lambda s: s["watches"] and s["view"] == "routes", "steps are to be watched")
    window.key("Home", "space")
    window.wait(lambda s: s["moves"], "a step plays")
    window.key("comma")
    window.wait(lambda s: not s["moves"], "and any key skips")
    window.key("ctrl+shift+w")
    window.wait(lambda s: not s["watches"], "or not")


def main():
    program, model = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with opened(program, model) as window:
        undoing_a_choice(window)
        undoing_a_deletion(window)
        preferring(window)
    with opened(program, model, "--memory", "0.1") as window:
        forgetting(window)
    finish()


if __name__ == "__main__":
    main()
