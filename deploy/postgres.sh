#!/bin/bash
# Makes Agora's two roles and its database when the postgres container is first started.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --username postgres \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
create role agora_owner login createdb password :'owner_password';
create role agora_app login password :'app_password';
create database agora owner agora_owner;
revoke all on database agora from public;
grant connect on database agora to agora_app;
\c agora
create extension vector;
create extension pg_trgm;
create extension btree_gin;
create extension unaccent;
SQL
