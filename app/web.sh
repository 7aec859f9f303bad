#!/bin/sh
# Builds Stepscope for the browser: build/web, a folder for any web host, and stepscope.html in it,
# the same in one file that a browser opens from a disk. docs/web.md tells more.
#
#     sh app/web.sh
#
# Where emcc 3.1.50 or newer is, or apt offers one, it is used; else that of a Debian 13 root, which
# is made once (needs root and a network). STEPSCOPE_BARE, STEPSCOPE_MIRROR: see tests/bare_root.sh.
set -eu
exec </dev/null
cd "$(dirname "$0")/.."
. app/packages.sh
out=build/web
jobs=${STEPSCOPE_JOBS:-$(nproc)}

new_enough() { [ "$(printf '%s\n3.1.50\n' "$1" | sort -V | head -1)" = 3.1.50 ]; }
emcc_is_there() {
    command -v emcc >/dev/null &&
        new_enough "$(emcc --version | sed -n '1s/.* \([0-9][0-9.]*\).*/\1/p')"
}
emcc_is_offered() {
    command -v apt-cache >/dev/null || return 1
    offered=$(apt-cache madison emscripten | sed -n '1s/^[^|]*| *\([0-9][0-9.]*\).*/\1/p')
    [ -n "$offered" ] && new_enough "$offered"
}

if emcc_is_there; then
    install_missing "$(echo "$web_packages" | sed '/^emscripten /d')"
elif emcc_is_offered; then
    install_missing "$web_packages"
else
    install_missing "$web_root_packages"
fi
if emcc_is_there; then
    kept=${STEPSCOPE_BARE:-${XDG_CACHE_HOME:-$HOME/.cache}/stepscope-bare}/web-here
    mkdir -p "$kept"
    sh app/web/sources.sh "$kept/sources"
    sh app/web/program.sh "$kept/sources" "$kept/libraries" "$out" "$jobs"
else
    . tests/bare_root.sh
    packages=$kept/trixie-packages ccache=$kept/trixie-ccache root=$kept/trixie-web
    mkdir -p "$packages" "$ccache"
    exec 9>"$kept/trixie.lock"
    flock 9  # two runs would share them
    if [ ! -f "$root/ready" ]; then
        rm -rf --one-file-system "$root"
        make_root trixie "$root"
        echo "== trixie: Emscripten"
        names=$(echo "$web_packages" | cut -d' ' -f1)
        {
            echo 'apt-get update -qq'
            echo "apt-get install -y -qq --no-install-recommends" $names
        } >"$root/root/run"
        in_root "$root" /root/run "$packages=/var/cache/apt/archives" -- \
            DEBIAN_FRONTEND=noninteractive >"$root/root/log" 2>&1 ||
            { tail -5 "$root/root/log" >&2; exit 1; }
        touch "$root/ready"
    fi
    cat >"$root/root/run" <<END
cd /stepscope
sh app/web/sources.sh /opt/sources
sh app/web/program.sh /opt/sources /opt/web "$out" "$jobs"
END
    in_root "$root" /root/run "$PWD=/stepscope" "$packages=/var/cache/apt/archives" \
        "$ccache=/var/cache/ccache" -- CCACHE_DIR=/var/cache/ccache
fi

echo "== $out"
for file in "$out"/*; do
    printf '%9d bytes, %9d with gzip -9  %s\n' "$(wc -c <"$file")" "$(gzip -9c "$file" | wc -c)" \
        "${file##*/}"
done
