/* src/view/dialogs/cobro-link-dialog.h — a link is made or changed here. Two fields and Enter make one; everything else
 * is an option below. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-business.h"
#include "cobro-links.h"

G_BEGIN_DECLS

typedef enum
{
  COBRO_LINK_DIALOG_NEW,
  COBRO_LINK_DIALOG_DUPLICATE, /* a new link that begins as a copy */
  COBRO_LINK_DIALOG_EDIT,
} CobroLinkDialogMode;

#define COBRO_TYPE_LINK_DIALOG (cobro_link_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroLinkDialog, cobro_link_dialog, COBRO, LINK_DIALOG, AdwWindow)

/* Signal "done" (CobroLinkItem): the link that was made; %NULL when one was changed. */

/**
 * cobro_link_dialog_new:
 * @item: (nullable): what is copied or edited; %NULL for a new link
 */
CobroLinkDialog *cobro_link_dialog_new (GtkWindow *parent, CobroLinks *links, CobroBusiness *business,
                                        CobroLinkDialogMode mode, CobroLinkItem *item);

G_END_DECLS
