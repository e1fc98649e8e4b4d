"""`dauys evaluate duplicates`: appeals about one matter, beside the rule of category and 250 metres."""

from pathlib import Path
from typing import Any

import click

from dauys.commands import show
from dauys.commands.evaluate.duplicates import appeals, twins


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--pairs", "pairs_file", type=click.Path(path_type=Path),
    help="CSV of texts that say the same: a, b, language_a, language_b.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(file: Path | None, pairs_file: Path | None, as_json: bool) -> None:
    """Measure on FILE, a CSV (or .csv.gz) with text, category, created, lat, lon, building, reason.

    Two appeals count as one matter when building and reason agree and no more than 30 days lie between them. Only
    appeals with a known building are used. What is measured sees text, category, point and day, never building or
    reason. The rule beside it is that of FixMyStreet: the same category within 250 metres.
    """
    if file is None and pairs_file is None:
        show.stop("Nothing to measure on was given.", remedy="Give FILE, or --pairs FILE, or both.")
    outcome: dict[str, Any] = {}
    if file is not None:
        outcome |= appeals.measured(file)
    if pairs_file is not None:
        outcome["twins"] = twins.measured(pairs_file)
    show.result(outcome, as_json=as_json, lines=_told(outcome))


def _told(outcome: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    if "appeals" in outcome:
        lines += [
            f"{outcome['appeals']} appeals with a building ({outcome['left_out_without_building']} left out), "
            f"{outcome['positive_pairs']} pairs of one matter: {outcome['truth']}",
            f"{outcome['pairs_considered']} pairs within {appeals.REACH:.0f} m and 30 days considered; "
            f"vectors: {outcome['vectors']}",
        ]
        for name in ("rule_category_250m", "rule_category_250m_30days"):
            lines.append(
                f"{name:<26} precision {outcome[name]['precision']:.3f} at recall {outcome[name]['recall']:.3f}"
            )
        for name in ("category_nearest_first", "dauys"):
            lines.append(_curve_line(name, outcome[name]))
        learned = outcome["learned"]
        if "not_learned" in learned:
            lines.append(f"learned: {learned['not_learned']}")
        else:
            lines.append(f"On the later {learned['measured_on_pairs']} pairs:")
            lines += [
                f"{_curve_line(name, learned[name])}  calibration error {learned[name]['calibration_error']:.3f}"
                for name in ("dauys_by_judgement", "dauys_learned")
            ]
        groups = outcome["groups"]
        lines.append(
            f"{groups['groups']} groups, the largest of {groups['largest']}, {groups['merges']} merges: pairs "
            f"precision {groups['precision']:.3f}, recall {groups['recall']:.3f}, F1 {groups['f1']:.3f}; "
            f"{groups['cpu_seconds']} CPU s"
        )
        lines.append(f"{outcome['cpu_seconds']} CPU seconds in all, {outcome['scoring_cpu_seconds']} of them weighing")
    if "twins" in outcome:
        lines.append(f"{outcome['twins']['pairs']} pairs of texts; vectors: {outcome['twins']['vectors']}")
        for name in ("words", "meaning"):
            if found := outcome["twins"].get(name):
                lines.append(
                    f"{name}: twin first {found['a_to_b_twin_at_1']:.3f} and {found['b_to_a_twin_at_1']:.3f} back, "
                    f"among ten {found['a_to_b_twin_at_10']:.3f} and {found['b_to_a_twin_at_10']:.3f}"
                )
    return lines


def _curve_line(name: str, curve: dict[str, Any]) -> str:
    at = "  ".join(
        f"{recall}: {'–' if p is None else f'{p:.3f}'}" for recall, p in curve["precision_at_recall"].items()
    )
    rule = curve["at_the_rules_recall"]
    ours = "–" if rule["precision"] is None else f"{rule['precision']:.3f}"
    return (
        f"{name:<26} average precision {curve['average_precision']:.3f}; at the rule's recall {ours} "
        f"(rule {rule['rule']:.3f}); precision at recall {at}"
    )
