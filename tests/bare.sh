#!/bin/sh
# Proves that the README's two commands are all that a fresh machine needs: makes a bare root of a
# distribution, in which nothing of the project's packages is, clones the committed tree into it
# and runs them there. Fails when one of them fails, or when a test is skipped because a program is
# missing. Downloaded packages and compiled objects are kept outside for the next time.
#
#     sh tests/bare.sh SUITE      bookworm, trixie, testing, or whatever debootstrap knows
#
# Needs root, debootstrap, git and a network. STEPSCOPE_BARE: where the roots are kept;
# STEPSCOPE_MIRROR: where the packages come from, else what debootstrap chooses.
set -eu
cd "$(dirname "$0")/.."

[ $# = 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
suite=$1
for tool in debootstrap git unshare; do
    command -v $tool >/dev/null || { echo "bare.sh: $tool is missing" >&2; exit 2; }
done
kept=${STEPSCOPE_BARE:-${XDG_CACHE_HOME:-$HOME/.cache}/stepscope-bare}
mkdir -p "$kept/$suite-packages" "$kept/$suite-ccache"
exec 9>"$kept/$suite.lock"
flock 9  # two runs would share the packages

# A root of its own for each run; the archive it is unpacked from is made once a month.
find "$kept/$suite.tar" -mtime +30 -delete 2>/dev/null || true
work=$(mktemp -d "$kept/$suite-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' HUP INT TERM
root=$work/root
if [ ! -f "$kept/$suite.tar" ]; then
    echo "== $suite: a bare root"
    debootstrap --variant=minbase "$suite" "$root" ${STEPSCOPE_MIRROR:-} >"$work/log" 2>&1 ||
        { tail -5 "$work/log" >&2; exit 1; }
    tar -C "$root" -cf "$work/tar" .
    mv "$work/tar" "$kept/$suite.tar"
else
    mkdir "$root"
    tar -C "$root" -xf "$kept/$suite.tar"
fi

clone=/root/stepscope
git clone -q --no-hardlinks . "$root$clone"
git -C "$root$clone" checkout -q "$(git rev-parse HEAD)"
cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
commands=$(sed -n 's/^    \(sh [^ ]*\.sh\)  *#.*/\1/p' README.md | head -2)

cat >"$root/root/run" <<END
set -eu
cd $clone
. /etc/os-release
$(echo "$commands" | while read -r command; do
    echo "echo \"== \$PRETTY_NAME: $command\""
    echo "began=\$(date +%s)"
    echo "$command && status=0 || status=\$?"
    echo "echo \"== \$PRETTY_NAME: $command: status \$status after \$((\$(date +%s) - began)) s\""
    echo "[ \$status = 0 ] || exit \$status"
done)
END

# Mounts live and die with the namespace. What a processor needs from OpenBLAS, and how the network
# is reached, is the machine's and not the root's.
through=$(env | sed -n '/^OPENBLAS_[A-Z0-9_]*=[^ ]*$/p; /^[a-z]*_proxy=[^ ]*$/p')
# shellcheck disable=SC2016,SC2086 # the inner shell expands; one word for each variable
unshare --mount --pid --fork --kill-child --propagation private sh -eu -c '
    root=$1 packages=$2 ccache=$3
    shift 3
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/dev/shm"
    mount -t tmpfs tmpfs "$root/tmp"
    mount --bind "$packages" "$root/var/cache/apt/archives"
    mkdir -p "$root/var/cache/ccache"
    mount --bind "$ccache" "$root/var/cache/ccache"
    exec chroot "$root" /usr/bin/env -i "$@" sh /root/run
' sh "$root" "$kept/$suite-packages" "$kept/$suite-ccache" \
    HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin CCACHE_DIR=/var/cache/ccache \
    STEPSCOPE_NO_SKIP=1 STEPSCOPE_PRESET=ci $through </dev/null
