"""A mock of a model's server, which streams as OpenAI's protocol says.

It writes what a real one would, at a real one's pace, and nothing else, so that it is light beside
what is measured. Each word is the time at which it was sent, in nanoseconds of the machine's
monotonic clock, by which whoever reads it knows how long it was under way.
"""

import argparse
import asyncio
import json
import time

_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    b"cache-control: no-store\r\ntransfer-encoding: chunked\r\n\r\n"
)
_KNOWN = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "bench"}


def _event(told: dict[str, object]) -> bytes:
    data = b"data: " + json.dumps(_KNOWN | told).encode() + b"\n\n"
    return b"%x\r\n%s\r\n" % (len(data), data)


def _choice(delta: dict[str, str], reason: str | None = None) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, first: float, pause: float
) -> None:
    """Answer one request after another; how many words it shall have stands in `max_tokens`."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if not head.startswith(b"post"):
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                continue
            length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
            asked = json.loads(await reader.readexactly(length))
            words = int(asked.get("max_tokens") or asked["max_completion_tokens"])
            writer.write(_HEAD)
            begun = time.monotonic()
            for number in range(words):
                due = begun + first + number * pause
                await asyncio.sleep(max(due - time.monotonic(), 0))
                told = {"role": "assistant", "content": f"t{time.monotonic_ns()} "}
                writer.write(_event(_choice(told)))
                await writer.drain()
            usage = {"prompt_tokens": 20, "completion_tokens": words, "total_tokens": 20 + words}
            writer.write(_event(_choice({}, "stop")))
            writer.write(_event({"choices": [], "usage": usage}))
            writer.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _serve(port: int, first: float, pause: float) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _answer(reader, writer, first=first, pause=pause)

    server = await asyncio.start_server(answer, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


def main() -> None:
    """Serve until the process is ended."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--first", type=float, default=0.05, help="seconds to the first word")
    words.add_argument("--pause", type=float, default=0.02, help="seconds between words")
    told = words.parse_args()
    asyncio.run(_serve(told.port, told.first, told.pause))


if __name__ == "__main__":
    main()
