"""What may stand in an action's way. Nothing has changed when one of these is raised."""


class Failure(Exception):
    """The common name of all failures below, for pages that tell any of them in one place."""


class Empty(Failure):
    """There are no words in the text."""


class TooLong(Failure):
    """The text is longer than `most` characters."""

    def __init__(self, length: int, most: int) -> None:
        super().__init__(f"{length} characters, at most {most}")
        self.length, self.most = length, most


class TooMany(Failure):
    """The citizen has written `most` messages about this appeal today."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} messages today")
        self.most = most


class NoOutcome(Failure):
    """It is not said what the answer comes to: done, partly done, explained, refused or passed on."""


class Unfinished(Failure):
    """A place the skeleton left to be filled, `hole`, still stands in the answer."""

    def __init__(self, hole: str) -> None:
        super().__init__(hole)
        self.hole = hole


class NotRouted(Failure):
    """The appeal has no office yet: first it must be given to one."""


class AlreadyAnswered(Failure):
    """Somebody has answered in the meantime, and the citizen has not disputed it."""


class AlreadyTaken(Failure):
    """A colleague, `name`, has taken the appeal."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class SameOffice(Failure):
    """The appeal is at this office already."""


class AboutThisOffice(Failure):
    """The appeal complains about this office or one above it; it may not judge itself."""


class NotThere(Failure):
    """The officer does not work on appeals of this office."""


class SomebodyElsesDraft(Failure):
    """A colleague, `name`, has changed the draft since it was read."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NothingToJudge(Failure):
    """There is no such answer, or a later one has replaced it."""


class AlreadyJudged(Failure):
    """The citizen has given another verdict on this answer."""
