"""Programs that a test starts beside Stepscope. They stand in app/packages.sh; where one is missing
all the same, the test says so and is skipped, or fails where nothing may be skipped."""

import os
import shutil
import sys

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


class Skipped(Exception):
    """A test that cannot run here; where nothing may be skipped, none is."""


def lack(*programs):
    """Which of them are not installed, as a message; none where all are."""
    missing = [program for program in programs if not shutil.which(program)]
    return f"not installed: {', '.join(missing)}" if missing else None


def need(*programs):
    """For a whole file of tests: ends it."""
    lacking = lack(*programs)
    if not lacking:
        return
    if os.environ.get("STEPSCOPE_NO_SKIP"):
        sys.exit(f"{lacking}; app/packages.sh should name what brings it")
    print(f"skipped: {lacking}")
    sys.exit(SKIPPED)


def need_for_test(*programs):
    """For one test among others: ends it."""
    lacking = lack(*programs)
    if lacking:
        assert not os.environ.get("STEPSCOPE_NO_SKIP"), lacking
        raise Skipped(lacking)
