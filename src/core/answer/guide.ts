import type { PlainMessage } from '../words/words.ts';

/** A step of the short guide: what to try, what it shows, and lines to copy. */
export interface GuideStep {
  readonly title: PlainMessage;
  readonly text: PlainMessage;
  /** Each is run as it stands, one after the other. */
  readonly commands: readonly string[];
}

/** Everything that it starts is called so, and the last step removes it. */
export const GUIDE_NAMES = ['web1', 'web2'] as const;

/** What containers are, tried on two of them. Each step builds on those before it. */
export const GUIDE: readonly GuideStep[] = [
  {
    title: 'Start two containers that share a network',
    text: 'web1 serves a page on port 8000. web2 joins its network namespace, and the picture draws a line from web2 to web1 that says so.',
    commands: [
      'docker run -d --name web1 -p 8000:8000 busybox httpd -f -p 8000 -h /etc',
      'docker run -d --name web2 --network=container:web1 busybox sleep 3600',
      'bulkhead why web1 web2',
    ],
  },
  {
    title: 'One network, two file systems',
    text: 'localhost of web2 is localhost of web1, so the server answers. A file of web1 is not in web2, since each has mounts of its own.',
    commands: [
      'docker exec web2 wget -qO- http://localhost:8000/hostname',
      'docker exec web1 touch /tmp/only-here',
      'docker exec web2 ls /tmp',
    ],
  },
  {
    title: 'The hostname, inside and outside',
    text: 'A container that joins the network of another gets the same hostname too, but in a UTS namespace of its own. The machine has another name.',
    commands: ['docker exec web1 hostname', 'docker exec web2 hostname', 'docker run --rm --uts=host busybox hostname'],
  },
  {
    title: 'Processes of a container are processes of the machine',
    text: 'Inside, the first process has pid 1. On the machine the same process has another number, which --pid=host shows. A kill on the machine ends the process inside.',
    commands: ['docker exec web2 ps', 'docker top web2', 'docker run --rm --pid=host busybox ps', 'bulkhead find web2'],
  },
  {
    title: 'Look in from outside',
    text: 'A container with a debugger can join the pid namespace of another, which then needs no tools of its own; SYS_PTRACE lets it attach. On the Linux of the engine, root can do the same with nsenter.',
    commands: [
      'docker run --rm --pid=container:web1 --cap-add=SYS_PTRACE busybox ls -l /proc/1/exe',
      "sudo nsenter -t $(docker inspect -f '{{.State.Pid}}' web1) --net ip addr",
      'bulkhead enter web1 --net -- ip addr',
    ],
  },
  {
    title: 'Restart the owner',
    text: 'web1 gets a new network namespace, and web2 is left in the old one: the line is drawn as broken, and the panel says how to mend it.',
    commands: ['docker restart -t 0 web1', 'bulkhead check --fail-on broken', 'docker restart -t 0 web2'],
  },
  { title: 'Clean up', text: 'Nothing else was changed.', commands: [`docker rm -f ${GUIDE_NAMES.join(' ')}`] },
];
