/* tests/relay/store/test-leader.c — one leader, each job once per period, and a former leader that writes nothing any
 * more. Layer: tests. */
#include "cobro-error.h"
#include "cobro-test.h"
#include "relay-leader.h"
#include "rig.h"

static gboolean
begin (RelayLeader *leader, const char *job, const char *period)
{
  g_autoptr (GError) error = NULL;
  gboolean mine = FALSE;

  g_assert_true (relay_leader_begin (leader, job, period, &mine, &error));
  g_assert_no_error (error);
  return mine;
}

static void
test_once (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (RelayLeader) leader = relay_leader_new (rig->store);
  g_autoptr (GError) error = NULL;

  g_assert_true (begin (leader, "reconcile", "2026-12-01"));
  g_assert_false (begin (leader, "reconcile", "2026-12-01"));
  g_assert_true (begin (leader, "reconcile", "2026-12-02"));
  g_assert_true (begin (leader, "sweep", "2026-12-01"));
  g_assert_true (relay_leader_end (leader, "reconcile", "2026-12-01", &error));
  g_assert_no_error (error);
  g_assert_false (begin (leader, "reconcile", "2026-12-01"));
  g_assert_false (relay_leader_end (leader, "reconcile", "2026-12-01", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_STATE, NULL);
}

typedef struct
{
  RelayLeader *leader;
} Check;

static gboolean
check_work (RelayTx *tx, gpointer data, GError **error)
{
  return relay_leader_check (((Check *)data)->leader, tx, error);
}

/* The next leader does again what the last one did not end; what the last one still writes is refused. */
static void
test_successor (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (RelayLeader) first = relay_leader_new (rig->store);
  g_autoptr (RelayLeader) second = relay_leader_new (rig->store);
  g_autoptr (GError) error = NULL;
  Check check = { first };

  g_assert_true (begin (first, "reconcile", "2026-12-01"));
  g_assert_true (relay_store_write (rig->store, check_work, &check, &error));
  if (rig_is_postgres ())
    {
      g_autoptr (CobroDb) db = rig_connect (rig, rig->folder);

      /* While its session lives, nobody else leads; … */
      g_assert_false (begin (second, "reconcile", "2026-12-01"));
      /* … the server ends it behind its back. */
      g_assert_true (cobro_db_exec (db,
                                    "SELECT pg_terminate_backend (pid) FROM pg_locks WHERE locktype = 'advisory' AND "
                                    "classid = 1131367500",
                                    &error));
      while (rig_count (rig, "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND classid = "
                             "1131367500") > 0)
        g_usleep (1000);
    }
  g_assert_true (begin (second, "reconcile", "2026-12-01"));
  g_assert_false (relay_store_write (rig->store, check_work, &check, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_STATE, NULL);
  g_assert_false (relay_leader_end (first, "reconcile", "2026-12-01", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_STATE, NULL);
  g_assert_true (relay_leader_end (second, "reconcile", "2026-12-01", &error));
  g_assert_no_error (error);
  if (rig_is_postgres ())
    g_assert_false (begin (first, "sweep", "2026-12-01"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/leader/once", test_once);
  g_test_add_func ("/relay/leader/successor", test_successor);
  return g_test_run ();
}
