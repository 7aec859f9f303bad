"""Writes a Hugging Face GPT-2 folder again as OpenAI's original releases are laid out: checkpoint,
hparams.json, model.ckpt.index, model.ckpt.data-00000-of-00001, encoder.json, vocab.bpe. Needs no
TensorFlow: the index is a LevelDB table of protocol buffers, written here from their descriptions.

usage: make_tf_checkpoint.py MODEL_FOLDER RELEASE_FOLDER
"""

import json
import shutil
import struct
import sys
from pathlib import Path

from gpt2_reference import read_safetensors

MAGIC = 0xdb4775248b80fb57
RESTART_INTERVAL = 16
# TensorFlow fills 256 KiB before it begins another; small blocks test that all of them are read.
BLOCK_BYTES = 2048
DTYPES = {"F32": 1, "BF16": 14, "F16": 19}


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(crc):
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def number(field, value):
    """A field of a message; zero is the default and is left out."""
    return varint(field << 3) + varint(value) if value else b""


def message(field, data):
    return varint(field << 3 | 2) + varint(len(data)) + data


def block(entries):
    """Keys share their beginning with the one before, except at a restart."""
    out, restarts, before = b"", [], b""
    for i, (key, value) in enumerate(entries):
        shared = 0
        if i % RESTART_INTERVAL == 0:
            restarts.append(len(out))
        else:
            while shared < min(len(key), len(before)) and key[shared] == before[shared]:
                shared += 1
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    restarts = restarts or [0]
    return out + struct.pack(f"<{len(restarts) + 1}I", *restarts, len(restarts))


def table(entries):
    """entries: key -> value, in the order of the keys."""
    file, index = b"", {}

    def append(data):
        nonlocal file
        handle = varint(len(file)) + varint(len(data))
        file += data + b"\0" + struct.pack("<I", masked(crc32c(data + b"\0")))  # uncompressed
        return handle

    waiting, size = [], 0
    for i, (key, value) in enumerate(entries.items()):
        waiting.append((key, value))
        size += len(key) + len(value)
        if size >= BLOCK_BYTES or i + 1 == len(entries):
            index[key] = append(block(waiting))
            waiting, size = [], 0
    meta = append(block([]))
    footer = meta + append(block(index.items()))
    return file + footer.ljust(40, b"\0") + struct.pack("<Q", MAGIC)


def spelled(name):
    """"h.0.ln_1.weight" -> "model/h0/ln_1/g"."""
    part, kind = name.removeprefix("transformer.").rsplit(".", 1)
    if part in ("wte", "wpe"):
        return f"model/{part}"
    letter = "b" if kind == "bias" else "g" if "ln_" in part else "w"
    return f"model/{part.replace('h.', 'h').replace('.', '/')}/{letter}"


def write_checkpoint(prefix, tensors):
    """tensors: name -> (dtype, array) as read_safetensors gives them."""
    version = number(1, 1)
    entries, data = {b"": number(1, 1) + message(3, version)}, b""
    for name, (dtype, values) in sorted((spelled(n), t) for n, t in tensors.items()):
        if dtype == "BF16":
            values = (values.view("<u4") >> 16).astype("<u2")
        raw = values.tobytes()
        # Linear layers are convolutions of width one.
        shape = (1, *values.shape) if name.endswith("/w") else values.shape
        dims = b"".join(message(2, number(1, size)) for size in shape)
        # A byte-wise checksum of large data would take Python minutes; who reads may ignore it.
        checksum = masked(crc32c(raw)) if len(raw) < 1 << 16 else 0
        entries[name.encode()] = (number(1, DTYPES[dtype]) + message(2, dims)
                                  + number(4, len(data)) + number(5, len(raw))
                                  + varint(6 << 3 | 5) + struct.pack("<I", checksum))
        data += raw
    Path(f"{prefix}.index").write_bytes(table(entries))
    Path(f"{prefix}.data-00000-of-00001").write_bytes(data)


def convert(source, release):
    source, release = Path(source), Path(release)
    release.mkdir(parents=True, exist_ok=True)
    tensors, _ = read_safetensors(source / "model.safetensors")
    config = json.loads((source / "config.json").read_text())
    wanted = {n: t for n, t in tensors.items() if not n.endswith((".attn.bias", ".masked_bias"))}
    write_checkpoint(release / "model.ckpt", wanted)
    (release / "checkpoint").write_text('model_checkpoint_path: "model.ckpt"\n'
                                        'all_model_checkpoint_paths: "model.ckpt"\n')
    hparams = {"n_vocab": config["vocab_size"], "n_ctx": config["n_positions"],
               **{key: config[key] for key in ("n_embd", "n_head", "n_layer")}}
    (release / "hparams.json").write_text(json.dumps(hparams, indent=2) + "\n")
    for ours, theirs in (("vocab.json", "encoder.json"), ("merges.txt", "vocab.bpe")):
        if (source / ours).exists():
            shutil.copy(source / ours, release / theirs)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    convert(*sys.argv[1:])


if __name__ == "__main__":
    main()
