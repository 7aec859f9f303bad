#!/bin/sh
# Proves that the README's two commands are all that a fresh machine needs: makes a bare root of a
# distribution, clones the committed tree into it and runs them there. Fails when one of them fails,
# or when a test is skipped because a program is missing. Downloaded packages and compiled objects
# are kept outside for the next time.
#
#     sh tests/bare.sh SUITE      bookworm, trixie, testing, or whatever debootstrap knows
#
# Needs root, debootstrap, git and a network. STEPSCOPE_BARE, STEPSCOPE_MIRROR: see bare_root.sh;
# STEPSCOPE_SANITIZED: see run.sh.
set -eu
cd "$(dirname "$0")/.."
[ $# = 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
suite=$1
. tests/bare_root.sh

packages=$kept/$suite-packages ccache=$kept/$suite-ccache
mkdir -p "$packages" "$ccache"
exec 9>"$kept/$suite.lock"
flock 9  # two runs would share them
work=$(mktemp -d "$kept/$suite-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' HUP INT TERM
root=$work/root
make_root "$suite" "$root"

clone=$root/root/stepscope
git clone -q --no-hardlinks . "$clone"
git -C "$clone" checkout -q "$(git rev-parse HEAD)"
commands=$(sed -n 's/^    \(sh [^ ]*\.sh\)  *#.*/\1/p' "$clone/README.md")
[ "$(echo "$commands" | wc -l)" = 2 ] ||
    { echo "bare.sh: README.md should have two commands, and has: $commands" >&2; exit 1; }

{
    echo 'cd /root/stepscope && . /etc/os-release'
    echo "$commands" | while read -r command; do
        cat <<END
echo "== \$PRETTY_NAME: $command"
began=\$(date +%s)
$command && status=0 || status=\$?
echo "== \$PRETTY_NAME: $command: status \$status after \$((\$(date +%s) - began)) s"
[ \$status = 0 ]
END
    done
} >"$root/root/run"
in_root "$root" /root/run "$packages=/var/cache/apt/archives" "$ccache=/var/cache/ccache" -- \
    CCACHE_DIR=/var/cache/ccache STEPSCOPE_NO_SKIP=1 STEPSCOPE_PRESET=ci \
    STEPSCOPE_SANITIZED="${STEPSCOPE_SANITIZED:-yes}"
