"""Facts in columns: sums of what happened by day, shift, place, resource, item and reason, in files beside the database.

``refresh`` brings the files up to date with the records that were added since; ``cells_of`` answers from them. Without
the extra ``analytics`` the same answers come from the records themselves, more slowly.
"""

from gemba.app.analytics.cells import cells_of
from gemba.app.analytics.files import forget
from gemba.app.analytics.refresh import is_available, refresh

__all__ = ["cells_of", "forget", "is_available", "refresh"]
