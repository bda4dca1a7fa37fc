/** "What is this": what each part of the page tells, for those who meet it for the first time. */
export const whatIs = {
  'A namespace is what its processes see of one kind of thing: mounts, pids, the network and so on. Two that are in the same one see the same.':
    '对某一类资源（挂载、pid、网络等），命名空间决定其中的进程能看到什么。同处一个命名空间的进程，看到的内容相同。',
  'Where this container is less isolated than Docker’s defaults would make it, each with the fact that shows it.':
    '这个容器有哪些地方的隔离弱于 Docker 的默认设置，每一项都附有依据。',
  'A share that is declared but not in force: the container that it names was started again and has other namespaces now. A restart of the one that joins mends it.':
    '声明了却没有生效的共享：被加入的容器重新启动过，现在用的是新的命名空间。重启加入的一方即可恢复。',
  'A container’s processes are ordinary ones of the machine: its kernel runs them and sees them all. Each has a pid outside and another in each pid namespace that it is in; a kill from outside ends it inside.':
    '容器里的进程就是宿主机上的普通进程：由宿主机的内核运行，内核也能看到全部进程。每个进程在外部有一个 pid，在它所处的每一层 pid 命名空间里又各有一个；从外部 kill 掉它，它在容器内也就结束了。',
  'What shows or does the same without Bulkhead.': '不用 Bulkhead，也能查看同样信息或完成同样操作的命令。',
  'Programs of the machine itself, known by their cgroup: systemd gives one to each service, an engine one to each container.':
    '宿主机自身的程序，按 cgroup 识别：systemd 给每个服务分配一个 cgroup，引擎给每个容器分配一个。',
  'Network interfaces. A veth is a cable with two ends: one in the container, the other mostly on a bridge of the machine.':
    '网络接口。veth 就像一根有两头的网线：一头在容器里，另一头通常接在宿主机的网桥上。',
  'Sockets that wait for others. On 127.0.0.1 or ::1 they are reached only from within the same network namespace, whatever ports are published.':
    '等待连接的套接字。监听在 127.0.0.1 或 ::1 上时，无论发布了哪些端口，都只有同一网络命名空间内的进程才能访问。',
  'The link and gateway that the kernel itself chooses for a packet to the internet.':
    '发往互联网的数据包，内核实际选用的网络接口和网关。',
  'Which link and gateway a destination is reached by. The entry that fits most closely counts.':
    '到每个目的地走哪个网络接口、哪个网关。以匹配最精确的一条为准（最长前缀匹配）。',
  'Which table of routes is asked for which packets, the lowest number first. VPNs add rules of their own.':
    '哪些数据包查哪张路由表，编号小的先查。VPN 会添加自己的规则。',
  'How a port of the machine leads into the container: by a rule of the kernel or by docker-proxy, over a bridge and a veth to the program that listens.':
    '宿主机的端口怎样通到容器里：先由内核规则或 docker-proxy 接收，再经过网桥和 veth，到达监听的进程。',
  'Rules that change where a packet goes: that is how a published port reaches a container.':
    '改变数据包目的地的规则（DNAT）：发布的端口就是这样通到容器的。',
  'Rules that change whom a packet seems to come from: that is how containers go out under the machine’s address.':
    '改变数据包来源地址的规则（SNAT）：容器就是这样以宿主机的地址访问外部的。',
  'Which file systems stand where for these processes: the image’s layers, volumes, binds. Containers that share a network still have mounts of their own.':
    '这些进程看到的文件系统及其挂载位置：镜像层、卷、bind 挂载。共享网络的容器，挂载仍然各自独立。',
  'A mount is of a file or directory, and not of its name: what an editor or a restarted program puts in its place is another. Mounted by its directory, the new one would be seen.':
    '挂载针对的是文件或目录本身，而不是它的名称：编辑器或重启的程序放在原处的是另一个文件。改为挂载其所在目录，就能看到新的文件。',
  'A mount below another hides what lies there: what is written goes to the inner one.':
    '挂载点位于另一个挂载之内时，会遮住那里原有的内容：写入的数据进入里层的挂载。',
  'Whether a mount that is made later below this one, here or outside, shows up on the other side. That is propagation: private, slave or shared.':
    '以后在内部或外部于此挂载之下新建的挂载，另一边能否看到。这就是挂载传播：private、slave 或 shared。',
  'The engine says that it is mounted, but the kernel’s table does not have it.':
    '引擎说已经挂载，内核的挂载表里却没有。',
  'The root is several directories of the machine, one above the other. What is written goes to the top one and is gone with the container.':
    '根目录由宿主机上的多个目录层层叠加而成。写入的内容都进入最上层，并随容器一起消失。',
  'Two mount tables beside each other: what both show, and what only one has.':
    '两张挂载表的对照：哪些两边都有，哪些只有一边有。',
  'System V objects of this IPC namespace. Others reach them only from within it.':
    '这个 IPC 命名空间里的 System V 对象。只有进入这个命名空间才能访问它们。',
  'Queues that programs open by name; each IPC namespace has its own.':
    '程序按名称打开的消息队列；每个 IPC 命名空间各有自己的队列。',
  'The hostname as these processes see it.': '这些进程看到的主机名。',
  'Which user ids inside are which outside. Without a user namespace of its own, root inside is root outside.':
    '容器内的用户 ID 对应外部的哪些用户 ID。没有单独的用户命名空间时，容器内的 root 就是外部的 root。',
  'How far the clocks that count from boot are ahead of the machine’s.': '从启动开始计时的时钟比宿主机的快多少。',
  'Its first process is pid 1 inside and has another number outside. With --pid=host a container keeps the machine’s numbers.':
    '它的第一个进程在内部是 pid 1，在外部是另一个编号。使用 --pid=host 时，容器沿用宿主机的编号。',
  'From where these processes see the tree of cgroups.': '这些进程从哪一级开始看到 cgroup 树。',
  'A cgroup counts and limits what a group of processes uses. The smallest limit on the way up counts, wherever it is set.':
    'cgroup 统计并限制一组进程所用的资源。从它往上的各级中，最小的限制生效，不管设在哪一级。',
  'Threads of the process; the kernel schedules and counts each.': '这个进程的线程；内核逐个调度、逐个计数。',
  'The variables that its processes were started with. They may hold secrets.':
    '进程启动时的环境变量，其中可能有密码等机密。',
  'Names and values that people and tools gave the container; the kernel knows nothing of them.':
    '人或工具给容器加的名称和值；内核并不知道它们。',
  'What else there is to say, and what could not be read.': '其他说明，以及未能读取的内容。',
  'When it is restarted, a container joins the namespaces that the one it names has now. Everything in it ends and begins again.':
    '容器重新启动后，会加入目标容器当前的命名空间。容器里的一切都会结束，再重新开始。',
  'The flags that put one more container into the same namespaces.': '让另一个容器也加入这些命名空间的参数。',
  'What the kernel tells of this one process: who started it, as whom it runs, and what it may do.':
    '内核对这个进程的记录：谁启动了它，以什么身份运行，有哪些权限。',
  'A namespace lives as long as a process is in it, or a mount or an open descriptor holds it.':
    '只要还有进程处在其中，或者还有挂载、打开的文件描述符引用它，命名空间就一直存在。',
  'What the kernel has for it at this moment, asked for again while it is looked at.':
    '内核此刻的实际情况，查看期间会不断刷新。',
} as const;
