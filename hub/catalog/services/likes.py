"""How many like a repository, as lists and the search know it."""

from django.db.models import F

from hub.catalog.models import Repo
from hub.catalog.services.events import changed


def add_likes(repo: Repo, change: int) -> None:
    """Count `change` likes more (or fewer). Inside the transaction of those who keep the likes themselves."""
    Repo.objects.filter(pk=repo.pk, likes__gte=-change).update(likes=F("likes") + change)
    changed(repo.pk)
