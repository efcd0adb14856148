#!/bin/bash
# xvfb.sh CMD…: runs CMD on an X server of its own, for GTK tests that live inside one process.
# No window manager, no session bus, an empty home: nothing of the caller's desktop is seen or touched, nothing is
# left behind. The server takes a free display number by itself, so any number may run at once.
#   COBRO_UI_SIZE=1280x800   size of the screen
set -uo pipefail
command -v Xvfb >/dev/null || { echo "xvfb.sh: Xvfb is not installed; ./dev setup installs it" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/cobro-xvfb.XXXXXX")
mkdir -p "$work"/{home,config,data,cache,state,run}; chmod 700 "$work/run"
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 "${COBRO_UI_SIZE:-1280x800}x24" -nolisten tcp 3>"$work/display" 2>"$work/xvfb.log" &
server=$!
cleanup () { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$work"; }
trap cleanup EXIT
read -r number < "$work/display" || { echo "xvfb.sh: Xvfb did not start" >&2; cat "$work/xvfb.log" >&2; exit 1; }
unset WAYLAND_DISPLAY AT_SPI_BUS_ADDRESS
export DISPLAY=:$number DBUS_SESSION_BUS_ADDRESS=disabled:
export HOME=$work/home XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache \
       XDG_STATE_HOME=$work/state XDG_RUNTIME_DIR=$work/run
export GDK_BACKEND=x11 GSK_RENDERER=${GSK_RENDERER:-cairo} GTK_A11Y=${GTK_A11Y:-test} GSETTINGS_BACKEND=memory
"$@"
