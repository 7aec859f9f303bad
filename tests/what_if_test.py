"""Interventions in the real window: keys, mouse, undo, the comparison with the untouched run, and a
saved run of all of it.

usage: what_if_test.py PROGRAM MODEL

Needs Xvfb and xdotool.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from window_driver import check, finish, opened


def interventions(window):
    window.key("braceright", "bracketright")
    window.settle()
    state = window.state()
    layer, head = state["layer"] + 1, state["head"] + 1
    name = f"L{layer}H{head}"
    for key, what in (("k", name), ("j", f"L{layer}MLP"), ("z", f"L{layer}"),
                      ("y", f"{name}=uniform"), ("ctrl+u", f"{name}@{state['position']}=uniform")):
        window.key(key)
        window.wait(lambda s: s["ablated"] == what, f"{key} makes {what}")
        window.key(key)
        window.wait(lambda s: s["ablated"] == "", f"{key} again takes it back")
    window.key("y")
    window.wait(lambda s: s["ablated"] == f"{name}=uniform", "uniform again")
    window.key("ctrl+z")
    window.wait(lambda s: s["ablated"] == "", "undone")
    window.key("ctrl+y")
    window.wait(lambda s: s["ablated"] == f"{name}=uniform", "redone")
    return name


def differences(window, name):
    check(window.state()["untouched"], "the untouched run's step is at hand")
    window.key("d")
    window.wait(lambda s: s["difference"], "D shows the difference")
    window.key("space")
    window.wait(lambda s: s["step"] == 2 and s["untouched"],
                "the untouched run is computed as far as it is needed")
    check(window.state()["ablated"] == f"{name}=uniform", "and the step is still the other run's")
    nodes = window.state()["nodes"]
    for _ in range(3):
        window.key("Left")
        window.wait(lambda s: s["step"] == 1 and s["untouched"], "back, both at hand")
        window.key("Right")
        window.wait(lambda s: s["step"] == 2 and s["untouched"], "forward, both at hand")
    check(window.state()["nodes"] == nodes, "nothing was computed again")
    window.key("u")
    window.wait(lambda s: s["ablated"] == "" and s["step"] == 2, "U goes to the untouched run")
    check(window.state()["nodes"] == nodes, "which was there already")
    check(not window.state()["untouched"], "it is not compared with itself")
    window.key("d")
    window.wait(lambda s: not s["difference"], "D again")
    window.key("Home")
    window.wait(lambda s: s["step"] == 1, "at the beginning")


def replacing(window):
    before = window.state()["ids"]
    window.rest_mouse()
    window.point("token/1")
    window.xdotool("click", 3)
    window.wait(lambda s: s["typing"] == "field/typed", "a right click asks for a token")
    window.type("#7")
    window.key("Return")
    state = window.wait(lambda s: s["ids"] == [before[0], 7, *before[2:]], "and replaces it")
    check(state["edit"].startswith("prompt: "), f"it is named: {state['edit']}")
    check(state["untouched"] and state["overlay"] == 0, "it is compared with the old one")
    window.key("ctrl+z")
    window.wait(lambda s: s["ids"] == before, "undone")
    # The keyboard, and more tokens than one.
    window.key("shift+Left", "o")
    window.wait(lambda s: s["typing"] == "field/typed", "O asks, too")
    window.type("#7 #8 #9")
    window.key("Return")
    state = window.wait(lambda s: len(s["ids"]) == len(before) + 2, "three for one")
    window.key("d")
    window.wait(lambda s: "No difference" in s["toast"], "of another length: why not compared")
    window.key("d", "u")
    window.wait(lambda s: s["ids"] == before and s["edit"] == "", "U goes back to the old prompt")


def appending(window):
    before = window.state()
    window.key("w")
    window.wait(lambda s: s["overlay"] != 0, "W opens the list")
    window.click("item/6")
    window.wait(lambda s: s["typing"] == "field/typed", "its item asks for text")
    window.type("#5 #6 #7")
    window.key("Return")
    state = window.wait(lambda s: s["ids"] == [*before["ids"], 5, 6, 7], "it is appended")
    check(state["step"] == before["step"] + 3, "three steps")
    window.key("ctrl+z")
    window.wait(lambda s: s["ids"] == before["ids"], "one undo takes all of it back")
    window.click("command/what-if")
    window.wait(lambda s: s["overlay"] != 0, "the button opens the list")
    window.key("Escape")
    window.wait(lambda s: s["overlay"] == 0, "Esc closes it")
    window.key("q")
    window.wait(lambda s: s["typing"] == "field/typed", "Q asks")
    window.type("#99999999")
    window.wait(lambda s: s["typed"] == "#99999999", "typed")
    window.key("Return")
    window.settle()  # the card says why; its field has the keyboard again
    window.wait(lambda s: s["typing"] == "field/typed", "no such token: it can be put right")
    window.key("Escape")
    window.wait(lambda s: s["typing"] == "", "Esc leaves the field")
    window.key("Escape")
    window.wait(lambda s: s["overlay"] == 0 and s["ids"] == before["ids"], "and then the card")


def saving(window, program, model):
    window.key("z", "space")
    window.wait(lambda s: s["ablated"].startswith("L") and s["step"] == 2, "a layer off")
    window.key("ctrl+s")
    state = window.wait(lambda s: s["run"], "saved")
    run = json.loads(Path(state["run"]).read_text(encoding="utf-8"))
    check(len(run["runs"]) >= 5, "all runs are in the file")
    check(any("prompt_ids" in one for one in run["runs"]), "those with edited prompts, too")
    done = subprocess.run([program, "generate", "--model", model, "--run", state["run"], "--print",
                           "ids"], capture_output=True, text=True)
    ids = [int(id) for id in done.stdout.strip().split(",") if id]
    check(done.returncode == 0 and state["ids"][-len(ids):] == ids, "and it opens the same")


def main():
    program, model = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with opened(program, model) as window:
        name = interventions(window)
        differences(window, name)
        replacing(window)
        appending(window)
        saving(window, program, model)
    finish()


if __name__ == "__main__":
    main()
