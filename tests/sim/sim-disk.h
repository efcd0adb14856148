/* tests/sim/sim-disk.h — a disk whose power can fail: SQLite's files below one folder are watched write by write, and a
 * crash may come at any of them. Layer: tests. One disk at a time; any thread. */
#pragma once
#include <glib.h>

typedef enum
{
  SIM_CRASH_KILL,  /* the process is gone, the kernel keeps what was written */
  SIM_CRASH_POWER, /* what was not flushed is there, or not, sector by sector */
} SimCrash;

/* Puts the watching layer under SQLite. Once, before the first database. Nothing is really flushed any more: the
 * simulation decides what survives. */
void sim_disk_install (void);
/* Watches the files below @folder from now on; forgets everything about other folders. */
void sim_disk_watch (const char *folder);
/* The crash comes at the @n-th write, flush or cut from now on; @seed decides about sectors. */
void sim_disk_arm (SimCrash crash, guint n, guint32 seed);
void sim_disk_disarm (void);
/* The crash comes now. */
void sim_disk_crash (SimCrash crash, guint32 seed);
/* Whether it has come: whatever the program does from then on, it does not do. Any thread. */
gboolean sim_disk_is_dead (void);
/* Writes what survived into @folder. */
void sim_disk_restore (const char *folder);
