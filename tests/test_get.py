"""`stepscope get` against a hub on this machine: whole downloads, broken ones, and servers that lie.
Standard library only.

usage: test_get.py PROGRAM BUNDLED_MODEL
"""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

from hub_server import COMMIT, PROXIED, Hub, file_hash, small_model
from test_cli import PROMPT, main
from tools import need_for_test

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
        assert sorted(p.name for p in snapshot.iterdir()) == sorted(wanted), list(snapshot.iterdir())
        for file in wanted:
            link = os.readlink(snapshot / file)
            assert link == f"../../blobs/{file_hash(file, files[file])}", link
            assert (snapshot / file).read_bytes() == files[file], file
        left = [p.name for p in (self.folder(name) / "blobs").iterdir() if "." in p.name]
        assert not left, left

    def store_gets(self):
        return self.hub.asked(WEIGHTS, "GET", "store")


# ------------------------------------------------------------------------------ as it should be

def test_whole(c):
    err = c.get()
    assert "small: 4 files, 3.01 MB, to " in err, err
    assert "stepscope --model small" in err, err
    assert "\r" not in err and "\033" not in err, "no bar where nobody watches"
    status, out, err = c.run("generate", "--model", "small", *RUN)
    assert status == 0, err
    assert out == c.run("generate", "--model", c.bundled, *RUN)[1]
    assert len(c.store_gets()) == 1


def test_again(c):
    c.get()
    c.hub.requests.clear()
    assert "all in the cache already" in c.get()
    assert [r.path for r in c.hub.asked(method="GET")] == ["/api/models/small/revision/main"]


def test_cut_short_in_the_cache(c):
    c.get()
    for size in (0, 1000000):
        os.truncate(c.blob(), size)
        c.hub.requests.clear()
        assert "of which 2.98 MB to come" in c.get()
        assert len(c.store_gets()) == 1
    # A copy where there are no links.
    copy = c.snapshot() / WEIGHTS
    copy.unlink()
    copy.write_bytes(c.files[WEIGHTS][:1000])
    c.hub.requests.clear()
    c.get()
    assert not c.store_gets(), "the blob is whole"


def test_owner_and_renamed(c):
    c.get("org/small")
    assert not c.folder("small").exists()
    c.hub.renamed = {"little": "org/small"}
    c.get("little")
    assert c.run("tokenize", "--model", "little", "king")[0] == 0


def test_relayed_small_files(c):
    c.hub.relays = True
    c.get(HF_TOKEN="secret")
    assert c.hub.asked("/relay/small/vocab.json", "GET"), c.hub.requests


def test_blobs_are_used_again(c):
    c.get()
    shutil.rmtree(c.snapshot())
    c.hub.requests.clear()
    c.get()
    assert not c.hub.asked(method="GET", ending=WEIGHTS), c.hub.requests


def test_shards(c):
    shards = {f"model-{i}-of-2.safetensors": bytes([i]) * 100000 for i in (1, 2)}
    files = {name: data for name, data in c.files.items() if name != WEIGHTS}
    index = {"weight_map": {f"tensor{i}": name for i, name in enumerate([*shards, *shards])}}
    c.hub.models["sharded"] = {**files, **shards, INDEX: json.dumps(index).encode()}
    c.hub.hold_at = 50000
    process = c.start("get", "sharded")
    assert c.hub.held.wait(60)
    assert not (c.snapshot("sharded") / INDEX).exists(), "not to be opened yet"
    c.hub.go_on.set()
    assert process.wait(60) == 0, process.stderr.read()
    c.check_whole("sharded")


def test_single_file_before_shards(c):
    c.hub.models["both"] = {**c.files, INDEX: b"{}", "pytorch_model.bin": b"pickle"}
    status, _, err = c.run("get", "both")
    assert status == 0, err
    assert not (c.snapshot("both") / INDEX).exists()
    assert not c.hub.asked(".bin")


def test_token(c):
    c.hub.needs_token = {"small": "secret"}
    c.refuses("small", "HF_TOKEN")
    c.refuses("small", "HF_TOKEN", HF_TOKEN="another")
    c.hub.requests.clear()
    c.get(HF_TOKEN="secret")
    assert {r.token for r in c.hub.asked(host="hub")} == {"Bearer secret"}
    assert c.store_gets() and {r.token for r in c.hub.asked(host="store")} == {None}


def test_token_file(c):
    c.hub.needs_token = {"small": "secret", "org/small": "other"}
    (c.home / "token").write_text("secret\n")
    c.get()
    other = c.home / "other-token"
    other.write_text("other")
    c.get("org/small", HF_TOKEN_PATH=str(other))
    assert {r.token for r in c.hub.asked(host="store")} == {None}
    status, _, err = c.run("get", "small", HF_TOKEN="a\nb")
    assert status == 1 and "HF_TOKEN" in err, err


def test_https(c):
    need_for_test("openssl")  # to make a certificate
    certificate = c.home / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", certificate, "-out", c.home / "public.pem"],
                   check=True, capture_output=True)
    certificate.write_bytes(certificate.read_bytes() + (c.home / "public.pem").read_bytes())
    hub = Hub(c.hub.models, certificate)
    try:
        trusted = {"HF_ENDPOINT": hub.address(), "SSL_CERT_FILE": str(c.home / "public.pem")}
        c.refuses("small", "cannot prove", "SSL_CERT_FILE", HF_ENDPOINT=hub.address())
        assert not hub.requests
        hub.leads_to = f"{c.hub.address('store')}/files/small/{WEIGHTS}"
        c.refuses("small", "no https", **trusted)
        assert not c.hub.requests, "never from https to http"
        hub.leads_to = None
        c.get(**trusted)
    finally:
        hub.close()


def test_proxy(c):
    c.get(HF_ENDPOINT=PROXIED, http_proxy=c.hub.address(), no_proxy="127.0.0.1")
    assert len(c.hub.asked(host="proxy")) > 4 and not c.hub.asked(host="hub")
    assert len(c.store_gets()) == 1


# ------------------------------------------------------------------------------------ it breaks off

def test_killed(c):
    c.hub.hold_at = 1000000
    process = c.start("get", "small")
    assert c.hub.held.wait(60)
    while not c.part().exists() or c.part().stat().st_size < 1000000:
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not c.blob().exists() and not (c.snapshot() / WEIGHTS).exists()
    status, _, err = c.run("info", "--model", "small")
    assert status == 1 and "no such model" in err, err
    c.hub.go_on.set()
    c.hub.requests.clear()
    err = c.get()
    assert "of which 1.98 MB to come" in err, err
    assert [r.range for r in c.store_gets()] == ["bytes=1000000-"], c.hub.requests


def test_interrupted(c):
    c.hub.hold_at = 1000000
    process = c.start("get", "small")
    assert c.hub.held.wait(60)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, process.returncode
    assert b"`stepscope get small` goes on" in err, err
    assert c.part().exists() and not (c.folder() / "refs/main").exists()
    c.hub.go_on.set()
    c.get()


def test_cut_connection(c):
    c.hub.cuts = [1000000, 500000]
    c.get()
    assert [r.range for r in c.store_gets()] == [None, "bytes=1000000-", "bytes=1500000-"]


def test_cut_for_good(c):
    c.hub.cuts = [1000000] + 10 * [0]
    c.refuses("small", "the connection broke", "1.00 of 2.98 MB", "goes on")
    assert c.part().stat().st_size == 1000000
    c.hub.cuts = []
    c.get()
    assert c.store_gets()[-1].range == "bytes=1000000-"


def test_stalled(c):
    c.hub.hold_at = 1000000
    process = c.start("get", "small", HF_HUB_DOWNLOAD_TIMEOUT="1")
    assert c.hub.held.wait(60)
    while len(c.store_gets()) < 2:
        assert process.poll() is None
    c.hub.go_on.set()
    assert process.wait(60) == 0, process.stderr.read()
    c.check_whole()


def test_no_ranges(c):
    c.hub.knows_ranges = False
    c.hub.cuts = [1000000]
    c.get()
    assert [(r.range, r.status) for r in c.store_gets()] == [(None, 200), ("bytes=1000000-", 200)]


def test_damaged_part(c):
    c.hub.cuts = [1000000] + 10 * [0]
    c.refuses("small", "goes on")
    with c.part().open("r+b") as part:
        part.write(b"damaged")
    c.hub.cuts = []
    c.get()
    c.hub.requests.clear()
    shutil.rmtree(c.folder())
    c.blob().parent.mkdir(parents=True)
    c.part().write_bytes(bytes(2 * len(c.files[WEIGHTS])))  # longer than the file
    c.get()
    assert [r.range for r in c.store_gets()] == [None]


def test_passing_trouble(c):
    c.hub.status = {f"files/small/{WEIGHTS}": 503}
    process = c.start("get", "small")
    while not c.store_gets():
        assert process.poll() is None
    c.hub.status = {}
    assert process.wait(60) == 0, process.stderr.read()
    c.check_whole()


def test_trouble_before_the_files(c):
    for trouble in (503, 429, 0):
        config = f"resolve/{COMMIT}/config.json"
        c.hub.troubles = {"/revision/main": 2 * [trouble], config: [trouble], WEIGHTS: [trouble]}
        c.get()
        assert not any(c.hub.troubles.values()), c.hub.troubles
        shutil.rmtree(c.folder())


def test_login_page(c):
    c.hub.cuts = [1000000] + 10 * [0]
    c.refuses("small", "goes on")
    c.hub.cuts = []
    long = 2 * c.files[WEIGHTS]
    for c.hub.page, c.hub.states_length, words in (
            (b"log in", True, ("less", "login")), (long, True, ("more", "login")),
            (b"log in", False, ("1.00 of 2.98 MB",)), (long, False, ("more", "login"))):
        c.refuses("small", WEIGHTS if len(words) > 1 else "goes on", *words)
        assert c.part().read_bytes() == c.files[WEIGHTS][:1000000]
    c.hub.page = None
    c.hub.requests.clear()
    c.get()
    assert [r.range for r in c.store_gets()] == ["bytes=1000000-"]


def test_two_at_once(c):
    c.hub.hold_at = 1000000
    first = c.start("get", "small")
    assert c.hub.held.wait(60)
    second = c.start("get", "small")
    while True:  # until it says so
        line = second.stderr.readline()
        if b"waiting" in line:
            break
        assert line, "the second waits for the first"
    c.hub.go_on.set()
    for process in (first, second):
        assert process.wait(60) == 0, process.stderr.read()
    c.check_whole()
    assert len(c.store_gets()) == 1


# ------------------------------------------------------------------------------- servers that lie

def test_wrong_hash(c):
    damaged = bytearray(c.files[WEIGHTS])
    damaged[-1] ^= 1
    c.hub.sent = {"vocab.json": c.files["vocab.json"].replace(b"a", b"b", 1)}
    c.refuses("small", "vocab.json", "hash")
    c.hub.sent = {WEIGHTS: bytes(damaged)}
    c.refuses("small", WEIGHTS, "hash")
    assert not c.blob().exists() and not c.part().exists()
    c.hub.sent = {}
    c.get()


def test_wrong_size(c):
    for by in (-1000, 1000):
        c.hub.sent = {WEIGHTS: c.files[WEIGHTS] + bytes(by) if by > 0 else c.files[WEIGHTS][:by]}
        c.refuses("small", WEIGHTS, "more" if by > 0 else "less", "bytes that it states")
        assert not c.blob().exists() and not c.part().exists()


def test_hostile_answers(c):
    c.hub.hashes = {WEIGHTS: "../../../evil"}
    c.refuses("small", WEIGHTS, "hash")
    c.hub.hashes = {}
    c.hub.stated = {"vocab.json": 1 << 40}
    c.refuses("small", "vocab.json", "cannot be right")
    c.hub.stated = {WEIGHTS: 1 << 60}
    c.refuses("small", "free", "needs")
    c.hub.stated = {}
    for to in ("file:///etc/passwd", "ftp://127.0.0.1/x"):
        c.hub.leads_to = to
        c.refuses("small", "not followed")
    c.hub.leads_to = c.hub.address() + f"/small/resolve/{COMMIT}/{WEIGHTS}"
    c.refuses("small", "without end")
    assert not list(c.home.rglob("*evil*"))


def test_hostile_shards(c):
    files = {name: data for name, data in c.files.items() if name != WEIGHTS}
    for i, shard in enumerate(("../../evil.safetensors", "/tmp/evil.safetensors", "a?b.safetensors",
                               ".hidden.safetensors", "evil.bin", 7)):
        index = json.dumps({"weight_map": {"wte": shard}}).encode()
        c.hub.models[f"evil{i}"] = {**files, INDEX: index}
        c.refuses(f"evil{i}", INDEX)
    c.hub.models["no-map"] = {**files, INDEX: b"[]"}
    c.refuses("no-map", "weight_map")


def test_names(c):
    for name in ("../small", "a/b/c", "/etc", "small/", "..", "a..b", "a b", "a--b", "", "small?x",
                 "http://127.0.0.1/small"):
        status, out, err = c.run("get", name)
        assert (status, out) == (1, "") and "no model's name" in err, (name, err)
    assert not c.hub.requests
    assert c.run("get")[0] == 2


# ------------------------------------------------------------------------------- what is refused

def test_statuses(c):
    c.refuses("nowhere", "check the name", "HF_TOKEN")
    c.hub.gated = {"small"}
    c.refuses("small", "accept the licence", f"{c.hub.address()}/small")
    c.hub.gated = set()
    for status, word in ((401, "HF_TOKEN"), (403, "licence"), (404, "spelling"), (500, "trouble"),
                         (429, "too often")):
        c.hub.status = {"/revision/main": status}
        c.refuses("small", word)
    c.hub.status = {WEIGHTS: 404}
    c.refuses("small", WEIGHTS)


def test_what_cannot_be_opened(c):
    config = json.loads(c.files["config.json"])
    other = json.dumps({**config, "model_type": "llama"}).encode()
    without = {name: data for name, data in c.files.items() if name != WEIGHTS}
    c.hub.models.update({
        "llama": {**c.files, "config.json": other},
        "pickled": {**without, "pytorch_model.bin": b"pickle"},
        "empty": without,
        "no-config": {WEIGHTS: c.files[WEIGHTS]},
        "bad-config": {**c.files, "config.json": b"{"}})
    c.refuses("llama", "llama", "only GPT-2")
    c.refuses("pickled", "pickle", "pytorch_model.bin")
    c.refuses("empty", "has no model.safetensors")
    c.refuses("no-config", "config.json")
    c.refuses("bad-config", "config.json")
    assert not c.hub.asked(host="store")
    assert not list(c.home.iterdir()), "what is refused leaves nothing"
    (c.folder("llama") / "blobs").mkdir(parents=True)
    c.refuses("llama", "only GPT-2")
    assert (c.folder("llama") / "blobs").exists(), "but what was there before"


def test_no_network(c):
    c.hub.close()
    last = c.refuses("small", "127.0.0.1", "is there a network?")
    assert "can be opened" not in last
    c.refuses("small", "HF_ENDPOINT", HF_ENDPOINT="huggingface.co")


def test_no_network_but_cached(c):
    c.get()
    c.hub.close()
    status, out, err = c.run("get", "small")
    assert (status, out) == (1, "") and err.count("\n") == 1, err
    assert "is there a network?" in err and "stepscope --model small" in err, err


def test_offline(c):
    for value in ("1", "on", "YES", "True", "tRuE"):
        c.refuses("small", "HF_HUB_OFFLINE", HF_HUB_OFFLINE=value)
        c.refuses("small", "TRANSFORMERS_OFFLINE", TRANSFORMERS_OFFLINE=value)
    assert not c.hub.requests
    c.get(HF_HUB_OFFLINE="0", TRANSFORMERS_OFFLINE="1")


def test_timeout(c):
    for value in ("abc", "10s", "-1", "0", "1.5", "99999999999"):
        c.refuses("small", "HF_HUB_DOWNLOAD_TIMEOUT", value, HF_HUB_DOWNLOAD_TIMEOUT=value)
    assert not c.hub.requests
    c.get(HF_HUB_DOWNLOAD_TIMEOUT="7200")


def test_no_home(c):
    cache = c.home / "hub"
    token = c.home / ".cache" / "huggingface" / "token"
    token.parent.mkdir(parents=True)
    token.write_text("of whoever has this folder")
    nowhere = {"HOME": None, "HF_HOME": None}
    c.get(HF_HUB_CACHE=str(cache), **nowhere)
    assert {r.token for r in c.hub.requests} == {None}
    status, _, err = c.run("get", "small", **nowhere)
    assert status == 1 and "HOME" in err, err


def test_no_hub(c):
    c.hub.status = {"/revision/main": 200}  # some text, as the page of a network that wants a login
    c.refuses("small", "does not answer as the hub does", "login", "HF_ENDPOINT")
    c.hub.status = {}
    c.hub.listing = b"[" * 1000000
    c.refuses("small", "does not answer as the hub does")


def test_hint(c):
    status, _, err = c.run("generate", "--model", "gpt2", *RUN)
    assert status == 1 and "`stepscope get gpt2` fetches it" in err, err
    assert not c.hub.requests, "only when asked"


def test_folder_cannot_be_written(c):
    blocked = c.home / "file"
    blocked.write_text("")
    status, _, err = c.run("get", "small", HF_HUB_CACHE=str(blocked))
    assert status == 1 and str(blocked) in err, err


if __name__ == "__main__":
    main(globals(), Case)
