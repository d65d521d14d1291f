# Root file systems from Debian packages without debootstrap: the dependency closure is resolved against an empty package database and unpacked.
# No maintainer script runs; 'furnish' makes what they would have made.
suite=${VIRIDIAN_DEBIAN_SUITE:-trixie}
architecture=$(dpkg --print-architecture 2>/dev/null || echo amd64)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirror this machine uses for Debian, or Debian's own front door.
mirror() {
    local found
    found=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null \
        | grep -oE '(https?|mirror\+file)://?[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ') || true
    echo "${VIRIDIAN_DEBIAN_MIRROR:-${found:-http://deb.debian.org/debian}}"
}

apt() {
    apt-get -qq -o Dir::State="$cache/apt/state" -o Dir::State::status="$cache/apt/empty" -o Dir::Cache="$cache/apt/cache" \
        -o Dir::Etc::sourcelist="$cache/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
        -o APT::Install-Recommends=false -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" \
        -o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin -o Debug::NoLocking=true -o APT::Sandbox::User= -o Acquire::Languages=none -o Binary::apt-get::APT::Keep-Downloaded-Packages=true \
        -o Acquire::Retries=2 -o DPkg::Post-Invoke= -o APT::Update::Post-Invoke= -o APT::Update::Post-Invoke-Success= "$@"
}

# fetch WORK PACKAGE...: the packages and all they depend on, in WORK/debs
fetch() {
    local work=$1
    shift
    for tool in apt-get dpkg-deb; do
        command -v $tool >/dev/null || fail "'$tool' is missing: images are made from Debian packages and need Debian's or Ubuntu's tools"
    done
    [ -r $keyring ] || fail "Debian's keys are missing ($keyring): apt-get install debian-archive-keyring"
    mkdir -p "$cache/apt/state/lists/partial" "$cache/apt/cache/archives/partial" "$work/debs"
    : >"$cache/apt/empty"
    echo "deb [signed-by=$keyring] $(mirror) $suite main" >"$cache/apt/sources.list"
    if ! apt --simulate install "$@" >/dev/null 2>&1; then
        apt update || fail "could not read the package lists of $suite from $(mirror)"
    fi
    apt --simulate install "$@" >/dev/null || fail "the packages of $suite cannot be put together: see apt's message above"
    # a list kept from last week may name packages the mirror has replaced since
    apt --download-only --yes install "$@" >/dev/null 2>&1 || { apt update && apt --download-only --yes install "$@" >/dev/null; } \
        || fail "could not download packages from $(mirror)"
    apt --print-uris --yes --reinstall install "$@" 2>/dev/null | awk '{print $2}' >"$work/missing"
    [ ! -s "$work/missing" ] || fail "these packages did not arrive: $(tr '\n' ' ' <"$work/missing")"
    apt --simulate install "$@" | awk '$1 == "Inst" {print $2, $3}' | tr -d '(' | while read -r package version; do
        link "$package" "$version" "$work/debs"
    done
}

# link PACKAGE VERSION DIRECTORY: apt escapes the colon of an epoch in file names
link() {
    local file
    for file in "$cache/apt/cache/archives/$1_${2//:/%3a}"_*.deb; do
        [ -e "$file" ] || fail "apt says it has $1 $2, but there is no such file in its cache"
        ln -s "$file" "$3/"
    done
}

# unpack DEBS ROOT: base-files first, because its symbolic links (/bin to /usr/bin) decide where the others land
unpack() {
    local deb
    for deb in "$1"/base-files_*.deb $(ls "$1"/*.deb | grep -v /base-files_); do
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$2" --keep-directory-symlink --no-same-owner
    done
}

# furnish ROOT: users, name resolution, trusted certificates, temporary directories
furnish() {
    local root=$1
    mkdir -p "$root/etc/ssl/certs" "$root/root" "$root/tmp" "$root/var/tmp" "$root/proc" "$root/sys" "$root/dev" "$root/run"
    chmod 1777 "$root/tmp" "$root/var/tmp"
    chmod 700 "$root/root"
    [ -e "$root/var/run" ] || [ -L "$root/var/run" ] || ln -s /run "$root/var/run"
    cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd" 2>/dev/null || echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
    cp "$root/usr/share/base-passwd/group.master" "$root/etc/group" 2>/dev/null || echo 'root:x:0:' >"$root/etc/group"
    printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
    if [ -d "$root/usr/share/ca-certificates" ]; then
        find "$root/usr/share/ca-certificates" -name '*.crt' -print0 | sort -z | xargs -0 cat >"$root/etc/ssl/certs/ca-certificates.crt"
    fi
    rm -rf "$root"/usr/share/{doc,man,info,locale,lintian,bug} "$root"/var/cache/apt
}

# applets ROOT: busybox under all its names, where nothing better is
applets() {
    local root=$1 name
    for name in $("$root/bin/busybox" --list); do
        [ -e "$root/bin/$name" ] || [ -L "$root/bin/$name" ] || ln -s busybox "$root/bin/$name"
    done
}
