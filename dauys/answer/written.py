"""Numbers and moments as they stand in an address or a form, where anybody may have written anything."""

from datetime import datetime


def whole_number(written: str, *, digits: int = 18) -> int | None:
    """The whole number written in plain digits, at most so many; None for anything else.

    Eighteen digits fit a database's number; far longer ones Python itself refuses to read, with an error.
    """
    return int(written) if written.isascii() and written.isdigit() and len(written) <= digits else None


def moment(written: str) -> datetime | None:
    """The moment a page wrote into its own form (ISO 8601); None for anything else."""
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None
