"""The bundled model as a Hugging Face folder: written and read."""

import json
import os
import struct

import numpy as np
import torch

import bpe
from eight_bits import rounded
from gpt2 import CONTEXT, HEADS, LAYERS, VOCAB, WIDTH, Gpt2

STORED = 0.125


def scale(name):
    """The residual stream is stored at an eighth of its size. Every block reads it through a layer
    norm, so nothing else changes, and its largest values (the first token's) do not cost float32 the
    fourth decimal. A power of two is exact."""
    if name.endswith(("wte.weight", "wpe.weight", "c_proj.weight", "c_proj.bias")):
        return STORED
    return 1 / STORED if "ln_f" in name else 1


NAMES = {"attn.c_attn": "c_attn", "attn.c_proj": "attn_proj", "mlp.c_fc": "c_fc", "mlp.c_proj": "mlp_proj"}


def tensors(model):
    """By the names and in the shapes of GPT-2's checkpoints: linear weights are [in, out]."""
    out = {}
    for name, p in model.named_parameters():
        for there, here in NAMES.items():
            if f".{here}." in name:
                name = name.replace(here, there)
        transposed = p.dim() == 2 and name.startswith("h.")
        out[name] = (p.t() if transposed else p).detach() * scale(name)
    return out


def save(model, folder, tokenizer, name="stepscope-small"):
    os.makedirs(folder, exist_ok=True)
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for key, tensor in tensors(model).items():
        raw = np.ascontiguousarray(rounded(key, tensor.numpy()).astype("<f2"))
        header[key] = {"dtype": "F16", "shape": list(raw.shape), "data_offsets": [len(data), len(data) + raw.nbytes]}
        data += raw.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(f"{folder}/model.safetensors", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)
    with open(f"{folder}/config.json", "w") as f:
        json.dump({"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": LAYERS,
                   "n_head": HEADS, "n_embd": WIDTH, "vocab_size": VOCAB, "n_positions": CONTEXT,
                   "n_ctx": CONTEXT, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5 * STORED ** 2,
                   "bos_token_id": tokenizer.end, "eos_token_id": tokenizer.end,
                   "tie_word_embeddings": True, "name": name}, f, indent=2)
        f.write("\n")
    tokenizer.save(folder)


def load(folder):
    """The model that save() wrote, at the size it was trained with, and its tokenizer."""
    with open(f"{folder}/model.safetensors", "rb") as f:
        length = struct.unpack("<Q", f.read(8))[0]
        header, data = json.loads(f.read(length)), f.read()
    model = Gpt2()
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        tensor = torch.from_numpy(np.frombuffer(data[begin:end], "<f2").astype("f4").reshape(entry["shape"]))
        here = name
        for there, mine in NAMES.items():
            here = here.replace(there, mine)
        if here.startswith("h.") and tensor.dim() == 2:
            tensor = tensor.t()
        with torch.no_grad():
            model.get_parameter(here).copy_(tensor / scale(name))
    return model, bpe.load(folder, VOCAB)
