"""What windows keep of their runs: two on one home keep out of each other's way, what was damaged is
set aside once, and a full disk ends nothing.

usage: autosave_test.py PROGRAM MODEL

Needs Xvfb and xdotool; the full disk needs a file system of its own, which root can mount.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from window_driver import Display, Window, check, finish


displays = []


def opened(program, model, place, home):
    """A window with logs and a screen of its own, on a home that others use too."""
    place.mkdir()
    (place / "data").symlink_to(home)
    displays.append(Display())
    return Window(program, model, place, displays[-1])


def kept(home):
    return sorted((home / "stepscope").glob("autosave-*.stepscope.json"))


def step(window, times):
    for _ in range(times):
        number = window.state()["step"]
        window.key("space")
        window.wait(lambda s: s["step"] == number + 1, "one step on")


def two_on_one_home(program, model, folder):
    home = folder / "home"
    home.mkdir()
    first = opened(program, model, folder / "first", home)
    second = opened(program, model, folder / "second", home)
    check(second.state()["left"] == "", "the run of a living window is not offered")
    check(len(kept(home)) == 2, "each has a file of its own")
    first.kill()
    step(second, 2)
    texts = {len(json.loads(file.read_text())["ids"]) for file in kept(home)}
    check(len(texts) == 2, "neither writes over the other's")
    third = opened(program, model, folder / "third", home)
    left = Path(third.state()["left"])
    check(left.name.startswith("autosave-"), "what the killed one left is offered")
    second.kill()
    fourth = opened(program, model, folder / "fourth", home)
    check(Path(fourth.state()["left"]) != left, "the newest is offered first")
    fourth.key("ctrl+r")
    fourth.wait(lambda s: s["step"] == 3 and s["left"] == "", "it was reopened where it stood")
    third.key("ctrl+r")
    third.wait(lambda s: s["left"] == "" and s["nodes"] > 0, "the other one was reopened too")
    check(not left.exists(), "what was taken over is kept under the new window's name alone")
    for window in (third, fourth):
        check(window.close() == 0, "closed")
    check(not list((home / "stepscope").glob("autosave-*")), "nothing is left of windows that were closed")


def damaged_once(program, model, folder):
    home = folder / "damaged-home"
    (home / "stepscope").mkdir(parents=True)
    file = home / "stepscope" / "autosave-0123456789abcdef.stepscope.json"
    file.write_text('{"schema_version": 3, "ids": [')
    window = opened(program, model, folder / "fifth", home)
    check(Path(window.state()["left"]).name == file.name, "it is offered")
    window.key("ctrl+r")
    state = window.wait(lambda s: s["error"] != "", "it is said that it is damaged")
    check("damaged-0123456789abcdef.stepscope.json" in state["error"], "and where it is set aside")
    window.key("Escape")
    step(window, 1)
    window.close()
    check((home / "stepscope" / "damaged-0123456789abcdef.stepscope.json").exists(), "it is kept")
    again = opened(program, model, folder / "sixth", home)
    check(again.state()["left"] == "", "it is offered once")
    again.close()


def full_disk(program, model, folder):
    home = folder / "small"
    home.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", home],
                             capture_output=True)
    if mounted.returncode:
        print("skipped: a full disk: no file system can be mounted")
        return
    try:
        window = opened(program, model, folder / "seventh", home)
        step(window, 1)
        before = [json.loads(file.read_text())["ids"] for file in kept(home)]
        room = home / "stepscope" / "full"
        try:
            with open(room, "wb", buffering=0) as fill:
                while fill.write(b"x" * 512):
                    pass
        except OSError:
            pass
        step(window, 2)
        check(any("not kept for a restart" in s["toast"] for s in window.states()), "that is said")
        check([json.loads(file.read_text())["ids"] for file in kept(home)] == before,
              "what was kept is still there, whole")
        window.key("ctrl+s")
        state = window.wait(lambda s: s["error"] != "", "saving says why it cannot be")
        check("No space left" in state["error"], "and that the disk is full")
        room.unlink()
        window.key("Escape")
        step(window, 1)
        check([len(json.loads(file.read_text())["ids"]) for file in kept(home)]
              == [len(window.state()["ids"])], "with room again the run is kept")
        check(window.close() == 0, "closed")
    finally:
        subprocess.run(["umount", "-l", home], check=False)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    try:
        with tempfile.TemporaryDirectory() as folder:
            for part in (two_on_one_home, damaged_once, full_disk):
                part(*sys.argv[1:], Path(folder))
    finally:
        for display in displays:
            display.close()
    finish()


if __name__ == "__main__":
    main()
