#!/bin/sh
# installed.sh DEBS: the packages in DEBS, installed by dpkg for real over this system, looked at, and purged. Runs in mounts of
# its own (unshare --mount): the system is covered by a layer in memory, and what is written goes with it.
# Says why with status 77 where no such layer can be had.
set -eu
debs=$(cd "$1" && pwd)
top=$debs/layer
mkdir -p "$top"
mount -t tmpfs none "$top" 2>/dev/null || { echo 'no file system in memory can be mounted here'; exit 77; }
mkdir "$top/upper" "$top/work" "$top/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" "$top/root" 2>/dev/null ||
  { echo 'no overlay can be mounted here'; exit 77; }
mount --rbind /proc "$top/root/proc"
mount --rbind /dev "$top/root/dev"
mkdir -p "$top/root/debs"
cp "$debs"/*.deb "$top/root/debs/"
inside () { chroot "$top/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"; }
fail () { echo "$*"; exit 1; }

inside sh -c 'dpkg --install /debs/*.deb'
for package in cobro cobro-relay; do
  inside dpkg-query --status $package | grep -qx 'Status: install ok installed' || fail "$package is not installed"
  inside dpkg --verify $package | grep . && fail "$package is not as it was packed"
done

# ── What is there works ────────────────────────────────────────────────────────────────────────────
inside cobro --version | grep '^cobro [0-9]'
inside cobro-relay version | grep '^cobro-relay [0-9]'
inside desktop-file-validate /usr/share/applications/app.cobro.Cobro.desktop
inside gsettings list-keys app.cobro.Cobro | grep -q . || fail 'the settings are not known'
inside systemd-analyze verify /lib/systemd/system/cobro-relay.service
for path in share/dbus-1/services/app.cobro.Cobro.service share/icons/hicolor/scalable/apps/app.cobro.Cobro.svg \
  share/icons/hicolor/symbolic/apps/app.cobro.Cobro-symbolic.svg share/metainfo/app.cobro.Cobro.metainfo.xml \
  share/locale/es/LC_MESSAGES/cobro.mo share/gnome-shell/search-providers/app.cobro.Cobro.search-provider.ini; do
  [ -s "$top/root/usr/$path" ] || fail "/usr/$path is missing"
done
inside getent passwd cobro >/dev/null || fail 'the relay has no user'
[ "$(inside stat -c '%U:%G %a' /etc/cobro/relay.conf)" = 'root:cobro 640' ] || fail 'others may read the settings'
[ "$(inside stat -c '%U %a %s' /etc/cobro/relay.key)" = 'root 400 64' ] || fail 'the key is not as it should be'
# A machine that was set up a moment ago is told what it lacks, in words and not with a crash.
inside cobro-relay doctor --config /etc/cobro/relay.conf && status=0 || status=$?
[ "$status" -le 2 ] || fail "doctor ended with $status"

# ── Gone again: what is left is the key that seals secrets, and nothing of the programs ──────────────
key=$(cksum <"$top/root/etc/cobro/relay.key")
inside dpkg --purge cobro cobro-relay
[ "$(cksum <"$top/root/etc/cobro/relay.key")" = "$key" ] || fail 'the key did not survive'
left=$(find "$top/upper/usr" "$top/upper/lib" "$top/upper/etc" "$top/upper/var" -ipath '*cobro*' ! -type c ! -path '*/etc/cobro' \
  ! -path '*/etc/cobro/relay.key' 2>/dev/null) || true
[ -z "$left" ] || fail "left behind: $left"
