# Bare roots of distributions, in which nothing of the project's packages is, and how something is
# run in one. Sourced by tests/bare.sh and tests/package.sh. STEPSCOPE_BARE: where that is kept;
# STEPSCOPE_MIRROR: where the packages come from, else what debootstrap chooses.

for tool in debootstrap unshare; do
    command -v $tool >/dev/null || { echo "$0: $tool is missing" >&2; exit 2; }
done
kept=${STEPSCOPE_BARE:-${XDG_CACHE_HOME:-$HOME/.cache}/stepscope-bare}
mkdir -p "$kept"

# make_root SUITE FOLDER: the folder must not exist, and lie below $kept. The archive that it is
# unpacked from is made anew once a month.
make_root() {
    find "$kept/$1.tar" -mtime +30 -delete 2>/dev/null || true
    if [ ! -f "$kept/$1.tar" ]; then
        echo "== $1: a bare root"
        debootstrap --variant=minbase "$1" "$2" ${STEPSCOPE_MIRROR:-} >"$2.log" 2>&1 ||
            { tail -5 "$2.log" >&2; return 1; }
        tar -C "$2" -cf "$2.tar" .
        mv "$2.tar" "$kept/$1.tar"
    else
        mkdir "$2"
        tar -C "$2" -xf "$kept/$1.tar"
    fi
    cp -L /etc/resolv.conf "$2/etc/resolv.conf" 2>/dev/null || true
}

# in_root ROOT SCRIPT [FOLDER=PLACE ...] -- [NAME=VALUE ...]: runs a script of the root in it.
# Mounts live and die with the namespace; each FOLDER of this machine is seen at PLACE. How the
# network is reached is the machine's, not the root's.
in_root() {
    through=$(env | sed -n '/^[a-z]*_proxy=[^ ]*$/p')
    # Within another root, / is no mount whose propagation could be changed.
    propagation=unchanged
    ! mountpoint -q / || propagation=private
    # shellcheck disable=SC2016,SC2086 # the inner shell expands; one word for each variable
    unshare --mount --pid --fork --kill-child --propagation $propagation sh -eu -c '
        root=$1 script=$2
        shift 2
        mount --bind "$root" "$root"
        mount --make-rprivate "$root"
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs tmpfs "$root/dev/shm"
        mount -t tmpfs tmpfs "$root/tmp"
        while [ "$1" != -- ]; do
            mkdir -p "$root${1#*=}"
            mount --bind "${1%%=*}" "$root${1#*=}"
            shift
        done
        shift
        exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" \
            sh -eu "$script"
    ' sh "$@" $through </dev/null
}
