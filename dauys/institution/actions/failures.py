"""What may stand in an action's way. Nothing has changed when one of these is raised."""


class Failure(Exception):
    """The common name of all failures below, for pages that tell any of them in one place."""


class AlreadyEstablished(Failure):
    """This installation serves an institution already."""


class AlreadyThere(Failure):
    """There is one of this `code` (of a person: this e-mail address) already."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoSuch(Failure):
    """Nothing has this `code`; `kind` is area, topic, office, person, appointment or day."""

    def __init__(self, kind: str, code: object) -> None:
        super().__init__(f"{kind} {code}")
        self.kind, self.code = kind, str(code)


class NoName(Failure):
    """A name is needed in at least one language."""


class WrongParent(Failure):
    """It cannot stand under that parent: topics have two levels, and nothing stands under itself."""


class InUse(Failure):
    """An open office or a person still holds to it: `by`."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class StillOwes(Failure):
    """The person holds `count` open matters there, which must be handed over to a colleague first."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


class LastAdministrator(Failure):
    """Nobody would be left who may manage the institution. Appoint another administrator first."""
