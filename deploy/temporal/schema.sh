#!/bin/sh
# Creates Temporal's two databases and brings their schemas up to date; harmless at every start.
# Host, user, password and plugin come as SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD and SQL_PLUGIN.
set -eu
for database in temporal temporal_visibility; do
    versions="/etc/temporal/schema/postgresql/v12/${database#temporal_}/versioned"
    temporal-sql-tool --database "$database" create-database
    temporal-sql-tool --database "$database" setup-schema --version 0.0
    temporal-sql-tool --database "$database" update-schema --schema-dir "$versions"
done
