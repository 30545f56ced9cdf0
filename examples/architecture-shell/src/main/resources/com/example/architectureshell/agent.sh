#!/bin/sh
# An agent without a model: a message is a command, which it runs in its folder.
#
#   sh agent.sh TRANSCRIPT
#
# It reads lines "turn ID TEXT" and writes lines of words, the last of which is the rest of the line, with
# \\ and \n for backslash and line end. All but the last kind are in the transcript, too.
#
#   user ID TEXT              what was asked
#   tool ID COMMAND           begins
#   result ID ok|error TEXT   what it printed
#   text ID TEXT              what the agent says about it
#   done                      the end of the turn

transcript=$1
nl='
'
count=$(grep -c '^tool ' "$transcript" 2>/dev/null)

escape() { sed -e 's/\\/\\\\/g' -e 's/\r/\\r/g' | awk '{ printf "%s%s", end, $0; end = "\\n" }'; }

say() { printf '%s\n' "$1" | tee -a "$transcript"; }

while IFS=' ' read -r kind id text; do
  [ "$kind" = turn ] || continue
  count=$((count + 1))
  printf '%s\n' "user $id $text" >>"$transcript"
  say "tool $id-tool $text"
  output=$(sh -c "$(printf '%b' "$text")" 2>&1 </dev/null; printf '\n%s' "$?")
  code=${output##*"$nl"}
  output=${output%"$nl$code"}
  state=ok
  [ "$code" = 0 ] || state=error
  say "result $id-tool $state $(printf '%s' "$output" | head -c 100000 | escape)"
  say "text $id-text Command $count ended with exit code $code."
  echo done
done
