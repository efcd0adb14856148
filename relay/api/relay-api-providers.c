/* relay/api/relay-api-providers.c — accounts at payment providers: what is set, changing it, trying it out. Secrets are
 * written and never read again. Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-settings.h"

#define SECRET_NAME  "webhookSecret"
#define POSITION_MAX 999

static void
put_text_or_null (CobroWireWriter *writer, const char *key, const char *text)
{
  cobro_wire_put_text (writer, key, text != NULL && *text != '\0' ? text : NULL);
}

static void
write_setting (CobroWireWriter *writer, const RelaySetting *setting, const RelayAccountRecord *record)
{
  const char *value = g_hash_table_lookup (record->settings, setting->name);

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "name", setting->name);
  cobro_wire_put_text (writer, "title", setting->title);
  cobro_wire_put_text (writer, "help", setting->help);
  cobro_wire_put_text (writer, "kind", relay_setting_kind_name (setting->kind));
  cobro_wire_put_bool (writer, "required", setting->required);
  cobro_wire_put_text (writer, "default", setting->initial);
  cobro_wire_put_text (writer, "value", setting->kind != RELAY_SETTING_SECRET ? value : NULL);
  cobro_wire_put_bool (writer, "isSet", value != NULL);
  cobro_wire_put_time (writer, "setAt", relay_account_get_set (record, setting->name));
  cobro_wire_end_object (writer);
}

static void
write_methods (CobroWireWriter *writer, guint methods)
{
  cobro_wire_begin_array (writer, "methods");
  for (guint bit = COBRO_METHOD_CARD; bit <= COBRO_METHOD_STORE; bit <<= 1)
    if ((methods & bit) != 0)
      cobro_wire_put_text (writer, NULL, cobro_method_name ((CobroMethods)bit));
  cobro_wire_end_array (writer);
}

/* null: every currency. */
static void
write_currencies (CobroWireWriter *writer, const RelayCurrencies *table)
{
  if (table == NULL || table->rest.maximum > 0)
    {
      cobro_wire_put_null (writer, "currencies");
      return;
    }
  cobro_wire_begin_array (writer, "currencies");
  for (guint i = 0; i < table->n_rules; i++)
    cobro_wire_put_text (writer, NULL, table->rules[i].code);
  cobro_wire_end_array (writer);
}

static void
write_secret (CobroWireWriter *writer, const RelayAccountRecord *record)
{
  cobro_wire_begin_object (writer, SECRET_NAME);
  cobro_wire_put_bool (writer, "isSet", record->webhook_secrets->len > 0);
  cobro_wire_put_time (writer, "setAt", relay_account_get_set (record, SECRET_NAME));
  cobro_wire_put_time (writer, "previousUntil", record->webhook_secrets->len > 1 ? record->old_secret_until : 0);
  cobro_wire_end_object (writer);
}

static const char *
status_of (RelayContext *ctx, const RelayAccountRecord *record)
{
  if (*record->id == '\0')
    return "not_set_up";
  if (!record->enabled)
    return "disabled";
  return relay_settings_is_degraded (ctx->checkout, record, NULL) ? "degraded" : "ready";
}

static void
write_provider (RelayContext *ctx, CobroWireWriter *writer, const RelayProviderClass *class,
                const RelayAccountRecord *record)
{
  g_autofree char *url =
    *record->id != '\0' ? g_strdup_printf ("%s/webhooks/%s/%s", ctx->public_url, class->name, record->id) : NULL;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "name", class->name);
  cobro_wire_put_text (writer, "title", class->title);
  cobro_wire_put_bool (writer, "livemode", record->livemode);
  cobro_wire_put_bool (writer, "testOnly", class->test_only);
  write_methods (writer, class->methods);
  write_currencies (writer, class->currencies);
  cobro_wire_put_bool (writer, "embeds", class->embeds);
  cobro_wire_put_bool (writer, "enabled", record->enabled);
  cobro_wire_put_text (writer, "status", status_of (ctx, record));
  put_text_or_null (writer, "account", record->id);
  cobro_wire_put_text (writer, "webhookUrl", url);
  put_text_or_null (writer, "notice", record->notice);
  cobro_wire_put_int64 (writer, "position", record->position);
  relay_account_rules_write (writer, "rules", record->rules);
  write_secret (writer, record);
  cobro_wire_begin_array (writer, "settings");
  for (guint i = 0; i < class->n_settings; i++)
    write_setting (writer, &class->settings[i], record);
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
}

static RelayReply *
reply (RelayContext *ctx, RelayRequest *request, const RelayAccountRecord *record)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  write_provider (ctx, writer, relay_providers_find (ctx->providers, record->provider)->class, record);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}

RelayReply *
relay_api_providers_list (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autoptr (GError) error = NULL;

  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < relay_providers_count (ctx->providers); i++)
    {
      const RelayProviderClass *class = relay_providers_get (ctx->providers, i)->class;
      g_autoptr (RelayAccountRecord) record = relay_settings_read (ctx->checkout, &scope, class->name, &error);

      if (record == NULL)
        return relay_reply_problem (request, error);
      write_provider (ctx, writer, class, record);
    }
  cobro_wire_end_array (writer);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}

RelayReply *
relay_api_providers_read (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayAccountRecord) record =
    relay_settings_read (ctx->checkout, &scope, relay_request_param (request, "name"), &error);

  return record != NULL ? reply (ctx, request, record) : relay_reply_problem (request, error);
}

/* ── Changing ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* Owns what @change points to. */
typedef struct
{
  RelayAccountChange change;
  GHashTable *settings;
  GArray *rules;
  char *secret;
} Body;

static void
body_clear (Body *body)
{
  g_clear_pointer (&body->settings, g_hash_table_unref);
  g_clear_pointer (&body->rules, g_array_unref);
  g_free (body->secret);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Body, body_clear)

static gboolean
parse (RelayRequest *request, Body *body, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);
  gboolean enabled;

  body->change.enabled = -1;
  if (json == NULL)
    return FALSE;
  if (cobro_wire_has (json, "enabled"))
    {
      if (!cobro_wire_get_bool (json, "enabled", FALSE, &enabled, error))
        return FALSE;
      body->change.enabled = enabled;
    }
  body->change.position = -1;
  if (cobro_wire_has (json, "position"))
    {
      if (!cobro_wire_get_int64 (json, "position", 0, &body->change.position, error))
        return FALSE;
      if (body->change.position < 0 || body->change.position > POSITION_MAX)
        return cobro_wire_refuse (json, "position", error, "must be from 0 to %d", POSITION_MAX);
    }
  if (cobro_wire_has (json, "rules"))
    {
      if (!(body->rules = relay_account_rules_read (json, "rules", error)))
        return FALSE;
      body->change.rules = body->rules;
    }
  if (cobro_wire_has (json, "settings"))
    {
      if (!cobro_wire_get_map (json, "settings", &body->settings, error))
        return FALSE;
      body->change.settings = body->settings;
    }
  if (cobro_wire_has (json, SECRET_NAME))
    {
      if (!cobro_wire_get_text (json, SECRET_NAME, "", &body->secret, error))
        return FALSE;
      body->change.webhook_secret = body->secret;
    }
  return cobro_wire_done (json, error);
}

RelayReply *
relay_api_providers_change (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_auto (Body) body = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayAccountRecord) record = NULL;

  if (!parse (request, &body, &error) ||
      !(record =
          relay_settings_change (ctx->checkout, &scope, relay_request_param (request, "name"), &body.change, &error)))
    return relay_reply_problem (request, error);
  return reply (ctx, request, record);
}

RelayReply *
relay_api_providers_rotate (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;
  g_autofree char *secret = NULL;
  CobroTime old_until = 0;

  if (!relay_api_check_no_body (request, &error) ||
      !(secret =
          relay_settings_new_secret (ctx->checkout, &scope, relay_request_param (request, "name"), &old_until, &error)))
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, SECRET_NAME, secret);
  cobro_wire_put_time (writer, "previousUntil", old_until);
  cobro_wire_end_object (writer);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}

RelayReply *
relay_api_providers_test (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;
  g_autofree char *words = NULL;
  gboolean ok;

  if (!relay_api_check_no_body (request, &error) ||
      !relay_settings_test (ctx->checkout, &scope, relay_request_param (request, "name"), &ok, &words, &error))
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "ok", ok);
  cobro_wire_put_text (writer, "message", words);
  cobro_wire_end_object (writer);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}
