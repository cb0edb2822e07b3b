"""Pictures from outside, made safe: decoded, turned upright, made small enough, and written anew with nothing but their pixels.

What a camera adds (place, date, serial number, thumbnail) and what a forger hides behind a picture do not survive that.
"""

import io
from dataclasses import dataclass

from PIL import Image

MAX_PIXELS = 50_000_000
"""Read from the header, before anything is decoded: beyond, a small file would take gigabytes of memory."""
MAX_SIDE = 2048
"""Longest side of what is kept, in pixels."""
QUALITY = 85
FORMATS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"GIF87a": "GIF", b"GIF89a": "GIF"}
"""The formats read, by the first bytes of the file. WebP has its name further on."""
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each orientation of EXIF (tag 0x0112)."""


class UnreadablePicture(ValueError):  # noqa: N818
    """The picture is damaged, or has too many pixels."""


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept."""

    content: bytes
    media_type: str
    width: int
    height: int


def format_of(content: bytes) -> str | None:
    """Which of the formats read here ``content`` begins like; None for anything else, whatever the file is called."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return next((name for start, name in FORMATS.items() if content.startswith(start)), None)


def read_picture(content: bytes, format_name: str) -> Picture:
    """The picture in ``content``, of an animation its first frame, ready to be kept: JPEG, or PNG when it has transparency.

    Raises:
        UnreadablePicture
    """
    try:
        return _read(content, format_name)
    except Exception as error:  # Pillow raises whatever the damage leads to
        raise UnreadablePicture(f"{type(error).__name__}: {error}") from error


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a picture of ours, in pixels, from its header."""
    with Image.open(io.BytesIO(content)) as image:
        return image.size


def _read(content: bytes, format_name: str) -> Picture:
    with Image.open(io.BytesIO(content), formats=[format_name]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise UnreadablePicture(f"{image.width} x {image.height} pixels")
        return _written(_upright(_small(image), _orientation(image)))


def _small(image: Image.Image) -> Image.Image:
    """Its pixels in RGB or RGBA, ``MAX_SIDE`` at most a side."""
    image.draft(None, _fitting(image.size))  # a JPEG is then decoded smaller at once
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")  # 16 bits to 8: a plain conversion would turn all that is not dark white
    mode = "RGBA" if image.has_transparency_data else "RGB"
    pixels = image if image.mode == mode else image.convert(mode)  # which copies all of them
    pixels.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    return pixels


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, MAX_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _orientation(image: Image.Image) -> int | None:
    """Which way the camera was held; a picture with damaged EXIF data is taken as it lies."""
    try:
        found = image.getexif().get(_ORIENTATION)
    except Exception:
        return None
    return found if isinstance(found, int) else None


def _upright(pixels: Image.Image, orientation: int | None) -> Image.Image:
    transposition = _UPRIGHT.get(orientation or 1)
    return pixels if transposition is None else pixels.transpose(transposition)


def _written(pixels: Image.Image) -> Picture:
    if pixels.mode == "RGBA" and pixels.getchannel("A").getextrema() == (255, 255):
        pixels = pixels.convert("RGB")
    pixels.info = {}  # comments, profiles and XMP would be written again from here
    file, is_png = io.BytesIO(), pixels.mode == "RGBA"
    if is_png:
        pixels.save(file, "PNG")
    else:
        pixels.save(file, "JPEG", quality=QUALITY, optimize=True)
    return Picture(file.getvalue(), "image/png" if is_png else "image/jpeg", *pixels.size)
