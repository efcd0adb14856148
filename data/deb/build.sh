#!/bin/sh
# build.sh [OUT]: two Debian packages of what stands here, into OUT (the current folder): cobro, the desktop application, and
# cobro-relay, the server. Needs what `./dev setup` installs and nothing of debhelper.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-.}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$root/data/deb
version=$(sed -n "s/^ *version: '\([0-9.]*\)',/\1/p" "$root/meson.build" | head -n 1)
architecture=$(dpkg --print-architecture)

meson setup "$work/build" "$root" --prefix=/usr --sysconfdir=/etc --localstatedir=/var --buildtype=release -Dtests=false >/dev/null
ninja -C "$work/build" --quiet
DESTDIR=$work/cobro meson install -C "$work/build" --no-rebuild --strip --quiet

# ── What belongs to the relay ──────────────────────────────────────────────────────────────────────
relay=$work/cobro-relay
mkdir -p "$relay/usr/bin" "$relay/usr/share/doc" "$relay/lib/systemd/system" "$relay/usr/lib/sysusers.d"
mv "$work/cobro/usr/bin/cobro-relay" "$relay/usr/bin/"
mv "$work/cobro/usr/share/doc/cobro-relay" "$relay/usr/share/doc/"
mv "$relay/usr/share/doc/cobro-relay/cobro-relay.service" "$relay/lib/systemd/system/"
install -Dm640 "$relay/usr/share/doc/cobro-relay/relay.conf" "$relay/etc/cobro/relay.conf"
printf 'u cobro - "Cobro relay" /var/lib/cobro\n' >"$relay/usr/lib/sysusers.d/cobro-relay.conf"

# ── Putting together ───────────────────────────────────────────────────────────────────────────────
depends () { # PROGRAM: the packages of the libraries it is linked with
  mkdir -p "$work/source/debian"
  printf 'Source: cobro\nPackage: cobro\nArchitecture: any\n' >"$work/source/debian/control"
  (cd "$work/source" && dpkg-shlibdeps -O "$1" 2>/dev/null | sed 's/^shlibs:Depends=//')
}

put_together () { # PACKAGE PROGRAM
  tree=$work/$1
  libraries=$(depends "$tree/usr/bin/$2")
  mkdir -p "$tree/DEBIAN" "$tree/usr/share/doc/$1"
  install -m644 "$here/copyright" "$tree/usr/share/doc/$1/copyright"
  sed "s/^cobro /$1 /" "$here/changelog" | gzip -9n >"$tree/usr/share/doc/$1/changelog.gz"
  chmod 644 "$tree/usr/share/doc/$1/changelog.gz"
  sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@LIBRARIES@/$libraries/" \
    -e "s/@SIZE@/$(du -ks --exclude=DEBIAN "$tree" | cut -f1)/" "$here/$1.control" >"$tree/DEBIAN/control"
  for script in postinst prerm postrm; do
    [ ! -f "$here/$1.$script" ] || install -m755 "$here/$1.$script" "$tree/DEBIAN/$script"
  done
  [ ! -d "$tree/etc" ] || (cd "$tree" && find etc -type f | sed 's,^,/,' >DEBIAN/conffiles)
  (cd "$tree" && find usr lib -type f 2>/dev/null | LC_ALL=C sort | xargs -d '\n' md5sum >DEBIAN/md5sums)
  dpkg-deb --root-owner-group --build "$tree" "$out/$1_${version}_$architecture.deb"
}

put_together cobro cobro
put_together cobro-relay cobro-relay
