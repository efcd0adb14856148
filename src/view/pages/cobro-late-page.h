/* src/view/pages/cobro-late-page.h — a page of Preferences that is built when somebody looks at it: all of them at once
 * would keep the window waiting when it opens. Title and icon are known before. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define COBRO_TYPE_LATE_PAGE (cobro_late_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (CobroLatePage, cobro_late_page, COBRO, LATE_PAGE, AdwPreferencesPage)

struct _CobroLatePageClass
{
  AdwPreferencesPageClass parent_class;

  /* Once, before the page is seen for the first time: makes what it shows. */
  void (*build) (CobroLatePage *self);
};

G_END_DECLS
