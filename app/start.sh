#!/bin/sh
# Installs what is missing, builds, and opens the window; without a display it steps through a text
# in the terminal and writes the pictures. Runs from any folder.
set -eu
exec </dev/null
cd "$(dirname "$0")/.."

. app/packages.sh
install_missing "$build_packages"

if [ ! -f build/release/build.ninja ]; then
    cmake --preset "${STEPSCOPE_PRESET:-release}" -B build/release -DBUILD_TESTING=OFF
fi
ninja -C build/release stepscope

program=$(pwd)/build/release/stepscope
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$program" "$@"
fi

echo
echo "There is no display here, so this is the terminal: what the model could append, and how"
echo "likely each token is, before one of them is appended; five steps."
echo
"$program" generate --steps 5 --print ranking "$@"
"$program" export --steps 5 -o build/steps --format png "$@"
cat <<END

The pictures of these steps are in build/steps. For the window, run this where a display is, or
over ssh -X.
More for the terminal: $program --help
END
