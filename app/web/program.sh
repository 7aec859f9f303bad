#!/bin/sh
# Builds the libraries, the program and its page with the emcc that is on the path.
#
#     sh app/web/program.sh SOURCES LIBRARIES OUT JOBS
set -eu
cd "$(dirname "$0")/../.."
sources=$1 libraries=$2 out=$3 jobs=$4
STEPSCOPE_JOBS=$jobs sh app/web/libraries.sh "$sources" "$libraries"

export PKG_CONFIG_PATH="$libraries/lib/pkgconfig"
if command -v ccache >/dev/null; then
    EM_COMPILER_WRAPPER=$(command -v ccache)
    export EM_COMPILER_WRAPPER
fi
began=$(date +%s)
emcmake cmake --preset web -B "$out-program" -DCMAKE_FIND_ROOT_PATH="$libraries" \
    -DCMAKE_CXX_COMPILER_LAUNCHER= >/dev/null
ninja -C "$out-program" -j"$jobs" stepscope stepscope-threads
mkdir -p "$out"
cp "$out-program"/stepscope.js "$out-program"/stepscope.wasm "$out-program"/stepscope.data \
    "$out-program"/stepscope-threads.js "$out-program"/stepscope-threads.wasm app/web/isolated.js "$out"
for state in assets/states/*/; do
    cp "$state/model.safetensors" "$out/state-$(basename "$state").safetensors"
done
cp app/web/page.html "$out/index.html"
cp assets/icon/stepscope-128.png "$out/stepscope.png"
cp LICENSE "$out/LICENSE.txt"
sh app/web/licences.sh "$sources" >"$out/LICENSES.txt"
python3 app/web/single.py "$out"
echo "== the program: $(($(date +%s) - began)) s"
