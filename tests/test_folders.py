"""Folders of models as the command line meets them: found by name, and refused with one clear line
when something in them is wrong. Standard library only.

usage: test_folders.py PROGRAM BUNDLED_MODEL
"""

import json
import os
import shutil
import struct

from program import PROMPT, main


def edit_config(folder, **changes):
    path = folder / "config.json"
    config = json.loads(path.read_text())
    for key, value in changes.items():
        config[key] = value
    path.write_text(json.dumps({k: v for k, v in config.items() if v is not ...}))
    return path


def edit_header(folder, change):
    """Rewrites the header of a folder's weights as `change` leaves it; the data stays."""
    path = folder / "model.safetensors"
    raw = path.read_bytes()
    (size,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8:8 + size])
    change(header)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + raw[8 + size:])
    return path


def test_cached_model(p):
    hub = p.new_folder()
    snapshot = hub / "models--org--small" / "snapshots" / "607a30d7"
    snapshot.parent.mkdir(parents=True)
    shutil.copytree(p.bundled, snapshot)
    environment = {**os.environ, "HF_HUB_CACHE": str(hub)}
    for name in ("small", "org/small"):
        done = p.run("tokenize", "--model", name, "The old king", env=environment)
        assert done.stdout.decode() == p.output("tokenize", "The old king"), done
    p.refuses(("info", "--model", "large"), "large: no such folder", "which has org/small",
              env=environment)


def test_missing_folder(p):
    p.refuses_folder(p.scratch / "nowhere", p.scratch / "nowhere", "no such folder")
    p.refuses_folder(p.bundled / "config.json", "config.json", "not a folder")


def test_empty_folder(p):
    folder = p.new_folder()
    p.refuses_folder(folder, folder / "config.json")
    p.refuses_folder(p.copy(without=["model.safetensors"]), "model.safetensors")


def test_config(p):
    folder = p.copy()
    (folder / "config.json").write_text('{"n_layer": 6,\n oops}')
    p.refuses_folder(folder, folder / "config.json", "line 2", "not JSON")
    (folder / "config.json").write_text("[1, 2]")
    p.refuses_folder(folder, folder / "config.json", "object")
    for key in ("n_layer", "n_head", "n_embd", "vocab_size"):
        for value in (..., 0, -1, 1.5, "6", 10 ** 30):
            folder = p.copy()
            p.refuses_folder(folder, edit_config(folder, **{key: value}), key)
    folder = p.copy()
    p.refuses_folder(folder, edit_config(folder, n_head=7), "n_head", "7")


def test_other_architectures(p):
    for architecture in ("llama", "gpt_neo", "bert"):
        folder = p.copy()
        file = edit_config(folder, model_type=architecture)
        p.refuses_folder(folder, file, f'"{architecture}"', "gpt2")
    folder = p.copy()
    p.refuses_folder(folder, edit_config(folder, activation_function="mish"), "mish", "relu")


def test_pickle(p):
    for name in ("pytorch_model.bin", "model.pt"):
        folder = p.copy(without=["model.safetensors"])
        (folder / name).write_bytes(b"\x80\x02}q\x00.")
        p.refuses_folder(folder, folder / name, "pickle", "save_pretrained")


def test_other_formats(p):
    for name, word in (("ckpt.pt", "nanoGPT"), ("adapter_model.safetensors", "LoRA"),
                       ("tf_model.h5", "Keras"), ("flax_model.msgpack", "Flax"),
                       ("model-q4.gguf", "llama.cpp")):
        for folder in (p.copy(without=["model.safetensors"]), p.new_folder()):
            (folder / name).write_bytes(b"x")
            p.refuses_folder(folder, folder, name, word)
    trained = p.new_folder()
    shutil.copytree(p.bundled, trained / "checkpoint-500")
    p.refuses_folder(trained, trained / "checkpoint-500")


def test_folder_of_the_cache(p):
    """models--OWNER--NAME itself opens the snapshot that main refers to."""
    folder = p.new_folder() / "models--me--toy"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text("abc")
    shutil.copytree(p.bundled, folder / "snapshots" / "abc")
    (folder / "snapshots" / "older").mkdir()
    assert "parameters" in p.output("info", "--model", folder)


def test_links_that_lead_nowhere(p):
    for target in ("model.safetensors", "gone"):
        folder = p.copy(without=("model.safetensors",))
        (folder / "model.safetensors").symlink_to(target)
        p.refuses_folder(folder, folder / "model.safetensors", "cannot be read")


def test_names_with_control_characters(p):
    folder = p.copy()
    edit_config(folder, name="x\x1b]0;owned\x07\x1b[31m\ny")
    said = p.output("info", "--model", folder)
    assert "\x1b" not in said and "\x07" not in said and "\\x1B" in said, said
    assert json.loads(p.output("info", "--json", "--model", folder))["name"].startswith("x\x1b")


def test_truncated_weights(p):
    whole = (p.bundled / "model.safetensors").read_bytes()
    (header,) = struct.unpack_from("<Q", whole)
    for size in (0, 4, 8, 100, 8 + header, len(whole) // 2, len(whole) - 1):
        folder = p.copy()
        (folder / "model.safetensors").write_bytes(whole[:size])
        p.refuses_folder(folder, folder / "model.safetensors")


def test_header_longer_than_file(p):
    folder = p.copy()
    file = folder / "model.safetensors"
    for claim in (file.stat().st_size, 1 << 40, (1 << 64) - 1):
        raw = bytearray(file.read_bytes())
        struct.pack_into("<Q", raw, 0, claim)
        file.write_bytes(raw)
        p.refuses_folder(folder, file, "header", claim)
    file.write_bytes(struct.pack("<Q", 7) + b"{oops!}" + bytes(64))
    p.refuses_folder(folder, file, "JSON")


def test_offsets(p):
    def offsets(begin, end):
        def change(header):
            header["h.1.ln_1.bias"]["data_offsets"] = [begin, end]
        return change

    def overlap(header):
        header["h.1.ln_1.bias"]["data_offsets"] = header["h.1.ln_1.weight"]["data_offsets"]

    first = ('"h.1.ln_1.bias"',)
    for change in (offsets(1 << 40, (1 << 40) + 512), offsets(512, 0), offsets(-512, 0),
                   offsets(0, 3), offsets("0", "512"), overlap):
        folder = p.copy()
        p.refuses_folder(folder, edit_header(folder, change), *first)


def test_dtype(p):
    for dtype in ("I64", "U8", "Q4"):
        def change(header, dtype=dtype):
            entry = header["h.0.ln_1.weight"]
            size = {"I64": 8, "U8": 1}.get(dtype, 2)
            # As many elements as the bytes hold, so that the dtype is all that is wrong.
            begin, end = entry["data_offsets"]
            entry.update(dtype=dtype, shape=[(end - begin) // size])
        folder = p.copy()
        p.refuses_folder(folder, edit_header(folder, change), '"h.0.ln_1.weight"', dtype)


def test_shapes(p):
    def swap(header):
        header["h.2.mlp.c_fc.weight"]["shape"].reverse()

    folder, width = p.copy(), p.config["n_embd"]
    p.refuses_folder(folder, edit_header(folder, swap), '"h.2.mlp.c_fc.weight"', "shape",
                     f"[{4 * width}, {width}]", f"[{width}, {4 * width}]")
    for key, value, tensor in (("vocab_size", 2000, "wte.weight"), ("n_positions", 8, "wpe.weight"),
                               ("n_embd", 80, "wte.weight"), ("n_inner", 8, "mlp.c_fc.weight")):
        folder = p.copy()
        edit_config(folder, **{key: value})
        p.refuses_folder(folder, folder / "model.safetensors", tensor, "shape")


def test_missing_tensor(p):
    for name in ("wte.weight", "h.5.attn.c_proj.bias", "ln_f.weight"):
        folder = p.copy()
        file = edit_header(folder, lambda header: header.pop(name))
        p.refuses_folder(folder, file, f'"{name}"', "missing")
    folder = p.copy()
    edit_config(folder, n_layer=7)
    p.refuses_folder(folder, folder / "model.safetensors", '"h.6.ln_1.weight"', "missing")
    folder = p.copy()
    edit_config(folder, tie_word_embeddings=False)
    p.refuses_folder(folder, folder / "model.safetensors", '"lm_head.weight"', "missing")


def test_sharded(p):
    folder = p.copy()
    (folder / "model.safetensors").rename(folder / "model-00001-of-00001.safetensors")
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"wte.weight": "model-00001-of-00001.safetensors"}}))
    same = ("--model", folder, *PROMPT, "--steps", "5")
    assert p.generated(*same) == p.generated(*PROMPT, "--steps", "5")
    index.write_text(json.dumps({"weight_map": {"wte.weight": "gone.safetensors"}}))
    p.refuses_folder(folder, "gone.safetensors")
    index.write_text(json.dumps({"weight_map": {"wte.weight": "../model.safetensors"}}))
    p.refuses_folder(folder, index, "same folder")
    index.write_text("{}")
    p.refuses_folder(folder, index, "weight_map")


def test_tokenizer_files(p):
    folder = p.copy()
    (folder / "merges.txt").write_text("#version: 0.2\na b c\n")
    p.refuses_folder(folder, folder / "merges.txt", "line 2")
    (folder / "merges.txt").unlink()
    p.refuses_folder(folder, folder / "merges.txt", "missing")
    (folder / "vocab.json").write_text('{"a": -1}')
    p.refuses_folder(folder, folder / "vocab.json", '"a"')


if __name__ == "__main__":
    main(globals())
