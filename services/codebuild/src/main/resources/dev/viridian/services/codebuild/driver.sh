#!/bin/sh
# Carries out the plan of one build, all by itself: the server may come and go meanwhile.
#
# plan/<PHASE>/commands/<n>, plan/<PHASE>/finally/<n>   one command each, in order
# plan/<PHASE>/on-failure                               ABORT, CONTINUE or absent
# state/cwd, state/variables                            the shell between two commands
# mark                                                  begins each line that is meant for the server
home=/codebuild/viridian
exec 2>&1 </dev/null
mark=$(cat $home/mark)
shell=$(cat $home/shell)
succeeding=1

tell() {
    printf '\036%s %s\n' "$mark" "$*"
}

# run_list PHASE LIST: until a command fails
run_list() {
    for file in "$home/plan/$1/$2"/*; do
        [ -f "$file" ] || continue
        tell "COMMAND $1 $2 ${file##*/}"
        "$shell" $home/command.sh "$succeeding" "$file"
        status=$?
        tell "EXIT $1 $2 ${file##*/} $status"
        [ $status = 0 ] || return 1
    done
}

# values of exported variables, as hexadecimal digits so that any value fits into a line
exported() {
    while read -r name; do
        [ -n "$name" ] || continue
        value=$("$shell" $home/value.sh "$name" | od -An -v -tx1 | tr -d ' \n')
        tell "VALUE $name $value"
    done <$home/exported
}

for phase in INSTALL PRE_BUILD BUILD POST_BUILD; do
    tell "BEGIN $phase"
    failed=0
    run_list $phase commands || failed=1
    run_list $phase finally || failed=1
    exported
    tell "END $phase $failed"
    [ $failed = 1 ] || continue
    succeeding=0
    choice=$(cat $home/plan/$phase/on-failure 2>/dev/null)
    case "$choice:$phase" in
        ABORT:* | :INSTALL | :PRE_BUILD) break ;;
    esac
done
tell "DONE"
