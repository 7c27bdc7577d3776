"""States in words, for interfaces that know no models."""

from hub.catalog.models import ReviewState, Severity


def review_labels() -> dict[str, str]:
    """Each state of a review, in the order of a review's life."""
    return {str(value): str(label) for value, label in ReviewState.choices}


def severity_labels() -> dict[str, str]:
    """Each severity of an open bias finding, the mildest first; the empty one is that there is none."""
    return {str(value): str(label) for value, label in Severity.choices}
