"""One letter as bytes: plain words and the same in simple HTML, without pictures, counters or foreign addresses."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.template.loader import render_to_string

from dauys.answer.post.words import Text


def build(text: Text, *, to: str, sender: str, message_id: str, now: datetime) -> bytes:
    """Lines end in CRLF. The addresses are plain ASCII."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(display_name=text.sender, addr_spec=sender)
    letter["To"] = to
    letter["Subject"] = text.subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = message_id
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    if text.stop:
        letter["List-Unsubscribe"] = f"<{text.stop}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(_plain(text), cte="base64")
    letter.add_alternative(render_to_string("answer/post/letter.html", {"letter": text}), subtype="html", cte="base64")
    letter["Content-Language"] = text.language  # after the content, which clears such fields
    return letter.as_bytes()


def _plain(text: Text) -> str:
    parts = [*text.paragraphs]
    if text.link:
        parts.append(f"{text.link_words}:\n{text.link}")
    small = [*text.small]
    if text.stop:
        small.append(f"{text.stop_words}: {text.stop}")
    return "\n\n".join(parts) + "\n\n-- \n" + "\n".join([text.sender, *small]) + "\n"
