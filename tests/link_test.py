"""A link to a step: what a window copies opens in another with the same step, selection, lesson and
picture; damaged ones end with a line that says why.

usage: link_test.py PROGRAM MODEL

Needs Xvfb, xdotool and ImageMagick's import.
"""

import base64
import json
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import window_driver
from window_driver import Display, Window, check

SAME = ["step", "ids", "view", "beside", "layer", "head", "position", "locked", "theme", "ablated",
        "decoding", "lesson", "stop", "answered", "proposed", "path_length", "nodes", "reveal"]


def pane(window):
    """The pixels of what is looked at, when nothing moves any more."""
    window.rest_mouse()
    window.settle()
    name = [n for n in window.regions() if n.startswith("pane/")][0]
    x, y, w, h = [int(value) for value in window.region(name)]
    return window.picture(f"{w}x{h}+{x}+{y}")


def copied(window):
    """The link that the window copies, pasted into its own prompt to be read."""
    prompt = window.state()["prompt"]
    window.key("ctrl+shift+c")
    window.wait(lambda s: s["toast"].startswith("Copied a link"), "the link is made")
    window.key("ctrl+l")
    window.wait(lambda s: s["typing"] == "field/prompt", "the prompt is edited")
    window.key("ctrl+a", "ctrl+v")
    link = window.wait(lambda s: s["prompt"].startswith("#1."), "the link was copied")["prompt"]
    window.key("Escape")
    window.wait(lambda s: s["prompt"] == prompt, "the prompt is as it was")
    return link


def follow(program, model, folder, name, first):
    """Opens the link of a window in another one."""
    state, picture = first.state(), pane(first)
    link = copied(first)
    first.key("ctrl+q")
    first.process.wait()
    (folder / name).mkdir()
    display = Display()
    try:
        second = Window(program, model, folder / name, display, link)
        second.wait(lambda s: s["ids"] == state["ids"] and s["stop"] == state["stop"],
                    "the link opens at its step")
        shown = second.state()
        for key in SAME:
            check(shown[key] == state[key], f"{name}: {key} is {state[key]}, not {shown[key]}")
        check(shown["run"] == "", "a link is no file that is saved to")
        check(pane(second) == picture, f"{name}: the same picture to the pixel")
        check(second.close() == 0, "it ends well")
    finally:
        display.close()
    return link


def a_run(program, model, folder):
    display = Display()
    (folder / "run").mkdir()
    window = Window(program, model, folder / "run", display, "--prompt", "Tom gave the ball to")
    for number in range(2, 5):
        window.key("space")
        window.wait(lambda s: s["step"] == number, "a step on")
    window.key("Left")
    window.wait(lambda s: s["step"] == 3, "a step back")
    window.key("2")
    window.key("t")
    window.wait(lambda s: s["theme"] == "dark", "in the dark")
    link = follow(program, model, folder, "run-opened", window)
    display.close()
    return link


def a_lesson(program, model, folder):
    display = Display()
    (folder / "lesson").mkdir()
    window = Window(program, model, folder / "lesson", display, "--lesson", "names")
    for _ in range(6):  # each reveals something, answers, or goes on
        before = window.state()
        if before["stop"] == 2:
            break
        window.key("Next")
        window.wait(lambda s: [s[k] for k in ("reveal", "answered", "stop")]
                    != [before[k] for k in ("reveal", "answered", "stop")], "the lesson goes on")
    check(window.state()["stop"] == 2, "the second stop is there")
    follow(program, model, folder, "lesson-opened", window)
    display.close()


def a_guess(program, model, folder):
    display = Display()
    (folder / "guess").mkdir()
    window = Window(program, model, folder / "guess", display)
    window.key("g")
    window.wait(lambda s: s["reveal"] != 0, "a class guesses")
    follow(program, model, folder, "guess-opened", window)
    display.close()


def another_model(program, model, folder):
    """A run that went on with another model has a prompt that is its own tokens."""
    display = Display()
    (folder / "model").mkdir()
    window = Window(program, model, folder / "model", display)
    for number in (2, 3):
        window.key("space")
        window.wait(lambda s: s["step"] == number, "a step on")
    before = window.state()["model"]
    window.key("m", "Down", "Return")
    window.wait(lambda s: s["model"] != before and s["step"] == 1, "another model")
    link = copied(window)
    said = subprocess.run([program, "generate", "--run", link, "--print", "ids"],
                          capture_output=True, text=True, check=False)
    check(said.returncode == 0, "its link opens: " + said.stderr)
    window.close()
    display.close()


def unpacked(link):
    text = link.split("#1.", 1)[1]
    return zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), -15)


def packed(run):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = base64.urlsafe_b64encode(packer.compress(run) + packer.flush())
    return "#1." + text.decode().rstrip("=")


def refused(program, link):
    ended = subprocess.run([program, "generate", "--run", link], capture_output=True, text=True,
                           check=False)
    check(ended.returncode == 1 and ended.stdout == "", "a bad link prints nothing")
    check(ended.stderr.count("\n") == 1, "one line says why: " + ended.stderr)
    return ended.stderr


def bad_links(program, link):
    check("damaged or was cut" in refused(program, link[:-7]), "a cut link")
    check("newer Stepscope" in refused(program, "https://example.org/#2" + link[2:]), "a newer one")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(b"\0" * (64 << 20)) + packer.flush()
    text = base64.urlsafe_b64encode(bomb).decode().rstrip("=")
    # Too long for a command line as it is; a part of it unpacks to as much.
    check("damaged or was cut" in refused(program, "#1." + text[:100000]), "one that unpacks to "
          "more than a run")
    run = json.loads(unpacked(link))
    run["model"]["folder"] = "/etc"
    said = subprocess.run([program, "generate", "--run", packed(json.dumps(run).encode())],
                          capture_output=True, text=True, check=False)
    check(said.returncode == 0 and said.stdout, "a link opens no folder: " + said.stderr)
    broken = "\n".join(link[i:i + 60] for i in range(0, len(link), 60)) + " \n"
    said = subprocess.run([program, "generate", "--run", broken], capture_output=True, text=True,
                          check=False)
    check(said.returncode == 0, "one that mail has broken over lines: " + said.stderr)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    other = packer.compress(b'{"schema_version": 99}') + packer.flush()
    text = base64.urlsafe_b64encode(other).decode().rstrip("=")
    check("newer Stepscope" in refused(program, "#1." + text), "a run of a newer program")


def main():
    program, model = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        link = a_run(program, model, folder)
        a_lesson(program, model, folder)
        a_guess(program, model, folder)
        another_model(program, model, folder)
        bad_links(program, link)
    print(f"{window_driver.passed} checks passed, {window_driver.failed} failed")
    return 1 if window_driver.failed else 0


if __name__ == "__main__":
    sys.exit(main())
