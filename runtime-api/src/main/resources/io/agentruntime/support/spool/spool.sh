#!/bin/sh
# Keeps one program's standard streams in a folder, so that a client may come, go and come back.
#
#   sh spool.sh COMMAND FOLDER [ARGUMENT...]   FOLDER is the process's own, an absolute path
#
#   start LIMIT CWD PROGRAM [ARG...]  starts it once, however often it is called: "ok"
#   write-stdin OFFSET LENGTH         appends what is new of LENGTH bytes: "ok|gap|closed IN-LENGTH"
#   close-stdin                       end of file after what was written: "ok IN-LENGTH"
#   follow out|err OFFSET [tied]      "ok", "gap LENGTH" or "released FIRST", a newline, then the
#                                     bytes until the end; tied: ends when standard input ends, too
#   status                            "starting|running|ended CODE IN OUT OUT-FIRST ERR ERR-FIRST":
#                                     lengths and first kept bytes; CODE is - unless ended
#   wait SECONDS                      waits for the end, then answers as status
#   signal INT|TERM|KILL              to the program and all its descendants: "ok"
#   release OFFSET                    gives output before OFFSET back: "ok FIRST"
#
# Every command but start answers "missing" when FOLDER holds no process. The answer is one line and
# the exit code 0; any other exit code means that the machine failed, with the reason on stderr.
#
# When LIMIT bytes of output are kept, the program blocks until some are released; only after its
# end what its pipe still holds, 64 KiB, may exceed LIMIT. Of its errors the newest 4 MiB at most are
# kept, as nobody has to read them. Standard input that was read is freed.
#
# The program's environment is that of the call of start. Therefore every variable here is named
# spool_*, nothing is exported, and PATH is put aside while this script uses one of its own.
#
# Files: in out err           the streams; released parts are holes
#        in.closed            standard input ends where the file does
#        pid supervisor       "PID START BOOT": start time and boot tell it from a later PID
#        exit                 the exit code, once the program has ended and its output is complete
#        out.first err.first  the first byte that is kept
#        in.idle out.full     y while the feeder waits for input, the pump for a release
#        *.pipe *.wake        FIFOs: to and from the program, and to the feeder and the pump
#        lock                 held by the supervisor as long as it lives
#        reserve              room for the last words on a full disk
# Small files are allocated at the start and overwritten in place: a full disk cannot stop them.

set -fu

spool_lost=255 # the exit code that is told when the supervisor was killed before it had one
spool_keep_err=4194304
spool_block=65536

spool_has_path=${PATH+y}
spool_path=${PATH-}
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

give_path_back() {
  if [ -n "$spool_has_path" ]; then PATH=$spool_path; else unset PATH; fi
}

fail() {
  echo "spool: $*" >&2
  exit 1
}

why_full() { # FOLDER: says so when its file system is full, as not every tool does
  df -Pk "$1" | {
    read -r _
    read -r _ _ _ spool_free _
    [ "$spool_free" -ge 64 ] || echo ": no space left on the file system"
  }
}

# --- small files ----------------------------------------------------------------------------------

put() { # FILE TEXT
  printf '%-79s\n' "$2" 1<>"$spool_dir/$1"
}

get() { # FILE: sets spool_value, empty when there is none
  spool_value=
  { read -r spool_value <"$spool_dir/$1"; } 2>/dev/null || return 0
  # A shell reads byte by byte, so what is written meanwhile may be seen in part; then not twice.
  while spool_seen=$spool_value; do
    { read -r spool_value <"$spool_dir/$1"; } 2>/dev/null || :
    [ "$spool_value" != "$spool_seen" ] || break
  done
}

size() { # FILE: sets spool_size
  spool_size=$(stat -c %s "$spool_dir/$1") || fail "no $spool_dir/$1"
}

poke() { # FIFO; opened for both directions, so that it never blocks
  echo 1<>"$spool_dir/$1.wake"
}

# --- processes ------------------------------------------------------------------------------------

identify() { # PID|self: sets spool_identity, empty when there is none or only a zombie
  spool_identity= spool_boot=-
  { read -r spool_stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  { read -r spool_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null || :
  set -- "${spool_stat%% *}" ${spool_stat##*) }
  [ "$2" = Z ] || spool_identity="$1 ${21} $spool_boot"
}

alive() { # FILE: whether the process it names is alive; sets spool_pid
  get "$1"
  spool_pid=${spool_value%% *}
  [ -n "$spool_pid" ] || return 1
  set -- "$spool_value"
  identify "$spool_pid"
  [ "$spool_identity" = "$1" ]
}

# Sets spool_state and spool_code.
look() {
  spool_state=ended
  get exit
  spool_code=$spool_value
  [ -z "$spool_code" ] || return 0
  get pid
  if [ -z "$spool_value" ]; then
    if [ -e "$spool_dir/lock" ] && ! flock -n "$spool_dir/lock" true; then
      spool_state=starting spool_code=-
      return 0
    fi
    get pid
    [ -n "$spool_value" ] || { spool_state=missing spool_code=-; return 0; }
  fi
  if alive supervisor || alive pid; then
    spool_state=running spool_code=-
    return 0
  fi
  get exit # it may have ended between the two looks
  spool_code=$spool_value
  [ -n "$spool_code" ] || end_helpers
  spool_code=${spool_code:-$spool_lost}
}

# Feeder and pumps of a supervisor that was killed; its id is taken as long as they are its group.
end_helpers() {
  get supervisor
  spool_pid=${spool_value%% *}
  [ -n "$spool_pid" ] || return 0
  identify "$spool_pid"
  [ -n "$spool_identity" ] || kill -s KILL -- "-$spool_pid" 2>/dev/null || :
}

require_process() {
  look
  while [ "$spool_state" = starting ]; do sleep 0.01; look; done
  [ "$spool_state" != missing ] || { echo missing; exit 0; }
}

# --- start ----------------------------------------------------------------------------------------

start() { # LIMIT CWD PROGRAM [ARG...]
  mkdir -p -m 700 "$spool_dir" || exit 1
  spool_tries=0
  while get pid; [ -z "$spool_value" ]; do
    exec 9>>"$spool_dir/lock"
    if flock -n 9; then
      get pid
      [ -z "$spool_value" ] || break
      [ "$((spool_tries += 1))" -le 3 ] ||
        fail "the supervisor does not start: $(cat "$spool_dir/supervisor.log")"
      launch "$@"
    fi
    exec 9>&-
    sleep 0.004
  done
  echo ok
}

launch() {
  end_helpers # the lock is free, so a supervisor that got this far before is dead
  (
    cd "$spool_dir" || exit 1
    rm -f in.pipe out.pipe err.pipe in.wake out.wake in.closed ended
    mkfifo -m 600 in.pipe out.pipe err.pipe in.wake out.wake || exit 1
    for spool_file in in out err; do : >"$spool_file" || exit 1; done
    for spool_file in exit supervisor pid out.pump err.pump out.report err.report; do
      put "$spool_file" '' || exit 1
    done
    put reserve '' || exit 1
    for spool_file in in.idle out.full; do put "$spool_file" n || exit 1; done
    for spool_file in out.first err.first; do put "$spool_file" 0 || exit 1; done
  ) || fail "cannot prepare $spool_dir$(why_full "${spool_dir%/*}")"
  (
    spool_setsid=$(command -v setsid)
    give_path_back
    # A fork of setsid's own: a shell's '&' would make the program ignore SIGINT for ever.
    exec "$spool_setsid" -f /bin/sh "$0" supervise "$spool_dir" "$@" \
      </dev/null >"$spool_dir/supervisor.log" 2>&1
  ) || fail "cannot start the supervisor"
}

supervise() { # LIMIT CWD PROGRAM [ARG...]
  identify $$
  put supervisor "$spool_identity"
  spool_limit=$1
  shift
  spool_setsid=$(command -v setsid)
  spool_env=$(command -v env)
  "$spool_env" --default-signal true 2>/dev/null || spool_env=
  feed 9>&- >"$spool_dir/in.pipe" &
  pump out "$spool_limit" 9>&- <"$spool_dir/out.pipe" &
  spool_out=$!
  pump err "$spool_keep_err" 9>&- <"$spool_dir/err.pipe" &
  spool_err=$!
  (run "$@") <"$spool_dir/in.pipe" >"$spool_dir/out.pipe" 2>"$spool_dir/err.pipe"
  spool_code=$?
  : >"$spool_dir/ended"
  poke out
  watch_strays 9>&- &
  wait "$spool_out"
  wait "$spool_err"
  put exit "$spool_code"
  trap '' TERM
  kill -s TERM 0 # what is left of the feeder and of the watch
}

run() { # CWD PROGRAM [ARG...]
  identify self
  put pid "$spool_identity" || exit 126
  exec 9>&-
  cd -- "$1" || exit 127
  shift
  give_path_back
  unset PWD OLDPWD SHLVL
  exec ${spool_env:+"$spool_env" --default-signal} "$spool_setsid" -- "$@"
}

# --- standard input -------------------------------------------------------------------------------

feed() {
  exec 3<"$spool_dir/in" 7<>"$spool_dir/in.wake"
  spool_freed=0
  while :; do
    spool_last=
    [ ! -e "$spool_dir/in.closed" ] || spool_last=y
    cat <&3 || break
    [ -z "$spool_last" ] || break
    put in.idle y
    read -r _ spool_at </proc/self/fdinfo/3
    size in
    if [ "$spool_size" = "$spool_at" ] && [ ! -e "$spool_dir/in.closed" ]; then
      if [ "$((spool_at - spool_freed))" -gt 1048576 ]; then
        fallocate -p -o 0 -l "$spool_at" "$spool_dir/in" 2>/dev/null || :
        spool_freed=$spool_at
      fi
      read -r _ <&7
    fi
    put in.idle n
  done
  put in.idle n
}

wake_feeder() {
  get in.idle
  [ "$spool_value" != y ] || poke in
}

write_stdin() { # OFFSET LENGTH
  exec 8>>"$spool_dir/in.lock"
  flock 8
  size in
  if [ "$1" -gt "$spool_size" ]; then
    echo "gap $spool_size"
  elif [ "$(($1 + $2))" -le "$spool_size" ]; then
    echo "ok $spool_size"
  elif [ -e "$spool_dir/in.closed" ]; then
    echo "closed $spool_size"
  else
    head -c "$2" | tail -c "+$((spool_size - $1 + 1))" >>"$spool_dir/in" || exit 1
    wake_feeder
    size in
    echo "ok $spool_size"
  fi
}

close_stdin() {
  exec 8>>"$spool_dir/in.lock"
  flock 8
  : >"$spool_dir/in.closed" || exit 1
  wake_feeder
  size in
  echo "ok $spool_size"
}

# --- output ---------------------------------------------------------------------------------------

# dd writes every read at once and ends after a count of them, which bounds what it can add: cheap
# for long output, prompt for short, and the check of the limit is made once per count.
pump() { # out|err LIMIT
  exec 6<&0 7<>"$spool_dir/out.wake"
  while :; do
    size "$1"
    get "$1.first"
    spool_room=$(($2 - spool_size + spool_value))
    [ ! -e "$spool_dir/ended" ] || spool_room=$((1 << 40))
    if [ "$spool_room" -le 0 ]; then
      if [ "$1" = err ]; then give_back err "$((spool_size - $2 / 2))"; else await_release "$2"; fi
      continue
    fi
    spool_bytes=$spool_block
    [ "$spool_room" -ge "$spool_bytes" ] || spool_bytes=$spool_room
    spool_count=$((spool_room / spool_bytes))
    LC_ALL=C dd bs="$spool_bytes" count="$spool_count" \
      <&6 >>"$spool_dir/$1" 2<>"$spool_dir/$1.report" &
    put "$1.pump" $!
    wait $! || { broken "$1"; break; }
    count_reads "$1"
    [ "$spool_reads" -eq "$spool_count" ] || break # fewer: end of file
  done
}

count_reads() { # out|err: sets spool_reads from "FULL+PARTIAL records in"
  spool_reads=0
  while read -r spool_number spool_what; do
    [ "$spool_what" != "records in" ] || { spool_reads=$(($spool_number)); break; }
  done <"$spool_dir/$1.report"
}

await_release() { # LIMIT
  put out.full y
  size out
  get out.first
  [ "$((spool_size - spool_value))" -lt "$1" ] || [ -e "$spool_dir/ended" ] || read -r _ <&7
  put out.full n
}

broken() { # out|err: bytes that were read could not be written, as when the disk is full
  rm -f "$spool_dir/reserve"
  echo "spool: the $1 stream cannot be written, the program is ended" >>"$spool_dir/err"
  send KILL
}

give_back() { # out|err OFFSET
  get "$1.first"
  spool_from=$((spool_value / 1048576 * 1048576)) # whole pages again that were freed in part
  put "$1.first" "$2"                             # before they are gone, for those who read
  fallocate -p -o "$spool_from" -l "$(($2 - spool_from))" "$spool_dir/$1" 2>/dev/null || :
}

release() { # OFFSET
  exec 8>>"$spool_dir/out.lock"
  flock 8
  size out
  spool_to=$1
  [ "$spool_to" -le "$spool_size" ] || spool_to=$spool_size
  get out.first
  if [ "$spool_to" -gt "$spool_value" ]; then give_back out "$spool_to"; else spool_to=$spool_value; fi
  get out.full
  [ "$spool_value" != y ] || poke out
  echo "ok $spool_to"
}

# Children that the program left behind may hold its output open. Once its pipe is empty, and the
# pump sleeps in its read, the output is complete; what they write from now on goes nowhere.
watch_strays() {
  spool_seen_out= spool_seen_err=
  while sleep 0.03; do
    if is_drained out "$spool_seen_out"; then abandon out "$spool_out"; fi
    spool_seen_out=$spool_size
    if is_drained err "$spool_seen_err"; then abandon err "$spool_err"; fi
    spool_seen_err=$spool_size
  done
}

is_drained() { # out|err SIZE-SEEN-BEFORE
  size "$1"
  get "$1.pump"
  spool_pump=$spool_value
  { read -r spool_stat <"/proc/$spool_pump/stat"; } 2>/dev/null || return 1
  case $spool_stat in "$spool_pump (dd) S "*) [ "$spool_size" = "$2" ] ;; *) return 1 ;; esac
}

abandon() { # out|err PUMP-SHELL
  setsid -f cat "$spool_dir/$1.pipe" </dev/null >/dev/null 2>&1
  kill -s KILL "$2" "$spool_pump" 2>/dev/null || :
}

# --- the other commands ---------------------------------------------------------------------------

follow() { # out|err OFFSET [tied]
  size "$1"
  get "$1.first"
  if [ "$2" -gt "$spool_size" ]; then echo "gap $spool_size"; exit 0; fi
  if [ "$2" -lt "$spool_value" ]; then echo "released $spool_value"; exit 0; fi
  echo ok
  set -- "$1" "$(($2 + 1))" "${3-}"
  spool_end=
  if alive supervisor; then
    # Its lock ends when it dies; its id may stay for long where nobody collects the dead.
    flock -s "$spool_dir/lock" true &
    spool_end=$!
  elif ! alive pid; then
    exec tail -c "+$2" "$spool_dir/$1"
  fi
  exec 6<&0
  tail -s 0.01 -c "+$2" -f --pid="${spool_end:-$spool_pid}" "$spool_dir/$1" &
  spool_tail=$!
  spool_tie=
  if [ "$3" = tied ]; then
    { while read -r _; do :; done <&6; kill -s TERM "$spool_tail"; } &
    spool_tie=$!
  fi
  wait "$spool_tail" 2>/dev/null # a shell may report there that it was ended
  kill -s TERM $spool_tie $spool_end 2>/dev/null || :
}

status() {
  size in; spool_line=$spool_size
  size out; get out.first; spool_line="$spool_line $spool_size $spool_value"
  size err; get err.first; spool_line="$spool_line $spool_size $spool_value"
  echo "$spool_state $spool_code $spool_line"
}

await() { # SECONDS
  if [ "$spool_state" = running ]; then
    timeout "$1" flock -s "$spool_dir/lock" true || :
    look
  fi
  status
}

# Sets spool_found to the program, its session and all descendants; empty when they are gone. Of a
# bubblewrap that wraps the program only the inside is told to stop, the outside follows by itself;
# spool_wrapped is y when there is one.
find_processes() { # SIGNAL
  spool_found= spool_wrapped=
  get pid
  set -- "$1" "${spool_value%% *}" "$spool_value"
  identify "$2"
  # With another process under its id, the session under this number is not ours.
  [ "$spool_identity" = "$3" ] || [ ! -d "/proc/$2" ] || [ -z "$spool_identity" ] || return 0
  spool_table=
  set +f
  for spool_file in /proc/[0-9]*/stat; do
    { read -r spool_stat <"$spool_file"; } 2>/dev/null || continue
    spool_name=${spool_stat%") "*}
    spool_rest=${spool_stat##*") "}
    spool_number=${spool_stat%% *}
    case $spool_rest in Z*) continue ;; esac
    case $1:${spool_name#*"("} in INT:bwrap | TERM:bwrap) spool_rest="W ${spool_rest#* }" ;; esac
    spool_kind=${spool_rest%% *}
    spool_rest=${spool_rest#* }
    spool_parent=${spool_rest%% *}
    spool_rest=${spool_rest#* * } # parent and group
    spool_table="$spool_table $spool_number:$spool_kind:$spool_parent:${spool_rest%% *}"
  done
  set -f
  # No here-document: a shell may need a process to write one, and there may be none left to have.
  spool_members=" $2 "
  spool_before=
  while [ "$spool_before" != "$spool_members" ]; do
    spool_before=$spool_members
    for spool_row in $spool_table; do
      spool_number=${spool_row%%:*}
      case $spool_members in *" $spool_number "*) continue ;; esac
      spool_session=${spool_row##*:}
      spool_parent=${spool_row%:*}
      case "$spool_members" in *" ${spool_parent##*:} "*) spool_session=$2 ;; esac
      [ "$spool_session" != "$2" ] || spool_members="$spool_members$spool_number "
    done
  done
  for spool_row in $spool_table; do
    spool_number=${spool_row%%:*}
    case $spool_members in *" $spool_number "*) ;; *) continue ;; esac
    case $spool_row in
      *:W:*) spool_wrapped=y ;;
      *) spool_found="$spool_found $spool_number" ;;
    esac
  done
}

send() { # SIGNAL
  spool_rounds=0
  while [ "$((spool_rounds += 1))" -lt 200 ]; do
    find_processes "$1"
    if [ -n "$spool_found" ]; then
      kill -s "$1" $spool_found 2>/dev/null || :
      # What forks while it is killed is found by looking again, which takes its time.
      [ "$1" = KILL ] || return 0
    else
      [ -n "$spool_wrapped" ] || return 0 # the program is about to start behind its wrapper
      sleep 0.005
    fi
  done
}

spool_command=$1
spool_dir=$2
shift 2
case $spool_command in
  start | supervise) "$spool_command" "$@"; exit ;;
esac
require_process
case $spool_command in
  write-stdin) write_stdin "$@" ;;
  close-stdin) close_stdin ;;
  follow) follow "$@" ;;
  status) status ;;
  wait) await "$@" ;;
  signal) send "$1"; echo ok ;;
  release) release "$@" ;;
  *) fail "unknown command $spool_command" ;;
esac
