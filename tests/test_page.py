"""The project's page: made from the program and its lessons, whole, and without a part from elsewhere.

usage: test_page.py PROGRAM SOURCE
"""

import os
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

failed = 0


def check(holds, what):
    global failed
    if not holds:
        failed += 1
        print("FAILED:", what)


class Links(HTMLParser):
    """Whatever a page refers to."""

    def __init__(self):
        super().__init__()
        self.found, self.names, self.open = [], set(), []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in ("meta", "link", "img", "source", "br", "input"):
            self.open.append(tag)
        self.found += [attrs[name] for name in ("href", "src", "srcset") if name in attrs]
        if "id" in attrs:
            self.names.add(attrs["id"])
        if tag == "img":
            check("alt" in attrs, f"a picture has words: {attrs}")

    def handle_endtag(self, tag):
        check(self.open and self.open.pop() == tag, f"{tag} closes what is open")


def main():
    program, source = sys.argv[1:3]
    env = dict(os.environ, STEPSCOPE=program)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "page"
        made = subprocess.run(["sh", f"{source}/docs/page/make.sh", str(folder)], env=env,
                              capture_output=True, text=True, check=False)
        check(made.returncode == 0 and not made.stderr, f"it is made: {made.stderr}")
        text = (folder / "index.html").read_text(encoding="utf-8")
        links = Links()
        links.feed(text)
        check(not links.open, f"all is closed: {links.open}")
        for link in links.found:
            if link.startswith("#"):
                check(link[1:] in links.names, f"{link} is there")
            else:
                check("//" not in link, f"{link} is a part of the page")
                check((folder / link).is_file(), f"{link} is there")
        lessons = subprocess.run([program, "lessons"], capture_output=True, text=True,
                                 check=True).stdout.splitlines()
        listed = re.findall(r'href="lessons/([^"]+)\.html"', text)
        check(listed == [line.split()[0] for line in lessons], "every lesson, in its order")
        for page in [folder / "page.css", *folder.glob("lessons/*.html"), *folder.glob("pictures/*")]:
            parts = re.findall(r'(?:src|href)="(?:https?:)?//|url\((?!["\']?data:)[^)#]',
                               page.read_text(encoding="utf-8"))
            check(not parts, f"{page.name} loads nothing from elsewhere: {parts[:3]}")
        # Again: the same bytes.
        again = Path(name) / "again"
        subprocess.run(["sh", f"{source}/docs/page/make.sh", str(again)], env=env, check=True,
                       stdout=subprocess.DEVNULL)
        same = all((again / file.relative_to(folder)).read_bytes() == file.read_bytes()
                   for file in folder.rglob("*") if file.is_file())
        check(same, "the same page again")
        nowhere = subprocess.run(["sh", f"{source}/docs/page/make.sh", str(folder)],
                                 env=dict(os.environ, STEPSCOPE="/nowhere/stepscope"),
                                 capture_output=True, text=True, check=False)
        check(nowhere.returncode == 1 and "app/start.sh" in nowhere.stderr, "it says what is missing")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
