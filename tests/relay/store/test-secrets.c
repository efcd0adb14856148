/* tests/relay/store/test-secrets.c — secrets at rest: bound to their place, successors of data keys, rotation of the
 * key-encryption key, cut off and gone on with. Layer: tests. */
#include <glib/gstdio.h>
#include <string.h>

#include "cobro-test.h"
#include "relay-key-rotation.h"
#include "rig.h"

static gboolean
exec_work (RelayTx *tx, gpointer data, GError **error)
{
  return cobro_db_exec (tx->db, data, error);
}

static void
run_sql (Rig *rig, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (relay_store_write (rig->store, exec_work, (gpointer)sql, &error));
  g_assert_no_error (error);
}

/* One sealed value and where it rests. */
typedef struct
{
  RelayPlace place;
  GBytes *sealed;
} Sealed;

static gboolean
seal_work (RelayTx *tx, gpointer data, GError **error)
{
  Sealed *sealed = data;

  sealed->sealed = relay_store_seal (tx->store, tx->db, &sealed->place, "sk_live_secret", error);
  return sealed->sealed != NULL;
}

static void
assert_shut (Rig *rig, const RelayPlace *place, GBytes *sealed)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (
    relay_store_unseal (rig->store, NULL, place, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed), &error));
  cobro_test_assert_error (&error, COBRO_ERROR_SIGNATURE, NULL);
}

static gboolean
merchant_work (RelayTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();

  cobro_link_set_text (&merchant->name, "Eve");
  if (!relay_merchant_insert (tx, merchant, error))
    return FALSE;
  *(CobroId *)data = merchant->id;
  return TRUE;
}

/* A value opens where it was put, and nowhere else. */
static void
test_places (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  Sealed sealed = { .place = { "account", "sealed", "acc_1", &rig->scope.merchant_id, FALSE } };
  g_autofree char *text = NULL;
  CobroId eve;
  RelayPlace elsewhere;

  g_assert_true (relay_store_write (rig->store, merchant_work, &eve, &error));
  g_assert_true (relay_store_write (rig->store, seal_work, &sealed, &error));
  text = relay_store_unseal (rig->store, NULL, &sealed.place, g_bytes_get_data (sealed.sealed, NULL),
                             g_bytes_get_size (sealed.sealed), &error);
  g_assert_cmpstr (text, ==, "sk_live_secret");
  for (int i = 0; i < 5; i++)
    {
      elsewhere = sealed.place;
      if (i == 0)
        elsewhere.table = "link";
      else if (i == 1)
        elsewhere.column = "other";
      else if (i == 2)
        elsewhere.row = "acc_2";
      else if (i == 3)
        elsewhere.merchant_id = &eve;
      else
        elsewhere.livemode = TRUE;
      assert_shut (rig, &elsewhere, sealed.sealed);
    }
  g_bytes_unref (sealed.sealed);
}

/* The same in the books: one link's sealed token in the other's row. */
static void
test_swapped (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) one = rig_link_new (rig);
  g_autoptr (CobroLink) other = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, one);
  g_autofree char *other_token = rig_publish (rig, other);
  g_autoptr (RelayLinkRecord) record = rig_find_link (rig, one);
  g_autoptr (GError) error = NULL;
  CobroToken opened;

  g_assert_true (relay_link_get_token (rig->store, record, &opened, &error));
  g_assert_cmpstr (opened.text, ==, token);
  run_sql (rig, "UPDATE link SET token_sealed = (SELECT l.token_sealed FROM link AS l WHERE l.row <> link.row)");
  g_assert_false (relay_link_get_token (rig->store, record, &opened, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_SIGNATURE, NULL);
}

/* A data key belongs to its owner: put into another merchant's row it does not unwrap. */
static void
test_swapped_data_keys (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (RelayLinkRecord) record = rig_find_link (rig, link);
  g_autoptr (GError) error = NULL;
  CobroToken opened;
  CobroId eve;

  g_assert_true (relay_store_write (rig->store, merchant_work, &eve, &error));
  run_sql (rig,
           "UPDATE data_key SET wrapped = (SELECT d.wrapped FROM data_key AS d WHERE d.owner <> data_key.owner AND "
           "d.owner <> 'relay') WHERE owner <> 'relay'");
  rig_restart (rig, FALSE);
  g_assert_false (relay_link_get_token (rig->store, record, &opened, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_SIGNATURE, NULL);
}

/* After a year, or after very many values, a data key gets a successor; what it sealed still opens. */
static void
test_successors (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) old = rig_link_new (rig);
  g_autoptr (CobroLink) young = rig_link_new (rig);
  g_autofree char *old_token = rig_publish (rig, old);
  g_autofree char *young_token = NULL;
  g_autoptr (RelayLinkRecord) record = rig_find_link (rig, old);
  g_autoptr (RelayLinkRecord) young_record = NULL;
  g_autoptr (GError) error = NULL;
  CobroToken opened;

  g_assert_true (relay_key_tend (rig->store, &error));
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM data_key WHERE state = 'retired'"), ==, 0);
  g_assert_cmpint (rig_count (rig, "SELECT uses AS n FROM data_key WHERE owner <> 'relay'"), ==, 2);
  cobro_clock_advance (rig->clock, 366 * COBRO_DAY);
  g_assert_true (relay_key_tend (rig->store, &error));
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM data_key WHERE state = 'retired'"), ==, 1);
  young_token = rig_publish (rig, young);
  young_record = rig_find_link (rig, young);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM link WHERE substr (token_sealed, 1, 5) = x'0100000002'"),
                   ==, 1);
  rig_restart (rig, TRUE);
  g_assert_true (relay_link_get_token (rig->store, record, &opened, &error));
  g_assert_cmpstr (opened.text, ==, old_token);
  g_assert_true (relay_link_get_token (rig->store, young_record, &opened, &error));
  g_assert_cmpstr (opened.text, ==, young_token);
  run_sql (rig, "UPDATE data_key SET uses = 1073741824 WHERE state = 'current' AND purpose = 'seal'");
  g_assert_true (relay_key_tend (rig->store, &error));
  g_assert_cmpint (rig_count (rig, "SELECT max (number) AS n FROM data_key WHERE owner <> 'relay'"), ==, 3);
}

/* The provider's key for one step is the same before and after. */
static void
test_rotation (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (RelayLinkRecord) record = rig_find_link (rig, link);
  g_autofree char *before = relay_store_provider_key (rig->store, &link->id, "begin");
  g_autofree char *after = NULL;
  g_autofree char *next = g_build_filename (rig->folder, "relay.key.next", NULL);
  g_autoptr (GError) error = NULL;
  RelayKeyStatus status, was;
  CobroToken opened;
  gint64 moved;

  g_assert_true (relay_key_status_read (rig->store, &was, &error));
  g_assert_true (relay_key_rotation_run (rig->store, &moved, &error));
  g_assert_no_error (error);
  g_assert_cmpint (moved, ==, 3); /* the merchant's, and two of all relays */
  g_assert_true (relay_key_status_read (rig->store, &status, &error));
  g_assert_cmpstr (status.file, ==, status.wrapper);
  g_assert_cmpstr (status.file, !=, was.file);
  g_assert_cmpint (status.elsewhere, ==, 0);
  g_assert_false (status.running || status.file_late || g_file_test (next, G_FILE_TEST_EXISTS));
  rig_restart (rig, FALSE);
  after = relay_store_provider_key (rig->store, &link->id, "begin");
  g_assert_cmpstr (before, ==, after);
  g_assert_true (relay_link_get_token (rig->store, record, &opened, &error));
  g_assert_cmpstr (opened.text, ==, token);
}

/* The books of before, with the new file only: refused in words, nothing made up. */
static void
test_wrong_file (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *folder = rig_copy (rig);
  g_autofree char *key = g_build_filename (folder, "relay.key", NULL);
  g_autofree char *digits = g_strnfill (64, 'a');
  g_autofree char *text = g_strconcat (digits, "\n", NULL);
  RelayStoreConfig config = { .folder = folder, .clock = rig->clock, .random = rig->random };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_unlink (key), ==, 0);
  g_assert_true (g_file_set_contents_full (key, text, -1, G_FILE_SET_CONTENTS_NONE, 0400, NULL));
  g_assert_null (relay_store_open (&config, &error));
  g_assert_nonnull (strstr (error->message, "not the one that seals these books"));
  cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);
  rig_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/secrets/places", test_places);
  g_test_add_func ("/relay/secrets/swapped", test_swapped);
  g_test_add_func ("/relay/secrets/swapped-data-keys", test_swapped_data_keys);
  g_test_add_func ("/relay/secrets/successors", test_successors);
  g_test_add_func ("/relay/secrets/rotation", test_rotation);
  g_test_add_func ("/relay/secrets/wrong-file", test_wrong_file);
  return g_test_run ();
}
