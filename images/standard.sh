# What builds run in: the tools AWS's standard images have and buildspecs of container deliveries use. Languages are left out, unless
# VIRIDIAN_BUILD_PACKAGES names more Debian packages, for example "maven default-jdk-headless".
tags=(aws/codebuild/standard:4.0 aws/codebuild/standard:5.0 aws/codebuild/standard:6.0 aws/codebuild/standard:7.0
      aws/codebuild/amazonlinux2-x86_64-standard:4.0 aws/codebuild/amazonlinux2-x86_64-standard:5.0
      aws/codebuild/amazonlinux-x86_64-standard:5.0)
packages=(base-files base-passwd bash dash coreutils sed gawk grep findutils tar gzip bzip2 xz-utils procps util-linux hostname diffutils
          ca-certificates curl wget jq zip unzip git gettext-base make python3 openssl awscli docker-cli ${VIRIDIAN_BUILD_PACKAGES:-})
config=('CMD ["/bin/bash"]' 'WORKDIR /' 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' 'ENV AWS_PAGER=' 'ENV LANG=C.UTF-8')

fill() {
    local root=$1
    [ -e "$root/bin/sh" ] || ln -s dash "$root/bin/sh"
    ln -sf gawk "$root/usr/bin/awk"
    mkdir -p "$root/codebuild" "$root/root/.aws/cli" "$root/usr/local/bin"
    get_login_alias >"$root/root/.aws/cli/alias"
    # without compiled modules every call of the aws command line takes three seconds longer
    touch "$root/dev/null"
    mkdir -p -m 1777 "$root/dev/shm"
    as_root chroot "$root" python3 -m compileall -q -j 0 /usr/lib >/dev/null \
        || say "warning: Python modules could not be compiled; the aws command line will be slow in builds"
    rm -rf "$root/dev/null" "$root/dev/shm"
}

# The aws command line 2 no longer has 'ecr get-login', which older buildspecs still evaluate with $(...).
get_login_alias() {
    cat <<'ALIAS'
[toplevel]

[command ecr]
get-login =
  !f() {
    region=${AWS_REGION:-$AWS_DEFAULT_REGION}; registries=
    while [ $# -gt 0 ]; do
      case $1 in
        --region) region=$2; shift ;;
        --registry-ids) registries=$2; shift ;;
      esac
      shift
    done
    [ -n "$registries" ] || registries=$(aws sts get-caller-identity --query Account --output text) || return $?
    password=$(aws ecr get-login-password --region "$region") || return $?
    echo "docker login -u AWS -p $password https://$registries.dkr.ecr.$region.amazonaws.com"
  }; f
ALIAS
}
