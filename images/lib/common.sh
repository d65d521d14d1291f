# Talking to people and to the engine.
DOCKER=${DOCKER:-docker}
cache=${VIRIDIAN_IMAGE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/viridian/images}
label=dev.viridian.image.hash

say() {
    printf '[images %3ds] %s\n' "$SECONDS" "$*"
}

fail() {
    printf 'images: %s\n' "$*" >&2
    exit 1
}

need_engine() {
    command -v "$DOCKER" >/dev/null || fail "the command '$DOCKER' is missing: install docker.io (or set DOCKER=podman)"
    local answer
    answer=$("$DOCKER" version --format '{{.Server.Version}}' 2>&1) || fail "no container engine answers: $answer"
}

# hash_of TAG: of an image these scripts made; empty when there is none; "foreign" when somebody else made it
hash_of() {
    local found
    found=$("$DOCKER" image inspect --format "{{index .Config.Labels \"$label\"}}" "$1" 2>/dev/null) || return 0
    echo "${found:-foreign}"
}

# holds HASH TAG...: whether every tag stands for the image that was made with this hash, or for a real one that somebody pulled or made
holds() {
    local hash=$1 tag found
    shift
    for tag in "$@"; do
        found=$(hash_of "$tag")
        [ "$found" = "$hash" ] || [ "$found" = foreign ] || return 1
    done
}

# name_it IMAGE TAG...: further names; a name that stands for somebody else's image is left alone
name_it() {
    local image=$1 tag
    shift
    for tag in "$@"; do
        [ "$(hash_of "$tag")" = foreign ] || "$DOCKER" tag "$image" "$tag"
    done
}

# pulled TAG...: whether a registry had the first; the others become names for it
pulled() {
    local first=$1
    say "asking the registry for $first"
    timeout 60 "$DOCKER" pull -q "$first" >/dev/null 2>&1 || return 1
    shift
    name_it "$first" "$@"
}

# make_image NAME HASH: runs what the image's own script defined: fill ROOT, then the array 'config' says how to run it
make_image() {
    local name=$1 hash=$2 root tag
    work=$(mktemp -d "${TMPDIR:-/tmp}/viridian-image.XXXXXX")
    trap "rm -rf '$work'" EXIT
    root=$work/root
    mkdir -p "$root"
    say "$name: fetching ${#packages[@]} packages and what they depend on from $suite"
    fetch "$work" "${packages[@]}"
    say "$name: unpacking $(ls "$work/debs" | wc -l) packages"
    unpack "$work/debs" "$root"
    furnish "$root"
    fill "$root"
    local made=viridian/$name:made before
    before=$("$DOCKER" image inspect --format '{{.Id}}' "$made" 2>/dev/null) || true
    say "$name: importing $(du -sh "$root" | cut -f 1) into the engine"
    local changes=(-c "LABEL $label=$hash" -c "LABEL dev.viridian.image=$name") line
    for line in "${config[@]}"; do
        changes+=(-c "$line")
    done
    tar -C "$root" --numeric-owner --owner=0 --group=0 -c . | "$DOCKER" import "${changes[@]}" - "$made" >/dev/null
    if [ -n "${stop_signal:-}" ]; then
        # import knows every instruction but this one
        printf 'FROM %s\nSTOPSIGNAL %s\n' "$made" "$stop_signal" | DOCKER_BUILDKIT=0 "$DOCKER" build -q -t "$made" - >/dev/null 2>&1
    fi
    name_it "$made" "${tags[@]}"
    # what these names stood for until now is of no use to anybody, unless a container still runs from it
    [ -z "$before" ] || "$DOCKER" rmi "$before" >/dev/null 2>&1 || true
    say "$name: done (${tags[0]})"
}

# as_root COMMAND...: root, or in a user namespace that looks like it
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        unshare --map-root-user "$@"
    fi
}
