#!/bin/sh
# People's data stays; whoever removes the program for good is told where it lies.
set -e
case "$1" in
  upgrade|1) ;;
  *) echo "Your chats and folders stay in ~/.local/share/Inglenook of each user; delete that folder if you want them gone." ;;
esac
