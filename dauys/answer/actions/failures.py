"""What may stand in an action's way. Nothing has changed when one of these is raised."""

from collections.abc import Sequence
from datetime import date


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


class TooManyFiles(Failure):
    """More than `most` files at once, or in one day."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} files")
        self.most = most


class FilesErased(Failure):
    """The data of this appeal was erased: nothing more can be sealed with it."""


class NoSuchEnclosure(Failure):
    """This file does not wait in the draft: it was taken out, or has been sent."""


class BadDay(Failure):
    """The day by which an answer of the citizen is hoped for has passed, or lies more than `most` days ahead."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} days")
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


class NoPassage(Failure):
    """No sentence was chosen for the part."""


class WholeLetter(Failure):
    """Every sentence was chosen: the letter would be moved, not split."""


class PartOfAnother(Failure):
    """The appeal is itself a part of another one: there is one level."""


class TooManyParts(Failure):
    """The letter has `most` parts already."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} parts")
        self.most = most


class NobodyToAnswer(Failure):
    """No open appeal of the problem is in a language that has a text, at an office this officer answers for."""


class AlreadyEnded(Failure):
    """The procedure is over: returned, terminated, passed up or withdrawn."""


class NotByRule(Failure):
    """The rule this appeal stands under knows no such `step`."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


class NoGround(Failure):
    """No ground was named, or the rule has none of this `code` for this step and kind."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DangerFirst(Failure):
    """It may report a crime or a danger: that is passed on at once and never given back."""


class NotThatFile(Failure):
    """There is no earlier closed appeal of this `number` that this one could repeat."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class AlreadyExtended(Failure):
    """The term has been prolonged `times` times already, as often as the rule allows."""

    def __init__(self, times: int) -> None:
        super().__init__(str(times))
        self.times = times


class TermOver(Failure):
    """The term that should be changed has run out (`due_on`), or there is none (None)."""

    def __init__(self, due_on: date | None) -> None:
        super().__init__(str(due_on))
        self.due_on = due_on


class NotThatDay(Failure):
    """The day must lie from `first` to `last`; there is none where `last` comes before `first`."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(f"{first} to {last}")
        self.first, self.last = first, last


class ClosedDay(Failure):
    """Nobody works on this `day`; a term ends on a working day."""

    def __init__(self, day: date) -> None:
        super().__init__(str(day))
        self.day = day


class Paused(Failure):
    """The clock stands still."""


class NotPaused(Failure):
    """The clock runs."""


class NotMendedYet(Failure):
    """The time for mending the appeal has not run out, or the citizen was never asked to mend it."""


class TooLate(Failure):
    """The last day for this was `last`: the appeal must be considered now."""

    def __init__(self, last: date) -> None:
        super().__init__(str(last))
        self.last = last


class AlreadyOffered(Failure):
    """A hearing is open already."""


class HearingFirst(Failure):
    """An unfavourable decision on this appeal needs a hearing first, and none was offered."""


class HearingOpen(Failure):
    """The citizen may still be heard: the decision can be made from `free_on`; None: once they were heard aloud."""

    def __init__(self, free_on: date | None) -> None:
        super().__init__(str(free_on))
        self.free_on = free_on


class NothingAsked(Failure):
    """Nothing waits for this: no defects to be mended, no hearing."""


class NoBody(Failure):
    """No office stands above it in this house, and no body outside was named."""


class NotItsOffice(Failure):
    """The office complained about neither holds the appeal nor stands above one that does."""


class AnsweredBefore(Failure):
    """The citizen has disputed it twice, and this officer has answered it before: somebody else must."""


class NameTaken(Failure):
    """The office has another template of this `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ChangedMeanwhile(Failure):
    """A colleague has changed or closed the template since it was read."""


class NoMachine(Failure):
    """No drafting machine is set up here, or its settings cannot be used."""


class MachineFailed(Failure):
    """The drafting machine gave no draft; `why` is one of `drafting.REASONS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class AlreadyLeft(Failure):
    """What was to be taken back has been done, or nothing was held."""


class OnItsWay(Failure):
    """A verb on this appeal, pressed by `name`, is about to be done."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class StaysWithAPerson(Failure):
    """A twice disputed appeal is given to somebody by name, not back to the office."""


class SameOffice(Failure):
    """The appeal is at this office already."""


class AboutThisOffice(Failure):
    """The appeal complains about this office or one above it; it may not judge itself."""


class PassedRound(Failure):
    """It has been passed on twice already: once more needs the head above both offices, or a written ground.

    `path`: names of the offices it was at, in order.
    """

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(" → ".join(path))
        self.path = tuple(path)


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
