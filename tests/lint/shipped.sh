#!/bin/sh
# shipped.sh ROOT BUILD: the files that are installed or copied by hand are what the programs that read them accept:
# systemd unit, nginx site, relay.conf, desktop entry, metainfo, schema, translations. Speaks TAP.
set -u
root=$1 build=$2 number=0 failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
check () { # what, command…
  what=$1; shift
  number=$((number + 1))
  if "$@" >"$work/said" 2>&1; then echo "ok $number - $what"; return; fi
  failed=1; echo "not ok $number - $what"; sed 's/^/# /' "$work/said"
}
unit () {
  sed "s,^ExecStart=[^ ]*,ExecStart=/bin/true," "$root/data/relay/cobro-relay.service" >"$work/cobro-relay.service"
  systemd-analyze --man=no verify "$work/cobro-relay.service" && ! grep -q . "$work/said"
}
hardened () { # exposure 1.5 or less, of 10; the check bites on a unit without any protection
  systemd-analyze security --offline=true --threshold=15 "$root/data/relay/cobro-relay.service" &&
    printf '[Service]\nExecStart=/bin/true\n' >"$work/open.service" &&
    ! systemd-analyze security --offline=true --threshold=15 "$work/open.service"
}
site () {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=pay.example.com \
    -keyout "$work/privkey.pem" -out "$work/fullchain.pem" 2>/dev/null || return 1
  sed "s,/etc/letsencrypt/live/pay.example.com,$work," "$root/data/relay/nginx.conf" >"$work/site.conf"
  printf 'pid %s/pid; error_log %s/log;\nevents {}\nhttp { access_log off; include %s/site.conf; }\n' \
    "$work" "$work" "$work" >"$work/nginx.conf"
  PATH=$PATH:/usr/sbin nginx -t -p "$work" -c "$work/nginx.conf"
}
settings () { # every key of relay.conf, also those commented out, is one the relay knows
  sed -e 's/^#\([a-z-]* = \)/\1/' -e "s,/etc/cobro,$work," "$root/data/relay/relay.conf" >"$work/relay.conf"
  "$build/relay/cobro-relay" serve --check-config --config "$work/relay.conf"
}
wrong_settings () { # and the check bites
  printf 'lisen = 127.0.0.1:1\n' >"$work/wrong.conf"
  ! "$build/relay/cobro-relay" serve --check-config --config "$work/wrong.conf" --data "$work/wrong" && grep -q lisen "$work/said"
}
flatpak () { # read by its builder; and it may see no files of the host
  (cd "$work" && flatpak-builder --show-manifest "$root/flatpak/app.cobro.Cobro.yml") >"$work/manifest" &&
    grep -q '"id" : "app.cobro.Cobro"\|"app-id" : "app.cobro.Cobro"' "$work/manifest" && ! grep -q -- --filesystem "$work/manifest"
}
permissions () { # these and no others; what it is built from and with is there
  sed -n '/^finish-args:/,/^[a-z]/s/^  - //p' "$root/flatpak/app.cobro.Cobro.yml" >"$work/permissions"
  grep -q . "$work/permissions" && ! grep -vxE -- "--share=(network|ipc)|--socket=(wayland|fallback-x11|pulseaudio)|--device=dri|\
--talk-name=org.freedesktop.secrets" "$work/permissions" || return 1
  [ -f "$root/flatpak/$(sed -n 's/^ *path: //p' "$root/flatpak/app.cobro.Cobro.yml")/meson.build" ] || return 1
  sed -n '/name: cobro$/,$s/^ *- -D\([a-z]*\)=.*/\1/p' "$root/flatpak/app.cobro.Cobro.yml" >"$work/options"
  grep -q . "$work/options" && while read -r option; do grep -q "^option('$option'" "$root/meson_options.txt" || return 1; done <"$work/options"
}
packages () { # every module has a checksum or a commit
  [ "$(grep -c 'url:' "$root/flatpak/app.cobro.Cobro.yml")" = "$(grep -cE '(commit: [0-9a-f]{40}|sha256: [0-9a-f]{64})$' "$root/flatpak/app.cobro.Cobro.yml")" ]
}
pictures () { # what the metainfo and README.md show is there, and nothing lies there unseen
  (cd "$root/data/screenshots" && ls) >"$work/there"
  sed -n 's,.*https://cobro.app/screenshots/\([a-z-]*\.png\)<.*,\1,p' "$root/data/app.cobro.Cobro.metainfo.xml.in" >"$work/shown"
  [ -s "$work/shown" ] || return 1
  grep -o 'data/screenshots/[a-z-]*\.png' "$root/README.md" | sed 's,.*/,,' >>"$work/shown"
  sort -u "$work/shown" | diff "$work/there" -
}
translations () { for file in "$root"/po/*.po; do [ ! -f "$file" ] || msgfmt --check -o /dev/null "$file" || return 1; done; }

check 'systemd accepts the unit' unit
check 'the unit is hardened' hardened
check 'nginx accepts the site' site
[ ! -x "$build/relay/cobro-relay" ] || check 'the relay knows every key of relay.conf' settings
[ ! -x "$build/relay/cobro-relay" ] || check 'a mistyped key is named' wrong_settings
for entry in "$root"/data/*.desktop "$root"/data/*.desktop.in; do
  [ -f "$entry" ] || continue
  sed 's/@[A-Za-z_]*@/app.cobro.Cobro/g' "$entry" >"$work/app.cobro.Cobro.desktop"
  check 'the desktop entry is valid' desktop-file-validate "$work/app.cobro.Cobro.desktop"
done
for metainfo in "$root"/data/*.metainfo.xml "$root"/data/*.metainfo.xml.in; do
  [ -f "$metainfo" ] && check 'the metainfo is valid' appstreamcli validate --no-net --explain "$metainfo"
done
for schema in "$root"/data/*.gschema.xml; do
  [ -f "$schema" ] && check 'the schema compiles' glib-compile-schemas --strict --dry-run "$root/data"
done
check 'the flatpak may do this and no more' permissions
if command -v flatpak-builder >/dev/null; then check 'flatpak-builder reads the manifest' flatpak; fi
check 'every module of the flatpak is pinned' packages
check 'every picture that is shown is there' pictures
check 'every translation is well formed' translations
echo "1..$number"
exit $failed
