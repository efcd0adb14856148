/* tests/ui/native/ui-keyboard.h — a person who has a keyboard and ears only: real keys through the X server, and what a
 * screen reader says about what has the keyboard. Layer: tests. */
#pragma once
#include "ui-fixture.h"

/* Presses and lets go keys on that window, as xdotool names them: "Tab", "ctrl+n", "alt+c", "shift+Tab". Returns when
 * what follows from it at once has happened. */
void ui_key (gpointer window, const char *key);
/* Types a text of ASCII letters, digits, blanks and ".,-@:/". */
void ui_type (gpointer window, const char *text);

/* (transfer full) what a screen reader says when the widget gets the keyboard: "button: Cancel", "text box: Amount",
 * "list item: Options (Description, reference)". A widget without a name: "button: ". */
char *ui_said (GtkWidget *widget);
/* (transfer full) its name alone: GTK's rules, without mnemonics, and without what they say twice. */
char *ui_spoken_name (GtkWidget *widget);
/* (transfer full) what ui_said() says of what has the keyboard in that window; "" for nothing. */
char *ui_heard (gpointer window);
