"""What is told outside the pages: found in the tables, put in a queue without a word or an address, and sent once."""

from dauys.answer.post.bounces import note_bounce
from dauys.answer.post.queue import queue_letters_pending
from dauys.answer.post.sending import send_letters_pending

__all__ = ["note_bounce", "queue_letters_pending", "send_letters_pending"]
