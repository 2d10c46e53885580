"""An HTTP proxy in front of an API server that misbehaves as it is told.

api_proxy.py serve KUBECONFIG PORT-FILE LOG    listens on 127.0.0.1, speaks to the server of the kubeconfig with its certificates
api_proxy.py tell PORT JSON                    changes what it does: see Mood
api_proxy.py ask PORT                          prints its counters as JSON

Every exchange has a connection of its own. The log has one line per request: seconds, what was done to it, method, path, agent.
"""

import asyncio
import base64
import collections
import json
import os
import ssl
import sys
import tempfile
import time
import urllib.request

CONTROL = "/chaos"
PIECE = 65536
STATUSES = {429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}


class Mood:
    """What happens to requests.

    every, faults: each request whose number is a multiple of `every` meets the next fault of the list, over and over: "429", "500", "503"
    (as Kubernetes says them, 429 with Retry-After), "delay" (1 to 5 s), "reset" (before an answer), "half" (our side is closed in the
    middle of the answer). first: for each of these texts, the first request with it in its path meets the first fault of the list.
    away: connections are refused and those there are reset. Watches are spared by faults, not by `away`.
    """

    def __init__(self):
        self.every = 0
        self.faults = []
        self.first = []
        self.away = False
        self.count = 0

    def change(self, wish):
        for key, value in wish.items():
            setattr(self, key, value)

    def next_fault(self, path):
        for text in self.first:
            if text in path:
                self.first.remove(text)
                return self.faults[0]
        if not self.every or not self.faults:
            return None
        self.count += 1
        if self.count % self.every:
            return None
        return self.faults[self.count // self.every % len(self.faults)]


class Upstream:
    def __init__(self, kubeconfig):
        import re

        with open(kubeconfig) as file:
            text = file.read()

        def field(name):
            found = re.search(rf"^\s*{name}: *(\S+) *$", text, re.MULTILINE)
            return found.group(1) if found else None

        host, _, port = field("server").partition("//")[2].rpartition(":")
        self.host, self.port = host, int(port.strip("/"))
        self.context = None
        if field("server").startswith("https"):
            self.context = ssl.create_default_context()
            self.context.check_hostname = False
            self.context.verify_mode = ssl.CERT_NONE  # loopback, and a certificate of the test's own cluster
            self.context.load_cert_chain(self.file_of(field, "client-certificate"), self.file_of(field, "client-key"))

    @staticmethod
    def file_of(field, name):
        if field(name):
            return field(name)
        with tempfile.NamedTemporaryFile(delete=False) as file:
            file.write(base64.b64decode(field(name + "-data")))
        return file.name

    async def connect(self):
        return await asyncio.open_connection(self.host, self.port, ssl=self.context)


def failure(code):
    """As API servers and what stands before them say it: throttling and gateways in plain text, the rest as a Status."""
    kind, again = "text/plain", ""
    if code == 429:
        body, again = "Too many requests, please try again later.\n", "Retry-After: 1\r\n"
    elif code == 503:
        kind, body = "text/html", "<html><body><h1>503 Service Unavailable</h1></body></html>\n"
    else:
        kind = "application/json"
        body = json.dumps({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": code, "reason": "InternalError",
                           "message": "Internal error occurred: etcdserver: leader changed"})
    return (f"HTTP/1.1 {code} {STATUSES[code]}\r\nContent-Type: {kind}\r\n{again}Connection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


def reset(writer):
    writer.transport.abort()


class Proxy:
    def __init__(self, upstream, log):
        self.upstream = upstream
        self.mood = Mood()
        self.log = log
        self.open = set()
        self.counts = collections.Counter()
        self.began = time.monotonic()
        self.server = None

    async def serve(self, port_file):
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        with open(port_file + ".new", "w") as file:
            file.write(str(self.port))
        os.rename(port_file + ".new", port_file)
        # Where the API is away its port is closed; this one stays.
        control = await asyncio.start_server(self.accept_control, "127.0.0.1", 0)
        with open(port_file + ".control", "w") as file:
            file.write(str(control.sockets[0].getsockname()[1]))
        await asyncio.Event().wait()

    async def set_away(self, away):
        if away and self.server:
            self.server.close()
            self.server = None
            for writer in list(self.open):
                reset(writer)
        if not away and not self.server:
            self.server = await asyncio.start_server(self.accept, "127.0.0.1", self.port)

    async def accept_control(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        if length:
            self.mood.change(json.loads(await reader.readexactly(length)))
            await self.set_away(self.mood.away)
        answer = json.dumps(self.counts | {"requests": sum(self.counts.values()), "unmet": len(self.mood.first)}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
        await writer.drain()
        writer.close()

    def note(self, fault, words, agent):
        self.counts[fault or "passed"] += 1
        print(f"{time.monotonic() - self.began:8.2f} {fault or 'passed':7} {words[0]} {words[1]} {agent}", file=self.log, flush=True)

    async def accept(self, reader, writer):
        self.open.add(writer)
        try:
            await self.exchange(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self.open.discard(writer)
            writer.close()

    async def exchange(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        headers = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines[1:] if line}
        watches = "watch=" in words[1]
        fault = None if watches else self.mood.next_fault(words[1])
        self.note("watch" if watches and not fault else fault, words, headers.get("user-agent", "-"))
        if fault in ("429", "500", "503"):
            writer.write(failure(int(fault)))
            return await writer.drain()
        if fault == "reset":
            return reset(writer)
        if fault == "delay":
            await asyncio.sleep(1 + self.counts["delay"] % 5)
        await self.forward(reader, writer, lines, headers, half=fault == "half")

    async def forward(self, reader, writer, lines, headers, half):
        up_reader, up_writer = await self.upstream.connect()
        kept = [line for line in lines[:-2] if not line.lower().startswith(("connection:", "accept-encoding:"))]
        up_writer.write(("\r\n".join(kept) + "\r\nConnection: close\r\n\r\n").encode("latin-1"))
        self.open.add(up_writer)
        bodies = asyncio.ensure_future(self.pump(reader, up_writer))
        try:
            if half:
                writer.write((await up_reader.read(PIECE))[:60])
                await writer.drain()
                writer.write_eof()
                await asyncio.wait({bodies}, timeout=5)
                return
            while piece := await up_reader.read(PIECE):
                writer.write(piece)
                await writer.drain()
        finally:
            bodies.cancel()
            self.open.discard(up_writer)
            up_writer.close()

    @staticmethod
    async def pump(reader, writer):
        """The rest of the request, as long as there is any."""
        try:
            while piece := await reader.read(PIECE):
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass


def talk(port, body=None):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{CONTROL}", data=body)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=10) as answer:
        return answer.read().decode()


def main():
    if sys.argv[1] == "serve":
        with open(sys.argv[4], "w") as log:
            asyncio.run(Proxy(Upstream(sys.argv[2]), log).serve(sys.argv[3]))
    elif sys.argv[1] == "tell":
        print(talk(sys.argv[2], sys.argv[3].encode()))
    else:
        print(talk(sys.argv[2]))


main()
