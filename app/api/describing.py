"""The API's description as one plain page, made here: no script, no style from elsewhere."""

import json
from html import escape
from typing import Any

_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.6 system-ui,sans-serif;max-width:56rem;"
    "margin:3rem auto;padding:0 1.5rem}h2{margin-top:3rem}code,pre{font-family:ui-monospace,"
    "monospace;font-size:.9em}pre{overflow:auto;padding:1rem;border:1px solid #8886;"
    "border-radius:.5rem}table{border-collapse:collapse;width:100%}td,th{text-align:start;"
    "padding:.35rem .75rem .35rem 0;border-bottom:1px solid #8884;vertical-align:top}"
    "summary{cursor:pointer}"
)


def documentation(described: dict[str, Any]) -> str:
    """The page for an OpenAPI document."""
    info = described["info"]
    sections = [
        _operation(method, path, told)
        for path, methods in described["paths"].items()
        for method, told in methods.items()
    ]
    shapes = [
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>'
        f"<pre>{escape(json.dumps(shape, indent=2, ensure_ascii=False))}</pre></details>"
        for name, shape in sorted(described["components"]["schemas"].items())
    ]
    title = escape(f"{info['title']} API {info['version']}")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
        f"<p>{escape(info['description'])}</p>"
        '<p><a href="openapi.json">openapi.json</a></p>'
        f"{''.join(sections)}<h2>Shapes</h2>{''.join(shapes)}</main></body></html>"
    )


def _operation(method: str, path: str, told: dict[str, Any]) -> str:
    rows = [
        (one["name"], one["in"], "required" if one.get("required") else "", _shape(one["schema"]))
        for one in told.get("parameters", [])
    ]
    body = told.get("requestBody", {}).get("content", {})
    rows += [("body", kind, "required", _shape(one["schema"])) for kind, one in body.items()]
    answers = [
        (status, answer.get("description", ""), ", ".join(answer.get("content", {})), "")
        for status, answer in told["responses"].items()
        if status.startswith("2")
    ]
    return (
        f"<h2>{escape(told.get('summary', ''))}</h2>"
        f"<p><code>{method.upper()} {escape(path)}</code></p>"
        f"<p>{escape(told.get('description', ''))}</p>{_table(rows)}{_table(answers)}"
    )


def _table(rows: list[tuple[str, str, str, str]]) -> str:
    if not rows:
        return ""
    cells = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table>{cells}</table>"


def _shape(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if reference := schema.get("$ref"):
        return reference.rpartition("/")[2]
    if choices := schema.get("anyOf"):
        return " or ".join(_shape(one) for one in choices)
    words = [str(schema.get("type", "")), str(schema.get("format", ""))]
    words += [f"one of {', '.join(map(str, schema['enum']))}"] if "enum" in schema else []
    return " ".join(word for word in words if word)
