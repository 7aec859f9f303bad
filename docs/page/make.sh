#!/bin/sh
# Makes the project's page: a folder of static files for any web host. Lessons come from the
# lessons' own files and pictures from the program's own drawing, so they say what it says.
#
#     sh docs/page/make.sh FOLDER
#
# STEPSCOPE: the program (default: build/release/stepscope). Where build/web has the program for
# browsers (sh app/web.sh), the page has it, too.
set -eu
[ $# = 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
program=${STEPSCOPE:-build/release/stepscope}
[ -x "$program" ] || { echo "$0: there is no $program; sh app/start.sh builds it" >&2; exit 1; }
mkdir -p "$out/pictures" "$out/lessons"

picture() {  # NAME STEP VIEWS [FLAG ...]
    name=$1 step=$2 views=$3
    shift 3
    for theme in light dark; do
        file=$out/pictures/$name.svg
        [ $theme = light ] || file=$out/pictures/$name-dark.svg
        "$program" export --prompt "Tom and Mia went to the lake. Tom" --steps 12 --step "$step" \
            --views "$views" --theme $theme "$@" -o "$file" >/dev/null 2>&1 ||
            { echo "$0: the picture $name could not be drawn" >&2; exit 1; }
    done
}
picture routes 2 routes
picture step 4 head,ranking
picture lens 4 lens
picture strategies 4 strategies

# "id  5 stops  8 min  Title": a line each, in the order in which they are taught.
"$program" lessons | while read -r id stops _ minutes _ title; do
    "$program" export --lesson "$id" -o "$out/lessons/$id.html" >/dev/null 2>&1 ||
        { echo "$0: the lesson $id could not be written" >&2; exit 1; }
    printf '<li><a href="lessons/%s.html">%s<span>%s min, %s stops</span></a></li>\n' \
        "$id" "$(printf %s "$title" | sed 's/&/\&amp;/g; s/</\&lt;/g')" "$minutes" "$stops"
done >"$out/lessons.part"
[ -s "$out/lessons.part" ] || { echo "$0: there are no lessons" >&2; exit 1; }

live=false
if [ -f build/web/index.html ]; then
    rm -rf "$out/live"
    cp -r build/web "$out/live"
    live=true
fi
awk -v live=$live -v lessons="$out/lessons.part" '
    /<!-- lessons -->/ { while ((getline line < lessons) > 0) print line; next }
    /<!-- live -->/ { if (live == "true") { sub(/<!-- live -->/, ""); print }; next }
    { print }' docs/page/index.html >"$out/index.html"
rm "$out/lessons.part"
cp docs/page/page.css assets/icon/stepscope.svg "$out/"
mv "$out/stepscope.svg" "$out/icon.svg"
echo "$out/index.html"
