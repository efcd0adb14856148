/* relay/relay-command-admin.c — what an operator does now and then: merchants, pairing codes, audit.
 * Layer: relay (composition). Thread: main. */
#include <stdio.h>
#include <unistd.h>

#include "cobro-error.h"
#include "cobro-qr.h"
#include "cobro-wire.h"
#include "config.h"
#include "relay-app.h"
#include "relay-audit.h"
#include "relay-command.h"
#include "relay-control.h"
#include "relay-exit.h"

#define PAIR_LINK "pairLink" /* also a QR code, on a terminal */
#define QR_EDGE   2          /* modules of light around it; terminals have an edge of their own */

/* What is printed for people: a label for each key of the JSON answer. */
typedef struct
{
  const char *key, *label;
  gboolean may_lack;
} Line;

/* A code that a telephone or another computer's camera reads off the terminal: two modules in a character, dark on the
 * terminal's light, or the other way round, which readers take as well. */
static void
print_qr (const char *text)
{
  g_autoptr (CobroQr) qr = cobro_qr_new (text, NULL);
  int side = qr ? (int)cobro_qr_get_size (qr) : 0;

  for (int y = -QR_EDGE; qr && y < side + QR_EDGE; y += 2)
    {
      for (int x = -QR_EDGE; x < side + QR_EDGE; x++)
        {
          /* Outside wraps around to a large number: that is light. */
          gboolean upper = !cobro_qr_is_dark (qr, (guint)x, (guint)y);
          gboolean lower = !cobro_qr_is_dark (qr, (guint)x, (guint)(y + 1));

          g_print ("%s", upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ");
        }
      g_print ("\n");
    }
}

static int
print_result (const char *json, gboolean as_json, const Line *lines, gsize n)
{
  g_autoptr (CobroWireObject) object = NULL;
  GError *error = NULL;

  if (as_json)
    {
      g_print ("%s\n", json);
      return RELAY_EXIT_OK;
    }
  if (!(object = cobro_wire_parse (json, -1, &error)))
    return relay_command_fail (error);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *text = NULL;

      if (lines[i].may_lack ? !cobro_wire_get_text (object, lines[i].key, "", &text, &error)
                            : !cobro_wire_get_text_needed (object, lines[i].key, &text, &error))
        return relay_command_fail (error);
      if (text && *text)
        g_print ("%-13s %s\n", lines[i].label, text);
      if (text && *text && g_str_equal (lines[i].key, PAIR_LINK) && isatty (STDOUT_FILENO))
        print_qr (text);
    }
  return RELAY_EXIT_OK;
}

/* The two commands that change books which a running relay may hold. */
static int
run_operation (const char *name, const char *path, RelayControlWork work, const Line *lines, gsize n, int argc,
               char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *arguments = NULL;
  g_autofree char *json = NULL;
  gboolean live = FALSE;
  const GOptionEntry extra[] = {
    { "live", 0, 0, G_OPTION_ARG_NONE, &live, "for real money; otherwise test money only", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  GError *error = NULL;
  int code = relay_command_parse (name, RELAY_COMMAND_NEEDS_DATA | RELAY_COMMAND_JSON, extra, 1, &argc, &argv, &options,
                                  &config);

  if (code >= 0)
    return code;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "subject", argv[1]);
  cobro_wire_put_bool (writer, "live", live);
  cobro_wire_put_text (writer, "publicUrl", config->public_url);
  cobro_wire_end_object (writer);
  arguments = cobro_wire_writer_take (writer);
  if (!relay_config_need_data (config, &error) || !(json = relay_control_run (config, path, work, arguments, &error)))
    return relay_command_fail (error);
  return print_result (json, options.json, lines, n);
}

int
relay_command_merchant_add (int argc, char **argv)
{
  static const Line lines[] = {
    { "merchantId", "Merchant", FALSE },   { "name", "Name", FALSE },           { "apiKey", "API key", FALSE },
    { "pairCode", "Pairing code", FALSE }, { PAIR_LINK, "Pairing link", TRUE },
  };
  int code = run_operation ("merchant add", "/control/merchants", relay_control_make_merchant, lines,
                            G_N_ELEMENTS (lines), argc, argv);

  if (code == RELAY_EXIT_OK)
    g_printerr ("The API key is shown this once. The pairing code is good for 10 minutes and one desktop.\n");
  return code;
}

int
relay_command_pair_code (int argc, char **argv)
{
  static const Line lines[] = { { "pairCode", "Pairing code", FALSE }, { PAIR_LINK, "Pairing link", TRUE } };

  return run_operation ("pair-code", "/control/pair-codes", relay_control_make_pair_code, lines, G_N_ELEMENTS (lines),
                        argc, argv);
}

/* Parses, and opens the books that have to be there already. */
static RelayStore *
open_existing (const char *name, RelayCommandNeeds needs, int operands, gboolean read_only, int *argc, char ***argv,
               RelayCommandOptions *options, int *out_code)
{
  g_autoptr (RelayConfig) config = NULL;
  RelayStore *store = NULL;
  GError *error = NULL;

  *out_code = relay_command_parse (name, needs, NULL, operands, argc, argv, options, &config);
  if (*out_code >= 0)
    return NULL;
  if (!relay_config_need_data (config, &error) || !(store = relay_app_open_store (config, read_only, &error)))
    *out_code = relay_command_fail (error);
  return store;
}

static void
print_report (const RelayAuditReport *report)
{
  for (guint i = 0; i < report->violations->len; i++)
    {
      const RelayViolation *violation = report->violations->pdata[i];
      g_print ("%s  %s: expected %s, found %s\n", violation->invariant, violation->object, violation->expected,
               violation->found);
    }
  if (report->count > report->violations->len)
    g_print ("… and %" G_GINT64_FORMAT " more\n", report->count - report->violations->len);
  g_print ("%s: %" G_GINT64_FORMAT " links, %" G_GINT64_FORMAT " payments, %" G_GINT64_FORMAT
           " facts, %" G_GINT64_FORMAT " events; %" G_GINT64_FORMAT " violations\n",
           report->count == 0 ? "clean" : "NOT CLEAN", report->links, report->payments, report->facts, report->events,
           report->count);
}

int
relay_command_audit (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  int code;
  g_autoptr (RelayStore) store =
    open_existing ("audit", RELAY_COMMAND_NEEDS_DATA | RELAY_COMMAND_JSON, 0, TRUE, &argc, &argv, &options, &code);
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (RelayAuditReport) report = NULL;
  g_autofree char *json = NULL;
  GError *error = NULL;

  if (!store)
    return code;
  if (!(reader = relay_store_read (store, &error)) ||
      !(report = relay_audit_run (reader->db, 0, cobro_clock_now (relay_store_clock (store)), &error)))
    return relay_command_fail (error);
  if (options.json)
    g_print ("%s\n", json = relay_audit_report_to_json (report));
  else
    print_report (report);
  return report->count == 0 ? RELAY_EXIT_OK : RELAY_EXIT_FINDINGS;
}

int
relay_command_version (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  int code = relay_command_parse ("version", 0, NULL, 0, &argc, &argv, &options, &config);

  if (code >= 0)
    return code;
  g_print ("cobro-relay %s\n", COBRO_VERSION);
  return RELAY_EXIT_OK;
}
