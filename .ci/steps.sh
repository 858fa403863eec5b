# Steps of a script, each with the time that it took; to be sourced.

step_name=
step_started=$SECONDS
step_times=()

# Ends the step before, and begins one.
step() {
    end_step
    step_name=$*
    step_started=$SECONDS
    printf '\n== %s\n' "$step_name"
}

end_step() {
    [ -n "$step_name" ] || return 0
    step_times+=("$(printf '%5d s  %s' $((SECONDS - step_started)) "$step_name")")
    printf -- '-- %d s\n' $((SECONDS - step_started))
    step_name=
}

# Ends the last step, and prints what each took.
end_steps() {
    end_step
    printf '\n%s\n' "${step_times[@]}"
    printf '%5d s  %s\n' "$SECONDS" "$*"
}
