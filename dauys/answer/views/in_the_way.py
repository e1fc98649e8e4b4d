"""What stands in the way of templates and drafts, as whoever writes reads it."""

from django.utils.translation import gettext as _

from dauys.answer import actions


def in_the_way(failure: actions.Failure) -> str | None:
    """A failure of templates and drafts as the officer reads it; None where it is another's."""
    if isinstance(failure, actions.NameTaken):
        return _("The office has a template named “%(name)s” already. Change that one, or choose another name.") % {
            "name": failure.name
        }
    if isinstance(failure, actions.ChangedMeanwhile):
        return _("A colleague has changed or closed this template meanwhile. Open it again; your words stand here.")
    if isinstance(failure, actions.NoMachine):
        return _("No drafting machine is set up here. An administrator can name one in the settings.")
    if isinstance(failure, actions.MachineFailed):
        why = {
            "late": _("The drafting machine did not answer in time."),
            "busy": _("The drafting machine is busy with other drafts."),
            "refused": _("The drafting machine refused. An administrator should look at its address, model and key."),
            "unreachable": _("The drafting machine cannot be reached."),
            "long": _("The drafting machine sent far too much."),
            "empty": _("The drafting machine sent no words."),
        }.get(failure.why, _("The drafting machine sent something that is no draft."))
        return _("%(why)s Your draft is as it was; write on, or try again later.") % {"why": why}
    return None
