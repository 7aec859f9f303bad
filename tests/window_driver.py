"""The real window under Xvfb, its keyboard, mouse and logs, for tests that drive it. Needs Xvfb,
xdotool and ImageMagick's import. The logs are described in app/window/window.h."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import need

WIDTH, HEIGHT = 1600, 1000
PATIENCE = 30  # seconds, on a busy machine

passed = failed = 0


def check(holds, what):
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print("FAILED:", what)


def finish():
    """Ends a test, and says how many checks held."""
    print(f"{passed} checks passed, {failed} failed")
    sys.exit(1 if failed else 0)


class Display:
    """An Xvfb on a number that is free."""

    def __init__(self):
        need("Xvfb", "xdotool", "import")
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as number:
            self.name = ":" + number.readline().strip()

    def close(self):
        self.process.terminate()
        self.process.wait()


class Window:
    """The running program, its keyboard and mouse, and its logs."""

    def __init__(self, program, model, folder, display, *flags, texts=False):
        self.folder = folder
        self.state_log = folder / "state.jsonl"
        self.region_log = folder / "regions"
        self.text_log = folder / "texts"
        self.frame_log = folder / "frames"
        # Somebody who was here before, and does not want to watch each step.
        settings = folder / "data" / "stepscope" / "settings.json"
        if not settings.exists():
            settings.parent.mkdir(parents=True, exist_ok=True)
            settings.write_text('{"used": true, "motion": false}', encoding="utf-8")
        # What is fetched in tests comes from a server of their own.
        offline = os.environ.get("HF_HUB_OFFLINE", "1")
        self.env = dict(os.environ, DISPLAY=display.name, XDG_DATA_HOME=str(folder / "data"),
                        HF_HUB_OFFLINE=offline,
                        STEPSCOPE_STATE_LOG=str(self.state_log),
                        STEPSCOPE_REGION_LOG=str(self.region_log),
                        STEPSCOPE_FRAME_LOG=str(self.frame_log))
        if texts:  # it takes its time in every frame
            self.env["STEPSCOPE_TEXT_LOG"] = str(self.text_log)
        self.program = program
        self.start("--model", model, *flags)

    def start(self, *words):
        self.process = subprocess.Popen([self.program, *words], env=self.env)
        self.wait(lambda s: s["step"] >= 1, "the prompt ran without a click")

    def again(self, *words):
        """The next start of a program that has ended, with what it kept."""
        self.state_log.unlink()
        self.start(*words)

    def xdotool(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self.env, check=True,
                       stdout=subprocess.DEVNULL)

    def states(self):
        if not self.state_log.exists():
            return []
        lines = self.state_log.read_text(encoding="utf-8").split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def state(self):
        return self.states()[-1]

    def wait(self, holds, what):
        """The first state from now on for which `holds`; counts as a check."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            states = self.states()
            if states and holds(states[-1]):
                check(True, what)
                return states[-1]
            time.sleep(0.02)
        check(False, what)
        print("    instead:", json.dumps(self.state() if self.states() else None))
        return self.state() if self.states() else {}

    def settle(self):
        """Until nothing has been shown anew for a while, the times of the pass included."""
        timed = self.wait(lambda s: s["timed"], "the pass was timed")
        check(timed["difference"] == 0, "the naive pass gives the logits of the cached one")
        before = None
        while before != (before := (self.state_log.stat().st_size, self.region_log.stat().st_mtime)):
            time.sleep(0.4)

    def key(self, *names):
        # A release that a press follows within 20 ms counts as a key that is held, and a busy server
        # is late: half of the delay lies between the two.
        self.xdotool("key", "--delay", 120, *names)

    def type(self, text):
        self.xdotool("type", "--delay", 20, text)

    def begin(self, prompt):
        """Another run, as somebody types it."""
        self.key("ctrl+l")
        self.wait(lambda s: s["typing"] == "field/prompt", "the prompt has the keyboard")
        self.key("ctrl+a")
        self.type(prompt)
        self.key("Return")
        self.wait(lambda s: s["prompt"] == prompt and s["step"] == 1, "another run begins")

    def regions(self):
        """What can be clicked in the last frame, back to front."""
        return [line.split(" ")[0]
                for line in self.region_log.read_text(encoding="utf-8").splitlines()]

    def region(self, name):
        for line in reversed(self.region_log.read_text(encoding="utf-8").splitlines()):
            words = line.split(" ")
            if words[0] == name:
                return [float(word) for word in words[1:]]
        raise LookupError(f"nothing on the screen is called {name}")

    def point(self, name, across=0.5, down=0.5):
        x, y, w, h = self.region(name)
        self.xdotool("mousemove", int(x + w * across), int(y + h * down))

    def click(self, name, across=0.5, down=0.5):
        self.point(name, across, down)
        self.xdotool("click", 1)

    def rest_mouse(self):
        """Over nothing that answers."""
        self.xdotool("mousemove", 2, HEIGHT - 2)

    def picture(self, *crop):
        """The pixels of the screen, or of WxH+X+Y."""
        command = ["import", "-window", "root"]
        if crop:
            command += ["-crop", crop[0], "+repage"]
        return subprocess.run([*command, "rgb:-"], env=self.env, check=True,
                              stdout=subprocess.PIPE).stdout

    def keep_picture(self, path):
        subprocess.run(["import", "-window", "root", path], env=self.env, check=True)

    def close(self):
        self.key("ctrl+q")
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def kill(self):
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def opened(program, model, *flags, texts=False):
    """A window with a screen and a folder of its own; at the end it closes, and they go."""
    with contextlib.closing(Display()) as display, tempfile.TemporaryDirectory() as folder:
        window = Window(program, model, Path(folder), display, *flags, texts=texts)
        try:
            yield window
            check(window.process.poll() == 0 or window.close() == 0, "the window closes cleanly")
        finally:
            window.kill()
