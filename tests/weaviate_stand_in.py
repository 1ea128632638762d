"""A stand-in for a Weaviate server, made from the client's own published protobufs.

It is not Weaviate: it compares every object with every query, and its words are counted plainly.
It holds the client to what the protocol asks of a collection with tenants: every request names a
tenant that exists and is active, filters are of the kinds a server knows, vectors are named and
of the right length. `make test-weaviate` runs the same tests against a real server.
"""

import json
import re
import threading
from collections.abc import Callable, Generator, Iterable
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import grpc
import numpy as np
from weaviate.proto.v1.v6300.v1 import (
    batch_delete_pb2,
    batch_pb2,
    search_get_pb2,
    weaviate_pb2_grpc,
)

from tests.weaviate_objects import Kept, Refused, passes

HNSW = {
    "cleanupIntervalSeconds": 300,
    "dynamicEfMin": 100,
    "dynamicEfMax": 500,
    "dynamicEfFactor": 8,
    "ef": -1,
    "efConstruction": 128,
    "flatSearchCutoff": 40_000,
    "maxConnections": 32,
    "skip": False,
    "vectorCacheMaxObjects": 10**12,
}
"""What a server fills in where a collection does not say."""
LENGTHS = {"meaning": 512, "wording": 384}


@dataclass
class StandIn:
    """What the stand-in holds and what it was asked."""

    collections: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    tenants: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    objects: dict[tuple[str, str], dict[str, Kept]] = field(
        default_factory=dict[tuple[str, str], dict[str, Kept]]
    )
    seen: list[Any] = field(default_factory=list[Any])
    """Every gRPC request."""
    refused: str | None = None
    """Objects with this in a text are refused."""
    never_wakes: bool = False
    url: str = ""
    grpc_port: int = 0

    def of_tenant(self, collection: str, tenant: str) -> dict[str, Kept]:
        """The objects of a tenant that may be asked."""
        if collection not in self.collections:
            raise Refused(f"could not find class {collection} in schema")
        if not tenant:
            raise Refused(f"class {collection} has multi-tenancy enabled, no tenant was given")
        status = self.tenants.get((collection, tenant))
        if status is None:
            raise Refused(f"tenant not found: {tenant!r}")
        if status != "ACTIVE":
            raise Refused(f"tenant not active: {tenant!r}")
        return self.objects.setdefault((collection, tenant), {})

    def asked(self, kind: type[Any]) -> list[Any]:
        """The requests of one kind."""
        return [request for request in self.seen if isinstance(request, kind)]


@contextmanager
def weaviate_stand_in() -> Generator[StandIn]:
    """Serve a stand-in on two free ports for the block."""
    held = StandIn()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _rest_of(held))
    http.daemon_threads = True
    serving = threading.Thread(target=http.serve_forever, daemon=True)
    serving.start()
    rpc = grpc.server(futures.ThreadPoolExecutor(4))
    weaviate_pb2_grpc.add_WeaviateServicer_to_server(_Grpc(held), rpc)
    held.grpc_port = rpc.add_insecure_port("127.0.0.1:0")
    held.url = f"http://127.0.0.1:{http.server_address[1]}"
    rpc.start()
    try:
        yield held
    finally:
        rpc.stop(None).wait()
        http.shutdown()
        http.server_close()
        serving.join()


def _rest_of(held: StandIn) -> type[BaseHTTPRequestHandler]:
    class Rest(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, answer = _answer(held, self.command, self.path.split("?")[0], body)
            said = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said)

        do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815

    return Rest


def _answer(  # noqa: PLR0911 - a table of routes
    held: StandIn, verb: str, path: str, body: Any
) -> tuple[int, Any]:
    match [verb, *path.removeprefix("/v1/").split("/")]:
        case ["GET", "meta"]:
            return 200, {"version": "1.34.0", "hostname": "stand-in", "modules": {}}
        case ["GET", "schema"]:
            return 200, {"classes": list(held.collections.values())}
        case ["POST", "schema"]:
            held.collections[body["class"]] = _filled(body)
            return 200, held.collections[body["class"]]
        case ["GET", "schema", name] if name in held.collections:
            return 200, held.collections[name]
        case ["POST" | "PUT", "schema", name, "tenants"]:
            for told in body:
                status = told.get("activityStatus", "HOT")
                status = str({"HOT": "ACTIVE", "COLD": "INACTIVE"}.get(status, status))
                if verb == "PUT" and status == "ACTIVE" and held.never_wakes:
                    status = "INACTIVE"
                held.tenants[name, told["name"]] = status
            return 200, body
        case ["DELETE", "schema", name, "tenants"]:
            for tenant in body:
                held.tenants.pop((name, tenant), None)
                held.objects.pop((name, tenant), None)
            return 200, None
        case ["GET" | "HEAD", "schema", name, "tenants", tenant] if (name, tenant) in held.tenants:
            return 200, {"name": tenant, "activityStatus": held.tenants[name, tenant]}
        case _:
            return 404, {"error": [{"message": "not found"}]}


def _filled(told: dict[str, Any]) -> dict[str, Any]:
    """A collection with what a server adds to it."""
    for vector in told.get("vectorConfig", {}).values():
        vector["vectorIndexConfig"] = HNSW | vector.get("vectorIndexConfig", {})
    return {
        "replicationConfig": {"factor": 1, "asyncEnabled": False},
        "shardingConfig": {},
        **told,
        "properties": [
            {"indexFilterable": True, "indexSearchable": False, **one}
            for one in told.get("properties", [])
        ],
    }


class _Grpc(weaviate_pb2_grpc.WeaviateServicer):
    def __init__(self, held: StandIn) -> None:
        self._held = held

    def Search(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._answered(request, context, self._search)

    def BatchObjects(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._answered(request, context, self._import)

    def BatchDelete(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._answered(request, context, self._delete)

    def _answered(self, request: Any, context: Any, answer: Callable[[Any], Any]) -> Any:
        self._held.seen.append(request)
        try:
            return answer(request)
        except Refused as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))

    def _import(self, request: Any) -> Any:
        reply = batch_pb2.BatchObjectsReply(took=0.01)
        for index, told in enumerate(request.objects):
            try:
                objects = self._held.of_tenant(told.collection, told.tenant)
                kept = _kept(told)
                if self._held.refused and self._held.refused in str(kept.properties):
                    raise Refused("refused as the test asked")
            except Refused as error:
                reply.errors.add(index=index, error=str(error))
            else:
                objects[kept.id] = kept
        return reply

    def _delete(self, request: Any) -> Any:
        objects = self._held.of_tenant(request.collection, request.tenant)
        gone = [one for one in objects.values() if passes(one, request.filters)]
        for one in gone:
            del objects[one.id]
        return batch_delete_pb2.BatchDeleteReply(matches=len(gone), successful=len(gone))

    def _search(self, request: Any) -> Any:
        objects = list(self._held.of_tenant(request.collection, request.tenant).values())
        if request.HasField("filters"):
            objects = [one for one in objects if passes(one, request.filters)]
        found = _found(objects, request)[: request.limit or 100]
        reply = search_get_pb2.SearchReply(took=0.01)
        for one in found:
            result = reply.results.add()
            result.metadata.id_as_bytes = UUID(one.id).bytes
            for name in request.metadata.vectors:
                result.metadata.vectors.add(name=name, vector_bytes=one.vectors[name].tobytes())
            result.properties.target_collection = request.collection
            for name in request.properties.non_ref_properties:
                if name in one.properties:
                    _put(result.properties.non_ref_props.fields[name], one.properties[name])
        return reply


def _kept(told: Any) -> Kept:
    properties: dict[str, Any] = dict(told.properties.non_ref_properties)
    for many in told.properties.text_array_properties:
        properties[many.prop_name] = list(many.values)
    # A point travels as a plain object.
    for name, value in properties.items():
        if hasattr(value, "fields"):
            properties[name] = dict(value)
    vectors = {one.name: np.frombuffer(one.vector_bytes, "<f4") for one in told.vectors}
    lengths = {name: len(vector) for name, vector in vectors.items()}
    if lengths != LENGTHS:
        raise Refused(f"vectors of the lengths {lengths}")
    return Kept(str(UUID(told.uuid)), properties, vectors)


def _put(value: Any, kept: Any) -> None:
    if isinstance(kept, list):
        value.list_value.text_values.values.extend(kept)
    elif isinstance(kept, float):
        value.number_value = kept
    else:
        value.text_value = kept


def _found(objects: list[Kept], request: Any) -> list[Kept]:
    if request.HasField("near_vector"):
        near = _nearness(objects, request.near_vector)
        return sorted(objects, key=lambda one: -near[one.id])
    if request.HasField("bm25_search"):
        asked = request.bm25_search
        return _worded(objects, asked.query, asked.properties)
    if request.HasField("hybrid_search"):
        asked = request.hybrid_search
        inner = asked.near_vector if asked.HasField("near_vector") else asked
        near = _nearness(objects, inner, asked.targets)
        nearest = sorted(objects, key=lambda one: -near[one.id])
        worded = _worded(objects, asked.query, asked.properties)
        return list({one.id: one for pair in zip_all(nearest, worded) for one in pair}.values())
    found = sorted(objects, key=lambda one: one.id)
    return [one for one in found if one.id > request.after] if request.after else found


def zip_all(one: list[Kept], other: list[Kept]) -> Iterable[list[Kept]]:
    """Both lists in turn."""
    for place in range(max(len(one), len(other))):
        yield [*one[place : place + 1], *other[place : place + 1]]


def _nearness(objects: list[Kept], asked: Any, targets: Any = None) -> dict[str, float]:
    (target,) = (targets or asked.targets).target_vectors
    # Clients say one vector in one of several places.
    said = [asked.vector_bytes, *(one.vector_bytes for one in asked.vectors)]
    for per_target in getattr(asked, "vector_for_targets", ()):
        said += [per_target.vector_bytes, *(one.vector_bytes for one in per_target.vectors)]
    vector_bytes = next((one for one in said if one), b"")
    vector = np.frombuffer(vector_bytes, "<f4")
    if len(vector) != LENGTHS[target]:
        raise Refused(f"a vector of {len(vector)} for {target}")
    return {one.id: float(one.vectors[target] @ vector) for one in objects}


def _worded(objects: list[Kept], query: str, properties: Iterable[str]) -> list[Kept]:
    scores = {
        one.id: sum(
            len(_tokens(name, query) & _tokens(name, one.properties.get(name, "")))
            for name in properties
        )
        for one in objects
    }
    found = [one for one in objects if scores[one.id]]
    return sorted(found, key=lambda one: -scores[one.id])


def _tokens(name: str, text: str) -> set[str]:
    plain = text.lower()
    if name == "names":
        letters = re.sub(r"\W", "", plain)
        return {letters[start : start + 3] for start in range(len(letters) - 2)}
    return set(re.findall(r"\w+", plain))
