import { language } from './language.ts';
import { type Message, t } from './words.ts';

/**
 * What snapshots and the probe tell in words. The probe speaks English, and a snapshot is kept in English, whoever has saved
 * the file: problems, what the machine is taken for, why details could not be read, what shells must be known of.
 */
const STORED: readonly Message[] = [
  '/proc hides processes of other users (hidepid); run as root, or mount /proc without it.',
  'Some namespaces are held by more than what is told.',
  'Some mount tables are too long to be read whole.',
  'The probe wrote a line that is not JSON; it was skipped.',
  'The probe wrote a line of more than 8 MiB; it was skipped.',
  'The probe wrote a record that does not fit its protocol (at "{where}"); it was skipped.',
  'The engine names a process of another container as the init of some containers ({name} among them); their processes were told by cgroup.',
  '{count} of {all} namespaces, processes and cgroups could not be looked into.',
  'The details of {count} of {all} were left out: they are more than a snapshot takes.',
  'The details in this file are damaged at "{where}" and were left out.',
  '{count} of the details in this file are damaged and were left out.',
  '{count} of the details in this file are beyond the {limit} that are read.',
  'No process is in it, so its mount table cannot be read.',
  'No process is in it and nothing is known to hold it, so it cannot be looked into.',
  'No process is in it, and only other namespaces hold it, so it cannot be looked into.',
  'Its cgroup cannot be read.',
  'It has ended, and is in no cgroup that limits or counts it.',
  'No process is known through whose tree the cgroups could be read.',
  'There is no namespace {id} any more.',
  'The probe’s answer does not fit its protocol.',
  'The probe did not answer for {seconds} s and was ended. Try again.',
  'The kernel did not tell its links and routes.',
  'Not all links could be read.',
  'Not all addresses could be read.',
  'Not all routes could be read.',
  'Not all rules of routing could be read.',
  'Unix sockets are read from a text here, where a name with a line end in it can pretend others: this kernel has not loaded unix_diag.',
  'a rootless engine’s user namespace',
  'The engine says that it runs without root: its host is a user namespace of its owner.',
  'a WSL 2 distribution',
  'The kernel is {kernel}; each distribution has a pid namespace of its own, and this is one.',
  'an OrbStack machine',
  'The engine calls itself OrbStack, whose machines share one kernel.',
  'a machine of {name}',
  'the VM of {name}',
  'The engine calls itself {name}, and the probe is not in the kernel’s initial pid namespace.',
  'The engine calls itself {name}; the kernel is {kernel}.',
  'this Linux',
  'Bulkhead runs on the same boot of the same kernel.',
  'a VM ({hypervisor})',
  'a VM in a cloud',
  'Its firmware says "{firmware}", and it is not the kernel that Bulkhead runs on.',
  'a Linux in a container',
  'The probe is not in the kernel’s initial pid namespace.',
  'another Linux',
  'It is not the kernel that Bulkhead runs on.',
  'a Linux',
  'Nothing says that it is more than that.',
  'The rules of {name} could not be read.',
  'The rules of table {name} are not understood here.',
  'There are more rules for translation than are told here.',
  'There are more rules of nftables than are read.',
  'A table of the older iptables could not be read.',
  "The target's seccomp filter is not taken over ({reason}): the program may use system calls that the target may not.",
  "The target's {kind} {name} is not taken over ({reason}): the program is not confined by it.",
  "The program is not in the target's cgroup, whose limits and list of devices do not hold for it. It may not make device files.",
  'Process {pid} is frozen: its container is paused. Unpause it first.',
  'The target runs in strict seccomp mode, in which no program can be started: the program is not confined by it.',
  "Not all of the target's capabilities can be given to it here.",
  'The capabilities that the target has not cannot be dropped: {reason}.',
  "The target's seccomp filter cannot be taken over: {reason}.",
  'The terminal stays ours: what opens it by its name is refused.',
  'There is no shell in this tree, and Bulkhead has none for this architecture. Give a command.',
  'There is no terminal to be had: neither here nor there is a /dev/ptmx.',
  'A process cannot be started: {reason}.',
  'How the program ended is not known: {reason}.',
  'What started the program was killed, so how it ended is not known.',
  'Process {pid} has ended.',
  'Process {pid} has ended. Choose one that runs.',
  'The signal was not sent: {reason}.',
  'It has ended, or another has its number by now.',
  'No process could be started to look inside.',
  'Looking inside took too long, or ended half way.',
  'The namespace cannot be joined: this needs CAP_SYS_ADMIN.',
  'The {kind} namespace of process {pid} cannot be opened: {reason}.',
  'The root directory of process {pid} cannot be opened: {reason}.',
  'Process {pid} calls itself {name}, and runs {program}: it is not entered.',
  'The {kind} namespace cannot be joined: {reason}.',
  'The root directory cannot be taken: {reason}.',
  'The root directory cannot be entered: {reason}.',
  'User {uid} and group {gid} cannot be taken: {reason}.',
  'User {uid} and group {gid} of the user namespace cannot be taken: {reason}.',
  'This user namespace has no user 0: the program runs as user {uid} of it, without capabilities.',
  'The program keeps the supplementary groups of who started it: they cannot be given up here.',
  '{program} cannot be run: {reason}.',
];

interface Pattern {
  readonly message: Message;
  readonly text: RegExp;
  readonly names: readonly string[];
}

function patternOf(message: Message): Pattern {
  const [first = '', ...rest] = message.split(/\{(\w+)\}/);
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const names = rest.filter((_, index) => index % 2 === 0);
  const between = rest.filter((_, index) => index % 2 === 1);
  return {
    message,
    text: new RegExp(`^${literal(first)}${between.map((text) => `(.*)${literal(text)}`).join('')}$`, 's'),
    names,
  };
}

/** In characters. Our own texts, with the names and paths in them, are shorter than this. */
const LONGEST = 500;

let patterns: readonly Pattern[] | null = null;

/**
 * A text of a snapshot or of the probe in the present language. A text that is not ours, or of another version, stays
 * as it is.
 */
export function stored(text: string): string {
  // A file may hold any text. One that is longer than all of ours cannot be ours, so it is not searched.
  if (language() === 'en' || text.length > LONGEST) return text;
  patterns ??= STORED.map(patternOf);
  for (const { message, text: pattern, names } of patterns) {
    const found = pattern.exec(text);
    if (found === null) continue;
    return t(
      message as 'a VM ({hypervisor})',
      Object.fromEntries(names.map((name, at) => [name, found[at + 1] ?? ''])) as never,
    );
  }
  return text;
}
