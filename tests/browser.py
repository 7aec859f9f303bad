"""A page in headless Chromium as a phone shows it, driven through a pipe."""

import base64
import json
import os
import subprocess
import tempfile
import time

from tools import need

PATIENCE = 30


class Phone:
    """One page, WIDTHxHEIGHT, with a finger instead of a mouse."""

    def __init__(self, width=390, height=844, dark=False):
        need("chromium")
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)  # its helpers go later
        to_read, self.to = os.pipe()
        self.come, from_written = os.pipe()

        def pipes():  # where Chromium looks for them; first out of each other's way
            read, write = os.dup(to_read), os.dup(from_written)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--remote-debugging-pipe", f"--user-data-dir={self.folder.name}",
             "about:blank"],
            preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_written)
        self.number, self.rest, self.session, self.events = 0, b"", None, []
        page = next(one for one in self.call("Target.getTargets")["targetInfos"] if one["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Accessibility", "Network", "Log"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2,
                  mobile=True)
        self.call("Emulation.setTouchEmulationEnabled", enabled=True)
        if dark:
            self.call("Emulation.setEmulatedMedia",
                      features=[{"name": "prefers-color-scheme", "value": "dark"}])

    def message(self):
        while b"\0" not in self.rest:
            got = os.read(self.come, 1 << 16)
            assert got, "Chromium is gone"
            self.rest += got
        one, _, self.rest = self.rest.partition(b"\0")
        return json.loads(one)

    def call(self, method, **params):
        self.number += 1
        sent = {"id": self.number, "method": method, "params": params}
        if self.session:
            sent["sessionId"] = self.session
        os.write(self.to, json.dumps(sent).encode() + b"\0")
        while True:
            said = self.message()
            if said.get("id") == self.number:
                assert "error" not in said, (method, said["error"])
                return said["result"]
            self.events.append(said)

    def run(self, script):
        """What a line of JavaScript gives."""
        said = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    def go(self, address):
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")

    def wait(self, script):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if self.run(script):
                    return True
            except AssertionError:  # between two pages
                pass
            time.sleep(0.1)
        raise AssertionError(f"never came: {script}; the page: {self.run('document.body.innerText')}")

    def words(self):
        return self.run("document.body.innerText")

    def tap(self, selector):
        """A finger on the middle of it."""
        self.run(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
        x, y = self.run(f"(() => {{ const r = document.querySelector({json.dumps(selector)})"
                        ".getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()")
        self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def type(self, text):
        self.call("Input.insertText", text=text)

    def key(self, name, code=0, text=""):
        params = {"key": name, "windowsVirtualKeyCode": code}
        if text:
            params["text"] = text
        self.call("Input.dispatchKeyEvent", type="keyDown", **params)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=name, windowsVirtualKeyCode=code)

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def tree(self):
        """What a screen reader is told: a line for each node, "role name"."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        by_id = {node["nodeId"]: node for node in nodes}
        lines = []

        def walk(node, depth):
            role = node.get("role", {}).get("value", "")
            name = node.get("name", {}).get("value", "")
            told = not node.get("ignored") and role not in ("none", "generic", "InlineTextBox")
            if told:
                states = "".join(f" {one['name']}={one['value'].get('value')}" for one in node.get("properties", [])
                                 if one["name"] in ("pressed", "live", "required", "disabled"))
                lines.append("  " * depth + f"{role} {json.dumps(name, ensure_ascii=False)}{states}")
            for child in node.get("childIds", []):
                if child in by_id:
                    walk(by_id[child], depth + (1 if told else 0))

        walk(nodes[0], 0)
        return lines

    def complaints(self):
        """What the console holds against the page."""
        self.run("1")
        return [one["params"]["entry"]["text"] for one in self.events if one["method"] == "Log.entryAdded"
                and one["params"]["entry"]["level"] in ("error", "warning")]

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.come)
        self.folder.cleanup()
