# An agent that says again what it was told: about the least that the Agent Client Protocol asks
# for, so that this example needs no key and no program of a vendor.
reply() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$1" "$2"; }

while IFS= read -r line; do
  id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9][0-9]*\).*/\1/p')
  case $line in
    *'"method":"initialize"'*)
      reply "$id" '{"protocolVersion":1,"agentCapabilities":{}}'
      ;;
    *'"method":"session/new"'*)
      reply "$id" '{"sessionId":"echo-1"}'
      ;;
    *'"method":"session/prompt"'*)
      said=$(printf '%s' "$line" | sed -n 's/.*"text":"\([^"]*\)".*/\1/p')
      printf '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"echo-1","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"You said: %s"}}}}\n' "$said"
      reply "$id" '{"stopReason":"end_turn"}'
      ;;
    *)
      [ -z "$id" ] ||
        printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"not known"}}\n' "$id"
      ;;
  esac
done
