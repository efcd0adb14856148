#!/bin/sh
# install.sh BUILD: what `meson install` puts where, and that uninstalling leaves nothing of it. Speaks TAP.
set -u
build=$1 number=0 failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
tree=$work/tree
check () { # what, command…
  what=$1; shift
  number=$((number + 1))
  if "$@" >"$work/said" 2>&1; then echo "ok $number - $what"; return; fi
  failed=1; echo "not ok $number - $what"; sed 's/^/# /' "$work/said"
}
installs () { DESTDIR=$tree meson install -C "$build" --no-rebuild --quiet; }
prefix=$(meson introspect "$build" --buildoptions | python3 -c 'import json, sys
print(next(o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"))')
has () { for path in "$@"; do [ -s "$tree$prefix/$path" ] || { echo "$path is missing"; return 1; }; done; }
desktop_files () {
  has bin/cobro share/applications/app.cobro.Cobro.desktop share/metainfo/app.cobro.Cobro.metainfo.xml \
    share/dbus-1/services/app.cobro.Cobro.service share/gnome-shell/search-providers/app.cobro.Cobro.search-provider.ini \
    share/glib-2.0/schemas/app.cobro.Cobro.gschema.xml share/icons/hicolor/scalable/apps/app.cobro.Cobro.svg \
    share/icons/hicolor/symbolic/apps/app.cobro.Cobro-symbolic.svg share/locale/es/LC_MESSAGES/cobro.mo
}
relay_files () { has bin/cobro-relay share/doc/cobro-relay/relay.conf share/doc/cobro-relay/cobro-relay.service; }
valid_entry () { desktop-file-validate "$tree$prefix/share/applications/app.cobro.Cobro.desktop"; }
valid_metainfo () { appstreamcli validate --no-net "$tree$prefix/share/metainfo/app.cobro.Cobro.metainfo.xml"; }
opens_links () { grep -q '^MimeType=.*x-scheme-handler/cobro;' "$tree$prefix/share/applications/app.cobro.Cobro.desktop"; }
one_name () { # the bus, the search and the entry speak of the same program
  cd "$tree$prefix/share" && grep -qx 'Name=app.cobro.Cobro' dbus-1/services/app.cobro.Cobro.service &&
    grep -qx "Exec=$prefix/bin/cobro --gapplication-service" dbus-1/services/app.cobro.Cobro.service &&
    grep -qx 'BusName=app.cobro.Cobro' gnome-shell/search-providers/app.cobro.Cobro.search-provider.ini &&
    grep -qx 'DesktopId=app.cobro.Cobro.desktop' gnome-shell/search-providers/app.cobro.Cobro.search-provider.ini &&
    grep -qx 'DBusActivatable=true' applications/app.cobro.Cobro.desktop
}
runs () { "$tree$prefix/bin/cobro" --version | grep -q '^cobro [0-9]' && "$tree$prefix/bin/cobro-relay" version | grep -q '[0-9]'; }
nothing_else () { # no headers, libraries or tests, nothing that is not ours
  ! find "$tree" -type f | grep -vE '/bin/cobro(-relay)?$|app\.cobro\.Cobro|cobro\.mo$|/doc/cobro|/help/|/share/cobro/'
}
uninstalls () { (cd "$build" && meson --internal uninstall) && ! find "$tree" -type f -o -type l | grep .; }

check 'it is installed into a folder of its own' installs
check 'everything of the desktop is there' desktop_files
check 'everything of the relay is there' relay_files
check 'the translated desktop entry is valid' valid_entry
check 'the translated metainfo is valid' valid_metainfo
check 'cobro:// addresses come to the program' opens_links
check 'bus, search and entry name the same program' one_name
check 'what was installed runs' runs
check 'nothing else is installed' nothing_else
check 'uninstalling leaves no file' uninstalls
echo "1..$number"
exit $failed
