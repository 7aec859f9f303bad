"""`stepscope export`: slides among somebody else's, logos, what is read aloud, pixels and cells. Needs
poppler-utils.

usage: test_templates.py PROGRAM BUNDLED_MODEL
"""

import csv
import io
import json
import re
import shutil
import struct
import subprocess
import xml.etree.ElementTree
import zipfile
import zlib

from program import PROMPT, main
from tools import need_for_test

SLIDES = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
CHARTS = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
RUN = ("export", *PROMPT, "--steps", "3", "--no-stop")


def parts_of(path):
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def png(width, height, pixel=b"\x00\xaa\x77\xff"):
    """The bytes of a picture of one colour."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    lines = (b"\0" + pixel * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) +
            chunk(b"IEND", b""))


def size_of_png(path):
    return struct.unpack(">II", path.read_bytes()[16:24])


def test_template(p):
    """A deck's slides behind those of another, with its layout; the file itself is left alone."""
    own = p.scratch / "own.pptx"
    p.output(*RUN, "--shape", "4:3", "--theme", "dark", "-o", own)
    before = own.read_bytes()
    out = p.scratch / "both.pptx"
    p.output(*RUN, "--template", own, "--footer", "Week 3", "-o", out)
    assert own.read_bytes() == before
    old, new = parts_of(own), parts_of(out)
    for name, part in old.items():
        grows = name in ("[Content_Types].xml", "ppt/presentation.xml",
                         "ppt/_rels/presentation.xml.rels", "docProps/app.xml")
        assert grows or new[name] == part, name
    slides = xml.etree.ElementTree.fromstring(new["ppt/presentation.xml"])
    ids = [slide.get("id") for slide in slides.iter(SLIDES + "sldId")]
    assert len(ids) == len(set(ids)) == 6, ids
    # Light letters, as its ground is dark, and no ground of their own.
    figure = new["ppt/media/figure4.svg"].decode()
    assert 'fill-opacity="0"' in figure and 'fill="#1c1f29"/>\n' not in figure[:600]
    assert "Week 3" in new["ppt/slides/slide4.xml"].decode()
    again = p.scratch / "again.pptx"
    p.output(*RUN, "--template", own, "--footer", "Week 3", "-o", again)
    assert again.read_bytes() == out.read_bytes()
    p.output("export", "--lesson", "one-step", "--template", own, "-o", p.scratch / "lesson.pptx")
    assert "ppt/slides/slide5.xml" in parts_of(p.scratch / "lesson.pptx")
    p.refuses((*RUN, "--template", own, "-o", own), "is read by this command")
    p.refuses((*RUN, "--template", own, "-o", p.scratch / "a.pdf"), "--template: is for pptx")
    p.refuses((*RUN, "--template", p.scratch / "no.pptx", "-o", out), "no.pptx")
    (p.scratch / "text.pptx").write_text("hello", encoding="utf-8")
    p.refuses((*RUN, "--template", p.scratch / "text.pptx", "-o", out),
              "text.pptx: is no PowerPoint")
    assert out.read_bytes() == again.read_bytes()


def test_nested_template(p):
    """A part that is nested a million deep is refused, not followed until the stack ends."""
    own, deep = p.scratch / "plain.pptx", p.scratch / "deep.pptx"
    p.output(*RUN, "-o", own)
    with zipfile.ZipFile(own) as file, zipfile.ZipFile(deep, "w", zipfile.ZIP_DEFLATED) as out:
        for name in file.namelist():
            part = file.read(name)
            if name == "docProps/app.xml":
                part = part.replace(b"</Properties>", b"<HeadingPairs>" + b"<a>" * 1000000 +
                                    b"</a>" * 1000000 + b"</HeadingPairs></Properties>")
            out.writestr(name, part)
    p.refuses((*RUN, "--template", deep, "-o", p.scratch / "never.pptx"), "docProps/app.xml is nested")


def test_language_of_words(p):
    """Who has words read aloud, or their spelling looked at, has it in the slides' language."""
    for more, language in (((), "en-US"), (("--language", "de"), "de")):
        for kind in ((), ("--native",)):
            out = p.scratch / f"spoken-{language}{''.join(kind)}.pptx"
            p.output(*RUN, *more, *kind, "--footer", "Woche 3", "-o", out)
            for name, part in parts_of(out).items():
                if re.match(r"ppt/(slides|notesSlides)/[^/]*\.xml", name):
                    said = set(re.findall(rb'\blang="([^"]*)"', part))
                    assert said == {language.encode()}, f"{name}: {said}, not {language}"


def test_native_chart(p):
    """The bars of a ranking, with the workbook that they are edited in."""
    p.output(*RUN, "--native", "-o", p.scratch / "native.pptx")
    p.output(*RUN, "-o", p.scratch / "run.json")
    steps = json.loads((p.scratch / "run.json").read_text(encoding="utf-8"))["steps"]
    parts = parts_of(p.scratch / "native.pptx")
    for number, step in enumerate(steps, 1):
        chart = xml.etree.ElementTree.fromstring(parts[f"ppt/charts/chart{number}.xml"])
        values = [float(point.findtext(CHARTS + "v"))
                  for point in chart.find(f".//{CHARTS}val").iter(CHARTS + "pt")]
        assert abs(sum(values) - 1) < 1e-6, values
        for value, candidate in zip(values[:-1], step["candidates"]):
            assert abs(value - candidate["probability"]) < 1e-9, (value, candidate)
        book = parts[f"ppt/embeddings/Microsoft_Excel_Sheet{number}.xlsx"]
        with zipfile.ZipFile(io.BytesIO(book)) as file:
            assert file.testzip() is None
            sheet = file.read("xl/worksheets/sheet1.xml").decode()
        assert [float(v) for v in re.findall(r"<v>([^<]*)</v>", sheet)] == values


def test_native_reveal(p):
    """A slide a step, on which each click shows what a page more would."""
    p.output(*RUN, "--native", "--reveal", "-o", p.scratch / "reveal.pptx")
    parts = parts_of(p.scratch / "reveal.pptx")
    slides = [name for name in parts if name.startswith("ppt/slides/slide")]
    assert len(slides) == 3, slides
    for name in slides:
        slide = xml.etree.ElementTree.fromstring(parts[name])
        shapes = {shape.get("id") for shape in slide.iter(SLIDES + "cNvPr")}
        shown = [target.get("spid") for target in slide.iter(SLIDES + "spTgt")]
        assert set(shown) <= shapes and len(shown) == len(set(shown)), shown
        nodes = list(slide.iter(SLIDES + "cTn"))
        assert sum(node.get("nodeType") == "clickEffect" for node in nodes) == 3, parts[name]
        assert len(nodes) == len({node.get("id") for node in nodes})
        # What is there before the first click tells nothing.
        assert "what comes next?" in "".join(next(slide.iter(SLIDES + "sp")).itertext())
        figure = next(slide.iter(SLIDES + "pic"))
        assert figure.find(f".//{SLIDES}cNvPr").get("id") not in shown
    assert ">?<" in parts["ppt/media/figure1.svg"].decode(), "the next token is not told"


def test_logo(p):
    """A logo on every page, whatever the file."""
    logo = p.scratch / "logo.png"
    logo.write_bytes(png(300, 100))
    for ending in ("svg", "pdf", "png", "pptx", "html", "gif", "eps"):
        p.output("export", *PROMPT, "--logo", logo, "-o", p.scratch / f"page.{ending}")
    p.output("export", *PROMPT, "--logo", logo, "--title", "w" * 300, "-o", p.scratch / "long.svg")
    for name in ("page.svg", "long.svg", "page.html"):
        assert "data:image/png;base64," in (p.scratch / name).read_text(encoding="utf-8"), name
    svg = xml.etree.ElementTree.parse(p.scratch / "long.svg").getroot()
    at = next(svg.iter("{http://www.w3.org/2000/svg}image"))
    title = next(e for e in svg.iter("{http://www.w3.org/2000/svg}text")
                 if "www" in "".join(e.itertext()))
    end = max(float(e.get("x")) + float(e.get("textLength")) for e in title.iter() if e.get("x"))
    assert end < float(at.get("x")), (end, at.attrib)
    assert float(at.get("x")) + float(at.get("width")) <= 1840.01
    assert abs(float(at.get("width")) / float(at.get("height")) - 3) < 0.05
    assert 'name="Logo"' in parts_of(p.scratch / "page.pptx")["ppt/slides/slide1.xml"].decode()
    # Not larger than pages show it; not at all where it is none.
    (p.scratch / "large.png").write_bytes(png(4000, 40))
    p.output("export", *PROMPT, "--logo", p.scratch / "large.png", "-o", p.scratch / "large.svg")
    assert (p.scratch / "large.svg").stat().st_size < 100_000
    for name, content in (("cut.png", png(300, 100)[:90]), ("wide.png", png(9000, 1)),
                          ("no.svg", b"<html></html>"), ("none.svg", b"")):
        (p.scratch / name).write_bytes(content)
        p.refuses(("export", *PROMPT, "--logo", p.scratch / name, "-o", p.scratch / "x.svg"), name)
    p.refuses(("export", *PROMPT, "--logo", logo, "-o", p.scratch / "x.csv"),
              "--logo: is about pages")
    p.refuses(("export", *PROMPT, "--logo", logo, "-o", logo), "is read by this command")


def test_svg_logo(p):
    """An SVG is drawn, and reads no other file."""
    need_for_test("rsvg-convert")
    secret = p.scratch / "secret.png"
    secret.write_bytes(png(50, 50, b"\xff\0\0\xff"))
    logo = p.scratch / "logo.svg"
    logo.write_text(f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50">
<rect width="200" height="50" fill="#00f"/><image href="{secret}" width="200" height="50"/>
<image href="secret.png" width="200" height="50"/></svg>""", encoding="utf-8")
    p.output("export", *PROMPT, "--logo", logo, "-o", p.scratch / "page.pptx")
    drawn = parts_of(p.scratch / "page.pptx")["ppt/media/figure2.png"]
    at, data = 8, b""
    while at < len(drawn):
        (length,) = struct.unpack(">I", drawn[at:at + 4])
        if drawn[at + 4:at + 8] == b"IDAT":
            data += drawn[at + 8:at + 8 + length]
        at += length + 12
    assert zlib.decompress(data)[1:4] == b"\0\0\xff", "blue, not the red of the file"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'><rect", encoding="utf-8")
    p.refuses(("export", *PROMPT, "--logo", logo, "-o", p.scratch / "x.svg"),
              "logo.svg: is an SVG that cannot be drawn")


def pdfinfo(*arguments):
    return subprocess.run(["pdfinfo", *arguments], capture_output=True, check=True).stdout.decode()


def test_tagged_pdf(p):
    """A PDF is read aloud as title, figure and words; it says its language."""
    out = p.scratch / "run.pdf"
    p.output(*RUN, "-o", out)
    info = pdfinfo(out)
    assert re.search(r"Tagged: +yes", info) and re.search(r"Author: +Stepscope", info), info
    tree = pdfinfo("-struct", out)
    kinds = [line.split()[0] for line in tree.splitlines() if re.match(r"  (H1|Figure|P)\b", line)]
    assert kinds == ["H1", "Figure", "P"] * 3, tree
    p.output("export", "--lesson", "one-step", "-o", p.scratch / "lesson.pdf")
    told = pdfinfo("-struct-text", p.scratch / "lesson.pdf")
    # Words at the ends of lines do not grow together.
    assert "how well it would fit as the next one" in told, told[:900]
    if not shutil.which("qpdf"):
        return
    subprocess.run(["qpdf", "--check", out], capture_output=True, check=True)
    plain = subprocess.run(["qpdf", "--qdf", "--object-streams=disable", out, "-"],
                           capture_output=True, check=True).stdout
    assert len(re.findall(rb"/Alt ", plain)) == 3 and b"/Lang (en)" in plain
    assert b"/DisplayDocTitle true" in plain


def test_scale(p):
    """Whatever has pixels hears --scale, and nothing else takes it."""
    p.output("export", *PROMPT, "--scale", "0.5", "-o", p.scratch / "half.png")
    assert size_of_png(p.scratch / "half.png") == (960, 540)
    p.output("export", *PROMPT, "--scale", "0.25", "-o", p.scratch / "small.gif")
    assert struct.unpack("<HH", (p.scratch / "small.gif").read_bytes()[6:10]) == (480, 270)
    p.output("export", *PROMPT, "-o", p.scratch / "usual.gif")
    assert struct.unpack("<HH", (p.scratch / "usual.gif").read_bytes()[6:10]) == (960, 540)
    for ending in ("pdf", "svg", "pptx", "csv"):
        p.refuses(("export", *PROMPT, "--scale", "1", "-o", p.scratch / f"no.{ending}"),
                  f"--scale: is about pixels, and not for {ending}")


def test_cells(p):
    """JSON of views: the cells of their CSV."""
    for ending in ("json", "csv"):
        p.output(*RUN, "--views", "head,lens", "-o", p.scratch / f"cells.{ending}")
    steps = json.loads((p.scratch / "cells.json").read_text(encoding="utf-8"))["steps"]
    cells = [(str(i), *(str(cell[k]) for k in ("view", "target", "row", "column", "says")))
             for i, step in enumerate(steps, 1) for cell in step["cells"]]
    with open(p.scratch / "cells.csv", encoding="utf-8", newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    assert len(rows) == len(cells) > 100
    for row, cell in zip(rows, cells):
        assert row[:-1] == cell[:-1] and row[-1].lstrip("'") == cell[-1].lstrip("'"), (row, cell)
    p.output(*RUN, "-o", p.scratch / "plain.json")
    assert "cells" not in (p.scratch / "plain.json").read_text(encoding="utf-8")


if __name__ == "__main__":
    main(globals())
