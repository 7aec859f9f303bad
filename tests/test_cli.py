"""The command line as people and scripts meet it: results on stdout, and for bad input one clear
line on stderr and a status. Standard library only.

usage: test_cli.py PROGRAM BUNDLED_MODEL
"""

import csv
import io
import json
import os
import re
import resource
import shutil
import struct
import subprocess

from program import PROMPT, main

# ------------------------------------------------------------------ what is refused: prompts, flags

def test_prompts(p):
    for command in (("generate",), ("trace", "-o", p.scratch / "never.safetensors"),
                    ("export", "-o", p.scratch / "never.svg")):
        p.refuses((*command, "--prompt", ""), "prompt", "empty")
        context, vocabulary = p.config["n_positions"], p.config["vocab_size"]
        p.refuses((*command, "--prompt", "a b c d e " * context), "prompt", context)
        p.refuses((*command, "--ids", f"1,{vocabulary}"), vocabulary)
        p.refuses((*command, "--ids", "-1"), "-1")
        p.refuses((*command, "--ids", ",".join(["1"] * (context + 1))), context + 1, context)
        for ids in ("1,,2", "1,x", "1.5", ",", "1,2,", "99999999999"):
            p.refuses((*command, "--ids", ids), "--ids", ids)
    assert not list(p.scratch.glob("never*"))


def test_ids_as_python_prints_them(p):
    ids = p.generated("--ids", "1,2,3", "--steps", "3")
    for text in ("[1, 2, 3]", " 1 , 2\n,3 ", "[1,2,3]"):
        assert p.generated("--ids", text, "--steps", "3") == ids
    for text in ("", "[]", "[1,2", "1,2]", "1,,2", "1 2", "[1]2", "0x1", "99999999999"):
        p.refuses(("generate", "--ids", text), "--ids")


def test_messages_are_plain(p):
    for bad in ("\x1b[31mred", "two\nlines", "\u202eturned", "x" * 100000):
        for arguments in (("generate", "--model", bad), ("generate", "--nonsense" + bad)):
            said = p.run(*arguments).stderr.decode()
            assert len(said) < 2000 and said.count("\n") == 1 and said.endswith("\n"), said
            assert not any(ord(c) < 0x20 or c == "\u202e" for c in said[:-1]), said


def test_seeds(p):
    sampled = (*PROMPT, "--steps", "9", "--temperature", "1.5")
    assert p.generated(*sampled, "--seed", "010") == p.generated(*sampled, "--seed", "10")
    most = str(2**64 - 1)
    assert p.generated(*sampled, "--seed", most) != p.generated(*sampled, "--seed", "10")


def test_ids_without_tokenizer(p):
    folder = p.copy(without=["vocab.json", "merges.txt"])
    p.refuses_folder(folder, folder, "tokenizer", "--ids")
    ids = p.output("tokenize", PROMPT[1]).strip()
    p.refuses(("generate", "--model", folder, "--ids", ids), folder, "--print ids")
    assert (p.generated("--model", folder, "--ids", ids, "--steps", "5") ==
            p.generated(*PROMPT, "--steps", "5"))


def test_usage(p):
    for arguments, word in (
            (("--nonsense",), "--nonsense"),
            (("generate", "--nonsense"), "--nonsense"),
            (("generate", "--steps", "x"), "--steps"),
            (("generate", "--steps", "-1"), "--steps"),
            (("generate", "--print", "xml"), "--print"),
            (("generate", "--temperature", "-1"), "--temperature"),
            (("generate", "--temperature", "0x1"), "--temperature"),
            (("generate", "--seed", "-5"), "-5 is not a whole number below 2^64"),
            (("generate", "--seed", "1" + 23 * "0"), "--seed"),
            (("generate", "--seed", "0x10"), "--seed"),
            (("export", "--head", str(2**40)), "--head"),
            (("generate", "--steps", "1e3"), "--steps"),
            (("generate", "--temperature", "nan"), "--temperature"),
            (("generate", "--top-k", "0"), "--top-k"),
            (("generate", "--top-p", "1.5"), "--top-p"),
            (("generate", "--min-p", "1.5"), "--min-p"),
            (("generate", "--typical-p", "0"), "--typical-p"),
            (("generate", "--top-a", "-1"), "--top-a"),
            (("generate", "--greedy", "--min-p", "0.1"), "--greedy"),
            (("generate", "--threads", "0"), "--threads"),
            (("generate", "--greedy", "--top-k", "5"), "--greedy"),
            (("generate", *PROMPT, "--ids", "1"), "--ids"),
            (("generate", "--prompt"), "--prompt"),
            (("trace", *PROMPT), "--out"),
            (("export", *PROMPT), "--out"),
            (("export", "-o", "x.svg", "--theme", "pink"), "--theme"),
            (("export", "-o", "x.svg", "--format", "bmp"), "--format"),
            (("export", "-o", "x.svg", "--shape", "3:2"), "--shape"),
            (("export", "-o", "x.svg", "--mix", "sum"), "--mix"),
            (("export", "-o", "x.svg", "--colours", "rainbow"), "--colours"),
            (("tokenize",), "text"),
    ):
        p.refuses(arguments, word, status=2)


def test_unwritable(p):
    missing = p.scratch / "missing" / "folder"
    p.refuses(("trace", *PROMPT, "--steps", "1", "-o", missing / "t.safetensors"),
              missing / "t.safetensors")
    assert not missing.parent.exists()
    p.refuses(("trace", *PROMPT, "--steps", "1", "-o", p.scratch), p.scratch, "folder")


def test_failed_write_keeps_the_old_file(p):
    # A file size limit stands in for a full disk.
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    folder = p.new_folder()
    for command, name in (("trace", "t.safetensors"), ("export", "a.svg"), ("export", "a.png"),
                          ("export", "a.pdf"), ("export", "a.json")):
        out = folder / name
        out.write_text("precious")
        # Python ignores SIGXFSZ and so lets the program see the failed write.
        p.refuses((command, *PROMPT, "--steps", "1", "-o", out), out, preexec_fn=limit,
                  restore_signals=False)
        assert out.read_text() == "precious", name
        p.refuses((command, "--prompt", "", "-o", out), "prompt")
        assert out.read_text() == "precious", name
    assert len(list(folder.iterdir())) == 5, "a temporary file is left"


def test_full_stdout(p):
    for arguments in (("generate", *PROMPT), ("tokenize", "a"), ("info",), ("views",)):
        with open("/dev/full", "w") as full:
            done = subprocess.run([p.path, *arguments], stdout=full, stderr=subprocess.PIPE,
                                  timeout=60)
        assert done.returncode == 1 and done.stderr.count(b"\n") == 1, (arguments, done)


# ------------------------------------------------------------------ what works

def test_version_and_help(p):
    assert re.fullmatch(r"stepscope \d+\.\d+\.\d+\n", p.output("--version"))
    overview = p.output("--help")
    for command in ("generate", "trace", "export", "tokenize", "info", "views"):
        assert command in overview
        assert "--help" in p.output(command, "--help"), command


def test_views_and_info(p):
    lines = p.output("views").splitlines()
    ids = [line.split()[0] for line in lines]
    assert {"head", "ranking"} <= set(ids) and len(set(ids)) == len(ids), ids
    assert all(len(line.split()) > 2 for line in lines)
    text = p.output("info")
    assert f"{p.config['n_layer']} layers" in text and f"{p.config['n_head']} heads" in text
    assert f"{p.config['vocab_size']:,}" in text
    info = json.loads(p.output("info", "--json", "--model", p.bundled))
    assert (info["n_layer"], info["n_head"], info["n_vocab"], info["n_ctx"]) == tuple(
        p.config[key] for key in ("n_layer", "n_head", "vocab_size", "n_positions"))
    assert json.loads(p.output("info", "--json", p.bundled)) == info


def test_tokenize(p):
    text = "The old king\n said \u4e16<|endoftext|>"
    ids = [int(id) for id in p.output("tokenize", text).split(",")]
    assert p.output("tokenize", text).count("\n") == 1
    tokens = json.loads(p.output("tokenize", "--json", text))
    assert [token["id"] for token in tokens] == ids
    assert b"".join(bytes(token["bytes"]) for token in tokens).decode() == text
    assert any(token["text"] is None for token in tokens), "a third of a character is no text"
    folder = p.new_folder()  # with tokenizer files only
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(p.bundled / name, folder)
    assert p.output("tokenize", "--model", folder, text) == p.output("tokenize", text)
    p.refuses(("tokenize", "--model", p.new_folder(), text), "tokenizer")
    p.refuses(("tokenize", "--model", p.scratch / "nowhere", text), p.scratch / "nowhere")


def test_generate(p):
    ids = [int(id) for id in p.generated(*PROMPT, "--steps", "8").split(",")]
    assert len(ids) == 8
    vocabulary = json.loads((p.bundled / "vocab.json").read_text())
    spelling = {id: token for token, id in vocabulary.items()}
    text = p.output("generate", *PROMPT, "--steps", "8")
    assert text == "".join(spelling[id] for id in ids).replace("Ġ", " ").replace("Ċ", "\n") + "\n"
    steps = [json.loads(line) for line in
             p.output("generate", *PROMPT, "--steps", "8", "--print", "json").splitlines()]
    assert [step["choice"]["id"] for step in steps] == ids
    prompt = [int(id) for id in p.output("tokenize", PROMPT[1]).split(",")]
    for number, step in enumerate(steps):
        assert step["step"] == number + 1
        assert step["input_ids"] == prompt + ids[:number], "what was appended is the next input"
        chances = [candidate["probability"] for candidate in step["candidates"]]
        assert chances == sorted(chances, reverse=True) and 0 < sum(chances) <= 1 + 1e-9
        assert step["choice"] == step["candidates"][0] and step["chosen_by"] == "argmax"
        assert 0 <= step["entropy_bits"] <= 11 and step["time_ms"] > 0
    assert p.generated(*PROMPT, "--steps", "8", "--no-cache") == ",".join(map(str, ids))
    assert p.generated(*PROMPT, "--steps", "8", "--threads", "1") == ",".join(map(str, ids))
    assert p.generated(*PROMPT, "--steps", "0") == ""
    table = p.output("generate", *PROMPT, "--steps", "2", "--print", "ranking")
    assert "Step 1" in table and "Step 2" in table and "Step 3" not in table


def test_sampling(p):
    sampled = (*PROMPT, "--steps", "20", "--temperature", "1.2", "--top-k", "50", "--top-p", "0.95")
    first = p.generated(*sampled, "--seed", "1")
    assert first == p.generated(*sampled, "--seed", "1")
    assert first == p.generated(*sampled, "--seed", "1", "--no-cache")
    assert len({p.generated(*sampled, "--seed", seed) for seed in range(8)}) > 1
    greedy = p.generated(*PROMPT, "--steps", "9")
    assert greedy == p.generated(*PROMPT, "--steps", "9", "--temperature", "0", "--top-k", "3")
    for strictest in (("--top-k", "1"), ("--min-p", "1"), ("--top-p", "1e-6")):
        assert p.generated(*PROMPT, "--steps", "9", *strictest) == greedy, strictest
    for rule, words in (("--min-p", "min-p 0.3"), ("--typical-p", "typical-p 0.3"),
                        ("--top-a", "top-a 0.3")):
        step = json.loads(p.output("generate", *PROMPT, "--steps", "1", rule, "0.3", "--print", "json"))
        assert words in step["decoding"] and step["chosen_by"] == "sampled", step
        assert any(c["adjusted"] == 0 for c in step["candidates"]), step


def test_full_context(p):
    # A prompt may fill the context; what follows it is still ranked, and one token can be chosen.
    done = p.run("generate", "--ids", ",".join(["5"] * (p.config["n_positions"] - 6)), "--steps", "20", "--print", "ids")
    assert done.returncode == 0 and b"full" in done.stderr and done.stderr.count(b"\n") == 1, done
    assert len(done.stdout.split(b",")) in (6, 7), done.stdout


def test_trace(p):
    out = p.scratch / "run.safetensors"
    assert p.output("trace", *PROMPT, "--steps", "3", "-o", out) == ""
    raw = out.read_bytes()
    (size,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8:8 + size])
    metadata = header.pop("__metadata__")
    assert {"model_hash", "prompt", "decoding", "seed", "program"} <= set(metadata), metadata
    assert metadata["prompt"] == PROMPT[1]
    n = len(p.output("tokenize", PROMPT[1]).split(",")) + 3
    assert header["tokens"]["shape"] == [n] and header["logits"]["shape"] == [n, p.config["vocab_size"]]
    assert header["blocks.5.attn.hook_pattern"]["shape"] == [p.config["n_head"], n, n]
    assert max(entry["data_offsets"][1] for entry in header.values()) == len(raw) - 8 - size
    p.output("trace", *PROMPT, "--steps", "3", "-o", out)
    assert out.read_bytes() == raw, "the same run, other bytes"


def test_saved_runs(p):
    run = p.scratch / "run.stepscope.json"
    for flags in ((), ("--temperature", "1.2", "--seed", "5"), ("--no-cache", "--ablate", "L2H1"),
                  ("--repetition-penalty", "1.3", "--precision", "f16"),
                  ("--min-p", "0.02", "--typical-p", "0.9", "--top-a", "0.1", "--seed", "2")):
        arguments = ("generate", *PROMPT, "--steps", "6", *flags)
        written = p.output(*arguments, "--print", "json", "--save-run", run).splitlines()
        again = p.output("generate", "--run", run, "--print", "json").splitlines()
        assert len(written) == len(again) == 6
        for one, other in zip(map(json.loads, written), map(json.loads, again)):
            del one["time_ms"]
            assert one == other, flags
        for form in ("text", "ids", "ranking"):
            assert p.output(*arguments, "--print", form) == p.output("generate", "--run", run,
                                                                     "--print", form), flags
    p.refuses(("generate", "--run", run, "--seed", "1"), "--run", status=2)
    p.refuses(("generate", "--run", p.scratch / "none"), p.scratch / "none")
    saved = json.loads(run.read_text())
    saved["model"]["hash"] = "0123456789abcdef"
    run.write_text(json.dumps(saved))
    p.refuses(("generate", "--run", run), run, "was made with", "0123456789abcdef", "this is")
    # What was generated is printed all the same.
    done = p.run("generate", *PROMPT, "--steps", "1", "--save-run", p.scratch)
    assert done.returncode == 1 and done.stderr.decode().count("\n") == 1, done
    assert str(p.scratch) in done.stderr.decode() and done.stdout, done


def test_odd_surroundings(p):
    """No current folder, closed standard streams, a limit on file sizes."""
    gone = p.new_folder()
    for command in (("trace", "-o", "t.safetensors"), ("export", "-o", "x.svg")):
        p.refuses((command[0], *PROMPT, "--steps", "1", *command[1:], "--model", p.bundled),
                  command[-1], "current folder", cwd=gone, preexec_fn=gone.rmdir)
        gone.mkdir()

    whole, out = p.scratch / "whole.safetensors", p.scratch / "out.safetensors"
    p.output("trace", *PROMPT, "-o", whole)
    for stream in (0, 1, 2):
        done = p.run("trace", *PROMPT, "-o", out, preexec_fn=lambda stream=stream: os.close(stream))
        assert done.returncode == 0 and out.read_bytes() == whole.read_bytes(), stream
    p.refuses(("tokenize", "text"), "stdout", preexec_fn=lambda: os.close(1))

    limit = ("sh", "-c", 'ulimit -f 4; exec "$@"', "sh", p.path, "trace", *PROMPT, "-o", out)
    done = subprocess.run(list(map(str, limit)), capture_output=True)
    assert done.returncode == 1 and b"cannot be written" in done.stderr, done
    assert out.read_bytes() == whole.read_bytes(), "what was there is still there"


def test_lessons(p):
    listed = p.output("lessons").splitlines()
    assert len(listed) == len(list((p.bundled.parent / "lessons").glob("*.json"))) >= 13, listed
    assert any(re.fullmatch(r"induction +\d+ stops +\d+ min +Induction", line) for line in listed), listed
    # What every bundled lesson says is true of the bundled model.
    checked = [line for line in p.output("lessons", "--check").splitlines() if " no claim: " not in line]
    assert len(checked) == sum(int(line.split()[1]) for line in listed), checked
    assert all(re.match(r"[a-z0-9-]+ \d+/\d+ ok ", line) for line in checked), checked
    assert p.output("lessons", "tokens").splitlines()[0].split()[0] == "tokens"

    # Their questions for other programs.
    gift = p.output("lessons", "--quiz", "gift", "induction")
    assert "::induction 1::" in gift and "{=shell ~" in gift, gift
    table = list(csv.DictReader(io.StringIO(p.output("lessons", "--quiz", "csv", "tokens", "induction"))))
    assert {row["lesson"] for row in table} == {"tokens", "induction"} and all(row["question"] for row in table), table
    sheet = p.scratch / "sheet.svg"
    p.output("export", "--lesson", "induction", "--worksheet", "-o", sheet)
    assert len(list(p.scratch.glob("sheet*.svg"))) == 2, "a page of questions, a page of answers"
    p.refuses(("export", "--lesson", "induction", "--worksheet", "-o", p.scratch / "s.pptx"), "--worksheet")

    source = p.bundled.parent / "lessons" / "01-tokens.json"
    mine = p.scratch / "mine.json"
    lesson = json.loads(source.read_text())
    lesson["stops"][1]["claims"] = [{"measure": "length", "at_most": 1}]
    mine.write_text(json.dumps(lesson, indent=1))
    done = p.run("lessons", "--check", mine)
    assert done.returncode == 1, done
    lines = [line for line in done.stdout.decode().splitlines() if " no claim: " not in line]
    assert re.match(r"mine 2/5 FALSE NOT TRUE: tokens \d+, at most 1", lines[1]), lines
    assert lines[2].startswith("mine 3/5 ok "), lines
    said = done.stderr.decode()
    assert said.count("\n") == 1 and f"{mine}: line " in said and "stop 2" in said, said

    lesson["stops"][1]["generate"] = 1000
    mine.write_text(json.dumps(lesson, indent=1))
    done = p.run("lessons", "--check", mine)
    assert done.returncode == 1 and "no 1000 steps" in done.stderr.decode(), done
    lesson["stops"][1] = {"title": "t", "note": "n", "prompt": "red " * 600}
    mine.write_text(json.dumps(lesson, indent=1))
    done = p.run("lessons", "--check", mine)
    assert done.returncode == 1 and f"{mine}: line " in done.stderr.decode(), done
    lesson["stops"][1] = {"title": "t", "note": "n", "veiw": "lens"}
    mine.write_text(json.dumps(lesson, indent=1))
    line = mine.read_text().splitlines().index('   "veiw": "lens"') + 1
    for arguments in (("lessons", mine), ("--lesson", mine)):
        p.refuses(arguments, f"{mine}: line {line}: veiw: is no field here")
    p.refuses(("lessons", "nothing"), "there is no lesson", "induction")
    p.refuses(("--lesson", p.scratch / "none.json"), p.scratch / "none.json")
    p.refuses(("--lesson", "tokens", "--prompt", "a"), "--lesson", status=2)
    assert "--lesson" in p.output("--help") and "lessons" in p.output("--help")


if __name__ == "__main__":
    main(globals())
