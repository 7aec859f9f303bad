"""Stepscope in a headless Chromium, driven over the DevTools protocol, which a pipe carries. The
logs of the window (app/window/window.h) are files of the page's own."""

import base64
import functools
import http.server
import json
import os
import select
import subprocess
import threading
import time
from pathlib import Path

from window_driver import check

PATIENCE = 60  # seconds, on a busy machine
LOGS = {"STEPSCOPE_STATE_LOG": "/tmp/state", "STEPSCOPE_REGION_LOG": "/tmp/regions"}
# What DevTools calls keys that type nothing, by their names in the window.
KEYS = {"Space": ("Space", " ", 32), "Left": ("ArrowLeft", "ArrowLeft", 37),
        "Right": ("ArrowRight", "ArrowRight", 39), "Up": ("ArrowUp", "ArrowUp", 38),
        "Down": ("ArrowDown", "ArrowDown", 40), "Enter": ("Enter", "Enter", 13),
        "Esc": ("Escape", "Escape", 27), "Home": ("Home", "Home", 36), "End": ("End", "End", 35),
        "PageDown": ("PageDown", "PageDown", 34), "Next": ("PageDown", "PageDown", 34),
        "Backspace": ("Backspace", "Backspace", 8)}


class Server:
    """The folder of the page on a port that is free, as any web host sends it."""

    def __init__(self, folder, isolated=False):
        class Handler(http.server.SimpleHTTPRequestHandler):
            def end_headers(self):
                if isolated:
                    self.send_header("Cross-Origin-Opener-Policy", "same-origin")
                    self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
                super().end_headers()

            def log_message(self, *words):
                pass

        make = functools.partial(Handler, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), make)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()


class Browser:
    """One Chromium with one page. What it downloads lands in `downloads`."""

    def __init__(self, folder, width=1366, height=768, density=1, touch=False, logs=LOGS):
        self.folder = Path(folder)
        self.downloads = self.folder / "downloads"
        self.downloads.mkdir(exist_ok=True)
        out_read, self.to = os.pipe()
        self.out, in_write = os.pipe()

        def hand_over():  # DevTools reads 3 and writes 4
            read, write = os.dup(out_read), os.dup(in_write)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--remote-debugging-pipe",
             "--enable-unsafe-swiftshader", "--use-angle=swiftshader", "--no-first-run",
             f"--user-data-dir={self.folder / 'profile'}", "about:blank"],
            preexec_fn=hand_over, close_fds=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(out_read)
        os.close(in_write)
        self.rest, self.asked, self.events = b"", 0, []
        self.session = None
        self.ask("Browser.setDownloadBehavior", behavior="allow", eventsEnabled=True,
                 downloadPath=str(self.downloads))
        self.ask("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime"):
            self.ask(f"{domain}.enable")
        self.ask("Page.addScriptToEvaluateOnNewDocument",
                 source=f"window.stepscopeEnvironment = {json.dumps(logs)};")
        self.resize(width, height, density, touch)

    def close(self):
        self.process.terminate()
        self.process.wait()
        os.close(self.to)
        os.close(self.out)

    def ask(self, method, **params):
        self.asked += 1
        message = {"id": self.asked, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = self.read(end)
            if answer.get("id") == self.asked:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.events.append(answer)
        raise AssertionError(f"{method}: no answer")

    def read(self, end):
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.out], [], [], max(0, end - time.monotonic()))
            assert ready, "the browser says nothing"
            got = os.read(self.out, 1 << 20)
            assert got, "the browser has ended"
            self.rest += got
        line, self.rest = self.rest.split(b"\0", 1)
        return json.loads(line)

    def resize(self, width, height, density=1, touch=False):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=density, mobile=touch)
        self.ask("Emulation.setTouchEmulationEnabled", enabled=touch)

    def open(self, address):
        self.ask("Page.navigate", url=address)

    def evaluate(self, expression):
        done = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True,
                        returnByValue=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def said(self):
        """What the page wrote to its console."""
        return [" ".join(str(a.get("value", a.get("description"))) for a in e["params"]["args"])
                for e in self.events if e.get("method") == "Runtime.consoleAPICalled"]

    def log(self, name):
        """A log of the window; "" while there is none."""
        return self.evaluate(f"typeof FS === 'object' && FS.analyzePath({name!r}).exists ?"
                             f" FS.readFile({name!r}, {{encoding: 'utf8'}}) : ''")

    def state(self):
        lines = self.log(LOGS["STEPSCOPE_STATE_LOG"]).split("\n")[:-1]
        return json.loads(lines[-1]) if lines else None

    def wait(self, holds, what):
        """The first state from now on for which `holds`; counts as a check."""
        end = time.monotonic() + PATIENCE
        state = None
        while time.monotonic() < end:
            state = self.state()
            if state and holds(state):
                check(True, what)
                return state
            time.sleep(0.05)
        check(False, what)
        print("    instead:", json.dumps(state), self.said()[-3:])
        return state or {}

    def key(self, name, control=False, shift=False):
        modifiers = (2 if control else 0) | (8 if shift else 0)
        if name in KEYS:
            code, key, number = KEYS[name]
        else:
            code, key, number = f"Key{name.upper()}", name, ord(name.upper())
            if name.isdigit():
                code = f"Digit{name}"
        text = key if len(key) == 1 and not control else ""
        self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", code=code,
                 key=key, windowsVirtualKeyCode=number, modifiers=modifiers, text=text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", code=code, key=key,
                 windowsVirtualKeyCode=number, modifiers=modifiers)

    def type(self, text):
        self.ask("Input.insertText", text=text)

    def region(self, name):
        for line in reversed(self.log(LOGS["STEPSCOPE_REGION_LOG"]).splitlines()):
            words = line.split(" ")
            if words[0] == name:
                return [float(word) for word in words[1:]]
        raise LookupError(f"nothing on the page is called {name}")

    def regions(self):
        return [line.split(" ")[0] for line in self.log(LOGS["STEPSCOPE_REGION_LOG"]).splitlines()]

    def middle(self, name):
        x, y, w, h = self.region(name)
        return x + w / 2, y + h / 2

    def click(self, name, button="left"):
        x, y = self.middle(name)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=1)
            time.sleep(0.05)

    def touch(self, name, seconds=0):
        x, y = self.middle(name)
        self.ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        time.sleep(seconds)
        self.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def picture(self, path):
        data = self.ask("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(data))

    def downloaded(self, ending, what):
        """The bytes of the next whole file with this ending; it is taken away."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.evaluate("1")  # events are read
            for path in sorted(self.downloads.iterdir()):
                if path.name.endswith(ending):
                    data = path.read_bytes()
                    time.sleep(0.2)
                    if data and data == path.read_bytes():
                        path.unlink()
                        check(True, what)
                        return data
            time.sleep(0.1)
        check(False, what)
        return b""
