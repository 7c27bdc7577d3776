"""Text from outside, before a database or `int` sees it."""


def storable(text: str) -> str:
    """The text without what a database refuses: zero characters and halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def digits(text: str) -> int | None:
    """The number that up to 18 ASCII digits write (any database holds it); None for every other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
