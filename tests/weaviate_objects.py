"""What the stand-in for Weaviate keeps, and which of it passes a filter."""

import math
from dataclasses import dataclass
from typing import Any

from weaviate.proto.v1.v6300.v1 import base_pb2

Filters = base_pb2.Filters


class Refused(Exception):
    """What a server would answer with an error."""


@dataclass
class Kept:
    """An object of a tenant."""

    id: str
    properties: dict[str, Any]
    vectors: dict[str, Any]


def passes(one: Kept, asked: Any) -> bool:
    """Whether an object is what the filter asks."""
    operator = Filters.Operator.Name(asked.operator).removeprefix("OPERATOR_")
    if operator == "AND":
        return all(passes(one, part) for part in asked.filters)
    name = asked.target.property
    value: Any = one.id if name == "_id" else one.properties.get(name)
    if value is None:
        return False
    match operator, asked.WhichOneof("test_value"):
        case "EQUAL", "value_text":
            return value == asked.value_text
        case "LESS_THAN_EQUAL", "value_int":
            return value <= asked.value_int
        case "CONTAINS_ANY", "value_text_array":
            mine = value if isinstance(value, list) else [value]
            return bool(set(mine) & set(asked.value_text_array.values))
        case "WITHIN_GEO_RANGE", "value_geo":
            return _metres(value, asked.value_geo) <= asked.value_geo.distance
        case _:
            raise Refused(f"a filter that the stand-in does not know: {asked}")


def _metres(spot: dict[str, float], centre: Any) -> float:
    lat, lon, to_lat, to_lon = map(
        math.radians, (spot["latitude"], spot["longitude"], centre.latitude, centre.longitude)
    )
    across = math.sin((to_lat - lat) / 2) ** 2
    along = math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(across + along))
