"""A link to a step: what a window copies opens in another with the same step, selection, lesson and
picture; damaged ones end with a line that says why.

usage: link_test.py PROGRAM MODEL

Needs Xvfb, xdotool and ImageMagick's import.
"""

import base64
import json
import subprocess
import sys
import zlib

from window_driver import check, finish, opened

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


def follow(program, model, name, first):
    """Opens the link of a window in another one."""
    state, picture, link = first.state(), pane(first), copied(first)
    with opened(program, model, link) as second:
        second.wait(lambda s: s["ids"] == state["ids"] and s["stop"] == state["stop"],
                    "the link opens at its step")
        shown = second.state()
        for key in SAME:
            check(shown[key] == state[key], f"{name}: {key} is {state[key]}, not {shown[key]}")
        check(shown["run"] == "", "a link is no file that is saved to")
        check(pane(second) == picture, f"{name}: the same picture to the pixel")
    return link


def a_run(program, model):
    with opened(program, model, "--prompt", "Tom gave the ball to") as window:
        for number in range(2, 5):
            window.key("space")
            window.wait(lambda s: s["step"] == number, "a step on")
        window.key("Left")
        window.wait(lambda s: s["step"] == 3, "a step back")
        window.key("2")
        window.key("t")
        window.wait(lambda s: s["theme"] == "dark", "in the dark")
        return follow(program, model, "a run", window)


def a_lesson(program, model):
    with opened(program, model, "--lesson", "names") as window:
        for _ in range(6):  # each reveals something, answers, or goes on
            before = window.state()
            if before["stop"] == 2:
                break
            window.key("Next")
            window.wait(lambda s: [s[k] for k in ("reveal", "answered", "stop")]
                        != [before[k] for k in ("reveal", "answered", "stop")], "the lesson goes on")
        check(window.state()["stop"] == 2, "the second stop is there")
        follow(program, model, "a lesson", window)


def a_guess(program, model):
    with opened(program, model) as window:
        window.key("g")
        window.wait(lambda s: s["reveal"] != 0, "a class guesses")
        follow(program, model, "a guess", window)


def generated(program, link):
    """What comes of a link on the command line."""
    return subprocess.run([program, "generate", "--run", link, "--print", "ids"],
                          capture_output=True, text=True, check=False)


def another_model(program, model):
    """A run that went on with another model has a prompt that is its own tokens."""
    with opened(program, model) as window:
        for number in (2, 3):
            window.key("space")
            window.wait(lambda s: s["step"] == number, "a step on")
        before = window.state()["model"]
        window.key("m", "Down", "Return")
        window.wait(lambda s: s["model"] != before and s["step"] == 1, "another model")
        said = generated(program, copied(window))
        check(said.returncode == 0, "its link opens: " + said.stderr)


def unpacked(link):
    text = link.split("#1.", 1)[1]
    return zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), -15)


def packed(run):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = base64.urlsafe_b64encode(packer.compress(run) + packer.flush())
    return "#1." + text.decode().rstrip("=")


def refused(program, link):
    ended = generated(program, link)
    check(ended.returncode == 1 and ended.stdout == "", "a bad link prints nothing")
    check(ended.stderr.count("\n") == 1, "one line says why: " + ended.stderr)
    return ended.stderr


def bad_links(program, link):
    check("damaged or was cut" in refused(program, link[:-7]), "a cut link")
    check("newer Stepscope" in refused(program, "https://example.org/#2" + link[2:]), "a newer one")
    # Too long for a command line as it is; a part of it unpacks to as much.
    bomb = packed(b"\0" * (64 << 20))[:100000]
    check("damaged or was cut" in refused(program, bomb), "one that unpacks to more than a run")
    run = json.loads(unpacked(link))
    run["model"]["folder"] = "/etc"
    said = generated(program, packed(json.dumps(run).encode()))
    check(said.returncode == 0 and said.stdout, "a link opens no folder: " + said.stderr)
    said = generated(program, "\n".join(link[i:i + 60] for i in range(0, len(link), 60)) + " \n")
    check(said.returncode == 0, "one that mail has broken over lines: " + said.stderr)
    other = packed(b'{"schema_version": 99}')
    check("newer Stepscope" in refused(program, other), "a run of a newer program")


def main():
    program, model = sys.argv[1:3]
    link = a_run(program, model)
    a_lesson(program, model)
    a_guess(program, model)
    another_model(program, model)
    bad_links(program, link)
    finish()


if __name__ == "__main__":
    main()
