"""What one test found quarantined is not so in the next."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_quarantined() -> Iterator[None]:
    from hub.governance.selectors import quarantine

    quarantine.forget()
    yield
    quarantine.forget()
