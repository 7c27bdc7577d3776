from hub.core.errors import HubError, InvalidInput, Unprocessable


class WrongDigest(Unprocessable):
    """The bytes that arrived don't have the sha256 they were announced with. Nothing was kept; upload them again."""

    code = "wrong_digest"


class WrongSize(Unprocessable):
    """The bytes don't have the size they were announced with."""

    code = "wrong_size"


class NotHeld(Unprocessable):
    """The repository doesn't hold these bytes (any more). Upload them to it, then commit again."""

    code = "not_held"


class BadPart(InvalidInput):
    """The part of the upload is not as planned. What was received before is kept; send this part again."""

    code = "bad_part"


class BlobNotFound(HubError):
    """The hub has no bytes of that sha256."""

    code = "blob_not_found"
    status = 404


class UploadNotFound(HubError):
    """There is no such upload: it was finished, dropped, or never begun. Begin it again."""

    code = "upload_not_found"
    status = 404


class BadRange(HubError):
    """The range lies outside the file. `detail["size"]` is the file's size."""

    code = "bad_range"
    status = 416


class BytesDamaged(HubError):
    """The stored bytes are damaged or gone; they are not served. Push the file again, or restore it from a backup."""

    code = "bytes_damaged"
    status = 500


class UploadBusy(HubError):
    """A part of this upload is still being written, or it is being verified. Ask again in a minute."""

    code = "upload_busy"
    status = 503
