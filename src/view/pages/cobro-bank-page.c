/* src/view/pages/cobro-bank-page.c — an account statement matched with what is open.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-bank-page.h"

#include <glib/gi18n.h>
#include "cobro-bank-choose-dialog.h"
#include "cobro-bank-row.h"
#include "cobro-dialogs.h"
#include "cobro-hidden.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

/* Rows of a group before "Show More", and rows that are made between two frames. */
#define ROWS_FIRST 50
#define ROWS_STEP  6
#define PULSE_MS   100

enum
{
  SURE,
  PROBABLE,
  NOTHING,
  BACK,
  N_GROUPS
};

/* One group of the page. */
typedef struct
{
  GtkWidget *group;
  GtkListBox *list;
  GtkWidget *more_button;
  guint limit;     /* rows at most */
  GArray *entries; /* (nullable) (element-type CobroBankEntry) */
  guint n;         /* rows that are there */
} Group;

struct _CobroBankPage
{
  AdwBin parent_instance;
  AdwWindowTitle *window_title;
  GtkStack *stack;
  GtkProgressBar *progress;
  AdwStatusPage *ask_page;
  GtkButton *day_button;
  GtkButton *month_button;
  AdwStatusPage *error_page;
  GtkLabel *summary_label;
  GtkLabel *problem_label;
  GtkWidget *record_all_button;
  GtkWidget *sure_group, *probable_group, *nothing_group, *back_group;
  GtkListBox *sure_list, *probable_list, *nothing_list, *back_list;
  GtkWidget *sure_more, *probable_more, *nothing_more, *back_more;
  Group groups[N_GROUPS];
  CobroPayments *payments;
  CobroBusiness *business;
  CobroUndo *undo;
  CobroBankStatement *statement; /* (nullable) */
  GFile *file;                   /* (nullable) */
  GCancellable *cancellable;
  guint pulse_id, fill_id;
  int focus_group, focus_row; /* where the keyboard was before the lists were made anew; -1: elsewhere */
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (CobroBankPage, cobro_bank_page, ADW_TYPE_BIN)

enum
{
  OPENED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const CobroBankVerdict verdicts[N_GROUPS] = { COBRO_BANK_SURE, COBRO_BANK_PROBABLE, COBRO_BANK_NOTHING,
                                                     COBRO_BANK_BACK };

/* ── States ── */

static gboolean
on_pulse_cb (gpointer data)
{
  gtk_progress_bar_pulse (COBRO_BANK_PAGE (data)->progress);
  return G_SOURCE_CONTINUE;
}

static void
show_state (CobroBankPage *self, const char *name)
{
  gboolean reading = g_str_equal (name, "reading");

  gtk_stack_set_visible_child_name (self->stack, name);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  if (reading)
    self->pulse_id = g_timeout_add (PULSE_MS, on_pulse_cb, self);
}

static void
show_problem (CobroBankPage *self, const GError *error)
{
  g_autofree char *sentence = error ? cobro_view_error (error) : NULL;
  g_autofree char *text = error ? g_strdup_printf (_ ("%s Nothing was recorded."), sentence) : g_strdup ("");

  gtk_label_set_text (self->problem_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), error != NULL);
}

/* ── Words above the lists ── */

static void
append_count (GString *text, guint n, const char *one, const char *many)
{
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());

  if (n == 0)
    return;
  g_string_append (text, text->len ? " " : "");
  g_string_append_printf (text, ngettext (one, many, n), number);
}

static void
show_summary (CobroBankPage *self)
{
  CobroBankStatement *statement = self->statement;
  guint n = 0;
  guint known = cobro_bank_statement_count (statement, COBRO_BANK_KNOWN);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < BACK; i++)
    n += self->groups[i].entries->len;
  append_count (text, n, N_ ("%s transfer came in."), N_ ("%s transfers came in."));
  if (n == 0)
    g_string_append (text, known ? _ ("Everything in this statement is done.") : _ ("No money came in."));
  append_count (text, known, N_ ("%s was recorded before or is ignored."),
                N_ ("%s were recorded before or are ignored."));
  append_count (text, cobro_bank_statement_count (statement, COBRO_BANK_REVERSED),
                N_ ("%s was taken back by the bank."), N_ ("%s were taken back by the bank."));
  append_count (text, cobro_bank_statement_count (statement, COBRO_BANK_OUT), N_ ("%s went out and is left alone."),
                N_ ("%s went out and are left alone."));
  append_count (text, cobro_bank_statement_get_n_pending (statement), N_ ("%s is not booked yet."),
                N_ ("%s are not booked yet."));
  gtk_label_set_text (self->summary_label, text->str);
}

static void
show_record_all (CobroBankPage *self)
{
  guint n = self->groups[SURE].entries ? self->groups[SURE].entries->len : 0;
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());
  /* Translators: %s is a number. */
  g_autofree char *label = g_strdup_printf (_ ("_Record All %s"), number);

  gtk_button_set_label (GTK_BUTTON (self->record_all_button), label);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "bank.record-all", n > 0 && !self->busy);
}

/* ── Lists ── */

static void
note_focus (CobroBankPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row = focus ? gtk_widget_get_ancestor (focus, COBRO_TYPE_BANK_ROW) : NULL;

  self->focus_group = -1;
  for (int i = 0; row && i < N_GROUPS; i++)
    if (gtk_widget_is_ancestor (row, GTK_WIDGET (self->groups[i].list)))
      {
        self->focus_group = i;
        self->focus_row = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
      }
}

/* What had the keyboard may be gone: the page's own keys shall still be heard. */
static void
keep_focus (CobroBankPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  if (root && gtk_widget_get_mapped (GTK_WIDGET (self)) && (!focus || !gtk_widget_get_mapped (focus)))
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

/* Whoever works through the list by keyboard stays where they were. */
static void
restore_focus (CobroBankPage *self)
{
  for (int i = self->focus_group; i >= 0 && i < N_GROUPS; i++)
    {
      int at = i == self->focus_group ? MIN (self->focus_row, (int)self->groups[i].n - 1) : 0;
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->groups[i].list, at);

      if (row && gtk_widget_child_focus (GTK_WIDGET (row), GTK_DIR_TAB_FORWARD))
        break;
    }
  self->focus_group = -1;
  keep_focus (self);
}

static void
add_row (CobroBankPage *self, Group *group)
{
  gtk_list_box_append (group->list, cobro_bank_row_new (&g_array_index (group->entries, CobroBankEntry, group->n++),
                                                        cobro_bank_statement_get_targets (self->statement)));
}

/* FALSE: there is nothing more to make. */
static gboolean
make_rows (CobroBankPage *self, guint most)
{
  for (guint i = 0; i < N_GROUPS; i++)
    {
      Group *group = &self->groups[i];

      while (group->entries && group->n < MIN (group->entries->len, group->limit))
        {
          if (most-- == 0)
            return TRUE;
          add_row (self, group);
        }
    }
  return FALSE;
}

static gboolean
on_fill_cb (gpointer data)
{
  CobroBankPage *self = data;

  if (make_rows (self, ROWS_STEP))
    return G_SOURCE_CONTINUE;
  self->fill_id = 0;
  restore_focus (self);
  return G_SOURCE_REMOVE;
}

static void
clear_lists (CobroBankPage *self)
{
  GtkWidget *child;

  g_clear_handle_id (&self->fill_id, g_source_remove);
  for (guint i = 0; i < N_GROUPS; i++)
    {
      Group *group = &self->groups[i];

      g_clear_pointer (&group->entries, g_array_unref);
      group->n = 0;
      while ((child = gtk_widget_get_first_child (GTK_WIDGET (group->list))))
        gtk_list_box_remove (group->list, child);
    }
}

static void
fill (CobroBankPage *self)
{
  if (make_rows (self, ROWS_STEP))
    self->fill_id = g_idle_add (on_fill_cb, self);
  else
    restore_focus (self);
}

static void
show_statement (CobroBankPage *self)
{
  note_focus (self);
  clear_lists (self);
  for (guint i = 0; i < N_GROUPS; i++)
    {
      Group *group = &self->groups[i];

      group->entries = cobro_bank_statement_list (self->statement, verdicts[i]);
      gtk_widget_set_visible (group->group, group->entries->len > 0);
      gtk_widget_set_visible (group->more_button, group->entries->len > group->limit);
    }
  show_summary (self);
  show_record_all (self);
  fill (self);
}

static void
on_more_clicked_cb (CobroBankPage *self, GtkButton *button)
{
  for (guint i = 0; i < N_GROUPS; i++)
    if (self->groups[i].more_button == GTK_WIDGET (button))
      {
        self->groups[i].limit += ROWS_FIRST;
        gtk_widget_set_visible (GTK_WIDGET (button), self->groups[i].entries->len > self->groups[i].limit);
      }
  if (!self->fill_id)
    fill (self);
}

/* ── Opening ── */

static void
on_failed_cb (CobroBankPage *self, const GError *error)
{
  show_problem (self, error);
}

static void
show_question (CobroBankPage *self, const char *date)
{
  /* Translators: %s is a date such as 03/04/2026. */
  g_autofree char *text =
    g_strdup_printf (_ ("Every date in this file reads both ways, such as %s. Which comes first?"), date);

  adw_status_page_set_description (self->ask_page, text);
  show_state (self, "ask");
  gtk_widget_grab_focus (GTK_WIDGET (self->day_button));
}

static void
take_statement (CobroBankPage *self, CobroBankStatement *statement)
{
  g_set_object (&self->statement, statement);
  g_signal_connect_object (statement, "changed", G_CALLBACK (show_statement), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (statement, "failed", G_CALLBACK (on_failed_cb), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < N_GROUPS; i++)
    self->groups[i].limit = ROWS_FIRST;
  show_problem (self, NULL);
  show_statement (self);
  show_state (self, "list");
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroBankPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroBankStatement) statement = cobro_bank_statement_open_finish (result, &error);
  g_autofree char *sentence = NULL;
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->payments)
    return;
  if (statement && *cobro_bank_statement_get_unclear (statement))
    return show_question (self, cobro_bank_statement_get_unclear (statement));
  if (statement)
    return take_statement (self, statement);
  sentence = cobro_view_error (error);
  text = g_strdup_printf (_ ("%s Nothing was recorded. Cobro reads CAMT.053, MT940 and CSV."), sentence);
  adw_status_page_set_description (self->error_page, text);
  show_state (self, "error");
}

static void
leave_statement (CobroBankPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  clear_lists (self);
  if (self->statement)
    g_signal_handlers_disconnect_by_data (self->statement, self);
  g_clear_object (&self->statement);
}

static void
open_as (CobroBankPage *self, CobroBankOrder order)
{
  g_autofree char *name = g_file_get_basename (self->file);

  leave_statement (self);
  self->cancellable = g_cancellable_new ();
  adw_window_title_set_subtitle (self->window_title, name);
  show_state (self, "reading");
  cobro_bank_statement_open_async (self->payments, self->business, self->undo, self->file, order, self->cancellable,
                                   on_opened_cb, g_object_ref (self));
}

void
cobro_bank_page_open (CobroBankPage *self, GFile *file)
{
  g_return_if_fail (COBRO_IS_BANK_PAGE (self));

  g_set_object (&self->file, file);
  open_as (self, COBRO_BANK_ORDER_UNKNOWN);
  g_signal_emit (self, signals[OPENED], 0);
}

static void
on_file_chosen (GFile *file, gpointer data)
{
  CobroBankPage *self = data;

  if (self->payments)
    cobro_bank_page_open (self, file);
}

void
cobro_bank_page_ask (CobroBankPage *self)
{
  g_return_if_fail (COBRO_IS_BANK_PAGE (self));

  cobro_dialogs_open (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _ ("Match Bank Statement"), NULL,
                      on_file_chosen, g_object_ref (self), g_object_unref);
}

static void
on_day_clicked_cb (CobroBankPage *self)
{
  open_as (self, COBRO_BANK_DAY_FIRST);
}

static void
on_month_clicked_cb (CobroBankPage *self)
{
  open_as (self, COBRO_BANK_MONTH_FIRST);
}

/* ── What people do with a line ── */

static void
on_recorded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroBankPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean recorded = cobro_bank_statement_accept_finish (COBRO_BANK_STATEMENT (source), result, &error);

  self->busy = FALSE;
  if (self->statement != COBRO_BANK_STATEMENT (source))
    return;
  show_problem (self, recorded ? NULL : error);
  show_record_all (self);
}

static void
record (CobroBankPage *self, GArray *indexes)
{
  g_autofree char *number = cobro_number_text (indexes->len, cobro_view_locale ());
  /* Translators: %s is a number. */
  g_autofree char *done =
    g_strdup_printf (ngettext ("%s transfer recorded", "%s transfers recorded", indexes->len), number);

  if (self->busy || !self->statement || indexes->len == 0)
    return;
  self->busy = TRUE;
  show_record_all (self);
  cobro_bank_statement_accept_async (self->statement, indexes, done, on_recorded_cb, g_object_ref (self));
}

static void
record_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));
  guint index = g_variant_get_uint32 (parameter);

  g_array_append_val (indexes, index);
  record (COBRO_BANK_PAGE (widget), indexes);
}

static void
record_all_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroBankPage *self = COBRO_BANK_PAGE (widget);
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));
  const GArray *sure = self->groups[SURE].entries;

  for (guint i = 0; sure && i < sure->len; i++)
    g_array_append_val (indexes, g_array_index (sure, CobroBankEntry, i).index);
  record (self, indexes);
}

static void
choose_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroBankPage *self = COBRO_BANK_PAGE (widget);

  if (self->statement)
    gtk_window_present (GTK_WINDOW (cobro_bank_choose_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)),
                                                                  self->statement, g_variant_get_uint32 (parameter))));
}

static void
ignore_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroBankPage *self = COBRO_BANK_PAGE (widget);

  if (self->statement)
    cobro_bank_statement_ignore (self->statement, g_variant_get_uint32 (parameter), _ ("Transfer ignored"));
}

static void
ask_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  cobro_bank_page_ask (COBRO_BANK_PAGE (widget));
}

/* ── The object ── */

void
cobro_bank_page_set_models (CobroBankPage *self, CobroPayments *payments, CobroBusiness *business, CobroUndo *undo)
{
  g_return_if_fail (COBRO_IS_BANK_PAGE (self));

  leave_statement (self);
  g_clear_object (&self->file);
  g_set_object (&self->payments, payments);
  g_set_object (&self->business, business);
  g_set_object (&self->undo, undo);
}

static void
cobro_bank_page_dispose (GObject *object)
{
  CobroBankPage *self = COBRO_BANK_PAGE (object);

  g_clear_handle_id (&self->pulse_id, g_source_remove);
  if (self->payments)
    cobro_bank_page_set_models (self, NULL, NULL, NULL);
  G_OBJECT_CLASS (cobro_bank_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, progress);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, ask_page);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, day_button);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, month_button);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, record_all_button);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, sure_group);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, probable_group);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, nothing_group);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, back_group);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, sure_list);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, probable_list);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, nothing_list);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, back_list);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, sure_more);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, probable_more);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, nothing_more);
  gtk_widget_class_bind_template_child (widget_class, CobroBankPage, back_more);
}

static void
cobro_bank_page_class_init (CobroBankPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_bank_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-bank-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_day_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_month_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_more_clicked_cb);
  gtk_widget_class_install_action (widget_class, "bank.record", "u", record_action);
  gtk_widget_class_install_action (widget_class, "bank.record-all", NULL, record_all_action);
  gtk_widget_class_install_action (widget_class, "bank.choose", "u", choose_action);
  gtk_widget_class_install_action (widget_class, "bank.ignore", "u", ignore_action);
  gtk_widget_class_install_action (widget_class, "bank.ask", NULL, ask_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "bank.record-all", NULL);
  signals[OPENED] =
    g_signal_new ("opened", COBRO_TYPE_BANK_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_bank_page_init (CobroBankPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_hidden_follow_stack (self->stack);
  self->groups[SURE] = (Group){ .group = self->sure_group, .list = self->sure_list, .more_button = self->sure_more };
  self->groups[PROBABLE] =
    (Group){ .group = self->probable_group, .list = self->probable_list, .more_button = self->probable_more };
  self->groups[NOTHING] =
    (Group){ .group = self->nothing_group, .list = self->nothing_list, .more_button = self->nothing_more };
  self->groups[BACK] = (Group){ .group = self->back_group, .list = self->back_list, .more_button = self->back_more };
  self->focus_group = -1;
}
