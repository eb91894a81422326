"""A real HTTP server whose answers the test scripts: one act for each call, then ordinary answers."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prover.sampling.port import Message, Prompt, Sampler, SampleRequest, Samples

Act = Callable[["Handler", dict[str, Any]], None]


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.calls.append((self.path, body, {k.lower(): v for k, v in self.headers.items()}))
            self.server.asked.set()
            act = self.server.acts.pop(0) if self.server.acts else self.server.ordinary
        act(self, body)

    def do_GET(self) -> None:
        """The list of models, which is not counted as a call; a server without one answers 404."""
        listed = [{"id": name, "object": "model", "created": 0, "owned_by": "x"} for name in self.server.models]
        self.send(200 if listed else 404, {"object": "list", "data": listed})

    def send(self, status: int, content: object, headers: Mapping[str, str] | None = None) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Use as a context manager. calls: (path, body, headers) of each. models: that it says it has."""

    daemon_threads = True

    def __init__(self, *acts: Act, ordinary: Act | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.acts = list(acts)
        self.ordinary = ordinary or completes
        self.models: tuple[str, ...] = ()
        self.calls: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.lock = threading.Lock()
        self.asked = threading.Event()
        self.released = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what is tested."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, body, _ in self.calls]


def completion(body: Mapping[str, Any], texts: Sequence[str], logprobs: bool = True, **more: Any) -> dict[str, Any]:
    """A body as servers send it, two tokens a sample, each with log-probability -0.5."""
    chat = "messages" in body
    choices: list[dict[str, Any]] = []
    for i, text in enumerate(texts):
        choice: dict[str, Any] = {"index": i, "finish_reason": "stop"}
        if chat:
            choice["message"] = {"role": "assistant", "content": text}
            told: Any = {"content": [{"token": "x", "logprob": -0.5}] * 2}
        else:
            choice["text"] = text
            told = {"token_logprobs": [-0.5] * 2}
        choice["logprobs"] = told if logprobs and "logprobs" in body else None
        choices.append(choice)
    usage = {"prompt_tokens": 7, "completion_tokens": 2 * len(texts), "prompt_tokens_details": {"cached_tokens": 4}}
    return {"id": "c", "object": "x", "created": 0, "model": "m", "choices": choices, "usage": usage, **more}


def completes(handler: Handler, body: dict[str, Any]) -> None:
    handler.send(200, completion(body, [f"{body.get('seed')}/{i}" for i in range(body.get("n", 1))]))


def ignores_n(handler: Handler, body: dict[str, Any]) -> None:
    handler.send(200, completion(body, [f"{body.get('seed')}/0"]))


def tells_no_logprobs(handler: Handler, body: dict[str, Any]) -> None:
    handler.send(200, completion(body, ["a"] * body["n"], logprobs=False))


def answers(status: int, message: str = "no", headers: Mapping[str, str] | None = None, **error: Any) -> Act:
    return lambda handler, body: handler.send(status, {"error": {"message": message, **error}}, headers)


def has_no_chats(handler: Handler, body: dict[str, Any]) -> None:
    if "messages" in body:
        handler.send(404, {"detail": "Not Found"})
    else:
        completes(handler, body)


def refuses(*parameters: str) -> Act:
    """As strict servers do: 400 for the first parameter that they do not know."""

    def act(handler: Handler, body: dict[str, Any]) -> None:
        for name in parameters:
            if name in body:
                handler.send(400, {"error": {"message": f"Unsupported parameter: '{name}'", "param": name}})
                return
        handler.send(200, completion(body, ["fine"] * body.get("n", 1)))

    return act


def cuts_json_off(handler: Handler, body: dict[str, Any]) -> None:
    handler.send(200, json.dumps(completion(body, ["a"])).encode()[:-25])


def cuts_the_body_off(handler: Handler, body: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


def says(content: object) -> Act:
    return lambda handler, body: handler.send(200, content)


def hangs(handler: Handler, body: dict[str, Any]) -> None:
    handler.server.released.wait(30)
    handler.close_connection = True


def trickles(handler: Handler, body: dict[str, Any]) -> None:
    """A byte now and then, so that no time limit between bytes is met."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.server.released.wait(0.02):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def resets(handler: Handler, body: dict[str, Any]) -> None:
    """Ends the connection with RST instead of an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def serves(sampler: Sampler, loop: asyncio.AbstractEventLoop) -> Act:
    """A model behind the protocol."""

    def act(handler: Handler, body: dict[str, Any]) -> None:
        turns = tuple(Message(m["role"], m["content"]) for m in body.get("messages", ()))
        request = SampleRequest(
            Prompt(messages=turns) if turns else Prompt(raw=body["prompt"]),
            n=body["n"],
            max_tokens=body["max_tokens"],
            temperature=body["temperature"],
            top_p=body["top_p"],
            stop=tuple(body.get("stop", ())),
            seed=body["seed"],
        )
        (answer,) = asyncio.run_coroutine_threadsafe(sampler.sample([request]), loop).result()
        assert isinstance(answer, Samples)
        made = completion(body, [s.text for s in answer.samples])
        for choice, sample in zip(made["choices"], answer.samples, strict=True):
            choice["finish_reason"] = sample.finish.value
            values = [(sample.logprob or 0.0) / sample.tokens] * sample.tokens
            told = {"content": [{"logprob": v} for v in values]} if turns else {"token_logprobs": values}
            choice["logprobs"] = told
        made["usage"] = {"prompt_tokens": answer.prompt_tokens, "completion_tokens": answer.tokens}
        handler.send(200, made)

    return act
