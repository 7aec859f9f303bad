"""What tests of `stepscope get` share: the program, an empty cache, and a hub on this machine.
Standard library only.
"""

import os
import subprocess
from pathlib import Path

from hub_server import COMMIT, Hub, file_hash, small_model
from program import PROMPT

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
# What would lead elsewhere than to the hub of the test.
ELSEWHERE = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
             "CURL_CA_BUNDLE", "SSL_CERT_FILE", "XDG_CACHE_HOME")
RUN = (*PROMPT, "--steps", "3")


def hub_environment(hub, home, **more):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("HF_", "HUGGING", "TRANSFORMERS_")) and name not in ELSEWHERE}
    return dict(env, HF_ENDPOINT=hub.address(), HF_HOME=str(home), no_proxy="*", **more)


class Case:
    """A hub that serves the bundled model as "small", an empty cache, and the program."""

    def __init__(self, program, bundled, scratch):
        self.program, self.bundled = os.path.abspath(program), Path(bundled).absolute()
        self.home = Path(scratch)
        self.files = small_model(bundled)
        self.hub = Hub({"small": self.files, "org/small": self.files})
        self.env = hub_environment(self.hub, self.home)

    def close(self):
        self.hub.close()

    def start(self, *arguments, **env):
        """None instead of a value takes a variable away."""
        env = {name: value for name, value in {**self.env, **env}.items() if value is not None}
        return subprocess.Popen([self.program, *map(str, arguments)], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env,
                                cwd=self.home)

    def run(self, *arguments, **env):
        process = self.start(*arguments, **env)
        out, err = process.communicate(timeout=120)
        return process.returncode, out.decode(), err.decode()

    def get(self, name="small", **env):
        """Must succeed; stderr."""
        status, out, err = self.run("get", name, **env)
        assert status == 0, err
        assert out == f"{self.snapshot(name)}\n", out
        self.check_whole(name)
        return err

    def refuses(self, name, *words, **env):
        """Must fail with one line, and leave nothing that can be opened."""
        status, out, err = self.run("get", name, **env)
        assert (status, out) == (1, ""), (status, out, err)
        last = err.splitlines()[-1]
        assert last.startswith("stepscope: "), err
        for word in words:
            assert word in last, f"no {word!r} in {last!r}"
        assert not (self.snapshot(name) / WEIGHTS).exists()
        assert not (self.folder(name) / "refs/main").exists()
        return last

    def folder(self, name="small"):
        return self.home / "hub" / ("models--" + name.replace("/", "--"))

    def snapshot(self, name="small"):
        return self.folder(name) / "snapshots" / COMMIT

    def blob(self, name="small"):
        return self.folder(name) / "blobs" / file_hash(WEIGHTS, self.files[WEIGHTS])

    def part(self, name="small"):
        return Path(str(self.blob(name)) + ".incomplete")

    def check_whole(self, name="small"):
        """As Hugging Face's programs lay it out, every byte of it."""
        snapshot = self.snapshot(name)
        assert (self.folder(name) / "refs/main").read_text() == COMMIT
        files = self.hub.models[self.hub.renamed.get(name, name)]
        wanted = [file for file in files if file != "README.md"]
        names = sorted(p.name for p in snapshot.iterdir())
        assert names == sorted(wanted), names
        for file in wanted:
            link = os.readlink(snapshot / file)
            assert link == f"../../blobs/{file_hash(file, files[file])}", link
            assert (snapshot / file).read_bytes() == files[file], file
        left = [p.name for p in (self.folder(name) / "blobs").iterdir() if "." in p.name]
        assert not left, left

    def store_gets(self):
        return self.hub.asked(WEIGHTS, "GET", "store")

    def megabytes(self, *files, there=0):
        """The files' size without the bytes that are there, as the program writes it."""
        return f"{(sum(len(self.files[file]) for file in files) - there) / 1e6:.2f}"

    def seed_part(self, size=2000000):
        """As an earlier attempt leaves it."""
        self.part().parent.mkdir(parents=True, exist_ok=True)
        self.part().write_bytes(self.files[WEIGHTS][:size])
