"""Small registers: of the curriculum, of blocking and reporting, and of how long is kept."""

CURRICULUM = """\
meta: {checked: 2026-11-20, source: each row}
frameworks:
  - {name: Statutory guidance (2019), short: RSHE (2019)}
  - {name: Statutory guidance (2025), short: RSHE (2025)}
  - {name: Programme of Study, short: PSHE}
  - {name: Connected World, short: Connected World}
statements:
  - id: EFACW-OB-5-5
    framework: Connected World
    subject: PSHE
    key_stage: KS2
    strand: Online bullying
    statement: Blocks and leaves.
    smart: [tell]
    source: a school
    verified: true
    statutory: false
    year: "5"
  - id: PSHE20-KS1-R20
    framework: Programme of Study
    subject: PSHE
    key_stage: KS1
    strand: Relationships
    statement: Knows whom to tell.
    smart: [tell]
    source: read
    verified: true
    statutory: false
    code: R20
  - id: PSHE20-KS2-R27
    framework: Programme of Study
    subject: PSHE
    key_stage: KS2
    strand: Relationships
    statement: Knows which secrets to keep.
    smart: [tell]
    source: recalled
    verified: false
    statutory: false
    code: R27
  - id: RSHE19-BS-2
    framework: Statutory guidance (2019)
    subject: RSHE
    key_stage: KS1-KS2 (end of primary)
    strand: Being safe
    statement: Secrets that must be told.
    smart: [tell]
    source: a school
    verified: true
    statutory: true
    in_force_from: 2020-09-01
    in_force_to: 2026-08-31
  - id: RSHE25-RK-1
    framework: Statutory guidance (2025)
    subject: RSHE
    key_stage: KS1-KS2 (end of primary)
    strand: Kindness
    statement: Stand by others.
    smart: [tell]
    source: recalled
    verified: false
    statutory: true
    in_force_from: 2026-09-01
"""
BLOCKING = """\
meta: {checked: 2026-11-20, recheck_before: 2027-11-20, source: each row}
pattern:
  steps: {"5-7": [Tell a grown-up.]}
  order_rule: Keep proof first.
  if_scared_now: Find an adult.
  source: the bible
  verified: true
truths:
  - {id: one-account, says: It stops one account., source: none named, verified: false}
find_it: {says: [Look for three dots.], source: none named, verified: false}
services:
  - id: pixelpond
    service: PixelPond
    block: the name, Block
    report: the flag
    parent_tool: a PIN
    source: its rules
    verified: true
    steps_verified: true
  - id: rumour
    service: Rumourmill
    block: the gear
    report: the gear
    parent_tool: a family page
    source: recalled
    verified: false
    steps_verified: false
school_side: []
practice: {says: [Finds both.], source: ours, verified: true}
"""

RETENTION = """retention:
  - id: a-guide
    who: A guide
    records: Concerns
    years: 5
    says: Then look at them again.
    source: made up for these tests
    checked: 2026-11-01
    verified: false
"""
