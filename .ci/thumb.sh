# Sourced. Builds firmware for Cortex-M, whether or not the rustup target can be had.
# shellcheck shell=bash

# shellcheck source=.ci/apt.sh
source "$(dirname "${BASH_SOURCE[0]}")/apt.sh"

# Absolute, because the build runs in the firmware's folder.
THUMB_TARGET_DIR=$(realpath -m "${CARGO_TARGET_DIR:-$(dirname "${BASH_SOURCE[0]}")/../target}")/thumb

# thumb_shipped <target>: whether rustup has installed it.
thumb_shipped() { [[ -d $(rustc --print sysroot)/lib/rustlib/$1 ]]; }

# thumb_environment <target>: from here on `cargo` can build for it.
thumb_environment() {
    local target=$1 linker_variable linker
    ! thumb_shipped "$target" || return 0
    # Debian has no thumb targets either, but it packages the source of `core`.
    thumb_packages rustc-web rust-web-src cargo-web || return
    linker_variable=${target//-/_}
    linker_variable=CARGO_TARGET_${linker_variable^^}_LINKER
    linker=$(thumb_linker) || return
    export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=core "$linker_variable=$linker" PATH=/usr/bin:$PATH
}

# thumb_build <target> <manifest-dir> [cargo args…]
#
# Release build into $THUMB_TARGET_DIR/<target>/release. The firmware brings its memory.x; link.x is cortex-m-rt's.
thumb_build() {
    local target=$1 dir=$2
    shift 2
    (
        thumb_environment "$target" && cd "$dir" && RUSTFLAGS=${THUMB_RUSTFLAGS--C link-arg=-Tlink.x} \
            cargo build --release --target "$target" --target-dir "$THUMB_TARGET_DIR" "$@"
    )
}

thumb_packages() {
    local package
    local -a missing=()
    for package; do
        [[ $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) == *' installed' ]] || missing+=("$package")
    done
    ((${#missing[@]} == 0)) || apt_install "${missing[@]}" || {
        echo "cannot install ${missing[*]}, needed without a rustup target for Cortex-M" >&2
        return 1
    }
}

# Debian's rustc brings no linker for bare metal. A rustup toolchain does, whatever its targets.
thumb_linker() {
    local lld
    for lld in "$(rustc --print sysroot)"/lib/rustlib/*/bin/rust-lld; do
        [[ -x $lld ]] && echo "$lld" && return
    done
    thumb_packages lld && echo ld.lld
}

# thumb_tool size|nm: prints the name of one that reads ARM images.
thumb_tool() {
    local try
    for try in 1 2; do
        for prefix in arm-none-eabi- rust- llvm- ''; do
            # rust-size stays on PATH after its llvm-tools component is gone, so ask it.
            if "$prefix$1" --version >/dev/null 2>&1; then
                echo "$prefix$1"
                return
            fi
        done
        ((try == 1)) && apt_install binutils-arm-none-eabi
    done
    echo "no $1 found; install binutils-arm-none-eabi" >&2
    return 1
}

# thumb_sections <elf> <name>…: sum of their sizes
thumb_sections() {
    local elf=$1
    shift
    "$(thumb_tool size)" -A "$elf" | awk -v names=" $* " 'index(names, " " $1 " ") { sum += $2 } END { print sum + 0 }'
}
thumb_flash() { thumb_sections "$1" .boot2 .vector_table .text .rodata .data; }
thumb_statics() { thumb_sections "$1" .data .bss .uninit; }

# thumb_static_size <elf> <name>: the size of that static, which is as large as the type it stands for.
thumb_static_size() {
    local size
    size=$("$(thumb_tool nm)" -S "$1" | awk -v name="$2" '$4 == name { print $2 }')
    echo $((16#${size:?no $2 in $1}))
}

# Whether anything of core's panics is in it.
thumb_panics() {
    "$(thumb_tool nm)" -C "$1" | awk '/core::panicking/ { found = 1 } END { print found ? "yes" : "no" }'
}

# The compiler that `thumb_build` takes.
thumb_rustc() {
    (thumb_environment thumbv6m-none-eabi >&2 && "${RUSTC:-rustc}" --version) | cut -d ' ' -f 2
}

# Its `core`: `shipped` by rustup, compiled for speed, or `built` with the firmware's own options, which is smaller.
thumb_core() {
    if thumb_shipped thumbv6m-none-eabi; then echo shipped; else echo built; fi
}
