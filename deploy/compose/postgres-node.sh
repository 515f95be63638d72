#!/bin/sh
# Starts one of two servers of PostgreSQL. OTHER names the other one, FIRST the one that may start anew.
# Never do both of them take writes:
#
# - the other one takes writes: this one follows it. An empty volume is filled from it first. One that took writes itself
#   once is not thrown away by a script: it is refused, and says what to do. It stays refused until its volume was
#   filled anew. Else it would start with its old data as soon as the other one is away for some seconds.
# - else it starts as what it was. With an empty volume it starts anew, if it is the first, else it waits for the other.
set -eu
# As process 1 it would not end at a signal.
trap 'exit 143' TERM INT
export PGPASSWORD="${REPLICATION_PASSWORD:?is empty: set it in .env, see deploy/compose/ha.yml}"
other="host=$OTHER user=replication dbname=postgres connect_timeout=3 application_name=$(hostname)"
# Beside the data: it goes with the volume, and stays where somebody empties the folder.
refused=$PGDATA.refused

# Asks the other one, until it answers or was asked so often. One question may fall into a restart of it.
# Sets answer: f: it takes writes; t: it follows; nothing: it does not answer
ask() {
  answer=
  for question in $(seq "$1"); do
    answer=$(psql --no-psqlrc -Atc 'SELECT pg_is_in_recovery()' "$other" 2>/dev/null || true)
    if [ -n "$answer" ] || [ "$question" -eq "$1" ]; then break; fi
    sleep 3
  done
}

not_started() {
  echo "$1" >&2
  # Docker starts it again: not too often.
  sleep 10
  exit 1
}

fill() {
  echo "filling the volume from $OTHER" >&2
  # Beside its place: a copy that is cut short must not be taken for a server that took writes.
  draft=$PGDATA.filling
  rm -rf "$draft"
  mkdir -p "$draft" && chown postgres:postgres "$(dirname "$draft")" "$draft" && chmod 700 "$draft"
  # -R: it follows from then on. The password goes in as the environment has it, and stays in the volume.
  gosu postgres pg_basebackup --pgdata "$draft" --dbname "$other" --checkpoint fast --write-recovery-conf --wal-method stream
  # A folder that is not empty is somebody's, and stays.
  [ ! -d "$PGDATA" ] || rmdir "$PGDATA"
  mv "$draft" "$PGDATA"
  rm -f "$refused"
}

if [ -s "$PGDATA/PG_VERSION" ]; then
  if [ -f "$PGDATA/standby.signal" ]; then
    # It follows, by whatever way it came to that.
    rm -f "$refused"
  else
    [ -e "$refused" ] || ask 10
    [ "${answer:-}" != f ] || : > "$refused"
    [ ! -e "$refused" ] ||
      not_started "$OTHER takes writes, and so did this one: not started. docs/containers.md has the way back"
  fi
else
  is_first=false
  if [ -n "${FIRST:-}" ] && [ "$FIRST" != "$OTHER" ] && [ ! -e "$refused" ]; then is_first=true; fi
  if [ "$is_first" = true ]; then ask 10; else ask 20; fi
  case "$answer" in
    f) fill ;;
    t) not_started "$OTHER follows a server that is gone: promote it, and this one follows it" ;;
    *) [ "$is_first" = true ] || not_started "$OTHER does not answer" ;;
  esac
fi
unset PGPASSWORD
# What the other one may miss before it has to be filled anew.
exec docker-entrypoint.sh postgres -c wal_keep_size=1GB
