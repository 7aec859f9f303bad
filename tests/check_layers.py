"""The shape of the source tree: which room includes which, small files, no stray files.

usage: check_layers.py ROOT
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

# The rooms of each storey, the lowest first, and what each may include beside itself. A storey's name
# stands for all of its rooms.
MODEL = ("model/base", "model/load", "model/pass", "model/decode", "model/interp", "model/run")
VIZ = ("viz/paint", "viz/scene", "viz/layout", "viz/views", "viz/slides", "viz/lessons")
ARROWS = {room: set(MODEL[:i]) for i, room in enumerate(MODEL)}
ARROWS |= {room: {"model", *VIZ[:i]} for i, room in enumerate(VIZ)}
ARROWS["viz/paint"] = {"model/base"}
ARROWS |= {
    "app/fetch": {"model", "viz/paint"},
    "app/run": {"model", "viz"},
    "app/cli": {"model", "viz", "app/fetch", "app/run"},
    "app/class": {"model", "viz"},
    "app/screen": {"model", "viz", "app/run"},
    "app/control": {"model", "viz", "app/fetch", "app/run", "app/class"},
    "app/panels": {"model", "viz", "app/run", "app/class", "app/screen", "app/control"},
    "app/window": {"model", "viz", "app"},
    "tests": {"model", "viz", "app", "tests"},
}
# Libraries, and the rooms that keep them to themselves.
OWNERS = {
    r"imgui|GLFW/|GL/": {"app/screen", "app/window"},
    r"CLI/": {"app/cli"},
    r"curl/|openssl/": {"app/fetch"},
    r"httplib|qrencode": {"app/class"},
    r"Eigen/|cblas|omp\.h": {"model/pass"},
    r"pcre2|utf8proc": {"model/load"},
    r"xxhash": {"model/pass"},
    r"cairo|fontconfig/|fribidi|hb": {"viz/paint"},
    r"gif_lib|zip\.h|pugixml": {"viz/slides"},
    r"zlib": {"viz/slides", "model/run"},
    r"qpdf/": {"viz/paint"},
}
LONGEST_FILE = 500
SHORT_FILE = 300  # nine in ten files of the three storeys are shorter
TOP_LEVEL = {".ci", ".clang-format", ".clang-tidy", ".gitignore", "app", "assets",
             "CMakeLists.txt", "CMakePresets.json", "docs", "LICENSE", "model", "README.md", "tests",
             "viz"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def room_of(path):
    """"viz/views" for viz/views/attention/zoom.cpp; "" for what lies in no room."""
    parts = Path(path).parts
    if parts[0] == "tests":
        return "tests"
    return "/".join(parts[:2]) if len(parts) > 2 else ""


def include_problems(room, text):
    for kind, target in INCLUDE.findall(text):
        if kind == '"':
            other = room_of(target)
            if other != room and not {other, other.split("/")[0]} & ARROWS[room]:
                yield f'includes "{target}", and no arrow leads from {room} to {other}'
            continue
        for libraries, owners in OWNERS.items():
            if re.match(libraries, target) and room not in owners | {"tests"}:
                yield f"includes <{target}>, which only {', '.join(sorted(owners))} may"


def problems(root):
    lengths = []
    for storey in ("model", "viz", "app", "tests"):
        for path in sorted((root / storey).rglob("*")):
            if path.suffix not in (".h", ".cpp", ".py", ".sh"):
                continue
            name, text = path.relative_to(root), path.read_text()
            lines = text.count("\n")
            if storey != "tests":
                lengths.append(lines)
            if lines > LONGEST_FILE:
                yield f"{name}: has {lines} lines; {LONGEST_FILE} is the most"
            if path.suffix in (".h", ".cpp"):
                # A source file with a header is introduced there.
                introduced = path.suffix == ".cpp" and path.with_suffix(".h").exists()
                if not introduced and not text.startswith("// "):
                    yield f"{name}: does not open by saying what it owns"
                # What ends in -inl.h is included once for each set of instructions.
                once = path.suffix == ".h" and not path.name.endswith("-inl.h")
                if once and "#pragma once" not in text:
                    yield f"{name}: has no #pragma once"
                room = room_of(name)
                if room not in ARROWS:
                    yield f"{name}: lies in no room that tests/check_layers.py knows"
                    continue
                for problem in include_problems(room, text):
                    yield f"{name}: {problem}"
    long = sum(lines >= SHORT_FILE for lines in lengths)
    if 10 * long > len(lengths):
        yield f"{long} of {len(lengths)} files have {SHORT_FILE} lines or more; one in ten may"
    if not shutil.which("git"):
        print("skipped: git is not installed: stray files are not looked for")
        return
    # A source archive has no history.
    tracked = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True)
    if tracked.returncode == 0:
        for entry in sorted({line.split("/")[0] for line in tracked.stdout.splitlines()}):
            if entry not in TOP_LEVEL:
                yield f"{entry}: is not among the agreed top-level entries"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    found = list(problems(Path(sys.argv[1])))
    for problem in found:
        print(problem)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
