"""The program as tests of the command line run it, and the loop that runs such tests. Standard
library only."""

import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

from tools import Skipped

PROMPT = ("--prompt", "The old king")


class Program:
    def __init__(self, path, bundled, scratch):
        self.path, self.bundled, self.scratch = path, Path(bundled), Path(scratch)
        self.folders = 0
        self.config = json.loads((self.bundled / "config.json").read_text())  # its sizes

    def run(self, *arguments, **options):
        return subprocess.run([self.path, *map(str, arguments)], capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=120, **options)

    def output(self, *arguments):
        """Stdout of a run that must succeed and say nothing else."""
        done = self.run(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.returncode}: {done.stderr.decode()}"
        assert done.stderr == b"", f"{arguments}: on stderr: {done.stderr.decode()}"
        return done.stdout.decode()

    def refuses(self, arguments, *words, status=1, **options):
        """The run must fail with one line on stderr that holds all the words."""
        done = self.run(*arguments, **options)
        said = done.stderr.decode()
        what = " ".join(map(str, arguments))
        assert done.returncode == status, f"{what}: status {done.returncode}, not {status}: {said}"
        assert said.endswith("\n") and said.count("\n") == 1, f"{what}: not one line: {said!r}"
        assert not done.stdout, f"{what}: on stdout: {done.stdout[:80]!r}"
        for word in words:
            assert str(word) in said, f"{what}: no {str(word)!r} in {said!r}"

    def refuses_folder(self, folder, *words):
        self.refuses(("generate", "--model", folder, *PROMPT, "--steps", "1"), *words)

    def new_folder(self):
        self.folders += 1
        folder = self.scratch / f"folder-{self.folders}"
        folder.mkdir()
        return folder

    def copy(self, without=()):
        """A copy of the bundled model, to be damaged."""
        folder = self.new_folder()
        for file in self.bundled.iterdir():
            if file.is_file() and file.name not in without:
                shutil.copy(file, folder)
        return folder

    def generated(self, *arguments):
        return self.output("generate", "--print", "ids", *arguments).strip()


def on_terminal(arguments, stream="stdout"):
    """What a program writes to a terminal."""
    reader, writer = pty.openpty()
    streams = {"stdout": subprocess.DEVNULL, stream: writer}
    with subprocess.Popen(arguments, stdin=subprocess.DEVNULL, **streams) as run:
        os.close(writer)
        said = b""
        while True:
            try:
                piece = os.read(reader, 4096)
            except OSError:
                break
            if not piece:
                break
            said += piece
    os.close(reader)
    assert run.returncode == 0
    return said


def main(names, make=Program):
    """Runs every test_... that a module defines, or those named on the command line, each with a
    program of its own: make(PROGRAM, MODEL, FOLDER), closed afterwards if it can be."""
    if len(sys.argv) < 3:
        sys.exit(names["__doc__"].strip())
    passed = failed = skipped = 0
    for name, test in list(names.items()):
        if not name.startswith("test_") or name not in (sys.argv[3:] or [name]):
            continue
        with tempfile.TemporaryDirectory() as scratch:
            program = make(sys.argv[1], sys.argv[2], scratch)
            try:
                test(program)
                passed += 1
                print(f"ok     {name}")
            except Skipped as reason:
                skipped += 1
                print(f"skip   {name}: {reason}")
            except Exception as error:
                failed += 1
                where = traceback.extract_tb(error.__traceback__)
                line = next(frame.lineno for frame in where if frame.name == name)
                print(f"FAILED {name}, line {line}: {type(error).__name__}: {error}")
            finally:
                getattr(program, "close", lambda: None)()
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)
