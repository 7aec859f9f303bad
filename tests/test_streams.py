"""Files, standard streams, signals and little memory: what ends a command leaves nothing half-written,
and what cannot be written is an error.

usage: test_streams.py PROGRAM MODEL
"""

import json
import os
import resource
import signal
import subprocess
import time

from program import PROMPT, main, on_terminal

ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1,
          signal.SIGUSR2, signal.SIGALRM, signal.SIGVTALRM, signal.SIGXCPU, signal.SIGPROF,
          signal.SIGIO, signal.SIGRTMIN + 1)
EVERY_COMMAND = (("--help",), ("--version",), ("generate", "--help"), ("views",), ("info",),
                 ("info", "--json"), ("lessons",), ("lessons", "--check", "greedy"),
                 ("tokenize", "hi"), ("generate", "--steps", "1"),
                 ("generate", "--beams", "2", "--steps", "1"),
                 ("export", *PROMPT, "-o", "-", "--format", "svg"),
                 ("export", *PROMPT, "-o", "-", "--format", "pdf"),
                 ("export", *PROMPT, "-o", "/dev/full", "--format", "json"),
                 ("trace", *PROMPT, "-o", "-"), ("trace", *PROMPT, "-o", "/dev/full"),
                 ("manual", "man"), ("manual", "bash"))


def no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def started(p, *arguments, **options):
    return subprocess.Popen([p.path, *map(str, arguments)], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=no_core,
                            **options)


def wait_until(run, holds):
    until = time.monotonic() + 60
    while not holds() and run.poll() is None and time.monotonic() < until:
        time.sleep(0.002)


def test_signals_leave_no_temporary(p):
    for number in ENDING:
        folder = p.new_folder()
        (folder / "run.pdf").write_text("precious")
        with started(p, "export", *PROMPT, "--steps", "230", "--no-stop", "-o", folder / "run.pdf") as run:
            wait_until(run, lambda: len(list(folder.iterdir())) > 1)
            run.send_signal(number)
            run.communicate(timeout=60)
        polite = number in (signal.SIGINT, signal.SIGTERM)
        assert run.returncode == (130 if polite else -number), (number, run.returncode)
        assert [file.name for file in folder.iterdir()] == ["run.pdf"], (number, list(folder.iterdir()))
        assert (folder / "run.pdf").read_text() == "precious", number


def test_what_is_ignored_stays_ignored(p):
    folder = p.new_folder()
    with started(p, "export", *PROMPT, "--steps", "12", "-o", folder / "run.pdf",
                 restore_signals=False) as run:
        pass
    ignoring = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with subprocess.Popen([p.path, "export", *PROMPT, "--steps", "12", "-o", folder / "other.pdf"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          preexec_fn=ignoring) as run:
        wait_until(run, lambda: len(list(folder.iterdir())) > 1)
        run.send_signal(signal.SIGHUP)
    assert run.returncode == 0, run.returncode
    assert sorted(file.name for file in folder.iterdir()) == ["other.pdf", "run.pdf"]


def test_a_pipe_without_a_reader_can_be_given_up(p):
    folder = p.new_folder()
    os.mkfifo(folder / "pipe")
    with started(p, "export", *PROMPT, "--format", "svg", "-o", folder / "pipe") as run:
        time.sleep(1)
        assert run.poll() is None
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=30)
    assert run.returncode in (130, -signal.SIGINT), run.returncode
    # With one it is written through.
    reader = subprocess.Popen(["cat", folder / "pipe"], stdout=subprocess.PIPE)
    p.output("export", *PROMPT, "--format", "svg", "-o", folder / "pipe")
    assert reader.communicate(timeout=60)[0].startswith(b"<svg")


def test_a_full_device_is_an_error_for_every_command(p):
    for arguments in EVERY_COMMAND:
        with open("/dev/full", "wb") as full:
            run = subprocess.run([p.path, *map(str, arguments)], stdin=subprocess.DEVNULL,
                                 stdout=full, stderr=subprocess.PIPE, timeout=300)
        said = run.stderr.decode()
        assert run.returncode == 1, (arguments, run.returncode, said)
        assert said.count("\n") == 1 and "cannot be written" in said, (arguments, said)


def test_standard_output_as_a_file(p):
    folder = p.new_folder()
    for format in ("svg", "pdf", "json", "csv", "safetensors", "png", "pptx", "html", "gif"):
        run = ("export", *PROMPT, "--format", format, "-o")
        p.output(*run, folder / f"page.{format}")
        done = p.run(*run, "-")
        assert done.returncode == 0 and done.stderr == b"", done.stderr
        assert done.stdout == (folder / f"page.{format}").read_bytes(), format
    p.output("trace", *PROMPT, "-o", folder / "trace.safetensors")
    assert p.run("trace", *PROMPT, "-o", "-").stdout == (folder / "trace.safetensors").read_bytes()
    several = ("export", *PROMPT, "--steps", "3", "--format", "svg", "-o", "-")
    p.refuses(several, "3 pages", "--step")
    p.refuses(("export", *PROMPT, "-o", "-"), "--format")
    p.refuses(("export", *PROMPT, "-o", ""), "-o", "standard output")


def test_names_of_formats_in_capitals(p):
    folder = p.new_folder()
    p.output("export", *PROMPT, "-o", folder / "PAGE.SVG")
    p.output("export", *PROMPT, "-o", folder / "page", "--format", "Csv")
    assert (folder / "PAGE.SVG").read_text().startswith("<svg")
    assert list(folder.glob("page*"))


def test_prompt_from_a_file(p):
    folder = p.new_folder()
    said = p.output("generate", "--prompt", "Tom gave the ball", "--steps", "3", "--print", "ids")
    for text in ("Tom gave the ball", "Tom gave the ball\n", "Tom gave the ball\r\n"):
        (folder / "prompt.txt").write_bytes(text.encode())
        run = ("generate", "--steps", "3", "--print", "ids", "--prompt-file")
        assert p.output(*run, folder / "prompt.txt") == said
        done = subprocess.run([p.path, *run, "-"], input=text.encode(), capture_output=True)
        assert done.stdout.decode() == said, done.stderr
        assert p.output("tokenize", "--prompt-file", folder / "prompt.txt") == \
            p.output("tokenize", "Tom gave the ball")
    p.refuses(("generate", "--prompt-file", folder / "none.txt"), "none.txt", "No such file")
    p.refuses(("generate", "--prompt", "a", "--prompt-file", "b"), "--prompt-file", status=2)
    p.refuses(("tokenize",), "text", status=2)
    (folder / "long.txt").write_text("Tom gave the ball to Mia. " * 400000)
    p.refuses(("generate", "--prompt-file", folder / "long.txt"), "tokens long", p.config["n_positions"])


def test_terminals_get_no_control_characters(p):
    """What a saved run says cannot move the cursor; a pipe gets every byte."""
    file = p.scratch / "run.stepscope.json"
    p.output("generate", "--prompt", "Tom", "--steps", "5", "--save-run", file)
    run = json.loads(file.read_text())
    said = "\x1b\n\u0436\u009b"  # in bytes: escape, a line break, a letter in two tokens, CSI
    ids = [int(id) for id in p.output("tokenize", said).split(",")]
    assert len(ids) == 6, ids
    run["runs"][0]["tokens"] = [{"parent": i - 1, "id": id, "by": "forced", "decoding": 0}
                                for i, id in enumerate(ids)]
    run["ids"], run["length"] = run["prompt_ids"] + ids, 7
    run["path"] = {"run": 0, "end": 5}
    file.write_text(json.dumps(run))
    show = [p.path, "generate", "--run", file]
    piped = subprocess.run(show, capture_output=True, stdin=subprocess.DEVNULL)
    assert piped.stdout == said.encode() + b"\n", piped
    said = on_terminal(show).replace(b"\r\n", b"\n")
    assert said == "\\x1B\n\u0436\\u009B\n".encode(), said


def test_little_memory_is_one_line(p):
    folder = p.new_folder()
    for arguments in (("generate", "--steps", "3"),
                      ("export", *PROMPT, "--steps", "2", "-o", folder / "a.pptx"),
                      ("trace", *PROMPT, "-o", folder / "a.safetensors")):
        succeeded = False
        for megabytes in range(36, 200, 8):
            limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20,) * 2)
            run = subprocess.run([p.path, *map(str, arguments)], capture_output=True,
                                 stdin=subprocess.DEVNULL, preexec_fn=limit, timeout=60)
            said = run.stderr.decode(errors="replace")
            if run.returncode == 127:  # there is no room for the libraries
                continue
            assert run.returncode in (0, 1), (arguments, megabytes, run.returncode, said)
            succeeded = succeeded or run.returncode == 0
            assert "bug" not in said, (arguments, megabytes, said)
            if run.returncode == 1:
                assert said.count("\n") == 1 and "emory" in said, (arguments, megabytes, said)
        assert succeeded, arguments


def test_more_threads_than_there_are(p):
    few = p.output("generate", "--steps", "4", "--threads", "1")
    assert p.output("generate", "--steps", "4", "--threads", "1024") == few


if __name__ == "__main__":
    main(globals())
