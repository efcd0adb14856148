/* src/app/cobro-context.c — builds everything and joins it.
 * Layer: app. Main thread. */
#include "config.h"

#include "cobro-context.h"

#include "cobro-sample-store.h"
#include "cobro-secrets.h"

#define BOOKS     "books.sqlite"
#define RELAY     "cobro-relay"
#define RELAY_ENV "COBRO_RELAY" /* names another relay program to practise with */
#define PRACTICE  "practice"

static char *
own_folder (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program ? g_path_get_dirname (program) : NULL;
}

gboolean
cobro_context_is_uninstalled (void)
{
  g_autofree char *folder = own_folder ();

  return folder && g_str_has_prefix (folder, COBRO_BUILDDIR);
}

char *
cobro_context_dup_default_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "cobro", NULL);
}

/* (transfer full) (nullable) the relay that belongs to this program: beside it, where it was built, or on the path. */
static char *
find_relay (void)
{
  g_autofree char *folder = own_folder ();
  g_autofree char *beside = folder ? g_build_filename (folder, RELAY, NULL) : NULL;
  g_autofree char *built = g_build_filename (COBRO_BUILDDIR, "relay", RELAY, NULL);
  const char *named = g_getenv (RELAY_ENV);

  if (named && *named)
    return g_strdup (named);
  if (beside && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  if (cobro_context_is_uninstalled () && g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);
  return g_find_program_in_path (RELAY);
}

static CobroConnection *
make_connection (CobroContext *context, CobroSecrets *secrets, const char *folder)
{
  g_autofree char *relay = find_relay ();
  g_autofree char *data = g_build_filename (folder, PRACTICE, NULL);
  gboolean may_practise = relay && !cobro_sample_store_is (context->store);
  g_autoptr (CobroPractice) practice = may_practise ? cobro_practice_new (relay, data) : NULL;

  return cobro_connection_new (context->store, context->engine, COBRO_KEYRING (secrets), practice);
}

static CobroContext *
compose (const char *folder, CobroStore *take_store)
{
  g_autofree char *usual = cobro_context_dup_default_folder ();
  g_autoptr (CobroSecrets) secrets = cobro_secrets_new (g_str_equal (folder, usual) ? "" : folder);
  CobroContext *context = g_new0 (CobroContext, 1);

  context->store = take_store;
  context->engine = cobro_sync_engine_new (context->store);
  context->connection = make_connection (context, secrets, folder);
  context->overview = cobro_overview_new (context->store);
  context->links = cobro_links_new (context->store);
  context->business = cobro_business_new (context->store);
  context->providers =
    cobro_providers_new (context->store, context->engine, context->connection, COBRO_KEYRING (secrets));
  context->refunds = cobro_refunds_new (context->links, context->engine, context->connection);
  context->invoices = cobro_invoices_new (context->store, cobro_links_get_undo (context->links));
  context->customers = cobro_customers_new (context->store, cobro_links_get_undo (context->links));
  context->products = cobro_products_new (context->store, cobro_links_get_undo (context->links));
  context->payments = cobro_payments_new (context->store);
  context->developers =
    cobro_developers_new (context->store, context->engine, context->connection, cobro_links_get_undo (context->links));
  context->events = cobro_events_new (context->store);
  context->schedules = cobro_schedules_new (context->store);
  context->attention = cobro_attention_new (context->links, context->invoices, context->refunds, context->engine);
  context->books_import = cobro_books_import_new (context->store, context->business);
  context->books_export = cobro_books_export_new (context->store, context->business);
  context->backups = cobro_backups_new (context->store);
  return context;
}

char *
cobro_context_dup_books (const char *folder)
{
  return g_build_filename (folder, BOOKS, NULL);
}

/* What the books of @folder are opened with; the members are the caller's. */
static CobroStoreConfig
make_config (const char *folder)
{
  return (CobroStoreConfig){ .path = cobro_context_dup_books (folder),
                             .clock = cobro_clock_new_system (),
                             .random = cobro_random_new_system (),
                             .codec = cobro_sync_codec () };
}

static void
clear_config (CobroStoreConfig *config)
{
  g_free ((char *)config->path);
  cobro_clock_unref (config->clock);
  cobro_random_unref (config->random);
}

CobroContext *
cobro_context_new (const char *folder, GError **error)
{
  CobroStoreConfig config = make_config (folder);
  CobroStore *store = cobro_store_open (&config, error);

  clear_config (&config);
  return store ? compose (folder, store) : NULL;
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CobroStore *store = cobro_store_open_finish (result, &error);

  if (store)
    g_task_return_pointer (task, compose (g_task_get_task_data (task), store), (GDestroyNotify)cobro_context_free);
  else
    g_task_return_error (task, error);
}

void
cobro_context_open_async (const char *folder, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  CobroStoreConfig config = make_config (folder);

  g_task_set_source_tag (task, cobro_context_open_async);
  g_task_set_task_data (task, g_strdup (folder), g_free);
  cobro_store_open_async (&config, on_opened_cb, task);
  clear_config (&config);
}

CobroContext *
cobro_context_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cobro_context_open_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

CobroWindowModels
cobro_context_get_models (CobroContext *context, CobroBookshelf *bookshelf)
{
  return (CobroWindowModels){ .overview = context->overview,
                              .links = context->links,
                              .business = context->business,
                              .bookshelf = bookshelf,
                              .connection = context->connection,
                              .providers = context->providers,
                              .refunds = context->refunds,
                              .invoices = context->invoices,
                              .customers = context->customers,
                              .products = context->products,
                              .payments = context->payments,
                              .developers = context->developers,
                              .events = context->events,
                              .schedules = context->schedules,
                              .attention = context->attention,
                              .books_import = context->books_import,
                              .books_export = context->books_export,
                              .backups = context->backups };
}

/* Whoever asks the relay something stops asking before the books close. */
static void
stop_asking (CobroContext *context)
{
  g_object_run_dispose (G_OBJECT (context->attention));
  g_object_run_dispose (G_OBJECT (context->refunds));
  g_object_run_dispose (G_OBJECT (context->providers));
  g_object_run_dispose (G_OBJECT (context->backups));
}

static void
free_models (CobroContext *context)
{
  g_clear_object (&context->attention);
  g_clear_object (&context->refunds);
  g_clear_object (&context->providers);
  g_clear_object (&context->backups);
  g_clear_object (&context->books_export);
  g_clear_object (&context->books_import);
  g_clear_object (&context->schedules);
  g_clear_object (&context->events);
  g_clear_object (&context->developers);
  g_clear_object (&context->payments);
  g_clear_object (&context->products);
  g_clear_object (&context->customers);
  g_clear_object (&context->invoices);
  g_clear_object (&context->links);
  g_clear_object (&context->overview);
  g_clear_object (&context->business);
  g_clear_object (&context->connection);
  g_clear_object (&context->engine);
}

void
cobro_context_free (CobroContext *context)
{
  stop_asking (context);
  cobro_connection_stop (context->connection);
  free_models (context);
  cobro_store_close (context->store);
  g_clear_object (&context->store);
  g_free (context);
}

static void
on_closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  cobro_store_close_finish (COBRO_STORE (source), result);
  g_task_return_boolean (task, TRUE);
}

static void
on_stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CobroContext *context = g_task_get_task_data (task);
  g_autoptr (CobroStore) store = g_steal_pointer (&context->store);

  cobro_connection_stop_finish (COBRO_CONNECTION (source), result);
  free_models (context);
  cobro_store_close_async (store, on_closed_cb, task);
}

void
cobro_context_close_async (CobroContext *take_context, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, cobro_context_close_async);
  g_task_set_task_data (task, take_context, g_free);
  stop_asking (take_context);
  cobro_connection_stop_async (take_context->connection, on_stopped_cb, task);
}

void
cobro_context_close_finish (GAsyncResult *result)
{
  g_return_if_fail (g_async_result_is_tagged (result, cobro_context_close_async));

  g_task_propagate_boolean (G_TASK (result), NULL);
}
