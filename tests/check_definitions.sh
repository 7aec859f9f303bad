#!/bin/sh
# Fails where a function of the program is defined twice: inline in one file, and not in another.
# The linker takes either, so that which one runs depends on what was inlined where.
#
#     sh tests/check_definitions.sh BUILD
set -eu
cd "$1"
names=$(find . -name '*.o' ! -path './tests/*' -exec nm -C --defined-only {} + |
    sed -n 's/^[0-9a-f]* \([TW]\) /\1 /p' | sort -u)
[ -n "$names" ] || { echo "$1: no objects of a build"; exit 1; }
twice=$(echo "$names" | cut -d' ' -f2- | sort | uniq -d)
[ -z "$twice" ] && exit
echo "defined inline and once more:"
echo "$twice"
exit 1
