"""Everything that can go wrong with one seed; the others go on."""


class SeedError(Exception):
    """A seed could not be made; the message says why and what to do."""


class PackageMissing(SeedError):
    """The package index no longer has (or never had) that version, or cannot be reached."""


class WrongContent(SeedError):
    """A package holds other bytes than the ones that were examined when the seed was written."""


class UnknownSeed(SeedError):
    """No seed has that name."""


class BuildFailed(SeedError):
    """A library that converts or trains gave up; the message carries its reason."""
