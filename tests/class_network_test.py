"""A class at its phones, and what somebody in the same network might try: votes of hundreds at once,
none lost and none counted twice, while others send too much, too little and what is wrong.

    class_network_test.py PROGRAM MODEL [--full]

--full: as many as there may be, 300 phones and 1,000 connections; else fewer.
"""

import asyncio
import collections
import csv
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from class_client import JSON, Phone, address, request, send
from window_driver import check, finish, opened

STARTING = 8  # frames until the window stands


class Size:
    def __init__(self, full):
        self.phones = 300 if full else 60
        self.connections = 1000 if full else 300
        self.halves = 300 if full else 60
        self.megabytes = 10


def memory_mb(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0


async def votes(window, size, port, code):
    """All come in and vote within two seconds; some change their mind, some send twice."""
    phones = [Phone(port, code) for _ in range(size.phones)]
    await asyncio.gather(*(phone.come_in() for phone in phones))
    statuses = await asyncio.gather(*(phone.look() for phone in phones))
    check(set(statuses) == {200}, "every phone sees the text")
    offers = [offer["id"] for offer in phones[0].state["offers"]]
    check(len(offers) == 12 and phones[0].state["phase"] == "vote", "a dozen to choose from")
    dice = random.Random(7)
    said = {}

    async def one(number, phone):
        await asyncio.sleep(dice.random() * 1.5)
        choice = dice.choice(offers)
        answers = [await phone.vote(id=choice)]
        if number % 3 == 0:  # the same again, as a page does that heard nothing
            answers.append(await phone.vote(id=choice))
        if number % 5 == 0:
            choice = dice.choice(offers)
            answers.append(await phone.vote(id=choice))
        said[number] = choice
        return all(answer and answer.status == 200 and answer.json()["id"] for answer in answers)

    began = time.monotonic()
    taken = await asyncio.gather(*(one(n, phone) for n, phone in enumerate(phones)))
    print(f"    {size.phones} phones voted within {time.monotonic() - began:.2f} s")
    check(all(taken), "every vote is answered")
    return phones, collections.Counter(said.values())


async def attacks(size, port, code):
    """Each is refused, or runs into the void."""
    big = b"x" * (size.megabytes << 20)
    statuses = {}

    async def told(name, raw, **how):
        answer = await send(port, raw, **how)
        statuses[name] = answer.status if answer else 0

    voter = Phone(port, code)
    await voter.come_in()
    own = dict(JSON, **{"Stepscope-Voter": voter.voter})
    vote = {"round": 1, "id": 5}
    await told("10 MB of body", request("POST", f"/{code}/vote", own, big))
    await told("10 MB of head", b"GET / HTTP/1.1\r\nX: " + big)
    await told("10 MB without an end", big)
    await told("a long path", request("GET", "/" + "a" * 500))
    await told("a body that is no JSON", request("POST", f"/{code}/vote", own, b"id=5"))
    await told("a deep body", request("POST", f"/{code}/vote", own, b"[" * 1000))
    await told("another form", request("POST", f"/{code}/vote", own, {"round": 1, "id": 5, "more": 1}))
    await told("a token that is none", request("POST", f"/{code}/vote", own, {"round": 1, "id": 10**8}))
    await told("a negative token", request("POST", f"/{code}/vote", own, {"round": 1, "id": -1}))
    await told("a text as a form", request(
        "POST", f"/{code}/vote", dict(own, **{"Content-Type": "text/plain"}), vote))
    await told("without a voter", request("POST", f"/{code}/vote", JSON, vote))
    await told("a voter that is none", request(
        "POST", f"/{code}/vote", dict(JSON, **{"Stepscope-Voter": "0" * 32}), vote))
    for name, headers in (("a foreign origin", {"Origin": "http://evil.example"}),
                          ("no origin at all", {"Origin": "null"}),
                          ("a foreign site", {"Sec-Fetch-Site": "cross-site"}),
                          ("a neighbouring site", {"Sec-Fetch-Site": "same-site"})):
        await told(name, request("POST", f"/{code}/vote", dict(own, **headers), vote))
        await told(name + " that comes in", request("POST", f"/{code}/join", dict(JSON, **headers), {}))
    await told("a foreign site that reads", request(
        "GET", f"/{code}/state", {"Sec-Fetch-Site": "cross-site"}))
    await told("a name that points here", request("GET", f"/{code}/", host="evil.example"))
    await told("chunks", request("POST", f"/{code}/vote", dict(own, **{"Transfer-Encoding": "chunked"})))
    await told("two lengths", f"POST /{code}/vote HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
               f"Content-Length: 3\r\n\r\n{{}}".encode())
    await told("another method", request("DELETE", f"/{code}/state"))
    await told("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
    for path in ("/../../etc/passwd", f"/{code}/../../etc/passwd", f"/{code}/web/../../../etc/passwd",
                 f"/{code}/%2e%2e/%2e%2e/etc/passwd", f"/{code}/web/%2e%2e%2fphone.js", f"/{code}/..%5cx",
                 "//etc/passwd", f"/{code}//etc/passwd", f"/{code}/phone.html%00.js", "/etc/passwd"):
        await told("path " + path, request("GET", path))
    served = sorted(name for name, status in statuses.items() if status == 200)
    check(served == [], f"none of it is served: {served}")
    wrong = {name: status for name, status in statuses.items() if status not in
             (0, 400, 401, 403, 404, 405, 411, 413, 414, 415, 417, 422, 429, 431)}
    check(wrong == {}, f"each is refused in a word: {wrong}")
    for name, status in (("10 MB of body", 413), ("10 MB of head", 431), ("a foreign origin", 403),
                         ("a foreign site", 403), ("a name that points here", 403), ("chunks", 411),
                         ("without a voter", 401), ("a text as a form", 415)):
        check(statuses[name] == status, f"{name}: {statuses[name]} is {status}")


async def crowd(size, port):
    """Connections that say nothing, and others that say half of something, and stay."""
    open_ones = []
    for number in range(size.connections + size.halves):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            continue
        if number >= size.connections:
            writer.write(b"GET /state HTTP/1.1\r\nHost: local")
        open_ones.append((reader, writer))
    check(len(open_ones) > size.connections / 2, "many connections were made")
    return open_ones


async def wrong_codes(phones, port, code):
    """Whoever tries codes is soon refused, the right one included; who is in goes on."""
    sources = [f"127.0.9.{n}" for n in range(1, 4)]
    statuses = collections.Counter()
    for source in sources:
        for n in range(40):
            answer = await send(port, request("GET", f"/ZZ{chr(66 + n % 10)}B/"), source=source)
            statuses[answer.status if answer else 0] += 1
    check(set(statuses) == {404, 429}, f"wrong codes are told apart from no page: {dict(statuses)}")
    check(statuses[404] <= 12 * len(sources), "only some are tried at all")
    answer = await send(port, request("GET", f"/{code}/"), source=sources[0])
    check(answer and answer.status == 429, "the right code opens no more there")
    answer = await send(port, request("GET", f"/{code}/"), source="127.0.9.99")
    check(answer and answer.status == 200, "elsewhere it does")
    check(await phones[0].look() in (200, 304), "and who is in stays in")


async def lesson(window, size):
    port, code = address(window)
    check(await Phone(port, code).look() == 200, "the page is there")
    before = memory_mb(window.process.pid)
    phones, said = await votes(window, size, port, code)
    window.wait(lambda s: s["votes"] == size.phones and s["class"]["voted"] == size.phones,
                "no vote is lost, none counted twice")
    done = asyncio.Event()
    staying = [asyncio.create_task(phone.stay(done)) for phone in phones]
    await attacks(size, port, code)
    await wrong_codes(phones, port, code)
    crowds = await crowd(size, port)
    late = Phone(port, code)
    await late.come_in()
    await late.look()
    answer = await late.vote(typed="Mia")
    check(answer and answer.status in (200, 422), "with all of them there a vote is taken")
    extra = 1 if answer and answer.status == 200 else 0
    if extra:
        said[answer.json()["id"]] += 1
    else:
        check(False, "one word is one token here")
    pieces = await late.vote(typed="extraordinariness")
    check(pieces.status == 422 and len(pieces.json()["pieces"]) > 1, "more than one token is told")
    window.wait(lambda s: s["votes"] == size.phones + extra, "it counts")
    done.set()
    longest = max(await asyncio.gather(*staying))
    print(f"    the longest that a phone waited for an answer: {longest * 1000:.0f} ms")
    check(longest < 30, "the class went on meanwhile")
    after = memory_mb(window.process.pid)
    print(f"    memory: {before:.0f} MB before, {after:.0f} MB after")
    check(after - before < 50, "memory does not grow much")
    for _, writer in crowds:
        writer.close()
    window.key("F3")
    window.wait(lambda s: not s["class"]["voting"], "voting is closed")
    answer = await late.vote(id=5)
    check(answer.status == 409, "nobody votes then")
    window.key("Escape", "space")
    window.wait(lambda s: s["scored"] == 1, "the reveal scores them")
    await late.look_until("revealed")
    told = {result["id"]: result["votes"] for result in late.state["results"] if result["votes"]}
    check(told == dict(said), "phones see what all have said")
    return said


def saved(program, window, said):
    window.key("ctrl+s")
    run = window.wait(lambda s: s["run"] != "", "the run is saved")["run"]
    view = json.loads(Path(run).read_text(encoding="utf-8"))["view"]
    kept = {vote["id"]: vote["votes"] for vote in view["guesses"][0]["votes"]}
    check(kept == dict(said), "with the votes")
    table = window.folder / "class.votes.csv"
    subprocess.run([program, "export", run, "-o", table], check=True, stdout=subprocess.DEVNULL)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    check({int(row["id"]): int(row["votes"]) for row in rows} == dict(said), "a table has them, too")
    check(all(float(row["bits"]) > 0 for row in rows), "and what they were worth")


def main():
    program, model = sys.argv[1:3]
    size = Size("--full" in sys.argv)
    with opened(program, model, "class") as window:
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))  # the clients' own
        window.settle()
        window.key("F3")
        window.wait(lambda s: s["class"]["voting"], "voting is open")
        said = asyncio.run(lesson(window, size))
        saved(program, window, said)
        port, code = address(window)
        check(window.close() == 0, "the window closes cleanly")
        check(asyncio.run(send(port, request("GET", f"/{code}/"))) is None,
              "and the page is gone with it")
        lines = window.frame_log.read_text().splitlines()
        frames = [[float(number) for number in line.split()] for line in lines if line[0].isdigit()]
        begun = frames[STARTING:]
        wall, busy = (max(frame[i] for frame in begun) for i in (0, 1))
        print(f"    {len(begun)} frames: at most {wall:.0f} ms, {busy:.0f} ms of them busy")
    finish()


if __name__ == "__main__":
    main()
