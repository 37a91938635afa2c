"""One process with eight children who tell without pause: how long each waits for the store.

python -m tests.faults.writers <data> <keys> <school> <seconds> [guard to leave out]
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

from app import create_app
from app.base import ids
from app.base.errors import StoreAway
from app.config import Settings
from app.prepare import prepare
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.rules import Told
from tests.faults.without import GUARDS

THREADS = 8


def main(data: str, keys: str, school_id: str, seconds: str, guard: str = "") -> None:
    """Write as long as asked, and print how long each write took, and how many were refused."""
    if guard:
        GUARDS[guard]()
    app = create_app(prepare(Settings(data_dir=Path(data), keys_dir=Path(keys))))
    took, refused = list[float](), list[str]()
    end = time.monotonic() + float(seconds)

    def tell() -> None:
        while (began := time.monotonic()) < end:
            with app.app_context():
                try:
                    file_concern(school_id, Telling(ids.new_token(), Told(words="canaryword")))
                    took.append(time.monotonic() - began)
                except StoreAway as away:
                    refused.append(str(away)[:60])

    threads = [threading.Thread(target=tell) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"took": took, "refused": refused}))


if __name__ == "__main__":
    main(*sys.argv[1:])
