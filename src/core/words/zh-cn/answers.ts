/** Answers: the guide, isolation, check, why. */
export const answers = {
  // guide.ts
  'Start two containers that share a network': '启动两个共享网络的容器',
  'web1 serves a page on port 8000. web2 joins its network namespace, and the picture draws a line from web2 to web1 that says so.':
    'web1 在 8000 端口上提供一个网页，web2 加入 web1 的网络命名空间。图中会出现一条从 web2 到 web1 的连线，标明两者的关系。',
  'One network, two file systems': '一个网络，两个文件系统',
  'localhost of web2 is localhost of web1, so the server answers. A file of web1 is not in web2, since each has mounts of its own.':
    'web2 的 localhost 就是 web1 的 localhost，所以在 web2 里也能访问 web1 的服务。但 web1 里的文件不会出现在 web2 里，因为两者各有自己的挂载。',
  'The hostname, inside and outside': '容器内外的主机名',
  'A container that joins the network of another gets the same hostname too, but in a UTS namespace of its own. The machine has another name.':
    '加入另一个容器的网络之后，主机名也会与对方相同，不过 UTS 命名空间仍是自己的。宿主机的主机名则不一样。',
  'Processes of a container are processes of the machine': '容器里的进程就是宿主机上的进程',
  'Inside, the first process has pid 1. On the machine the same process has another number, which --pid=host shows. A kill on the machine ends the process inside.':
    '在容器内，第一个进程的 PID 是 1。同一个进程在宿主机上有另一个 PID，用 --pid=host 就能看到。在宿主机上结束（kill）它，容器内的进程也随之结束。',
  'Look in from outside': '从外面查看容器',
  'A container with a debugger can join the pid namespace of another, which then needs no tools of its own; SYS_PTRACE lets it attach. On the Linux of the engine, root can do the same with nsenter.':
    '带有调试工具的容器可以加入另一个容器的 pid 命名空间，这样后者自己无需安装任何工具；有了 SYS_PTRACE，调试器才能附加到对方的进程。在引擎所在的 Linux 上，root 用 nsenter 也能做到同样的事。',
  'Restart the owner': '重启持有者',
  'web1 gets a new network namespace, and web2 is left in the old one: the line is drawn as broken, and the panel says how to mend it.':
    'web1 得到了新的网络命名空间，web2 却留在旧的那个里：图中的连线会显示为失效，面板会给出修复方法。',
  'Clean up': '清理',
  'Nothing else was changed.': '除此之外，没有改动任何东西。',

  // isolation-places.ts
  'The mount table of pid {pid} has {mounts}.': 'PID {pid} 的挂载表中有 {mounts}。',
} as const;
