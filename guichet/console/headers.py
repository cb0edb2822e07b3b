"""What browsers may and may not do with the console's answers."""

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def headers_for(path: str) -> dict[str, str]:
    """The headers of an answer: static files are asked for again when they change, everything else is never kept."""
    return HEADERS | {"Cache-Control": "no-cache" if path.startswith("/console/static/") else "no-store"}
