/** Who shares what, for which reason, and what follows for isolation. */
export const sharing = {
  // describe.ts
  'They see the same mounts: a file system mounted in one appears in the other.':
    '它们看到的挂载相同：在一方挂载的文件系统，另一方也会看到。',
  "They see each other's processes, and may signal and, with the right capability, debug them.":
    '它们能看到彼此的进程，可以向对方的进程发送信号；拥有相应的能力（capability）时，还可以调试这些进程。',
  'They have the same addresses, ports, routes and loopback: localhost of one is localhost of the other.':
    '它们的地址、端口、路由和回环接口都相同：一方的 localhost 就是另一方的 localhost。',
  'They reach the same System V shared memory, semaphores and queues, and the same POSIX queues.':
    '它们访问的是同一套 System V 共享内存、信号量和消息队列，以及同一套 POSIX 消息队列。',
  'They have the same hostname and domain name: setting it in one changes it in the other.':
    '它们的主机名和域名相同：在一方修改，另一方也随之改变。',
  'Their user ids mean the same: root in one is the same user as root in the other.':
    '它们的用户 ID 含义相同：一方的 root 与另一方的 root 是同一个用户。',
  'They see the cgroup tree from the same root: one can tell where the other stands in it.':
    '它们从同一个根看 cgroup 树：一方能看出另一方在树中的位置。',
  'Their monotonic and boot-time clocks have the same offsets.': '它们的单调时钟和启动时钟有相同的偏移量。',
  '{name} (container {id})': '{name}（容器 {id}）',
  Mount: '挂载',
  PID: 'PID',
  Network: '网络',
  IPC: 'IPC',
  'UTS (hostname)': 'UTS（主机名）',
  User: '用户',
  Cgroup: 'Cgroup',
  Time: '时间',

  // causes.ts
  "the host's own namespace": '宿主机自己的命名空间',
  "the rootless engine's own: {processes}": 'rootless 引擎自己的命名空间：{processes}',
  'joined at run time (setns): no setting of the container explains it':
    '运行时加入（setns）：容器的设置中没有任何一项能解释',
  'not known: the engine does not tell this container’s settings': '未知：引擎没有提供该容器的设置',
  'made for this container; others joined it': '为该容器创建，其他容器加入了它',
  'engine default': '引擎默认',
  'engine default on cgroup v1': '引擎默认（cgroup v1）',
  'engine default: no user namespace of its own': '引擎默认：没有自己的用户命名空间',
  'engine default: no time namespace of its own': '引擎默认：没有自己的时间命名空间',
  'rootless engine: containers are in its user namespace': 'rootless 引擎：容器都在引擎的用户命名空间中',
  'rootless engine: everything runs in its namespaces': 'rootless 引擎：一切都在引擎的命名空间中运行',
  'the sandbox of Kubernetes pod {pod}, made for its containers': 'Kubernetes Pod {pod} 的沙箱，为其中的容器创建',
  'Kubernetes pod {pod}': 'Kubernetes Pod {pod}',
  '{setting} brings the user namespace along': '{setting} 连带加入了用户命名空间',

  // broken.ts
  '{name} was started in the {kind} namespace of a container that no longer exists. Recreate {name} with one that does.':
    '{name} 启动时加入的是另一个容器的 {kind} 命名空间，而那个容器已不存在。请重新创建 {name}，让它加入一个现有的容器。',
  '{name} still uses the {kind} namespace of {owner}, which has stopped. Start {owner}, then restart {name}.':
    '{name} 仍在使用 {owner} 的 {kind} 命名空间，而 {owner} 已停止。请先启动 {owner}，再重启 {name}。',
  '{name} is set to share the {kind} namespace of {owner} but does not: {owner} got a new one when it was restarted. Restart {name} to join it.':
    '{name} 设置为共享 {owner} 的 {kind} 命名空间，实际却没有：{owner} 重启时得到了新的命名空间。请重启 {name} 以重新加入。',
} as const;
