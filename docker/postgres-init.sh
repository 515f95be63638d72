#!/bin/sh
# Run once by PostgreSQL's image, when the volume is new: the role and the database of the program. The role owns that database
# and is no superuser. A start that was cut short is not run again by the image, but may be by hand:
# docker compose exec postgres sh /docker-entrypoint-initdb.d/moviemind.sh
set -eu
[ -z "${DATABASE_PASSWORD_FILE:-}" ] || DATABASE_PASSWORD=$(cat "$DATABASE_PASSWORD_FILE")
psql --username "${POSTGRES_USER:-postgres}" --dbname postgres --no-psqlrc --quiet \
  --set ON_ERROR_STOP=1 --set password="${DATABASE_PASSWORD:?is empty: set it in .env, see .env.example}" <<'SQL'
SELECT 'CREATE ROLE moviemind LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'moviemind') \gexec
ALTER ROLE moviemind PASSWORD :'password';
SELECT 'CREATE DATABASE moviemind OWNER moviemind' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'moviemind') \gexec
SQL
