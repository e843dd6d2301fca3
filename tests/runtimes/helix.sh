#!/bin/sh
# Unpacks Helix, which this Debian may not have, from the packages of a newer one, with the C
# library that it needs. Nothing is installed. Where that cannot be, its test is skipped.
set -eu
cd "$(dirname "$0")"

suite=trixie
folder=$PWD/build/helix
! command -v hx >/dev/null 2>&1 || exit 0
[ ! -e "$folder/root" ] || exit 0

unpack() {
    mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep '/debian/*$' | head -n 1)
    [ -n "$mirror" ] || return 1
    mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/unpacked"
    keys=/usr/share/keyrings/debian-archive-keyring.gpg
    echo "deb [signed-by=$keys] $mirror $suite main" >"$folder/sources.list"
    set -- -qq -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=- \
        -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o APT::Sandbox::User=root
    apt-get "$@" update || return 1
    (cd "$folder" && apt-get "$@" download hx libc6 libgcc-s1) || return 1
    for package in "$folder"/*.deb; do
        dpkg-deb -x "$package" "$folder/unpacked" || return 1
    done
    # Under its name only when it is whole.
    mv "$folder/unpacked" "$folder/root"
    rm -rf "$folder/lists" "$folder/cache" "$folder"/*.deb
}

if [ "$(uname -m)" != x86_64 ] || ! command -v dpkg-deb >/dev/null 2>&1 || ! unpack; then
    rm -rf "$folder"
    echo "not unpacked, and its test will be skipped: Helix" >&2
fi
