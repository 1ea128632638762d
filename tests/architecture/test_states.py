"""Rules on states: whatever is public in one can be called by anyone who opens a websocket."""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "state"
DECORATORS = {"rx.event", "rx.var", "rx.cached_var"}
KINDS = {"staticmethod", "classmethod", "property"}


@dataclass(frozen=True)
class Method:
    """A public method of a State."""

    place: str
    decorators: tuple[str, ...]
    unannotated: tuple[str, ...]

    def __str__(self) -> str:
        return self.place


def state_classes() -> dict[tuple[str, str], ast.ClassDef]:
    """Every class of `state/` that descends from `rx.State`, by file and name."""
    found = {
        (str(path.relative_to(FOLDER)), node.name): node
        for path in sorted(FOLDER.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    known = {"rx.State", "State"}
    while True:
        more = {
            node.name
            for node in found.values()
            if {ast.unparse(base) for base in node.bases} & known and node.name not in known
        }
        if not more:
            return {key: node for key, node in found.items() if node.name in known}
        known |= more


def called(decorator: ast.expr) -> str:
    """The name of a decorator, with or without arguments."""
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def public_methods() -> list[Method]:
    methods: list[Method] = []
    for (file, name), node in state_classes().items():
        for member in node.body:
            if not isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            if member.name.startswith("_"):
                continue
            arguments = [*member.args.posonlyargs, *member.args.args, *member.args.kwonlyargs]
            methods.append(
                Method(
                    place=f"{file}:{member.lineno} {name}.{member.name}",
                    decorators=tuple(called(each) for each in member.decorator_list),
                    unannotated=tuple(
                        each.arg for each in arguments if each.arg != "self" and not each.annotation
                    ),
                )
            )
    return methods


def test_there_are_states():
    assert len(state_classes()) > 3


@pytest.mark.parametrize("method", public_methods(), ids=str)
def test_a_public_method_is_an_event_or_a_var_with_annotated_arguments(method: Method):
    assert method.decorators, "a helper's name begins with _, or it stands outside of the class"
    assert method.decorators[0] in DECORATORS, "rx.event or rx.var stands on top"
    assert not KINDS & set(method.decorators)
    assert not method.unannotated


@pytest.mark.parametrize("method", public_methods(), ids=str)
def test_only_an_event_is_opened_to_visitors(method: Method):
    if "visitors_may" in method.decorators:
        assert method.decorators == ("rx.event", "visitors_may")
