#!/bin/sh
# Run once by PostgreSQL's image, when the volume is new: the role and the database of the program. The role owns that database
# and is no superuser.
set -eu
psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set password="${DATABASE_PASSWORD:?}" <<'SQL'
CREATE ROLE moviemind LOGIN PASSWORD :'password';
CREATE DATABASE moviemind OWNER moviemind;
SQL
