"""Names are safe to show, and files are what their content says."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.files import EXTENSIONS, MAX_NAME, PDF, HeicFile, UnreadableFile, UnsupportedFile, clean_name, read_file

JPEG = "image/jpeg"
PDF_FILE = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "media_type", "cleaned"),
    [
        ("étiquette du colis.jpeg", JPEG, "étiquette du colis.jpg"),
        ("e\u0301tiquette.png", JPEG, "étiquette.jpg"),
        ("IMG_0042.HEIC.JPG", JPEG, "IMG_0042.HEIC.jpg"),
        (r"C:\Users\camille\Images\perceuse.png", "image/png", "perceuse.png"),
        ("../../etc/passwd", JPEG, "passwd.jpg"),
        ("facture", PDF, "facture.pdf"),
        ("facture 12.05", PDF, "facture 12.pdf"),
        ("photo.php\x00.jpg", JPEG, "photo.php.jpg"),
        ("a\r\nSet-Cookie: b.jpg", JPEG, "a Set-Cookie: b.jpg"),
        ("photo\u202egpj.exe", JPEG, "photogpj.jpg"),
        ("\ud800.jpg", JPEG, "photo.jpg"),
        ("", JPEG, "photo.jpg"),
        ("..", PDF, "document.pdf"),
        (".htaccess", JPEG, ".htaccess.jpg".lstrip(".")),
        ("   .png", "image/png", "photo.png"),
        ("carte 4111 1111 1111 1111.png", "image/png", "carte [numéro masqué].png"),
        ("x" * 300 + ".jpg", JPEG, "x" * 96 + ".jpg"),
    ],
)
def test_names(name: str, media_type: str, cleaned: str) -> None:
    assert clean_name(name, media_type) == cleaned


@given(st.text(st.characters(), max_size=150), st.sampled_from(sorted(EXTENSIONS)))
def test_every_name_is_short_visible_and_of_its_type(name: str, media_type: str) -> None:
    cleaned = clean_name(name, media_type)
    assert len(EXTENSIONS[media_type]) < len(cleaned) <= MAX_NAME
    assert cleaned.endswith(EXTENSIONS[media_type])
    assert not any(char in "/\\" or unicodedata.category(char)[0] == "C" for char in cleaned)
    assert not cleaned.startswith((".", " "))
    assert clean_name(cleaned, media_type) == cleaned


def test_a_pdf_is_kept_as_it_is() -> None:
    file = read_file("bon de livraison.jpg", PDF_FILE)
    assert (file.name, file.media_type, file.content) == ("bon de livraison.pdf", PDF, PDF_FILE)
    assert (file.width, file.height) == (None, None)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<svg onload='alert(1)'>",
        b"PK\x03\x04 an archive, or a document of Word",
        b"MZ\x90\x00 a program",
        b"BM a bitmap",
        b"II*\x00 a TIFF, raw photos too",
        b"\n%PDF-1.7 not at the very start",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x20ftypisom a video",
        b"x",
    ],
)
def test_anything_else_is_refused_whatever_its_name(content: bytes) -> None:
    with pytest.raises(UnsupportedFile) as refused:
        read_file("photo.jpg", content)
    assert refused.type is UnsupportedFile


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"hevc"])
def test_photos_of_iphones_are_known_by_name(brand: bytes) -> None:
    with pytest.raises(HeicFile):
        read_file("IMG_0042.jpg", b"\x00\x00\x00\x24ftyp" + brand + b"\x00\x00\x00\x00mif1heic")


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0 and no more", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x04\x00\x00\x00WEBP"])
def test_what_only_begins_like_a_picture_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_file("photo.jpg", content)
