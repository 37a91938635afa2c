"""Every line of the table, in order, and which of them fails without which guard."""

from __future__ import annotations

from tests.faults import (
    away,
    clocks,
    copies,
    disk,
    kills,
    letters,
    network,
    people,
    proof,
)
from tests.faults.table import Line

LINES = (
    Line("R1", "SIGKILL amid 200 concurrent Tells, 25 times", "0 lost, 0 doubled", kills.kills),
    Line("R2", "strace counts syncs", "1 for each Tell", kills.syncs),
    Line(
        "R3",
        "reply dropped after the commit, sent twice more",
        "1 concern each",
        network.reply_lost,
    ),
    Line("R3", "double click, both workers at once", "1 concern each", network.double_click),
    Line("R4", "an error at each statement of a Tell", "all or nothing", kills.half_way),
    Line("R5", "four quiz writers flat out", "p99 300 ms", away.beside_lessons),
    Line(
        "R5",
        "16 tell without pause, two processes",
        f"p99 {away.UNLUCKY} times the median",
        away.fair,
    ),
    Line("R6", "the mail server hangs", "p99 300 ms; 1 letter each", letters.mail_hangs),
    Line("R7", "EXCLUSIVE lock for 60 s", "0 refused, each in 3 s", away.locked),
    Line("R7", "store becomes read-only", "0 refused, drained once", away.read_only),
    Line("R7", "store's files go away and come back", "0 refused, drained once", away.gone),
    Line("R8", "1 MB left on the disk", "accepted = stored, then honest", disk.full),
    Line("R8", "a drawing on a full disk", "the words are kept", disk.words_before_drawings),
    Line("R9", "cut, reset, stall, slow at many bytes", "0 false “sent”", network.wire_breaks),
    Line(
        "R10",
        "40 days back, 2 years on, nights of the clocks",
        "all told, in order, signed out",
        clocks.clock_moves,
    ),
    Line("R12", "30 pupils, one address", "0 refused", network.one_address),
    Line("R12", "one pupil, 100 Tells", "all stored, 1 letter each", letters.one_pupil),
    Line("R18", "the canary's stations broken in turn", "each red", people.canary),
    Line("R25", "rows changed, deleted, replaced", "each refused and noted", proof.guarded),
    Line("R26", "letters searched", "no name, word, Reply-To", letters.letters_say_nothing),
    Line("R29", "erased by two; the backup from before", "nowhere readable", people.erased),
    Line("R33", "data, log, spool, backup stolen and searched", "no word, no name", copies.stolen),
    Line("R34", "sealed words swapped and pasted", "none opens", proof.pasted),
    Line("R35", "key rotated while children tell", "0 refused, 0 read errors", copies.rotated),
    Line(
        "R35",
        "fresh machine, backup and the paper's words",
        "all readable, verified",
        copies.recovered,
    ),
    Line("R46", "edit, delete, swap, truncate, rewrite", "5 of 5 by data verify", proof.tampered),
    Line("R56", "nightly backup, drill, one byte changed", "named", copies.drilled),
)

FALLS_WITHOUT: dict[str, tuple[str, ...]] = {
    "spool": ("R7 locked",),
    "gate": ("R5 fair",),
    "key": ("R3 reply_lost", "R3 double_click"),
    "trigger": ("R25 guarded",),
    "chain": ("R46 tampered",),
    "dedupe": ("R12 one_pupil",),
}
"""By guard: the lines that stand on it."""
