"""Which appeals make one problem, among a million, and does the answer stay put when new ones come?

Appeals are taken in the order of their numbers, as they came. Each is compared with a bounded number of earlier ones:
those near by in the same part (area and topic), those that share a band of their text, and those its caller names as
near in meaning. It joins the likeliest problem the guards allow, or begins one of its own. Nothing depends on what
comes later, so grouping in one go and grouping day by day give the same answer, and so does any number of processes.
"""

from dauys.engines.grouping.columns import NEW, Appeals, BadAppeals, Likeness, Parcel, Rules
from dauys.engines.grouping.groups import Grouped, Merge, group, group_parcel, parcels
from dauys.engines.grouping.kinds import KINDS, GroupKind, Member, kind_of_group

__all__ = [
    "KINDS",
    "NEW",
    "Appeals",
    "BadAppeals",
    "GroupKind",
    "Grouped",
    "Likeness",
    "Member",
    "Merge",
    "Parcel",
    "Rules",
    "group",
    "group_parcel",
    "kind_of_group",
    "parcels",
]
