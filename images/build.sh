#!/bin/bash
# Makes the base images that deliveries need, from Debian packages, on machines that reach no image registry.
#
#   images/build.sh                 all of them
#   images/build.sh nginx standard  only these
#   images/build.sh --pull nginx    a real registry is asked first, for at most a minute per image
#   images/build.sh --list          names, and what they become in the engine
#
# Nothing is done for an image the engine already holds in the form these scripts would give it. Needs: a Docker-compatible engine with its
# command line (DOCKER=podman chooses another), apt-get, dpkg-deb, and root or user namespaces.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib/common.sh"
. "$here/lib/debian.sh"

all=(busybox nginx standard)
pull=no
names=()
for argument in "$@"; do
    case $argument in
        --pull) pull=yes ;;
        --list) for name in "${all[@]}"; do . "$here/$name.sh"; printf '%-8s %s\n' "$name" "${tags[*]}"; done; exit 0 ;;
        -h | --help) sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        -*) fail "unknown option $argument; see images/build.sh --help" ;;
        *) [ -f "$here/$argument.sh" ] && [ "$argument" != build ] || fail "no image is named '$argument'; there are: ${all[*]}"
           names+=("$argument") ;;
    esac
done
[ ${#names[@]} -gt 0 ] || names=("${all[@]}")

need_engine
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
for name in "${names[@]}"; do
    (
        . "$here/$name.sh"
        hash=$(cat "$here/$name.sh" "$here/lib/debian.sh" | { cat; echo "$suite $architecture ${packages[*]}"; } | sha256sum | cut -c 1-16)
        if holds "$hash" "${tags[@]}"; then
            say "$name: already there (${tags[0]})"
        elif [ "$(hash_of "viridian/$name:made")" = "$hash" ]; then
            name_it "viridian/$name:made" "${tags[@]}"
            say "$name: named again (${tags[0]})"
        elif [ $pull = yes ] && pulled "${tags[@]}"; then
            say "$name: pulled"
        else
            make_image "$name" "$hash"
        fi
    )
done
