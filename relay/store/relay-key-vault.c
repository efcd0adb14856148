/* relay/store/relay-key-vault.c — locked pages for keys.
 * Layer: relay/store. */
#include "config.h"
#include "relay-key-vault.h"

#include <string.h>
#include <sys/mman.h>

RelayVault *
relay_vault_new (void)
{
  RelayVault *vault = mmap (NULL, sizeof (RelayVault), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (vault == MAP_FAILED)
    g_error ("no memory for keys");
  /* Where the limit of locked memory is smaller than these pages, keys work all the same. */
  if (mlock (vault, sizeof (RelayVault)) != 0)
    g_debug ("the pages of keys are not locked");
  if (madvise (vault, sizeof (RelayVault), MADV_DONTDUMP) != 0)
    g_debug ("the pages of keys are in core files");
  return vault;
}

void
relay_vault_free (RelayVault *vault)
{
  explicit_bzero (vault, sizeof (RelayVault));
  munmap (vault, sizeof (RelayVault));
}
