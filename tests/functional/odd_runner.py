"""The runner, two days behind; a job titled "raises" meets a recipe that does."""

import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from workers.lib import clock
from workers.recipes import tabular
from workers.runner.__main__ import main

_now = clock.now


def behind() -> datetime:
    return _now() - timedelta(days=2)


def raises(_session: Any) -> Any:
    sys.stderr.write("About to divide.\n")
    return 1 / 0


if __name__ == "__main__":
    clock.now = behind
    if json.loads((Path(sys.argv[1]) / "job.json").read_text())["spec"]["title"] == "raises":
        tabular.RECIPE = replace(tabular.RECIPE, finetune=raises)
    sys.exit(main(sys.argv[1:]))
