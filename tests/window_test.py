"""Drives the real window under Xvfb with real keys and clicks, and checks what it says it shows.

    window_test.py PROGRAM MODEL

Needs what window_driver.py needs.
"""

import json
import os
import signal
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import window_driver
from window_driver import HEIGHT, WIDTH, check, finish, opened

FRAME_MS = 50
START_UP_FRAMES = 10


def steps_and_back(window):
    first = window.state()
    check(first["proposed"] == first["argmax"], "greedy proposes the argmax")
    check(first["proposed"] not in first["ids"][first["path_length"]:], "nothing is appended yet")
    window.rest_mouse()
    window.settle()
    above_timeline = f"{WIDTH}x{HEIGHT - 140}+0+0"
    start = window.picture(above_timeline)

    window.key("space")
    second = window.wait(lambda s: s["step"] == 2, "Space computes the next step")
    check(second["ids"] == first["ids"] + [first["proposed"]],
          "Space appends exactly what was proposed")
    for state in window.states():
        if state["step"] == 1:
            check(state["ids"] == first["ids"], "the ids do not grow before the step is there")
            break
    window.key("space", "space")
    fourth = window.wait(lambda s: s["step"] == 4, "two more")
    check(fourth["ids"][:len(second["ids"])] == second["ids"], "what was appended stays")

    window.key("Left")
    third = window.wait(lambda s: s["step"] == 3, "Left goes back")
    window.settle()
    there = window.picture()
    window.key("Home")
    window.wait(lambda s: s["step"] == 1, "Home goes to the first step")
    window.settle()
    check(window.picture(above_timeline) == start, "the first step looks as it did, pixel by pixel")
    window.key("Right")
    window.wait(lambda s: s["step"] == 2, "Right goes forward")
    window.key("Right")
    again = window.wait(lambda s: s["step"] == 3, "and on")
    check(again["ids"] == third["ids"], "the same step has the same ids")
    window.settle()
    check(window.picture() == there, "the same step gives the same picture, pixel by pixel")
    window.key("End")
    window.wait(lambda s: s["step"] == 4 and s["ids"] == fourth["ids"], "End goes to the last step")


def selecting(window):
    window.key("2")
    window.wait(lambda s: s["view"] == "attention", "2 is the second view")
    window.click("token/1")
    window.wait(lambda s: s["position"] == 1, "a click on a token selects its position")
    window.click("head/0/2")
    window.wait(lambda s: (s["layer"], s["head"]) == (0, 2), "a click on a thumbnail selects a head")
    window.key("bracketright")
    window.wait(lambda s: (s["layer"], s["head"]) == (1, 2), "] is the next layer")
    window.key("braceleft")
    window.wait(lambda s: (s["layer"], s["head"]) == (1, 1), "{ is the head before")
    n = len(window.state()["ids"])
    window.click("map/1/1", (2 + 0.5) / n, (3 + 0.5) / n)
    window.wait(lambda s: s["position"] == 3 and s["locked"] == "map/1/1",
                "a click on a cell selects its query and locks it")
    window.click("layer/4")
    window.wait(lambda s: s["layer"] == 4, "a click on a block selects its layer")
    window.key("4")
    window.wait(lambda s: s["view"] == "heads", "4 is the fourth tab")
    window.click("command/view-attention")
    window.wait(lambda s: s["view"] == "attention", "a click on a tab shows it")
    window.key("0")
    window.wait(lambda s: s["hide_first"], "0 hides the first token")
    window.key("0")
    window.wait(lambda s: not s["hide_first"], "and shows it again")
    window.key("t")
    window.wait(lambda s: s["theme"] == "dark", "T is the dark theme")
    window.key("t", "h")
    window.wait(lambda s: s["overlay"] != 0, "H opens the key sheet")
    window.key("space", "Escape")
    window.wait(lambda s: s["overlay"] == 0, "Esc closes it")
    window.key("ctrl+plus")
    window.wait(lambda s: s["zoom"] > 1, "Ctrl+Plus enlarges the text")
    window.key("ctrl+plus", "ctrl+plus")
    window.settle()
    picture = window.picture()
    colours = {picture[i:i + 3] for i in range(0, len(picture), 3)}
    check(len(colours) > 100, "the larger window is drawn")
    window.key("ctrl+0")
    window.wait(lambda s: s["zoom"] == 1, "Ctrl+0 undoes it")


def looking(window):
    """Views, switches, the reading cursor, locked cells and followed tokens, by keys alone."""
    window.key("1")
    window.wait(lambda s: s["view"] == "routes", "1 is the first view")
    window.key("v")
    window.wait(lambda s: s["overlay"] != 0, "V lists the views")
    window.key("Down", "Down", "Return")
    second = window.wait(lambda s: s["overlay"] == 0 and s["view"] != "attention",
                         "Enter shows the chosen one")["view"]
    window.key("2")
    window.wait(lambda s: s["view"] == "attention", "2 is the second view")
    window.key("Next")
    window.wait(lambda s: s["view"] == second, "PageDown is the next view")
    window.key("Prior", "b")
    window.wait(lambda s: s["beside"] == "attention" and s["view"] == second,
                "B keeps a view beside another")
    window.key("Tab")
    window.wait(lambda s: s["beside"] == second and s["view"] == "attention", "Tab swaps them")
    window.key("b")
    window.wait(lambda s: s["beside"] == "", "B closes it")
    for key, field in (("x", "mix"), ("i", "tint"), ("s", "own_scale"), ("c", "colormap")):
        before = window.state()[field]
        window.key(key)
        window.wait(lambda s: s[field] != before, f"{key} changes {field}")
        window.key(*[key] * {"mix": 2, "tint": 3, "own_scale": 1, "colormap": 2}[field])
        window.wait(lambda s: s[field] == before, f"{key} comes around")
    window.click("mix/mean")
    window.wait(lambda s: s["mix"] == 1, "a click chooses the mean of a layer's heads")
    window.click("mix/one")
    window.key("Home", "Escape", "shift+Left")
    n = len(window.state()["ids"])
    window.wait(lambda s: s["position"] == n - 2, "Shift+Left looks at the token before")
    window.key("l")
    locked = window.wait(lambda s: s["locked"].startswith("map/"), "L locks a cell")
    window.key("ctrl+Up")
    window.wait(lambda s: s["locked"] == locked["locked"] and s["position"] == n - 3,
                "Ctrl+Up moves to the cell above")
    window.key("Escape", "Escape")
    window.wait(lambda s: s["locked"] == "" and s["position"] == n - 1, "Esc lets go")
    window.key("Down", "f")
    followed = window.wait(lambda s: s["followed"] >= 0, "F follows a candidate")["followed"]
    window.key("ctrl+f")
    window.wait(lambda s: s["typing"] == "field/find", "Ctrl+F goes to the search field")
    window.type("ball")
    window.key("Return")
    window.wait(lambda s: s["followed"] not in (-1, followed), "a token is found and followed")
    window.key("Escape")
    phases = [window.state()["phase"]]
    for _ in range(3):
        window.key("period")
        window.wait(lambda s: (s["phase"], s["layer"]) != phases[-1] and s["phase"] != phases[-1],
                    "the reading cursor walks on")
        phases.append(window.state()["phase"])
    window.key("comma")
    window.wait(lambda s: s["phase"] == phases[-2], "and back")


def comparing(window):
    """Strategies side by side, and the tree of a beam search."""
    step = window.state()
    while step["view"] != "strategies" and not window_driver.failed:
        before = step["view"]
        window.key("Next")
        step = window.wait(lambda s: s["view"] != before, "PageDown goes to the next view")
    window.wait(lambda s: s["compared"] >= s["step"], "strategies are run while they are on show")
    window.key("End", "space")
    window.wait(lambda s: s["step"] > step["step"] and s["compared"] >= s["step"],
                "Space appends a token to each")
    window.settle()
    window.click("rule/2")
    window.settle()
    window.click("rule-kind/top-p")
    changed = window.wait(lambda s: "p=0.9" in s["rules"].split(";")[2], "a row gets another strategy")
    window.wait(lambda s: s["compared"] >= s["step"], "which is run")
    window.click("command/strategy-remove")
    window.wait(lambda s: s["rules"].count(";") == 2, "a row is removed")
    window.click("command/strategy-add")
    window.wait(lambda s: s["rules"].count(";") == 3 and s["rules"] != changed["rules"],
                "and one is added")
    window.click("field/strategies")
    window.wait(lambda s: s["typing"] == "field/strategies", "all rows can be typed")
    window.type("greedy; beams=3")
    window.key("Return")
    window.wait(lambda s: s["rules"] == "greedy; beams=3", "Enter takes them over")
    window.key("Escape", "Next")
    window.wait(lambda s: s["view"] == "beam", "the view of the search is the next one")
    window.settle()
    window.click("slider/beams", 0.99)
    window.wait(lambda s: s["rules"] == "greedy; beams=8", "its slider sets the number of beams")
    window.wait(lambda s: s["compared"] >= s["step"], "and the search is run")
    window.key("2")
    window.wait(lambda s: s["view"] == "attention", "back to attention")


def looking_ahead(window):
    """What would follow the candidates: said under the mouse, walked to in the tree."""
    before = window.state()
    while window.state()["view"] != "tree" and not window_driver.failed:
        view = window.state()["view"]
        window.key("Next")
        window.wait(lambda s: s["view"] != view, "PageDown goes to the next view")
    window.wait(lambda s: s["ahead"], "it looks ahead by itself")
    window.settle()
    untaken = [name for name in window.regions() if name.startswith("ahead/")]
    check(len(untaken) >= 9, f"the tree shows what was not taken: {untaken}")
    chosen = [name for name in untaken if name.endswith("/2")][-1]  # an unlikely one goes on
    window.click(chosen)
    there = window.wait(lambda s: len(s["ids"]) == len(before["ids"]) + 3, "a click walks there")
    check(f"ahead/{there['ids'][-3]}/2" == chosen, "beginning with the candidate")
    window.wait(lambda s: s["ahead"] or s["done"], "and it looks ahead again, where the text goes on")
    window.key("ctrl+z")
    window.wait(lambda s: s["ids"] == before["ids"], "Ctrl+Z goes back in one step")
    window.key("2")
    window.wait(lambda s: s["view"] == "attention", "back to attention")


def branching(window):
    """Branches, undo, a head left out, saving and reopening."""
    window.key("End", "Escape")
    before = window.state()
    window.key("Left")
    window.wait(lambda s: len(s["ids"]) == len(before["ids"]) - 1, "one back")
    window.click("candidate/2")
    branched = window.wait(lambda s: s["nodes"] > before["nodes"], "another token branches")
    check(len(branched["ids"]) == len(before["ids"]), "the branch is as long")
    window.key("ctrl+z")
    undone = window.wait(lambda s: s["can_redo"], "Ctrl+Z takes it back")
    check(undone["nodes"] == branched["nodes"], "what was computed stays in the tree")
    window.key("ctrl+y")
    window.wait(lambda s: s["ids"] == branched["ids"], "Ctrl+Y does it again")
    window.key("Delete")
    deleted = window.wait(lambda s: s["nodes"] == before["nodes"], "Delete takes the branch away")
    check(len(deleted["ids"]) == len(branched["ids"]) - 1, "and goes to where it began")
    window.key("ctrl+z")
    window.wait(lambda s: s["nodes"] == branched["nodes"] and s["ids"] == branched["ids"],
                "and undo brings it back")
    window.key("k")
    ablated = window.wait(lambda s: s["ablated"] != "", "K leaves out the selected head")
    check(ablated["ids"] == branched["ids"], "for the same tokens")
    window.settle()
    window.key("ctrl+s")
    saved = window.wait(lambda s: s["run"] != "", "Ctrl+S saves")
    check(Path(saved["run"]).exists() and saved["run"].endswith(".stepscope.json"), "a run file")
    window.key("u")
    window.wait(lambda s: s["ablated"] == "", "U is the untouched model again")
    return saved


def reopening(window, model, saved):
    """A saved run shows the same step and view; a killed program leaves its run behind."""
    # Words for enums; older files have their numbers.
    run = json.loads(Path(saved["run"]).read_text())
    words = [run["view"][name] for name in ("phase", "colours", "mix", "tint")]
    check(all(isinstance(word, str) for word in words), f"enums are saved by name, not {words}")
    run["view"]["tint"] = ["none", "previous", "first", "induction"].index(run["view"]["tint"])
    Path(saved["run"]).write_text(json.dumps(run))
    window.again(saved["run"])
    again = window.wait(lambda s: s["ids"] == saved["ids"], "a saved run opens at its step")
    for field in ("view", "layer", "head", "phase", "colormap", "mix", "tint", "theme", "ablated",
                  "proposed", "nodes", "decoding"):
        check(again[field] == saved[field], f"with the same {field}")
    window.key("space")
    grown = window.wait(lambda s: len(s["ids"]) == len(again["ids"]) + 1, "and goes on")
    window.settle()
    window.kill()
    window.again("--model", model)
    window.wait(lambda s: s["left"] != "", "what was interrupted is offered")
    window.key("ctrl+r")
    window.wait(lambda s: s["ids"] == grown["ids"], "and reopened at its last step")


def forcing_and_sampling(window):
    before = window.state()
    window.click("candidate/3")
    forced = window.wait(lambda s: len(s["ids"]) == len(before["ids"]) + 1,
                         "a click on a candidate appends it")
    check(forced["ids"][-1] != before["proposed"], "and not the proposed one")
    window.key("Down", "Down")
    window.wait(lambda s: s["candidate"] == 2, "Down chooses a candidate")
    window.key("Return")
    entered = window.wait(lambda s: len(s["ids"]) == len(forced["ids"]) + 1, "Enter appends it")
    check(entered["ids"][-1] != forced["proposed"], "Enter appends the chosen one")
    window.click("strategy/top-k")
    window.wait(lambda s: "top-k" in s["decoding"], "a click changes the decoding")
    check(window.state()["ids"] == entered["ids"], "which appends nothing")
    window.click("slider/parameter", 0.99)
    window.wait(lambda s: "top-k 5," not in s["decoding"], "the slider changes its parameter")
    decoding = window.state()["decoding"]
    window.key("r")
    window.wait(lambda s: s["decoding"] != decoding, "R draws with another seed")
    window.click("strategy/greedy")
    window.wait(lambda s: s["decoding"] == "greedy" and s["proposed"] == s["argmax"],
                "greedy proposes the argmax again")


def playing_and_scrubbing(window):
    window.key("Home")  # from where there is some way to go
    length = len(window.wait(lambda s: s["step"] == 1, "Home goes to the first step")["ids"])
    window.click("slider/speed", 0.98)
    window.key("p")
    window.wait(lambda s: s["playing"], "P plays")
    window.wait(lambda s: len(s["ids"]) >= length + 3 or not s["playing"], "playing goes on")
    if window.state()["playing"]:
        window.key("p")
    window.wait(lambda s: not s["playing"], "P pauses")
    end = window.state()["path_length"]
    window.click("timeline", (end - 2 + 0.5) / end)
    window.wait(lambda s: len(s["ids"]) == end - 1, "a click on the timeline goes there")
    check(window.state()["path_length"] == end, "what lies ahead stays")


def prompting(window):
    window.key("ctrl+l")
    window.wait(lambda s: s["typing"] == "field/prompt", "Ctrl+L goes to the prompt")
    window.key("ctrl+a")
    window.type("The capital of France is")
    window.key("Return")
    started = window.wait(lambda s: s["step"] == 1 and s["prompt"] == "The capital of France is"
                          and s["path_length"] == len(s["ids"]) and not s["typing"],
                          "Enter starts the prompt")
    window.key("ctrl+l")
    window.wait(lambda s: s["typing"] != "", "typing again")
    for key in ("ctrl+a", "BackSpace", "Return"):  # a frame each: the field takes one at a time
        window.key(key)
        time.sleep(0.3)
    bad = window.wait(lambda s: s["error"] != "", "an empty prompt is refused in words")
    check("\n" not in bad["error"] and bad["ids"] == started["ids"], "and the run stays as it was")
    window.key("Escape")
    window.wait(lambda s: s["error"] == "", "Esc takes the message away")


def opening_models(window, model):
    before = window.state()["ids"]
    window.key("m")
    window.wait(lambda s: s["overlay"] != 0, "M opens the model card")
    window.click("field/folder")
    window.wait(lambda s: s["typing"] == "field/folder", "a click goes to its field")
    window.type("/nowhere")
    window.key("Return")
    bad = window.wait(lambda s: s["error"] != "", "a folder without a model is refused in words")
    check("/nowhere" in bad["error"] and bad["ids"] == before, "and the model stays")
    window.click("field/folder")
    window.wait(lambda s: s["typing"] == "field/folder", "again")
    window.key("ctrl+a")
    window.type(str(model))
    window.key("Return")
    window.wait(lambda s: s["overlay"] == 0 and s["error"] == "", "a good one is opened")


def exporting(window):
    window.key("e")
    said = window.wait(lambda s: ".svg, .png" in s["toast"], "E exports and says where")
    folder = window.folder / "data" / "stepscope" / "exports"
    check(str(folder) in said["toast"], "the place that was said")
    files = {path.suffix: path for path in folder.iterdir()}
    check(set(files) == {".svg", ".png", ".pdf"}, "three files")
    root = ElementTree.parse(files[".svg"]).getroot()
    check(root.tag.endswith("svg") and "about to be appended" in "".join(root.itertext()),
          "the SVG has its words as text")
    check(files[".png"].read_bytes().startswith(b"\x89PNG\r\n\x1a\n"), "the PNG is one")
    pdf = files[".pdf"].read_bytes()
    check(pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF"), "the PDF is one")


def full_context(program, model):
    config = json.loads((Path(model) / "config.json").read_text())
    n_ctx = config.get("n_positions", config.get("n_ctx"))
    prompt = " the" * (n_ctx - 1)
    with opened(program, model, "--prompt", prompt) as window:
        window.key("space")
        done = window.wait(lambda s: s["done"] != "", "a full context ends the run and says why")
        window.key("space")
        time.sleep(0.5)
        check(window.state()["ids"] == done["ids"], "nothing is appended after it")


def frames(window):
    """Reports how long the frames took. No verdict: a busy machine would give another."""
    lines = [line for line in window.frame_log.read_text().splitlines() if line[0].isdigit()]
    times = [tuple(map(float, line.split())) for line in lines][START_UP_FRAMES:]
    check(len(times) > 100, "frames are logged")
    for what, ms in (("from start to shown", sorted(wall for wall, _, _ in times)),
                     ("of the window's own work", sorted(busy for _, busy, _ in times)),
                     ("to build them", sorted(build for _, _, build in times))):
        late = sum(m > FRAME_MS for m in ms)
        print(f"{len(ms)} frames, ms {what}: median {ms[len(ms) // 2]:.1f}, "
              f"99 % below {ms[len(ms) * 99 // 100]:.1f}, longest {ms[-1]:.1f}, "
              f"{late} over {FRAME_MS}")


def main():
    program, model = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with opened(program, model) as window:
        steps_and_back(window)
        selecting(window)
        looking(window)
        comparing(window)
        looking_ahead(window)
        saved = branching(window)
        forcing_and_sampling(window)
        playing_and_scrubbing(window)
        prompting(window)
        opening_models(window, model)
        exporting(window)
        check(window.close() == 0, "Ctrl+Q closes it cleanly")
        frames(window)
        reopening(window, model, saved)
    full_context(program, model)
    finish()


if __name__ == "__main__":
    main()
