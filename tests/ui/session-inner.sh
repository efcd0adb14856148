#!/bin/bash
# The part of session.sh that runs inside the session bus: window manager, compositor, accessibility bus, keyring, CMD.
set -uo pipefail
pids=()
finish () { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done; wait 2>/dev/null; }
trap finish EXIT
# until CMD…: polls for up to 10 s.
until_true () { for _ in $(seq 500); do "$@" && return 0; sleep .02; done; echo "session: no success: $*" >&2; return 1; }
bus_call () { gdbus call --session "$@" 2>/dev/null; }
window_manager_is_up () { xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q window; }
accessibility_is_up () { bus_call -d org.a11y.Bus -o /org/a11y/bus -m org.a11y.Bus.GetAddress >/dev/null; }
keyring_is_up () { bus_call -d org.freedesktop.DBus -o / -m org.freedesktop.DBus.NameHasOwner org.freedesktop.secrets | grep -q true; }

if [ "$COBRO_UI_WM" != none ]; then
  "$COBRO_UI_WM" >"$COBRO_UI_WORK/wm.log" 2>&1 & pids+=($!)
  until_true window_manager_is_up
fi
# Without a compositor every popover shows in a black box.
if [ "$COBRO_UI_COMPOSITOR" != none ]; then
  "$COBRO_UI_COMPOSITOR" >"$COBRO_UI_WORK/compositor.log" 2>&1 & pids+=($!)
fi
xsetroot -solid '#5e5c64' 2>/dev/null
/usr/libexec/at-spi-bus-launcher --launch-immediately >"$COBRO_UI_WORK/atspi.log" 2>&1 & pids+=($!)
until_true accessibility_is_up
bus_call -d org.a11y.Bus -o /org/a11y/bus -m org.freedesktop.DBus.Properties.Set \
  org.a11y.Status IsEnabled '<true>' >/dev/null
if [ "$COBRO_UI_KEYRING" = 1 ]; then
  # A password on stdin creates and unlocks "login", which becomes the default collection.
  gnome-keyring-daemon --foreground --components=secrets --unlock < <(printf test) \
    >"$COBRO_UI_WORK/keyring.log" 2>&1 & pids+=($!)
  until_true keyring_is_up
fi
"$@"
