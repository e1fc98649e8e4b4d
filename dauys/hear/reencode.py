"""Runs alone, with little memory and time: opens what a stranger sent and writes it anew.

    python -I reencode.py image|pdf  < original  > safe copy

Leaves with 0 when all is well and 3 when the file is not to be trusted or not readable. It needs nothing of
this project, knows no key and no path, and whatever a crafted file makes of it dies with it.
"""

import io
import re
import resource
import sys
import zlib

PIXELS_MOST = 60_000_000
SIDE_MOST = 2560
MEMORY_MOST = 1_500 * 1024 * 1024
CPU_SECONDS = 20
UNPACKED_MOST = 100 * 1024 * 1024
REFUSED = 3

# Names by which a PDF acts, carries other files or runs scripts (ISO 32000-1: 7.11.4, 12.6, 12.7.8, 13).
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|XFA|RichMedia|SubmitForm|ImportData|GoToE|Encrypt)\b")
_STREAM = re.compile(rb"stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_MOST),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def image(original: bytes) -> bytes:
    """A JPEG of at most 2560 pixels a side, upright, without a word of what the camera wrote into it."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS_MOST
    with Image.open(io.BytesIO(original), formats=("JPEG", "PNG", "GIF", "WEBP")) as opened:
        if opened.width * opened.height > PIXELS_MOST:
            raise ValueError("too many pixels")
        opened.draft("RGB", (SIDE_MOST, SIDE_MOST))
        opened.thumbnail((SIDE_MOST, SIDE_MOST), reducing_gap=2.0)
        upright = ImageOps.exif_transpose(opened)
        seen = upright.convert("RGBA") if "A" in upright.getbands() or "transparency" in upright.info else upright
        sheet = Image.new("RGB", seen.size, "white")
        sheet.paste(seen.convert("RGB"), mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def pdf(original: bytes) -> bytes:
    """Looks for what a document has no need of; the document itself is not changed, so nothing is written."""
    if b"%%EOF" not in original[-2048:]:
        raise ValueError("cut off")
    _look(original)
    room = UNPACKED_MOST
    for start in _STREAM.finditer(original):
        unpack = zlib.decompressobj()
        try:
            plain = unpack.decompress(original[start.end() :], room)
        except zlib.error:
            continue  # a picture or another filter: names of actions cannot stand in it
        room -= len(plain)
        if room <= 0:
            raise ValueError("unpacks without end")
        _look(plain)
    return b""


def _look(words: bytes) -> None:
    plain = _ESCAPED.sub(lambda found: bytes([int(found.group(1), 16)]), words)
    if found := _ACTIVE.search(plain):
        raise ValueError(f"active content {found.group().decode('ascii', 'replace')}")


def main() -> int:
    limit()
    original = sys.stdin.buffer.read()
    try:
        made = {"image": image, "pdf": pdf}[sys.argv[1]](original)
    except Exception:  # whatever a crafted file raises, the answer is the same
        return REFUSED
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
