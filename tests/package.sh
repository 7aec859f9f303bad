#!/bin/sh
# Proves that what app/package.sh builds needs nothing else: in bare roots of Debian 12 and 13 the
# package is installed, and on 13 the folder is unpacked, into a path with a space, where nothing is
# but what every desktop has. Each then exports a PDF and opens its window on a screen in memory.
# Fails when one of these fails; pictures and PDFs stay in build/package/proof, to be looked at.
#
#     sh tests/package.sh
#
# Needs root, debootstrap and a network. STEPSCOPE_BARE, STEPSCOPE_MIRROR: see bare_root.sh.
set -eu
cd "$(dirname "$0")/.."
. tests/bare_root.sh
. app/packages.sh
install_missing "$test_packages"

sh app/package.sh
packages=$PWD/build/package
proof=$packages/proof
rm -rf "$proof"
mkdir -p "$proof"
work=$(mktemp -d "$kept/package-XXXXXX")
# A display number that is free.
Xvfb -displayfd 3 -screen 0 1600x1000x24 -ac 3>"$work/display" 2>/dev/null &
screen=$!
trap 'kill $screen 2>/dev/null || :; rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' HUP INT TERM
until [ -s "$work/display" ]; do
    kill -0 $screen || { echo "package.sh: Xvfb does not start" >&2; exit 1; }
    sleep 0.2
done
DISPLAY=:$(cat "$work/display")
export DISPLAY

# in_this_root COMMAND
in_this_root() {
    printf 'cd /root; %s\n' "$1" >"$root/root/run"
    in_root "$root" /root/run /tmp/.X11-unix=/tmp/.X11-unix -- \
        "DISPLAY=$DISPLAY" DEBIAN_FRONTEND=noninteractive
}

fails() {
    echo "package.sh: $1; see $proof/$name.log" >&2
    exit 1
}

# try NAME SUITE FILE PREPARE PROGRAM
try() {
    name=$1
    root=$work/$name
    echo "== $name"
    make_root "$2" "$root"
    cp "$3" "$root/root"
    in_this_root "apt-get update -qq && $4" >>"$proof/$name.log" 2>&1 || fails "cannot be installed"
    in_this_root "$5 export --prompt 'The old king' --steps 2 -o run.pdf" || fails "does not export"
    cp "$root/root/run.pdf" "$proof/$name.pdf"
    pdftotext "$proof/$name.pdf" - | grep -q 'is about to be appended' || fails "the PDF is not whole"
    in_this_root "timeout 40 $5" >>"$proof/$name.log" 2>&1 &
    window=$!
    timeout 30 xdotool search --sync --onlyvisible --class '^stepscope$' >/dev/null ||
        fails "no window opens"
    sleep 5  # it draws
    import -window root "$proof/$name.png"
    wait $window || true  # it was stopped
    colours=$(identify -format %k "$proof/$name.png")
    [ "$colours" -gt 100 ] || fails "the window shows nothing"
    echo "== $name: exports, and opens its window ($colours colours)"
    rm -rf --one-file-system "$root"
}

get='apt-get install -y -qq --no-install-recommends'
for suite in bookworm trixie; do
    try deb-$suite $suite "$packages"/stepscope_*.deb "$get ./stepscope_*.deb" stepscope
done
try folder-trixie trixie "$packages"/stepscope-*.tar.xz \
    "$get xz-utils libgl1 libgl1-mesa-dri libx11-6 && mkdir 'a b' && tar -C 'a b' -xf *.tar.xz" \
    "'/root/a b'/stepscope-*/bin/stepscope"
ls -l "$proof"
