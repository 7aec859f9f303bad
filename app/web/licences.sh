#!/bin/sh
# Writes under which terms the libraries stand that the page's program holds.
#
#     sh app/web/licences.sh SOURCES >FILE
#
# SOURCES holds the unpacked source packages of app/packages.sh's web_sources.
set -eu
. "$(dirname "$0")/../packages.sh"
cat <<'END'
Stepscope's program for browsers holds these libraries and fonts, each under its own terms.
Stepscope's own are in LICENSE.txt.
END
tell() {  # NAME FILE...
    printf '\n\n==== %s ====\n\n' "$1"
    shift
    cat "$@"
}
echo "$web_sources" | while read -r name reason; do
    [ -n "$name" ] || continue
    for folder in "$1/$name"-[0-9]*/; do
        terms=$(find "$folder" -path '*/debian/copyright' | head -1)
        [ -n "$terms" ] || terms=$(find "$folder" -maxdepth 1 -name 'LICEN[CS]E*' -o -maxdepth 1 -name 'COPYING*' | head -1)
        [ -n "$terms" ] || { echo "licences.sh: $folder has none" >&2; exit 1; }
        tell "$(basename "$folder")" "$terms"
    done
done
emscripten=/usr/share/doc/emscripten/copyright
[ ! -f "$emscripten" ] || tell "Emscripten, with the libraries of C and C++" "$emscripten"
fonts=$(dirname "$0")/../../assets/fonts
tell "Fonts: DejaVu" "$fonts/LICENSE-DejaVu.txt"
tell "Fonts: Inter, JetBrains Mono" "$fonts/OFL.txt"
