"""Phones of a class as a test has them: requests by hand, so that wrong ones can be sent too."""

import asyncio
import json
import random


class Answer:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1]) if len(lines[0].split(" ")) > 1 else 0
        self.headers = {name.lower(): value for name, _, value in
                        (line.partition(": ") for line in lines[1:])}

    def json(self):
        return json.loads(self.body)


def request(method, path, headers=(), body=None, host="127.0.0.1"):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in dict(headers).items()]
    raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    if body is not None:
        lines.append(f"Content-Length: {len(raw)}")
    return "\r\n".join(lines + ["", ""]).encode() + raw


async def send(port, raw, patience=30, source=None):
    """What comes back; None where the connection is refused or broken off."""
    try:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(source, 0) if source else None)
    except OSError:
        return None
    try:
        writer.write(raw)
        got = await asyncio.wait_for(reader.read(-1), patience)
        return Answer(got) if got else None
    except (OSError, asyncio.TimeoutError):
        return None
    finally:
        writer.close()


JSON = {"Content-Type": "application/json"}


def address(window):
    """Port and code, as a window says them."""
    host, code = window.state()["class"]["addresses"][0].removeprefix("http://").split("/")
    return int(host.split(":")[1]), code


class Phone:
    """One that behaves: comes in, looks, votes."""

    def __init__(self, port, code):
        self.port, self.code, self.voter, self.etag, self.state = port, code, "", "", None

    async def get(self, path, **headers):
        if self.voter:
            headers["Stepscope-Voter"] = self.voter
        return await send(self.port, request("GET", f"/{self.code}/{path}", headers))

    async def post(self, path, body):
        headers = dict(JSON)
        if self.voter:
            headers["Stepscope-Voter"] = self.voter
        return await send(self.port, request("POST", f"/{self.code}/{path}", headers, body))

    async def come_in(self):
        for path in ("", "phone.js"):
            answer = await self.get(path)
            assert answer and answer.status == 200, answer and answer.status
        answer = await self.post("join", {})
        assert answer and answer.status == 200, answer and answer.status
        self.voter = answer.json()["voter"]

    async def look(self):
        """The status; the state is the newest."""
        headers = {"If-None-Match": self.etag} if self.etag else {}
        answer = await self.get("state", **headers)
        if answer and answer.status == 200:
            self.etag, self.state = answer.headers["etag"], answer.json()
        return answer.status if answer else 0

    async def look_until(self, phase):
        for _ in range(50):
            await self.look()
            if self.state["phase"] == phase:
                break
            await asyncio.sleep(0.1)

    async def vote(self, **what):
        return await self.post("vote", {"round": self.state["round"], **what})

    async def stay(self, until):
        """Looks once a second, as pages do; the longest that an answer took, in seconds."""
        longest = 0
        loop = asyncio.get_running_loop()
        await asyncio.sleep(random.random())
        while not until.is_set():
            began = loop.time()
            if await self.look() not in (200, 304):
                return float("inf")
            longest = max(longest, loop.time() - began)
            await asyncio.sleep(1)
        return longest
