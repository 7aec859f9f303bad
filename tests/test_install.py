"""What `cmake --install` puts on a machine, after its prefix was moved: the program with all it
needs, and what desktops, shells and `man` read. Standard library only.

usage: test_install.py PROGRAM BUNDLED_MODEL
"""

import gzip
import os
import re
import shlex
import shutil
import subprocess
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from program import PROMPT, Program, main

FILES = """
bin/stepscope
share/applications/stepscope.desktop
share/bash-completion/completions/stepscope
share/doc/stepscope/copyright
share/fish/vendor_completions.d/stepscope.fish
share/icons/hicolor/16x16/apps/stepscope.png
share/icons/hicolor/256x256/apps/stepscope.png
share/icons/hicolor/scalable/apps/stepscope.svg
share/man/man1/stepscope.1.gz
share/metainfo/stepscope.metainfo.xml
share/mime/packages/stepscope.xml
share/stepscope/fonts/Inter-Regular.otf
share/stepscope/lessons/01-tokens.json
share/stepscope/model/config.json
share/stepscope/model/model.safetensors
share/zsh/site-functions/_stepscope
""".split()


def installed(p):
    """A prefix that was moved after the installation, with a space in its name."""
    first, moved = p.scratch / "first", p.scratch / "moved to"
    if not moved.exists():
        subprocess.run(["cmake", "--install", Path(p.path).parent, "--prefix", first], check=True,
                       stdout=subprocess.DEVNULL)
        first.rename(moved)
    return moved


def judged(tool, *arguments):
    """A tool's complaints; none where it is not installed."""
    if not shutil.which(tool):
        assert not os.environ.get("STEPSCOPE_NO_SKIP"), f"{tool} is not installed"
        print(f"skipped: {tool} is not installed")
        return ""
    done = subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True)
    return (done.stdout if tool == "mandoc" else "") + done.stderr + \
        (f"status {done.returncode}:\n{done.stdout}" if done.returncode else "")


def complete(script, *words):
    """What bash offers for the last of the words."""
    line = shlex.join(words)
    done = subprocess.run(
        ["bash", "-c", f"source '{script}'; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}\n"
         "_stepscope; printf '%s\\n' \"${COMPREPLY[@]}\""],
        capture_output=True, text=True, check=True, cwd=script.parent)
    assert not done.stderr, done.stderr
    return [line.strip() for line in done.stdout.splitlines() if line]


@cache
def commands(program):
    """The commands of --help, and none for the program itself."""
    text = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    listed = re.split(r"^subcommands:", text, flags=re.MULTILINE | re.IGNORECASE)[1]
    return [None, *re.findall(r"^  (\w+) ", listed, re.MULTILINE)]


def flags(program, command):
    arguments = [command] if command else []
    text = subprocess.run([program, *arguments, "--help"], capture_output=True, text=True,
                          check=True).stdout
    return re.findall(r"^  (?:-\w, *)? *(--[a-z-]+)", text, re.MULTILINE)


def test_files(p):
    prefix = installed(p)
    for name in FILES:
        assert (prefix / name).is_file(), name
    names = {path.name for path in prefix.rglob("*")}
    assert not names & {"training", "subset.sh", "train.py"}, names
    assert os.fsencode(p.bundled.parent) not in (prefix / "bin/stepscope").read_bytes(), \
        "where it was built is written in the program"


def test_program(p):
    there = Program(installed(p) / "bin/stepscope", p.bundled, p.scratch)
    # Fontconfig knows no font here and would complain on stderr if it were asked.
    alone = {"cwd": p.scratch, "env": {"HOME": str(p.scratch), "PATH": "/usr/bin:/bin",
                                       "FONTCONFIG_FILE": "/dev/null"}}
    done = there.run("generate", *PROMPT, "--steps", "3", **alone)
    assert done.returncode == 0 and done.stdout == p.run("generate", *PROMPT, "--steps", "3").stdout
    done = there.run("info", **alone)
    assert str(installed(p) / "share/stepscope/model") in done.stdout.decode(), done
    done = there.run("export", *PROMPT, "-o", "run.pdf", **alone)
    assert done.returncode == 0 and not done.stderr, done
    assert (p.scratch / "run.pdf").read_bytes().startswith(b"%PDF")
    assert there.run("lessons", **alone).stdout.count(b"\n") == 22
    # Without the assets it says so in a line.
    (installed(p) / "share/stepscope").rename(p.scratch / "gone")
    there.refuses(("generate", *PROMPT), "bundled model", "--model", **alone)


def test_desktop(p):
    share = installed(p) / "share"
    entry = share / "applications/stepscope.desktop"
    assert judged("desktop-file-validate", entry) == ""
    metainfo = share / "metainfo/stepscope.metainfo.xml"
    said = judged("appstreamcli", "validate", "--no-net", metainfo)
    # The project has no page.
    problems = [line for line in re.findall(r"^[EW]: .*", said, re.MULTILINE)
                if "url-homepage-missing" not in line]
    assert not problems, said
    mime = ElementTree.parse(share / "mime/packages/stepscope.xml").getroot()[0]
    assert mime.tag.endswith("mime-type")
    assert f"MimeType={mime.get('type')};" in entry.read_text()
    assert f"<mediatype>{mime.get('type')}</mediatype>" in metainfo.read_text()
    for icon in (share / "icons").rglob("*.png"):
        size = int(icon.parts[-3].split("x")[0])
        width = int.from_bytes(icon.read_bytes()[16:20], "big")
        assert width == size, icon


def test_man_page(p):
    page = installed(p) / "share/man/man1/stepscope.1.gz"
    text = gzip.decompress(page.read_bytes()).decode()
    plain = p.scratch / "stepscope.1"
    plain.write_text(text)
    assert judged("man", "--warnings", "-E", "UTF-8", "-l", plain) == ""
    assert judged("mandoc", "-Tlint", plain) == ""
    sections = re.split(r"^\.S[HS] ", text.replace("\\-", "-"), flags=re.MULTILINE)
    of = {section.split("\n")[0]: section for section in sections}
    for command in commands(p.path):
        for flag in flags(p.path, command):
            assert f"\\fB{flag}\\fR" in of[command or "OPTIONS"], (command, flag)
    for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "ENVIRONMENT", "FILES",
                    "EXAMPLES"):
        assert section in of, section
    said = " ".join(text.replace("\\-", "-").split())
    for command in commands(p.path):
        if command:
            footer = p.output(command, "--help").rstrip().rsplit("\n\n", 1)[-1]
            if "\n  " not in footer:  # no list of flags
                assert " ".join(footer.split("\n")[0].split()) in said, footer
    for variable in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HF_HUB_DOWNLOAD_TIMEOUT",
                     "SSL_CERT_FILE", "https_proxy"):
        assert variable in of["ENVIRONMENT"], variable
    assert "fonts" in of["FILES"] and "stepscope get gpt2" in of["EXAMPLES"]
    assert "manual" not in of, "it is not for those who use the program"


def test_completions(p):
    share = installed(p) / "share"
    script = share / "bash-completion/completions/stepscope"
    assert judged("zsh", "-n", share / "zsh/site-functions/_stepscope") == ""
    assert judged("fish", "--no-execute", share / "fish/vendor_completions.d/stepscope.fish") == ""
    for command in commands(p.path):
        line = ("stepscope", command, "--") if command else ("stepscope", "--")
        assert set(flags(p.path, command)) <= set(complete(script, *line)), command
    assert set(commands(p.path)[1:]) <= set(complete(script, "stepscope", ""))
    assert complete(script, "stepscope", "gen") == ["generate"]
    assert complete(script, "stepscope", "generate", "--print", "") == ["text", "ids", "json",
                                                                        "ranking"]
    assert complete(script, "stepscope", "generate", "--print", "=", "j") == ["json"]
    assert complete(script, "stepscope", "export", "--format", "p") == ["pdf", "pptx", "png"]
    assert complete(script, "stepscope", "export", "--views", "head,rank") == ["head,ranking"]
    views = [line.split()[0] for line in p.output("views").splitlines()]
    assert complete(script, "stepscope", "export", "--views", "") == views
    lessons = [line.split()[0] for line in p.output("lessons").splitlines()]
    assert set(lessons) <= set(complete(script, "stepscope", "--lesson", ""))
    assert complete(script, "stepscope", "lessons", "induc") == ["induction"]
    assert complete(script, "stepscope", "export", "-o", "step") == ["stepscope"]
    assert complete(script, "stepscope", "get", "gpt2-x") == ["gpt2-xl"]
    assert complete(script, "stepscope", "get", "distil") == ["distilgpt2"]
    assert complete(script, "stepscope", "generate", "--prompt", "") == []
    # What a flag takes is no command, and after -- there are neither.
    top = complete(script, "stepscope", "--")
    assert complete(script, "stepscope", "--prompt", "get", "--") == top
    assert complete(script, "stepscope", "--prompt", "=", "get", "--") == top
    assert "--model" in complete(script, "stepscope", "--prompt", "--", "--")
    assert "get" in complete(script, "stepscope", "--prompt", "--", "")
    assert not set(complete(script, "stepscope", "--", "")) & set(commands(p.path))
    assert complete(script, "stepscope", "--", "--") == []
    assert complete(script, "stepscope", "get", "--", "gpt2-x") == ["gpt2-xl"]
    assert complete(script, "stepscope", "get", "--", "--") == []
    (script.parent / "my file.json").touch()
    for typed in ("my", "my\\ f", "'my f", '"my f'):
        assert complete(script, "stepscope", "export", "-o", typed) == ["my file.json"], typed


if __name__ == "__main__":
    main(globals())
