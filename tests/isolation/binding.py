"""The places that bind a market, and a watch over which one each transaction is bound to."""

import ast
import importlib
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from app import database

ROOT = Path(__file__).parents[2]
Place = tuple[str, str]
"""A file and the function in it that opens a session of a market."""


@contextmanager
def watched() -> Generator[set[UUID]]:
    """The markets that transactions are bound to in the block, filled as they begin."""
    bound: set[UUID] = set()

    def note(session: Any, _transaction: object, _connection: object) -> None:
        bound.add(session.info["tenant_id"])

    event.listen(database._TenantBound, "after_begin", note)
    try:
        yield bound
    finally:
        event.remove(database._TenantBound, "after_begin", note)


@cache
def places() -> frozenset[Place]:
    """Every place of the program that opens a session of a market."""
    found: set[Place] = set()
    for folder in ("app", "state", "agents"):
        for path in (ROOT / folder).rglob("*.py"):
            if path != ROOT / "app/database.py" and "tenant_session(" in path.read_text():
                name = str(path.relative_to(ROOT))
                found |= {(name, function) for function in _opening(ast.parse(path.read_text()))}
    return frozenset(found)


def _opening(tree: ast.AST, within: str = "") -> set[str]:
    """The names of the functions that call `tenant_session`, the innermost each."""
    found: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        inner = within
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = node.name
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id == "tenant_session":
            found.add(within)
        found |= _opening(node, inner)
    return found


@contextmanager
def through(opened: Callable[[Place, UUID], UUID]) -> Generator[None]:
    """Have every place bind the market that `opened` answers with, told the place and its own."""
    names = {path: path.removesuffix(".py").replace("/", ".") for path, _function in places()}
    with pytest.MonkeyPatch.context() as patched:
        for path, name in names.items():
            module = importlib.import_module(name.removesuffix(".__init__"))
            if getattr(module, "tenant_session", None) is database.tenant_session:
                patched.setattr(module, "tenant_session", _opener(path, opened))
        yield


def _opener(
    path: str, opened: Callable[[Place, UUID], UUID]
) -> Callable[[UUID], AbstractAsyncContextManager[Any]]:
    def tenant_session(asked: UUID) -> AbstractAsyncContextManager[Any]:
        place = (path, sys._getframe(1).f_code.co_name)
        return database.tenant_session(opened(place, asked))

    return tenant_session
