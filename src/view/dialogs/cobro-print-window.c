/* src/view/dialogs/cobro-print-window.c — what will come out of the printer, before it does.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-print-window.h"

#include "cobro-paper-pages.h"

struct _CobroPrintWindow
{
  AdwWindow parent_instance;
  AdwWindowTitle *window_title;
  GtkBox *pages_box;
};

G_DEFINE_FINAL_TYPE (CobroPrintWindow, cobro_print_window, ADW_TYPE_WINDOW)

enum
{
  PRINT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Closed first: the system's dialog belongs to the window below. */
static void
print_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autoptr (GtkWindow) self = g_object_ref (GTK_WINDOW (widget));
  GtkWindow *parent = gtk_window_get_transient_for (self);

  gtk_window_close (self);
  g_signal_emit (self, signals[PRINT], 0, parent);
}

static void
cobro_print_window_class_init (CobroPrintWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[PRINT] = g_signal_new ("print", COBRO_TYPE_PRINT_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, GTK_TYPE_WINDOW);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "print.again", NULL);
  gtk_widget_class_install_action (widget_class, "print.again", NULL, print_action);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-print-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroPrintWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, CobroPrintWindow, pages_box);
}

static void
cobro_print_window_init (CobroPrintWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroPrintWindow *
cobro_print_window_new (GtkWindow *parent, CobroPaper *paper, const char *name)
{
  CobroPrintWindow *self = g_object_new (COBRO_TYPE_PRINT_WINDOW, "transient-for", parent, NULL);

  adw_window_title_set_subtitle (self->window_title, name);
  cobro_paper_pages_show (self->pages_box, paper);
  return self;
}
