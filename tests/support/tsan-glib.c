/* tests/support/tsan-glib.c — tells ThreadSanitizer what GLib's locks order. Debian's GLib is not compiled for it and
 * its mutexes are futexes of its own, so that everything under a GMutex would look like a race. Preloaded by the setup
 * `tsan`; each function calls GLib's and says what it means. Layer: tests. Any thread. */
#include <dlfcn.h>
#include <glib.h>

/* Weak: the programs that a test starts may be none of ours. */
extern void __tsan_acquire (void *address) __attribute__ ((weak));
extern void __tsan_release (void *address) __attribute__ ((weak));

#define GLIBS(name)                                                                                                    \
  static __typeof__ (&(name)) real;                                                                                    \
  if (real == NULL)                                                                                                    \
  real = (__typeof__ (real))dlsym (RTLD_NEXT, #name)

static void
acquired (gpointer address)
{
  if (__tsan_acquire != NULL)
    __tsan_acquire (address);
}

static void
released (gpointer address)
{
  if (__tsan_release != NULL)
    __tsan_release (address);
}

void
g_mutex_lock (GMutex *mutex)
{
  GLIBS (g_mutex_lock);
  real (mutex);
  acquired (mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked;
  GLIBS (g_mutex_trylock);

  locked = real (mutex);
  if (locked)
    acquired (mutex);
  return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  GLIBS (g_mutex_unlock);
  released (mutex);
  real (mutex);
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  GLIBS (g_cond_wait);
  released (mutex);
  real (cond, mutex);
  acquired (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean signalled;
  GLIBS (g_cond_wait_until);

  released (mutex);
  signalled = real (cond, mutex, end_time);
  acquired (mutex);
  return signalled;
}

#undef g_once_init_enter
#undef g_once_init_leave

gboolean
g_once_init_enter (volatile void *location)
{
  gboolean first;
  GLIBS (g_once_init_enter);

  first = real (location);
  acquired ((gpointer)location);
  return first;
}

void
g_once_init_leave (volatile void *location, gsize result)
{
  GLIBS (g_once_init_leave);
  released ((gpointer)location);
  real (location, result);
}
