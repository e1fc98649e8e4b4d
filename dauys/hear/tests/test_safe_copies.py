"""A stranger's file is opened by nobody before the child process, and leaves it without what came along."""

import io
import struct
import zlib

import pytest
from django.http import HttpResponse
from PIL import Image

from dauys.hear import actions, files, grants, safe_copies
from dauys.hear.models import Attachment, Sealed
from dauys.hear.submission import Submission

STATE = Attachment.State
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
END = b"\nstartxref\n9\n%%EOF\n"


def packed(words: bytes) -> bytes:
    return PDF + b"3 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + zlib.compress(words) + b"\nendstream\nendobj" + END


def wrapped(how: bytes, body: bytes, kind: bytes = b"/Type /ObjStm /N 1 /First 4") -> bytes:
    """A PDF with a stream under the filter named."""
    return PDF + b"3 0 obj\n<< " + kind + b" " + how + b" >>\nstream\n" + body + b"\nendstream\nendobj" + END


SCRIPT = b"5 0 << /S /JavaScript /JS (app) >>"
FLATE = b"/Filter /FlateDecode"


def torn(words: bytes) -> bytes:
    """Unpacks to the words, and then to an error."""
    pack = zlib.compressobj()
    return pack.compress(words) + pack.flush(zlib.Z_FULL_FLUSH) + b"\xff\xff\xff"


def png(width: int, height: int) -> bytes:
    """A PNG that says it is this large and holds hardly anything."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def flat(width: int, height: int, mode: str = "RGB", kind: str = "PNG", **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, kind, **more)
    return out.getvalue()


@pytest.fixture
def attach(cast, now):
    def attach(name: str, content: bytes) -> Attachment:
        upload = files.upload(name, content)
        told = Submission(channel="web", token=name, text="Яма", uploads=(upload,))
        receipt = actions.receive(told, now=now)
        return Attachment.objects.select_related("appeal").get(appeal_id=receipt.appeal_id)

    return attach


def made(one: Attachment, now) -> Attachment:
    safe_copies.make_safe_pending(now=now)
    return Attachment.objects.select_related("appeal").get(id=one.id)


def test_a_photo_becomes_upright_small_and_silent(attach, photo, now):
    one = made(attach("hole.jpg", photo), now)
    assert one.state == STATE.SAFE
    copy = Image.open(io.BytesIO(safe_copies.open_safe(one)))
    assert (copy.format, copy.size) == ("JPEG", (20, 40))
    assert not copy.getexif()
    assert safe_copies.open_original(one) == photo


def test_neither_copy_lies_open_on_the_disk(attach, photo, now, settings):
    made(attach("hole.jpg", photo), now)
    kept = [path.read_bytes() for path in settings.ATTACHMENTS.rglob("*") if path.is_file()]
    assert len(kept) == 2
    assert not any(b"JFIF" in content or b"Invented" in content for content in kept)


@pytest.mark.parametrize(
    ("name", "content", "state"),
    [
        pytest.param("a.png", flat(300, 200, "RGBA"), STATE.SAFE, id="transparent"),
        pytest.param("a.gif", flat(30, 20, "P", "GIF", transparency=0), STATE.SAFE, id="palette"),
        pytest.param("a.webp", flat(30, 20, "RGB", "WEBP"), STATE.SAFE, id="webp"),
        pytest.param("a.jpg", flat(30, 20, "CMYK", "JPEG"), STATE.SAFE, id="print colours"),
        pytest.param("a.png", flat(30, 20, "I;16"), STATE.SAFE, id="sixteen bits"),
        pytest.param("a.jpg", flat(8660, 5774, "RGB", "JPEG"), STATE.SAFE, id="fifty megapixels"),
        pytest.param("a.png", flat(9000, 7000, "1"), STATE.REFUSED, id="sixty-three megapixels"),
        pytest.param("a.png", png(60_000, 60_000), STATE.REFUSED, id="a bomb of 3.6 gigapixels"),
        pytest.param("a.png", b"\x89PNG\r\n\x1a\nbroken", STATE.REFUSED, id="broken"),
        pytest.param("a.jpg", b"\xff\xd8\xff", STATE.REFUSED, id="cut after the first bytes"),
        pytest.param("a.pdf", PDF + END, STATE.SAFE, id="plain PDF"),
        pytest.param("a.pdf", PDF, STATE.REFUSED, id="PDF cut off"),
        pytest.param("a.pdf", PDF + b"<< /S /JavaScript >>" + END, STATE.REFUSED, id="script"),
        pytest.param("a.pdf", PDF + b"<< /S /J#61vaScript >>" + END, STATE.REFUSED, id="script in disguise"),
        pytest.param("a.pdf", PDF + b"<< /S /Launch >>" + END, STATE.REFUSED, id="starts a program"),
        pytest.param("a.pdf", PDF + b"<< /EmbeddedFile >>" + END, STATE.REFUSED, id="carries a file"),
        pytest.param("a.pdf", packed(b"<< /S /JavaScript /JS (app) >>"), STATE.REFUSED, id="packed script"),
        pytest.param("a.pdf", packed(b"<< /Type /Font >>"), STATE.SAFE, id="packed and harmless"),
        pytest.param("a.pdf", wrapped(FLATE, zlib.compress(b"5 0 << >>")), STATE.SAFE, id="packed objects"),
        pytest.param(
            "a.pdf", wrapped(b"/Filter /ASCIIHexDecode", SCRIPT.hex().encode()), STATE.REFUSED, id="objects in hex"
        ),
        pytest.param(
            "a.pdf", wrapped(b"/Filter /ASCII#48exDecode", SCRIPT.hex().encode()), STATE.REFUSED, id="in disguised hex"
        ),
        pytest.param(
            "a.pdf",
            wrapped(b"/Filter [/AHx /FlateDecode]", zlib.compress(SCRIPT).hex().encode()),
            STATE.REFUSED,
            id="objects packed twice",
        ),
        pytest.param(
            "a.pdf",
            wrapped(b"/Filter 7 0 R", SCRIPT.hex().encode()),
            STATE.REFUSED,
            id="objects under a filter named elsewhere",
        ),
        pytest.param(
            "a.pdf",
            wrapped(FLATE + b" /DecodeParms << /Predictor 12 >>", zlib.compress(SCRIPT)),
            STATE.REFUSED,
            id="objects under a predictor",
        ),
        pytest.param("a.pdf", wrapped(b"/Filter /DCTDecode", b"\xff\xd8", b"/Type /XObject"), STATE.SAFE, id="photo"),
        pytest.param("a.pdf", wrapped(FLATE, zlib.compress(SCRIPT)[:-4] + b"none"), STATE.REFUSED, id="wrong checksum"),
        pytest.param("a.pdf", wrapped(FLATE, torn(SCRIPT)), STATE.REFUSED, id="torn after the script"),
        pytest.param("a.pdf", packed(bytes(200_000_000)), STATE.REFUSED, id="unpacks without end"),
    ],
)
def test_each_file_is_made_safe_or_refused(attach, now, name, content, state):
    assert made(attach(name, content), now).state == state


def test_a_safe_copy_has_at_most_2560_pixels_a_side(attach, now):
    one = made(attach("a.jpg", flat(6000, 1500, "RGB", "JPEG")), now)
    assert Image.open(io.BytesIO(safe_copies.open_safe(one))).size == (2560, 640)


def test_running_twice_changes_nothing(attach, photo, now, settings):
    one = made(attach("hole.jpg", photo), now)
    before = safe_copies.open_safe(one)
    assert safe_copies.make_safe_pending(now=now) == 0
    assert safe_copies.open_safe(made(one, now)) == before


@pytest.mark.parametrize("point", ["_in_child", "files.write_durably"])
def test_killed_anywhere_and_run_again_it_ends_the_same(attach, photo, now, monkeypatch, settings, point):
    one = attach("hole.jpg", photo)

    def killed(*_args, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as kill:
        kill.setattr(f"dauys.hear.safe_copies.{point}", killed)
        with pytest.raises(KeyboardInterrupt):
            safe_copies.make_safe_pending(now=now)
    one.refresh_from_db()
    assert one.state == STATE.WAITING
    assert made(one, now).state == STATE.SAFE
    assert len(list(settings.ATTACHMENTS.rglob("*.safe"))) == 1


def test_a_child_that_does_not_come_back_is_given_up(attach, photo, now, monkeypatch):
    monkeypatch.setattr(safe_copies, "SECONDS_MOST", 0)
    assert made(attach("hole.jpg", photo), now).state == STATE.REFUSED


@pytest.mark.parametrize("harm", ["missing", "erased"])
def test_a_lost_original_or_an_erased_case_does_not_stop_the_others(attach, photo, now, settings, harm):
    one, other = attach("a.jpg", photo), attach("b.jpg", photo)
    if harm == "missing":
        (settings.ATTACHMENTS / one.path).unlink()
    else:
        Sealed.objects.filter(appeal=one.appeal).update(wrapped_key=None)
    assert made(one, now).state == STATE.REFUSED
    assert made(other, now).state == STATE.SAFE


# Serving


def opened_by(client, rf, appeal_id: int):
    response = HttpResponse()
    grants.grant(rf.get("/"), response, appeal_id)
    client.cookies.update(response.cookies)
    return client


def address(one: Attachment) -> str:
    return f"/appeal/attachment/{one.id}/"


def test_a_citizen_sees_the_safe_copy_and_the_browser_may_do_nothing_with_it(attach, photo, now, client, rf):
    one = made(attach("Яма\r\nX: y.png.jpg", photo), now)
    response = opened_by(client, rf, one.appeal_id).get(address(one))
    assert response.content == safe_copies.open_safe(one)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "content"),
    [("letter.pdf", PDF + END), ("odd.pdf", PDF), ("broken.png", b"\x89PNG\r\n\x1a\nbroken")],
)
def test_what_is_not_written_anew_can_only_be_saved(attach, now, client, rf, name, content):
    one = made(attach(name, content), now)
    response = opened_by(client, rf, one.appeal_id).get(address(one))
    assert response.content == content
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_file_is_saved_under_the_ending_of_what_it_is(attach, now):
    one = made(attach("letter.html", PDF + b"<script></script>" + END), now)
    assert one.state == STATE.SAFE
    assert safe_copies.serve(one).headers["Content-Disposition"] == 'attachment; filename="letter.html.pdf"'


def test_staff_get_a_refused_file_only_when_they_ask_for_the_original(attach, now):
    one = made(attach("odd.pdf", PDF), now)
    assert safe_copies.serve(one).status_code == 404
    assert safe_copies.serve(one, original=True).headers["Content-Disposition"].startswith("attachment")


def test_a_stranger_gets_no_file(attach, photo, now, client, rf):
    one, other = made(attach("a.jpg", photo), now), made(attach("b.jpg", photo), now)
    assert client.get(address(one)).status_code == 404
    assert opened_by(client, rf, other.appeal_id).get(address(one)).status_code == 404
    assert client.get("/appeal/attachment/999999/").status_code == 404


def test_a_file_costs_two_statements_however_many_there_are(attach, photo, now, client, rf, django_assert_num_queries):
    for number in range(5):
        one = made(attach(f"{number}.jpg", photo), now)
    opened_by(client, rf, one.appeal_id)
    with django_assert_num_queries(2):
        client.get(address(one))
