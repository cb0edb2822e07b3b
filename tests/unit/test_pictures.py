"""Pictures are kept with their pixels and nothing else, upright, bounded; damage and bombs are refused at once."""

import io
import struct
import time
import zlib
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from guichet.pictures import MAX_SIDE, Picture, UnreadablePicture, format_of, read_picture, size_of

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 30), (30, 30, 200), (255, 255, 255)
ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def encoded(image: Image.Image, name: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def quarters(width: int = 80, height: int = 40) -> Image.Image:
    """Red at the top left, green at the top right, blue at the bottom left, white at the bottom right."""
    image = Image.new("RGB", (width, height), WHITE)
    half = (width // 2, height // 2)
    image.paste(RED, (0, 0, *half))
    image.paste(GREEN, (half[0], 0, width, half[1]))
    image.paste(BLUE, (0, half[1], half[0], height))
    return image


def kept(content: bytes) -> Picture:
    name = format_of(content)
    assert name is not None
    return read_picture(content, name)


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.content))
    image.load()
    assert image.size == (picture.width, picture.height) == size_of(picture.content)
    assert image.format == ("PNG" if picture.media_type == "image/png" else "JPEG")
    return image


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours in the middle of the four quarters, row by row."""
    rgb, (width, height) = image.convert("RGB"), image.size
    places = [(width // 4, height // 4), (3 * width // 4, height // 4), (width // 4, 3 * height // 4), (3 * width // 4, 3 * height // 4)]
    found = [rgb.getpixel(place) for place in places]
    assert all(isinstance(colour, tuple) for colour in found)
    return [colour for colour in found if isinstance(colour, tuple)]


def assert_like(found: list[tuple[int, ...]], expected: list[tuple[int, ...]]) -> None:
    for one, other in zip(found, expected, strict=True):
        assert all(abs(a - b) < 24 for a, b in zip(one, other, strict=True)), (found, expected)


def with_exif(image: Image.Image, orientation: int, name: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE] = "SecretCamera"
    exif[GPS] = {1: "N", 2: (48.0, 51.0, 29.0), 3: "E", 4: (2.0, 17.0, 40.0)}
    extra: dict[str, Any] = {"comment": b"SecretComment"} if name == "JPEG" else {}
    return encoded(image, name, exif=exif, icc_profile=b"SecretProfile" * 20, xmp=b"<x:xmpmeta>SecretXmp</x:xmpmeta>", **extra)


STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera held that way lays the scene down."""


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright_and_loses_place_camera_and_all(orientation: int) -> None:
    scene = quarters()
    laid = scene.transpose(STORED_AS[orientation]) if orientation in STORED_AS else scene
    content = with_exif(laid, orientation)
    assert b"SecretCamera" in content
    picture = kept(content)
    image = opened(picture)
    assert image.size == scene.size
    assert_like(corners(image), corners(scene))
    assert b"Secret" not in picture.content
    assert b"Exif" not in picture.content
    assert dict(image.getexif()) == {}
    assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("name", ["WEBP", "PNG"])
def test_other_formats_lose_their_metadata_too(name: str) -> None:
    content = with_exif(quarters().transpose(Image.Transpose.ROTATE_90), 6, name)
    picture = kept(content)
    assert_like(corners(opened(picture)), corners(quarters()))
    assert picture.media_type == "image/jpeg"
    assert b"Secret" not in picture.content


def test_texts_of_a_transparent_png_are_not_kept() -> None:
    texts = PngInfo()
    texts.add_text("Author", "SecretAuthor")
    texts.add_itxt("Comment", "SecretComment", zip=True)
    image = quarters().convert("RGBA")
    image.putpixel((0, 0), (0, 0, 0, 0))
    picture = kept(encoded(image, "PNG", pnginfo=texts, dpi=(300, 300)))
    assert picture.media_type == "image/png"
    assert b"Secret" not in picture.content
    assert opened(picture).info == {}


def test_transparency_is_kept_as_png() -> None:
    image = quarters().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 40, 20))
    image = opened(kept(encoded(image, "PNG")))
    assert image.mode == "RGBA"
    assert image.getpixel((10, 10)) == (0, 0, 0, 0)
    assert image.getpixel((60, 10)) == (*GREEN, 255)


def test_an_alpha_channel_that_hides_nothing_is_a_jpeg() -> None:
    assert kept(encoded(quarters().convert("RGBA"), "PNG")).media_type == "image/jpeg"


def test_a_gif_gives_its_first_frame() -> None:
    frames = [quarters().quantize(), Image.new("P", (80, 40))]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    image = opened(kept(content))
    assert image.format == "JPEG"
    assert_like(corners(image), corners(quarters()))


def test_a_gif_with_transparency_is_a_png() -> None:
    image = quarters().quantize()
    index = image.getpixel((60, 30))
    content = encoded(image, "GIF", transparency=index)
    picture = opened(kept(content))
    assert picture.mode == "RGBA"
    hidden = picture.getpixel((60, 30))
    assert isinstance(hidden, tuple)
    assert hidden[3] == 0


@pytest.mark.parametrize(
    ("image", "name"),
    [
        pytest.param(quarters().convert("CMYK"), "JPEG", id="CMYK JPEG"),
        pytest.param(quarters(), "WEBP", id="WebP"),
        pytest.param(quarters().quantize(), "PNG", id="palette PNG"),
    ],
)
def test_other_colour_models_become_rgb(image: Image.Image, name: str) -> None:
    picture = opened(kept(encoded(image, name, **({"lossless": True} if name == "WEBP" else {}))))
    assert (picture.mode, picture.format) == ("RGB", "JPEG")
    assert_like(corners(picture), corners(quarters()))


def test_a_grey_picture_of_sixteen_bits_keeps_its_greys() -> None:
    row = struct.pack("<80H", *[20_000] * 40, *[40_000] * 40)
    image = Image.frombytes("I;16", (80, 40), row * 40)
    grey = opened(kept(encoded(image, "PNG")))
    assert_like(corners(grey), [(78, 78, 78), (156, 156, 156)] * 2)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_one_pixel_of_any_mode(mode: str) -> None:
    picture = kept(encoded(Image.new(mode, (1, 1)), "PNG"))
    assert opened(picture).size == (1, 1)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((4000, 3000), (2048, 1536)), ((3000, 4000), (1536, 2048)), ((2048, 2048), (2048, 2048)), ((30_000, 3), (2048, 1)), ((2049, 10), (2048, 10))],
)
@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_large_pictures_are_made_smaller_and_small_ones_stay(size: tuple[int, int], expected: tuple[int, int], name: str) -> None:
    picture = kept(encoded(quarters(*size), name))
    assert (picture.width, picture.height) == expected
    assert max(expected) <= MAX_SIDE
    if min(expected) > 10:
        assert_like(corners(opened(picture)), corners(quarters()))


def png_header(width: int, height: int) -> bytes:
    """A PNG that announces its size and holds a few bytes of zeros."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def gif_header(width: int, height: int) -> bytes:
    """A GIF of one frame that announces a small canvas and a frame of this size."""
    canvas = struct.pack("<HHBBB", 10, 10, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + canvas + frame + b";"


def webp_header(width: int, height: int) -> bytes:
    """An extended WebP that announces a canvas of this size."""
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + b"VP8X" + struct.pack("<I", len(canvas)) + canvas + encoded(Image.new("RGB", (16, 16)), "WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(png_header(7072, 7071), id="just over 50 megapixels"),
        pytest.param(png_header(60_000, 60_000), id="PNG"),
        pytest.param(png_header(2**31 - 1, 1), id="a line"),
        pytest.param(gif_header(65_535, 65_535), id="GIF frame"),
        pytest.param(gif_header(8_000, 8_000), id="smaller GIF frame"),
        pytest.param(webp_header(16_383, 16_383), id="WebP"),
    ],
)
def test_bombs_are_refused_before_they_are_decoded(content: bytes) -> None:
    started = time.process_time()
    with pytest.raises(UnreadablePicture, match=r"\d pixels|DecompressionBomb"):
        kept(content)
    assert time.process_time() - started < 0.2


def test_a_bomb_of_text_in_a_png_is_refused() -> None:
    texts = PngInfo()
    for number in range(80):
        texts.add_text(f"key{number}", " " * 1_000_000, zip=True)
    started = time.process_time()
    with pytest.raises(UnreadablePicture, match="MAX_TEXT_MEMORY"):
        kept(encoded(quarters(), "PNG", pnginfo=texts))
    assert time.process_time() - started < 2


def noise() -> Image.Image:
    return Image.effect_noise((200, 150), 80).convert("RGB")


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated_files_are_refused(name: str, share: float) -> None:
    content = encoded(noise(), name)
    with pytest.raises(UnreadablePicture):
        kept(content[: int(len(content) * share)])


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF"])
def test_damaged_files_are_read_or_refused_and_nothing_else(name: str) -> None:
    content = encoded(quarters(), name)
    outcomes = set()
    for place in range(20, len(content), max(1, len(content) // 60)):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        try:
            outcomes.add(kept(bytes(damaged)).media_type)
        except UnreadablePicture:
            outcomes.add("refused")
    assert outcomes <= {"image/jpeg", "image/png", "refused"}
    assert len(outcomes) > 0


def test_damaged_exif_is_no_reason_to_refuse_a_photo() -> None:
    content = with_exif(quarters(), 6).replace(b"Exif\x00\x00MM", b"Exif\x00\x00XX")
    assert_like(corners(opened(kept(content))), corners(quarters()))


def test_a_page_hidden_behind_a_picture_does_not_survive() -> None:
    picture = kept(encoded(quarters(), "JPEG") + b"<script>alert(1)</script>")
    assert b"script" not in picture.content
