"""Fetches a model in the real window, from a hub on this machine: the menu offers it, stepping goes on
meanwhile, it can be stopped and goes on, and it opens when it is there.

    get_window_test.py PROGRAM MODEL [--pictures FOLDER]
"""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

import window_driver
from get_case import hub_environment
from hub_server import COMMIT, Hub, small_model
from window_driver import check, finish, opened

BUNDLED, GPT2, MEDIUM, DISTIL = 0, 5, 6, 9  # items of the menu: the
# states of the training stand behind the bundled model, and nothing is in the cache
HELD = 1000000


def picture(window, folder, name):
    if folder:
        window.keep_picture(folder / f"{name}.png")


def open_menu(window, item):
    """The menu, with the keyboard on one of its items."""
    window.key("m")
    window.wait(lambda s: s["overlay"] != 0, "M opens the menu")
    window.wait(lambda s: f"item/{item}" in window.regions(), f"which has item {item}")
    window.settle()


def offers(window, hub, pictures):
    open_menu(window, GPT2 + 4)
    check("item/10" not in window.regions(), "it offers the bundled model and five to fetch")
    picture(window, pictures, "offered")
    check(not hub.requests, "nothing was asked of the network before somebody asked")


def fetches_meanwhile(window, hub, pictures):
    hub.hold_at = HELD
    window.click(f"item/{GPT2}")
    going = window.wait(lambda s: s["fetching"]["name"] == "gpt2" and s["fetching"]["done"] > HELD,
                        "a click fetches it, and says how far it is")
    check(going["overlay"] == 0, "the menu is closed")
    check(going["fetching"]["all"] > going["fetching"]["done"], "of how much")
    window.key("space")
    window.wait(lambda s: s["step"] == 2, "stepping goes on meanwhile")
    window.settle()
    picture(window, pictures, "going")
    check("fetching" in window.regions(), "the bar shows it")


def stops(window, hub, cache, pictures):
    window.click("fetching")
    window.wait(lambda s: s["overlay"] != 0, "a click on it opens the menu")
    window.settle()
    picture(window, pictures, "menu")
    window.key("Return")
    window.wait(lambda s: s["fetching"]["name"] == "" and "stopped" in s["toast"],
                "Enter on the item stops it")
    parts = [part.stat().st_size for part in cache.rglob("*.incomplete")]
    check(parts == [HELD], f"what came is kept: {parts}")
    check(window.state()["error"] == "", "that is no error")


def keeps_the_run(window, hub, cache):
    """Tokens were appended meanwhile: the model that is there then does not put them away."""
    hub.go_on.set()
    hub.requests.clear()
    before = window.state()
    check(before["step"] == 2, "a token was appended")
    window.key("m")
    window.wait(lambda s: s["overlay"] != 0, "the menu again")
    window.click(f"item/{GPT2}")
    there = window.wait(lambda s: s["fetching"]["name"] == "" and "M opens it" in s["toast"],
                        "it is said that the model is there")
    check(there["error"] == "" and there["ids"] == before["ids"], "the run stays")
    ranges = [r.range for r in hub.asked("safetensors", "GET", "store")]
    check(ranges == [f"bytes={HELD}-"], f"it went on where it was: {ranges}")
    open_menu(window, 5)
    check("item/10" not in window.regions(), "what was fetched is not offered twice")
    window.click(f"item/{GPT2}")
    snapshot = cache / "models--gpt2" / "snapshots" / COMMIT
    window.wait(lambda s: s["model"] == str(snapshot), "the menu opens it")


def opens_by_itself(window, hub, cache):
    window.key("m")
    window.wait(lambda s: s["overlay"] != 0, "the menu")
    window.click(f"item/{DISTIL}")
    snapshot = cache / "models--distilgpt2" / "snapshots" / COMMIT
    opened = window.wait(lambda s: s["model"] == str(snapshot),
                         "where nothing was appended, the model opens when it is there")
    check(opened["error"] == "" and opened["fetching"]["name"] == "", "without an error")


def says_what_failed(window, hub):
    window.key("m")
    window.wait(lambda s: s["overlay"] != 0, "the menu")
    window.click(f"item/{MEDIUM + 1}")
    failed = window.wait(lambda s: s["error"] != "", "what cannot be fetched is said")
    check("gpt2-large" in failed["error"] and failed["fetching"]["name"] == "", failed["error"])
    window.key("Escape")
    window.wait(lambda s: s["error"] == "", "Esc takes the message away")


def leaves_a_dialog(window, hub):
    """A model that comes while something else is done does not end that."""
    hub.go_on.clear()
    hub.held.clear()
    window.key("m")
    window.wait(lambda s: s["overlay"] != 0, "the menu")
    window.click(f"item/{MEDIUM + 1}")  # behind DistilGPT-2, which is there now
    check(hub.held.wait(window_driver.PATIENCE), "another one is being fetched")
    window.key("ctrl+e")
    dialog = window.wait(lambda s: s["overlay"] != 0, "a dialog is opened meanwhile")
    hub.go_on.set()
    there = window.wait(lambda s: s["fetching"]["name"] == "" and "M opens it" in s["toast"],
                        "it is said that the model is there")
    check(there["overlay"] == dialog["overlay"], "the dialog stays")
    check(there["model"] == dialog["model"] and there["ids"] == dialog["ids"], "and the run")
    window.key("Escape")
    window.wait(lambda s: s["overlay"] == 0, "Esc shuts it")


def closes_meanwhile(window, hub, cache):
    hub.go_on.clear()
    hub.held.clear()
    window.key("m")
    window.wait(lambda s: s["overlay"] != 0, "the menu")
    window.click(f"item/{DISTIL}")  # where GPT-2 XL is now: three are there
    check(hub.held.wait(window_driver.PATIENCE), "another one is being fetched")
    window.wait(lambda s: s["fetching"]["done"] > HELD, "and has come some way")
    window.close()
    large = cache / "models--gpt2-xl"
    parts = [part.stat().st_size for part in large.rglob("*.incomplete")]
    check(parts == [HELD], f"what came is kept: {parts}")
    check(not (large / "refs" / "main").exists(), "and is not offered as a model")


def main():
    program, model = map(os.path.abspath, sys.argv[1:3])
    pictures = Path(sys.argv[4]) if sys.argv[3:4] == ["--pictures"] else None
    files = small_model(model)
    hub = Hub({"openai-community/gpt2": files, "openai-community/gpt2-medium": files,
               "openai-community/gpt2-xl": files, "distilbert/distilgpt2": files})
    hub.renamed = {"gpt2": "openai-community/gpt2", "gpt2-medium": "openai-community/gpt2-medium",
                   "gpt2-xl": "openai-community/gpt2-xl", "distilgpt2": "distilbert/distilgpt2"}
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        environment = hub_environment(hub, home, HF_HUB_OFFLINE="0")
        os.environ.clear()
        os.environ.update(environment)
        cache = home / "hub"
        with contextlib.closing(hub), opened(program, model) as window:
            offers(window, hub, pictures)
            fetches_meanwhile(window, hub, pictures)
            stops(window, hub, cache, pictures)
            keeps_the_run(window, hub, cache)
            says_what_failed(window, hub)
            opens_by_itself(window, hub, cache)
            leaves_a_dialog(window, hub)
            closes_meanwhile(window, hub, cache)
    finish()


if __name__ == "__main__":
    main()
