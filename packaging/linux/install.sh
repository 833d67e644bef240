#!/bin/sh
# Add this bundle and the type of site files to the desktop of the current user; no administrator rights are needed.
# Run it again after moving the folder; --remove removes the entries.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(dirname "$here")/cmi-gui
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/cmi-gui.desktop
icon=$data/icons/hicolor/scalable/apps/cmi-gui.svg
types=$data/mime/packages/cmi-gui-types.xml

# Without these programs, which every desktop has, the menu finds the files all the same.
update_desktop() {
    if command -v update-mime-database >/dev/null; then update-mime-database "$data/mime"; fi
    if command -v update-desktop-database >/dev/null; then update-desktop-database "$data/applications"; fi
}

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$icon"
    if [ -e "$types" ]; then
        rm "$types"
        update_desktop
    fi
    exit 0
fi
if [ ! -x "$program" ]; then
    echo "install.sh: $program does not exist; run this file from the folder share of the bundle" >&2
    exit 1
fi
case $program in
*[\"\`\$\\%]*)
    echo "install.sh: the path $program has a character that is not allowed in a menu entry; move the bundle" >&2
    exit 1
    ;;
esac
mkdir -p "$(dirname "$entry")" "$(dirname "$icon")" "$(dirname "$types")"
# In the window, the drawing has the colour of its surroundings; a menu needs a fixed one.
sed 's/currentColor/#1d5fc4/' "$here/cmi-gui.svg" >"$icon"
{
    grep -v '^Exec=' "$here/cmi-gui.desktop"
    printf 'Exec="%s" %%f\n' "$program"
} >"$entry"
cp "$here/cmi-gui-types.xml" "$types"
update_desktop
echo "$entry"
