/* relay/store/relay-line.c — telling and hearing between the relays of one database.
 * Layer: relay/store. The thread of the line, unless a function says otherwise. */
#include "config.h"
#include "relay-line.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "relay-life.h"

#define TELL_EVERY   (100 * G_TIME_SPAN_MILLISECOND)
#define LOOK_EVERY   G_TIME_SPAN_SECOND
/* A notification carries at most 8,000 bytes. */
#define PAYLOAD_MAX  7900
#define LOOK_AT_MAX  1000
/* Instead of more topics than fit: look yourself. */
#define LOOK_PAYLOAD "*"

struct _RelayLine
{
  CobroDb *db;
  gint64 row; /* our place */
  RelayLineHeard heard;
  gpointer data;
  GThread *thread;
  int wake_fd;

  GMutex lock; /* guards what follows */
  gboolean stopping;
  GHashTable *untold; /* (element-type utf8) */

  /* The thread's own. */
  gboolean is_up;
  gint64 told_at, looked_at; /* monotonic */
  gint64 floor, last_newest; /* rows of event that were seen before the last look but one, and before the last */
  GHashTable *seen;          /* (element-type gint64) rows above the floor that were heard of by looking */
};

/* ── Hearing ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
hear (RelayLine *self, const char *kind, const char *id)
{
  g_autofree char *topic = g_strconcat (kind, ":", id, NULL);

  self->heard (self->data, topic);
}

/* One row of the log that somebody wrote. */
static void
hear_row (RelayLine *self, CobroDbStatement *statement)
{
  const char *object = cobro_db_column_text (statement, "object_id");
  const char *link = cobro_db_column_text (statement, "link_id");

  hear (self, "merchant", cobro_db_column_text (statement, "merchant_id"));
  if (link != NULL || g_str_has_prefix (object, "link_"))
    hear (self, "link", link != NULL ? link : object);
}

/* Rows commit in another order than they are numbered: each look goes back to where the last but one began. */
static gboolean
look (RelayLine *self, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    self->db,
    "SELECT event.row AS row, event.merchant_id AS merchant_id, event.object_id AS object_id, payment.link_id AS "
    "link_id FROM event LEFT JOIN payment ON payment.merchant_id = event.merchant_id AND payment.id = event.object_id "
    "WHERE event.row > :floor ORDER BY event.row LIMIT :limit",
    error);
  gint64 newest = self->last_newest;
  guint n = 0;
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":floor", self->floor);
  cobro_db_bind_int64 (statement, ":limit", LOOK_AT_MAX);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      gint64 row = cobro_db_column_int64 (statement, "row");

      newest = MAX (newest, row);
      n++;
      if (g_hash_table_add (self->seen, g_memdup2 (&row, sizeof row)))
        hear_row (self, statement);
    }
  self->floor = n < LOOK_AT_MAX ? self->last_newest : newest;
  self->last_newest = newest;
  if (n == LOOK_AT_MAX)
    self->looked_at = 0;
  return step == COBRO_DB_DONE;
}

static gboolean
is_below_floor (gpointer row, gpointer value, gpointer data)
{
  return *(gint64 *)row <= ((RelayLine *)data)->floor;
}

/* "<row of who speaks> <topic> <topic> …" */
static void
hear_payload (RelayLine *self, const char *payload)
{
  g_auto (GStrv) words = g_strsplit (payload, " ", -1);

  if (words[0] == NULL || g_ascii_strtoll (words[0], NULL, 10) == self->row)
    return;
  for (guint i = 1; words[i] != NULL; i++)
    if (g_str_equal (words[i], LOOK_PAYLOAD))
      self->looked_at = 0;
    else
      self->heard (self->data, words[i]);
}

/* ── Telling ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) what to say; NULL: nothing. */
static char *
take_payload (RelayLine *self)
{
  g_autoptr (GString) payload = g_string_new (NULL);
  GHashTableIter iter;
  gpointer topic;

  g_mutex_lock (&self->lock);
  if (g_hash_table_size (self->untold) > 0)
    g_string_printf (payload, "%" G_GINT64_FORMAT, self->row);
  g_hash_table_iter_init (&iter, self->untold);
  while (g_hash_table_iter_next (&iter, &topic, NULL))
    {
      if (payload->len + strlen (topic) + 1 > PAYLOAD_MAX)
        {
          g_string_printf (payload, "%" G_GINT64_FORMAT " " LOOK_PAYLOAD, self->row);
          break;
        }
      g_string_append_printf (payload, " %s", (char *)topic);
    }
  g_hash_table_remove_all (self->untold);
  g_mutex_unlock (&self->lock);
  return payload->len > 0 ? g_strdup (payload->str) : NULL;
}

static gboolean
tell (RelayLine *self, GError **error)
{
  g_autofree char *payload = take_payload (self);
  g_autoptr (CobroDbStatement) statement = NULL;

  if (payload == NULL)
    return TRUE;
  self->told_at = g_get_monotonic_time ();
  statement = cobro_db_prepare (self->db, "SELECT count(*) AS n FROM pg_notify ('cobro', :payload)", error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":payload", payload);
  return cobro_db_run (statement, error);
}

static gboolean
has_untold (RelayLine *self)
{
  gboolean has;

  g_mutex_lock (&self->lock);
  has = g_hash_table_size (self->untold) > 0;
  g_mutex_unlock (&self->lock);
  return has;
}

void
relay_line_tell (RelayLine *self, GHashTable *topics)
{
  const guint64 one = 1;
  GHashTableIter iter;
  gpointer topic;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, topics);
  while (g_hash_table_iter_next (&iter, &topic, NULL))
    g_hash_table_add (self->untold, g_strdup (topic));
  g_mutex_unlock (&self->lock);
  if (write (self->wake_fd, &one, sizeof one) < 0)
    g_debug ("the line is awake already");
}

/* ── The thread ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* A new session: our place, and what it listens to. */
static gboolean
connect_line (RelayLine *self, GError **error)
{
  if (!cobro_db_begin (self->db, error))
    return FALSE;
  if (relay_life_hold (self->db, self->row, error) && cobro_db_exec (self->db, "LISTEN cobro", error) &&
      cobro_db_commit (self->db, error))
    return TRUE;
  cobro_db_rollback (self->db);
  return FALSE;
}

/* How long nothing has to be done. */
static gint64
time_to_wait (RelayLine *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 wait = self->looked_at + LOOK_EVERY - now;

  if (has_untold (self))
    wait = MIN (wait, self->told_at + TELL_EVERY - now);
  return MAX (wait, 0);
}

static void
drain (RelayLine *self)
{
  guint64 count;

  while (read (self->wake_fd, &count, sizeof count) > 0)
    ;
}

static gboolean
turn (RelayLine *self, GError **error)
{
  g_autofree char *payload = NULL;

  if (!self->is_up && !connect_line (self, error))
    return FALSE;
  self->is_up = TRUE;
  if (!cobro_db_wait_notification (self->db, time_to_wait (self), self->wake_fd, &payload, error))
    return FALSE;
  drain (self);
  if (payload != NULL)
    hear_payload (self, payload);
  if (g_get_monotonic_time () >= self->told_at + TELL_EVERY && !tell (self, error))
    return FALSE;
  if (g_get_monotonic_time () < self->looked_at + LOOK_EVERY)
    return TRUE;
  self->looked_at = g_get_monotonic_time ();
  if (!look (self, error))
    return FALSE;
  g_hash_table_foreach_remove (self->seen, is_below_floor, self);
  return TRUE;
}

static gboolean
is_stopping (RelayLine *self)
{
  gboolean stopping;

  g_mutex_lock (&self->lock);
  stopping = self->stopping;
  g_mutex_unlock (&self->lock);
  return stopping;
}

static gpointer
line_thread (gpointer data)
{
  RelayLine *self = data;

  while (!is_stopping (self))
    {
      g_autoptr (GError) error = NULL;
      GPollFD fd = { .fd = self->wake_fd, .events = G_IO_IN };

      if (turn (self, &error))
        continue;
      g_debug ("the line to the other relays: %s", error->message);
      self->is_up = FALSE;
      drain (self);
      if (!is_stopping (self))
        g_poll (&fd, 1, LOOK_EVERY / G_TIME_SPAN_MILLISECOND);
    }
  return NULL;
}

/* ── Making and ending ──────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
find_newest (RelayLine *self, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (self->db, "SELECT coalesce (max (row), 0) AS n FROM event", error);

  if (statement == NULL || cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  self->floor = self->last_newest = cobro_db_column_int64 (statement, "n");
  return TRUE;
}

static void
line_free (RelayLine *self)
{
  cobro_db_close (self->db);
  g_hash_table_unref (self->untold);
  g_hash_table_unref (self->seen);
  g_mutex_clear (&self->lock);
  close (self->wake_fd);
  g_free (self);
}

RelayLine *
relay_line_new (const char *uri, guint32 application_id, CobroTime now, RelayLineHeard heard, gpointer data,
                GError **error)
{
  CobroDb *db = cobro_db_open (uri, COBRO_DB_READ_WRITE, application_id, error);
  RelayLine *self;

  if (db == NULL)
    return NULL;
  self = g_new0 (RelayLine, 1);
  self->db = db;
  self->heard = heard;
  self->data = data;
  self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->untold = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_mutex_init (&self->lock);
  if (!relay_life_begin (self->db, now, &self->row, error) || !find_newest (self, error) || !connect_line (self, error))
    {
      line_free (self);
      return NULL;
    }
  self->is_up = TRUE;
  self->looked_at = g_get_monotonic_time ();
  self->thread = g_thread_new ("relay-line", line_thread, self);
  return self;
}

static gboolean
end_life (RelayLine *self, CobroTime now, GError **error)
{
  if (!cobro_db_begin (self->db, error))
    return FALSE;
  if (relay_life_end (self->db, self->row, now, error) && cobro_db_commit (self->db, error))
    return TRUE;
  cobro_db_rollback (self->db);
  return FALSE;
}

void
relay_line_free (RelayLine *self, CobroTime now)
{
  g_autoptr (GError) error = NULL;
  const guint64 one = 1;

  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_mutex_unlock (&self->lock);
  if (write (self->wake_fd, &one, sizeof one) < 0)
    g_debug ("the line is awake already");
  g_thread_join (self->thread);
  if (!end_life (self, now, &error))
    g_debug ("the books were not marked as closed: %s", error->message);
  line_free (self);
}
