"""`stepscope export`: pages that are not slides as they come, saved runs, slides of lessons. Needs
poppler-utils.

usage: test_page_layouts.py PROGRAM BUNDLED_MODEL
"""

import csv
import html
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree
import zipfile

from program import PROMPT, main
from test_export import pdf_pages
from tools import Skipped


def test_layouts(p):
    """Own words, strips, bare figures, sheets of paper, pieces for other pages."""
    run = ("export", *PROMPT, "--steps", "4")
    out = p.scratch / "own.pdf"
    p.output(*run, "--title", "{step} of {steps}: {token}", "--footer", "Week 3", "--caption", "off",
          "-o", out)
    pages = pdf_pages(out)
    assert pages[1].startswith("2 of 4: ") and "Week 3 · 2 / 4" in pages[1], pages[1]
    assert "prompt" not in pages[1]
    p.refuses((*run, "--title", "{stop}", "-o", out), "--title: {stop} is none of")

    p.output(*run, "--strip", "3", "--views", "ranking", "-o", p.scratch / "strip.pdf")
    (strip,) = pdf_pages(p.scratch / "strip.pdf")
    assert all(f"Step {step} ·" in strip for step in (1, 3, 4)), strip
    p.refuses(("export", *PROMPT, "--steps", "9", "--no-stop", "--strip", "9", "--views", "attention",
               "-o", out), "--strip: 9 steps of the view attention have no room")

    bare = p.scratch / "bare.pdf"
    p.output("export", *PROMPT, "--bare", "--width", "84mm", "--views", "head", "-o", bare)
    info = subprocess.run(["pdfinfo", bare], capture_output=True, check=True).stdout.decode()
    width = float(re.search(r"Page size: +([\d.]+) x", info).group(1))
    assert abs(width - 84 / 25.4 * 72) < 0.1, info
    for ending in ("svg", "eps", "png"):
        p.output("export", *PROMPT, "--bare", "--views", "head", "-o",
              p.scratch / f"bare.{ending}")
    eps = (p.scratch / "bare.eps").read_bytes()
    assert eps.startswith(b"%!PS-Adobe") and b"EPSF" in eps[:40] and b"CreationDate" not in eps
    p.refuses((*run, "--bare", "--width", "wide", "-o", bare), "--width: \"wide\" is no width")
    p.refuses((*run, "--bare", "--width", "2cm", "--views", "head", "-o", bare),
              "--width: the view head needs at least")
    p.refuses((*run, "--bare", "-o", p.scratch / "bare.pptx"), "--bare: is for svg, pdf, eps, png")

    for count, sheets in ((1, 4), (2, 2), (4, 1), (6, 1)):
        out = p.scratch / f"sheets{count}.pdf"
        p.output(*run, "--per-page", str(count), "-o", out)
        assert len(pdf_pages(out)) == sheets
    out = p.scratch / "letter.pdf"
    p.output(*run, "--per-page", "6", "--paper", "letter", "-o", out)
    info = subprocess.run(["pdfinfo", out], capture_output=True, check=True).stdout.decode()
    assert "612 x 792" in info, info

    # Words of every kind: without a space, with quotes.
    (p.scratch / "notes.txt").write_text("这" * 600, encoding="utf-8")
    p.output(*run, "--title", 'say "hi" & <b>', "--notes", p.scratch / "notes.txt", "-o",
             p.scratch / "words.html")
    page = (p.scratch / "words.html").read_text(encoding="utf-8")
    assert 'aria-label="say &quot;hi&quot; &amp; &lt;b&gt;"' in page and "这" * 600 in page

    piece = p.scratch / "piece.html"
    p.output(*run, "--fragment", "-o", piece)
    text = piece.read_text(encoding="utf-8")
    assert text.startswith("<iframe ") and text.endswith("</iframe>\n")
    p.output("export", *PROMPT, "--steps", "4", "--format", "html", "-o", p.scratch / "whole.html")
    inside = html.unescape(re.search(r'srcdoc="([^"]*)"', text).group(1))
    assert inside == (p.scratch / "whole.html").read_text(encoding="utf-8")


def test_saved_run(p):
    """A saved run gives the pages of the run it was saved from, its choices included."""
    saved = p.scratch / "run.stepscope.json"
    decoding = ("--temperature", "1.5", "--seed", "4")
    p.output("generate", *PROMPT, "--steps", "5", *decoding, "--print", "ids", "--save-run", saved)
    p.output("export", saved, "--views", "head,ranking", "--step", "1-5", "-o", p.scratch / "a.json")
    p.output("export", *PROMPT, "--steps", "6", *decoding, "--no-stop", "--step", "1-5",
          "-o", p.scratch / "b.json")
    a, b = (json.loads((p.scratch / name).read_text(encoding="utf-8"))["steps"] for name in ("a.json", "b.json"))
    assert [step["input_ids"] for step in a] == [step["input_ids"] for step in b]
    assert [step["candidates"] for step in a] == [step["candidates"] for step in b]
    p.output("export", saved, "-o", p.scratch / "run.pdf")
    assert len(pdf_pages(p.scratch / "run.pdf")) == 6
    p.output("export", saved, "--theme", "dark", "--step", "2", "--views", "ranking", "-o",
          p.scratch / "dark.svg")
    assert "#1c1f29" in (p.scratch / "dark.svg").read_text(encoding="utf-8")
    # What was looked at counts where no flag says otherwise.
    run = json.loads(saved.read_text(encoding="utf-8"))
    run["view"] = {"view": "routes", "theme": "dark", "layer": 2, "head": 1, "position": -1}
    saved.write_text(json.dumps(run), encoding="utf-8")
    p.output("export", saved, "--step", "1", "-o", p.scratch / "seen.svg")
    seen = (p.scratch / "seen.svg").read_text(encoding="utf-8")
    assert "Routes to" in seen and "#1c1f29" in seen and "block 3 head 2" in seen
    # A token that somebody put there is the step's choice on every page and in every table.
    by_hand = int(run["runs"][0]["tokens"][1]["id"]) + 1
    run["ids"][len(run["prompt_ids"]) + 1] = by_hand
    run["runs"][0]["tokens"][1] |= {"id": by_hand, "by": "forced"}
    saved.write_text(json.dumps(run), encoding="utf-8")
    p.output("export", saved, "--views", "ranking", "-o", p.scratch / "hand.json")
    steps = json.loads((p.scratch / "hand.json").read_text(encoding="utf-8"))["steps"]
    assert steps[1]["choice"]["id"] == by_hand and steps[1]["chosen_by"] == "forced"
    assert steps[2]["input_ids"][-1] == by_hand and steps[0]["chosen_by"] == "sampled"
    p.output("export", saved, "-o", p.scratch / "hand.pptx")
    with zipfile.ZipFile(p.scratch / "hand.pptx") as file:
        assert "put there by hand" in file.read("ppt/notesSlides/notesSlide2.xml").decode()
    p.refuses(("export", saved, "--format", "json", "-o", saved), "is read by this command")
    p.refuses(("export", "", "-o", p.scratch / "no.pdf"), "is empty", status=2)
    p.refuses(("export", p.scratch / "nowhere.stepscope.json", "-o", p.scratch / "no.pdf"),
              "nowhere.stepscope.json")


def test_native_ranking(p):
    """The ranking as a table of PowerPoint's own, with the numbers of the step."""
    out = p.scratch / "native.pptx"
    p.output("export", *PROMPT, "--native", "-o", out)
    p.output("export", *PROMPT, "-o", p.scratch / "run.json")
    (step,) = json.loads((p.scratch / "run.json").read_text(encoding="utf-8"))["steps"]
    with zipfile.ZipFile(out) as file:
        slide = xml.etree.ElementTree.fromstring(file.read("ppt/slides/slide1.xml"))
        figure = file.read("ppt/media/figure1.svg").decode()
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    rows = [["".join(cell.itertext()) for cell in row.iter(drawing + "tc")]
            for row in slide.iter(drawing + "tr")]
    assert rows[0] == ["token", "probability", "logit"]
    for (token, probability, logit), candidate in zip(rows[1:-1], step["candidates"]):
        assert token == candidate["text"].replace(" ", "␣").replace("\n", "⏎"), rows
        assert logit == f"{candidate['logit']:.2f}"
        assert candidate["probability"] < 0.001 or (
            probability == f"{100 * candidate['probability']:.1f} %"), rows
    assert rows[-1][0].endswith("others")
    assert ">probability<" not in figure, "it stands in the table alone"
    p.refuses(("export", *PROMPT, "--native", "--views", "head", "-o", out), "--native")
    p.refuses(("export", *PROMPT, "--native", "-o", p.scratch / "a.pdf"), "--native: is for pptx")


def test_latex(p):
    """The recipe for LaTeX, where it is installed: the figure has its own size on the page."""
    if not shutil.which("pdflatex"):
        raise Skipped("there is no pdflatex")
    p.output("export", *PROMPT, "--bare", "--width", "84mm", "--views", "head", "-o",
             p.scratch / "figure.pdf")
    (p.scratch / "paper.tex").write_text(r"""\documentclass{article}
\usepackage{graphicx}
\begin{document}
\setbox0=\hbox{\includegraphics{figure.pdf}}
\typeout{figure is \the\wd0}
\includegraphics{figure.pdf}
\end{document}
""", encoding="utf-8")
    done = subprocess.run(["pdflatex", "-interaction=batchmode", "-halt-on-error", "paper.tex"],
                          cwd=p.scratch, capture_output=True, timeout=120)
    log = (p.scratch / "paper.log").read_text(encoding="latin-1")
    assert done.returncode == 0, log[-2000:]
    width = float(re.search(r"figure is ([\d.]+)pt", log).group(1))  # of TeX: 72.27 an inch
    assert abs(width - 84 / 25.4 * 72.27) < 0.2, width


def test_view_tables(p):
    """CSV of a view: every cell of it, in words that hold the exact numbers' rounding."""
    p.output("export", *PROMPT, "--views", "head", "-o", p.scratch / "head.csv")
    p.output("export", *PROMPT, "-o", p.scratch / "run.json")
    run = json.loads((p.scratch / "run.json").read_text(encoding="utf-8"))
    assert run["prompt"] == PROMPT[1]
    (step,) = run["steps"]
    assert "".join(step["tokens"]) == PROMPT[1]
    with open(p.scratch / "head.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    attention = step["attention"]
    cells = [row for row in rows
             if row["target"] == f"map/{attention['layer']}/{attention['head']}"]
    assert len(cells) == len(step["tokens"]) ** 2
    for row in cells:
        query, key = int(row["row"]), int(row["column"])
        if key <= query:
            weight = attention["pattern"][query][key]
            assert f"{weight:.2f}" in row["says"] or weight < 0.01, row
    p.refuses(("export", *PROMPT, "--views", "draws", "-o", p.scratch / "no.png"), "--temperature")


def test_lesson_slides(p):
    """Questions stand on the slide, answers on one of their own."""
    p.output("export", "--lesson", "one-step", "--slides", "-o", p.scratch / "slides.pdf")
    pages = pdf_pages(p.scratch / "slides.pdf")
    with_answers = [page for page in pages if "4,096: one for each" in " ".join(page.split())]
    assert len(with_answers) == 1
    question = [page for page in pages if "How many scores" in page]
    assert len(question) == 2 and len(pages) > 5


if __name__ == "__main__":
    main(globals())
