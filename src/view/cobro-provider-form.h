/* src/view/cobro-provider-form.h — the fields of a provider's settings, as the relay describes them: what was pasted is
 * looked at while it is pasted, and what the relay finds wrong appears at its field. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-provider.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PROVIDER_FORM (cobro_provider_form_get_type ())
G_DECLARE_FINAL_TYPE (CobroProviderForm, cobro_provider_form, COBRO, PROVIDER_FORM, AdwPreferencesGroup)

/* Signal "changed": what was typed is other than before. */

/* Shows what is set. Texts that somebody has changed stay as they are; keys are never shown. */
void cobro_provider_form_set_provider (CobroProviderForm *self, CobroProvider *provider);
/* After it was saved: fields for keys are emptied, and what stands there is what is. */
void cobro_provider_form_reset (CobroProviderForm *self);
/* Puts what was typed into @change. TRUE: something was. */
gboolean cobro_provider_form_collect (CobroProviderForm *self, CobroProviderChange *change);
/* Whether nothing speaks against what was typed. */
gboolean cobro_provider_form_is_fine (CobroProviderForm *self);
/* Whether everything that is required is set, or typed. */
gboolean cobro_provider_form_is_complete (CobroProviderForm *self);
/* Shows @sentence at the field of @path ("settings.secret-key"). FALSE: there is no such field. */
gboolean cobro_provider_form_show_problem (CobroProviderForm *self, const char *path, const char *sentence);
/* To the first field that is seen; FALSE: there is none. */
gboolean cobro_provider_form_grab_focus (CobroProviderForm *self);

G_END_DECLS
