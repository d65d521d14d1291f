# Runs one command as if all of them were typed into one shell: directory, variables, functions and options come from the command before and go to
# the next one, also when this one says 'exit'.
viridian_home=/codebuild/viridian

viridian_keep() {
    pwd >$viridian_home/state/cwd
    if [ -n "${BASH_VERSION:-}" ]; then
        declare -p | grep -vE '^declare -[a-zA-Z]*r' >$viridian_home/state/new
        declare -f >>$viridian_home/state/new
    else
        set >$viridian_home/state/new
        export -p >>$viridian_home/state/new
    fi
    printf '%s\n' "$viridian_options" >>$viridian_home/state/new
    mv $viridian_home/state/new $viridian_home/state/variables
}

cd "$(cat $viridian_home/state/cwd)" || exit 1
if [ -f $viridian_home/state/variables ]; then
    . $viridian_home/state/variables 2>/dev/null
fi
# only now: the file just read remembers the same names from the command before
viridian_file=$2
CODEBUILD_BUILD_SUCCEEDING=$1
export CODEBUILD_BUILD_SUCCEEDING
if [ ! -f $viridian_home/fresh ]; then
    trap 'viridian_status=$?; viridian_options=$(set +o); set +eux 2>/dev/null; trap - EXIT; viridian_keep; exit $viridian_status' EXIT
fi
shift 2
eval "$(cat "$viridian_file")"
