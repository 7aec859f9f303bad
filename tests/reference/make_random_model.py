"""Writes a GPT-2 folder with random weights: config.json and model.safetensors, no tokenizer.

Sizes, dtypes and layouts that no downloaded checkpoint has become testable this way.
"""

import argparse
import json
import struct
from pathlib import Path

import numpy as np


def shapes(layers, width, vocabulary, context):
    """Names and shapes as Hugging Face saves them; linear weights are [in, out]."""
    yield "wte.weight", (vocabulary, width)
    yield "wpe.weight", (context, width)
    for layer in range(layers):
        for name, shape in (("ln_1.weight", (width,)), ("ln_1.bias", (width,)),
                            ("attn.c_attn.weight", (width, 3 * width)),
                            ("attn.c_attn.bias", (3 * width,)),
                            ("attn.c_proj.weight", (width, width)), ("attn.c_proj.bias", (width,)),
                            ("ln_2.weight", (width,)), ("ln_2.bias", (width,)),
                            ("mlp.c_fc.weight", (width, 4 * width)),
                            ("mlp.c_fc.bias", (4 * width,)),
                            ("mlp.c_proj.weight", (4 * width, width)),
                            ("mlp.c_proj.bias", (width,))):
            yield f"h.{layer}.{name}", shape
    yield "ln_f.weight", (width,)
    yield "ln_f.bias", (width,)


def encode(values, dtype):
    """Bytes of float32 values in a safetensors dtype, rounded to the nearest, ties to even."""
    if dtype == "BF16":
        bits = values.astype("<f4").view("<u4")
        return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2").tobytes()
    return values.astype({"F32": "<f4", "F16": "<f2", "BOOL": "u1"}[dtype]).tobytes()


def write_safetensors(path, tensors):
    """tensors: name -> (dtype, shape, bytes)."""
    header, offset = {}, 0
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": list(shape),
                        "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, _, data in tensors.values():
            file.write(data)


def make(folder, layers, heads, width, vocabulary, context, seed, *, untied=False, dtype="F32",
         prefix="", with_buffers=False, spread=None, biases=True, variant=None):
    """variant: keys of config.json beside the usual ones, or other values of them."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    tensors = {}
    for name, shape in shapes(layers, width, vocabulary, context):
        if name.endswith("bias") and not biases:
            continue
        # Larger than a trained model's, so that attention is not flat and mistakes show.
        deviation = spread or (0.3 if len(shape) == 1 else 1.5 / np.sqrt(width))
        values = random.normal(0, deviation, shape) + (1 if "ln_" in name and "weight" in name else 0)
        tensors[prefix + name] = (dtype, shape, encode(values.astype("f4"), dtype))
    if with_buffers:  # old checkpoints carry their causal mask
        mask = np.tril(np.ones((1, 1, context, context)))
        for layer in range(layers):
            name = f"{prefix}h.{layer}.attn."
            tensors[name + "bias"] = ("BOOL", mask.shape, encode(mask, "BOOL"))
            tensors[name + "masked_bias"] = ("F32", (), encode(np.float32([-1e4]), "F32"))
    if untied:
        values = random.normal(0, 1 / np.sqrt(width), (vocabulary, width)).astype("f4")
        tensors["lm_head.weight"] = (dtype, values.shape, encode(values, dtype))
    write_safetensors(folder / "model.safetensors", tensors)
    config = {"model_type": "gpt2", "n_layer": layers, "n_head": heads, "n_embd": width,
              "vocab_size": vocabulary, "n_positions": context, "layer_norm_epsilon": 1e-5,
              "activation_function": "gelu_new", "tie_word_embeddings": not untied, **(variant or {})}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    for name in ("layers", "heads", "width", "vocab", "ctx", "seed"):
        parser.add_argument(name, type=int)
    parser.add_argument("--spread", type=float,
                        help="standard deviation of all weights, as GPT-2's 0.02 before training")
    parser.add_argument("--untied", action="store_true", help="with an lm_head of its own")
    parser.add_argument("--dtype", choices=("f32", "f16", "bf16"), default="f32")
    parser.add_argument("--prefix", default="", help='of the names: "transformer."')
    parser.add_argument("--with-buffers", action="store_true", help="attn.bias, attn.masked_bias")
    parser.add_argument("--no-biases", action="store_true", help="no bias in the whole model")
    parser.add_argument("--activation", default="gelu_new", help="activation_function")
    parser.add_argument("--no-scale", action="store_true", help="scale_attn_weights off")
    parser.add_argument("--scale-by-layer", action="store_true",
                        help="scale_attn_by_inverse_layer_idx")
    a = parser.parse_args()
    make(a.folder, a.layers, a.heads, a.width, a.vocab, a.ctx, a.seed, untied=a.untied,
         dtype=a.dtype.upper(), prefix=a.prefix, with_buffers=a.with_buffers, spread=a.spread,
         biases=not a.no_biases,
         variant={"activation_function": a.activation, "scale_attn_weights": not a.no_scale,
                  "scale_attn_by_inverse_layer_idx": a.scale_by_layer})


if __name__ == "__main__":
    main()
