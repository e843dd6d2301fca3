#!/bin/sh
# Installs the Debian packages that the tests use, where they are missing and we may: Chromium for
# the real VS Code, a font for its pictures, Neovim and Emacs (with eglot) as other clients, tmux
# for one more, Helix.
set -eu

missing=""
for pair in chromium:chromium nvim:neovim tmux:tmux; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
[ -d /usr/share/fonts/truetype/dejavu ] || missing="$missing fonts-dejavu-core"
emacs --batch --eval "(require 'eglot)" >/dev/null 2>&1 || missing="$missing emacs-nox elpa-eglot"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "not installed, and tests that need them will be skipped:$missing" >&2
    exit 0
fi
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
