"""GPT-2 in numpy, float64, written from the paper and apart from the program: it reads a model
folder, computes every tensor of a trace file from its tokens, and prints how far the two are apart.
ABLATED, as "L2H3,L4MLP,L5,L1H2=uniform,L1H3@7=uniform", layers and heads counted from 1: heads whose
z is zero, MLPs and whole layers that add nothing, heads that look at every token alike (at one query,
counted from 0, or at all).

usage: gpt2_reference.py MODEL_FOLDER TRACE.safetensors [ABLATED]
"""

import json
import math
import struct
import sys
from pathlib import Path

import numpy as np

TOLERANCE = 1e-4  # of numbers up to 16; larger ones have fewer decimals in float32
PATTERN_TOLERANCE = 1e-5


def gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)))


def gelu_erf(x):
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / np.sqrt(2)))


def logistic(x):
    return 0.5 * (1 + np.tanh(0.5 * x))


ACTIVATIONS = {
    "gelu_new": gelu_tanh,
    "gelu_fast": gelu_tanh,
    "gelu_pytorch_tanh": gelu_tanh,
    "gelu": gelu_erf,
    "relu": lambda x: np.maximum(x, 0),
    "silu": lambda x: x * logistic(x),
    "swish": lambda x: x * logistic(x),
    "quick_gelu": lambda x: x * logistic(1.702 * x),
    "tanh": np.tanh,
}


def read_safetensors(path):
    """The tensors of a file as (dtype name, array) by name, and the file's metadata."""
    raw = Path(path).read_bytes()
    (size,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8:8 + size])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        tensors[name] = (entry["dtype"], decode(raw[begin:end], entry["dtype"], entry["shape"]))
    return tensors, metadata


def decode(data, dtype, shape):
    if dtype == "BF16":  # the upper half of a float32
        values = (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
    else:
        kinds = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "u1",
                 "BOOL": "u1"}
        values = np.frombuffer(data, kinds[dtype])
    return values.reshape(shape)


class Model:
    """The weights of a folder, float64, by their names without "transformer."."""

    def __init__(self, folder):
        folder = Path(folder)
        config = json.loads((folder / "config.json").read_text())
        self.layers, self.heads = config["n_layer"], config["n_head"]
        self.width, self.vocabulary = config["n_embd"], config["vocab_size"]
        self.eps = config.get("layer_norm_epsilon", 1e-5)
        self.activation = ACTIVATIONS[config.get("activation_function", "gelu_new")]
        self.scale_by_width = config.get("scale_attn_weights", True)
        self.scale_by_layer = config.get("scale_attn_by_inverse_layer_idx", False)
        index = folder / "model.safetensors.index.json"
        shards = ["model.safetensors"]
        if not (folder / shards[0]).exists():
            shards = sorted(set(json.loads(index.read_text())["weight_map"].values()))
        self.weights = {}
        for shard in shards:
            for name, (_, values) in read_safetensors(folder / shard)[0].items():
                self.weights[name.removeprefix("transformer.")] = values.astype(np.float64)
        tied = config.get("tie_word_embeddings", True)
        # Either all of them or none: a file with some is none of ours.
        self.biases = any(name.endswith("c_fc.bias") for name in self.weights)
        self.unembedding = self.weights["wte.weight" if tied else "lm_head.weight"]

    def bias(self, name):
        return self.weights[name + ".bias"] if self.biases else 0

    def layer_norm(self, x, name):
        centred = x - x.mean(-1, keepdims=True)
        variance = (centred ** 2).mean(-1, keepdims=True)
        normal = centred / np.sqrt(variance + self.eps)
        return normal * self.weights[name + ".weight"] + self.bias(name)

    def linear(self, x, name):
        return x @ self.weights[name + ".weight"] + self.bias(name)

    def run(self, tokens, ablated=""):
        """Every tensor of a pass over all tokens at once."""
        left_out = set(ablated.split(","))
        n, d, heads = len(tokens), self.width, self.heads
        hooks = {}
        hooks["hook_embed"] = self.weights["wte.weight"][tokens]
        hooks["hook_pos_embed"] = self.weights["wpe.weight"][:n]
        x = hooks["hook_embed"] + hooks["hook_pos_embed"]
        future = np.triu(np.ones((n, n), bool), 1)
        for layer in range(self.layers):
            weights, block = f"h.{layer}", f"blocks.{layer}"
            hooks[f"{block}.hook_resid_pre"] = x
            normal = self.layer_norm(x, f"{weights}.ln_1")
            hooks[f"{block}.ln1.hook_normalized"] = normal
            q, k, v = (part.reshape(n, heads, d // heads) for part in
                       np.split(self.linear(normal, f"{weights}.attn.c_attn"), 3, axis=-1))
            scores = np.einsum("qhd,khd->hqk", q, k)
            if self.scale_by_width:
                scores /= np.sqrt(d // heads)
            if self.scale_by_layer:
                scores /= layer + 1
            scores[:, future] = -np.inf
            pattern = np.exp(scores - scores.max(-1, keepdims=True))
            pattern /= pattern.sum(-1, keepdims=True)
            for head in range(heads):
                for query in range(n):
                    name = f"L{layer + 1}H{head + 1}"
                    if {f"{name}=uniform", f"{name}@{query}=uniform"} & left_out:
                        pattern[head, query] = np.arange(n) <= query
                        pattern[head, query] /= query + 1
            z = np.einsum("hqk,khd->qhd", pattern, v)
            for head in range(heads):
                if {f"L{layer + 1}", f"L{layer + 1}H{head + 1}"} & left_out:
                    z[:, head] = 0
            for name, values in (("q", q), ("k", k), ("v", v), ("attn_scores", scores),
                                 ("pattern", pattern), ("z", z)):
                hooks[f"{block}.attn.hook_{name}"] = values
            attention = self.linear(z.reshape(n, d), f"{weights}.attn.c_proj")
            if f"L{layer + 1}" in left_out:
                attention = np.zeros_like(attention)
            hooks[f"{block}.hook_attn_out"] = attention
            x = x + attention
            hooks[f"{block}.hook_resid_mid"] = x
            normal = self.layer_norm(x, f"{weights}.ln_2")
            hooks[f"{block}.ln2.hook_normalized"] = normal
            before = self.linear(normal, f"{weights}.mlp.c_fc")
            after = self.activation(before)
            hooks[f"{block}.mlp.hook_pre"], hooks[f"{block}.mlp.hook_post"] = before, after
            mlp = self.linear(after, f"{weights}.mlp.c_proj")
            if {f"L{layer + 1}", f"L{layer + 1}MLP"} & left_out:
                mlp = np.zeros_like(mlp)
            hooks[f"{block}.hook_mlp_out"] = mlp
            x = x + mlp
            hooks[f"{block}.hook_resid_post"] = x
        normal = self.layer_norm(x, "ln_f")
        hooks["ln_final.hook_normalized"] = normal
        hooks["logits"] = normal @ self.unembedding.T
        return hooks


def differences(name, ours, theirs):
    """The absolute differences; infinite where a number is missing or a mask is wrong."""
    if name.endswith("hook_attn_scores"):
        masked = np.isneginf(ours)
        apart = np.where(masked, np.where(np.isneginf(theirs), 0, np.inf), np.inf)
        apart[~masked] = np.abs(ours[~masked] - theirs[~masked])
    else:
        apart = np.abs(ours - theirs)
    return np.nan_to_num(apart, nan=np.inf, posinf=np.inf)


def compare(folder, trace_path, ablated=""):
    """Problems as lines of text, and the largest difference of each tensor."""
    trace, _ = read_safetensors(trace_path)
    problems, worst = [], {}
    dtype, tokens = trace.pop("tokens", ("", None))
    if tokens is None or dtype != "I32" or tokens.ndim != 1 or not len(tokens):
        return [f"tokens: is missing, or is no list of I32 ({dtype})"], worst
    expected = Model(folder).run(tokens, ablated)
    problems += [f"{name}: is missing" for name in expected if name not in trace]
    problems += [f"{name}: is not expected" for name in trace if name not in expected]
    for name, ours in expected.items():
        if name not in trace:
            continue
        dtype, theirs = trace[name]
        if dtype != "F32" or theirs.shape != ours.shape:
            problems.append(f"{name}: is {dtype} {list(theirs.shape)}, not F32 {list(ours.shape)}")
            continue
        apart = differences(name, ours, theirs.astype(np.float64))
        worst[name] = apart.max()
        limit = PATTERN_TOLERANCE if name.endswith("hook_pattern") else TOLERANCE
        finite = np.abs(ours[np.isfinite(ours)])
        limit *= max(1, finite.max(initial=0) / 16)
        at = np.unravel_index(apart.argmax(), apart.shape)
        if apart[at] > limit:
            problems.append(f"{name}: differs by {apart[at]:.3g} at {[int(i) for i in at]}, where "
                            f"{ours[at]:.6g} is expected")
    return problems, worst


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__.strip())
    problems, worst = compare(*sys.argv[1:])
    for name, value in worst.items():
        print(f"{value:10.3e}  {name}")
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
