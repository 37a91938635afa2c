"""Every line of the table, in order, and which of them fails without which guard."""

from __future__ import annotations

from tests.faults import away, disk, kills, letters, network
from tests.faults.table import Line

LINES = (
    Line("R1", "SIGKILL amid 200 concurrent Tells, 25 times", "0 lost, 0 doubled", kills.kills),
    Line("R2", "strace counts syncs", "1 for each Tell", kills.syncs),
    Line("R3", "reply dropped after the commit, sent twice more", "1 concern each", network.reply_lost),
    Line("R3", "double click, both workers at once", "1 concern each", network.double_click),
    Line("R4", "an error at each statement of a Tell", "all or nothing", kills.half_way),
    Line("R5", "four quiz writers flat out", "p99 300 ms", away.beside_lessons),
    Line("R6", "the mail server hangs", "p99 300 ms; 1 letter each", letters.mail_hangs),
    Line("R7", "EXCLUSIVE lock for 60 s", "0 refused, each in 3 s", away.locked),
    Line("R7", "store becomes read-only", "0 refused, drained once", away.read_only),
    Line("R7", "store's files go away and come back", "0 refused, drained once", away.gone),
    Line("R8", "1 MB left on the disk", "accepted = stored, then honest", disk.full),
    Line("R8", "a drawing on a full disk", "the words are kept", disk.words_before_drawings),
    Line("R9", "cut, reset, stall, slow at many bytes", "0 false “sent”", network.wire_breaks),
    Line("R12", "30 pupils, one address", "0 refused", network.one_address),
    Line("R12", "one pupil, 100 Tells", "all stored, 1 letter each", letters.one_pupil),
    Line("R26", "letters searched", "no name, word, Reply-To", letters.letters_say_nothing),
)

FALLS_WITHOUT: dict[str, tuple[str, ...]] = {
    "spool": ("R7 locked",),
    "gate": ("R5 beside_lessons",),
    "key": ("R3 reply_lost", "R3 double_click"),
    "trigger": (),
    "chain": (),
    "dedupe": ("R12 one_pupil",),
}
"""By guard: the lines that stand on it."""
