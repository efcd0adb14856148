/* tests/ui/watchdog.c — finds what keeps the window waiting. Preloaded into the program by driver.py; the program knows
 * nothing of it. Between leaving poll() and coming back to it the main loop hears nobody: what computes for longer than
 * COBRO_WATCHDOG_MS, or waits for longer than COBRO_WATCHDOG_WAIT_MS (for a disk, a lock, a server), is written to
 * COBRO_WATCHDOG with both times and the functions that were running. Computing is the processor time of this thread
 * alone, whatever the machine does meanwhile. Waiting is the time that passed, without that during which other programs
 * had the processor (the kernel's run delay); but the X server, which must be waited for now and then, is such a
 * program, too: hence two limits.
 * Layer: tests. */
#include <execinfo.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FRAMES    48
#define NS_PER_MS 1000000

static struct
{
  int log, schedule;
  gint64 limit, wait_limit; /* ns */
  timer_t timer;
  gint64 left, used_before, delayed_before; /* ns: when poll() was left; computing and run delay until then */
  void *frames[FRAMES];
  int n_frames;
  pid_t thread;
} dog = { .log = -1, .schedule = -1 };

static gint64
now (clockid_t clock)
{
  struct timespec time;

  clock_gettime (clock, &time);
  return time.tv_sec * G_GINT64_CONSTANT (1000000000) + time.tv_nsec;
}

/* ns that this thread was ready to run and another one ran instead (Documentation/scheduler/sched-stats). */
static gint64
delayed (void)
{
  char text[128] = "";
  gint64 ran = 0, waited = 0;

  if (pread (dog.schedule, text, sizeof text - 1, 0) > 0)
    sscanf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &ran, &waited);
  return waited;
}

static void
set_alarm (gint64 ns)
{
  struct itimerspec when = { .it_value = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 } };

  timer_settime (dog.timer, 0, &when, NULL);
}

static void
on_alarm (int number)
{
  dog.n_frames = backtrace (dog.frames, FRAMES);
}

static void
report (gint64 used, gint64 took)
{
  char line[128];
  int n = snprintf (line, sizeof line, "stall %.3f %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", dog.left / 1e9,
                    used / NS_PER_MS, took / NS_PER_MS);

  if (write (dog.log, line, n) != n)
    return;
  backtrace_symbols_fd (dog.frames, dog.n_frames, dog.log);
}

static gint
watched_poll (GPollFD *fds, guint n, gint timeout)
{
  gint result;

  if (gettid () != dog.thread)
    return g_poll (fds, n, timeout);

  if (dog.left)
    {
      gint64 took = now (CLOCK_MONOTONIC) - dog.left;
      gint64 used = now (CLOCK_THREAD_CPUTIME_ID) - dog.used_before;

      set_alarm (0);
      if (took > dog.limit)
        took -= delayed () - dog.delayed_before;
      if (used > dog.limit || took > dog.wait_limit)
        report (used, took);
    }
  result = g_poll (fds, n, timeout);
  dog.n_frames = 0;
  dog.left = now (CLOCK_MONOTONIC);
  dog.used_before = now (CLOCK_THREAD_CPUTIME_ID);
  dog.delayed_before = delayed ();
  set_alarm (dog.limit);
  return result;
}

static gint64
limit_of (const char *name, int otherwise)
{
  const char *told = getenv (name);

  return (told ? g_ascii_strtoll (told, NULL, 10) : otherwise) * NS_PER_MS;
}

__attribute__ ((constructor)) static void
begin (void)
{
  const char *path = getenv ("COBRO_WATCHDOG");
  struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
  struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF };

  /* What the program starts is not watched. */
  unsetenv ("LD_PRELOAD");
  if (!path)
    return;

  dog.thread = gettid ();
  dog.limit = limit_of ("COBRO_WATCHDOG_MS", 50);
  dog.wait_limit = limit_of ("COBRO_WATCHDOG_WAIT_MS", 1000);
  dog.log = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dog.schedule = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  dog.n_frames = backtrace (dog.frames, 1); /* loads what it needs now, not within the signal */
  event._sigev_un._tid = dog.thread;
  sigaction (SIGPROF, &action, NULL);
  if (dog.log < 0 || dog.schedule < 0 || timer_create (CLOCK_THREAD_CPUTIME_ID, &event, &dog.timer))
    return;
  g_main_context_set_poll_func (NULL, watched_poll);
}
