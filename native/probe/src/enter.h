/* Joins namespaces of a process and runs a program there, with a terminal. */
#ifndef BULKHEAD_ENTER_H
#define BULKHEAD_ENTER_H

/* The arguments after `enter`. The exit code. */
int enter_main(int argc, char **argv);

/* The arguments after `signal`: PID, START (clock ticks) and a number. Sends
 * the signal to exactly that process. The exit code. */
int signal_main(int argc, char **argv);

#endif
