"""The ways in which a checkpoint of the same numbers is written: prefixes, transposed or double
matrices, a head alone, tensors of others, shards; and which tokens end its texts.

usage: test_layouts.py PROGRAM BUNDLED_MODEL
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent / "reference"))
from make_random_model import make, write_safetensors  # noqa: E402

from program import main  # noqa: E402

LINEAR = ("c_attn.weight", "c_proj.weight", "c_fc.weight")
RUN = ("--ids", "3,1,4,1,5", "--steps", "6", "--print", "ids")


def read(folder):
    """name -> float32 array."""
    raw = (folder / "model.safetensors").read_bytes()
    size = int.from_bytes(raw[:8], "little")
    tensors = {}
    for name, entry in json.loads(raw[8:8 + size]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(raw[8 + size + begin:8 + size + end], "<f4").reshape(entry["shape"])
    return tensors


def write(path, tensors, dtype="F32"):
    kind = {"F32": "<f4", "F64": "<f8"}[dtype]
    write_safetensors(path, {name: (dtype, values.shape, np.ascontiguousarray(values, kind).tobytes())
                             for name, values in tensors.items()})


def original(p, **config):
    folder = p.new_folder()
    make(folder, 2, 2, 16, 50, 32, 7)
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}))
    return folder


def rewritten(p, change, dtype="F32"):
    folder = original(p)
    write(folder / "model.safetensors", change(read(folder)), dtype)
    return folder


def ids(p, folder, *flags, notes=()):
    done = p.run("generate", "--model", folder, *RUN, *flags)
    said = done.stderr.decode()
    assert done.returncode == 0, said
    assert bool(said) == bool(notes) and all(note in said for note in notes), said
    return done.stdout


def test_same_numbers_however_written(p):
    same = ids(p, original(p))
    half = ids(p, original(p), "--precision", "f16")
    prefixed = lambda prefix: lambda tensors: {prefix + name: values for name, values in tensors.items()}
    for prefix in ("transformer.", "_orig_mod.", "module.transformer.", "model.",
                   "_orig_mod.module.model.transformer."):
        assert ids(p, rewritten(p, prefixed(prefix))) == same, prefix
    turned = lambda tensors: {name: values.T if name.endswith(LINEAR) else values
                              for name, values in tensors.items()}
    assert ids(p, rewritten(p, turned), notes=("[out, in]", "transposed")) == same
    assert ids(p, rewritten(p, turned), "--precision", "f16", notes=("transposed",)) == half
    assert ids(p, rewritten(p, dict, "F64")) == same
    assert ids(p, rewritten(p, dict, "F64"), "--precision", "f16") == half
    head = lambda tensors: {"lm_head.weight" if name == "wte.weight" else name: values
                            for name, values in tensors.items()}
    assert ids(p, rewritten(p, head)) == same
    mixed = lambda tensors: {name: values.T if name == "h.1.mlp.c_fc.weight" else values
                             for name, values in tensors.items()}
    p.refuses(("generate", "--model", rewritten(p, mixed), *RUN), "h.1.mlp.c_fc.weight", "shape")


def test_tensors_of_others_are_named(p):
    more = lambda tensors: {**tensors, "score.weight": np.zeros((2, 16)), "v_head.bias": np.zeros(1),
                            "h.0.attn.bias": np.zeros((1, 1, 32, 32)),
                            "h.0.attn.masked_bias": np.zeros(())}
    assert ids(p, rewritten(p, more), notes=("2 tensors", "score.weight, v_head.bias")) == \
        ids(p, original(p))
    twice = lambda tensors: {**tensors, "transformer.wte.weight": np.zeros((50, 16))}
    assert ids(p, rewritten(p, twice), notes=("1 tensor", "transformer.wte.weight")) == \
        ids(p, original(p))


def test_an_index_binds_tensors_to_files(p):
    folder = original(p)
    tensors = read(folder)
    (folder / "model.safetensors").unlink()
    names = sorted(tensors)
    stale = {name: np.zeros_like(tensors[name]) for name in names[::2]}
    write(folder / "a.safetensors", {**{n: tensors[n] for n in names[1::2]}, **stale})
    write(folder / "b.safetensors", {n: tensors[n] for n in names[::2]})
    where = {n: "b.safetensors" if i % 2 == 0 else "a.safetensors" for i, n in enumerate(names)}
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": where}))
    assert ids(p, folder) == ids(p, original(p)), "a stale copy was read"
    index.write_text(json.dumps({"weight_map": {**where, names[1]: "b.safetensors"}}))
    p.refuses(("generate", "--model", folder, *RUN), "b.safetensors", names[1], index.name)


def ends(p, folder, *flags):
    done = p.run("generate", "--model", folder, "--ids", "3,1,4,1,5", "--steps", "12", "--print", "ids",
                 *flags)
    assert done.returncode == 0, done.stderr
    return [int(id) for id in done.stdout.decode().split(",")], done.stderr.decode()


def test_end_tokens(p):
    path, _ = ends(p, original(p))
    third = path[2]
    count = path.index(third) + 1
    for config, generation in (({"eos_token_id": third}, None), ({"eos_token_id": [49, third]}, None),
                               ({"eos_token_id": 49}, {"eos_token_id": third}),
                               ({"eos_token_id": 49}, {"eos_token_id": [third, 48]}),
                               ({"eos_token_id": third}, {"eos_token_id": None}),
                               ({"eos_token_id": third}, {"pad_token_id": 1})):
        folder = original(p, **config)
        if generation is not None:
            (folder / "generation_config.json").write_text(json.dumps(generation))
        assert ends(p, folder, "--stop-at-end")[0] == path[:count], (config, generation)
        assert ends(p, folder)[0] == path and ends(p, folder, "--no-stop")[0] == path
        # An export ends there by itself, and says so.
        out = folder / "run.csv"
        done = p.run("export", "--model", folder, "--ids", "3,1,4,1,5", "--steps", "12", "-o", out)
        assert done.returncode == 0 and b"the model ended the text" in done.stderr, done.stderr
        steps = {line.split(",")[0] for line in out.read_text().splitlines()[1:]}
        assert len(steps) == count + 1, (steps, count)
        p.output("export", "--model", folder, "--ids", "3,1,4,1,5", "--steps", "12", "--no-stop", "-o",
                 folder / "on.csv")
    for nothing in (None, 50256, "x"):
        said = ends(p, original(p, eos_token_id=nothing), "--stop-at-end")
        assert said[0] == path and "no token that ends a text" in said[1], said
    p.refuses(("generate", "--stop-at-end", "--no-stop"), "--no-stop", status=2)


def test_numbers_that_json_has_not(p):
    folder = original(p)
    path = folder / "config.json"
    text = path.read_text().replace("{", '{"summary": NaN, "a": [Infinity, -Infinity, "NaN \\" NaN"], ', 1)
    path.write_text(text)
    assert ids(p, folder) == ids(p, original(p))
    path.write_text(path.read_text().replace('"n_layer": 2', '"n_layer": NaN'))
    p.refuses(("generate", "--model", folder, *RUN), "config.json", "n_layer", "NaN")


def test_what_is_no_regular_file(p):
    folder = original(p)
    for name in ("config.json", "model.safetensors", "generation_config.json", "tokenizer.json"):
        broken = original(p)
        (broken / name).unlink(missing_ok=True)
        os.mkfifo(broken / name)
        run = ("generate", "--model", broken, "--prompt", "a", "--steps", "1")
        p.refuses(run, name, "not a regular file")
    os.mkfifo(folder / "run.stepscope.json")
    for run in (("generate", "--run", folder / "run.stepscope.json"),
                ("generate", "--prompt-file", folder / "run.stepscope.json"),
                ("lessons", folder / "run.stepscope.json"), ("info", folder / "run.stepscope.json")):
        p.refuses(run, "run.stepscope.json")
    p.refuses(("generate", "--prompt-file", folder), "is a folder")


def test_large_json_takes_no_long_time(p):
    """A parser that looks through the parent after each child took minutes for these."""
    folder = p.new_folder()
    (folder / "run.stepscope.json").write_text('{"schema_version": 3, "x": [' + '{"a":1},' * 1500000 + "{}]}")
    p.refuses(("generate", "--run", folder / "run.stepscope.json"), "run.stepscope.json")
    (folder / "config.json").write_text("[" * 100000)
    p.refuses(("info", folder), "config.json", "nests too deep")
    (folder / "config.json").write_text("[" + "0," * 9000000 + "0]")
    p.refuses(("info", folder), "config.json", "too many values")


def test_the_cache_by_its_older_name(p):
    hub = p.new_folder()
    snapshot = hub / "models--org--small" / "snapshots" / "1234abcd"
    snapshot.mkdir(parents=True)
    for file in original(p).iterdir():
        (snapshot / file.name).write_bytes(file.read_bytes())
    env = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGINGFACE_"))}
    done = p.run("generate", "--model", "org/small", *RUN, env={**env, "HUGGINGFACE_HUB_CACHE": str(hub)})
    assert done.returncode == 0 and done.stdout == ids(p, original(p)), done.stderr


if __name__ == "__main__":
    main(globals())
