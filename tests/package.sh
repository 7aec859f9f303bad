#!/bin/sh
# Proves that what app/package.sh builds needs nothing else: in bare roots of Debian 12 and 13 the
# package is installed, and on 13 the folder is unpacked, into a path with a space, beside what
# every desktop has. Each then exports a PDF and opens its window on a screen in memory. Fails when one of
# that fails; pictures and PDFs are left in build/package/proof, to be looked at.
#
#     sh tests/package.sh
#
# Needs root, debootstrap and a network. STEPSCOPE_BARE, STEPSCOPE_MIRROR: as in tests/bare.sh, with
# which it shares the archives of the roots.
set -eu
cd "$(dirname "$0")/.."

. app/packages.sh
install_missing "$test_packages"
for tool in debootstrap unshare Xvfb; do
    command -v $tool >/dev/null || { echo "package.sh: $tool is missing" >&2; exit 2; }
done
sh app/package.sh
packages=$PWD/build/package
proof=$packages/proof
rm -rf "$proof"
mkdir -p "$proof"
kept=${STEPSCOPE_BARE:-${XDG_CACHE_HOME:-$HOME/.cache}/stepscope-bare}
mkdir -p "$kept"
work=$(mktemp -d "$kept/package-XXXXXX")
screen=
trap 'kill $screen 2>/dev/null; rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' HUP INT TERM

# A display number that is free.
Xvfb -displayfd 3 -screen 0 1600x1000x24 -ac 3>"$work/display" 2>/dev/null &
screen=$!
until [ -s "$work/display" ]; do sleep 0.2; done
DISPLAY=:$(cat "$work/display")
export DISPLAY

# in_root ROOT COMMAND: mounts live and die with the namespace.
in_root() {
    printf 'export DISPLAY=%s DEBIAN_FRONTEND=noninteractive; cd /root; %s\n' "$DISPLAY" "$2" \
        >"$1/root/run"
    # shellcheck disable=SC2016 # the inner shell expands
    unshare --mount --pid --fork --kill-child --propagation private sh -eu -c '
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        mkdir -p "$1/tmp/.X11-unix"
        mount --bind /tmp/.X11-unix "$1/tmp/.X11-unix"
        exec chroot "$1" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            sh -eu /root/run' sh "$1" </dev/null
}

# try NAME SUITE FILE PREPARE PROGRAM
try() {
    echo "== $1"
    root=$work/$1
    if [ ! -f "$kept/$2.tar" ]; then
        debootstrap --variant=minbase "$2" "$work/$2" ${STEPSCOPE_MIRROR:-} >"$proof/$1.log" 2>&1
        tar -C "$work/$2" -cf "$work/tar" .
        mv "$work/tar" "$kept/$2.tar"
    fi
    mkdir "$root"
    tar -C "$root" -xf "$kept/$2.tar"
    cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
    cp "$3" "$root/root"
    in_root "$root" "apt-get update -qq && $4" >>"$proof/$1.log" 2>&1 ||
        { tail -5 "$proof/$1.log" >&2; return 1; }
    in_root "$root" "$5 export --prompt 'The old king' --steps 2 -o run.pdf"
    cp "$root/root/run.pdf" "$proof/$1.pdf"
    pdftotext "$proof/$1.pdf" - | grep -q 'is about to be appended'
    in_root "$root" "timeout 40 $5" >>"$proof/$1.log" 2>&1 &
    window=$!
    timeout 30 xdotool search --sync --onlyvisible --class '^stepscope$' >/dev/null
    sleep 5  # it draws
    import -window root "$proof/$1.png"
    wait $window || true  # it was stopped
    colours=$(identify -format %k "$proof/$1.png")
    [ "$colours" -gt 100 ] || { echo "$1: the window shows nothing" >&2; return 1; }
    echo "== $1: exports, and opens its window ($colours colours)"
}

get='apt-get install -y -qq --no-install-recommends'
for suite in bookworm trixie; do
    try deb-$suite $suite "$packages"/stepscope_*.deb "$get ./stepscope_*.deb" stepscope
done
try folder-trixie trixie "$packages/stepscope-x86_64.tar.xz" \
    "$get xz-utils libgl1 libgl1-mesa-dri libx11-6 && mkdir 'a b' && tar -C 'a b' -xf *.tar.xz" \
    "'/root/a b/stepscope-x86_64/bin/stepscope'"
ls -l "$proof"
