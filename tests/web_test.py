"""Drives the page that app/web.sh builds in a headless Chromium, and compares what it computes and
exports with the program for desktops.

    web_test.py PROGRAM MODEL PAGE

PAGE is the folder build/web. With STEPSCOPE_PICTURES=FOLDER every view is photographed. Needs
chromium, and for the comparison of exports what window_driver.py needs.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import lesson_test
import window_driver
from page_driver import Browser, Server
from tools import lack, need
from window_driver import Display, Window, check

SIZES = {"1366x768": (1366, 768, 1, False), "390x844": (390, 844, 3, True)}
MODEL_FILES = ("config.json", "merges.txt", "vocab.json", "model.safetensors")


def begin(browser, address):
    browser.open(address)
    return browser.wait(lambda s: s["step"] == 1, "the page shows the first step")


def first_picture(browser, address):
    browser.open(address)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        shown = browser.evaluate("typeof said === 'object' && said.hidden ? performance.now() : 0")
        if shown:
            print(f"first picture: {shown / 1000:.2f} s after the page was asked for")
            return
        time.sleep(0.02)
    check(False, "the page shows a picture")


def is_whole(browser, model):
    check(browser.evaluate("crossOriginIsolated && !!document.querySelector('script[src*=threads]')"),
          "where the host sends no headers, the page has its threads all the same")
    sent = browser.evaluate("""crypto.subtle.digest('SHA-256', FS.readFile('/assets/model/model.safetensors'))
        .then((hash) => [...new Uint8Array(hash)].map((b) => b.toString(16).padStart(2, '0')).join(''))""")
    there = hashlib.sha256((Path(model) / "model.safetensors").read_bytes()).hexdigest()
    check(sent == there, "the model that is sent packed is the desktop's to the bit")


def steps_as_native(browser, program, model):
    state = browser.state()
    for step in range(2, 7):
        browser.key("Space")
        state = browser.wait(lambda s, n=step: s["step"] == n, f"Space goes on to step {step}")
    native = json.loads("[" + subprocess.run(
        [program, "generate", "--model", model, "--prompt", state["prompt"], "--steps", "5",
         "--print", "ids"], capture_output=True, text=True, check=True).stdout + "]")
    check(state["ids"][-5:] == native, f"the page appends what a desktop does: {native}")
    browser.key("Left")
    browser.wait(lambda s: s["step"] == 5, "Left goes back")
    browser.key("Down")
    browser.key("Enter")
    branched = browser.wait(lambda s: s["step"] == 6 and s["ids"] != state["ids"],
                            "another candidate branches")
    check(branched["nodes"] > state["nodes"], "both branches are kept")
    browser.wait(lambda s: s["timed"] and s["difference"] == 0, "the pass is timed at leisure")
    return branched


def every_view(browser, name, pictures):
    views, first = [], browser.state()["view"]
    while True:
        before = browser.state()["view"]
        browser.key("PageDown")
        state = browser.wait(lambda s, b=before: s["view"] != b, f"{name}: a view after {before}")
        check(not state["error"], f"{name}: {state['view']} is drawn: {state['error']}")
        views.append(state["view"])
        if pictures:
            time.sleep(0.6)
            browser.picture(pictures / f"{name}-{state['view']}.png")
        if state["view"] == first or len(views) > 60:
            break
    check(len(set(views)) == len(views) > 10, f"{name}: all views have their turn: {views}")


def exported(browser):
    """What E and the dialog write, by the ends of their names."""
    browser.key("e")
    files = {end: browser.downloaded(end, f"E downloads {end}") for end in (".svg", ".png", ".pdf")}
    browser.key("e", control=True)
    browser.wait(lambda s: s["overlay"] != 0, "Ctrl+E opens the dialog")
    browser.click("export/format/pptx")
    browser.wait(lambda s: s["export"]["format"] == "pptx", "PowerPoint is chosen")
    browser.click("export/save")
    files[".pptx"] = browser.downloaded(".pptx", "the dialog downloads .pptx")
    browser.key("Esc")
    return files


def exported_natively(program, model, run, folder):
    display = Display()
    try:
        home = folder / "home"
        (home / "Documents").mkdir(parents=True)
        os.environ["HOME"] = str(home)
        window = Window(program, model, folder, display, run)
        window.key("e")
        window.wait(lambda s: s["toast"].startswith("Saved"), "a desktop exports")
        window.key("ctrl+e")
        window.wait(lambda s: s["overlay"] != 0, "and opens the dialog")
        window.click("export/format/pptx")
        window.wait(lambda s: s["export"]["format"] == "pptx", "for PowerPoint")
        window.click("export/save")
        window.wait(lambda s: ".pptx" in s["toast"], "which it writes")
        window.close()
        return {path.suffix: path.read_bytes()
                for path in (home / "Documents" / "Stepscope").iterdir()}
    finally:
        display.close()


def compare_exports(ours, theirs):
    for end, data in sorted(ours.items()):
        other = theirs.get(end, b"")
        same = "the same bytes as natively" if data == other else "not the bytes of a desktop"
        print(f"{end}: {len(data)} bytes, natively {len(other)}: {same}")
        check(data[:4] == other[:4], f"{end}: is such a file, as natively")
    check(ours[".svg"] == theirs.get(".svg"), "an SVG has the same bytes as natively")


def saves_and_opens(browser, program, model, folder):
    state = browser.state()
    browser.key("s", control=True)
    run = folder / "page.stepscope.json"
    run.write_bytes(browser.downloaded(".stepscope.json", "Ctrl+S downloads the run"))
    ids = subprocess.run([program, "generate", "--model", model, "--run", run, "--print", "ids"],
                         capture_output=True, text=True, check=True).stdout
    check(json.loads(f"[{ids}]") == state["ids"][-len(json.loads(f"[{ids}]")):],
          "a desktop opens the run of a page")
    native = folder / "native.stepscope.json"
    subprocess.run([program, "generate", "--model", model, "--prompt", "The old king", "--steps",
                    "3", "--save-run", native], capture_output=True, check=True)
    drop(browser, {"native.stepscope.json": native})
    browser.wait(lambda s: s["prompt"] == "The old king" and s["path_length"] > 3,
                 "a page opens the run of a desktop")
    return run


def drop(browser, files):
    """Files, as if they were dropped in one folder; a single one as it is."""
    import base64
    parts = []
    for name, path in files.items():
        data = base64.b64encode(Path(path).read_bytes()).decode()
        parts.append(f"['/{name}', new File([Uint8Array.from(atob('{data}'),"
                     f" (c) => c.charCodeAt(0))], '{name.split('/')[-1]}')]")
    browser.evaluate(f"Module.takeFiles([{','.join(parts)}])")


def opens_a_folder(browser, model):
    drop(browser, {f"some-model/{name}": Path(model) / name for name in MODEL_FILES})
    browser.wait(lambda s: s["model"].endswith("some-model"), "a dropped folder opens as a model")


def walks_a_lesson(browser, address, name):
    browser.open(f"{address}?lesson={name}&utm_source=school")
    file = next(lesson_test.LESSONS.glob(f"*-{name}.json"))
    lesson_test.walk(browser, name, json.loads(file.read_text(encoding="utf-8"))["stops"], None)


def large_picture(browser, address):
    """Of more vertices than sixteen bits count."""
    browser.resize(1920, 1080)
    browser.open(f"{address}?prompt={'Tom+saw+a+dog.+' * 100}")
    browser.wait(lambda s: s["step"] == 1 and s["path_length"] > 400, "a long text")
    browser.key("Esc")
    browser.key("PageDown")
    browser.wait(lambda s: s["view"] == "attention", "in a large window")
    time.sleep(1)
    check(browser.evaluate("said.hidden"), f"the page goes on: {browser.said()[-1:]}")
    browser.resize(*SIZES["1366x768"])


def reload_keeps_the_run(browser):
    browser.key("Space")
    time.sleep(1)
    before = browser.state()
    browser.ask("Page.reload")
    time.sleep(0.5)
    browser.wait(lambda s: s["ids"] == before["ids"], "loading the page again keeps the run")


def pane(browser):
    """The pixels of what is looked at, when nothing moves any more."""
    x, y, w, h = browser.region(next(name for name in browser.regions() if name.startswith("pane/")))
    clip = {"x": x, "y": y, "width": w, "height": h, "scale": 1}
    browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=2, y=2)
    last, now = "", None
    while now != last:
        time.sleep(0.5)
        last, now = now, browser.ask("Page.captureScreenshot", format="png", clip=clip)["data"]
    return now


def a_link_is_a_run(browser, address, scratch):
    state, picture = browser.state(), pane(browser)
    browser.key("c", control=True, shift=True)
    browser.wait(lambda s: s["toast"].startswith("Copied a link"), "Ctrl+Shift+C makes a link")
    time.sleep(0.5)
    link = browser.evaluate("navigator.clipboard.readText()")
    check(link.startswith(address + "#"), f"to this page: {link[:60]}")
    scratch.mkdir()
    second = Browser(scratch)
    try:
        second.open(link)
        second.wait(lambda s: s["ids"] == state["ids"], "which another browser opens at the same step")
        check(pane(second) == picture, "the same picture to the pixel")
    finally:
        second.close()
    browser.open("about:blank")
    browser.open(link)
    browser.wait(lambda s: s["ids"] == state["ids"], "which opens the same step")
    browser.key("Space")
    browser.wait(lambda s: s["step"] == state["step"] + 1, "it goes on from there")
    browser.evaluate(f"history.replaceState(null, '', location.pathname);"
                     f" location.hash = {link.split('#')[1]!r}")
    browser.wait(lambda s: s["ids"] == state["ids"], "an open page follows a link, too")


def touches(browser):
    time.sleep(0.5)  # it is drawn
    state = browser.state()
    browser.touch("command/step")
    browser.wait(lambda s: s["step"] == state["step"] + 1, "a tap on the button steps")
    browser.touch("field/prompt")
    browser.wait(lambda s: s["typing"] == "field/prompt", "a tap gives the field the keyboard")
    time.sleep(0.2)
    check(browser.evaluate("document.activeElement.id") == "entry",
          "and a field of the page's, for the keyboard on the screen")
    browser.type("Tom saw a")
    browser.key("Enter")
    browser.wait(lambda s: s["prompt"] == "Tom saw a" and s["path_length"] == 3,
                 "what is typed is run")
    browser.touch("candidate/1", seconds=0.9)
    browser.wait(lambda s: s["followed"] >= 0, "a finger that stays follows a candidate")


def one_file(browser, page):
    begin(browser, (page / "stepscope.html").as_uri())
    browser.key("Space")
    browser.wait(lambda s: s["step"] == 2, "the one file works from a disk")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    need("chromium")
    program, model, page = sys.argv[1], sys.argv[2], Path(sys.argv[3]).resolve()
    pictures = os.environ.get("STEPSCOPE_PICTURES")
    pictures = Path(pictures) if pictures else None
    server = Server(page)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        browser = Browser(folder)
        try:
            first_picture(browser, server.address)
            browser.wait(lambda s: s["step"] == 1, "the page shows the first step")
            browser.key("Esc")
            is_whole(browser, model)
            steps_as_native(browser, program, model)
            every_view(browser, "1366x768", pictures)
            ours = exported(browser)
            run = saves_and_opens(browser, program, model, folder)
            lacking = lack("Xvfb", "xdotool", "import")
            if lacking:
                print(f"exports are not compared: {lacking}")
            else:
                compare_exports(ours, exported_natively(program, model, run, folder))
            opens_a_folder(browser, model)
            reload_keeps_the_run(browser)
            begin(browser, server.address)
            browser.key("Esc")  # what is offered lies above the picture
            browser.key("Space")
            browser.wait(lambda s: s["step"] == 2, "another run")
            a_link_is_a_run(browser, server.address, folder / "second")
            walks_a_lesson(browser, server.address, "induction")
            large_picture(browser, server.address)
            browser.resize(*SIZES["390x844"])
            begin(browser, server.address)
            every_view(browser, "390x844", pictures)
            touches(browser)
            browser.resize(*SIZES["1366x768"])
            one_file(browser, page)
        finally:
            browser.close()
            server.close()
    print(f"{window_driver.passed} passed, {window_driver.failed} failed")
    sys.exit(1 if window_driver.failed else 0)


if __name__ == "__main__":
    main()
