import { type PlainMessage, t } from '../words/words.ts';

/** What a part of the page tells, in one or two sentences, and the command that shows the same. */
interface WhatIs {
  readonly text: PlainMessage;
  /** `PID` is a pid outside, `NAME` a container's name. Runs as root of the Linux that the engine runs on. */
  readonly command: string;
}

/** Parts of what is shown. Each section of details and each heading of the panel is one of these. */
const PARTS = {
  namespaces: {
    text: 'A namespace is what its processes see of one kind of thing: mounts, pids, the network and so on. Two that are in the same one see the same.',
    command: 'ls -l /proc/PID/ns',
  },
  isolation: {
    text: 'Where this container is less isolated than Docker’s defaults would make it, each with the fact that shows it.',
    command: 'bulkhead isolation NAME',
  },
  broken: {
    text: 'A share that is declared but not in force: the container that it names was started again and has other namespaces now. A restart of the one that joins mends it.',
    command: 'bulkhead check --fail-on broken',
  },
  processes: {
    text: 'A container’s processes are ordinary ones of the machine: its kernel runs them and sees them all. Each has a pid outside and another in each pid namespace that it is in; a kill from outside ends it inside.',
    command: 'grep NSpid /proc/PID/status',
  },
  commands: {
    text: 'What shows or does the same without Bulkhead.',
    command: 'docker inspect NAME',
  },
  services: {
    text: 'Programs of the machine itself, known by their cgroup: systemd gives one to each service, an engine one to each container.',
    command: 'systemd-cgls',
  },
  links: {
    text: 'Network interfaces. A veth is a cable with two ends: one in the container, the other mostly on a bridge of the machine.',
    command: 'nsenter -t PID -n ip -d addr',
  },
  listening: {
    text: 'Sockets that wait for others. On 127.0.0.1 or ::1 they are reached only from within the same network namespace, whatever ports are published.',
    command: 'nsenter -t PID -n ss -lntup',
  },
  waysOut: {
    text: 'The link and gateway that the kernel itself chooses for a packet to the internet.',
    command: 'nsenter -t PID -n ip route get 1.1.1.1',
  },
  routes: {
    text: 'Which link and gateway a destination is reached by. The entry that fits most closely counts.',
    command: 'nsenter -t PID -n ip route show table all',
  },
  routingRules: {
    text: 'Which table of routes is asked for which packets, the lowest number first. VPNs add rules of their own.',
    command: 'nsenter -t PID -n ip rule',
  },
  publishedPorts: {
    text: 'How a port of the machine leads into the container: by a rule of the kernel or by docker-proxy, over a bridge and a veth to the program that listens.',
    command: 'docker port NAME',
  },
  portsElsewhere: {
    text: 'Rules that change where a packet goes: that is how a published port reaches a container.',
    command: 'nsenter -t PID -n nft list ruleset',
  },
  sentUnderAnother: {
    text: 'Rules that change whom a packet seems to come from: that is how containers go out under the machine’s address.',
    command: 'nsenter -t PID -n iptables -t nat -S POSTROUTING',
  },
  mounts: {
    text: 'Which file systems stand where for these processes: the image’s layers, volumes, binds. Containers that share a network still have mounts of their own.',
    command: 'cat /proc/PID/mountinfo',
  },
  replaced: {
    text: 'A mount is of a file or directory, and not of its name: what an editor or a restarted program puts in its place is another. Mounted by its directory, the new one would be seen.',
    command: "grep '//deleted' /proc/PID/mountinfo",
  },
  mountsInside: {
    text: 'A mount below another hides what lies there: what is written goes to the inner one.',
    command: 'nsenter -t PID -m findmnt',
  },
  propagation: {
    text: 'Whether a mount that is made later below this one, here or outside, shows up on the other side. That is propagation: private, slave or shared.',
    command: 'nsenter -t PID -m findmnt -o TARGET,PROPAGATION',
  },
  undeclared: {
    text: 'The engine says that it is mounted, but the kernel’s table does not have it.',
    command: "docker inspect -f '{{json .Mounts}}' NAME",
  },
  layers: {
    text: 'The root is several directories of the machine, one above the other. What is written goes to the top one and is gone with the container.',
    command: "docker inspect -f '{{json .GraphDriver}}' NAME",
  },
  comparison: {
    text: 'Two mount tables beside each other: what both show, and what only one has.',
    command: 'diff /proc/PID/mountinfo /proc/1/mountinfo',
  },
  systemV: {
    text: 'System V objects of this IPC namespace. Others reach them only from within it.',
    command: 'nsenter -t PID -i ipcs',
  },
  posixQueues: {
    text: 'Queues that programs open by name; each IPC namespace has its own.',
    command: 'nsenter -t PID -i -m ls /dev/mqueue',
  },
  names: {
    text: 'The hostname as these processes see it.',
    command: 'nsenter -t PID -u hostname',
  },
  ids: {
    text: 'Which user ids inside are which outside. Without a user namespace of its own, root inside is root outside.',
    command: 'cat /proc/PID/uid_map /proc/PID/gid_map',
  },
  clocks: {
    text: 'How far the clocks that count from boot are ahead of the machine’s.',
    command: 'cat /proc/PID/timens_offsets',
  },
  pids: {
    text: 'Its first process is pid 1 inside and has another number outside. With --pid=host a container keeps the machine’s numbers.',
    command: 'grep NSpid /proc/PID/status',
  },
  cgroups: {
    text: 'From where these processes see the tree of cgroups.',
    command: 'cat /proc/PID/cgroup',
  },
  limits: {
    text: 'A cgroup counts and limits what a group of processes uses. The smallest limit on the way up counts, wherever it is set.',
    command: 'docker stats --no-stream NAME',
  },
  threads: {
    text: 'Threads of the process; the kernel schedules and counts each.',
    command: 'ls /proc/PID/task',
  },
  environment: {
    text: 'The variables that its processes were started with. They may hold secrets.',
    command: 'docker exec NAME env',
  },
  labels: {
    text: 'Names and values that people and tools gave the container; the kernel knows nothing of them.',
    command: "docker inspect -f '{{json .Config.Labels}}' NAME",
  },
  also: {
    text: 'What else there is to say, and what could not be read.',
    command: 'bulkhead inspect NAME',
  },
  mend: {
    text: 'When it is restarted, a container joins the namespaces that the one it names has now. Everything in it ends and begins again.',
    command: 'docker restart NAME',
  },
  another: {
    text: 'The flags that put one more container into the same namespaces.',
    command: 'docker run --help',
  },
  process: {
    text: 'What the kernel tells of this one process: who started it, as whom it runs, and what it may do.',
    command: 'cat /proc/PID/status',
  },
  holders: {
    text: 'A namespace lives as long as a process is in it, or a mount or an open descriptor holds it.',
    command: 'lsns -p PID; ls -l /proc/PID/fd',
  },
  holds: {
    text: 'What the kernel has for it at this moment, asked for again while it is looked at.',
    command: 'bulkhead inspect NAME',
  },
} as const satisfies Record<string, WhatIs>;

export type Part = keyof typeof PARTS;

/** Every part, for whoever wants to see that all are told of. */
export const ALL_PARTS = Object.keys(PARTS) as Part[];

export function whatIs(part: Part): { readonly text: string; readonly command: string } {
  const { text, command } = PARTS[part];
  return { text: t(text), command };
}
