"""`stepscope export`: pages, decks and data of a run, written whole or not at all. Needs
poppler-utils. test_browser.py opens the pages for browsers.

usage: test_export.py PROGRAM BUNDLED_MODEL
"""

import csv
import io
import json
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import time
import xml.etree.ElementTree
import zipfile

from program import PROMPT, main, on_terminal
from tools import need

SVG = "{http://www.w3.org/2000/svg}"
PAGES = ("svg", "png")
ONE_FILE = ("pdf", "json", "csv", "safetensors")


def page_size(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and png[12:16] == b"IHDR" and png[-8:-4] == b"IEND"
    return struct.unpack(">II", png[16:24])


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def pdf_pages(path):
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()
    return text.split("\f")[:-1]


def pdf_bookmarks(path):
    """(page, words) of each."""
    page = subprocess.run(["pdftohtml", "-xml", "-i", "-stdout", path], capture_output=True,
                          check=True).stdout.decode()
    outline = page[page.index("<outline>"):page.rindex("</outline>")]
    return [(int(number), words)
            for number, words in re.findall(r'<item page="(\d+)">(.*?)</item>', outline)]


def squeezed(text):
    return "".join(text.split())


def svg_titles(paths):
    titles = []
    for path in paths:
        root = xml.etree.ElementTree.parse(path).getroot()
        assert root.tag == SVG + "svg"
        assert len(root.findall(f".//{SVG}text")) > 20, f"{path}: text is text"
        titles.append(root.find(SVG + "title").text)
    return titles


# ------------------------------------------------------------------ pages

def test_numbered_pages(p):
    folder = p.scratch / "pages"
    run = ("export", *PROMPT, "--steps", "3", "-o")
    said = p.output(*run, folder).splitlines()
    names = names_in(folder)
    assert names == [f"step-00{i}-head-ranking.svg" for i in (1, 2, 3)], names
    assert said == [str(folder / name) for name in names]
    titles = svg_titles(folder / name for name in names)
    assert [title.startswith(f"Step {i + 1} ") for i, title in enumerate(titles)] == [True] * 3

    p.output(*run, folder, "--format", "png", "--step", "2", "--scale", "0.5")
    assert page_size((folder / "step-002-head-ranking.png").read_bytes()) == (960, 540)
    p.output(*run, folder / "one.png", "--step", "1")
    assert page_size((folder / "one.png").read_bytes()) == (1920, 1080)
    p.output(*run, folder / "classic.png", "--step", "1", "--shape", "4:3", "--scale", "2")
    assert page_size((folder / "classic.png").read_bytes()) == (2880, 2160)
    p.output(*run, folder / "part.svg", "--step", "1,3", "--views", "flow")
    assert {"part-001.svg", "part-003.svg"} <= set(names_in(folder))
    assert "part-002.svg" not in names_in(folder)
    p.output(*run, folder / "rest", "--step", "2-3", "--views", "lens", "--theme", "dark")
    assert names_in(folder / "rest") == ["step-002-lens.svg", "step-003-lens.svg"]


def test_steps(p):
    for step, numbers in (("3", [3]), ("2-6", [2, 3, 4, 5, 6]), ("1,4,9", [1, 4, 9]),
                          ("7,1-2,2", [1, 2, 7])):
        out = p.new_folder() / "run.json"
        p.output("export", *PROMPT, "--steps", "9", "--step", step, "-o", out)
        steps = json.loads(out.read_text())["steps"]
        assert [object["step"] for object in steps] == numbers, step


def test_reveal(p):
    out = p.scratch / "reveal.pdf"
    p.output("export", *PROMPT, "--steps", "2", "--reveal", "-o", out)
    ids = p.generated(*PROMPT, "--steps", "2").split(",")
    run = p.scratch / "run.json"
    p.output("export", *PROMPT, "--steps", "2", "-o", run)
    steps = json.loads(run.read_text())["steps"]
    assert [str(step["choice"]["id"]) for step in steps] == ids
    pages = pdf_pages(out)
    assert len(pages) == 8
    for i, page in enumerate(pages):
        step, part = steps[i // 4], i % 4
        assert f"{step['choice']['logit']:.2f}" in page
        assert ("%" in page) == (part > 0), page
        assert ("appended" in page) == (part > 1), page
        assert (step["choice"]["text"].strip() in page.split("\n")[0]) == (part > 1), page
    folder = p.scratch / "reveal"
    p.output("export", *PROMPT, "--reveal", "-o", folder, "--format", "png", "--scale", "0.25")
    assert names_in(folder) == ["step-001-1-logits.png", "step-001-2-probabilities.png",
                                "step-001-3-choice.png", "step-001-4-appended.png"]
    p.refuses(("export", *PROMPT, "--reveal", "-o", p.scratch / "r.csv"), "--reveal", "csv")


def test_every_view(p):
    for line in p.output("views").splitlines():
        view = line.split()[0]
        for theme, shape in (("light", "16:9"), ("dark", "4:3")):
            out = p.new_folder() / f"{view}.svg"
            draws = ("--temperature", "1") if view == "draws" else ()
            p.output("export", *PROMPT, "--views", view, "--theme", theme, "--shape", shape, *draws,
                     "-o", out)
            text = out.read_text()
            xml.etree.ElementTree.fromstring(text)
            assert "nan" not in re.findall(r"[\w.]+", text) and "inf" not in text.split(), view


def test_looks(p):
    def page(*flags):
        out = p.new_folder() / "page.svg"
        p.output("export", *PROMPT, "--layer", "3", "--head", "2", *flags, "-o", out)
        return out.read_text()

    plain = page()
    for flags, words in ((("--mix", "mean"), "mean of its heads"), (("--mix", "max"), "largest of"),
                         (("--own-scale",), "own colour scale"), (("--hide-first",), "token 0 hidden"),
                         (("--lock", "map/2/1/2/0"), "positions 2 → 0"),
                         (("--lock", "token/1"), "position 1")):
        assert words in page(*flags) and words not in plain, flags
    for flags in (("--colours", "cividis"), ("--colours", "viridis"), ("--position", "1")):
        assert page(*flags) != plain, flags
    for views, flags in (("heads", ("--tint", "first")), ("lens", ("--follow", "5")),
                         ("strategies", ("--strategies", "greedy; k=3, seed=2")),
                         ("beam", ("--strategies", "beams=2"))):
        assert page("--views", views, *flags) != page("--views", views), flags
    locked = p.new_folder() / "page.svg"
    p.output("export", *PROMPT, "--lock", "map/4/3/2/0", "-o", locked)
    assert "block 5 head 4" in locked.read_text(), "the head of the locked cell is shown"


def test_nothing_differs(p):
    """A difference that is none anywhere is drawn as none."""
    out = p.scratch / "routes.svg"
    p.output("export", *PROMPT, "--ablate", "L6MLP", "--difference", "--views", "routes", "-o", out)
    assert "nan" not in out.read_text(encoding="utf-8").lower()


def test_films(p):
    """Where ffmpeg is, a film; where it is not, or fails, one line and no file."""
    out = p.scratch / "way.mp4"
    words = ("export", *PROMPT, "--watch", "-o", out)
    if shutil.which("ffmpeg"):
        p.output(*words)
        assert out.read_bytes()[4:8] == b"ftyp", out.read_bytes()[:12]
        out.unlink()
    folder = p.scratch / "path"
    folder.mkdir()
    for script, said in ((None, "not here"), ("exit 1", "ffmpeg failed"), ("exit 0", "ffmpeg"),
                         ("cat > /dev/null; exit 0", "ffmpeg made nothing"),
                         ("sleep 1000 & exit 1", "ffmpeg failed")):
        if script:
            fake = folder / "ffmpeg"
            fake.write_text(f"#!/bin/sh\nPATH=/bin:/usr/bin\n{script}\n")
            fake.chmod(0o755)
        process = subprocess.run([p.path, *map(str, words)], capture_output=True, text=True,
                                 env=dict(os.environ, PATH=str(folder)), timeout=60)
        assert process.returncode == 1 and said in process.stderr, (script, process.stderr)
        assert process.stderr.count("\n") == 1 and not out.exists(), process.stderr
    p.refuses(("export", *PROMPT, "--watch", "-o", p.scratch / "way.pdf"), "--watch")
    gif = p.scratch / "way.gif"
    p.output("export", *PROMPT, "--watch", "-o", gif)
    assert gif.read_bytes().startswith(b"GIF89a")


# ------------------------------------------------------------------ decks

def test_pdf(p):
    out = p.scratch / "deck.pdf"
    run = ("export", *PROMPT, "--steps", "40", "--no-stop", "-o", out)
    start = time.monotonic()
    p.output(*run)
    print(f"       40 steps to PDF: {time.monotonic() - start:.1f} s, {out.stat().st_size} bytes")
    raw = out.read_bytes()
    assert raw.startswith(b"%PDF")
    data = p.scratch / "deck.json"
    p.output("export", *PROMPT, "--steps", "40", "--no-stop", "-o", data)
    steps = json.loads(data.read_text())["steps"]
    pages = pdf_pages(out)
    assert len(pages) == len(steps) == 40
    for step, page in zip(steps, pages):
        assert f"Step {step['step']} " in page
        assert squeezed(step["choice"]["text"]) in squeezed(page)
        assert f"{step['choice']['logit']:.2f}" in page
    assert [page for page, _ in pdf_bookmarks(out)] == list(range(1, 41)), "one for each step"
    information = subprocess.run(["pdfinfo", out], capture_output=True, check=True).stdout.decode()
    assert "CreationDate" not in information, "the same run, other bytes"
    assert "1440 x 810 pts" in information and PROMPT[1] in information, information
    fonts = subprocess.run(["pdffonts", out], capture_output=True, check=True).stdout.decode()
    rows = [line.split() for line in fonts.splitlines()[2:]]
    assert rows and all(row[-5] == "yes" for row in rows), f"all fonts are embedded: {fonts}"
    out.unlink()
    p.output(*run)
    assert out.read_bytes() == raw, "the same run, other bytes"


def test_lessons(p):
    """A handout has every note, question and answer; slides have them as notes."""
    lesson = json.loads(next((p.bundled.parent / "lessons").glob("*-induction.json")).read_text())
    stops = lesson["stops"]
    # Words up to the first that is filled in from the run.
    said = [squeezed(stop[field].split("{")[0]) for stop in stops
            for field in ("title", "note", "question")]
    answers = [squeezed(stop["answer"].split("{")[0]) for stop in stops]
    pdf = p.scratch / "handout.pdf"
    p.output("export", "--lesson", "induction", "-o", pdf)
    pages = pdf_pages(pdf)
    assert len(pages) == len(stops) + 1, len(pages)
    text = squeezed("".join(pages[:-1]))
    # Tokens are chips there, without quotes.
    said = [re.sub("“(␣\\w+)”", r"\1", words) for words in said]
    answers = [re.sub("“(␣\\w+)”", r"\1", words) for words in answers]
    assert all(words in text for words in said), [words for words in said if words not in text]
    assert all(words in squeezed(pages[-1]) for words in answers)
    assert not any(words and words in text for words in answers), "no answer beside its question"
    assert "{" not in text and "}" not in text, "everything is filled in"

    pptx = p.scratch / "slides.pptx"
    p.output("export", "--lesson", "induction", "-o", pptx)
    with zipfile.ZipFile(pptx) as file:
        notes = ["".join(xml.etree.ElementTree.fromstring(file.read(name)).itertext())
                 for name in sorted(file.namelist(), key=lambda name: (len(name), name))
                 if re.fullmatch(r"ppt/notesSlides/notesSlide\d+.xml", name)]
    # A stop that asks has its answer on a slide of its own, behind it.
    for stop in stops:
        slide = notes.pop(0)
        answer = notes.pop(0) if stop["question"] else ""
        for field in ("note", "question"):
            assert stop[field].split("{")[0] in slide, (stop["title"], field, slide)
        words = stop["answer"].split("{")[0]
        assert words in answer and not (words and words in slide), (stop["title"], answer)
    assert not notes
    p.refuses(("export", "--lesson", "induction", "-o", p.scratch / "a.csv"), "--lesson", "csv")
    p.refuses(("export", "--lesson", "induction", "--steps", "3", "-o", pdf), "--steps", status=2)


def test_same_input_same_bytes(p):
    for format in (*PAGES, *ONE_FILE):
        written = []
        for _ in range(2):
            out = p.new_folder() / f"a.{format}"
            p.output("export", *PROMPT, "--steps", "2", "--step", "2", "-o", out)
            written.append(out.read_bytes())
        assert written[0] == written[1], format


# ------------------------------------------------------------------ data

def test_json(p):
    out = p.scratch / "run.json"
    p.output("export", *PROMPT, "--steps", "3", "-o", out)
    steps = json.loads(out.read_text())["steps"]
    ids = p.generated(*PROMPT, "--steps", "3").split(",")
    assert [str(step["choice"]["id"]) for step in steps] == ids
    for step in steps:
        for query, row in enumerate(step["attention"]["pattern"]):
            assert len(row) == query + 1 and abs(sum(row) - 1) < 1e-4


def test_csv(p):
    run = ("export", *PROMPT, "--steps", "6", "--temperature", "1.8", "--top-k", "900", "--seed", "4")
    p.output(*run, "-o", p.scratch / "run.csv")
    p.output(*run, "-o", p.scratch / "run.json")
    steps = json.loads((p.scratch / "run.json").read_text())["steps"]
    rows = list(csv.DictReader(io.StringIO((p.scratch / "run.csv").read_text())))
    assert list(rows[0]) == ["step", "rank", "id", "token", "logit", "probability", "adjusted",
                             "chosen"]
    far = 0
    for step in steps:
        of_step = [row for row in rows if int(row["step"]) == step["step"]]
        assert [int(row["rank"]) for row in of_step[:50]] == list(range(1, 51))
        for row, candidate in zip(of_step, step["candidates"]):
            assert int(row["id"]) == candidate["id"]
            for key in ("logit", "probability", "adjusted"):
                assert float(row[key]) == candidate[key], (row, candidate)
        chosen = [row for row in of_step if row["chosen"] == "1"]
        assert [int(row["id"]) for row in chosen] == [step["choice"]["id"]]
        assert float(chosen[0]["probability"]) == step["choice"]["probability"]
        assert chosen[0]["token"] == step["choice"]["text"].replace(" ", "␣").replace("\n", "⏎")
        far += len(of_step) == 51
    assert far > 0, "no choice beyond the first 50: choose another seed"


def test_csv_holds_no_formulas(p):
    said = p.output("export", "--prompt", "x+=1 x-=1 x+=1 x", "--steps", "6", "--no-stop", "--format", "csv",
                    "-o", "-")
    tokens = [row["token"] for row in csv.DictReader(io.StringIO(said))]
    assert not any(token[:1] in tuple("=+-@") for token in tokens)
    assert {"'+", "'-"} <= set(tokens), "no such token among them: choose another prompt"


def test_tensors(p):
    p.output("export", *PROMPT, "--steps", "4", "-o", p.scratch / "a.safetensors")
    p.output("trace", *PROMPT, "--steps", "3", "-o", p.scratch / "b.safetensors")
    assert ((p.scratch / "a.safetensors").read_bytes() ==
            (p.scratch / "b.safetensors").read_bytes()), "three tokens are appended in four steps"


# ------------------------------------------------------------------ what is refused

def test_choices(p):
    out = p.scratch / "choices.svg"
    p.refuses(("export", "-o", p.scratch / "x.bmp", *PROMPT), "x.bmp", "--format")
    for flag, value in (("--strategies", "t=0"), ("--strategies", "greedy, hot"),
                        ("--views", "nonsense"), ("--layer", "7"), ("--layer", "0"), ("--head", p.config["n_head"] + 1),
                        ("--step", "0"), ("--step", "9"), ("--step", "2-9"), ("--step", "2-1"),
                        ("--step", "x"), ("--step", "1,,2"), ("--step", "1-"), ("--position", "99"),
                        ("--position", "-1"), ("--follow", p.config["vocab_size"]), ("--lock", "nonsense"),
                        ("--lock", "map/9/9/0/0"), ("--lock", "map/0/0/0/99")):
        p.refuses(("export", "-o", out, *PROMPT, "--steps", "2", flag, value), flag, value)
    p.refuses(("export", "-o", out, *PROMPT, "--views", "head,ranking,flow"), "--views")
    p.refuses(("export", "-o", out, *PROMPT, "--views", "lens,neurons", "--shape", "4:3"), "--views",
              "4:3")
    assert not out.exists()


def test_unwritable(p):
    missing = p.scratch / "missing" / "folder"
    for format in (*PAGES, *ONE_FILE):
        p.refuses(("export", *PROMPT, "-o", missing / f"a.{format}"), missing / f"a.{format}")
    assert not missing.parent.exists()
    file = p.scratch / "file"
    file.write_text("no folder")
    p.refuses(("export", *PROMPT, "-o", file / "pages"), file / "pages", "folder")
    p.refuses(("export", *PROMPT, "-o", p.new_folder(), "--format", "pdf"), "is a folder")
    p.refuses(("export", *PROMPT, "-o", "/dev/full", "--format", "pdf"), "/dev/full", "No space left")
    assert file.read_text() == "no folder"


def test_replaced(p):
    out = p.scratch / "a.svg"
    p.output("export", *PROMPT, "-o", out)
    done = p.run("export", *PROMPT, "-o", out)
    assert done.returncode == 0 and done.stderr.decode() == f"stepscope: replaced {out}\n", done
    folder = p.new_folder()
    p.output("export", *PROMPT, "--steps", "5", "-o", folder)
    done = p.run("export", *PROMPT, "--steps", "5", "-o", folder)
    assert b"replaced 5 files" in done.stderr and done.stderr.count(b"\n") == 1, done
    assert len(names_in(folder)) == 5


def test_failed_write_leaves_nothing(p):
    # A file size limit stands in for a full disk: the old file stays, and nothing new.
    for size in (1000, 3000):
        def limit(size=size):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        folder = p.new_folder()
        for format in (*PAGES, *ONE_FILE):
            out = folder / f"a.{format}"
            out.write_text("precious")
            # Python ignores SIGXFSZ and so lets the program see the failed write.
            p.refuses(("export", *PROMPT, "--steps", "9", "--no-stop", "-o", out, "--step", "9"), out,
                      "cannot be written", preexec_fn=limit, restore_signals=False)
            assert out.read_text() == "precious", format
        p.refuses(("export", *PROMPT, "--steps", "9", "-o", folder / "pages"), folder / "pages",
                  "cannot be written", preexec_fn=limit, restore_signals=False)
        assert len(names_in(folder)) == 6, "a temporary or a folder is left"


def stopped(p, arguments, wait_for, **options):
    """A run that is sent Ctrl+C once `wait_for` holds."""
    with subprocess.Popen([p.path, *map(str, arguments)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options) as run:
        until = time.monotonic() + 60
        while not wait_for() and run.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
        run.send_signal(signal.SIGINT)
        out, said = run.communicate(timeout=60)
    assert run.returncode == 130, (arguments, run.returncode, said)
    assert said.count(b"\n") == 1 and b"nothing was written" in said and not out, said


def test_stopping_leaves_nothing(p):
    long = ("export", *PROMPT, "--steps", "230", "--no-stop", "-o")
    for name in ("a.pdf", "a.json", "pages"):
        folder = p.new_folder()
        (folder / "a.pdf").write_text("precious")
        stopped(p, (*long, folder / name), lambda: len(list(folder.rglob("*.part*"))) > 0)
        assert names_in(folder) == ["a.pdf"] and (folder / "a.pdf").read_text() == "precious"


def test_progress_is_for_who_watches(p):
    folder = p.new_folder()
    said = on_terminal([p.path, "export", *PROMPT, "--steps", "5", "-o", folder], "stderr")
    assert b"step 5 of 5" in said and b"page 5 of 5" in said and b"\n" not in said, said
    assert said.endswith(b"\r\x1b[K"), "the line is gone in the end"


if __name__ == "__main__":
    need("pdftotext", "pdftohtml", "pdfinfo", "pdffonts")
    main(globals())
