"""Files as customers send them, made on the spot."""

import io

from PIL import Image
from playwright.sync_api import FilePayload


def picture(name: str = "perceuse.jpg", width: int = 320, height: int = 240, kind: str = "JPEG") -> FilePayload:
    """A photo: a gradient, which compresses well."""
    content = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(content, kind)
    return {"name": name, "mimeType": f"image/{kind.lower()}", "buffer": content.getvalue()}


def pdf(name: str = "facture.pdf", size: int = 120_000) -> FilePayload:
    """A document as long as wanted, in bytes."""
    return {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n".ljust(size, b"%")}
