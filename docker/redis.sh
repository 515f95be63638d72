#!/bin/sh
# Starts Redis; with arguments, asks it as redis-cli does (`redis.sh info memory`). The password is in REDIS_PASSWORD or in the file that REDIS_PASSWORD_FILE names.
# It goes in by stdin: as an option it would show in the process list. Further options are lines of REDIS_OPTIONS.
set -eu
password=${REDIS_PASSWORD:-}
[ -z "${REDIS_PASSWORD_FILE:-}" ] || password=$(cat "$REDIS_PASSWORD_FILE")
if [ -z "$password" ]; then
  echo 'REDIS_PASSWORD is empty: set it in .env, see .env.example' >&2
  exit 1
fi
# As redis.conf takes it between quotes.
quoted=$(printf %s "$password" | sed 's/[\\"]/\\&/g')

if [ $# -gt 0 ]; then
  export REDISCLI_AUTH="$password"
  # -e: an error reply (a wrong password, data still being loaded) is a failure.
  exec redis-cli -e "$@"
fi
exec docker-entrypoint.sh redis-server - <<CONF
include /usr/local/etc/redis/redis.conf
dir /data
requirepass "$quoted"
masterauth "$quoted"
${REDIS_OPTIONS:-}
CONF
