"""Exported pages in a real browser: a handout is whole there.

usage: test_browser.py PROGRAM BUNDLED_MODEL
"""

import json
import subprocess

from program import main
from tools import need


def opened(page):
    """The page as chromium holds it once its script has run."""
    done = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                           page.as_uri()], capture_output=True, timeout=120, check=True)
    return done.stdout.decode()


def test_handout(p):
    lesson = json.loads((p.bundled.parent / "lessons" / "10-induction.json").read_text())
    html = p.scratch / "handout.html"
    p.output("export", "--lesson", "induction", "-o", html)
    page = opened(html)
    assert page.count('class="page') == len(lesson["stops"]) + 1, page[:300]
    assert "<title>Stepscope · Induction</title>" in page


if __name__ == "__main__":
    need("chromium")
    main(globals())
