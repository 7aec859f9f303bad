"""The shape of the source tree: which room includes which, small files, no stray files.

usage: check_layers.py ROOT
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

# A room may include itself and the rooms below it.
BELOW = {"model": {"model"}, "viz": {"model", "viz"}, "app": {"model", "viz", "app"},
         "tests": {"model", "viz", "app", "tests"}}
# Libraries that one room keeps to itself.
OWNERS = {"app": r"imgui|GLFW/|GL/|CLI/|curl/|openssl/", "model": r"Eigen/|cblas|pcre2|xxhash"}
LONGEST_FILE = 600
TOP_LEVEL = {".ci", ".clang-format", ".gitignore", "app", "assets", "CMakeLists.txt",
             "CMakePresets.json", "docs", "LICENSE", "model", "README.md", "tests", "viz"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def include_problems(room, text):
    for kind, target in INCLUDE.findall(text):
        if kind == '"':
            other = target.split("/")[0]
            if other not in BELOW[room]:
                yield f'includes "{target}", and {room} stands below {other}'
            continue
        for owner, libraries in OWNERS.items():
            if re.match(libraries, target) and room not in (owner, "tests"):
                yield f"includes <{target}>, which only {owner} may"


def problems(root):
    for room in BELOW:
        for path in sorted((root / room).rglob("*")):
            if path.suffix not in (".h", ".cpp", ".py", ".sh"):
                continue
            name, text = path.relative_to(root), path.read_text()
            lines = text.count("\n")
            if lines > LONGEST_FILE:
                yield f"{name}: has {lines} lines; {LONGEST_FILE} is the most"
            if path.suffix in (".h", ".cpp"):
                # A source file with a header is introduced there.
                introduced = path.suffix == ".cpp" and path.with_suffix(".h").exists()
                if not introduced and not text.startswith("// "):
                    yield f"{name}: does not open by saying what it owns"
                if path.suffix == ".h" and "#pragma once" not in text:
                    yield f"{name}: has no #pragma once"
                for problem in include_problems(room, text):
                    yield f"{name}: {problem}"
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
