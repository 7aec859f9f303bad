#!/bin/sh
# Every header and source file is laid out as .clang-format says. usage: check_format.sh [ROOT]
set -eu
cd "${1:-$(dirname "$0")/..}"
# Versions differ in small things: 14, Debian 12's, is the one that counts.
formatter=$(command -v clang-format-14 || command -v clang-format) || {
    echo "skipped: clang-format is not installed"
    exit 77
}
case $("$formatter" --version) in
    *"version 14."*) ;;
    *) echo "skipped: $("$formatter" --version) is not version 14"; exit 77 ;;
esac
find app model viz tests \( -name '*.h' -o -name '*.cpp' \) -print0 |
    xargs -0 "$formatter" --dry-run -Werror
