#!/bin/sh
# Puts this bundle into the menu of the user who runs it; nothing is changed for others, no rights are needed.
# Run it again after the folder was moved; --remove takes the entries away.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(dirname "$here")/cmi-gui
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/cmi-gui.desktop
icon=$data/icons/hicolor/scalable/apps/cmi-gui.svg

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$icon"
    exit 0
fi
if [ ! -x "$program" ]; then
    echo "install.sh: $program is not there; this file belongs into the folder share of the bundle" >&2
    exit 1
fi
case $program in
*[\"\`\$\\%]*)
    echo "install.sh: the path $program has a sign that no menu entry can hold; move the bundle" >&2
    exit 1
    ;;
esac
mkdir -p "$(dirname "$entry")" "$(dirname "$icon")"
# The drawing takes its colour from the window; a menu has none to give.
sed 's/currentColor/#1d5fc4/' "$here/cmi-gui.svg" >"$icon"
{
    grep -v '^Exec=' "$here/cmi-gui.desktop"
    printf 'Exec="%s"\n' "$program"
} >"$entry"
echo "$entry"
