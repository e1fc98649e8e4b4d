"""Does this answer answer? Advice with reasons before it is sent, and how likely the citizen will dispute it.

The advice is rules over phrases kept as data; the likelihood is a sum of words and numbers that an institution learns
from verdicts on its own past answers.
"""

from dauys.engines.answer_check.check import check
from dauys.engines.answer_check.cues import Cues, MalformedCues, compiled, packaged
from dauys.engines.answer_check.file import UnreadableModel, read, write
from dauys.engines.answer_check.findings import CODES, Ask, Case, Duty, Earlier, Finding, Personal, Severity
from dauys.engines.answer_check.risk import Model, Moment, Risk
from dauys.engines.answer_check.training import TooFewVerdicts, train

__all__ = [
    "CODES",
    "Ask",
    "Case",
    "Cues",
    "Duty",
    "Earlier",
    "Finding",
    "MalformedCues",
    "Model",
    "Moment",
    "Personal",
    "Risk",
    "Severity",
    "TooFewVerdicts",
    "UnreadableModel",
    "check",
    "compiled",
    "packaged",
    "read",
    "train",
    "write",
]
