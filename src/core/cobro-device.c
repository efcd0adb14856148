/* src/core/cobro-device.c — a paired computer.
 * Layer: core. */
#include "cobro-device.h"

CobroDevice *
cobro_device_new (void)
{
  CobroDevice *device = g_new0 (CobroDevice, 1);

  *device = (CobroDevice){ .ref_count = 1, .id = g_strdup (""), .name = g_strdup (""), .last_used_on = g_strdup ("") };
  return device;
}

CobroDevice *
cobro_device_ref (CobroDevice *device)
{
  g_atomic_int_inc (&device->ref_count);
  return device;
}

void
cobro_device_unref (CobroDevice *device)
{
  if (device == NULL || !g_atomic_int_dec_and_test (&device->ref_count))
    return;
  g_free (device->id);
  g_free (device->name);
  g_free (device->last_used_on);
  g_free (device);
}
