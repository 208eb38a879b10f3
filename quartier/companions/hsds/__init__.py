"""The directory as others write it: Open Referral HSDS 3, as JSON (`page`) and as tables in a zip (`package`)."""

from quartier.companions.hsds.kinds import KINDS
from quartier.companions.hsds.package import packed, unpack
from quartier.companions.hsds.page import Listed, NotHSDS, read, written

__all__ = ["KINDS", "Listed", "NotHSDS", "packed", "read", "unpack", "written"]
