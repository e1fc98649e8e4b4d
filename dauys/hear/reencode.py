"""Runs alone, with little memory and time: opens what a stranger sent and writes it anew.

    python -I reencode.py image|pdf  < original  > safe copy

Leaves with 0 when all is well and 3 when the file is not to be trusted or not readable. It needs nothing of
this project, knows no key and no path, and whatever a crafted file makes of it dies with it.
"""

import contextlib
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
CHUNK = 4096
REFUSED = 3

# Names by which a PDF acts, carries other files or runs scripts (ISO 32000-1: 7.11.4, 12.6, 12.7.8, 13).
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|XFA|RichMedia|SubmitForm|ImportData|GoToE|Encrypt)\b")
_STREAM = re.compile(rb"stream\r?\n")
_OBJECTS = re.compile(rb"/ObjStm\b|/First\s*\d+\s*[/>]")
# An object stream may be packed once, plainly: in any other wrapping, names would stand where we cannot read them.
_WRAPPED = re.compile(
    rb"/(?:ASCII\w*|A85|AHx|LZW\w*|RL|RunLength\w*|Crypt|DCT\w*|JPX\w*|JBIG2\w*|CCITT\w*|FDecodeParms|DecodeParms|DP)\b"
    rb"|/Filter\b(?!\s*(?:/|\[\s*/FlateDecode\s*\]))"
)
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
    room, before = UNPACKED_MOST, 0
    for start in _STREAM.finditer(original):
        told = _named(original[before : start.start()])
        if _OBJECTS.search(told) and (found := _WRAPPED.search(told)):
            raise ValueError(f"objects wrapped in {found.group().decode('ascii', 'replace')}")
        plain = _unpacked(memoryview(original)[start.end() :], room)
        room -= len(plain)
        if room <= 0:
            raise ValueError("unpacks without end")
        _look(plain)
        before = start.end()
    return b""


def _unpacked(packed: memoryview, most: int) -> bytes:
    """As much as can be unpacked, at most `most` bytes; empty for a picture or another filter.

    Readers forgive a wrong checksum and a torn end, so neither may hide what stands before it.
    """
    if len(packed) < 2 or packed[0] & 15 != 8:
        return b""
    unpack, plain = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    for start in range(2, len(packed), CHUNK):
        chunk, here = packed[start : start + CHUNK], unpack.copy()
        try:
            plain += unpack.decompress(chunk, most - len(plain))
        except zlib.error:
            return bytes(plain) + _up_to_the_tear(here, chunk)
        if unpack.eof or len(plain) >= most:
            break
    return bytes(plain)


def _up_to_the_tear(unpack: "zlib._Decompress", chunk: memoryview) -> bytes:
    plain = bytearray()
    with contextlib.suppress(zlib.error):
        for at in range(len(chunk)):
            plain += unpack.decompress(chunk[at : at + 1])
    return bytes(plain)


def _named(words: bytes) -> bytes:
    """With names spelled out: /J#53 is /JS."""
    return _ESCAPED.sub(lambda found: bytes([int(found.group(1), 16)]), words)


def _look(words: bytes) -> None:
    if found := _ACTIVE.search(_named(words)):
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
