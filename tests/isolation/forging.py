"""What a hostile payload holds: every name that the code under probe speaks of, with a value."""

import ast
import inspect
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

_NAME = re.compile(r"[a-z][a-z_]{0,30}")
MORE = ("tenant_id", "market_id", "market", "id", "next", "q", "locale")
"""Names that somebody who tries would add to any payload."""


@cache
def names_in(module: str) -> tuple[str, ...]:
    """Every short word that a module's source holds as a string: the names of its fields."""
    source = Path(inspect.getsourcefile(inspect.importlib.import_module(module)) or "").read_text()  # pyright: ignore[reportAttributeAccessIssue]
    found = {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _NAME.fullmatch(node.value)
    }
    return tuple(sorted(found | set(MORE)))


def arguments(handler: Callable[..., Any], value: str, module: str) -> dict[str, Any]:
    """`value` in the place of every argument, in the shape that its annotation asks for."""
    told: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(handler).parameters.items())[1:]:
        wanted = str(parameter.annotation)
        if "dict" in wanted:
            told[name] = dict.fromkeys(names_in(module), value)
        elif "list" in wanted:
            told[name] = [value]
        elif wanted in {"<class 'bool'>", "bool"}:
            told[name] = True
        elif wanted in {"<class 'int'>", "int"}:
            told[name] = 1
        else:
            told[name] = value
    return told
