"""`people reset`: a link by which an adult starts anew, where nobody of the team can make one."""

from __future__ import annotations

from app.base.database import Store, file_of
from app.base.errors import CannotStart, Refused, StoreAway
from app.base.folders import nothing_in
from app.cli.keys import both_stores
from app.config import Settings
from app.people.rules import INVITATION_LASTS
from app.safeguarding.actions.team import reset_at_console

AWAY = "A database could not be written just now, so there is no link. Do the same again."


def reset(settings: Settings, email: str) -> int:
    """Print a one-time link, this once; the team sees in red that it was made."""
    if not file_of(settings.data_dir, Store.LEARNING).exists():
        raise nothing_in(settings.data_dir)
    with both_stores(settings):
        try:
            done = reset_at_console(email)
        except Refused as problem:
            raise CannotStart(f"{problem} Nothing was changed.") from None
        except StoreAway:
            raise CannotStart(AWAY) from None
    print(
        f"For {done.adult.name} alone, shown only now, good once, for {INVITATION_LASTS.days}"
        f" days:\n\n    {_address(settings)}/staff/join/{done.link.token}\n\n"
        "In place of the part before /staff they may write whatever address Catkin has for them."
        " The old password, the second step and every sign-in have ended. Everybody who sees"
        " concerns is told of this in red, and it stands in the record."
    )
    return 0


def _address(settings: Settings) -> str:
    return settings.public_url or f"http://127.0.0.1:{settings.port}"
