#!/usr/bin/env bash
# Shows on a real Docker Engine that nothing is lost.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: deploy/verify.sh [default|database|proxy|ha|secrets]

Builds the images, brings all up as a project of its own, keeps asking for films, and meanwhile kills Redis, removes its
volume, kills a worker, stops PostgreSQL for 20 s and restarts the daemon. Then every accepted request has to have its text,
once. With `ha` Redis and PostgreSQL change over to those that stand in for them. Ends with 0, or with 1 and what was lost.

  PORT=3900             the API's port of this machine; with several APIs the one after it too
  RATE=5                requests a second
  RESTART_DAEMON='…'    how the daemon is restarted (systemctl restart docker); `no`: it is not
  POSTGRES_IMAGE, REDIS_IMAGE, CADDY_IMAGE  images other than those of docker-compose.yml
  KEEP=1                leaves everything running, to look at

It takes about five minutes, and touches nothing but its own project, moviemind-verify. Restarting the daemon touches all.
TEXT
}

shape=${1:-default}
case $shape in
  -h | --help) usage; exit 0 ;;
  default | database | secrets) files=$shape ;;
  proxy | ha) files=proxy ;;
  *) usage >&2; exit 2 ;;
esac

cd "$(dirname "$0")/.."
if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
PORT=${PORT:-3900} RATE=${RATE:-5} RESTART_DAEMON=${RESTART_DAEMON:-systemctl restart docker}
folder=$(mktemp -d)
project=moviemind-verify
started=$SECONDS
secret() { od -An -tx1 -N24 /dev/urandom | tr -d ' \n'; }
token=$(secret)

COMPOSE_FILE=docker-compose.yml
[ "$files" = default ] || COMPOSE_FILE=$COMPOSE_FILE:deploy/compose/$files.yml
[ "$shape" != ha ] || COMPOSE_FILE=$COMPOSE_FILE:deploy/compose/ha.yml
url=http://127.0.0.1:$PORT
more=
if [ "$files" = proxy ]; then
  more=-$((PORT + 1))
  https=$((PORT + 2))
  url=https://localhost:$https
fi
given=$token
if [ "$shape" = secrets ]; then
  given=
  mkdir "$folder/secrets"
  for name in postgres_password database_password redis_password; do secret > "$folder/secrets/$name"; done
  printf %s "$token" > "$folder/secrets/admin_token"
  printf none > "$folder/secrets/openai_api_key"
  chmod -R a+rX "$folder"
  # The overlay's own paths lead to ./secrets of the project: here they lead to the folder of this run.
  sed "s#\./secrets/#$folder/secrets/#" deploy/compose/secrets.yml > "$folder/secrets.yml"
  COMPOSE_FILE=docker-compose.yml:$folder/secrets.yml
fi
password() { [ "$shape" = secrets ] || secret; }
cat > "$folder/env" <<TEXT
POSTGRES_PASSWORD=$(password)
DATABASE_PASSWORD=$(password)
REDIS_PASSWORD=$([ "$shape" = database ] || password)
REPLICATION_PASSWORD=$(secret)
ADMIN_TOKEN=$given
AI_SERVICE=mock
PORT=$PORT
MORE_PORTS=$more
HTTPS_PORT=${https:-}
RATE_LIMIT_GENERATE=0
RATE_LIMIT_POLL=0
TEXT
# Variables of the caller would win over the file.
unset POSTGRES_PASSWORD DATABASE_PASSWORD REDIS_PASSWORD REPLICATION_PASSWORD ADMIN_TOKEN AI_SERVICE PORT DATABASE_HOST
export COMPOSE_FILE

dc() { "${compose[@]}" --project-directory . --env-file "$folder/env" -p "$project" "$@"; }
say() { printf '%4d s  %s\n' $((SECONDS - started)) "$*"; }
ask() { curl -sk --max-time 20 -H "authorization: Bearer $token" -H 'content-type: application/json' "$@"; }
database=postgres
sql() { dc exec -T "$database" psql -U postgres -d moviemind -AtX -c "$1"; }

clean_up() {
  touch "$folder/over"
  wait 2>/dev/null || true
  [ -n "${KEEP:-}" ] || dc down --volumes --timeout 5 >/dev/null 2>&1 || true
  [ -n "${KEEP:-}" ] || rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# until_true <seconds> <what> <command…>
until_true() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $deadline ]; then
      say "NOT IN TIME: $what"
      dc ps
      dc logs --tail 15
      exit 1
    fi
    sleep 1
  done
}

generate() {
  local answer
  answer=$(ask -w '\n%{http_code}' -d "{\"title\":\"$1\",\"release_year\":2001}" "$url/movies/generate" || echo 000)
  case ${answer##*$'\n'} in
    202) sed -n 's/.*"job_id":"\([^"]*\)".*/\1/p' <<< "$answer" >> "$folder/accepted" ;;
    *) echo "${answer##*$'\n'}" >> "$folder/refused" ;;
  esac
}

load() {
  local n=0
  while [ ! -e "$folder/over" ] && [ $n -lt 20000 ]; do
    n=$((n + 1))
    generate "Verified $n." &
    sleep "$(awk "BEGIN { print 1 / $RATE }")"
  done
  wait
}

count() { if [ -e "$folder/$1" ]; then wc -l < "$folder/$1"; else echo 0; fi; }
ready() { ask -f "$url/health/ready"; }
# Asked for until it is there, as a client would: the proxy may know an API that does not listen yet. It is one job.
is_written() {
  ask -d '{"title":"The Matrix","release_year":1999}' "$url/movies/generate" >/dev/null
  ask "$url/movies?q=matrix" | grep -q '"slug":"the-matrix-1999"'
}
accepted_more() { [ "$(count accepted)" -gt $((before + 10)) ]; }
# A fault is over when requests are accepted again.
goes_on() { before=$(count accepted); until_true 90 'requests are accepted again' accepted_more; }

say "shape $shape: builds the images"
dc build migrate > "$folder/build.log" 2>&1 || { tail -30 "$folder/build.log"; exit 1; }
image=$(docker image inspect --format '{{.Size}}' moviemind)
say "the image has $((image / 1000000)) MB"
dc up -d --no-build --scale worker=2 > "$folder/up.log" 2>&1 || { cat "$folder/up.log"; dc logs --tail 20; exit 1; }
until_true 120 'the API is ready' ready
say 'everything is up'
until_true 60 'a first film is written' is_written
say 'The Matrix is written'

load &
before=0
until_true 60 'the load has begun' accepted_more
if [ "$shape" = ha ]; then
  dc stop -t 0 redis >/dev/null 2>&1
  say 'Redis is gone; Sentinels promote the other'
  promoted() { dc exec -T redis-replica sh /usr/local/bin/redis.sh role | head -1 | grep -q master; }
  until_true 60 'a Sentinel promotes the other Redis' promoted
  goes_on
  dc start redis >/dev/null 2>&1
  say 'Redis has changed over'
  following() { [ "$(dc exec -T postgres-standby psql -U postgres -AtX -c 'SELECT pg_is_in_recovery()')" = t ]; }
  until_true 60 'the standby follows' following
  streaming() { [ "$(sql "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")" = 1 ]; }
  until_true 60 'the standby is fed' streaming
  # A commit waits for the standby from here on, so what is accepted is on both.
  sql "ALTER SYSTEM SET synchronous_standby_names = '*'" >/dev/null
  sql 'SELECT pg_reload_conf()' >/dev/null
  sleep 5
  docker kill "$(dc ps -q postgres)" >/dev/null
  say 'PostgreSQL is gone'
  sleep 3
  dc exec -T postgres-standby psql -U postgres -qAtX -c 'SELECT pg_promote()' >/dev/null
  database=postgres-standby
  sql "ALTER SYSTEM RESET synchronous_standby_names" >/dev/null
  sql 'SELECT pg_reload_conf()' >/dev/null
  echo 'DATABASE_HOST=postgres-standby' >> "$folder/env"
  dc up -d --no-deps --no-build --scale worker=2 api worker >/dev/null 2>&1
  goes_on
  say 'PostgreSQL has changed over'
  dc start postgres >/dev/null 2>&1 || true
  refuses() { dc logs --tail 20 postgres 2>&1 | grep -q 'takes writes, and so did this one'; }
  until_true 60 'the former PostgreSQL refuses to start beside the other' refuses
  dc stop postgres-standby >/dev/null 2>&1
  sleep 20
  if dc exec -T postgres pg_isready -q -h 127.0.0.1; then
    say 'THE FORMER PostgreSQL STARTED with its old data, while the other one was away'
    exit 1
  fi
  dc start postgres-standby >/dev/null 2>&1
  goes_on
  say 'the former PostgreSQL stays refused while the other one is away'
  dc rm -sf postgres >/dev/null 2>&1
  docker volume rm "${project}_postgres_data" >/dev/null
  dc up -d --no-build postgres >/dev/null 2>&1
  until_true 90 'the former PostgreSQL follows' streaming
  say 'the former PostgreSQL follows the new one'
else
  if [ "$shape" != database ]; then
    docker kill "$(dc ps -q redis)" >/dev/null
    say 'Redis is killed'
    sleep 5
    dc start redis >/dev/null 2>&1
    goes_on
    dc rm -sf redis >/dev/null 2>&1
    docker volume rm "${project}_redis_data" >/dev/null
    say 'Redis and its volume are removed'
    sleep 5
    dc up -d --no-build --scale worker=2 redis >/dev/null 2>&1
    goes_on
  fi
  docker kill "$(dc ps -q worker | head -1)" >/dev/null
  say 'a worker is killed'
  dc up -d --no-build --no-deps --scale worker=2 worker >/dev/null 2>&1
  dc stop postgres >/dev/null 2>&1
  say 'PostgreSQL is stopped'
  sleep 20
  dc start postgres >/dev/null 2>&1
  goes_on
  say 'PostgreSQL is back'
fi
if [ "$RESTART_DAEMON" = no ]; then
  say 'the daemon is NOT restarted (RESTART_DAEMON=no)'
else
  say 'the daemon is restarted'
  eval "$RESTART_DAEMON" >/dev/null
  until_true 120 'the API is ready again' ready
  goes_on
  say 'the API is back'
fi
touch "$folder/over"
wait
say "the load has ended: $(count accepted) accepted, $(count refused) refused meanwhile"

ids=$(paste -sd, "$folder/accepted")
states() {
  sql "SELECT coalesce(status::text, 'LOST') || ' ' || count(*) FROM unnest(string_to_array('$ids', ',')::uuid[]) AS asked (id)
    LEFT JOIN generation_jobs USING (id) GROUP BY status ORDER BY 1"
}
all_done() { [ "$(states)" = "DONE $(count accepted)" ]; }
until_true 180 'every accepted request is DONE' all_done
texts=$(sql "SELECT count(*) FROM movie_descriptions JOIN movies ON movies.id = movie_id WHERE title LIKE 'Verified %.'")
doubled=$(sql "SELECT count(*) FROM (SELECT 1 FROM movie_descriptions JOIN movies ON movies.id = movie_id
  WHERE title LIKE 'Verified %.' GROUP BY movie_id HAVING count(*) > 1) AS d")
say "accepted $(count accepted), states: $(states | paste -sd,), texts $texts, doubled $doubled"
say "refused meanwhile: $(if [ -e "$folder/refused" ]; then sort "$folder/refused" | uniq -c | awk '{ print $2 " x" $1 }' | paste -sd,; else echo none; fi)"
[ "$doubled" = 0 ] && [ "$texts" -ge "$(count accepted)" ] || { say 'LOST OR DOUBLED'; exit 1; }
say "shape $shape: nothing was lost"
