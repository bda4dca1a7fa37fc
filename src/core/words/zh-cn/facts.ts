/** Facts of the kernel and the engine: services, namespaces' holders, snapshots as files, the machine, wiring, actions. */
export const facts = {
  // Services
  'containerd, namespace {name}': 'containerd，命名空间 {name}',
  'Kubernetes ({runtime}, static pod)': 'Kubernetes（{runtime}，静态 Pod）',
  'Kubernetes (static pod)': 'Kubernetes（静态 Pod）',
  'Podman, unit {unit}': 'Podman，单元 {unit}',
  'another engine': '另一个引擎',
  'build step': '构建步骤',
  'LinuxKit service': 'LinuxKit 服务',
  'shim of {name}': '{name} 的 shim',
  'containerd namespace {name}': 'containerd 命名空间 {name}',
  'forwards {from} to {to}': '把 {from} 转发到 {to}',
  'container engine': '容器引擎',
  'kernel threads': '内核线程',
  'the kernel itself': '内核自身',
  'its cgroup bears the container’s id, and ancestors and namespaces agree':
    'cgroup 中带有该容器的 ID，祖先进程和命名空间也吻合',
  'it descends from the container’s first process': '它是该容器第一个进程的后代',
  'it is below the container’s shim and in its namespaces': '它在该容器的 shim 之下，并处于其命名空间中',
  'its cgroup {cgroup} bears a container’s id, but nothing else agrees':
    'cgroup {cgroup} 中带有某个容器的 ID，但没有其他依据吻合',
  '{reason}, though its cgroup is {cgroup}': '{reason}，尽管它的 cgroup 是 {cgroup}',
  '{reason}, though some controllers have it in {cgroup}': '{reason}，尽管部分控制器把它放在 {cgroup}',
  'its arguments name the container that it holds': '它的参数中指明了所维持的容器',
  'its arguments lead to {address}, the container’s address': '它的参数指向 {address}，即该容器的地址',
  '{pids} in {name}': '{pids}（{name}）',

  // What holds a namespace
  'mounted at {path}': '挂载在 {path}',
  '{process} in {name}': '{name} 中的 {process}',
  'mounted at {path} in {place}': '在 {place} 中挂载于 {path}',
  'process {pid}': '进程 {pid}',
  'socket {fd} of {process}, made there': '{process} 的套接字 {fd}，在其中创建',
  'open file {fd} of {process}': '{process} 打开的文件 {fd}',
  'thread {tid} of {process}': '{process} 的线程 {tid}',
  '{process}, for its future children': '{process}，供其以后的子进程使用',

  // Snapshots as files
  'This snapshot was saved without details: `bulkhead scan --details --json`.':
    '该快照保存时没有包含详情：`bulkhead scan --details --json`。',
  'The details in this snapshot have nothing about this namespace.': '该快照的详情中没有这个命名空间的内容。',
  'The details in this snapshot have nothing about this process.': '该快照的详情中没有这个进程的内容。',
  'The details in this file are damaged at "{where}" and were left out.': '该文件的详情在“{where}”处已损坏，未予采用。',
  '{count} of the details in this file are damaged and were left out.': '该文件的详情中有 {count} 条已损坏，未予采用。',
  '{count} of the details in this file are beyond the {limit} that are read.':
    '该文件的详情有 {count} 条超出了 {limit} 条的读取上限。',
  'its values are nested more than {count, number} levels deep': '值的嵌套超过 {count, number} 层',
  'it has more than {count, number} million objects and lists': '对象和列表超过 {count, number} 百万个',
  'it has more than {count, number} million values': '值超过 {count, number} 百万个',
  'This is not text in {encoding}. Open a file that Bulkhead saved.':
    '这不是 {encoding} 编码的文本。请打开由 Bulkhead 保存的文件。',
  'This file has {size} MB, and {limit} are the limit. Save a snapshot of fewer processes.':
    '该文件有 {size} MB，上限是 {limit} MB。请保存进程较少的快照。',
  'This is not a snapshot: {reason}. Open a file that Bulkhead saved.':
    '这不是快照：{reason}。请打开由 Bulkhead 保存的文件。',
  'This is not JSON ({reason}). Open a file that Bulkhead saved.':
    '这不是 JSON（{reason}）。请打开由 Bulkhead 保存的文件。',
  'This is JSON and not a Bulkhead snapshot: "format" is not "{format}".':
    '这是 JSON，但不是 Bulkhead 快照：“format”不是“{format}”。',
  'This snapshot has format version {version}; this Bulkhead reads up to {newest}. Update Bulkhead.':
    '该快照的格式版本是 {version}；当前的 Bulkhead 最高只能读取 {newest}。请更新 Bulkhead。',
  'This snapshot is damaged at "{where}": {reason}. Save it again.':
    '该快照在“{where}”处已损坏：{reason}。请重新保存。',

  // The machine
  'a rootless engine’s user namespace': 'rootless 引擎的用户命名空间',
  'The engine says that it runs without root: its host is a user namespace of its owner.':
    '引擎称自己以非 root 身份运行：它的宿主机是其所有者的一个用户命名空间。',
  'a WSL 2 distribution': 'WSL 2 发行版',
  'The kernel is {kernel}; each distribution has a pid namespace of its own, and this is one.':
    '内核是 {kernel}；每个发行版都有自己的 pid 命名空间，这里是其中一个。',
  'an OrbStack machine': 'OrbStack 的 machine',
  'The engine calls itself OrbStack, whose machines share one kernel.':
    '引擎自称 OrbStack，它的各个 machine 共用一个内核。',
  'a machine of {name}': '{name} 的 machine',
  'the VM of {name}': '{name} 的虚拟机',
  'The engine calls itself {name}, and the probe is not in the kernel’s initial pid namespace.':
    '引擎自称 {name}，而探针不在内核的初始 pid 命名空间中。',
  'The engine calls itself {name}; the kernel is {kernel}.': '引擎自称 {name}；内核是 {kernel}。',
  'this Linux': '本机 Linux',
  'Bulkhead runs on the same boot of the same kernel.': 'Bulkhead 运行在同一内核的同一次启动上。',
  'a VM ({hypervisor})': '虚拟机（{hypervisor}）',
  'a VM in a cloud': '云上的虚拟机',
  'Its firmware says "{firmware}", and it is not the kernel that Bulkhead runs on.':
    '固件信息为“{firmware}”，而且它不是 Bulkhead 所在的内核。',
  'a Linux in a container': '容器中的 Linux',
  'The probe is not in the kernel’s initial pid namespace.': '探针不在内核的初始 pid 命名空间中。',
  'another Linux': '另一个 Linux',
  'It is not the kernel that Bulkhead runs on.': '它不是 Bulkhead 所在的内核。',
  'a Linux': 'Linux',
  'Nothing says that it is more than that.': '没有更多信息能说明它是什么。',

  // Problems of the probe
  'The probe wrote a line that is not JSON; it was skipped.': '探针写出了一行不是 JSON 的内容，已跳过。',
  'The probe wrote a record that does not fit its protocol (at "{where}"); it was skipped.':
    '探针写出了一条不符合协议的记录（在“{where}”处），已跳过。',
  'The probe wrote a line of more than 8 MiB; it was skipped.': '探针写出了一行超过 8 MiB 的内容，已跳过。',
  'The engine names a process of another container as the init of some containers ({name} among them); their processes were told by cgroup.':
    '引擎把别的容器的进程当成了某些容器（包括 {name}）的主进程；它们的进程改按 cgroup 识别。',

  // Wiring
  '{count, number} of {total, number}': '{count, number} / {total, number}',
  '✗ {hop} fails': '✗ {hop} 不通',
  '? {hop} unknown': '? {hop} 未知',
  '{link} (down)': '{link}（down）',
  'and {count, plural, one {# more link} other {# more links}}': '还有 {count, number} 个接口',
  'and {count, plural, one {# more line} other {# more lines}} of ports': '还有 {count, number} 行端口',
  'also in {networks}': '也在 {networks}',
  'gateway {address}': '网关 {address}',
  'Straight to the machine': '直通宿主机',
  'no bridge': '无网桥',
  'From one to the other': '两两直连',
  'Other links': '其他网络接口',
  'In no network: {names}': '不在任何网络中：{names}',
  'Networks without members: {names}': '没有成员的网络：{names}',

  // Details on the page
  'Filter: {title}': '筛选：{title}',
  'Nothing matches the filter.': '没有符合筛选条件的内容。',
  'Limits, ports, main process': '限制、端口、主进程',
  'Limits and use': '限制与用量',
  'How its ports are reached': '端口的访问路径',
  'Main process (PID 1)': '主进程（PID 1）',
  'Memory, capabilities, threads': '内存、capability、线程',
  'this one': '当前',
  'Compare with another mount table': '与另一张挂载表对比',
  'The other mount namespace': '另一个 mnt 命名空间',
  'Choose…': '请选择…',
  Contents: '内容',

  // What can be done
  Start: '启动',
  'The container is started again.': '重新启动该容器。',
  Pause: '暂停',
  'All its processes are frozen where they are, until it is unpaused.': '它的所有进程就地冻结，直到恢复为止。',
  Unpause: '恢复',
  'Its processes continue.': '它的进程继续运行。',
  Stop: '停止',
  'Its main process gets SIGTERM, and SIGKILL after the grace period. Containers that joined its namespaces keep the old ones until they are restarted.':
    '主进程会收到 SIGTERM，宽限期过后收到 SIGKILL。加入了其命名空间的容器会停留在旧的命名空间里，直到重启。',
  Restart: '重启',
  'It is stopped and started, and gets new namespaces. Containers that joined the old ones stay in them.':
    '先停止再启动，并得到新的命名空间。加入了旧命名空间的容器会停留在旧的里面。',
  'It is killed and removed, with everything that was written into it. Volumes stay. This cannot be undone.':
    '强制结束并移除容器，写入其中的内容也一并删除；卷会保留。此操作无法撤销。',
  '{action} {name}?': '{action} {name}？',
  '{action} {name}…': '{action} {name}…',
  '{action}…': '{action}…',
  'Only while the picture is live': '仅在实时画面下可用',
  Shell: 'Shell',
  'Choose which of its namespaces to join, as root': '选择以 root 身份加入它的哪些命名空间',
  'Enter…': '进入…',
  'One command outside and inside, side by side': '在外部和内部各运行同一命令，并排对照',
  Actions: '操作',
  'Actions on {name}': '对 {name} 的操作',
  Signal: '信号',
  'Signal process {pid}': '向进程 {pid} 发送信号',
  'Send SIG{signal}': '发送 SIG{signal}',
  'Send SIG{signal} to process {pid}?': '向进程 {pid} 发送 SIG{signal}？',
  '{name} gets it, whatever container it is in. By default most signals end a process; the end of a container’s main process ends the container.':
    '无论在哪个容器里，{name} 都会收到该信号。多数信号默认会结束进程；容器的主进程一结束，容器也就结束了。',
  'Shell in the VM…': '虚拟机中的 Shell…',
  'Shell on the host…': '宿主机上的 Shell…',
  'Reach {to}…': '检查 {to} 的可达性…',
  'Reach from {from} {to}…': '检查从 {from} 到 {to} 的可达性…',
  'Can it be reached, and which way?': '能否到达，走哪条路径？',
  'Working…': '正在执行…',
  'loses its file systems': '失去文件系统',
  'ends with it': '随之终止',
  'loses its network': '失去网络',
  'no longer shares its memory': '不再共享内存',
  'no longer shares its host name': '不再共享主机名',
  'no longer shares its users': '不再共享用户',
  'no longer shares its cgroup': '不再共享 cgroup',
  'no longer shares its clock': '不再共享时钟',
  '{name} {losses}': '{name} {losses}',
  '{one} and {other} ⟨verbs⟩': '{one}，并 {other}',
  '{list}.': '{list}。',
  '{list}; and {count, number} more.': '{list}；另有 {count, number} 个。',
} as const;
