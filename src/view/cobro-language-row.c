/* src/view/cobro-language-row.c — the language that a customer reads, to be chosen. Layer: view. Main thread. */
#include "config.h"

#include "cobro-language-row.h"

#include "cobro-country-text.h"
#include "cobro-words.h"

struct _CobroLanguageRow
{
  AdwComboRow parent_instance;
  char *automatic;
  GPtrArray *tags; /* (element-type utf8) as the list shows them */
};

G_DEFINE_FINAL_TYPE (CobroLanguageRow, cobro_language_row, ADW_TYPE_COMBO_ROW)

enum
{
  PROP_AUTOMATIC = 1,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

const char *
cobro_language_row_get_tag (CobroLanguageRow *self)
{
  guint selected;

  g_return_val_if_fail (COBRO_IS_LANGUAGE_ROW (self), "auto");

  selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  return selected < self->tags->len ? g_ptr_array_index (self->tags, selected) : "auto";
}

static void
add_language (CobroLanguageRow *self, const char *tag)
{
  GtkStringList *names = GTK_STRING_LIST (adw_combo_row_get_model (ADW_COMBO_ROW (self)));
  g_autofree char *name = cobro_language_text (tag);

  g_ptr_array_add (self->tags, g_strdup (tag));
  gtk_string_list_append (names, name);
}

void
cobro_language_row_set_tag (CobroLanguageRow *self, const char *tag)
{
  guint position = 0;

  g_return_if_fail (COBRO_IS_LANGUAGE_ROW (self));

  if (*tag && !g_ptr_array_find_with_equal_func (self->tags, tag, g_str_equal, &position))
    {
      add_language (self, tag);
      position = self->tags->len - 1;
    }
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), position);
}

static void
cobro_language_row_constructed (GObject *object)
{
  CobroLanguageRow *self = COBRO_LANGUAGE_ROW (object);
  const char *words[] = { self->automatic, NULL };
  g_autoptr (GtkStringList) names = gtk_string_list_new (words);

  G_OBJECT_CLASS (cobro_language_row_parent_class)->constructed (object);
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (names));
  g_ptr_array_add (self->tags, g_strdup ("auto"));
  for (const char *const *tag = cobro_words_languages (); *tag; tag++)
    add_language (self, *tag);
}

static void
cobro_language_row_finalize (GObject *object)
{
  CobroLanguageRow *self = COBRO_LANGUAGE_ROW (object);

  g_free (self->automatic);
  g_ptr_array_unref (self->tags);
  G_OBJECT_CLASS (cobro_language_row_parent_class)->finalize (object);
}

static void
cobro_language_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_AUTOMATIC)
    COBRO_LANGUAGE_ROW (object)->automatic = g_value_dup_string (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cobro_language_row_class_init (CobroLanguageRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = cobro_language_row_constructed;
  object_class->finalize = cobro_language_row_finalize;
  object_class->set_property = cobro_language_row_set_property;
  properties[PROP_AUTOMATIC] = g_param_spec_string ("automatic", NULL, NULL, "",
                                                    G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
cobro_language_row_init (CobroLanguageRow *self)
{
  self->tags = g_ptr_array_new_with_free_func (g_free);
}
