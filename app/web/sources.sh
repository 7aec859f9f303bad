#!/bin/sh
# Fetches and unpacks the source packages of the libraries for the browser, by apt and with its
# checks, but with lists of its own: the machine's stay as they are.
#
#     sh app/web/sources.sh FOLDER
#
# From Debian 13; what its mirror lacks comes from Debian 12, or without Debian's changes.
# STEPSCOPE_MIRROR: where from, else Debian's own.
set -eu
. "$(dirname "$0")/../packages.sh"
mkdir -p "$1/apt/lists/partial"
cd "$1"
for suite in trixie bookworm; do
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
        "${STEPSCOPE_MIRROR:-http://deb.debian.org/debian} $suite main"
done >apt/sources.list
apt="apt-get -qq -o Dir::Etc::SourceList=$PWD/apt/sources.list -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::Lists=$PWD/apt/lists -o APT::Sandbox::User=root"
updated=
echo "$web_sources" | while read -r name reason; do
    [ -n "$name" ] || continue
    if ls -d "$name"-[0-9]*/ >/dev/null 2>&1; then continue; fi
    [ -n "$updated" ] || $apt update
    updated=yes
    for wanted in "$name/trixie" "$name/bookworm" "--tar-only $name/trixie"; do
        rm -rf "$name"[-_]*
        # shellcheck disable=SC2086 # words
        if $apt --only-source source $wanted >apt/log 2>&1; then break; fi
    done
    if ! ls -d "$name"-[0-9]*/ >/dev/null 2>&1; then
        for archive in "$name"_*.orig.tar.*; do
            [ -f "$archive" ] || { tail -3 apt/log >&2; echo "sources.sh: no $name" >&2; exit 1; }
            tar xf "$archive"
        done
    fi
    ls -d "$name"-[0-9]*/
done
