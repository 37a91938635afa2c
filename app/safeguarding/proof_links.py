"""The links of a chain, one after another: whole, unbroken, signed, and those that heads name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

from app.safeguarding.faults import SINCE_THEN, Fault, What, links, when
from app.safeguarding.held import BY_TABLE, FORM, Item, digest_of, mac_of, short_head
from app.safeguarding.known_heads import Account, Back, Known, is_void


@dataclass(slots=True)
class Run:
    """Links that follow each other."""

    first: int
    last: int
    began: str
    ended: str
    until: str = ""
    """When the next link was signed: what an unsigned one says of its own time proves nothing.
    Empty where none was yet."""

    @property
    def links(self) -> str:
        """In words."""
        return links(self.first, self.last)


Values = tuple[Any, Any, Any, Any, Any]
"""Of a link: number, holds, digest, mac, made_at, as they lie in the file."""


@dataclass(slots=True)
class Links:
    """What is found while the links of one school go by in their order."""

    school_id: str
    key: bytes | None
    first: bytes | None
    """The digest of the first link, from the keys folder."""
    heads: Iterable[Known] = ()
    faults: list[Fault] = field(default_factory=list)
    newest: int = 0
    mac: bytes | None = None
    form: int = 0
    """The newest form among the links."""
    began: str | None = None
    ended: str | None = None
    _before: bytes = b""
    _all: list[Known] = field(default_factory=list)
    _unsigned: list[Run] = field(default_factory=list)
    _misfits: list[Run] = field(default_factory=list)
    _fits: int = 0
    _wanted: dict[int, list[Known]] = field(default_factory=dict)
    _by_hex: list[Known] = field(default_factory=list)
    _missed: list[Known] = field(default_factory=list)
    _signed: bool = False
    _met: int = 0
    _back: list[Back] = field(default_factory=list)
    _others: list[Back] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Sort the heads by the link that they name."""
        self._all = list(self.heads)
        for head in self._all:
            if head.number is None:
                self._by_hex.append(head)
            else:
                self._wanted.setdefault(head.number, []).append(head)

    def take(self, values: Values) -> list[Item]:
        """Look at the next link; what it holds."""
        number, holds, digest, mac, made_at = values
        self.began = self.began or str(made_at)
        if not isinstance(number, int):
            says = f"There is a link whose number is none, after link {self.newest}."
            self.faults.append(Fault(What.BROKEN, says))
            return []
        if number != self.newest + 1:
            self._gap(number)
        ours = digest_of(self._before, self.school_id, number, str(holds), made_at)
        if not isinstance(digest, bytes) or digest != ours or not isinstance(holds, str):
            says = f"Link {number} of {when(made_at)} is not what Catkin wrote: it was changed."
            self.faults.append(Fault(What.BROKEN, says))
            digest = digest if isinstance(digest, bytes) else b""
        elif number == 1 and self.first is not None and digest != self.first:
            says = (
                f"The chain was begun anew past Catkin: its first link, of {when(made_at)}, is not"
                " the one that the keys folder knows."
            )
            self.faults.append(Fault(What.BEGUN_ANEW, says))
        self._sign(number, digest, mac if isinstance(mac, bytes) else None, str(made_at))
        self.newest, self.ended, self._before = number, str(made_at), digest
        return self._items(number, holds)

    def _gap(self, number: int) -> None:
        if number > self.newest + 1:
            missing = links(self.newest + 1, number - 1)
            are = "is" if number == self.newest + 2 else "are"
            says = f"{missing} {are} missing from the chain: deleted past Catkin."
            self.faults.append(Fault(What.BROKEN, says))
        else:
            says = f"A link says that it is number {number}, after number {self.newest}."
            self.faults.append(Fault(What.BROKEN, says))

    def _sign(self, number: int, digest: bytes, mac: bytes | None, made_at: str) -> None:
        self.mac, self._signed = mac, self._signed or mac is not None
        if mac is None:
            _onto(self._unsigned, number, made_at)
        elif self.key is not None:
            if compare_digest(mac, mac_of(self.key, digest)):
                self._fits += 1
                for run in self._unsigned[-1:]:
                    run.until = run.until or made_at
            else:
                _onto(self._misfits, number, made_at)
        text = mac.hex() if mac else "none"
        for head in self._wanted.pop(number, ()):
            if text.startswith(head.hex):
                self._met += 1
            else:
                self._missed.append(head)
        for head in [head for head in self._by_hex if text.startswith(head.hex)]:
            self._met += 1
            self._by_hex.remove(head)

    def _items(self, number: int, holds: Any) -> list[Item]:
        try:
            form, items = json.loads(holds)
            if not isinstance(form, int) or form > FORM:
                raise ValueError("another form")
            self.form = max(self.form, form)
            return [_item(*item) for item in items]
        except (ValueError, TypeError, KeyError):
            says = f"Link {number} cannot be read: what it holds has no form that Catkin writes."
            self.faults.append(Fault(What.BROKEN, says))
            return []

    @property
    def vouched(self) -> bool:
        """Whether the newest link is signed, or comes before the first that is: a chain whose key
        was away when it began has taken up all that was there."""
        return self.mac is not None or not self._signed

    def end(self, restored: Iterable[Back], others: Iterable[Back] = ()) -> None:
        """Say what could only be known at the last link; `restored` are the backups put back.

        `others` are restores that the keys folder knows.
        """
        doubtful = [*self._unsigned, *self._misfits]
        self._back = [
            b for b in restored if not any(r.first <= b.noted <= r.last for r in doubtful)
        ]
        self._others = list(others)
        if not self.newest and self.first is not None:
            says = "There is no link at all, and the keys folder knows that there was a first one:"
            says += " the whole chain was deleted past Catkin."
            self.faults.append(Fault(What.CUT, says))
        self._say_cut()
        self._say_misfits()
        self._say_accounts()
        for run in self._unsigned:
            self.faults.append(
                Fault(
                    What.UNSIGNED,
                    f"{run.links}: no signature, from {when(run.began)} to {when(run.ended)}:"
                    " the chain’s key was away, or something else than Catkin wrote them. Ask whom"
                    " it concerns what was done in that time.",
                    run.until or SINCE_THEN,
                )
            )

    def _say_accounts(self) -> None:
        if self.newest and not self._fits:  # The key is another's, which is said elsewhere.
            return
        for head in self._all:
            if head.account is Account.CHANGED:
                says = f"What {head.where} says of itself was changed past Catkin: it does not fit"
                self.faults.append(Fault(What.ACCOUNT, f"{says} the chain’s key."))
            elif head.account is Account.UNSIGNED:
                says = f"What {head.where} says of itself is not signed: the chain’s key was away"
                says += " when it was made, or it was changed past Catkin."
                self.faults.append(Fault(What.UNSIGNED, says, str(head.made_at)))

    def _say_cut(self) -> None:
        beyond = [head for heads in self._wanted.values() for head in heads]
        for head in (head for head in (*beyond, *self._by_hex) if not self._is_void(head)):
            named = f"a link {head.number}" if head.number else f"a link {head.hex}"
            self.faults.append(
                Fault(
                    What.CUT,
                    f"The newest link is {self.newest}, of {when(self.ended)}, but {head.where}"
                    f" knows {named}{_of(head)}: what came after was cut off, or an older copy of"
                    " the database was put in its place.",
                )
            )

    def _say_misfits(self) -> None:
        for head in (head for head in self._missed if not self._is_void(head)):
            self.faults.append(
                Fault(
                    What.REWRITTEN,
                    f"Link {head.number} is not the one that {head.where} knows{_of(head)}: it and"
                    " what follows were made anew past Catkin.",
                )
            )
        if not self._misfits:
            return
        if self._fits == 0 and self._met and not self._missed:
            says = "No link fits the key in the keys folder, and yet they fit the heads that were"
            says += " kept: that key is another’s. Put back your copy of the keys."
            self.faults.append(Fault(What.OTHER_KEY, says))
        elif self._fits == 0 and not self._missed:
            says = "No link is signed with the key in the keys folder: either that key is another’s"
            says += ", or the whole chain was made anew past Catkin. Compare it with a head that"
            says += " you have on paper (--head)."
            self.faults.append(Fault(What.REWRITTEN, says))
        else:
            for run in self._misfits:
                says = f"{run.links}, from {when(run.began)} to {when(run.ended)}, not signed with"
                says += " the chain’s key: made anew past Catkin."
                self.faults.append(Fault(What.REWRITTEN, says))

    def _is_void(self, head: Known) -> bool:
        return is_void(head, self._back, self._others)

    @property
    def head(self) -> str | None:
        """The newest link's head."""
        return short_head(self.newest, self.mac) if self.newest else None

    @property
    def met(self) -> int:
        """How many of the heads fitted."""
        return self._met


def _item(table: Any, key: Any, digest: Any, loose: Any, concern: Any) -> Item:
    if table not in BY_TABLE or not isinstance(digest, str) or not isinstance(loose, dict):
        raise ValueError("no row of ours")
    return [table, key, digest, loose, concern]


def _onto(runs: list[Run], number: int, made_at: str) -> None:
    if runs and runs[-1].last == number - 1:
        runs[-1].last, runs[-1].ended = number, made_at
    else:
        runs.append(Run(number, number, made_at, made_at))


def _of(head: Known) -> str:
    return f", made on {when(head.made_at)}" if head.made_at else ""
