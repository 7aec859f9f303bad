"""Runs the program and compares it with the numpy model: every tensor of traces, with and without
cache, of the bundled model and of random ones in several layouts, and the texts that are generated.

usage: check_trace.py PROGRAM BUNDLED_MODEL
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from gpt2_reference import Model, compare, read_safetensors
from make_random_model import make
from make_tf_checkpoint import convert

PROMPTS = ("The old king", "Once upon a time there was a little cat.", "a",
           " Two  spaces,\n\nthen é and 漢!", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20")


class Checks:
    def __init__(self, program, folder):
        self.program, self.folder = program, Path(folder)
        self.passed = self.failed = 0

    def check(self, what, problems):
        if problems:
            self.failed += 1
            print(f"FAILED {what}")
            for problem in problems[:10]:
                print(f"    {problem}")
        else:
            self.passed += 1
            print(f"ok     {what}")

    def run(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(map(str, arguments))}: {done.stderr.decode()}")
        return done.stdout.decode()

    def trace(self, what, model, steps, *arguments, ablated=""):
        """One trace against the numpy model; returns its tensors."""
        path = self.folder / "trace.safetensors"
        path.unlink(missing_ok=True)
        try:
            self.run("trace", "--model", model, "--steps", steps, "-o", path, *arguments,
                     *(("--ablate", ablated) if ablated else ()))
            problems, worst = compare(model, path, ablated)
        except (RuntimeError, OSError, ValueError, KeyError) as error:
            self.check(what, [str(error)])
            return None
        largest = max(worst.values(), default=np.inf)
        self.check(f"{what}: {len(worst)} tensors, largest difference {largest:.1e}", problems)
        return read_safetensors(path)[0]

    def generated(self, model, steps, *arguments):
        text = self.run("generate", "--model", model, "--steps", steps, "--print", "ids",
                        *arguments).strip()
        return [int(id) for id in text.split(",")] if text else []


def greedy(model, ids, steps):
    """The continuation that the numpy model chooses, and how clear its closest choice was."""
    ids, margin = list(ids), np.inf
    for _ in range(steps):
        logits = model.run(np.array(ids))["logits"][-1]
        best, second = np.sort(logits)[-2:][::-1]
        margin = min(margin, best - second)
        ids.append(int(np.argmax(logits)))
    return ids, margin


def check_bundled(checks, bundled):
    model = Model(bundled)
    for prompt in PROMPTS:
        ids = [int(id) for id in checks.run("tokenize", "--model", bundled, prompt).split(",")]
        expected, margin = greedy(model, ids, 5)
        for mode in ((), ("--no-cache",)):
            what = " ".join((repr(prompt), *mode))
            trace = checks.trace(f"trace {what}", bundled, 5, "--prompt", prompt, *mode)
            # A tie within rounding may fall either way; none is known for these prompts.
            same = trace is not None and trace["tokens"][1].tolist() == expected
            checks.check(f"greedy choice {what}, margin {margin:.2g}",
                         [] if same else ["the trace's tokens differ from the numpy model's"])
        with_cache, without = (checks.generated(bundled, 50, "--prompt", prompt, *mode)
                               for mode in ((), ("--no-cache",)))
        checks.check(f"50 tokens with and without cache {prompt!r}",
                     [] if with_cache == without and len(with_cache) == 50
                     and with_cache[:5] == expected[len(ids):]
                     else [f"{with_cache} or {without}"])


def check_ablated(checks, bundled):
    """With parts left out or pinned: every tensor, the file's word for it, and that the whole
    model's tensors are others."""
    whole = checks.trace("trace of the whole model", bundled, 5, "--prompt", PROMPTS[1])
    for ablated in ("L2H3,L4MLP", "L1H1", "L6MLP", "L1MLP,L3H2,L3H4,L5H1", "L4", "L1,L6,L3H1",
                    "L3H2=uniform", "L1H4@7=uniform,L1H4@12=uniform",
                    "L2,L3H2=uniform,L5H1@11=uniform,L4MLP,L6H3"):
        for mode in ((), ("--no-cache",)):
            what = " ".join((f"trace without {ablated}", *mode))
            trace = checks.trace(what, bundled, 5, "--prompt", PROMPTS[1], *mode, ablated=ablated)
            _, metadata = read_safetensors(checks.folder / "trace.safetensors")
            checks.check(f"{what}: is said in the file",
                         [] if set(metadata["ablated"].split(",")) == set(ablated.split(","))
                         else [metadata["ablated"]])
            if trace and whole and np.array_equal(trace["logits"][1][0], whole["logits"][1][0]):
                checks.check(f"{what}: is another model's", ["the logits are the whole model's"])


def check_random(checks):
    sizes = {"three layers, three heads, vocabulary of three": (3, 3, 48, 3, 11),
             "one layer, one head": (1, 1, 8, 17, 4),
             "wide heads": (2, 2, 256, 61, 40)}
    layouts = {"untied": {"untied": True},
               "tied, prefix, buffers": {"prefix": "transformer.", "with_buffers": True},
               "F16": {"dtype": "F16", "untied": True},
               "BF16": {"dtype": "BF16", "prefix": "transformer."}}
    for size, (layers, heads, width, vocabulary, context) in sizes.items():
        for layout, options in layouts.items():
            folder = checks.folder / "model"
            make(folder, layers, heads, width, vocabulary, context, 7, **options)
            room = context - 3
            ids = ",".join(str(i % vocabulary) for i in range(3))
            for mode in ((), ("--no-cache",)):
                what = " ".join((f"trace of a random model: {size}, {layout}", *mode))
                # One step more than there is room for: the context is full at the end.
                trace = checks.trace(what, folder, room + 1, "--ids", ids, *mode)
                if trace is not None and len(trace["tokens"][1]) != context:
                    checks.check(f"{what}: fills the context",
                                 [f"{len(trace['tokens'][1])} tokens of {context}"])


def check_release(checks):
    """The same weights in OpenAI's original layout give the same tokens and the same tensors."""
    folder, release = checks.folder / "model", checks.folder / "release"
    # So many layers fill several blocks of the index.
    for dtype in ("F32", "BF16"):
        make(folder, 12, 2, 32, 61, 20, 11, dtype=dtype)
        convert(folder, release)
        prompt, steps = ("--ids", "1,2,3"), 9
        traces = {}
        for model in (folder, release):
            path = checks.folder / f"{model.name}.safetensors"
            checks.run("trace", "--model", model, "--steps", steps, *prompt, "-o", path)
            traces[model] = read_safetensors(path)[0]
        same = traces[folder].keys() == traces[release].keys() and all(
            np.array_equal(values, traces[release][name][1])
            for name, (_, values) in traces[folder].items())
        ids = [checks.generated(model, steps, *prompt) for model in traces]
        checks.check(f"original layout, {dtype}: {len(traces[release])} tensors, same ids",
                     [] if same and ids[0] == ids[1] else ["differs from the safetensors folder"])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(sys.argv[1], folder)
        check_bundled(checks, sys.argv[2])
        check_ablated(checks, sys.argv[2])
        check_random(checks)
        check_release(checks)
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
