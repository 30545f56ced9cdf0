#!/bin/sh
# Runs on the machine, once for each call: reads lines from standard input and does what they say. A line is
# a call of one of the functions below, quoted for a shell. What a function reads follows its line, what it
# answers goes to standard output.
#
#   machine.sh ROOT SPOOL-SCRIPT
#   A sandbox is the folder ROOT/RUNTIME/ID: about, env, workspace, home, scratch, spool
#
# Exit codes: 0 done; 3 there is no such sandbox; 5 a file or link is in the way; 1 failed, see stderr.
# The file "about" comes last and goes first: a folder without it is no sandbox (yet, or any more).

set -u
root=$1 spool=$2
nl='
'

fail() {
  echo "$*" >&2
  exit 1
}

# --- sandboxes ------------------------------------------------------------------------------------

use() { # RUNTIME ID: the sandbox of all that follows
  id=$2 dir=$root/$1/$2
  [ -e "$dir/about" ] || exit 3
}

create() { # RUNTIME ID ABOUT-BYTES ENV-BYTES, then both
  id=$2 dir=$root/$1/$2
  umask 077
  mkdir -p "$root/$1" || exit 1
  mkdir "$dir" "$dir/workspace" "$dir/home" "$dir/scratch" "$dir/spool" || exit 1
  trap '[ -e "$dir/about" ] || rm -rf "$dir"' EXIT
  trap 'exit 1' HUP INT TERM
  receive "$dir/about.new" "$3"
  receive "$dir/env" "$4"
  mv "$dir/about.new" "$dir/about" || exit 1
}

list() { # RUNTIME: the ID and the text of "about" of each, a NUL after both
  for dir in "$root/$1"/*/; do
    dir=${dir%/}
    [ -e "$dir/about" ] || continue
    about=$(cat "$dir/about") || { [ ! -e "$dir/about" ] || exit 1; continue; }
    printf '%s\0%s\0' "${dir##*/}" "$about"
  done
}

end() { # RUNTIME ID
  id=$2 dir=$root/$1/$2
  rm -f "$dir/about" || exit 1
  stop
  wipe "$dir"
}

sweep() { # RUNTIME: what servers that died left while they created or ended sandboxes
  for dir in "$root/$1"/*/; do
    dir=${dir%/} id=${dir##*/}
    [ -d "$dir" ] && [ ! -e "$dir/about" ] || continue
    [ -n "$(find "$dir" -maxdepth 0 -mmin +60)" ] || continue
    stop
    wipe "$dir"
  done
}

# Kills what carries the sandbox's mark in its environment, and all that came from it.
stop() {
  for each in "$dir"/spool/*/; do
    [ ! -d "$each" ] || /bin/sh "$spool" signal "${each%/}" KILL >/dev/null
  done
  rounds=0
  while found=$(grep -lszFx -e "AGENT_RUNTIME_SANDBOX=$id" /proc/[0-9]*/environ); [ -n "$found" ]; do
    for each in $found; do
      each=${each#/proc/}
      kill -s KILL "${each%/environ}" 2>/dev/null
    done
    [ "$((rounds += 1))" -lt 200 ] || fail "processes of $id cannot be ended"
  done
}

# --- processes ------------------------------------------------------------------------------------

begun() { # after a start: the sandbox may have ended meanwhile, without having seen the new process
  [ -e "$dir/about" ] || { stop; wipe "$dir"; exit 3; }
}

# --- files ----------------------------------------------------------------------------------------

reach() { # PATH below the sandbox's folder: whether no link is on the way to it
  rest=${1#"$dir/"} at=$dir
  while case $rest in */*) true ;; *) false ;; esac; do
    at=$at/${rest%%/*} rest=${rest#*/}
    [ ! -h "$at" ] || return 1
  done
}

receive() { # FILE BYTES
  head -c "$2" >"$1" || exit 1
  [ "$(stat -c %s "$1")" = "$2" ] || fail "$1 was cut short"
}

place() { # PATH: makes way for a file or link, and its parents
  reach "$1" || { echo "a link is on the way to $1" >&2; exit 5; }
  [ -d "${1%/*}" ] || mkdir -p "${1%/*}" || exit 5
  [ ! -d "$1" ] || [ -h "$1" ] || wipe "$1"
}

put() { # PATH MODE BYTES, then the bytes
  place "$1"
  receive "$dir/draft.$$" "$3"
  chmod "$2" "$dir/draft.$$" && mv -fT -- "$dir/draft.$$" "$1" || exit 1
}

link() { # PATH TARGET
  place "$1"
  ln -s -- "$2" "$dir/draft.$$" && mv -fT -- "$dir/draft.$$" "$1" || exit 1
}

folder() { # PATH MODE
  if [ ! -d "$1" ] || [ -h "$1" ]; then
    place "$1"
    rm -f -- "$1" && mkdir -- "$1" || exit 1
  fi
  chmod "$2" -- "$1" || exit 1
}

get() { # PATH OFFSET: "SIZE", a newline and the bytes from OFFSET; "-" and a newline when it is no file
  if reach "$1" && [ -f "$1" ] && [ ! -h "$1" ] && size=$(stat -c %s -- "$1"); then
    [ "$2" -lt "$size" ] || { echo 0; return; }
    echo "$((size - $2))"
    # A file that shrinks meanwhile is filled up: what was announced comes.
    { tail -c "+$(($2 + 1))" -- "$1"; cat /dev/zero; } 2>/dev/null | head -c "$((size - $2))"
  else
    echo -
  fi
}

tree() { # ROOT MAX IGNORED...: kind, size, mode, token, path and link target of MAX entries at most
  top=$1 max=$2
  shift 2
  reach "$top/." && [ -d "$top" ] || return 0
  for name do
    set -- "$@" -o -name "$name"
    shift
  done
  find "$top" -mindepth 1 \( -false "$@" \) -prune -o \
    -printf '%y\0%s\0%m\0%T@ %C@ %i\0%p\0%l\0' 2>/dev/null | head -z -n "$((max * 6))"
}

remove() { # PATH; what does not exist, or lies behind a link, is no error
  if reach "$1"; then wipe "$1"; fi
}

wipe() {
  rm -rf -- "$1" 2>/dev/null && return
  # Folders may be write-protected, and a process that is just ending may have added a file.
  find "$1" -type d -exec chmod u+rwx {} + 2>/dev/null
  rm -rf -- "$1" || exit 1
}

while IFS= read -r line; do
  eval "$line"
done
