# What scripts of CI share, to be sourced: steps, each with the time that it took, and commands that must not warn.

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

# Runs a command, and fails when it does or when it warns; then prints what it wrote.
without_warnings() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 || status=$?
    if [ "$status" -ne 0 ] || grep -qE '(warning|error): ' "$log"; then
        cat "$log"
        echo "not clean: $*" >&2
        return 1
    fi
    rm -f "$log"
}

# Prints what a run of tests wrote, and what failed in it once more at the end, where readers look first.
print_failed() {
    cat "$1"
    printf '\nof these, what failed:\n'
    grep -aE '✘|WARNING: ThreadSanitizer|Fatal error' "$1" || echo "no test: see the end of the log above"
}

# Runs the tests, and prints the ten that took longest, beside others that ran at the same time.
with_slowest() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 || status=$?
    if [ "$status" -ne 0 ]; then
        print_failed "$log"
        return "$status"
    fi
    echo "the ten slowest tests:"
    sed -nE 's/^.*Test (.+) passed after ([0-9.]+) seconds\.$/\2 s  \1/p' "$log" | grep -v '^[0-9.]* s  run with' |
        sort -rn | awk 'NR <= 10'
    tail -n 1 "$log"
    rm -f "$log"
}

# Installs Debian packages.
install() {
    step "apt-get install $*"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Builds. SwiftPM puts the flags of traits in the order of their hashes; where that isn't the order of the build before, all would be compiled
# again.
swift_build() { SWIFT_DETERMINISTIC_HASHING=1 swift build "$@"; }

# Builds everything in release, with the stores. Always with the tests: they are built with a flag of their own, and whoever builds a program
# without them compiles everything again.
build_with_stores() { swift_build "${with_stores[@]}" --build-tests; }

# The path of a program of that build.
program_with_stores() { printf '%s/%s' "$(swift_build "${with_stores[@]}" --show-bin-path)" "$1"; }

# Builds a program in release, with the stores, and runs it.
run_in_release() {
    build_with_stores >/dev/null
    "$(program_with_stores "$1")" "${@:2}"
}

# What is built with the stores on SQLite and NATS has a folder of its own: a trait is a flag of every source. It is one build for all, so
# in release, which benchmarks and full forms need. Without optimisation, the tests of all but NATS run under the thread sanitizer.
with_stores=(-c release --traits SQLite,NATS --scratch-path .build/stores)

# Installs what the stores need, where it's missing, and says which server of NATS tests and programs use.
install_stores() {
    [ -f /usr/include/sqlite3.h ] || install libsqlite3-dev
    [ -f /usr/include/nats/nats.h ] || install libnats-dev
    PATH=$PATH:/usr/sbin
    command -v nats-server >/dev/null || install nats-server
    export EVENT_DISPATCH_NATS=${EVENT_DISPATCH_NATS:-$(command -v nats-server)}
}
