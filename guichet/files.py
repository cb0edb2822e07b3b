"""Files that people send: what they are by their content, never by their name, and a name that is safe to show."""

import re
import unicodedata
from dataclasses import dataclass

from guichet.masking import mask_payment_data
from guichet.pictures import UnreadablePicture, format_of, read_picture

PDF = "application/pdf"
EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", PDF: ".pdf"}
"""What is kept, and how the names of such files end."""
MAX_NAME = 100
"""Longest name, in characters, with its extension."""
_UNNAMED = {PDF: "document"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")


class FileError(Exception):
    """A file is not taken; the tree is drawn in ``guichet/attachments.py``."""


class UnsupportedFile(FileError):  # noqa: N818
    """Neither a picture nor a PDF."""


class HeicFile(UnsupportedFile):
    """A photo in Apple's HEIC format, for which the customer can be told what to do."""


class UnreadableFile(FileError):  # noqa: N818
    """Empty or damaged, or with too many pixels."""


@dataclass(frozen=True)
class File:
    """A file as it is kept. Width and height are in pixels, None for what is no picture."""

    name: str
    media_type: str
    content: bytes
    width: int | None = None
    height: int | None = None


def read_file(name: str, content: bytes) -> File:
    """A file from outside, ready to be kept: pictures written anew, PDF as it is. It may take a second of the processor.

    Raises:
        UnsupportedFile, HeicFile, UnreadableFile
    """
    if not content:
        raise UnreadableFile
    if content.startswith(b"%PDF-"):
        return File(clean_name(name, PDF), PDF, content)
    format_name = format_of(content)
    if format_name is None:
        raise HeicFile if _is_heic(content) else UnsupportedFile
    try:
        picture = read_picture(content, format_name)
    except UnreadablePicture as error:
        raise UnreadableFile(str(error)) from error
    return File(clean_name(name, picture.media_type), picture.media_type, picture.content, picture.width, picture.height)


def clean_name(name: str, media_type: str) -> str:
    """``name`` without folders, control or direction characters and payment data, ending as ``media_type`` wants."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(" " if char.isspace() else char for char in base if char.isspace() or unicodedata.category(char)[0] != "C")
    stem = mask_payment_data(_EXTENSION.sub("", " ".join(visible.split())))
    extension = EXTENSIONS[media_type]
    stem = stem[: MAX_NAME - len(extension)].strip(" .")
    return (stem or _UNNAMED.get(media_type, "photo")) + extension


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS
