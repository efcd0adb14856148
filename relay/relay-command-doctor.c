/* relay/relay-command-doctor.c — what may be wrong with machine, settings and books, as a table: ok, warn or fail, and
 * what to do. It changes nothing. Layer: relay (composition). Thread: main. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cobro-error.h"
#include "cobro-net-client.h"
#include "cobro-paper.h"
#include "cobro-text.h"
#include "cobro-wire.h"
#include "config.h"
#include "relay-app.h"
#include "relay-command.h"
#include "relay-exit.h"
#include "relay-restore.h"
#include "relay-smtp.h"

#define SYNCS           32
#define SYNC_SLOW_US    50000 /* a commit waits for one */
#define SYNC_TOO_FAST   50    /* no disk is that fast, unless it forgets */
#define SPACE_FAIL      (64 * 1024 * 1024)
#define SPACE_WARN      (1024LL * 1024 * 1024)
#define CLOCK_WARN      (5 * COBRO_SECOND)
#define CLOCK_FAIL      (60 * COBRO_SECOND)
#define PUBLIC_DEADLINE 10000
#define MAIL_DEADLINE   15000

typedef enum
{
  OK,
  WARN,
  FAIL
} Grade;

/* What was found so far. */
typedef struct
{
  const RelayConfig *config;
  CobroWireWriter *writer; /* NULL: a table */
  Grade worst;
} Doctor;

static void say (Doctor *doctor, Grade grade, const char *what, const char *advice, const char *format, ...)
  G_GNUC_PRINTF (5, 6);

/* @advice: (nullable): what to do. */
static void
say (Doctor *doctor, Grade grade, const char *what, const char *advice, const char *format, ...)
{
  static const char *const names[] = { "ok", "warn", "fail" };
  g_autofree char *found = NULL;
  va_list args;

  va_start (args, format);
  found = g_strdup_vprintf (format, args);
  va_end (args);
  doctor->worst = MAX (doctor->worst, grade);
  if (!doctor->writer)
    {
      g_print ("%-5s %-14s %s\n", names[grade], what, found);
      if (grade != OK && advice)
        g_print ("      %-14s → %s\n", "", advice);
      return;
    }
  cobro_wire_begin_object (doctor->writer, NULL);
  cobro_wire_put_text (doctor->writer, "check", what);
  cobro_wire_put_text (doctor->writer, "grade", names[grade]);
  cobro_wire_put_text (doctor->writer, "found", found);
  cobro_wire_put_text (doctor->writer, "advice", grade != OK ? advice : NULL);
  cobro_wire_end_object (doctor->writer);
}

/* ── The machine ────────────────────────────────────────────────────────────────────────────────── */

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* The median of some writes of a page with fdatasync, in microseconds; -1: it cannot be written. */
static gint64
measure_sync (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, ".doctor-XXXXXX", NULL);
  g_autofree char *page = g_malloc0 (4096);
  gint64 times[SYNCS];
  int fd = g_mkstemp (path), n = 0;

  for (; fd >= 0 && n < SYNCS; n++)
    {
      gint64 begun = g_get_monotonic_time ();

      if (pwrite (fd, page, 4096, n * 4096) != 4096 || fdatasync (fd) != 0)
        break;
      times[n] = g_get_monotonic_time () - begun;
    }
  if (fd >= 0)
    {
      close (fd);
      g_unlink (path);
    }
  if (n < SYNCS)
    return -1;
  qsort (times, SYNCS, sizeof times[0], compare_times);
  return times[SYNCS / 2];
}

static void
look_at_disk (Doctor *doctor)
{
  const char *data = doctor->config->data;
  gint64 sync = measure_sync (data);
  struct statvfs info;
  gint64 room;

  if (sync < 0)
    say (doctor, FAIL, "disk", "run as the relay's user, and look at the folder's owner and mode",
         "cannot write to \"%s\": %s", data, g_strerror (errno));
  else
    say (doctor, sync > SYNC_SLOW_US || sync < SYNC_TOO_FAST ? WARN : OK, "disk",
         sync > SYNC_SLOW_US ? "every payment waits for this: use a faster disk"
                             : "no disk is that fast: make sure that it keeps what it says it has written",
         "writing for good takes %" G_GINT64_FORMAT " µs (median of %d)", sync, SYNCS);
  if (statvfs (data, &info) != 0)
    return;
  room = (gint64)info.f_bavail * (gint64)info.f_frsize;
  say (doctor,
       room < SPACE_FAIL   ? FAIL
       : room < SPACE_WARN ? WARN
                           : OK,
       "space", "make room: a full disk takes no money", "%" G_GINT64_FORMAT " MiB are free", room / 1024 / 1024);
}

static void
look_at_permissions (Doctor *doctor)
{
  static const char *const names[] = { "relay.sqlite", "relay.key", "control.sock" };
  const char *data = doctor->config->data;
  struct stat info;

  if (stat (data, &info) != 0)
    {
      say (doctor, FAIL, "folder", "start the relay once, or give --data", "\"%s\": %s", data, g_strerror (errno));
      return;
    }
  say (doctor, (info.st_mode & 077) != 0 ? WARN : OK, "folder", "chmod 700: nobody else has business there",
       "\"%s\" has mode %04o", data, (guint)(info.st_mode & 07777));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (data, names[i], NULL);

      if (stat (path, &info) == 0 && (info.st_mode & 077) != 0)
        say (doctor, g_str_equal (names[i], "relay.key") ? FAIL : WARN, "permissions", "chmod go= it",
             "\"%s\" has mode %04o: others may open it", path, (guint)(info.st_mode & 07777));
    }
}

/* ── The books ──────────────────────────────────────────────────────────────────────────────────── */

static void
look_at_key (Doctor *doctor)
{
  g_autofree char *given = relay_config_key_file (doctor->config);
  g_autofree char *path = given ? g_strdup (given) : g_build_filename (doctor->config->data, "relay.key", NULL);
  gboolean is_beside = g_str_has_prefix (path, doctor->config->data);

  if (g_access (path, F_OK) != 0)
    say (doctor, FAIL, "key", "bring it back from where you keep its copy; without it the provider secrets stay shut",
         "there is no \"%s\"", path);
  else if (g_access (path, R_OK) != 0)
    say (doctor, OK, "key", NULL, "\"%s\" is there, and is not for this user", path);
  else
    say (doctor, is_beside ? WARN : OK, "key",
         "put it outside the data folder (key-file, or LoadCredential= in the unit)", "\"%s\"%s", path,
         is_beside ? " lies beside what it locks" : "");
}

static void
look_at_books (Doctor *doctor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayStore) store = NULL;

  if (relay_restore_is_unfinished (doctor->config->data))
    say (doctor, FAIL, "books", "run \"cobro-relay restore\" again", "a restore has not come to its end");
  store = relay_app_open_store (doctor->config, TRUE, &error);
  if (store && relay_store_ping (store, &error))
    say (doctor, OK, "books", NULL, "can be read, and have the schema of this version");
  else
    say (doctor, FAIL, "books", "start the relay once; if they are damaged, see \"restore\" in cobro-relay help", "%s",
         error->message);
}

static void
look_at_versions (Doctor *doctor)
{
  say (doctor, OK, "versions", NULL, "cobro-relay %s, GLib %u.%u.%u", COBRO_VERSION, glib_major_version,
       glib_minor_version, glib_micro_version);
}

/* ── From outside ───────────────────────────────────────────────────────────────────────────────── */

static void
look_at_clock (Doctor *doctor, const CobroNetAnswer *answer)
{
  g_autoptr (CobroWireObject) envelope =
    cobro_wire_parse (g_bytes_get_data (answer->body, NULL), (gssize)g_bytes_get_size (answer->body), NULL);
  g_autoptr (CobroWireObject) data = NULL;
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  CobroTime there = 0;
  gint64 off;

  if (!envelope || !cobro_wire_get_object (envelope, "data", &data, NULL) || !data ||
      !cobro_wire_get_time (data, "timestamp", &there, NULL))
    {
      say (doctor, FAIL, "public address", "something else answers there: look at the proxy",
           "the answer is not that of a relay");
      return;
    }
  off = ABS (cobro_clock_now (clock) - there);
  say (doctor,
       off > CLOCK_FAIL   ? FAIL
       : off > CLOCK_WARN ? WARN
                          : OK,
       "clock", "turn on NTP (timedatectl set-ntp true): signatures and expiry hang on the clock",
       "relay and this machine differ by %" G_GINT64_FORMAT " ms", off / 1000);
}

/* What a proxy in front must do and must not do, seen in an answer. */
static void
look_at_headers (Doctor *doctor, const CobroNetAnswer *answer)
{
  const char *server = cobro_net_answer_header (answer, "server");

  if (!cobro_net_answer_header (answer, "x-request-id"))
    say (doctor, FAIL, "proxy", "let x-request-id through", "the relay's headers do not arrive");
  else if (g_str_has_prefix (doctor->config->public_url, "https:") &&
           !cobro_net_answer_header (answer, "strict-transport-security"))
    say (doctor, WARN, "proxy", "let Strict-Transport-Security through", "HSTS does not arrive");
  else if (server && strpbrk (server, "0123456789"))
    say (doctor, WARN, "proxy", "server_tokens off", "it tells its version: \"%s\"", server);
  else
    say (doctor, OK, "proxy", NULL, "the relay's headers arrive");
}

static void
look_from_outside (Doctor *doctor)
{
  const char *public_url = doctor->config->public_url;
  g_autofree char *url = g_strconcat (public_url, "/v1/healthz", NULL);
  g_autoptr (CobroNetClient) client = cobro_net_client_new ("cobro-relay-doctor/" COBRO_VERSION);
  g_autoptr (CobroNetAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (!*public_url)
    {
      say (doctor, WARN, "public address", "give --config or --public-url",
           "it is not known here, so it was not tried");
      return;
    }
  answer = cobro_net_client_send (
    client, &(CobroNetRequest){ .method = "GET", .url = url, .deadline_ms = PUBLIC_DEADLINE, .max_bytes = 65536 }, NULL,
    &error);
  if (!answer)
    say (doctor, FAIL, "public address", "is the relay running, the proxy in front of it, DNS and certificate right?",
         "%s: %s", url, error->message);
  else if (answer->status != 200)
    say (doctor, FAIL, "public address", "502 or 503: the proxy does not reach the relay", "%s answers %u", url,
         answer->status);
  else
    {
      say (doctor, OK, "public address", NULL, "%s answers", url);
      look_at_headers (doctor, answer);
      look_at_clock (doctor, answer);
    }
}

/* ── Mail ───────────────────────────────────────────────────────────────────────────────────────── */

/* Says hello to the mail server, logs in, and leaves: no mail is sent. */
static void
look_at_mail (Doctor *doctor)
{
  const RelayConfig *config = doctor->config;
  g_auto (RelaySmtpResult) result = { 0 };
  g_autoptr (RelaySmtp) smtp = NULL;
  g_autoptr (GError) error = NULL;
  char *password = NULL;
  RelaySmtpConfig way = { .url = config->smtp_url,
                          .user = config->smtp_user,
                          .ca_file = config->smtp_ca_file,
                          .name = *config->mail_from ? strchr (config->mail_from, '@') + 1 : "localhost",
                          .deadline_ms = MAIL_DEADLINE };

  if (!*config->smtp_url)
    {
      say (doctor, OK, "mail", NULL, "no mail server (smtp-url): this relay sends no mail");
      return;
    }
  if (!(password = relay_config_smtp_password (config, &error)))
    {
      say (doctor, FAIL, "mail", "see smtp-password-file in relay.conf", "%s", error->message);
      return;
    }
  way.secret = password;
  if ((smtp = relay_smtp_new (&way, &error)))
    relay_smtp_try (smtp, &result);
  if (!smtp || result.outcome != RELAY_SMTP_TAKEN)
    say (doctor, FAIL, "mail", "is the server there, its certificate good (smtp-ca-file), are user and password right?",
         "%s: %s", config->smtp_url, smtp ? result.text : error->message);
  else
    say (doctor, OK, "mail", NULL, "%s takes mail from %s", config->smtp_url, config->mail_from);
  cobro_text_wipe (password);
}

static void
look_at_fonts (Doctor *doctor)
{
  g_autoptr (GError) error = NULL;

  if (cobro_paper_check_fonts (&error))
    say (doctor, OK, "documents", NULL, "there are fonts to draw invoices with");
  else
    say (doctor, FAIL, "documents", "apt install fonts-noto-core", "%s", error->message);
}

/* ── The command ────────────────────────────────────────────────────────────────────────────────── */

static void
examine (Doctor *doctor)
{
  look_at_versions (doctor);
  look_at_permissions (doctor);
  look_at_disk (doctor);
  look_at_key (doctor);
  look_at_books (doctor);
  look_at_mail (doctor);
  look_at_fonts (doctor);
  look_from_outside (doctor);
}

int
relay_command_doctor (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  g_autofree char *json = NULL;
  GError *error = NULL;
  int code = relay_command_parse ("doctor", RELAY_COMMAND_NEEDS_ALL | RELAY_COMMAND_JSON, NULL, 0, &argc, &argv,
                                  &options, &config);
  Doctor doctor = { .config = config };

  if (code >= 0)
    return code;
  if (!relay_config_need_data (config, &error))
    return relay_command_fail (error);
  if (options.json)
    {
      doctor.writer = cobro_wire_writer_new ();
      cobro_wire_begin_array (doctor.writer, NULL);
    }
  examine (&doctor);
  if (options.json)
    {
      cobro_wire_end_array (doctor.writer);
      g_print ("%s\n", json = cobro_wire_writer_take (doctor.writer));
      cobro_wire_writer_free (doctor.writer);
    }
  return doctor.worst == FAIL ? RELAY_EXIT_FINDINGS : RELAY_EXIT_OK;
}
