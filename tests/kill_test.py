"""Kills the window with SIGKILL at random moments and looks at what is left: a whole file that holds
every step that was on the screen, and that the next window offers.

usage: kill_test.py PROGRAM MODEL [ROUNDS [SEED]]

A few rounds by default; 100 take some minutes. Needs Xvfb and xdotool.
"""

import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from window_driver import Display, Window

COMMANDS = ("space", "space", "space", "Down Return", "Left", "k", "z", "ctrl+z", "y", "u")


def kill_once(program, model, folder, display, draw):
    """One life of the window; returns what is wrong with what it left."""
    folder.mkdir()
    window = Window(program, model, folder, display)
    keys = [key for _ in range(draw.randint(1, 12)) for key in draw.choice(COMMANDS).split()]
    typing = subprocess.Popen(["xdotool", "key", "--delay", str(draw.choice((5, 40))), *keys],
                              env=window.env)
    time.sleep(draw.uniform(0, 0.6))
    window.kill()
    typing.wait()
    shown = window.state()
    files = list((folder / "data").rglob("*.stepscope.json"))
    if len(files) != 1:
        return [f"{len(files)} files were left"]
    try:
        run = json.loads(files[0].read_text(encoding="utf-8"))
    except ValueError as error:
        return [f"half a file: {error}"]
    problems = []
    if shown["ids"] not in paths(run):
        problems.append(f"the step on the screen, {shown['ids']}, is not in the file")
    reads = subprocess.run([program, "generate", "--model", model, "--run", files[0], "--print",
                            "ids"], capture_output=True)
    if reads.returncode:
        problems.append(reads.stderr.decode())
    return problems


def paths(run):
    """Every text that the file holds, as ids."""
    every = []
    for one in run["runs"]:
        prompt = one.get("prompt_ids", run["prompt_ids"])
        every.append(prompt)
        nodes = []
        for token in one["tokens"]:
            before = prompt if token["parent"] < 0 else nodes[token["parent"]]
            nodes.append([*before, token["id"]])
        every += nodes
    return every


def main():
    if len(sys.argv) not in (3, 4, 5):
        sys.exit(__doc__.strip())
    program, model = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    draw = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    failed = 0
    with contextlib.closing(Display()) as display, tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            place = Path(folder) / f"{number}"
            problems = kill_once(program, model, place, display, draw)
            # The next window in the same place offers it.
            if not problems and number % 10 == 0:
                (place / "state.jsonl").unlink()
                again = Window(program, model, place, display)
                if not again.state()["left"].endswith(".stepscope.json"):
                    problems.append("the next window does not offer it")
                again.key("ctrl+r")
                again.wait(lambda s: s["left"] == "" and s["nodes"] > 0, "it was reopened")
                again.close()
            for problem in problems:
                print(f"FAILED round {number + 1}: {problem}")
            failed += bool(problems)
    print(f"{rounds - failed} of {rounds} kills left a whole run")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
