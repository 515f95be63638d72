#!/bin/sh
# Starts one of two servers of PostgreSQL. OTHER names the other one. Never do both of them take writes:
#
# - the other one takes writes: this one follows it. An empty volume is filled from it first. One that took writes itself once
#   is not thrown away by a script: it is refused, and says what to do.
# - else it starts as what it was. With an empty volume it starts anew, if it is the first, and else waits for the other.
set -eu
export PGPASSWORD="${REPLICATION_PASSWORD:?is empty: set it in .env, see deploy/compose/ha.yml}"
other="host=$OTHER user=replication dbname=postgres connect_timeout=3 application_name=$(hostname)"

# @returns f: it takes writes; t: it follows; nothing: it does not answer
following() { psql --no-psqlrc -Atc 'SELECT pg_is_in_recovery()' "$other" 2>/dev/null || true; }

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
}

if [ -s "$PGDATA/PG_VERSION" ]; then
  if [ ! -f "$PGDATA/standby.signal" ] && [ "$(following)" = f ]; then
    echo "$OTHER takes writes, and so did this one: not started. docs/containers.md has the way back" >&2
    sleep 10
    exit 1
  fi
else
  for second in $(seq 60); do
    case "$(following)" in
      f) fill; break ;;
      t)
        echo "$OTHER follows a server that is gone: promote it, and this one follows it" >&2
        sleep 10
        exit 1 ;;
    esac
    [ "${FIRST:-}" != true ] || break
    [ "$second" -lt 60 ] || { echo "$OTHER does not answer" >&2; exit 1; }
    sleep 1
  done
fi
unset PGPASSWORD
# What the other one may miss before it has to be filled anew.
exec docker-entrypoint.sh postgres -c wal_keep_size=1GB
