# The Debian packages that Stepscope stands on, one a line with the reason, and what finds and
# installs the missing ones. Sourced by app/start.sh, app/package.sh and the scripts of tests.

build_packages='
g++ compiles the program
cmake plans the build
ninja-build runs the build
pkg-config finds the libraries
ccache makes later builds short
libeigen3-dev numbers of sixteen bits
libhwy-dev kernels for every processor
nlohmann-json3-dev reads and writes JSON
libpcre2-dev splits text as GPT-2 does
libutf8proc-dev knows the characters of Unicode
libxxhash-dev names models by their content
libcli11-dev reads the command line
libcairo2-dev draws PNG and PDF
libfribidi-dev orders lines of scripts that run from right to left
libharfbuzz-dev joins the letters of scripts that need it
libfreetype-dev measures text
libfontconfig-dev finds fonts
libqpdf-dev describes the figures of a PDF for who does not see them
zlib1g-dev packs PowerPoint files
libzip-dev opens a PowerPoint file that slides are added to
libpugixml-dev reads what it holds
libgif-dev writes animated pictures
libcurl4-openssl-dev fetches a model that somebody asks for
libssl-dev checks its hash
libcpp-httplib-dev serves the page of a class
libqrencode-dev draws its address for cameras
libimgui-dev the widgets of the window
libstb-dev part of the widgets
libglfw3-dev opens the window
libgl-dev draws into it
libgl1-mesa-dri draws where no graphics card does
fonts-dejavu-core letters of more scripts
'

test_packages='
doctest-dev the unit tests
desktop-file-utils judges the entry in the menu of a desktop
appstream judges what software centres are told
man-db reads the man page
mandoc judges it
zsh reads its completions
fish reads its completions
libbenchmark-dev times of single kernels
libopenblas-openmp-dev the products that ours are measured against
python3-numpy the independent model
xvfb a screen for the window test
xdotool presses its keys
imagemagick looks at its pictures
poppler-utils reads exported PDFs
openssl makes a certificate for the test of https
git tells what is committed
clang-format checks the layout of the source
'

# Ubuntu, for one, has no such package; what needs it is skipped then.
optional_test_packages='
chromium opens exported pages, and as a phone that of a class
zbar-tools reads QR codes as a camera does
librsvg2-bin draws a logo that is an SVG
qpdf judges exported PDFs
texlive-latex-base typesets a figure for a paper
'

package_packages='
dpkg-dev finds what a package depends on
file tells programs from other files
lintian judges the package
xz-utils packs the folder
'

# For the browser (app/web.sh), in a Debian 13 of its own.
web_packages='
emscripten compiles the program to WebAssembly
ccache makes later builds short
cmake plans the build
ninja-build runs the build
meson plans that of some libraries
pkg-config finds the libraries
dpkg-dev unpacks their sources
g++ compiles what makes tables for them
'

# Where Debian is older: what makes a root of Debian 13 for them.
web_root_packages='
debootstrap makes a Debian 13 root, which has an Emscripten that is new enough
'

# Source packages, in an order in which they can be built.
web_sources='
zlib packs PowerPoint files, PNG and PDF
libpng1.6 writes PNG
freetype measures text
pixman fills shapes
cairo draws PNG and PDF
fribidi orders lines of scripts that run from right to left
harfbuzz joins the letters of scripts that need it
pcre2 splits text as GPT-2 does
highway kernels for every processor
giflib writes animated pictures
imgui the widgets of the window
utf8proc knows the characters of Unicode
xxhash names models by their content
nlohmann-json3 reads and writes JSON
cli11 reads the command line
eigen3 numbers of sixteen bits
'

# install_missing "LIST": tells what of a list is missing and why, and installs it.
install_missing() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "This is no Debian or Ubuntu; the build needs what these packages hold there:" >&2
        echo "$1" | sed '/^$/d; s/^\([^ ]*\) /    \1: /' >&2
        return 0
    fi
    missing=$(echo "$1" | while read -r package reason; do
        [ -n "$package" ] || continue
        status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) || status=
        [ "$status" = "install ok installed" ] || echo "$package $reason"
    done)
    [ -n "$missing" ] || return 0
    echo "Missing packages, which are installed now:"
    echo "$missing" | sed 's/^\([^ ]*\) /    \1: /'
    names=$(echo "$missing" | cut -d' ' -f1)
    root=
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Installing needs root. Run this as root, then start again:" >&2
            echo "    apt-get install --no-install-recommends" $names >&2
            exit 1
        fi
        root=sudo
    fi
    $root apt-get update -qq || echo "apt-get update failed; trying with the lists that are here" >&2
    # shellcheck disable=SC2086 # one word for each package
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $names
}

# install_offered "LIST": the same for what not every distribution has.
install_offered() {
    command -v apt-cache >/dev/null || return 0
    offered=$(echo "$1" | while read -r package reason; do
        if [ -n "$package" ] && [ -n "$(apt-cache madison "$package")" ]; then
            echo "$package $reason"
        fi
    done)
    install_missing "$offered"
}
