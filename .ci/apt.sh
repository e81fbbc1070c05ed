# Sourced. Installs Debian packages, where that can be done without asking anybody.
# shellcheck shell=bash

apt_install() {
    local -a root=()
    if ((EUID)); then
        command -v sudo >/dev/null || return 1
        root=(sudo -n)
    fi
    command -v apt-get >/dev/null || return 1
    "${root[@]}" apt-get update -qq >&2 &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "$@" </dev/null >&2
}
