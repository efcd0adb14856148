#!/bin/bash
# session.sh CMD…: runs CMD in a private, disposable desktop: X server, window manager, session bus, accessibility bus,
# unlocked keyring, and its own home and XDG folders. Any number may run at once; nothing outlives it.
#   COBRO_UI_SIZE=1280x800  COBRO_UI_LANG=en_US.UTF-8  COBRO_UI_LANGUAGE=  screen and language
#   COBRO_UI_WM=openbox|none|PATH    COBRO_UI_COMPOSITOR=xcompmgr|none      (COBRO_UI_WM=…/mutter-x11: the true GNOME look)
#   COBRO_UI_KEYRING=1|0             0: no keyring is unlocked beforehand
#   COBRO_UI_KEEP=1                  keep the work folder and print where it is
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for program in Xvfb dbus-run-session xdotool xclip gnome-keyring-daemon; do
  command -v "$program" >/dev/null || { echo "session.sh: $program is not installed; ./dev setup installs it" >&2; exit 1; }
done
export COBRO_UI_WM=${COBRO_UI_WM:-openbox} COBRO_UI_COMPOSITOR=${COBRO_UI_COMPOSITOR:-xcompmgr} \
       COBRO_UI_KEYRING=${COBRO_UI_KEYRING:-1}
work=$(mktemp -d "${TMPDIR:-/tmp}/cobro-session.XXXXXX")
export COBRO_UI_WORK=$work
mkdir -p "$work"/{home,config/gtk-4.0,data,cache,state,run}; chmod 700 "$work/run"
export HOME=$work/home XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache \
       XDG_STATE_HOME=$work/state XDG_RUNTIME_DIR=$work/run
# No portal of this machine answers: stories bring their own. (The person's folder of services comes before the system's.)
mkdir -p "$work/data/dbus-1/services"
printf '[D-BUS Service]\nName=org.freedesktop.portal.Desktop\nExec=/bin/false\n' \
  >"$work/data/dbus-1/services/org.freedesktop.portal.Desktop.service"
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS DISPLAY GNOME_KEYRING_CONTROL
# The server says which free display it took, so parallel runs never meet.
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 "${COBRO_UI_SIZE:-1280x800}x24" -nolisten tcp -noreset +extension GLX \
  3>"$work/display" >"$work/xvfb.log" 2>&1 &
server=$!
cleanup () {
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  if [ "${COBRO_UI_KEEP:-0}" = 1 ]; then echo "# kept $work" >&2; else rm -rf "$work"; fi
}
trap cleanup EXIT
read -r number < "$work/display" || { echo "session.sh: Xvfb did not start" >&2; cat "$work/xvfb.log" >&2; exit 1; }
export DISPLAY=:$number
export LANG=${COBRO_UI_LANG:-en_US.UTF-8} LC_ALL='' LANGUAGE=${COBRO_UI_LANGUAGE:-}
export GDK_BACKEND=x11 GSK_RENDERER=${GSK_RENDERER:-cairo} GTK_A11Y=atspi GSETTINGS_BACKEND=keyfile
# What a GNOME session supplies through XSettings; without it GTK falls back to "Sans 10" and moving targets.
cat > "$work/config/gtk-4.0/settings.ini" <<INI
[Settings]
gtk-font-name=Cantarell 11
gtk-icon-theme-name=Adwaita
gtk-enable-animations=0
gtk-decoration-layout=:close
INI
rc=0
dbus-run-session -- "$here/session-inner.sh" "$@" || rc=$?
exit "$rc"
