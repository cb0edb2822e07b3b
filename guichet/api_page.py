"""The API's operations on one plain page: no script, nothing fetched from elsewhere."""

from html import escape
from typing import Any

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>{description}</p>
<p>Every body, answer and error, with examples: <a href="openapi.json">openapi.json</a> (OpenAPI {version}).</p>
<table><thead><tr><th>operation</th><th>what it does</th><th>answers</th></tr></thead><tbody>
{rows}
</tbody></table></main></body></html>
"""
_ROW = "<tr><td><code>{method} {path}</code></td><td>{what}</td><td>{answers}</td></tr>"


def page_of(openapi: dict[str, Any]) -> str:
    """HTML of an OpenAPI document."""
    rows = [
        _ROW.format(
            method=method.upper(),
            path=escape("/api/v1" + path),
            what=escape(operation["description"]),
            answers=", ".join(sorted(operation["responses"])),
        )
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    ]
    info = openapi["info"]
    return _PAGE.format(title=escape(info["title"]), description=escape(info["description"]), version=openapi["openapi"], rows="\n".join(rows))
