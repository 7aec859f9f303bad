"""A view is a file, a row and a golden, as docs/contributing.md says: this adds one to a copy of what
the build made of the tree, and looks whether all that shows views has it.

usage: check_new_view.py SOURCE BUILD
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import need

TABLE = "viz/views/view_table.cpp"


def with_a_row(table):
    """The table of views with the example at its end: its name twice, in one file."""
    table, declared = re.subn(r"(extern const View [^;]*)(;)", r"\1, example_view\2", table, count=1)
    table, listed = re.subn(r"(table\[\] = \{[^}]*?),?(\s*\};)", r"\1, &example_view\2", table,
                            count=1)
    assert declared == listed == 1, "the table of views has another shape"
    return table


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    said = done.stdout[-4000:] + done.stderr[-4000:]
    assert done.returncode == 0, f"{shlex.join(map(str, command))}\n{said}"
    return done.stdout


def compiled(commands, source, text, folder):
    """A file with this text, compiled as the table is."""
    path = folder / source
    path.write_text(text)
    command = shlex.split(commands[TABLE]["command"])
    out = path.with_suffix(".o")
    command[command.index("-o") + 1] = str(out)
    command[command.index("-c") + 1] = str(path)
    run(command, cwd=commands[TABLE]["directory"])
    return out


def linked(build, program, objects, folder):
    """The program with these objects before those of the library."""
    line = run(["ninja", "-C", build, "-t", "commands", program]).splitlines()[-1]
    link = next(part for part in line.split(" && ") if " -o " in part)
    out = folder / Path(program).name
    link = link.replace(f"-o {program} ", f"-o {out} ")
    link = link.replace(" libviz.a", f" {shlex.join(map(str, objects))} libviz.a", 1)
    run(["sh", "-c", link], cwd=build)
    return out


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    need("ninja")
    source, build = map(Path, sys.argv[1:])
    if not (build / "build.ninja").exists():
        print("skipped: not a build by ninja")
        sys.exit(77)
    commands = {str(Path(entry["file"]).relative_to(source)): entry
                for entry in json.loads((build / "compile_commands.json").read_text())
                if Path(entry["file"]).is_relative_to(source)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        example = (source / "tests/example_view.cpp").read_text()
        table = with_a_row((source / TABLE).read_text())
        objects = [compiled(commands, "example.cpp", example, folder),
                   compiled(commands, "view_table.cpp", table, folder)]
        program = linked(build, "stepscope", objects, folder)
        (folder / "assets").symlink_to(source / "assets")
        help_line = run([program, "views"]).splitlines()[-1]
        assert help_line.startswith("example "), help_line

        page = folder / "page.svg"
        export = [program, "export", "--prompt", "Tom gave the ball to Mia."]
        run([*export, "--views", "example,ranking", "-o", page])
        assert "Example" in page.read_text()
        run([*export, "--lock", "example/2", "-o", folder / "locked.svg"])
        for shell in ("bash", "fish"):
            assert "example" in run([program, "manual", shell])

        tests = linked(build, "tests/unit_tests", objects, folder)
        goldens = folder / "goldens"
        goldens.mkdir()
        for golden in (source / "tests/goldens").glob("*.txt"):
            (goldens / golden.name).write_bytes(golden.read_bytes())
        cases = ["-tc=every view draws*,texts stay inside*,a slide's text*,*pointed at*,a kept*"]
        environment = {**os.environ, "STEPSCOPE_GOLDENS": str(goldens)}
        without = subprocess.run([tests, *cases], capture_output=True, text=True, env=environment)
        assert "example: differs from its golden" in without.stdout, without.stdout[-4000:]
        run([tests, "-tc=every view draws*"], env={**environment, "STEPSCOPE_UPDATE_GOLDENS": "1"})
        print(run([tests, *cases], env=environment)[-300:])


if __name__ == "__main__":
    main()
