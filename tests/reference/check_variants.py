"""GPT-2's variants against the numpy model: every tensor of a trace for each activation, scale of
the scores and with or without biases; then what a picture of such a model says.

usage: check_variants.py PROGRAM
"""

import itertools
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import numpy as np

from check_trace import Checks
from gpt2_reference import ACTIVATIONS, Model, read_safetensors
from make_random_model import make

SHAPE = (2, 2, 32, 23, 12)  # layers, heads, width, vocabulary, context
IDS = (1, 7, 3, 20, 3, 11)
PROMPT = ("--ids", ",".join(map(str, IDS)))
TEXT = "{http://www.w3.org/2000/svg}text"


ALIASES = {"gelu_fast": "gelu_new", "gelu_pytorch_tanh": "gelu_new", "swish": "silu"}


def variants():
    for activation, scale, by_layer, biases in itertools.product(
            ACTIVATIONS, (True, False), (False, True), (True, False)):
        # Another name of the same activation is tried once.
        if activation not in ALIASES or (scale, by_layer, biases) == (True, False, True):
            yield {"activation_function": activation, "scale_attn_weights": scale,
                   "scale_attn_by_inverse_layer_idx": by_layer}, biases


def words_of(variant, biases):
    """What info and a trace say of it."""
    parts = []
    own = ALIASES.get(variant["activation_function"], variant["activation_function"])
    if own != "gelu_new":
        parts.append(f"activation {own}")
    if not variant["scale_attn_weights"]:
        parts.append("scores not divided by √d_head")
    if variant["scale_attn_by_inverse_layer_idx"]:
        parts.append("scores divided by the block's number")
    if not biases:
        parts.append("no biases")
    return ", ".join(parts)


def check_traces(checks):
    logits = {}
    for variant, biases in variants():
        folder, what = checks.folder / "model", words_of(variant, biases) or "GPT-2"
        # Parameters that float16 holds exactly, so that --precision f16 is the same model.
        make(folder, *SHAPE, 5, dtype="F16", biases=biases, variant=variant)
        for mode in ((), ("--no-cache",), ("--precision", "f16")):
            name = " ".join((variant["activation_function"], "·", what, *mode))
            trace = checks.trace(f"trace {name}", folder, 3, *PROMPT, *mode)
        _, metadata = read_safetensors(checks.folder / "trace.safetensors")
        checks.check(f"{name}: is said in the file",
                     [] if metadata.get("variant", "") == words_of(variant, biases)
                     else [metadata.get("variant", "")])
        if trace:
            logits.setdefault(what, trace["logits"][1][len(IDS) - 1])
    alike = [f"{a} and {b}" for (a, x), (b, y) in itertools.combinations(logits.items(), 2)
             if np.abs(x - y).max() < 1e-5]
    checks.check(f"{len(logits)} variants are as many models", alike)


class Picture:
    """The texts of one view, as they stand in an SVG."""

    def __init__(self, checks, model, view, *flags):
        path = checks.folder / "view.svg"
        path.unlink(missing_ok=True)
        checks.run("export", "--model", model, *PROMPT, "--steps", 1, "--step", 1, "--views", view,
                   *flags, "-o", path)
        root = ElementTree.parse(path).getroot()
        self.texts = ["".join(text.itertext()).strip() for text in root.iter(TEXT)]
        self.all = " ".join(self.texts)

    def lacks(self, *words):
        return [f"\"{word}\" is not in: {self.all}" for word in words if word not in self.all]

    def has(self, *words):
        return [f"\"{word}\" is in: {self.all}" for word in words if word in self.all]


def check_pictures(checks):
    folder = checks.folder / "model"
    make(folder, *SHAPE, 5, biases=False,
         variant={"activation_function": "relu", "scale_attn_weights": False})
    hooks = Model(folder).run(np.array(IDS))
    layer, head, query, key = 1, 1, 4, 2
    block = f"blocks.{layer}."
    score = hooks[block + "attn.hook_attn_scores"][head, query, key]
    before, after = (hooks[f"{block}mlp.hook_{part}"][query] for part in ("pre", "post"))
    neuron = int(after.argmax())
    at = ("--layer", layer + 1, "--head", head + 1, "--position", query)

    picture = Picture(checks, folder, "arithmetic", *at, "--lock", f"map/{layer}/{head}/{query}/{key}")
    checks.check("picture of a score without a scale",
                 picture.lacks(f"{score:.2f} without a scale = score {score:.2f}")
                 + picture.has("√"))
    picture = Picture(checks, folder, "arithmetic", *at, "--lock", f"neuron/{layer}/{neuron}")
    checks.check("picture of a neuron's sum, ReLU and no bias",
                 picture.lacks("post = max(pre, 0)", "pre = Σ x × w,",
                               f"Σ = {before[neuron]:.2f} = pre {before[neuron]:.2f}",
                               f"ReLU({before[neuron]:.2f}) = post {after[neuron]:.2f}")
                 + picture.has("GELU", "(b)", "+ b"))
    picture = Picture(checks, folder, "neurons", *at)
    firing = f"{(after > 0).sum()} of {len(after)} neurons are above 0 after ReLU"
    checks.check("picture of the neurons", picture.lacks(firing, "ReLU of neuron", "value after ReLU",
                                                           f"{after[neuron]:.2f}")
                 + picture.has("GELU"))
    picture = Picture(checks, folder, "diagram", *at)
    checks.check("picture of the diagram", picture.lacks("ReLU", f"{after[neuron]:.2f}")
                 + picture.has("GELU"))
    picture = Picture(checks, folder, "contributions", *at)
    checks.check("picture of what adds to a logit", picture.lacks("embedding", "H2 MLP")
                 + picture.has("bias"))
    picture = Picture(checks, folder, "row", *at)
    checks.check("picture of a row", picture.lacks("q·k", f" {score:.1f} ")
                 + picture.has("√"))

    make(folder, *SHAPE, 5, variant={"activation_function": "tanh",
                                     "scale_attn_by_inverse_layer_idx": True})
    hooks = Model(folder).run(np.array(IDS))
    score = hooks[block + "attn.hook_attn_scores"][head, query, key]
    picture = Picture(checks, folder, "arithmetic", *at, "--lock", f"map/{layer}/{head}/{query}/{key}")
    checks.check("picture of a score divided by the block's number",
                 picture.lacks("/ √d_head / 2", f"{score * 8:.2f} / √16 / 2",
                               f"× 0.125 = score {score:.2f}"))
    picture = Picture(checks, folder, "row", *at)
    checks.check("picture of a row divided by the block's number",
                 picture.lacks("q·k/√d/2", f" {score:.1f} "))
    picture = Picture(checks, folder, "contributions", *at)
    checks.check("picture of what adds to a logit, with biases",
                 picture.lacks("H2 bias MLP", "final bias"))
    picture = Picture(checks, folder, "neurons", *at)
    checks.check("picture of the neurons of tanh", picture.lacks("after tanh") + picture.has("GELU"))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(sys.argv[1], folder)
        check_traces(checks)
        check_pictures(checks)
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
