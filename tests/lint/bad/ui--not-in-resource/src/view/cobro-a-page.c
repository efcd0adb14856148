/* src/view/cobro-a-page.c — a class whose template is in no resource. Layer: view. */
static void
cobro_a_page_class_init (CobroAPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass), COBRO_RESOURCE "/ui/cobro-a-page.ui");
}
