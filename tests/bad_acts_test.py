"""Acts that cannot be carried out: the window says why in a word, and the run goes on.

usage: bad_acts_test.py PROGRAM MODEL

Needs Xvfb and xdotool.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from window_driver import check, finish, opened


def goes_on(window):
    """After whatever was said, a step is a step."""
    window.key("Escape", "Escape")
    window.wait(lambda s: s["overlay"] == 0 and s["typing"] == "", "out of the sheet")
    number = window.state()["step"]
    window.key("space")
    window.wait(lambda s: s["step"] == number + 1, "the run goes on")


def refused(window, *words):
    state = window.wait(lambda s: s["error"] != "", f"{words} is said")
    for word in words:
        check(word in state["error"], f"{word!r} in {state['error']!r}")
    check("bug" not in state["error"], "it is no bug")
    goes_on(window)


def opens(window, name):
    window.key("ctrl+o")
    window.wait(lambda s: s["overlay"] != 0, "the sheet of models")
    window.click("field/folder")
    window.wait(lambda s: s["typing"] == "field/folder", "its field")
    window.key("ctrl+a")
    window.type(name)
    window.key("Return")


def exports(window, name, format):
    window.key("ctrl+e")
    window.wait(lambda s: s["overlay"] != 0, "the export sheet")
    window.click("export/format/" + format)
    window.wait(lambda s: s["export"]["format"] == format, format)
    window.click("field/target")
    window.wait(lambda s: s["typing"] == "field/target", "the field of the target")
    window.key("ctrl+a")
    window.type(name)
    window.wait(lambda s: s["export"]["target"] == name, "the target")
    window.key("Return")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    program, model = map(os.path.abspath, sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "loop").symlink_to("loop")
        os.mkfifo(folder / "pipe")
        (folder / "pipes").mkdir()
        shutil.copy(Path(model) / "config.json", folder / "pipes")
        os.mkfifo(folder / "pipes" / "model.safetensors")
        (folder / "here").mkdir()
        strange = os.fsencode(folder) + b"/na\xffme"
        shutil.copytree(os.fsencode(model), strange)
        os.chdir(folder / "here")
        with opened(program, strange, "--no-stop") as window:
            check(window.state()["step"] == 1, "a model whose name is no UTF-8 opens")
            for name, words in ((f"{folder}/loop", ("loop",)), (f"{folder}/pipes", ("model.safetensors",)),
                                (f"{folder}/pipe", ("pipe",)), (f"{folder}/{'n' * 300}", ("nnn",)),
                                (f"{folder}/none", ("none",))):
                opens(window, name)
                refused(window, *words)
            for name, words in ((f"{folder}/{'n' * 300}.json", ("name too long",)),
                                (f"{folder}/loop", ("loop",)),
                                (f"{folder}/loop/a.json", ("loop",)),
                                ("/dev/full", ("/dev/full", "No space left"))):
                exports(window, name, "json")
                refused(window, *words)
            for format in ("json", "safetensors"):
                exports(window, f"{folder}/run.{format}", format)
                window.wait(lambda s: s["toast"].startswith("Saved"), "written")
                check((folder / f"run.{format}").exists(), format)
                goes_on(window)
            shutil.rmtree(folder / "here")
            goes_on(window)
            exports(window, "run.json", "json")
            refused(window, "the current folder is gone")
    finish()


if __name__ == "__main__":
    main()
