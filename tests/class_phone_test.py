"""A phone of the class in a real browser, from the address to the score; what is left of a class whose
teacher's program was killed; the QR code as a camera reads it.

    class_phone_test.py PROGRAM MODEL [FOLDER]

FOLDER: pictures of the pages and what screen readers are told go there.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import browser
import window_driver
from class_client import Phone, address
from window_driver import check, finish, opened
from window_look_test import look


class Pages:
    """Where pictures go; nowhere, if nobody wants them."""

    def __init__(self, folder):
        self.folder = folder

    def keep(self, phone, name):
        if self.folder:
            phone.picture(self.folder / f"{name}.png")
            (self.folder / f"{name}.txt").write_text("\n".join(phone.tree()) + "\n", encoding="utf-8")


def fits(phone, what):
    check(phone.run("document.documentElement.scrollWidth <= innerWidth"), f"{what}: nothing is beside the page")
    small = phone.run("""[...document.querySelectorAll('button, input')].filter(one => one.offsetParent)
        .filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)""")
    check(small == [], f"{what}: what is touched is large enough: {small}")


def one_lesson(window, phone, pages, name):
    port, code = address(window)
    phone.go(f"http://127.0.0.1:{port}/")
    pages.keep(phone, name + "-1-enter")
    fits(phone, "the first page")
    phone.tap("#code")
    phone.type(code.lower())
    phone.tap("button")
    phone.wait("document.getElementById('phase') && document.getElementById('phase').textContent === 'Look at the screen'")
    check("Tom and Mia went to the lake." in phone.words(), "the text so far is there")
    pages.keep(phone, name + "-2-look")
    window.wait(lambda s: s["class"]["there"] == 1, "the teacher sees that somebody is there")
    window.key("F3")
    phone.wait("document.getElementById('phase').textContent === 'What comes next?'")
    check(phone.run("document.querySelectorAll('#offers button').length") == 12, "a dozen to choose from")
    pages.keep(phone, name + "-3-vote")
    fits(phone, "the page of votes")
    phone.tap("#offers button:nth-child(3)")
    phone.wait("document.getElementById('mine').textContent.startsWith('Your vote')")
    window.wait(lambda s: s["votes"] == 1, "a vote by touch arrives")
    phone.run("document.getElementById('word').focus()")
    phone.type("extraordinariness")
    phone.key("Enter", 13, "\r")
    phone.wait("document.querySelectorAll('#pieces button').length > 1")
    check("tokens here, and one is asked for" in phone.words(), "what is no token is told")
    pages.keep(phone, name + "-4-pieces")
    phone.run("document.getElementById('word').select()")
    phone.type("had")
    phone.key("Enter", 13, "\r")
    phone.wait("document.getElementById('mine').textContent === 'Your vote: ␣had'")
    window.wait(lambda s: s["votes"] == 1 and s["class"]["voted"] == 1, "the mind was changed, by keys alone")
    pages.keep(phone, name + "-5-voted")
    phone.run("location.reload()")
    time.sleep(0.5)
    phone.wait("document.getElementById('mine') && document.getElementById('mine').textContent === 'Your vote: ␣had'")
    check(window.state()["class"]["voted"] == 1, "a page that is loaded again is the same voter")
    if pages.folder:
        window.key("Escape")
        time.sleep(1)
        window.keep_picture(pages.folder / f"window-{name}.png")
    window.key("F3")
    phone.wait("document.getElementById('phase').textContent === 'Voting is closed'")
    pages.keep(phone, name + "-6-closed")
    window.key("Escape", "space")
    phone.wait("document.getElementById('phase').textContent === 'What the guesses were worth'")
    check(" bits" in phone.run("document.getElementById('mine').textContent"), "its score is there")
    check(phone.run("document.querySelector('tr.own td').textContent") == "␣had", "in the table, too")
    pages.keep(phone, name + "-7-score")
    fits(phone, "the page of scores")
    against = [one for one in phone.complaints() if "status of 422" not in one]  # the word of many tokens
    check(against == [], f"the browser has nothing against it: {against}")


def tree_tells(phone):
    tree = "\n".join(phone.tree())
    for line in ('heading "What the guesses were worth"', 'region "The text so far"', 'status', 'columnheader "Bits"'):
        check(line in tree, f"a screen reader is told: {line}")


def lesson(program, model, pages, name, **shape):
    with opened(program, model, "class") as window:
        phone = browser.Phone(**shape)
        try:
            one_lesson(window, phone, pages, name)
            tree_tells(phone)
        finally:
            phone.close()
        window.wait(lambda s: s["class"]["there"] == 0, "a phone that left is not there")
        qr_code(window, pages)


def qr_code(window, pages):
    if not shutil.which("zbarimg"):
        print("skipped: the QR code: not installed: zbarimg")
        return
    for name, keys in (("window", ["F2"]), ("projector", ["Escape", "F5", "F2"]),
                       ("dark", ["Escape", "ctrl+t", "F2"])):
        window.key(*keys)
        window.wait(lambda s: s["overlay"] != 0, "the card is there")
        time.sleep(1)
        picture = (pages.folder or window.folder) / f"card-{name}.png"
        window.keep_picture(picture)
        read = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, text=True)
        check(read.stdout.strip() == window.state()["class"]["addresses"][0],
              f"a camera reads the address, {name}: {read.stdout!r}")


def killed(program, model):
    """In the middle of a vote."""
    with opened(program, model, "class") as window:
        window.key("F3")
        window.wait(lambda s: s["class"]["voting"], "voting is open")
        phones = [asyncio.run(vote(Phone(*address(window)))) for _ in range(5)]
        check(phones == [200] * 5, "five vote")
        window.wait(lambda s: s["votes"] == 5, "and are counted")
        kept = lambda: [json.loads(file.read_text()).get("view", {}).get("guesses")
                        for file in (window.folder / "data" / "stepscope").glob("autosave-*.stepscope.json")]
        end = time.monotonic() + 10
        while time.monotonic() < end and not any(
                kept_votes and sum(vote["votes"] for vote in kept_votes[0]["votes"]) == 5 for kept_votes in kept()):
            time.sleep(0.02)
        window.kill()
        window.again("--model", model)
        check(window.state()["left"] != "", "the next start offers the run")
        window.key("ctrl+r")
        window.wait(lambda s: s["left"] == "" and s["votes"] == 5, "with the votes so far")


def ends_with_lesson(program, model):
    with opened(program, model, "class", "--lesson", "one-step") as window:
        window.wait(lambda s: s["lesson"] == "one-step" and s["class"]["code"] != "", "a class begins in a lesson")
        code = window.state()["class"]["code"]
        window.key("Escape", "F1")
        window.wait(lambda s: s["overlay"] != 0, "the list of lessons")
        window.key("Down", "Return")
        window.wait(lambda s: s["lesson"] not in ("", "one-step"), "another lesson")
        check(window.state()["class"]["code"] == code, "the class goes on in the next one")
        window.key("Escape")
        window.wait(lambda s: s["lesson"] == "" and s["class"]["code"] == "", "it ends with the lesson")


def page_left_open(program, model):
    """The page of a class that is over asks no more: it would shut the door of the next one."""
    phone = browser.Phone()
    try:
        with opened(program, model, "class") as window:
            port, code = address(window)
            phone.go(f"http://127.0.0.1:{port}/{code}/")
            window.wait(lambda s: s["class"]["there"] == 1, "a phone is there")
        with opened(program, model, "class", "--port", str(port)) as window:
            phone.wait("document.body.innerText.includes('This class is over.')")
            phone.run("window.asked = 0; window.fetch = () => { ++window.asked; return new Promise(() => {}); }")
            time.sleep(5)
            check(phone.run("window.asked") == 0, "it asks nothing in five seconds")
            phone.go(f"http://127.0.0.1:{port}/{address(window)[1]}/")
            window.wait(lambda s: s["class"]["there"] == 1, "it comes into the next class from there")
    finally:
        phone.close()


def card_is_read(program, model):
    """Nothing on the card, in the bar and among the guesses is cut, pale or lies on something else."""
    for width, height in ((1600, 1000), (1280, 720), (1024, 640)):
        window_driver.WIDTH, window_driver.HEIGHT = width, height
        with opened(program, model, "class", texts=True) as window:
            window.key("F11")
            window.rest_mouse()
            for keys in ([], ["F3"], ["Escape"], ["t", "F2"], ["Escape", "F5"], ["F2"]):
                window.key(*keys) if keys else None
                look(window, f"{width}x{height} after {keys}")


async def vote(phone):
    await phone.come_in()
    await phone.look_until("vote")
    return (await phone.vote(id=phone.state["offers"][0]["id"])).status


def main():
    program, model, *folder = sys.argv[1:]
    pages = Pages(Path(folder[0]) if folder else None)
    if pages.folder:
        pages.folder.mkdir(parents=True, exist_ok=True)
    card_is_read(program, model)
    window_driver.WIDTH, window_driver.HEIGHT = 1600, 1000
    killed(program, model)
    ends_with_lesson(program, model)
    page_left_open(program, model)
    lesson(program, model, pages, "phone")
    lesson(program, model, pages, "narrow", width=320, height=568, dark=True)
    finish()


if __name__ == "__main__":
    main()
