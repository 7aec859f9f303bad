"""Damaged inputs through the whole command line: each run must end by itself, in time, with a status
that is promised and at most a few lines, and name no bug.

usage: fuzz_inputs.py PROGRAM MODEL [COUNT [SEED [FILE...]]]

COUNT mutations of each kind of input (20 by default; some thousands take an hour), or of the named ones. Standard library
and numpy.
"""

import json
import random
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "reference"))
from make_random_model import make  # noqa: E402
from make_tf_checkpoint import convert  # noqa: E402

SECONDS, MEMORY = 10, 6 << 30
INTERESTING = (0, 1, -1, 2, 3, 255, 256, 1 << 16, (1 << 31) - 1, 1 << 31, 1 << 32, 1 << 53, 1 << 63,
               1 << 64, -(1 << 63), 1e308, 1e-320, 0.5, True, False, None, "", "\0", "\ud800", "a" * 300,
               "=1+1", "../../../etc/passwd", [], {}, [[]], {"a": {}}, [1] * 1000)
BYTES = (b"\0", b"\xff", b"\x7f", b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"NaN", b"-Infinity",
         b"1e999", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\u0000", b"\r", b"\n", b"[" * 2000,
         b'{"a":' * 2000, b"9" * 400, b"-0.0", b"null", b"\x80" * 8, b"\xff" * 8, b" " * 500)
FORMATS = ("svg", "png", "pdf", "pptx", "html", "gif", "csv", "json", "safetensors")


def json_nodes(value, path=()):
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from json_nodes(value[key], (*path, key))
    elif isinstance(value, list):
        for i in range(min(len(value), 40)):
            yield from json_nodes(value[i], (*path, i))


def mutate_json(text, draw):
    """Another value somewhere, a key gone, or one that comes twice."""
    value = json.loads(text)
    path = draw.choice([p for p in json_nodes(value) if p] or [()])
    if not path:
        return json.dumps(draw.choice(INTERESTING)).encode()
    at = value
    for key in path[:-1]:
        at = at[key]
    kind = draw.random()
    if kind < 0.2:
        del at[path[-1]]
    elif kind < 0.3 and isinstance(at, list):
        at.insert(path[-1], at[path[-1]])
    elif kind < 0.4 and isinstance(at[path[-1]], (int, float)):
        at[path[-1]] += draw.choice((1, -1, 7, -1000))
    else:
        at[path[-1]] = draw.choice(INTERESTING)
    return json.dumps(value).encode("utf-8", "surrogatepass")


def mutate_bytes(data, draw):
    data = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 5, 30))):
        at = draw.randrange(len(data) + 1)
        if draw.random() < 0.5:  # heads and indexes lie at the ends
            at = min(len(data), draw.randrange(200)) if draw.random() < 0.7 else \
                max(0, len(data) - draw.randrange(200))
        length = draw.choice((1, 1, 2, 8, 40, 1000))
        kind = draw.randrange(6)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << draw.randrange(8)
        elif kind == 1:
            data[at:at + length] = draw.choice(BYTES)
        elif kind == 2:
            data[at:at] = draw.choice(BYTES)
        elif kind == 3:
            del data[at:at + length]
        elif kind == 4:
            data[at:at] = data[at:at + length]
        else:
            del data[at:]
        if not data:
            break
    return bytes(data)


def mutate(data, name, draw):
    if name.endswith(".json") and draw.random() < 0.6:
        return mutate_json(data.decode(), draw)
    if name.endswith(".safetensors") and draw.random() < 0.4:
        size = int.from_bytes(data[:8], "little")
        header = mutate_json(data[8:8 + size].decode(), draw)
        return len(header).to_bytes(8, "little") + header + data[8 + size:]
    return mutate_bytes(data, draw)


class Fuzz:
    def __init__(self, program, model, scratch):
        self.program, self.bundled, self.scratch = program, Path(model), Path(scratch)
        self.statuses = Counter()
        self.words = Counter()
        self.wrong = []
        self.build()

    def build(self):
        """A folder of each layout, and the files in it that are damaged."""
        s = self.scratch
        config = json.loads((self.bundled / "config.json").read_text())
        vocabulary, context = config["vocab_size"], 64
        hugging = s / "hugging"
        make(hugging, 2, 2, 16, vocabulary, context, 1)
        vocabulary_text = (self.bundled / "vocab.json").read_text(encoding="utf-8")
        merges = (self.bundled / "merges.txt").read_text(encoding="utf-8")
        byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True,
                      "use_regex": True}
        special = {"id": json.loads(vocabulary_text)["<|endoftext|>"], "content": "<|endoftext|>", "single_word": False, "lstrip": False,
                   "rstrip": False, "normalized": False, "special": True}
        (hugging / "tokenizer.json").write_text(json.dumps(
            {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [special],
             "normalizer": {"type": "NFC"}, "pre_tokenizer": byte_level, "post_processor": byte_level,
             "decoder": byte_level,
             "model": {"type": "BPE", "dropout": None, "unk_token": None, "fuse_unk": False,
                       "vocab": json.loads(vocabulary_text),
                       "merges": [line for line in merges.splitlines()
                                  if line and not line.startswith("#version")]}}))
        (hugging / "generation_config.json").write_text('{"eos_token_id": [0, 5], "bos_token_id": 0}')
        (hugging / "tokenizer_config.json").write_text(
            '{"add_prefix_space": false, "tokenizer_class": "GPT2Tokenizer", "model_max_length": 64, '
            f'"added_tokens_decoder": {{"{vocabulary - 1}": {{"content": "<|endoftext|>", "special": true, '
            '"lstrip": false, "rstrip": false, "single_word": false, "normalized": false}}}')
        parts = s / "parts"
        parts.mkdir()
        for name in ("config.json", "model.safetensors"):
            (parts / name).write_bytes((hugging / name).read_bytes())
        (parts / "vocab.json").write_text(vocabulary_text, encoding="utf-8")
        (parts / "merges.txt").write_text(merges, encoding="utf-8")
        shards = s / "shards"
        shards.mkdir()
        for name in ("config.json", "tokenizer.json"):
            (shards / name).write_bytes((hugging / name).read_bytes())
        data = (hugging / "model.safetensors").read_bytes()
        size = int.from_bytes(data[:8], "little")
        names = [n for n in json.loads(data[8:8 + size]) if n != "__metadata__"]
        (shards / "model-00001-of-00001.safetensors").write_bytes(data)
        (shards / "model.safetensors.index.json").write_text(json.dumps(
            {"metadata": {"total_size": len(data)},
             "weight_map": {n: "model-00001-of-00001.safetensors" for n in names}}))
        tensorflow = s / "tensorflow"
        convert(parts, tensorflow)
        run = s / "runs" / "run.stepscope.json"
        run.parent.mkdir()
        subprocess.run([self.program, "generate", "--model", hugging, "--prompt", "Tom gave the ball",
                        "--steps", "6", "--temperature", "0.9", "--save-run", run], check=True,
                       capture_output=True)
        lesson = next(iter(sorted((self.bundled.parent / "lessons").glob("*.json"))))
        (run.parent / "lesson.json").write_bytes(lesson.read_bytes())
        (run.parent / "prompt.txt").write_bytes("Tom gave the ball to Mia. \u00e9\u4e16\U0001F600\n".encode())
        self.kinds = [(hugging, "config.json"), (hugging, "generation_config.json"),
                      (hugging, "tokenizer.json"), (hugging, "tokenizer_config.json"),
                      (hugging, "model.safetensors"), (parts, "vocab.json"), (parts, "merges.txt"),
                      (shards, "model.safetensors.index.json"), (run.parent, "run.stepscope.json"),
                      (run.parent, "lesson.json"), (run.parent, "prompt.txt")]
        self.kinds += [(tensorflow, file.name) for file in sorted(tensorflow.iterdir())
                       if file.name in ("hparams.json", "checkpoint") or ".index" in file.name
                       or ".data" in file.name]

    def command(self, folder, file, draw):
        out = self.scratch / "out"
        if file.name == "run.stepscope.json":
            return ["generate", "--run", file, "--print", draw.choice(("text", "ids", "json", "ranking"))]
        if file.name == "lesson.json":
            return draw.choice((["lessons", file], ["lessons", "--check", file],
                                ["export", "--lesson", file, "-o", out / "lesson.pdf"],
                                ["export", "--lesson", file, "-o", out / "lesson.pptx"]))
        model = ["--model", folder] if folder.name != "runs" else []
        prompt = ["--prompt-file", file] if file.name == "prompt.txt" else \
            draw.choice((["--prompt", "Tom gave the ball"], ["--ids", "5,6,7"]))
        both = [*model, *prompt, "--precision", draw.choice(("f32", "f16"))]
        kind = draw.random()
        if kind < 0.4:
            return ["generate", *both, "--steps", "3", *draw.choice(
                ([], ["--temperature", "0.8"], ["--stop-at-end"], ["--no-cache"], ["--print", "json"],
                 ["--print", "ids"], ["--beams", "3"]))]
        if kind < 0.5:
            return ["trace", *both, "--steps", "2", "-o", out / "run.safetensors"]
        if kind < 0.6:
            return ["info", *model]
        if kind < 0.7:
            return ["tokenize", *model, "--json", "Tom's  ball\n12 <|endoftext|> \u00e9\U0001F600"]
        format = draw.choice(FORMATS)
        return ["export", *both, "--steps", "2", "--step", "2", "-o", out / f"run.{format}",
                "--views", draw.choice(("attention", "head,ranking", "lens", "tokens", "diagram"))]

    def judge(self, arguments):
        limits = lambda: (resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
                          resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
        try:
            run = subprocess.run([self.program, *map(str, arguments)], capture_output=True,
                                 stdin=subprocess.DEVNULL, timeout=SECONDS, preexec_fn=limits)
        except subprocess.TimeoutExpired:
            return f"over {SECONDS} s"
        said = run.stderr.decode(errors="replace")
        self.statuses[run.returncode] += 1
        if run.returncode not in (0, 1, 2):
            return f"status {run.returncode}: {said[:500]}"
        if "bug in the program" in said:
            return said[:500]
        # lessons --check lists on stdout what does not hold.
        # A lesson's errors are told together.
        most = 21 if any(str(a).endswith("lesson.json") for a in arguments) else 4
        if run.returncode and (said.count("\n") > most or not said) and "--check" not in arguments:
            return f"status {run.returncode}, and {said.count(chr(10))} lines: {said[:500]}"
        if any(ord(c) < 32 and c != "\n" for c in said) or len(said) > 6000:
            return f"no plain words: {said[:500]!r}"
        self.words[re.sub(r"[\d\"'].*", "", said.split(": ", 2)[-1])[:40]] += 1
        return None

    def run(self, count, draw):
        (self.scratch / "out").mkdir()
        for folder, name in self.kinds:
            file, before = folder / name, len(self.wrong)
            good = file.read_bytes()
            statuses = Counter(self.statuses)
            for _ in range(count):
                bad = mutate(good, name, draw)
                file.write_bytes(bad)
                arguments = self.command(folder, file, draw)
                problem = self.judge(arguments)
                if problem:
                    kept = Path(tempfile.gettempdir()) / f"fuzz-{len(self.wrong)}-{name}"
                    kept.write_bytes(bad)
                    self.wrong.append(problem)
                    print(f"FAILED {folder.name}/{name}, kept as {kept}: "
                          f"{' '.join(map(str, arguments))}\n  {problem}", flush=True)
            file.write_bytes(good)
            now = {status: n - statuses[status] for status, n in self.statuses.items()
                   if n > statuses[status]}
            print(f"{folder.name}/{name}: {count} mutations, {len(self.wrong) - before} wrong, "
                  f"statuses {now}", flush=True)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__.strip())
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    with tempfile.TemporaryDirectory() as scratch:
        fuzz = Fuzz(sys.argv[1], sys.argv[2], scratch)
        if sys.argv[5:]:
            fuzz.kinds = [kind for kind in fuzz.kinds if kind[1] in sys.argv[5:]]
        fuzz.run(count, random.Random(seed))
    print(f"{count * len(fuzz.kinds) - len(fuzz.wrong)} passed, {len(fuzz.wrong)} failed")
    sys.exit(1 if fuzz.wrong else 0)


if __name__ == "__main__":
    main()
