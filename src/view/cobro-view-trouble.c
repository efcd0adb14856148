/* src/view/cobro-view-trouble.c — troubles with the relay, in words.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-view-trouble.h"

#include <glib/gi18n.h>

CobroViewTrouble
cobro_view_trouble (CobroLineTrouble trouble)
{
  switch (trouble)
    {
    case COBRO_LINE_ADDRESS:
      return (CobroViewTrouble){ _ ("No Relay Has This Address"),
                                 _ ("Check the address letter by letter, and that this computer is online.") };
    case COBRO_LINE_DOWN:
      return (CobroViewTrouble){ _ ("Nothing Answers at This Address"),
                                 _ ("Check the address, and that the relay runs.") };
    case COBRO_LINE_SLOW:
      return (CobroViewTrouble){ _ ("The Relay Is Too Slow to Answer"),
                                 _ ("Its computer or the network is overloaded. Wait a minute, then try again.") };
    case COBRO_LINE_TLS:
      return (CobroViewTrouble){
        _ ("The Certificate Is Not Trusted"),
        _ ("Do not go on: somebody may be listening. First check this computer’s date. If it is right, ask whoever "
           "runs the relay to renew its certificate.")
      };
    case COBRO_LINE_NO_RELAY:
      return (CobroViewTrouble){ _ ("Something Else Answers There"),
                                 _ ("It is not a Cobro relay. Check the address; a network that asks you to sign in "
                                    "answers for everybody, too.") };
    case COBRO_LINE_VERSION:
      return (CobroViewTrouble){ _ ("The Relay Has Another Version"),
                                 _ ("Update Cobro on this computer, or ask whoever runs the relay to update it.") };
    case COBRO_LINE_CLOCK:
      return (CobroViewTrouble){ _ ("The Clocks Differ"),
                                 _ ("Set this computer’s clock and time zone, then try again. If it is right, the "
                                    "relay’s clock is wrong.") };
    case COBRO_LINE_CODE:
      return (CobroViewTrouble){ _ ("The Code Was Not Accepted"),
                                 _ ("Codes work once and for ten minutes. Let the relay show a new one.") };
    case COBRO_LINE_UNPAIRED:
      return (CobroViewTrouble){ _ ("This Computer Is Not Connected Any More"),
                                 _ ("Connect it again with a new code from the relay.") };
    case COBRO_LINE_KEYRING_LOCKED:
      return (CobroViewTrouble){ _ ("The Keyring Is Locked"),
                                 _ ("The key for the relay is kept in the system’s keyring. Unlock it with your "
                                    "password, then try again.") };
    case COBRO_LINE_KEYRING_ABSENT:
      return (CobroViewTrouble){ _ ("There Is No Keyring"),
                                 _ ("Cobro keeps keys in the system’s keyring and nowhere else. Install one, such as "
                                    "GNOME Keyring or KWallet, sign in again, then try again.") };
    case COBRO_LINE_KEYRING_REFUSED:
      return (CobroViewTrouble){ _ ("The Keyring Refuses"),
                                 _ ("Cobro keeps keys in the system’s keyring and nowhere else. Allow Cobro to use it, "
                                    "then try again.") };
    case COBRO_LINE_NONE:
    case COBRO_LINE_OTHER:
      break;
    }
  return (CobroViewTrouble){ _ ("Not Connected"), _ ("Try again later.") };
}

gboolean
cobro_view_trouble_keeps_code (CobroLineTrouble trouble)
{
  return trouble >= COBRO_LINE_ADDRESS && trouble <= COBRO_LINE_CLOCK;
}
