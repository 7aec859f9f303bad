"""`stepscope get` against a hub on this machine: whole downloads and broken ones.
Standard library only.

usage: test_get.py PROGRAM BUNDLED_MODEL
"""

import json
import os
import shutil
import signal
import subprocess

from get_case import INDEX, RUN, WEIGHTS, Case
from hub_server import COMMIT, PROXIED, Hub, file_hash
from program import main
from tools import need_for_test

# ------------------------------------------------------------------------------ as it should be

def test_whole(c):
    err = c.get()
    assert f"small: 4 files, {c.megabytes(*c.files)} MB, to " in err, err
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
        assert f"of which {c.megabytes(WEIGHTS)} MB to come" in c.get()
        assert len(c.store_gets()) == 1
    # A copy where there are no links.
    copy = c.snapshot() / WEIGHTS
    copy.unlink()
    copy.write_bytes(c.files[WEIGHTS][:1000])
    c.hub.requests.clear()
    c.get()
    assert not c.store_gets(), "the blob is whole"


def test_damaged_in_the_cache(c):
    c.get()
    for file in ("config.json", "vocab.json"):
        blob = c.folder() / "blobs" / file_hash(file, c.files[file])
        blob.write_bytes(bytes(len(c.files[file])))
        c.hub.requests.clear()
        c.get()
        assert c.hub.asked(file, "GET")
    assert not c.store_gets()


def test_main_is_no_file(c):
    main = c.folder() / "refs/main"
    main.parent.mkdir(parents=True)
    os.mkfifo(main)
    c.get()
    for to in ("/dev/full", c.home / "victim"):
        main.unlink()
        main.symlink_to(to)
        c.get()
        assert not main.is_symlink() and not (c.home / "victim").exists()
    main.unlink()
    main.mkdir()
    status, _, err = c.run("get", "small")
    assert status == 1 and f"{main}: is a folder" in err and "remove it" in err, err


def test_read_only_cache(c):
    c.get()
    shutil.rmtree(c.home / "hub/.locks")
    before = (c.folder() / "refs/main").stat()
    folders = [c.home / "hub", *(p for p in c.folder().rglob("*") if p.is_dir()), c.folder()]
    for folder in folders:
        folder.chmod(0o555)
    try:
        c.get()
    finally:
        for folder in folders:
            folder.chmod(0o755)
    after = (c.folder() / "refs/main").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert not (c.home / "hub/.locks").exists()


def test_folder_of_the_same_name(c):
    (c.home / "small").mkdir()
    err = c.get()
    assert f"to open it: stepscope --model {c.snapshot()}\n" in err, err


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
    for token in ("a\nb", "hf_abcü", "ü", "a b", "a\x7f", "a\x1b[31m"):
        status, _, err = c.run("get", "small", HF_TOKEN=token)
        assert status == 1 and err.startswith("stepscope: HF_TOKEN: "), err
    other.write_text("a b")
    status, _, err = c.run("get", "small", HF_TOKEN_PATH=str(other))
    assert status == 1 and err.startswith(f"stepscope: {other}: "), err


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
    assert f"of which {c.megabytes(WEIGHTS, there=1000000)} MB to come" in err, err
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
    c.refuses("small", "the connection broke", f"1.00 of {c.megabytes(WEIGHTS)} MB", "goes on")
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


def test_parts_of_ranges(c):
    c.seed_part()
    c.hub.most_at_once = 500000
    c.get()
    starts = range(2000000, len(c.files[WEIGHTS]), c.hub.most_at_once)
    assert [r.range for r in c.store_gets()] == [f"bytes={start}-" for start in starts]


def test_part_is_kept(c):
    c.seed_part()
    for status in (416, 204):
        c.hub.refused = 20 * [status]
        c.refuses("small", f"2.00 of {c.megabytes(WEIGHTS)} MB", "goes on")
        assert c.part().read_bytes() == c.files[WEIGHTS][:2000000]
    c.hub.refused = [416]
    c.hub.requests.clear()
    c.get()
    assert [r.range for r in c.store_gets()] == ["bytes=2000000-", None], "from its beginning"


def test_expired_address(c):
    c.seed_part()
    c.hub.refused = [403]
    c.get()
    shutil.rmtree(c.folder())
    c.seed_part()
    c.hub.refused = 9 * [403]
    last = c.refuses("small", WEIGHTS, "does not give it out", "try again later")
    assert "licence" not in last and len(c.hub.refused) == 7, last
    assert c.part().stat().st_size == 2000000


def test_part_is_a_link(c):
    c.part().parent.mkdir(parents=True)
    c.part().symlink_to(c.home / "victim")
    c.refuses("small", ".incomplete: is a link; remove it")
    assert not (c.home / "victim").exists()


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
            (b"log in", False, (f"1.00 of {c.megabytes(WEIGHTS)} MB",)), (long, False, ("more", "login"))):
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


if __name__ == "__main__":
    main(globals(), Case)
