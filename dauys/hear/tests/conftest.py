import io

import pytest
from PIL import Image


@pytest.fixture(autouse=True)
def _own_attachments(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path / "attachments"


@pytest.fixture
def photo() -> bytes:
    """A small real JPEG with a camera's words and a turned side in it."""
    image = Image.new("RGB", (40, 20), "olive")
    exif = image.getexif()
    exif[0x010F] = "Invented Camera"
    exif[0x0112] = 6  # the camera was held upright
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()
