#!/bin/sh
# Starts a Sentinel. What it has learned stays in its volume, so its settings are written once.
set -eu
conf=/data/sentinel.conf
password=${REDIS_PASSWORD:-}
[ -z "${REDIS_PASSWORD_FILE:-}" ] || password=$(cat "$REDIS_PASSWORD_FILE")
[ -n "$password" ] || { echo 'REDIS_PASSWORD is empty: set it in .env, see .env.example' >&2; exit 1; }
quoted=$(printf %s "$password" | sed 's/[\\"]/\\&/g')
if [ ! -s "$conf" ]; then
  umask 077
  cat > "$conf" <<CONF
port 26379
dir /data
requirepass "$quoted"
sentinel sentinel-pass "$quoted"
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel monitor moviemind redis 6379 2
sentinel auth-pass moviemind "$quoted"
sentinel down-after-milliseconds moviemind 5000
sentinel failover-timeout moviemind 20000
CONF
fi
exec docker-entrypoint.sh redis-server "$conf" --sentinel
