"""Programs that a test starts beside Stepscope. They stand in app/packages.sh; where one is missing
all the same, the test says so and is skipped, or fails where nothing may be skipped."""

import os
import shutil
import sys

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def need(*programs):
    missing = [program for program in programs if not shutil.which(program)]
    if not missing:
        return
    if os.environ.get("STEPSCOPE_NO_SKIP"):
        sys.exit(f"not installed: {', '.join(missing)}; app/packages.sh should name what brings it")
    print(f"skipped: not installed: {', '.join(missing)}")
    sys.exit(SKIPPED)
