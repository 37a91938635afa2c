# Everything is done by bootstrap.py, so that Windows (run.cmd) does the same.
PYTHON ?= python3

.PHONY: run test bench faults attack locks screenshots

# HOST, PORT, DATA_DIR, KEYS_DIR and DEMO may stand in the environment or after `make run`.
run:
	@$(PYTHON) bootstrap.py run

test:
	@$(PYTHON) bootstrap.py test

# Every figure of the README, measured again: about six minutes. Linux.
bench:
	@$(PYTHON) bootstrap.py bench

# Locks, kills, full disks, cut wires, wrong clocks, thieves: one table, within twenty minutes.
# FAULTS may stand in the environment or after `make faults`: --quick, --only R1 R7, --without all.
faults:
	@$(PYTHON) bootstrap.py faults $(FAULTS)

# wapiti and sqlmap against a Catkin of its own: what they find, and why it is nothing. Linux.
attack:
	@$(PYTHON) bootstrap.py attack $(ATTACK)

# requirements.in and its kin -> the hashed requirements that are installed (needs uv):
# uv pip compile --universal --python-version 3.11 --generate-hashes --no-header
locks:
	@$(PYTHON) bootstrap.py locks

# Pictures of every page and state in every size, and one sheet of them all, into screenshots/.
# MOCKUPS, a folder of pictures, may stand in the environment or after `make screenshots`; with
# ONLY=guides it makes the pictures of app/guides alone.
screenshots:
	@$(PYTHON) bootstrap.py screenshots
