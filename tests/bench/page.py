"""How fast the page is that app/web.sh builds, in a headless Chromium with software GL: its frames,
and how long it holds the browser up while a model of GPT-2's size is opened and stepped.

    page.py PAGE [MODEL]

PAGE is the folder build/web; MODEL a folder in Hugging Face's form.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from page_driver import LOGS, Browser, Server  # noqa: E402

STATE_LOG = "STEPSCOPE_STATE_LOG"
# The longest time between two turns of the page's loop, which a click has to wait for.
WATCH = """
(() => {
  const channel = new MessageChannel();
  let last = performance.now();
  window.held = [];
  channel.port1.onmessage = () => {
    const now = performance.now();
    if (now - last > 20) window.held.push(now - last);
    last = now;
    setTimeout(() => channel.port2.postMessage(0), 1);
  };
  channel.port2.postMessage(0);
})()
"""
# The work of each frame: what the page does when the browser asks for one.
FRAMES = """
(() => {
  const ask = window.requestAnimationFrame.bind(window);
  window.frames_ms = [];
  window.requestAnimationFrame = (turn) => ask((time) => {
    const begin = performance.now();
    turn(time);
    window.frames_ms.push(performance.now() - begin);
  });
})()
"""


def held(browser):
    longest = browser.evaluate("window.held.splice(0).sort((a, b) => b - a).slice(0, 5)")
    return ", ".join(f"{ms:.0f}" for ms in longest) or "under 20"


def frames(browser):
    browser.evaluate("window.frames_ms.length = 0")
    for _ in range(10):
        browser.key("Space")
        time.sleep(0.4)
    for _ in range(25):
        browser.key("PageDown")
        time.sleep(0.25)
    for at in range(300):
        browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=100 + 4 * at, y=150 + at)
    times = sorted(browser.evaluate("window.frames_ms"))
    print(f"frames: {len(times)}, median {times[len(times) // 2]:.1f} ms, "
          f"p99 {times[len(times) * 99 // 100]:.1f}, longest {times[-1]:.1f}")


def large(browser, server):
    browser.evaluate(WATCH)
    began = time.monotonic()
    names = ("config.json", "merges.txt", "vocab.json", "model.safetensors")
    browser.evaluate(f"""Promise.all({list(names)}.map(async (name) =>
        ['/large/' + name, new File([await (await fetch('large/' + name)).blob()], name)]))
        .then((files) => {{ window.held.length = 0; return Module.takeFiles(files); }})""")
    browser.wait(lambda s: s["model"].endswith("large") and s["step"] == 1, "the large model is open")
    print(f"opened after {time.monotonic() - began:.1f} s; held up for ms: {held(browser)}")
    for step in range(2, 8):
        began = time.monotonic()
        browser.key("Space")
        browser.wait(lambda s, n=step: s["step"] == n, f"step {step}")
        print(f"{time.monotonic() - began:.2f} s; held up for ms: {held(browser)}")
    memory = browser.evaluate("wasmMemory.buffer.byteLength") / 2 ** 20
    print(f"memory of the program: {memory:.0f} MB; threads: {browser.evaluate('crossOriginIsolated')}")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__.strip())
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        page = folder / "page"
        shutil.copytree(sys.argv[1], page)
        if len(sys.argv) == 3:
            shutil.copytree(sys.argv[2], page / "large")
        server = Server(page)
        browser = Browser(folder, logs={STATE_LOG: LOGS[STATE_LOG]})  # others take their time
        try:
            browser.ask("Page.addScriptToEvaluateOnNewDocument", source=FRAMES)
            browser.open(server.address)
            browser.wait(lambda s: s["step"] == 1, "the page shows the first step")
            browser.key("Esc")
            frames(browser)
            if len(sys.argv) == 3:
                large(browser, server)
        finally:
            browser.close()
            server.close()


if __name__ == "__main__":
    main()
