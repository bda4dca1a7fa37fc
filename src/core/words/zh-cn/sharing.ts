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
  IPC: 'IPC',
  'UTS (hostname)': 'UTS（主机名）',
  Time: '时间',

  // causes.ts
  "the host's own namespace": '宿主机自己的命名空间',
  "the rootless engine's own: {processes}": 'rootless 引擎自己的命名空间：{processes}',
  'joined at run time (setns): no setting of the container explains it':
    '运行时加入（setns）：容器的设置中没有任何一项能解释',
  'not known: the engine does not tell this container’s settings': '未知：引擎没有提供该容器的设置',
  'not known: the engine does not tell what {option} was': '未知：引擎没有提供 {option} 的值',
  'made for this container; others joined it': '为该容器创建，其他容器加入了它',
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

  // flags.ts
  'Run it without {options}.': '运行时不要使用 {options}。',
  'Run it with {options}.': '运行时加上 {options}。',

  // findings.ts
  Privileged: '特权容器',
  'It has every capability, sees every device and runs without seccomp and AppArmor: root inside is root outside.':
    '它拥有全部能力（capability），能看到所有设备，并且不受 seccomp 和 AppArmor 限制：容器内的 root 就是宿主机的 root。',
  'The engine says {setting}.': '引擎报告 {setting}。',
  'Run it without --privileged, and give it what it needs with --cap-add and --device.':
    '运行时不要使用 --privileged，改用 --cap-add 和 --device 只授予它需要的权限。',
  'Host processes within reach': '可触及宿主机进程',
  'It sees every process of the host and has CAP_SYS_PTRACE: it can read and change any of them, and enter their root directories through /proc.':
    '它能看到宿主机的所有进程，并且拥有 CAP_SYS_PTRACE：可以读取和修改其中任何一个进程，还能通过 /proc 进入它们的根目录。',
  'pid {pid} is in {namespace}, as the host is.': 'PID {pid} 与宿主机同在 {namespace}。',
  'CapEff of its main process (pid {pid}) is {mask}.': '主进程（PID {pid}）的 CapEff 是 {mask}。',
  'Run it without --pid=host, or without --cap-add=SYS_PTRACE.':
    '运行时不要使用 --pid=host，或者不要使用 --cap-add=SYS_PTRACE。',
  'Host pid namespace': '宿主机的 pid 命名空间',
  'It sees every process of the host with its arguments, and may signal those of the same user.':
    '它能看到宿主机的所有进程及其参数，并且可以向同一用户的进程发送信号。',
  'Network of the rootless engine': 'rootless 引擎的网络',
  'Host network': '宿主机网络',
  'It uses the network in which the rootless engine itself runs (RootlessKit’s), not the machine’s: it reaches what listens there, including other --network=host containers of this user, and published ports do not apply.':
    '它使用的是 rootless 引擎自身所在的网络（由 RootlessKit 建立），而不是宿主机的网络：它能访问其中监听的一切，包括该用户其他使用 --network=host 的容器；发布的端口不起作用。',
  "It uses the host's network stack: it reaches what listens on the host's loopback address, including the engine's own listeners, and published ports do not apply.":
    '它使用宿主机的网络栈：能访问宿主机回环地址上监听的一切，包括引擎自身的监听端口；发布的端口不起作用。',
  'Run it without --network=host, and publish its ports with -p.': '运行时不要使用 --network=host，改用 -p 发布端口。',
  'Host IPC': '宿主机 IPC',
  "It sees the host's shared memory, semaphores and message queues.": '它能看到宿主机的共享内存、信号量和消息队列。',
  'Root inside is root outside': '容器内的 root 就是宿主机的 root',
  'It has no user namespace of its own and runs as uid 0: only capabilities, seccomp and the LSM isolate it.':
    '它没有自己的用户命名空间，并且以 UID 0 运行：只靠能力（capability）、seccomp 和 LSM 与宿主机隔离。',
  'It runs as uid {uid}.': '它以 UID {uid} 运行。',
  'Run it with --user, or the engine with --userns-remap.': '运行容器时加上 --user，或者让引擎启用 --userns-remap。',
  'No seccomp filter': '没有 seccomp 过滤器',
  'Every system call of the kernel is open to it.': '它可以使用内核的所有系统调用。',
  'Seccomp of its main process (pid {pid}) is {mode}.': '主进程（PID {pid}）的 Seccomp 是 {mode}。',
  'pid {pid} in an unknown cgroup': 'PID {pid} 在未知的 cgroup 中',
  'pid {pid} in {cgroup}': 'PID {pid} 在 {cgroup} 中',
  'Processes outside its cgroup': '有进程在它的 cgroup 之外',
  '{count, plural, one {A process of it is in another cgroup than the container: the limits of the container do not apply to it, and what it uses is not counted as its use.} other {# processes of it are in other cgroups than the container: the limits of the container do not apply to them, and what they use is not counted as its use.}}':
    '它有 {count, number} 个进程不在容器自己的 cgroup 中：容器的限额对这些进程不起作用，它们用掉的资源也不计入该容器。',
  'By ancestors and namespaces these belong to the container: {processes}.':
    '按祖先进程和命名空间判断，以下进程属于该容器：{processes}。',
  'Restart it. Where an engine inside makes cgroups at the top of the tree, run it with --cgroupns=private.':
    '重启该容器。如果容器内的引擎在 cgroup 树的顶层创建 cgroup，请在运行时加上 --cgroupns=private。',
  'Other processes in a cgroup with its id': '其他进程所在的 cgroup 带有它的 ID',
  '{count, plural, one {A process is in a cgroup that has this container’s id in its name, but by its ancestors and namespaces it does not belong to the container.} other {# processes are in a cgroup that has this container’s id in its name, but by their ancestors and namespaces they do not belong to the container.}} Whoever may make cgroups may give them any name.':
    '有 {count, number} 个进程所在的 cgroup 名称中带有该容器的 ID，但按祖先进程和命名空间判断，它们并不属于该容器。能创建 cgroup 的人可以给它取任何名字。',
  'Found: {processes}.': '发现：{processes}。',
  'Find out who started them. They are not counted as the container’s.': '请查明是谁启动了它们。它们不计入该容器。',
  'The engine lists these mounts: {mounts}.': '引擎列出了这些挂载：{mounts}。',

  // mounts.ts
  'Engine socket inside': '容器内有引擎的套接字',
  'Container runtime’s socket inside': '容器内有容器运行时的套接字',
  'The whole machine’s files inside': '容器内有宿主机的全部文件',
  'The machine’s settings inside': '容器内有宿主机的系统配置',
  'The files of all containers inside': '容器内有所有容器的文件',
  'The machine’s /proc inside': '容器内有宿主机的 /proc',
  'The machine’s /sys inside': '容器内有宿主机的 /sys',
  'The machine’s devices inside': '容器内有宿主机的设备',
  'Programs of the machine can be changed': '可以修改宿主机的程序',
  'It reaches {path}: whoever speaks to the engine controls it, which amounts to root. A read-only mount does not prevent that, since connecting to a socket writes nothing.':
    '它能访问 {path}：能与引擎通信，就能控制引擎，等同于 root。只读挂载也阻止不了，因为连接套接字并不需要写入。',
  'It reaches {path}: whoever speaks to it can run a container with every right, past the engine. A read-only mount does not prevent that.':
    '它能访问 {path}：能与之通信，就可以绕过引擎，运行拥有全部权限的容器。只读挂载也阻止不了。',
  'It can read every file of the machine: keys, password hashes, and the files of all containers.':
    '它可以读取宿主机的所有文件：密钥、密码哈希，以及所有容器的文件。',
  'It can change every file of the machine, which amounts to root.': '它可以修改宿主机的所有文件，等同于 root。',
  'It can read {path} of the machine, including the secrets in it.': '它可以读取宿主机的 {path}，包括其中的机密内容。',
  'It can change {path} of the machine: users, and what runs at set times or at start. That amounts to root.':
    '它可以修改宿主机的 {path}，包括用户、定时任务和开机启动项，等同于 root。',
  'It can read {path}, where images, volumes and the files of all containers are.':
    '它可以读取 {path}，其中存放着镜像、卷和所有容器的文件。',
  'It can change {path}, where images, volumes and the files of all containers are.':
    '它可以修改 {path}，其中存放着镜像、卷和所有容器的文件。',
  'It sees the arguments of every process of the machine, and as root their environment.':
    '它能看到宿主机所有进程的参数；以 root 身份还能看到它们的环境变量。',
  'Through /proc/sys/kernel/core_pattern and the like, root in it can have the machine run any program.':
    '容器内的 root 可以通过 /proc/sys/kernel/core_pattern 等文件，让宿主机运行任意程序。',
  'It sees the machine’s devices and the whole tree of cgroups.': '它能看到宿主机的设备和整棵 cgroup 树。',
  'As root it can change {path} of the machine: devices, or the limits and programs of cgroups.':
    '它以 root 身份可以修改宿主机的 {path}：设备，或者 cgroup 的限额和程序。',
  'It has the nodes of every device. Unless it is privileged, its device rules still decide which may be opened.':
    '它拥有所有设备的节点。除非它是特权容器，否则能打开哪些设备仍由设备规则决定。',
  'It can change {path} of the machine, which root runs or reads there.':
    '它可以修改宿主机的 {path}，而宿主机的 root 会运行或读取其中的内容。',
  '{source} at {destination} (read-only)': '{source} 挂载到 {destination}（只读）',
  '{source} at {destination} (writable)': '{source} 挂载到 {destination}（可写）',
  'volume {name}, a bind of {device}, at {destination} (read-only)':
    '卷 {name}（绑定自 {device}）挂载到 {destination}（只读）',
  'volume {name}, a bind of {device}, at {destination} (writable)':
    '卷 {name}（绑定自 {device}）挂载到 {destination}（可写）',
  'The engine runs without root, so all this is as its user, not as root of the machine.':
    '引擎以 rootless 方式运行，因此这一切都只有引擎用户的权限，而不是宿主机 root 的权限。',

  // lsm.ts
  'The kernel’s security modules were not read.': '没有读取到内核的安全模块。',
  'The kernel has no security modules.': '内核没有安全模块。',
  'The kernel’s security modules are {modules}.': '内核的安全模块有 {modules}。',
  'The engine names no profile.': '引擎没有给出配置文件（profile）。',
  'The engine names the profile {profile}.': '引擎给出的配置文件（profile）是 {profile}。',

  // added-capabilities.ts
  'SYS_MODULE lets it load code into the kernel.': 'SYS_MODULE 允许它向内核加载代码。',
  'SYS_RAWIO lets it reach the machine’s I/O ports and memory past the kernel.':
    'SYS_RAWIO 允许它绕过内核访问宿主机的 I/O 端口和内存。',
  'DAC_READ_SEARCH lets it open any file of a file system of which it sees a part, by handle (open_by_handle_at(2)).':
    'DAC_READ_SEARCH 允许它通过文件句柄（open_by_handle_at(2)）打开文件系统中的任何文件，只要它能看到该文件系统的一部分。',
  'BPF lets it load programs into the kernel.': 'BPF 允许它向内核加载程序。',
  'CHECKPOINT_RESTORE lets it restore processes with chosen pids.': 'CHECKPOINT_RESTORE 允许它以指定的 PID 恢复进程。',
  'MAC_ADMIN lets it change the rules of the security module.': 'MAC_ADMIN 允许它修改安全模块的规则。',
  'MAC_OVERRIDE lets it pass over the rules of the security module.': 'MAC_OVERRIDE 允许它绕过安全模块的规则。',
  'PERFMON lets it trace the kernel.': 'PERFMON 允许它跟踪内核。',
  'SYSLOG lets it read the kernel’s log.': 'SYSLOG 允许它读取内核日志。',
  'SYS_BOOT lets it call reboot(2), and replace the running kernel where seccomp allows it.':
    'SYS_BOOT 允许它调用 reboot(2)，并在 seccomp 放行时替换正在运行的内核。',
  'SYS_TIME lets it set the machine’s clock.': 'SYS_TIME 允许它设置宿主机的时钟。',
  'NET_ADMIN lets it change the machine’s network interfaces, routes and firewall.':
    'NET_ADMIN 允许它修改宿主机的网络接口、路由和防火墙。',
  'That amounts to root of the machine.': '这等同于宿主机的 root。',
  'That concerns the whole machine, not only the container.': '这影响的是整台宿主机，而不只是该容器。',
  'CapBnd of its main process (pid {pid}) is {mask}.': '主进程（PID {pid}）的 CapBnd 是 {mask}。',
  'It has {capabilities} besides those that every container has.':
    '除了每个容器都有的能力之外，它还拥有 {capabilities}。',
  'Capabilities beyond Docker’s default': '超出 Docker 默认的能力（capability）',
  'They count only over what its own user namespace owns.': '这些能力只对它自己的用户命名空间所拥有的资源有效。',
  'It is in {namespace}, the machine’s own is {initial}.': '它在 {namespace} 中，宿主机自己的是 {initial}。',
  'It may enter namespaces and mount file systems, as far as {profile} lets it. Most of what else would keep it apart is lifted.':
    '它可以进入命名空间、挂载文件系统，只受 {profile} 限制。除此之外的隔离手段大多已失效。',
  'It may enter namespaces and mount file systems. With a /proc that it mounts itself it can have the machine run any program.':
    '它可以进入命名空间、挂载文件系统。通过自行挂载的 /proc，它能让宿主机运行任意程序。',
  'No security module forbids that.': '没有安全模块禁止这样做。',
  'Whether a security module forbids that is not known.': '无法确定是否有安全模块禁止这样做。',

  // rights.ts
  'No AppArmor or SELinux profile': '没有 AppArmor 或 SELinux 配置文件',
  'The machine has such a module, but it does not confine this container: only capabilities still protect mounts, and the files of /proc and /sys that the profile would close.':
    '宿主机有这样的安全模块，但它没有约束该容器：挂载操作，以及本应由配置文件封锁的 /proc 和 /sys 文件，只剩能力（capability）来保护。',
  'It has no security options.': '它没有设置安全选项。',
  'Its security options are {options}.': '它的安全选项是 {options}。',
  'May gain privileges': '可以提升权限',
  'A program with the set-user-id bit, or with file capabilities, gives its rights to whoever runs it inside.':
    '带有 set-user-ID 位或文件能力的程序，会把自己的权限授予在容器内运行它的人。',
  'NoNewPrivs of its main process (pid {pid}) is {value}.': '主进程（PID {pid}）的 NoNewPrivs 是 {value}。',
  'Device {devices}': '设备 {devices}',
  'The engine lists these devices: {devices}.': '引擎列出了这些设备：{devices}。',
  '{source} at {destination} ({access})': '{source} 位于 {destination}（{access}）',
  'It can read what is stored there, and change it where it may write, past all file permissions: on the machine’s own disk or memory that amounts to root.':
    '它可以绕过所有文件权限读取其中存储的内容，有写权限时还能修改；如果是宿主机自己的磁盘或内存，就等同于 root。',
  'It speaks to the machine’s hardware past the kernel’s file systems.':
    '它可以绕过内核的文件系统，直接与宿主机的硬件打交道。',
  'It was given a device of the machine, of a kind that is meant for programs.':
    '它获得了宿主机的一个设备，这类设备本来就是供程序使用的。',
  threads: '线程',
  'No limit on {resources}': '未限制{resources}',
  'It may take all that the machine has of it, and starve what runs beside it.':
    '它可以耗尽宿主机的这些资源，使其他程序无资源可用。',
  'The engine set none. A cgroup above may still have a limit.': '引擎没有设置限额。上级 cgroup 仍可能有限额。',
  'Published on every address: {ports}': '在所有地址上发布：{ports}',
  'Other machines reach it, past ufw and the like: Docker’s rules come before theirs. What comes through docker-proxy has the bridge’s address inside, so rules there that go by the sender have no effect.':
    '其他机器可以绕过 ufw 等防火墙访问它，因为 Docker 的规则排在它们前面。经由 docker-proxy 的连接在容器内显示为网桥的地址，因此容器内按来源地址过滤的规则不起作用。',
  'The engine lists these ports: {ports}.': '引擎列出了这些端口：{ports}。',
  'Its docker-proxy is pid {pids}.': '对应的 docker-proxy 是 PID {pids}。',
  'Publish it on one address: -p 127.0.0.1:PORT:PORT.': '只在一个地址上发布：-p 127.0.0.1:PORT:PORT。',
  'Hostname of the machine': '宿主机的主机名',
  'It can change the machine’s hostname.': '它可以修改宿主机的主机名。',
  'It sees the machine’s hostname; to change it, it would need CAP_SYS_ADMIN.':
    '它能看到宿主机的主机名；要修改主机名，还需要 CAP_SYS_ADMIN。',
  'The machine’s tree of cgroups': '宿主机的 cgroup 树',
  'It sees the names of all cgroups in /proc/PID/cgroup, and where its own stands. What it may change depends on how /sys/fs/cgroup is mounted.':
    '它能在 /proc/PID/cgroup 中看到所有 cgroup 的名称，以及自己所处的位置。它能修改什么，取决于 /sys/fs/cgroup 如何挂载。',
  'Excluded from the remapping of users': '未参与用户重映射',
  'The engine makes root inside a user without rights outside, but this container is an exception: its root is root outside.':
    '引擎会把容器内的 root 映射为宿主机上没有特权的用户，但该容器例外：它的 root 就是宿主机的 root。',
  'Its mounts appear outside': '它的挂载会传播到外部',
  'What it mounts below such a mount, if it may mount at all, also appears on the machine and in every other container that shares it.':
    '只要它有权挂载，在这些挂载点之下新增的挂载也会出现在宿主机上，以及共享该位置的所有其他容器中。',
  'Mount {places} without bind-propagation=shared.': '挂载 {places} 时不要使用 bind-propagation=shared。',
} as const;
