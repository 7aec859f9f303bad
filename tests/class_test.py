"""What a class needs of the real window: prompts worth trying, a lesson that is written while it is
open, its card, guesses that are saved with the run.

    class_test.py PROGRAM MODEL
"""

import json
import sys
import tempfile
from pathlib import Path

from window_driver import check, finish, opened


def lesson(title, **changes):
    stop = {"title": title, "note": "A note.", "prompt": "Tom gave the ball to", "view": "attention"}
    stops = [dict(stop, **changes)] + [{"title": f"Stop {n}", "note": "n"} for n in (2, 3, 4)]
    return json.dumps({"title": "Mine", "summary": "S", "minutes": 5, "stops": stops}, indent=1)


def rewritten(program, model, folder):
    """The open lesson follows its file."""
    file = folder / "mine.json"
    file.write_text(lesson("One"), encoding="utf-8")
    with opened(program, model, "--lesson", file) as window:
        first = window.wait(lambda s: s["lesson"] == "mine" and s["stop"] == 1, "a lesson of one's own opens")
        file.write_text(lesson("Two", prompt="Mia has a"), encoding="utf-8")
        changed = window.wait(lambda s: s["ids"] != first["ids"] and s["stop"] == 1,
                              "its file changes, and so does the stop")
        file.write_text(lesson("Three", view="lense", guess=3), encoding="utf-8")
        wrong = window.wait(lambda s: s["problem"] != "", "what is wrong with it is said")
        check(len(wrong["problem"].split("\n")) == 2, "all of it")
        check(wrong["ids"] == changed["ids"], "and what was there stays")
        file.write_text(lesson("Four"), encoding="utf-8")
        window.wait(lambda s: s["problem"] == "" and s["ids"] == first["ids"], "mended, it goes on")


def examples(window):
    window.key("ctrl+p")
    window.wait(lambda s: s["overlay"] != 0, "Ctrl+P lists prompts worth trying")
    window.settle()
    rows = [name for name in window.regions() if name.startswith("item/")]
    check(len(rows) == 12, "a dozen of them")
    window.key("Down", "Down", "Return")
    window.wait(lambda s: s["overlay"] == 0 and s["prompt"] == "The capital of France is" and s["view"] == "lens",
                "Enter starts one, in the view where it is seen")


def card(program, model):
    """What asks for text gets it, also where the class's card lies over all."""
    with opened(program, model, "class") as window:
        for key, field in (("ctrl+f", "field/find"), ("ctrl+l", "field/prompt"), ("ctrl+shift+s", "field/save"),
                           ("ctrl+o", "field/folder")):
            window.wait(lambda s: s["overlay"] != 0, "the card of the class")
            window.key(key)
            window.wait(lambda s: s["typing"] == field, f"{key} asks for text")
            window.key("Escape")
            window.wait(lambda s: s["overlay"] == 0 and s["typing"] == "", "Esc leaves it")
            window.key("F2")
        window.wait(lambda s: s["overlay"] != 0, "the card of the class")
        window.key("F5")
        window.wait(lambda s: s["presenting"] and s["overlay"] != 0, "F5 shows the card on the projector")


def votes(program, model):
    """Guesses come back with the run that was saved."""
    with opened(program, model) as window:
        examples(window)
        window.key("g")
        window.wait(lambda s: s["reveal"] == 1, "G hides what comes")
        window.key("plus", "plus", "Down", "plus")
        window.wait(lambda s: s["votes"] == 3, "three votes")
        window.key("space")
        window.wait(lambda s: s["scored"] == 1, "the reveal scores them")
        window.key("ctrl+s")
        saved = window.wait(lambda s: s["run"] != "", "the run is saved")
        check(window.close() == 0, "the window closes cleanly")
        view = json.loads(Path(saved["run"]).read_text(encoding="utf-8"))["view"]
        check(sum(vote["votes"] for vote in view["guesses"][0]["votes"]) == 3, "with the votes in it")
        window.again(saved["run"])
        window.wait(lambda s: s["votes"] == 3 and s["scored"] == 1, "and they are there when it is opened")


def main():
    program, model = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        rewritten(program, model, Path(folder))
    card(program, model)
    votes(program, model)
    finish()


if __name__ == "__main__":
    main()
