"""The routes to an answer, and how long what heads bring is, against numpy: written from the paper
(Ferrando, Voita 2024) and the reference's tensors, apart from the program.

usage: check_routes.py PRINT_ROUTES MODEL_FOLDER
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from gpt2_reference import Model
from make_random_model import make

TOLERANCE = 2e-5  # of shares; the program's tensors are float32


class Reference:
    def __init__(self, folder, ids, ablated):
        self.model = Model(folder)
        self.left_out = set(ablated.split(","))
        self.hooks = self.model.run(np.array(ids), ablated)
        self.n = len(ids)

    def hook(self, layer, name):
        return self.hooks[f"blocks.{layer}.{name}"]

    def brought(self, layer, to):
        """[heads, from, width]: what each head brings to a position."""
        heads, width = self.model.heads, self.model.width
        out = self.model.weights[f"h.{layer}.attn.c_proj.weight"].reshape(heads, width // heads, width)
        pattern = self.hook(layer, "attn.hook_pattern")[:, to, :to + 1]
        values = self.hook(layer, "attn.hook_v")[:to + 1]
        vectors = np.einsum("hk,khd,hde->hke", pattern, values, out)
        for head in range(heads):
            if {f"L{layer + 1}", f"L{layer + 1}H{head + 1}"} & self.left_out:
                vectors[head] = 0
        return vectors

    def bias(self, layer):
        """What W_O's bias adds, nothing where the whole layer is off."""
        off = f"L{layer + 1}" in self.left_out
        return np.zeros(self.model.width) if off else self.model.bias(f"h.{layer}.attn.c_proj") + np.zeros(self.model.width)

    def logit_parts(self, position, token):
        """(embedding, per layer (heads x sources, bias, MLP), bias of the norm): they sum to the logit."""
        x = self.hook(self.model.layers - 1, "hook_resid_post")[position]
        scale = 1 / np.sqrt(((x - x.mean()) ** 2).mean() + self.model.eps)
        u = self.model.unembedding[token]

        def adds(part):
            centred = part - part.mean(-1, keepdims=True)
            return (centred * scale * self.model.weights["ln_f.weight"]) @ u

        embedding = adds(self.hook(0, "hook_resid_pre")[position])
        layers = [(adds(self.brought(l, position)), adds(self.bias(l)),
                   adds(self.hook(l, "hook_mlp_out")[position])) for l in range(self.model.layers)]
        return embedding, layers, (self.model.bias("ln_f") + np.zeros(self.model.width)) @ u


def shares(y, parts):
    """Of each part of a sum y, by proximity."""
    near = np.array([max(0.0, np.abs(y).sum() - np.abs(y - part).sum()) for part in parts])
    return near / near.sum() if near.sum() > 0 else near


def routes(ref, position, token, measure, least):
    layers, n = ref.model.layers, ref.n
    follow_pre, follow_mid = np.zeros((layers + 1, n)), np.zeros((layers, n))
    carried_pre, carried_mid, mlp = np.zeros((layers + 1, n)), np.zeros((layers, n)), np.zeros((layers, n))
    out = {"constant": 0.0, "dropped": 0.0}
    edges, direct = {}, [[] for _ in range(layers)]

    def passes(share):
        if share < least:
            out["dropped"] += share
        return share >= least

    def add(layer, head, source, to, share):
        edges[layer, head, source, to] = edges.get((layer, head, source, to), 0) + share
        follow_pre[layer][source] += share

    if measure == "arrives":
        follow_pre[layers][position] = 1
    else:
        embedding, parts, norm_bias = ref.logit_parts(position, token)
        every = np.concatenate([[embedding, norm_bias]] + [np.append(h.ravel(), [b, m]) for h, b, m in parts])
        raised, lowered = every[every > 0].sum(), every[every < 0].sum()
        out.update(logit=every.sum(), raised=raised, lowered=lowered)
        share = lambda part: max(part, 0) / raised
        carried = share(embedding)
        carried_pre[0][position] += carried
        out["constant"] += share(norm_bias)
        for layer, (heads, bias, added) in enumerate(parts):
            for (head, source), part in np.ndenumerate(heads):
                if passes(share(part)):
                    carried += share(part)
                    direct[layer].append((head, source, share(part)))
            out["constant"] += share(bias)
            carried_mid[layer][position] += carried
            if passes(share(added)):
                carried += share(added)
                mlp[layer][position] += share(added)
                follow_mid[layer][position] += share(added)
            carried_pre[layer + 1][position] += carried
    for layer in range(layers - 1, -1, -1):
        for at in np.flatnonzero(follow_pre[layer + 1]):
            flow = follow_pre[layer + 1][at]
            past, through = flow * shares(ref.hook(layer, "hook_resid_post")[at],
                                          [ref.hook(layer, "hook_resid_mid")[at], ref.hook(layer, "hook_mlp_out")[at]])
            if past + through == 0:  # two parts that cancel: neither is near
                out["dropped"] += flow
            if passes(through):
                mlp[layer][at] += through
                follow_mid[layer][at] += through
            if passes(past):
                follow_mid[layer][at] += past
        for at in np.flatnonzero(follow_mid[layer]):
            flow, brought = follow_mid[layer][at], ref.brought(layer, at)
            parts = shares(ref.hook(layer, "hook_resid_mid")[at],
                           [ref.hook(layer, "hook_resid_pre")[at], ref.bias(layer), *brought.reshape(-1, ref.model.width)])
            if parts.sum() == 0:
                out["dropped"] += flow
            if passes(flow * parts[0]):
                follow_pre[layer][at] += flow * parts[0]
            out["constant"] += flow * parts[1]
            for (head, source), part in np.ndenumerate(parts[2:].reshape(brought.shape[:2])):
                if part > 0 and passes(flow * part):
                    add(layer, head, source, at, flow * part)
        for head, source, part in direct[layer]:
            add(layer, head, source, position, part)
    out.update(edges=edges, pre=follow_pre + carried_pre, mid=follow_mid + carried_mid, mlp=mlp)
    return out


def check(problems, program, folder, ids, position, token, least, ablated):
    name = f"{folder.name} {ids} at {position}, {token}, {least}, {ablated or 'untouched'}"
    printed = json.loads(subprocess.run(
        [program, folder, ",".join(map(str, ids)), str(position), str(token), str(least), ablated],
        capture_output=True, text=True, check=True).stdout)
    ref = Reference(folder, ids, ablated)
    worst = 0
    for measure in ("answer", "arrives"):
        theirs, ours = printed[measure], routes(ref, position, token, measure, least)
        for lane in ("pre", "mid", "mlp"):
            worst = max(worst, np.abs(np.array(theirs[lane]) - ours[lane][:, :position + 1]).max())
        for number in ("constant", "dropped"):
            worst = max(worst, abs(theirs[number] - ours[number]))
        if measure == "answer":
            for number in ("logit", "raised", "lowered"):
                apart = abs(theirs[number] - ours[number])
                worst = max(worst, apart / max(1, ours["raised"]))
        found = {(l, h, source, to): share for l, h, source, to, share in theirs["edges"]}
        for key in found.keys() | ours["edges"].keys():
            apart = abs(found.get(key, 0) - ours["edges"].get(key, 0))
            # What is at the limit may fall on either side of it by rounding.
            if apart > TOLERANCE and abs(apart - least) > 1e-3 * least:
                problems.append(f"{name}, {measure}: edge {key} is {found.get(key)}, not {ours['edges'].get(key)}")
        begins = sum(theirs["pre"][0])
        if abs(begins + theirs["constant"] + theirs["dropped"] - 1) > 1e-9:
            problems.append(f"{name}, {measure}: begins {begins}, constant and dropped do not sum to 1")
    for layer, lengths in enumerate(printed["lengths"]):
        ours = np.linalg.norm(ref.brought(layer, len(ids) - 1).sum(0), axis=-1)
        off = {f"L{layer + 1}H{h + 1}" for h in range(ref.model.heads)} | {f"L{layer + 1}"}
        if not off & ref.left_out and np.abs(ours - lengths).max() > 1e-4 * max(1, ours.max()):
            problems.append(f"{name}: lengths of layer {layer} differ")
    if worst > TOLERANCE:
        problems.append(f"{name}: shares differ by {worst:.3g}")
    return worst


def main():
    program, bundled = sys.argv[1:3]
    problems, worst, tried = [], 0, 0
    rng = np.random.default_rng(5)
    with tempfile.TemporaryDirectory() as folder:
        cases = [(Path(bundled), rng.integers(0, 400, n).tolist(), "") for n in (1, 2, 7, 19)]
        cases += [(Path(bundled), rng.integers(0, 400, 9).tolist(), a) for a in ("L2H1", "L3", "L4MLP,L1H2=uniform")]
        for number, (layers, heads, width) in enumerate(((1, 1, 8), (3, 2, 32), (4, 5, 80))):
            made = Path(folder) / f"random-{number}"
            make(made, layers, heads, width, 50, 40, number, biases=number != 1)
            cases += [(made, rng.integers(0, 50, n).tolist(), "") for n in (3, 30)]
        for model, ids, ablated in cases:
            for position in {len(ids) - 1, len(ids) // 2}:
                for least in (1e-4, 0.01):
                    token = int(rng.integers(0, 50))
                    worst = max(worst, check(problems, program, model, ids, position, token, least, ablated))
                    tried += 1
    print(f"{tried} passes, shares apart by at most {worst:.2g}")
    for problem in problems[:20]:
        print(problem)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
