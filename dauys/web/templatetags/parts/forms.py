"""Questions of a form, each tied to its label, hint and errors."""

from typing import Any

from django.forms import BaseForm, BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Textarea

from dauys.web.templatetags.parts.register import register


@register.inclusion_tag("web/parts/field.html")
def field(
    bound: BoundField,
    hint: str = "",
    label: str = "",
    columns: bool = False,
    size: str = "",
    optional: bool | None = None,
) -> dict[str, Any]:
    """One question of a form with its label, hint and errors, tied together for screen readers.

    `hint` and `label` replace the form's own (a space for none). `optional=False`: not the field
    but the form itself demands an answer. `choice_hints` on a field (value → words) explain its choices.
    """
    widget = bound.field.widget
    hint = (hint or str(bound.help_text or "")).strip()
    key = bound.auto_id or bound.html_name
    described = [f"{key}_hint"] if hint else []
    described += [f"{key}_error"] if bound.errors else []
    attrs: dict[str, str | bool] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    kind = "input"
    if isinstance(widget, CheckboxInput):
        kind = "check"
    elif isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        kind = "choices"
    elif isinstance(widget, FileInput):
        kind = "upload"
    if kind == "input":
        attrs["class"] = f"input {widget.attrs.get('class', '')}".strip()
        if size:
            attrs["data-size"] = size
        if label:
            attrs["placeholder"] = ""  # the form's own placeholder would contradict a label given here
    if isinstance(widget, Textarea) and widget.attrs.get("maxlength"):
        attrs["data-counter"] = f"{key}_counter"
    hints = getattr(bound.field, "choice_hints", {})
    options = []
    if kind == "choices":
        for option in bound.subwidgets:
            data = option.data
            data["attrs"] = {**data["attrs"], **attrs}
            # The hint of a choice is keyed by the value as it is written in the form.
            options.append((option, hints.get(str(data["value"]), hints.get(data["value"], ""))))
    return {
        "field": bound,
        "kind": kind,
        "hint": hint,
        "label": label or bound.label,
        "is_optional": not getattr(bound.field, "is_expected", bound.field.required) if optional is None else optional,
        "key": key,
        "columns": columns,
        "options": options,
        "control": "" if kind == "choices" else bound.as_widget(attrs=attrs),
        "counter": attrs.get("data-counter", ""),
        "limit": widget.attrs.get("maxlength", ""),
        "is_hidden": bound.is_hidden,
    }


@register.inclusion_tag("web/parts/errors.html")
def errors(form: BaseForm) -> dict[str, Any]:
    """What went wrong, above the form, each line leading to its field."""
    rows = []
    for bound in form:
        for words in bound.errors:
            anchor = bound.auto_id
            if isinstance(bound.field.widget, (RadioSelect, CheckboxSelectMultiple)):
                anchor = f"{anchor}_0"
            rows.append((anchor, bound.label, words))
    return {"general": form.non_field_errors(), "rows": rows}
