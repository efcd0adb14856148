/* relay/store/relay-store.h — the relay's books: one folder with the SQLite file, the key that seals secrets, and a
 * lock; or a PostgreSQL database, which several relays may share. It owns the one writer and a pool of readers, checks
 * the books when they were not closed properly, and wakes whoever waits once a commit is durable. Layer: relay/store.
 * Any thread, except where a function says otherwise. */
#pragma once
#include "cobro-db-writer.h"
#include "cobro-db.h"
#include "cobro-random.h"
#include "relay-metrics.h"

typedef struct _RelayStore RelayStore;

/* Whose data, and test or live: every look-up that starts from an API key goes through this. */
typedef struct
{
  CobroId merchant_id;
  gboolean livemode;
} RelayScope;

/* What a write works with. Alive during the transaction only. */
typedef struct
{
  RelayStore *store;
  CobroDb *db;
  CobroTime now;
  GArray *counts; /* private: relay_tx_count() */
} RelayTx;

/* How to open. All pointers are lent for the call; clock and random are referenced. */
typedef struct
{
  const char *folder; /* holds relay.sqlite and relay.key; made (0700) when missing, unless read_only */
  CobroClock *clock;
  CobroRandom *random;
  const char *database; /* (nullable) "postgresql://…": the books are there, and only the key in the folder */
  gboolean read_only;   /* look at books that may be in use (audit, list): no lock, no writer, no migration */
  gboolean new_key;     /* the key file was lost for good: make a new one; what the old one sealed stays shut */
  const char *key_file; /* (nullable) the key-encryption key; NULL: relay.key in the folder */
} RelayStoreConfig;

/**
 * relay_store_open:
 *
 * Takes the lock, reads or makes the key, migrates (with a backup in the folder first), and, when the books were not
 * closed properly, runs quick_check and the invariants I1–I5 on the last 10,000 entries. On PostgreSQL there is no such
 * lock and no copy; relays that migrate at once take turns.
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_BUSY (another process has the folder), _NEWER_SCHEMA, _CORRUPT
 * (damaged file, or the first violated invariant), _CONFIG (key file missing or open to others; a database that will
 * not do), _UNAVAILABLE (no server), _IO
 */
RelayStore *relay_store_open (const RelayStoreConfig *config, GError **error);
/* Finishes queued writes, notes that the books were closed properly, lets the lock go. No reader may be out. */
void relay_store_close (RelayStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayStore, relay_store_close)

/* Whether the last process did not close these books (crash, kill): they have been checked. */
gboolean relay_store_was_unclean (RelayStore *self);
/* A consistent copy of the database into a new file. The key file is not in it: keep a copy of relay.key elsewhere. */
gboolean relay_store_backup (RelayStore *self, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads every page of such a copy: FALSE with COBRO_ERROR_CORRUPT, also for a file of something else. */
gboolean relay_store_check_copy (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Runs a query: "database" of readyz. */
gboolean relay_store_ping (RelayStore *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
CobroDbWriterStats relay_store_stats (RelayStore *self);
CobroClock *relay_store_clock (RelayStore *self);
CobroRandom *relay_store_random (RelayStore *self);

/* Called after each commit on the thread that wrote, and, a moment later, in the other relays of these books, once per
 * topic that the batch touched: "merchant:<id>" (its event log grew) and "link:<id>" (what its page shows may have
 * changed). Must be brief: relay_server_wake(). NULL: nobody. */
void relay_store_set_wake_func (RelayStore *self, void (*wake) (gpointer data, const char *topic), gpointer data);
/* Called once when the disk or file failed for good: stop accepting, exit 70. */
void relay_store_set_fatal_func (RelayStore *self, void (*fatal) (const GError *error, gpointer data), gpointer data);
/* In a transaction: the topic is woken after the commit. */
void relay_tx_touch (RelayTx *tx, const char *kind, const CobroId *id);

/* In a transaction: what relay_count_by() and relay_observe() do, once it is committed; a transaction that is refused
 * counts for nothing, one that runs again once. Labels: (nullable) those that the family does not have. */
void relay_tx_count (RelayTx *tx, RelayMetric metric, gint64 by, const char *label, const char *other_label);
void relay_tx_observe (RelayTx *tx, RelayMetric metric, gint64 duration_us, const char *label);

/* Work inside one transaction: FALSE refuses (rolled back, with the reason). Touches no network and no reply; may be
 * run again after a serialisation failure, so it must not keep anything of a failed run. */
typedef gboolean (*RelayWork) (RelayTx *tx, gpointer data, GError **error);
/**
 * relay_store_write:
 * Runs @work on the writer with others in one commit, each in its own savepoint, and returns after the commit is
 * durable. Returns: %FALSE: nothing of it happened, with the reason. Not on the writer thread.
 */
gboolean relay_store_write (RelayStore *self, RelayWork work, gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * relay_store_write_for:
 * @merchant_id: (nullable): whose rows alone the work reads and writes; %NULL is relay_store_write()
 *
 * As relay_store_write(), for work that stays within one merchant's rows. Where several writers work at once, those of
 * one merchant still take turns, so that the work may read first and write then.
 */
gboolean relay_store_write_for (RelayStore *self, const CobroId *merchant_id, RelayWork work, gpointer data,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * relay_store_write_queue:
 *
 * As relay_store_write(), for claims from a queue over all merchants: takes no lock, so that others write meanwhile.
 * The claim must pick its rows with COBRO_DB_SKIP_LOCKED, and what it reads apart from them may change under
 * it. It writes nothing that a merchant's money or log depends on.
 */
gboolean relay_store_write_queue (RelayStore *self, RelayWork work, gpointer data,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether several relays may work on these books at once (PostgreSQL). What one process remembers of them is then at
 * most a second old, and what must happen once for all needs relay-leader or a row that says so. */
gboolean relay_store_is_shared (RelayStore *self);

/* A reading connection, lent: one snapshot from the first statement to the release. */
typedef struct
{
  RelayStore *store;
  CobroDb *db;
} RelayReader;
RelayReader *relay_store_read (RelayStore *self, GError **error);
void relay_reader_release (RelayReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayReader, relay_reader_release)

/* Where a sealed value rests. All of it is bound: a blob moved to another row, column, merchant or mode stays shut. No
 * part but the row may contain '|'. */
typedef struct
{
  const char *table, *column, *row;
  const CobroId *merchant_id; /* under whose data key */
  gboolean livemode;
} RelayPlace;
/**
 * relay_store_seal:
 * @db: the transaction's connection, or a reader's: where the merchant's data key is looked up when it is not in memory
 *
 * Returns: (transfer full): AES-256-GCM under the merchant's data key, or %NULL with %COBRO_ERROR_SIGNATURE (the
 * merchant has no usable key) or the database's error
 */
GBytes *relay_store_seal (RelayStore *self, CobroDb *db, const RelayPlace *place, const char *text, GError **error);
/* (transfer full) or NULL with COBRO_ERROR_SIGNATURE. @db: (nullable): a reader is taken. Wipe secrets after use. */
char *relay_store_unseal (RelayStore *self, CobroDb *db, const RelayPlace *place, gconstpointer blob, gsize n,
                          GError **error);
/* The same for bytes of any kind. */
GBytes *relay_store_seal_bytes (RelayStore *self, CobroDb *db, const RelayPlace *place, GBytes *plain, GError **error);
GBytes *relay_store_unseal_bytes (RelayStore *self, CobroDb *db, const RelayPlace *place, gconstpointer blob, gsize n,
                                  GError **error);
/* (transfer full) the idempotency key that a provider gets: base32 (HMAC (k_idem, object ‖ step)); the same for
 * ever, and from every relay on these books. */
char *relay_store_provider_key (RelayStore *self, const CobroId *object, const char *step);
/* (transfer full) HMAC-SHA256 in hex under a key that all relays on these books share: what comes back was ours. */
char *relay_store_sign (RelayStore *self, const char *text);
/* A key of its own for each @purpose (no other text signed begins as "derive|" does): the same from every relay on
 * these books, for as long as their key file is not lost. Wipe it after use. */
void relay_store_derive (RelayStore *self, const char *purpose, guint8 out_key[32]);
/* In the transaction that makes a merchant: the key that its secrets will be sealed with. */
gboolean relay_tx_add_data_key (RelayTx *tx, const CobroId *merchant_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
