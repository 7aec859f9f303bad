"""`stepscope get` against a hub on this machine that lies, and what it refuses.
Standard library only.

usage: test_get_refused.py PROGRAM BUNDLED_MODEL
"""

import fcntl
import json
import os
import pty
import pwd
import shutil
import socket
import socketserver
import struct
import termios
import threading

from get_case import INDEX, RUN, WEIGHTS, Case
from hub_server import COMMIT, PROXIED, file_hash
from program import main

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


def test_impossible_sizes(c):
    for size in ((1 << 64) - 1, 1 << 64, 1 << 63, -1):
        c.hub.stated = {WEIGHTS: size}
        c.refuses("small", WEIGHTS, "cannot be right" if size > 0 else "size")
    c.hub.stated = {WEIGHTS: (1 << 63) - 1}
    c.refuses("small", "cannot be right")
    c.hub.stated = {WEIGHTS: (1 << 63) - 100000000}
    c.refuses("small", "free", "needs")
    files = {name: data for name, data in c.files.items() if name != WEIGHTS}
    shards = {f"{i}.safetensors": bytes([i]) for i in (1, 2)}
    index = {"weight_map": {name: name for name in shards}}
    c.hub.models["two"] = {**files, **shards, INDEX: json.dumps(index).encode()}
    c.hub.stated = {name: 1 << 62 for name in shards}
    c.refuses("two", "cannot be right")
    assert not c.hub.asked(host="store")
    c.hub.stated = {}
    c.hub.endless = True
    c.refuses("small", WEIGHTS, "more")
    assert not c.part().exists()


def test_hashes_that_check_nothing(c):
    for file, name in ((WEIGHTS, "x"), (WEIGHTS, "a" * 40), (WEIGHTS, "x" * 64),
                       ("vocab.json", "a" * 39), ("vocab.json", "x" * 40)):
        c.hub.hashes = {file: name}
        c.refuses("small", file, "hash", "checked")
    c.hub.hashes = {"vocab.json": file_hash("merges.txt", c.files["merges.txt"])}
    c.refuses("small", "another size")
    assert not c.hub.asked(host="store")


def test_same_bytes_twice(c):
    same = c.files["vocab.json"]
    c.hub.models["twice"] = {**c.files, "added_tokens.json": same}
    status, _, err = c.run("get", "twice")
    assert status == 0 and f"5 files, {c.megabytes(*c.files)} MB" in err, err
    c.check_whole("twice")
    assert len(c.hub.asked("vocab.json", "GET") + c.hub.asked("added_tokens.json", "GET")) == 1


def test_hostile_shards(c):
    files = {name: data for name, data in c.files.items() if name != WEIGHTS}
    for i, shard in enumerate(("../../evil.safetensors", "/tmp/evil.safetensors", "a?b.safetensors",
                               ".hidden.safetensors", "evil.bin", 7)):
        index = json.dumps({"weight_map": {"wte": shard}}).encode()
        c.hub.models[f"evil{i}"] = {**files, INDEX: index}
        c.refuses(f"evil{i}", INDEX)
    c.hub.models["no-map"] = {**files, INDEX: b"[]"}
    c.refuses("no-map", "weight_map")
    c.hub.models["no-shards"] = {**files, INDEX: b'{"weight_map": {}}'}
    c.refuses("no-shards", "names no shards")


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


def test_endpoint(c):
    good = c.hub.address()
    host = good.removeprefix("http://")
    for value in ("http://127.0.0.1:99999", "http://127.0.0.1:0", "http://127.0.0.1:x", "http://",
                  "http://[::1", good + " ", " " + good, "http://\n" + host, good + "/a b",
                  good + "?x=1", good + "#x", "file:///etc", host, "http:/" + host, "http:" + host):
        last = c.refuses("small", HF_ENDPOINT=value)
        assert last.startswith("stepscope: HF_ENDPOINT: "), last
    assert not c.hub.requests
    c.get(HF_ENDPOINT=f"HTTP://{host}//")


def test_password_in_endpoint(c):
    secret = c.hub.address().replace("://", "://user:s3cret@")
    def refused(name, **env):
        last = c.refuses(name, **{"HF_ENDPOINT": secret, **env})
        assert "s3cret" not in last, last
        return last
    for value in (":99999", ":0", " ", "?x", "#x"):
        refused("small", HF_ENDPOINT="http://user:s3cret@127.0.0.1" + value)
    refused("nowhere")
    c.hub.gated = {"small"}
    assert f"{c.hub.address()}/small" in refused("small")
    c.hub.gated = set()
    c.hub.listing = b"hello"
    refused("small")
    c.hub.listing = None
    proxied = {"HF_ENDPOINT": PROXIED, "no_proxy": None}
    for proxy in ("foo://u:s3cret@x", "http://u:s3cret@127.0.0.1:1", "http://u:s3cret@[",
                  "http://u:s3cret@proxy.invalid"):
        assert "http_proxy" in refused("small", http_proxy=proxy, **proxied)
    assert "s3cret" not in c.get(HF_ENDPOINT=secret)
    c.hub.close()
    refused("org/small")


def test_proxy_that_is_not_there(c):
    c.refuses("small", "does not answer", "the proxy 127.0.0.1 that http_proxy names",
              HF_ENDPOINT=PROXIED, http_proxy="127.0.0.1:1", no_proxy="127.0.0.1, .example")
    last = c.refuses("small", "cannot be found", HF_ENDPOINT=PROXIED, http_proxy="127.0.0.1:1",
                     no_proxy="x, invalid")
    assert "proxy" not in last, last


class Speaker(socketserver.ThreadingTCPServer):
    """Says the same to everybody, and reads nothing else."""
    daemon_threads = True

    def __init__(self, said):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.sendall(said)
                self.request.shutdown(socket.SHUT_WR)
                while self.request.recv(65536):
                    pass
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


def test_no_http(c):
    for said in (b"SSH-2.0-OpenSSH_9.2\r\n", b"\xff\x1b[31mgarbage\r\n\r\n"):
        with Speaker(said) as other:
            c.refuses("small", "127.0.0.1: does not answer as the hub does",
                      HF_ENDPOINT=other.address)
            c.seed_part()
            c.hub.leads_to = other.address
            c.refuses("small", "does not answer as the hub does", f"2.00 of {c.megabytes(WEIGHTS)} MB", "goes on")
            other.shutdown()


def test_drip(c):
    c.hub.drips = True
    c.refuses("small", "too slowly", "4 seconds", HF_HUB_DOWNLOAD_TIMEOUT="1")


def test_bar_fits(c):
    c.hub.hold_at = 1000000
    for columns in (40, 60, 80, 10):
        c.hub.go_on.clear()
        threading.Timer(1.5, c.hub.go_on.set).start()
        pid, terminal = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            os.execve(c.program, [c.program, "get", "small"], c.env)
        said = b""
        try:
            while more := os.read(terminal, 65536):
                said += more
        except OSError:
            pass  # it has ended
        os.close(terminal)
        assert os.waitpid(pid, 0)[1] == 0, said
        lines = [line.split(b"\r")[0] for line in said.split(b"\r\x1b[K")[1:]]
        whole = f" of {c.megabytes(*c.files)}".encode()
        bars = [line for line in lines if whole in line or columns < 20]
        assert bars and max(map(len, bars[:-1])) < columns, (columns, bars)
        assert (b"[#" in b"".join(bars)) == (columns >= 40), bars
        shutil.rmtree(c.folder())


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
    token = c.home / ".cache" / "huggingface" / "token"
    token.parent.mkdir(parents=True)
    token.write_text("of-whoever-has-this-folder")
    nowhere = {"HOME": None, "HF_HOME": None}
    c.get(HF_HUB_CACHE=str(c.home / "hub"), **nowhere)
    assert not [r for r in c.hub.requests if r.token and "whoever" in r.token]
    # The password database knows where the home is. Nothing is fetched to there.
    for home in (None, ""):
        err = c.run("info", "--model", "owner/none", HOME=home, HF_HOME=None)[2]
        assert f"{pwd.getpwuid(os.getuid()).pw_dir}/.cache/huggingface/hub" in err, err


def test_tilde(c):
    home = {"HOME": str(c.home), "HF_HOME": "~", "HF_TOKEN_PATH": "~/mine"}
    (c.home / "mine").write_text("secret")
    c.hub.needs_token = {"small": "secret"}
    c.get(**home)
    assert c.run("info", "--model", "small", **home)[0] == 0
    status, out, err = c.run("get", "small", **{**home, "HF_HUB_CACHE": "~/other"})
    assert status == 0 and out.startswith(f"{c.home}/other/models--small/"), err
    assert not (c.home / "~").exists()


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
