"""A user who does anything: random keys, clicks, drags and wheel, sent to the real window.

    random_user.py PROGRAM MODEL [COUNT [SEED [vandal]]]

With a vandal the model lies in a folder of its own, which is deleted, cut short, overwritten, replaced
or made unreadable while the user acts, as are the folders that the window keeps its files in.

After each batch the program must still answer, its log must be valid and true, and no sanitizer may
have written a report. Everything it keeps or writes lies in a folder that vanishes. Needs Xvfb and
xdotool; to be used with a build that has sanitizers (-DSTEPSCOPE_SANITIZE=ON) too.
"""

import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from window_driver import HEIGHT, WIDTH, Display

BATCH = 200
PATIENCE = 120  # seconds for an answer: sanitizers, a busy machine
PAUSE = 0.003   # seconds between events

# What is done often, now and then, and seldom. Ctrl+Q is left for the end.
OFTEN = ("space Return Up Down Left Right Home End n bracketright bracketleft braceright braceleft "
         "shift+Left shift+Right comma period Next Prior ctrl+z ctrl+y Escape Escape").split()
SOMETIMES = ("0 l ctrl+Left ctrl+Right ctrl+Up ctrl+Down f x s i c v b Tab r Delete k j u g t p h "
             "1 2 3 4 5 6 7 8 9 ctrl+f ctrl+l").split()
SELDOM = ("e ctrl+e ctrl+s ctrl+shift+s ctrl+r m ctrl+o ctrl+plus ctrl+minus ctrl+0 F5 F11 "
          "question BackSpace ctrl+a numbersign").split()
WORDS = ["Once upon a time", "Tom", " ", "#17", "greedy; k=3", "beams=2; t=1.2, seed=4", "t=0",
         "2-4", "nowhere/at/all", "x" * 300, "~", "\u00e9\u4e16"]


class User:
    def __init__(self, seed, region_log):
        self.random = random.Random(seed)
        self.region_log = region_log

    def regions(self):
        if not self.region_log.exists():
            return []
        found = []
        for line in self.region_log.read_text(encoding="utf-8").splitlines():
            words = line.split(" ")
            # Quitting is no part of it; nor are cells whose name holds a space.
            if len(words) == 5 and words[0] != "command/quit":
                place = tuple(map(float, words[1:]))
                assert all(map(math.isfinite, place)), f"a region without a place: {line}"
                found.append(place)
        return found

    def place(self, regions):
        r = self.random
        if regions and r.random() < 0.8:
            x, y, w, h = r.choice(regions)
            x, y = x + w * r.random(), y + h * r.random()
        else:
            x, y = r.randrange(WIDTH), r.randrange(HEIGHT)
        return ["mousemove", str(min(max(int(x), 0), WIDTH - 1)),
                str(min(max(int(y), 0), HEIGHT - 1))]

    def action(self, regions):
        """One thing that people do, as words for xdotool."""
        r = self.random
        what = r.random()
        if what < 0.45:
            kind = r.random()
            keys = OFTEN if kind < 0.6 else SOMETIMES if kind < 0.94 else SELDOM
            return ["key", r.choice(keys)]
        if what < 0.75:
            return [*self.place(regions), "click", "3" if r.random() < 0.1 else "1"]
        if what < 0.83:
            return [*self.place(regions), "mousedown", "1", *self.place(regions),
                    *self.place(regions), "mouseup", "1"]
        if what < 0.93:
            wheel = ["click", r.choice("45")]
            if r.random() < 0.2:
                return ["keydown", "ctrl", *wheel, "keyup", "ctrl"]
            return [*self.place(regions), *wheel, *wheel]
        if what < 0.97:
            return self.place(regions)
        enter = ["key", "Return"] if r.random() < 0.7 else []
        return ["type", "--args", "1", "--delay", "1", r.choice(WORDS), *enter]


class Vandal:
    """Somebody who tidies up the disk at the wrong time. `seed` is not the user's."""

    def __init__(self, seed, model, folder):
        self.random = random.Random(seed)
        self.good = Path(model)
        self.model = folder / "vandalised"
        self.data = folder / "data"
        self.deeds = 0
        self.restore()

    def remove(self):
        if self.model.is_dir():
            self.model.chmod(0o755)
            shutil.rmtree(self.model)
        else:
            self.model.unlink(missing_ok=True)

    def restore(self):
        self.remove()
        shutil.copytree(self.good, self.model)

    def a_file(self):
        files = [f for f in self.model.iterdir() if f.is_file()] if self.model.is_dir() else []
        weights = [f for f in files if f.name == "model.safetensors"]
        return self.random.choice(weights if weights and self.random.random() < 0.6 else files or [None])

    def act(self):
        r, file = self.random, self.a_file()
        self.deeds += 1
        deeds = [self.restore, self.restore, self.restore, self.remove, self.occupy,
                 lambda: shutil.rmtree(self.data, ignore_errors=True)]
        if file:
            size = file.stat().st_size
            deeds += 2 * [lambda: os.truncate(file, r.randrange(size + 1)),
                          lambda: self.overwrite(file, size),
                          lambda: self.replace(file, size),
                          lambda: file.chmod(0), lambda: file.unlink(), lambda: self.model.chmod(0)]
        r.choice(deeds)()

    def overwrite(self, file, size):
        with open(file, "r+b") as out:
            out.seek(self.random.randrange(max(size, 1)))
            out.write(self.random.randbytes(200))

    def replace(self, file, size):
        other = file.with_name("other")
        other.write_bytes(self.random.randbytes(self.random.randrange(size + 1)))
        other.rename(file)

    def occupy(self):
        self.remove()
        self.random.choice((lambda: self.model.write_text("no folder"), lambda: os.mkfifo(self.model),
                            lambda: self.model.symlink_to(self.model)))()


class Program:
    def __init__(self, program, model, folder, display):
        self.folder = folder
        self.state_log, self.region_log = folder / "state.jsonl", folder / "regions"
        self.reports = folder / "report"
        self.read = 0
        self.tail = b""
        self.states = 0
        self.last = None
        env = {name: value for name, value in os.environ.items()
               if name not in ("HF_HOME", "HUGGINGFACE_HUB_CACHE", "HF_HUB_CACHE")}
        self.env = dict(env, DISPLAY=display.name, HOME=str(folder), XDG_DATA_HOME=str(folder / "data"),
                        HF_HUB_OFFLINE="1",
                        STEPSCOPE_STATE_LOG=str(self.state_log),
                        STEPSCOPE_REGION_LOG=str(self.region_log),
                        ASAN_OPTIONS=f"log_path={self.reports}:detect_leaks=0",
                        UBSAN_OPTIONS=f"log_path={self.reports}:print_stacktrace=1")
        self.errors = open(folder / "stderr", "wb")
        self.process = subprocess.Popen([program, "--model", model], env=self.env, cwd=folder,
                                        stderr=self.errors, stdout=self.errors)

    def send(self, words):
        """Runs a chain of xdotool's commands."""
        subprocess.run(["xdotool", *words], env=self.env, check=True, stdout=subprocess.DEVNULL)

    def take_states(self):
        """Reads what was logged since; every line is JSON and says nothing impossible."""
        if not self.state_log.exists():
            return
        with open(self.state_log, "rb") as log:
            log.seek(self.read)
            more = log.read()
        self.read += len(more)
        *lines, self.tail = (self.tail + more).split(b"\n")
        for line in lines:
            state = json.loads(line)
            self.states += 1
            self.last = state
            n = len(state["ids"])
            wrong = [what for what, holds in (
                ("a position of the text", n == 0 or 0 <= state["position"] < n),
                ("a step of the path", n <= state["path_length"]),
                ("a step with its text", (state["step"] > 0) == (n > 0)),
                ("a tree with the path in it", state["nodes"] >= state["path_length"]),
                ("a token or why there is none", (state["proposed"] >= 0) != (state["done"] != "")
                 or n == 0),
                ("no bug that the program names", "bug in the program" not in state["error"]),
            ) if not holds]
            if wrong:
                raise AssertionError(f"the log says what cannot be, not {wrong}: {line.decode()}")

    def wait(self, holds, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(f"the program ended with {self.process.returncode}")
            self.take_states()
            if self.last and holds(self.last):
                return
            time.sleep(0.05)
        raise AssertionError(f"not within {PATIENCE} s: {what}; last {json.dumps(self.last)}")

    def open_again(self, model):
        """As far as the keys reach the sheet of models."""
        self.send(["key", "Escape", "key", "Escape", "key", "ctrl+o", "sleep", "0.1"])
        for line in reversed(self.region_log.read_text(encoding="utf-8").splitlines()):
            words = line.split(" ")
            if words[0] == "field/folder":
                x, y, w, h = map(float, words[1:])
                self.send(["mousemove", str(int(x + w / 2)), str(int(y + h / 2)), "click", "1", "sleep",
                           "0.1", "key", "ctrl+a", "type", "--delay", "1", str(model)])
                self.send(["key", "Return"])
                return

    def check_alive(self):
        """It still answers: a change of theme is shown."""
        self.send("keyup ctrl keyup shift mouseup 1 mousemove 2 2".split())
        # Out of fields, sheets, errors and the presentation.
        self.send(10 * "key Escape sleep 0.03 ".split())
        self.wait(lambda s: s["overlay"] == 0 and s["typing"] == "", "out of sheets and fields")
        theme = self.last["theme"]
        self.send(["key", "t"])
        self.wait(lambda s: s["theme"] != theme, "another theme")
        reports = [path.read_text(errors="replace") for path in self.folder.glob("report.*")]
        if reports:
            raise AssertionError("a sanitizer reports:\n" + "\n".join(reports))


def main():
    program, model = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 400
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    vandalised = sys.argv[5:] == ["vandal"]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    display = Display()
    done, batch, running = 0, [], None
    try:
        with tempfile.TemporaryDirectory() as folder:
            try:
                vandal = Vandal(seed + 1, model, Path(folder)) if vandalised else None
                running = Program(program, vandal.model if vandal else model, Path(folder), display)
                running.wait(lambda s: s["step"] == 1, "the first step")
                user = User(seed, running.region_log)
                while done < count:
                    regions, batch = user.regions(), []
                    size = min(BATCH, count - done)
                    for i in range(size):
                        batch += user.action(regions) + ["sleep", str(PAUSE)]
                        if i % 20 == 19:  # what is on the screen by then
                            running.send(batch)
                            regions, batch = user.regions(), []
                            if vandal:
                                vandal.act()
                                if vandal.deeds % 3 == 0:
                                    running.open_again(vandal.model)
                    if batch:
                        running.send(batch)
                    running.check_alive()
                    done += size
                    print(f"{done} actions, {running.states} states", flush=True)
                running.send(["key", "ctrl+q"])
                if running.process.wait(PATIENCE) != 0:
                    raise AssertionError(f"it ended with {running.process.returncode}")
                running.take_states()
            except AssertionError as wrong:
                print(f"FAILED after {done} actions of seed {seed}: {wrong}")
                print("  the last ones:", " ".join(batch[-120:]))
                print((Path(folder) / "stderr").read_text(errors="replace")[-4000:])
                for report in Path(folder).glob("report.*"):
                    print(report.read_text(errors="replace")[:6000])
                return 1
            finally:
                if running and running.process.poll() is None:
                    running.process.kill()
                    running.process.wait()
    finally:
        display.close()
    print(f"{done} actions of seed {seed}, {running.states} states, nothing wrong")
    return 0


if __name__ == "__main__":
    sys.exit(main())
