/* tests/ui/native/test-attention.c — the place "Needs Attention": every kind says what happened, what it means and by
 * when; its buttons do it, and what can be taken back is. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "attention-fixture.h"

static void
set_up (UiFixture *self, gconstpointer data)
{
  ui_fixture_set_up (self, data);
  pair_books (&self->books);
  attention_fill (&self->books);
  ui_settle ();
  ui_fixture_open (self);
  wait_until (cobro_attention_get_count (self->attention) == 15);
  gtk_stack_set_visible_child_name (GTK_STACK (ui_id (self->window, "content_stack")), "attention");
  ui_settle ();
}

static GtkWidget *
page_of (UiFixture *self)
{
  return ui_page (self->window, "attention");
}

/* The row with that title. */
static GtkWidget *
row_of (UiFixture *self, const char *title)
{
  GtkWidget *label = ui_find_label (page_of (self), title);

  if (!label)
    g_error ("no row says \"%s\"", title);
  return gtk_widget_get_ancestor (label, GTK_TYPE_LIST_BOX_ROW);
}

static void
press (UiFixture *self, const char *title, const char *name)
{
  GtkWidget *button = ui_button (row_of (self, title), name);

  if (!button)
    g_error ("\"%s\" has no button \"%s\"", title, name);
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
is_gone (UiFixture *self, const char *title)
{
  ui_settle ();
  return ui_find_label (page_of (self), title) == NULL;
}

/* The newest step, once there is something to take back. */
static void
take_back (UiFixture *self)
{
  wait_until (cobro_undo_get_can_undo (cobro_links_get_undo (self->links)));
  ui_settle ();
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->window), "win.undo", NULL));
}

/* proves: OPL-2 */
static void
test_every_kind (UiFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *title, *says, *buttons[3];
  } rows[] = {
    { "A payment of €40.00 is disputed", "Answer by Nov 21, 2023.", { "I Have Answered" } },
    { "A dispute was lost: €30.00", "Lost · Ana · Nov 14, 2023", { "Dismiss" } },
    { "Charged twice: €12.00 more", NULL, { "Refund €12.00", "Settled Elsewhere" } },
    { "Another amount came: €9.00",
      "The provider reports €9.00 where €13.00 was asked for. Nothing counts as paid until you decide. Reason given: "
      "its "
      "amount is not what was asked.",
      { "Refund €9.00", "Accept It", "Settled Elsewhere" } },
    { "A provider’s message was set aside", NULL, { "Dismiss" } },
    { "A refund of €5.00 did not go through",
      "The customer has not got it. The money is still in your account. Reason given: the provider refused it.",
      { "Try Again", "Dismiss" } },
    { "Paid twice: €14.00", "Coffee beans · Ana · Nov 14, 2023", { "Refund €14.00", "Keep the Money" } },
    { "Paid after closing: €15.00", NULL, { "Refund €15.00", "Keep the Money" } },
    { "Paid too much: €5.00", "€16.00 was asked for, and €5.00 more is in your account.", { "Refund €5.00" } },
    { "Partly paid: €60.00 still lacking",
      "€40.00 of €100.00 is there. The rest is still owed.",
      { "Copy Link", "Close and Keep", "Refund What Came" } },
    { "A mail was not delivered", NULL, { "Dismiss" } },
    { "A webhook endpoint was switched off", NULL, { "Switch On Again", "Dismiss" } },
    { "A webhook message was given up", NULL, { "Send Again", "Dismiss" } },
    { "Changed on two computers", NULL, { "Keep as It Is", "Use the Other Value" } },
    { "The relay did not take a change", NULL, { "Dismiss" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GtkWidget *row = row_of (self, rows[i].title);

      if (rows[i].says && !ui_find_label (row, rows[i].says))
        g_error ("\"%s\" does not say \"%s\"", rows[i].title, rows[i].says);
      for (gsize k = 0; k < G_N_ELEMENTS (rows[i].buttons) && rows[i].buttons[k]; k++)
        if (!ui_button (row, rows[i].buttons[k]))
          g_error ("\"%s\" has no button \"%s\"", rows[i].title, rows[i].buttons[k]);
    }
  g_assert_nonnull (ui_find_label (ui_id (self->window, "places"), "15"));
  ui_picture (self->window, "attention");
}

/* Kept, and taken back; the count in the sidebar follows. */
static void
test_keep (UiFixture *self, gconstpointer data)
{
  press (self, "Paid twice: €14.00", "Keep the Money");
  wait_until (is_gone (self, "Paid twice: €14.00"));
  g_assert_cmpuint (cobro_attention_get_count (self->attention), ==, 14);
  g_assert_nonnull (ui_find_label (ui_id (self->window, "places"), "14"));
  take_back (self);
  wait_until (!is_gone (self, "Paid twice: €14.00"));
}

/* One click orders the refund; within the time it can be taken back, and then nothing was ordered. */
static void
test_refund (UiFixture *self, gconstpointer data)
{
  press (self, "Paid too much: €5.00", "Refund €5.00");
  wait_until (is_gone (self, "Paid too much: €5.00"));
  g_assert_cmpint (count_in_books (&self->books, "SELECT sum (amount) AS n FROM refund_order WHERE state = 0"), ==,
                   500);
  take_back (self);
  wait_until (!is_gone (self, "Paid too much: €5.00"));
  g_assert_cmpint (count_in_books (&self->books, "SELECT count(*) AS n FROM refund_order WHERE state = 0"), ==, 0);
}

/* Mine, or theirs: both end the conflict; theirs can be taken back. */
static void
test_conflict (UiFixture *self, gconstpointer data)
{
  const char *theirs = "SELECT count(*) AS n FROM link WHERE document LIKE '%Roasted in Oslo%'";

  press (self, "Changed on two computers", "Use the Other Value");
  wait_until (is_gone (self, "Changed on two computers"));
  g_assert_cmpint (count_in_books (&self->books, theirs), ==, 1);
  take_back (self);
  wait_until (count_in_books (&self->books, theirs) == 0);
}

static void
test_mine (UiFixture *self, gconstpointer data)
{
  press (self, "Changed on two computers", "Keep as It Is");
  wait_until (is_gone (self, "Changed on two computers"));
}

/* When everything is put away, the page says that nothing needs anybody. */
static void
test_empty (UiFixture *self, gconstpointer data)
{
  exec_in_books (&self->books, "DELETE FROM payment; DELETE FROM event; DELETE FROM refund_order; DELETE FROM link;");
  cobro_attention_look_again (self->attention);
  wait_until (cobro_attention_get_count (self->attention) == 0);
  ui_settle ();
  g_assert_nonnull (ui_find_label (page_of (self), "Nothing Needs You"));
  g_assert_null (ui_find_label (ui_id (self->window, "places"), "15"));
  ui_picture (self->window, "attention-empty");
}

static void
check_name (GtkWidget *widget, gpointer data)
{
  guint *buttons = data;

  if (!GTK_IS_BUTTON (widget) || !gtk_widget_is_drawable (widget))
    return;
  ++*buttons;
  if (!gtk_button_get_label (GTK_BUTTON (widget)) && !gtk_widget_get_tooltip_text (widget) &&
      !gtk_button_get_child (GTK_BUTTON (widget)))
    g_error ("a button has no name");
}

/* Every button is reached by Tab and has a name; on a narrow window, too. */
static void
test_narrow (UiFixture *self, gconstpointer data)
{
  guint buttons = 0;

  gtk_window_set_default_size (GTK_WINDOW (self->window), 360, 700);
  ui_settle ();
  ui_walk (page_of (self), check_name, &buttons);
  g_assert_cmpuint (buttons, >, 20);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (self->window)), <=, 362);
  ui_picture (self->window, "attention-360");
}

/* A notification leads to its row: scrolled to, with the keyboard on it. What is settled meanwhile leads to the place.
 */
static void
test_led_to (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroMatter) delivery = attention_find (&self->books, COBRO_MATTER_DELIVERY);
  g_autofree char *key = cobro_matter_dup_key (delivery);
  GtkAdjustment *scroll;

  cobro_window_open_place (self->window, "links");
  ui_settle ();
  cobro_window_show_matter (self->window, key);
  ui_settle ();
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (self->window)) == row_of (self, "A webhook message was given up"));
  scroll = gtk_scrolled_window_get_vadjustment (
    GTK_SCROLLED_WINDOW (gtk_widget_get_ancestor (ui_id (self->window, "list"), GTK_TYPE_SCROLLED_WINDOW)));
  wait_until (gtk_adjustment_get_value (scroll) > 0);
  ui_picture (self->window, "attention-led-to");

  cobro_window_open_place (self->window, "links");
  cobro_window_show_matter (self->window, "0:pay_gone");
  ui_settle ();
  g_assert_true (gtk_widget_get_mapped (page_of (self)));
}

static void
test_dark (UiFixture *self, gconstpointer data)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  ui_settle ();
  ui_picture (self->window, "attention-dark");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
}

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
#define ADD(path, func) g_test_add (path, UiFixture, NULL, set_up, func, ui_fixture_tear_down)
  ADD ("/attention/every-kind", test_every_kind);
  ADD ("/attention/keep", test_keep);
  ADD ("/attention/refund", test_refund);
  ADD ("/attention/conflict", test_conflict);
  ADD ("/attention/mine", test_mine);
  ADD ("/attention/empty", test_empty);
  ADD ("/attention/narrow", test_narrow);
  ADD ("/attention/led-to", test_led_to);
  ADD ("/attention/dark", test_dark);
  return g_test_run ();
}
