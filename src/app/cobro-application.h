/* src/app/cobro-application.h — the application: one instance, its window, its notifications.
 * Layer: app. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define COBRO_TYPE_APPLICATION (cobro_application_get_type ())
G_DECLARE_FINAL_TYPE (CobroApplication, cobro_application, COBRO, APPLICATION, AdwApplication)

/* For main(). */
CobroApplication *cobro_application_new (void);

G_END_DECLS
