"""A model of GPT-2 124M's shape with random weights against the numpy model: every tensor with and
without cache, 200 greedy tokens, and what float16 matrices change. Half a gigabyte in a temporary
folder and a minute or two: run by hand, not with the other checks.

usage: check_large.py PROGRAM
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

from check_trace import Checks
from gpt2_reference import Model, read_safetensors
from make_random_model import make

VOCABULARY, CONTEXT, PROMPTS = 50257, 1024, 20


def ids(seed, n):
    return np.random.default_rng(seed).integers(0, VOCABULARY, n)


def flag(tokens):
    return "--ids", ",".join(map(str, tokens))


def same_traces(checks, model):
    for arguments in ((), ("--no-cache",)):
        checks.trace(f"trace {' '.join(arguments)}", model, 2, *flag(ids(1, 30)), *arguments)


def greedy(checks, model):
    prompt = ids(2, 8)
    written = checks.generated(model, 200, *flag(prompt))
    tokens = np.concatenate([prompt, written])
    logits = Model(model).run(tokens)["logits"]
    expected = logits[len(prompt) - 1:-1].argmax(-1)
    wrong = np.flatnonzero(expected != written)
    checks.check("200 greedy tokens", [f"token {wrong[0]} differs"] if len(wrong) else [])


def half_precision(checks, model):
    worst, problems = 0.0, []
    for seed in range(PROMPTS):
        prompt, last = ids(100 + seed, 12), []
        for precision in ("f32", "f16"):
            path = checks.folder / "precision.safetensors"
            checks.run("trace", "--model", model, "-o", path, *flag(prompt), "--precision", precision)
            last.append(read_safetensors(path)[0]["logits"][1][-1].astype(np.float64))
        worst = max(worst, np.abs(last[0] - last[1]).max())
        if last[0].argmax() != last[1].argmax():
            problems.append(f"prompt {seed}: another argmax")
    if worst > 2e-2:
        problems.append(f"logits differ by {worst:.3g}")
    checks.check(f"float16: {PROMPTS} argmaxes, largest difference of a logit {worst:.1e}", problems)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(sys.argv[1], folder)
        model = Path(folder) / "large"
        make(model, 12, 12, 768, VOCABULARY, CONTEXT, 7, spread=0.02)
        same_traces(checks, model)
        greedy(checks, model)
        half_precision(checks, model)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
