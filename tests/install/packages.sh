#!/bin/sh
# packages.sh ROOT BUILD: the Debian packages and the source archive, made and looked into. Takes minutes. Speaks TAP.
set -u
root=$1 build=$2 number=0 failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
check () { # what, command…
  what=$1; shift
  number=$((number + 1))
  "$@" >"$work/said" 2>&1 && status=0 || status=$?
  case $status in
    0) echo "ok $number - $what"; return ;;
    77) echo "ok $number - $what # SKIP $(tail -n 1 "$work/said")"; return ;;
  esac
  failed=1; echo "not ok $number - $what"; sed 's/^/# /' "$work/said"
}
deb () { for file in "$work/debs/$1"_*.deb; do echo "$file"; done; }
field () { dpkg-deb --field "$(deb "$1")" "$2"; }
lists () { # PACKAGE PATH…
  package=$1; shift
  dpkg-deb --contents "$(deb "$package")" >"$work/list"
  for path in "$@"; do grep -q " \./$path\$" "$work/list" || { echo "$package lacks $path"; cat "$work/list"; return 1; }; done
}
makes () { "$root/data/deb/build.sh" "$work/debs"; }
desktop () {
  lists cobro usr/bin/cobro usr/share/applications/app.cobro.Cobro.desktop usr/share/doc/cobro/copyright \
    usr/share/dbus-1/services/app.cobro.Cobro.service && ! grep -q cobro-relay "$work/list"
}
relay () {
  lists cobro-relay usr/bin/cobro-relay lib/systemd/system/cobro-relay.service etc/cobro/relay.conf \
    usr/share/doc/cobro-relay/copyright && ! grep -q app.cobro.Cobro "$work/list"
}
depend () { # on the libraries they are linked with, and not on each other's
  field cobro Depends | grep -q libadwaita && field cobro-relay Depends | grep -q libsqlite3 &&
    ! field cobro-relay Depends | grep -qE 'libgtk|libadwaita' && field cobro Recommends | grep -q cobro-relay
}
owners () { ! dpkg-deb --contents "$(deb cobro)" | grep -v ' root/root '; }
conffile () { dpkg-deb --info "$(deb cobro-relay)" conffiles | grep -qx /etc/cobro/relay.conf; }
scripts () {
  mkdir -p "$work/control" && dpkg-deb --control "$(deb cobro-relay)" "$work/control" &&
    shellcheck "$work/control/postinst" "$work/control/prerm" "$work/control/postrm"
}
unpacked () {
  dpkg-deb --extract "$(deb cobro)" "$work/cobro" && "$work/cobro/usr/bin/cobro" --version &&
    dpkg-deb --extract "$(deb cobro-relay)" "$work/relay" && "$work/relay/usr/bin/cobro-relay" version
}
installed () { unshare --mount "$root/tests/install/installed.sh" "$work/debs"; }
looked_at () { lintian --fail-on error --suppress-tags bad-distribution-in-changes-file "$work"/debs/*.deb; }
dist () { # the archive builds by itself what it was made of
  meson dist -C "$build" --no-tests --formats gztar --include-subprojects --allow-dirty &&
    archive=$(find "$build/meson-dist" -name 'cobro-*.tar.gz' | head -n 1) && tar -xzf "$archive" -C "$work" &&
    meson setup "$work/again" "$work"/cobro-[0-9]* -Dtests=false && ninja -C "$work/again" src/cobro relay/cobro-relay
}

check 'the packages are made' makes
check 'the desktop is in cobro alone' desktop
check 'the relay is in cobro-relay alone' relay
check 'each depends on its own libraries' depend
check 'everything belongs to root' owners
check 'the settings of the relay survive upgrades' conffile
check 'the scripts are sound' scripts
check 'what is in them runs' unpacked
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then check 'dpkg installs and purges them' installed; fi
if command -v lintian >/dev/null; then check 'lintian finds no errors' looked_at; fi
check 'the source archive builds' dist
echo "1..$number"
exit $failed
