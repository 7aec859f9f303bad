#!/bin/sh
# Looks for mistakes as .clang-tidy says, in the files that the last commits touched and that are not
# committed yet, at most 12 of them; or in all, which takes long.
# usage: check_tidy.sh BUILD [all]      BUILD: a folder that cmake has planned
set -eu
[ $# -ge 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
# Versions differ in what they find: 14, Debian 12's, is the one that counts.
tidy=$(command -v clang-tidy-14 || command -v clang-tidy) || {
    echo "skipped: clang-tidy is not installed"
    exit 77
}
case $("$tidy" --version) in
    *"version 14."*) ;;
    *) echo "skipped: $("$tidy" --version | grep version) is not version 14"; exit 77 ;;
esac
if [ "${2:-}" = all ]; then
    files=$(find app model viz -name '*.cpp')
else
    # A source archive has no history.
    files=$({ git diff --name-only HEAD; git log -20 --name-only --format=; } 2>/dev/null |
        grep -E '^(app|model|viz)/.*\.cpp$' | awk '!seen[$0]++') || files=
    # Some may be gone.
    files=$(for file in $files; do [ ! -f "$file" ] || echo "$file"; done | head -n 12)
fi
[ -n "$files" ] || { echo "nothing to look at"; exit 0; }
# What is only built sometimes has no command.
for file in $files; do
    ! grep -q "/$file\"" "$build/compile_commands.json" || echo "$file"
done | xargs -P "$(nproc)" -n 1 "$tidy" -p "$build" --quiet --warnings-as-errors='*'
