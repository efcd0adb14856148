/* src/db/cobro-db-migration.h — numbered forward migrations: one transaction each, checksum recorded, backup first,
 * newer schemas refused in words.
 * Layer: db. */
#pragma once
#include "cobro-db.h"

typedef struct
{
  guint number;     /* 1, 2, 3 … without gaps */
  const char *name; /* "0001-links.sql" */
  const char *sql;
} CobroDbMigration;

/* (transfer full) (element-type CobroDbMigration) reads NNNN-*.sql below a GResource folder, in order. */
GPtrArray *cobro_db_migrations_from_resource (GResource *resource, const char *folder, GError **error);

/**
 * cobro_db_migrate:
 * @backup_path: (nullable): where to copy the file before the first change; not used for an empty file, nor for a
 * server, which is copied with its own tools. Several programs may do this at once on one server: one does, all go on.
 *
 * Returns: %FALSE with %COBRO_ERROR_NEWER_SCHEMA (the text names the needed version), %COBRO_ERROR_CORRUPT (an applied
 * migration's checksum differs), or the database's error; nothing changed by the migration that failed
 */
gboolean cobro_db_migrate (CobroDb *db, GPtrArray *migrations, const char *backup_path, CobroTime now,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Highest applied number; 0 for an empty file. -1 with an error. */
gint64 cobro_db_schema_version (CobroDb *db, GError **error);
