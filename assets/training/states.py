"""Earlier states of a training run as folders that the program opens, with weights of 8 bits.

    /usr/bin/python3 assets/training/states.py RUN assets/states 0 100 600 700

RUN is train.py's --out, the numbers are steps of which it kept a snapshot.
"""

import json
import os
import shutil
import struct
import sys

import numpy as np

import checkpoint
from eight_bits import whole_numbers


def save(model, folder, tokenizer, name):
    checkpoint.save(model, folder, tokenizer, name)
    header, data = {"__metadata__": {"format": "pt"}}, b""

    def add(key, raw, dtype):
        nonlocal data
        header[key] = {"dtype": dtype, "shape": list(raw.shape), "data_offsets": [len(data), len(data) + raw.nbytes]}
        data += np.ascontiguousarray(raw).tobytes()

    # Scales first, so that they lie aligned.
    matrices = {}
    for key, tensor in checkpoint.tensors(model).items():
        values = tensor.numpy().astype("f4")
        if values.ndim == 2:
            matrices[key], scale = whole_numbers(key, values)
            add(key + "_scale", scale, "F32")
        else:
            add(key, values.astype("<f4"), "F32")
    for key, values in matrices.items():
        add(key, values, "I8")
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(f"{folder}/model.safetensors", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def main():
    run, out, *steps = sys.argv[1:]
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    for index, step in enumerate(map(int, steps)):
        model, tokenizer = checkpoint.load(f"{run}/at-{step}")
        told = "untrained" if step == 0 else f"after-{step}-steps"
        save(model, f"{out}/{index}-{told}", tokenizer, f"stepscope-small, {told.replace('-', ' ')}")


if __name__ == "__main__":
    main()
