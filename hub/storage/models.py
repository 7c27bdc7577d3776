"""Bytes, and who brought them. sha256 is the identity; how the bytes lie (whole, or as Xet chunks) is this room's."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from hub.core import clock
from hub.core.ids import new_object_id


class Condition(models.TextChoices):
    """What the last look at stored bytes found."""

    UNCHECKED = "unchecked", "Not checked since it was stored"
    GOOD = "good", "Read back and matched its hash"
    DAMAGED = "damaged", "Read back and did not match its hash"
    MISSING = "missing", "Not found where it was stored"


BAD_CONDITIONS = frozenset({Condition.DAMAGED, Condition.MISSING})


class Scope(models.Model):
    """A space of bytes, one for each repository. Nobody can name bytes in a scope unless they were brought there.

    `generation` stands in the scope's Xet address; raising it makes clients forget which chunks they sent.
    """

    key = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    generation = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.key}.g{self.generation}"


class XorbQuerySet(models.QuerySet["Xorb"]):
    def garbage(self, before: dt.datetime) -> "XorbQuerySet":
        """Xorbs that no needed file is made of, and that no client was told of since then."""
        uses = XetFile.xorbs.through._default_manager.filter(xorb=OuterRef("pk"))
        return self.filter(~Exists(uses.exclude(xetfile__in=XetFile.objects.garbage(before))), referenced_at__lt=before)


class Xorb(models.Model):
    """A stored run of Xet chunks. `index` packs 40 bytes a chunk: hash[32], u32 raw length, u32 end offset (LE)."""

    hash = models.CharField(max_length=64, unique=True)
    chunk_count = models.PositiveIntegerField()
    raw_size = models.PositiveBigIntegerField()
    disk_size = models.PositiveBigIntegerField()
    index = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)
    # The last upload, shard listing or dedup answer: clients may count on the xorb for 21 days from then.
    referenced_at = models.DateTimeField(default=clock.now)
    checked_at = models.DateTimeField(null=True, blank=True)
    condition = models.CharField(max_length=9, choices=Condition.choices, default=Condition.UNCHECKED)

    objects = XorbQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(hash__regex=r"^[0-9a-f]{64}$"), name="xorb_hash_well_formed")
        ]

    def __str__(self) -> str:
        return self.hash


class ScopeXorb(models.Model):
    """This scope's clients brought this xorb, so its shards may name it."""

    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="+")
    xorb = models.ForeignKey(Xorb, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "xorb"], name="scope_xorb_once")]

    def __str__(self) -> str:
        return f"{self.scope_id}: {self.xorb_id}"


class XetFileQuerySet(models.QuerySet["XetFile"]):
    def garbage(self, before: dt.datetime) -> "XetFileQuerySet":
        """Files made before then that no needed content lies in."""
        contents = Blob.objects.filter(xet_file=OuterRef("pk"))
        return self.filter(~Exists(contents.exclude(pk__in=Blob.objects.garbage(before))), created_at__lt=before)


class XetFile(models.Model):
    """A file as a list of xorb ranges. `segments` packs 44 bytes each: xorb hash[32], u32 raw size, start, end (LE)."""

    hash = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    segments = models.BinaryField()
    xorbs: "models.ManyToManyField[Xorb, models.Model]" = models.ManyToManyField(Xorb, related_name="files")
    created_at = models.DateTimeField(default=clock.now)

    objects = XetFileQuerySet.as_manager()

    def __str__(self) -> str:
        return self.hash


class BlobQuerySet(models.QuerySet["Blob"]):
    def garbage(self, before: dt.datetime) -> "BlobQuerySet":
        """Contents stored before then that no commit names and that nobody brought since then."""
        needed = Q(committed_at__isnull=False) | Q(uploaded_at__gte=before)
        return self.filter(~Exists(Holding.objects.filter(needed, blob=OuterRef("pk"))), created_at__lt=before)


class Blob(models.Model):
    """Content by sha256. It lies as a whole file, as a Xet file, or both."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    is_whole = models.BooleanField(default=False)
    xet_file = models.ForeignKey(XetFile, on_delete=models.PROTECT, null=True, blank=True, related_name="blobs")
    created_at = models.DateTimeField(default=clock.now)
    checked_at = models.DateTimeField(null=True, blank=True)
    condition = models.CharField(max_length=9, choices=Condition.choices, default=Condition.UNCHECKED)

    objects = BlobQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="blob_sha256_well_formed"),
            models.CheckConstraint(condition=Q(is_whole=True) | Q(xet_file__isnull=False), name="blob_lies_somewhere"),
        ]
        indexes: ClassVar = [models.Index(fields=["checked_at"], name="blob_checked_at")]

    def __str__(self) -> str:
        return self.sha256


class Holding(models.Model):
    """This scope has this content: uploaded into it, and named by one of its commits once `committed_at` is set.

    The one answer to "may this repository name these bytes" and to "does anybody still need them".
    """

    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="holdings")
    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="holdings")
    uploaded_at = models.DateTimeField(default=clock.now)
    committed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "blob"], name="holding_once")]

    def __str__(self) -> str:
        return f"{self.scope_id}: {self.blob_id}"


class Upload(models.Model):
    """Bytes on their way in, into one preallocated file that parts are written to at their offsets.

    It outlives a crash of the server or the client: a part that was received is not asked for again.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="uploads")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    part_size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(default=clock.now)
    active_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="upload_sha256_well_formed"),
            models.UniqueConstraint(fields=["scope", "sha256"], name="upload_once_per_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}: {self.sha256}"

    @property
    def part_count(self) -> int:
        """At least one, so that an empty file is brought like any other."""
        return max(1, -(-self.size // self.part_size))

    def length_of(self, number: int) -> int | None:
        """The bytes of the part with that number, counted from 1; None when the plan has no such part."""
        if not 1 <= number <= self.part_count:
            return None
        return min(self.part_size, self.size - (number - 1) * self.part_size)


class UploadPart(models.Model):
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    etag = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["upload", "number"], name="upload_part_once")]

    def __str__(self) -> str:
        return f"{self.upload_id}: part {self.number}"
