"""Walks through every bundled lesson in the real window, by the one key, and checks that each stop
shows what its file asks for and that its note never lies over its view.

    lesson_test.py PROGRAM MODEL [--pictures FOLDER] [--size WIDTHxHEIGHT] [--presenting] [LESSON ...]
"""

import json
import sys
from pathlib import Path

import window_driver
from window_driver import check, finish, opened

LESSONS = Path(__file__).parent.parent / "assets" / "lessons"


def overlap(a, b):
    return (min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]) > 1
            and min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]) > 1)


def regions(window, start):
    return {name: window.region(name) for name in window.regions() if name.startswith(start)}


def wanted(stops):
    """What each stop asks for, those before it included."""
    now = {"view": "", "beside": "", "guess": False, "generate": 0}
    for stop in stops:
        if "prompt" in stop:
            now["generate"] = 0
        if "forced" in stop:
            now["generate"] = len(stop["forced"])
        for field in ("view", "beside", "guess", "generate"):
            now[field] = stop.get(field, now[field]) or type(now[field])()
        yield dict(now, answer="answer" in stop, select=stop.get("select", {}))


def check_stop(window, name, number, stop):
    # A picture that is settled: what is asked of the artist may take a while.
    state = window.wait(lambda s: s["lesson"] == name and s["stop"] == number and not s["answered"],
                        f"{name}: stop {number} is reached")
    where = f"{name} {number}"
    check(state["error"] == "", f"{where}: no error, but {state['error']!r}")
    check(state["view"] == stop["view"], f"{where}: the view is {stop['view']}")
    check(state["beside"] == stop["beside"], f"{where}: beside it is {stop['beside']!r}")
    check(state["step"] == stop["generate"] + 1, f"{where}: {stop['generate']} tokens are appended")
    check(state["reveal"] == (1 if stop["guess"] else 0), f"{where}: hidden where there is a guess")
    select = stop["select"]
    if isinstance(select.get("query"), int):
        length = len(state["ids"])
        check(state["position"] == select["query"] % length, f"{where}: the position is selected")
    if "key" in select:
        check(state["locked"].startswith("map/"), f"{where}: the weight is outlined")
    if "follow" in select:
        check(state["followed"] >= 0, f"{where}: a token is followed")
    return state


def check_room(window, where, presenting=False):
    note, panes = regions(window, "lesson/note"), regions(window, "pane/")
    check(len(note) == 1, f"{where}: there is a note")
    check(len(panes) >= 1, f"{where}: there is a view")
    for pane, rect in panes.items():
        check(not overlap(note["lesson/note"], rect), f"{where}: the note leaves {pane} alone")
        low = 150 if presenting else 200
        check(rect[2] > 300 and rect[3] > low, f"{where}: {pane} has room, {rect}")


def picture(window, folder, name):
    if folder:
        window.rest_mouse()
        window.settle()
        window.keep_picture(folder / f"{name}.png")


def walk(window, name, stops, folder, presenting=False):
    asked = list(wanted(stops))
    for number, stop in enumerate(asked, 1):
        check_stop(window, name, number, stop)
        check_room(window, f"{name} {number}", presenting)
        picture(window, folder, f"{name}-{number}")
        # The one key: what is hidden, then the answer, then on.
        if stop["guess"]:
            window.key("Next")
            window.wait(lambda s: s["reveal"] == 3, f"{name} {number}: probabilities first")
            window.key("Next")
            window.wait(lambda s: s["reveal"] == 0, f"{name} {number}: then the choice")
        if stop["answer"]:
            window.key("Next")
            window.wait(lambda s: s["answered"], f"{name} {number}: then the answer")
            picture(window, folder, f"{name}-{number}-answer")
        if number < len(asked):
            window.key("Next")
    check(window.state()["stop"] == len(asked), f"{name}: the last stop is the last")


def wander(window):
    """Going elsewhere does not lose the lesson; going fast does not wait; Esc leaves."""
    first = window.state()
    window.key("space", "1", "bracketright")
    window.wait(lambda s: s["step"] == first["step"] + 1, "a lesson lets one go elsewhere")
    window.key("Prior")
    window.wait(lambda s: s["stop"] == first["stop"] - 1, "and PageUp goes to the stop before")
    window.key("F5")
    window.wait(lambda s: s["presenting"], "F5 presents")
    window.settle()
    check_room(window, "presenting", True)
    for _ in range(first["stops"] * 4):
        window.key("Next")
    window.wait(lambda s: s["stop"] == first["stops"], "many keys arrive at the last stop")
    window.key("Escape")
    window.wait(lambda s: not s["presenting"] and s["lesson"] != "", "Esc ends presenting first")
    window.key("Escape")
    window.wait(lambda s: s["lesson"] == "", "and then the lesson")
    window.key("F1")
    window.wait(lambda s: s["overlay"] != 0, "F1 lists the lessons")
    window.key("Down", "Return")
    window.wait(lambda s: s["lesson"] == "one-step" and s["stop"] == 1, "Enter opens one")


def leave(window):
    """Leaving a lesson brings back the run that was open before it, as it was looked at."""
    window.key("Escape")
    window.begin("Once upon a time")
    window.key("space", "6")
    own = window.wait(lambda s: s["step"] == 2 and s["view"] == "layers", "a run of one's own")
    window.key("F1")
    window.wait(lambda s: s["overlay"] != 0, "F1 lists the lessons")
    window.key(*["Up"] * 25, "Down", "Return")
    window.wait(lambda s: s["lesson"] == "one-step" and s["stop"] == 1, "a lesson")
    window.key("Next", "Next")
    window.wait(lambda s: s["ids"] != own["ids"] and s["view"] != "layers", "with another run")
    window.key("Escape")
    window.wait(lambda s: s["lesson"] == "" and s["ids"] == own["ids"] and
                s["view"] == "layers", "left: the own run, as it was looked at")
    window.key("ctrl+z")
    window.wait(lambda s: s["ids"] != own["ids"], "Ctrl+Z shows the lesson's run")
    window.key("ctrl+y")
    window.wait(lambda s: s["ids"] == own["ids"], "and Ctrl+Y the own one")

    def open_lesson(rows, name):
        window.key("F1")
        window.wait(lambda s: s["overlay"] != 0, "the lessons once more")
        window.key(*["Up"] * 25, *["Down"] * rows, "Return")
        window.wait(lambda s: s["lesson"] == name and s["stop"] == 1, f"the lesson {name}")
        window.settle()

    # A lesson whose stops have several prompts, and undo amid it.
    open_lesson(0, "tokens")
    first = window.state()["prompt"]
    while window.state()["prompt"] == first:
        window.key("Next")
        window.settle()
    window.key("t", "ctrl+z")
    dark = window.wait(lambda s: s["prompt"] == first, "undo within a lesson")["theme"]
    window.key("Escape")
    window.wait(lambda s: s["ids"] == own["ids"], "does not stand in the way of leaving it")
    check(window.state()["theme"] == dark, "the theme is the room's")
    window.key("t")

    # Nothing of a guess is left over.
    name = next(lesson.stem for lesson in sorted(LESSONS.glob("*.json"))
                if json.loads(lesson.read_text(encoding="utf-8"))["stops"][0].get("guess"))
    open_lesson(int(name[:2]) - 1, name[3:])
    window.wait(lambda s: s["reveal"] != 0, "a lesson that begins with a guess")
    window.key("Escape")
    window.wait(lambda s: s["ids"] == own["ids"] and s["reveal"] == 0, "is left whole")

    # What is written for a lesson is written, whether it is left meanwhile or not.
    open_lesson(1, "one-step")
    window.key("ctrl+h")
    window.click("command/leave-lesson")
    window.wait(lambda s: s["lesson"] == "" and s["ids"] == own["ids"], "left while it writes")
    files = list(window.folder.glob("**/one-step.pptx"))
    check(len(files) == 1, f"the handout is there: {files}")

    open_lesson(1, "one-step")
    window.begin("Tom has a ball")
    window.key("Escape")
    window.wait(lambda s: s["lesson"] == "" and s["prompt"] == "Tom has a ball",
                "a prompt that was typed in a lesson is not left")


def handout(window):
    """The open lesson on paper, from the window."""
    window.key("ctrl+h")
    said = window.wait(lambda s: ".html and .pptx" in s["toast"], "Ctrl+H writes the open lesson")
    folder = window.folder / "data" / "stepscope" / "exports"
    check(str(folder) in said["toast"], "and says where")
    lesson = window.state()["lesson"]
    written = {path.name for path in folder.iterdir()}
    check(written == {lesson + end for end in (".pdf", ".html", ".pptx", "-worksheet.pdf")}, "four files")


def guess(window):
    """A class guesses: clicks, keys and typing count, and the reveal scores."""
    window.key("g")
    window.wait(lambda s: s["reveal"] == 1, "G hides what comes")
    window.settle()
    before = window.state()
    rows = [name for name in window.regions() if name.startswith("candidate/")]
    check(len(rows) > 1, "some tokens are offered")
    window.click(rows[0])
    window.wait(lambda s: s["votes"] == 1, "a click on a row is a vote")
    check(window.state()["ids"] == before["ids"], "and appends nothing")
    window.click(rows[1])
    window.wait(lambda s: s["votes"] == 2, "for another one, too")
    window.key("Down", "plus")
    window.wait(lambda s: s["votes"] == 3, "+ is a vote for the chosen row")
    window.key("minus")
    window.wait(lambda s: s["votes"] == 2, "and - takes it back")
    window.click("field/guess")
    window.wait(lambda s: s["typing"] == "field/guess", "a click goes to the field")
    window.type("ball")
    window.key("Return")
    window.wait(lambda s: s["votes"] == 3 and s["typing"] == "field/guess",
                "what is typed is a vote, and the next one can be typed")
    window.key("Escape")
    window.wait(lambda s: s["typing"] == "", "Esc leaves the field")
    window.key("space")
    revealed = window.wait(lambda s: s["reveal"] == 3, "Space reveals")
    check(revealed["scored"] == 1, "and scores the step")
    window.click("candidate/1")
    window.wait(lambda s: s["votes"] in (0, 3), "nobody votes after that")
    window.key("g")
    window.key("F5", "b")
    window.wait(lambda s: s["blank"], "B makes the screen black while presenting")
    window.key("b")
    window.wait(lambda s: not s["blank"], "and back")
    window.key("Escape")
    window.wait(lambda s: not s["presenting"], "Esc ends presenting")


def main():
    arguments = sys.argv[1:]
    folder = None
    if "--pictures" in arguments:
        at = arguments.index("--pictures")
        folder = Path(arguments[at + 1])
        folder.mkdir(parents=True, exist_ok=True)
        del arguments[at:at + 2]
    if "--size" in arguments:
        at = arguments.index("--size")
        window_driver.WIDTH, window_driver.HEIGHT = map(int, arguments[at + 1].split("x"))
        del arguments[at:at + 2]
    presenting = "--presenting" in arguments
    if presenting:
        arguments.remove("--presenting")
    program, model, *only = arguments
    for file in sorted(LESSONS.glob("*.json")):
        name = file.stem.split("-", 1)[1]
        if only and name not in only:
            continue
        stops = json.loads(file.read_text(encoding="utf-8"))["stops"]
        with opened(program, model, "--lesson", name) as window:
            window.key("F5" if presenting else "F11")
            walk(window, name, stops, folder, presenting)
            if file.name.startswith("01") and not presenting:
                handout(window)
                wander(window)
                leave(window)
                window.key("Escape")
                guess(window)
    finish()


if __name__ == "__main__":
    main()
