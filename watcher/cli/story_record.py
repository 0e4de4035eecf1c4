"""A story as JSON, as lists and `stories show` have it in common."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from watcher.outlets.coverage import Coverage
    from watcher.storage.rows import StoryRow


def story_record(row: "StoryRow", told: "Coverage") -> dict[str, Any]:
    """Return a story for JSON."""
    return {
        "id": row.id,
        "title": row.title,
        "founder": row.founder,
        "entries": row.entries,
        **coverage_record(told),
        "topics": list(row.topics),
        "opened": row.opened,
        "last_seen": row.last_seen,
    }


def coverage_record(told: "Coverage") -> dict[str, Any]:
    """Return who has told a story for JSON."""
    return {
        "publishers": list(told.publishers),
        "outlets": list(told.outlets),
        "languages": list(told.languages),
        "agencies": dict(told.agencies),
        "official": list(told.official),
        "citing": list(told.speakers),
        "first": {"outlet": told.first, "time": told.began},
        "last": {"time": told.ended},
    }
