"""A hub on this machine, for tests: it answers as Hugging Face's does, and as badly as it is told to.
Small files come from the hub itself; large ones (.safetensors) from a second server, to which the
first redirects. Standard library only.
"""

import hashlib
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PROXIED = "http://hub.invalid"  # what the hub serves as a proxy too
COMMIT = "607a30d783dfa663caf39e06633721c8d4cfcd7e"


def file_hash(name, data):
    """As the hub names a file: SHA-256 of a large one, the SHA-1 of a small one as a Git blob."""
    if name.endswith(".safetensors"):
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class Request:
    def __init__(self, host, method, path, headers, status):
        self.host, self.method, self.path = host, method, path
        self.range, self.token = headers.get("Range"), headers.get("Authorization")
        self.status = status

    def __repr__(self):
        return f"{self.host} {self.method} {self.path} range={self.range} {self.status}"


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that was killed is no news."""


class Hub:
    """`models` maps names to dicts of file name to bytes; `certificate` is a file with a key and a
    certificate, for https. The attributes below are faults."""

    def __init__(self, models, certificate=None):
        self.models = models
        self.scheme = "https" if certificate else "http"
        self.renamed = {}        # old name to new
        self.needs_token = {}    # name to the token that opens it
        self.gated = set()       # names whose licence nobody accepted
        self.status = {}         # path ending to the status it gets instead of an answer
        self.troubles = {}       # path ending to statuses that it gets once each; 0: no answer
        self.page = None         # what large files are instead, without ranges, as a login page
        self.states_length = True  # of that page
        self.listing = None      # bytes instead of the list of files
        self.cuts = []           # large files break off after so many bytes, one cut an answer
        self.hold_at = None      # large files stop after so many bytes, until `go_on` is set
        self.go_on = threading.Event()
        self.held = threading.Event()  # a file has stopped there
        self.stated = {}         # file name to the size that is stated of it
        self.sent = {}           # file name to the bytes that are sent instead
        self.hashes = {}         # file name to the hash that is stated of it
        self.knows_ranges = True
        self.relays = False      # small files lie at another address of the hub
        self.leads_to = None     # where large files are redirected to instead
        self.most_at_once = None  # bytes of a large file that one answer to a range has
        self.refused = []        # statuses that the store answers with, once each
        self.endless = False     # large files are followed by zeros without end
        self.drips = False       # the list of files comes a few bytes at a time
        self.requests = []
        self.servers = {}
        for host in ("hub", "store"):
            handler = type(host, (Handler,), {"hub": self, "host": host})
            server = Server(("127.0.0.1", 0), handler)
            if certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate)
                server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            self.servers[host] = server

    def address(self, host="hub"):
        return f"{self.scheme}://127.0.0.1:{self.servers[host].server_address[1]}"

    def close(self):
        self.go_on.set()
        for server in self.servers.values():
            server.shutdown()
            server.server_close()

    def asked(self, ending="", method=None, host=None):
        return [r for r in self.requests if r.path.endswith(ending) and
                method in (None, r.method) and host in (None, r.host)]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub, host = None, None

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def reply(self, status, headers=(), body=b"", length=None):
        self.hub.requests.append(Request(self.host, self.command, self.path, self.headers, status))
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def send_page(self):
        if self.hub.states_length:
            return self.reply(200, body=self.hub.page)
        self.hub.requests.append(Request(self.host, self.command, self.path, self.headers, 200))
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(self.hub.page), self.hub.page))

    def send_endlessly(self):
        self.hub.requests.append(Request(self.host, self.command, self.path, self.headers, 200))
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        try:
            while not self.hub.go_on.wait(0.1):
                self.wfile.write(b" " * 100)
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.close_connection = True

    def answer(self):
        hub = self.hub
        if self.path.startswith(PROXIED):
            self.path = self.path.removeprefix(PROXIED)
            self.host = "proxy"
        for ending, status in hub.status.items():
            if self.path.endswith(ending):
                return self.reply(status, body=b"trouble")
        for ending, statuses in hub.troubles.items():
            if self.path.endswith(ending) and statuses:
                status = statuses.pop(0)
                if status:
                    return self.reply(status, body=b"trouble")
                self.close_connection = True
                return
        if self.host == "store" and hub.refused:
            return self.reply(hub.refused.pop(0))
        if self.host == "store" and hub.endless:
            return self.send_endlessly()
        if self.host == "store" and hub.page is not None:
            return self.send_page()
        if self.host == "store":
            _, name, file = self.path.rsplit("/", 2)
            return self.send_file(hub.models[name.replace("--", "/")][file], file)
        path = self.path.removeprefix("/api/models/").removeprefix("/relay").removeprefix("/")
        for old, new in hub.renamed.items():
            if path.startswith(old + "/"):
                return self.reply(307, {"Location": self.path.replace(old, new, 1)})
        name = next((n for n in hub.models if path.startswith(n + "/")), None)
        if name is None:  # as for one that may not be seen
            return self.reply(401, {"X-Error-Code": "RepoNotFound"}, b"Repository not found")
        token = hub.needs_token.get(name)
        if token and self.headers.get("Authorization") != f"Bearer {token}":
            return self.reply(401, {"X-Error-Code": "RepoNotFound"}, b"Repository not found")
        rest = path[len(name) + 1:]
        if self.path.startswith("/api/models/") and hub.drips:
            return self.drip()
        if self.path.startswith("/api/models/"):
            listing = {"id": name, "sha": COMMIT,
                       "siblings": [{"rfilename": file} for file in sorted(hub.models[name])]}
            return self.reply(200, {"Content-Type": "application/json"},
                              hub.listing or json.dumps(listing).encode())
        return self.resolve(name, rest.removeprefix(f"resolve/{COMMIT}/"))

    def resolve(self, name, file):
        hub = self.hub
        data = hub.models[name].get(file)
        if name in hub.gated:
            return self.reply(403, {"X-Error-Code": "GatedRepo"}, b"Access is restricted")
        if data is None:
            return self.reply(404, {"X-Error-Code": "EntryNotFound"}, b"Entry not found")
        etag = f'"{hub.hashes.get(file) or file_hash(file, data)}"'
        size = hub.stated.get(file, len(data))
        if not file.endswith(".safetensors"):
            headers = {"ETag": etag, "X-Repo-Commit": COMMIT}
            if hub.relays and not self.path.startswith("/relay/"):
                return self.reply(307, {"Location": f"/relay/{name}/{file}", "X-Linked-Etag": etag,
                                        "X-Linked-Size": str(size), "X-Repo-Commit": COMMIT})
            if self.command == "HEAD":
                return self.reply(200, headers, length=size)
            return self.reply(200, headers, hub.sent.get(file, data))
        to = hub.leads_to or f"{hub.address('store')}/files/{name.replace('/', '--')}/{file}"
        self.reply(302, {"Location": to, "X-Linked-Etag": etag, "X-Linked-Size": str(size),
                         "X-Repo-Commit": COMMIT, "ETag": '"of the redirect"'})

    def send_file(self, data, file):
        hub = self.hub
        data = hub.sent.get(file, data)
        first = 0
        headers = {}
        if self.headers.get("Range") and hub.knows_ranges:
            first = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            if first >= len(data):
                return self.reply(416, {"Content-Range": f"bytes */{len(data)}"})
            end = min(len(data), first + (hub.most_at_once or len(data)))
            headers["Content-Range"] = f"bytes {first}-{end - 1}/{len(data)}"
        rest = data[first:end] if headers else data
        cut = hub.cuts.pop(0) if hub.cuts else None
        hold = hub.hold_at if hub.hold_at is not None and not hub.go_on.is_set() else None
        first_bytes = rest if cut is None else rest[:cut]
        if hold is not None:
            first_bytes = rest[:max(0, hold - first)]
        try:
            self.reply(206 if headers else 200, headers, first_bytes, len(rest))
            self.wfile.flush()
            if hold is not None:
                hub.held.set()
                hub.go_on.wait()
                self.wfile.write(rest[len(first_bytes):])
        except (BrokenPipeError, ConnectionResetError):
            pass
        if cut is not None:
            self.close_connection = True


def small_model(folder):
    """The files of a model folder, as a model of the hub has them."""
    return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.is_file()}
