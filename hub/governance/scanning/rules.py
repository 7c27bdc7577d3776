"""The version of what is looked for: whoever changes a scanner counts it up, and every revision is read again."""

from importlib.metadata import version

DATE = "2026-11-21.3"
SECOND = "picklescan"
SECOND_VERSION = version(SECOND)
# As it stands beside every verdict; at most 32 letters.
RULES = f"{DATE}/{SECOND}-{SECOND_VERSION}"
