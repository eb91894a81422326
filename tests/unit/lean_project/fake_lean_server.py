"""Speaks as Lean's language server of 4.18 does, about texts that say themselves what happens to them.

SORRY, ERROR: such a message. HANG: no answer until the next change. DIE: the server ends. CRASH: its worker ends (the
documented error -32902). MOVED: the request is dropped once for a text. FLOOD: a message longer than allowed. SILENT:
nothing is published. SLOW N: an answer after N tenths of a second. GONE, STALE: a change to such a text finds its
worker dead; requests are kept back from then on (GONE), or answered about another text (STALE). Every change is also
written to the file named by LEAN_FAKE_LOG.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

REQUESTS = ("textDocument/waitForDiagnostics", "$/lean/plainGoal", "$/lean/plainTermGoal")
log = Path(os.environ["LEAN_FAKE_LOG"]).open("a", encoding="utf-8")  # noqa: SIM115
texts: dict[str, str] = {}
versions: dict[str, int] = {}
moved: set[str] = set()
dead: dict[str, str] = {}  # what became of the worker of a document


def read() -> dict[str, Any]:
    length = 0
    while (line := sys.stdin.buffer.readline()) != b"\r\n":
        if not line:
            sys.exit(0)
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    message: dict[str, Any] = json.loads(sys.stdin.buffer.read(length))
    return message


def write(**message: object) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    sys.stdout.buffer.flush()


def span(line: int, start: int, end: int) -> dict[str, dict[str, int]]:
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}


def publish(uri: str) -> None:
    found = []
    for number, line in enumerate(texts[uri].split("\n")):
        for word, severity, message in (("SORRY", 2, "declaration uses 'sorry'"), ("ERROR", 1, "unsolved goals\n⊢ p")):
            at = line.find(word)
            if at >= 0:
                start = len(line[:at].encode("utf-16-le")) // 2
                where = span(number, start, start + 5)
                found.append({"source": "Lean 4", "severity": severity, "message": message, "range": where,
                              "fullRange": where})  # fmt: skip
    for upto in range(len(found) + 1):
        write(method="textDocument/publishDiagnostics",
              params={"uri": uri, "version": versions[uri], "diagnostics": found[:upto]})  # fmt: skip


def change(text: str, edits: list[dict[str, Any]]) -> str:
    for edit in edits:
        lines = text.split("\n")
        at = [
            sum(len(line) + 1 for line in lines[: p["line"]])
            + len(lines[p["line"]].encode("utf-16-le")[: 2 * p["character"]].decode("utf-16-le"))
            for p in (edit["range"]["start"], edit["range"]["end"])
        ]
        text = text[: at[0]] + edit["text"] + text[at[1] :]
    return text


while True:
    message = read()
    method, params = message.get("method"), message.get("params") or {}
    if method == "initialize":
        write(id=message["id"], result={"capabilities": {}})
        write(id="register", method="client/registerCapability", params={"registrations": []})
        write(id=1, method="workspace/semanticTokens/refresh")
    elif method == "textDocument/didOpen":
        document = params["textDocument"]
        texts[document["uri"]], versions[document["uri"]] = document["text"], document["version"]
        print("open", json.dumps(document["text"]), file=log, flush=True)
    elif method == "textDocument/didChange":
        uri = params["textDocument"]["uri"]
        texts[uri], versions[uri] = change(texts[uri], params["contentChanges"]), params["textDocument"]["version"]
        print("change", json.dumps(texts[uri]), file=log, flush=True)
        for fate in ("GONE", "STALE"):
            if fate in texts[uri]:
                dead[uri] = fate
                where = {"uri": uri, "version": versions[uri]}
                fatal = {"range": span(0, 0, 1), "kind": 2}
                write(method="$/lean/fileProgress", params={"textDocument": where, "processing": [fatal]})
                texts[uri] = "another"
    elif method in REQUESTS and dead.get(params.get("uri") or params["textDocument"]["uri"]) == "GONE":
        pass
    elif method == "textDocument/didClose":
        print("close", file=log, flush=True)
    elif method == "textDocument/waitForDiagnostics":
        uri, text = params["uri"], texts[params["uri"]]
        assert params["version"] == versions[uri]
        if "DIE" in text:
            print("a reason", file=sys.stderr, flush=True)
            sys.exit(1)
        if "SLOW" in text:
            time.sleep(int(text.split("SLOW ")[1][0]) / 10)
        if "CRASH" in text:
            write(id=message["id"], error={"code": -32902, "message": "Server process for file crashed"})
        elif "MOVED" in text and text not in moved:
            moved.add(text)
            write(id=message["id"], error={"code": -32801, "message": "File changed."})
        elif "HANG" not in text:
            if "FLOOD" in text:
                write(method="window/logMessage", params={"message": "x" * (2 << 20)})
            if "SILENT" not in text:
                publish(uri)
            write(id=message["id"], result={})
    elif method == "$/lean/plainGoal":
        lines = texts[params["textDocument"]["uri"]].split("\n")
        line = lines[params["position"]["line"]] if params["position"]["line"] < len(lines) else ""
        at = line.encode("utf-16-le")[2 * params["position"]["character"] :].decode("utf-16-le")
        goals = {"rendered": "", "goals": [f"case c\nh : p\n⊢ {at}"]} if at.startswith("SORRY") else None
        if "HANG" not in line:
            write(id=message["id"], result=goals)
    elif method == "$/lean/plainTermGoal":
        write(id=message["id"], result=None)
    elif method is None:
        print("reply", json.dumps(message["id"]), file=log, flush=True)
