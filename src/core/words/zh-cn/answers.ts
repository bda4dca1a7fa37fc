/** Answers: the guide, isolation, check, why. */
export const answers = {
  // guide.ts
  'Start two containers that share a network': '启动两个共享网络的容器',
  'web1 serves a page on port 8000. web2 joins its network namespace, and the picture draws a line from web2 to web1 that says so.':
    'web1 在 8000 端口上提供网页，web2 加入 web1 的网络命名空间。图中会出现一条从 web2 到 web1 的连线，标明这层关系。',
  'One network, two file systems': '一个网络，两个文件系统',
  'localhost of web2 is localhost of web1, so the server answers. A file of web1 is not in web2, since each has mounts of its own.':
    'web2 的 localhost 就是 web1 的 localhost，所以在 web2 里也能访问 web1 的服务。但 web1 里的文件不会出现在 web2 里，因为两者各有自己的挂载。',
  'The hostname, inside and outside': '容器内外的主机名',
  'A container that joins the network of another gets the same hostname too, but in a UTS namespace of its own. The machine has another name.':
    '容器加入另一个容器的网络后，主机名也会与对方相同，但两者的 UTS 命名空间仍各自独立。宿主机则有另一个主机名。',
  'Processes of a container are processes of the machine': '容器里的进程就是宿主机上的进程',
  'Inside, the first process has pid 1. On the machine the same process has another number, which --pid=host shows. A kill on the machine ends the process inside.':
    '在容器内，第一个进程的 PID 是 1。同一个进程在宿主机上有另一个 PID，用 --pid=host 就能看到。在宿主机上结束（kill）它，容器内的进程也随之结束。',
  'Look in from outside': '从外面查看容器',
  'A container with a debugger can join the pid namespace of another, which then needs no tools of its own; SYS_PTRACE lets it attach. On the Linux of the engine, root can do the same with nsenter.':
    '带有调试工具的容器可以加入另一个容器的 pid 命名空间，这样后者自己无需安装任何工具；有了 SYS_PTRACE，调试器才能附加到对方的进程。在引擎所在的 Linux 上，root 用 nsenter 也能做到同样的事。',
  'Restart the owner': '重启持有者',
  'web1 gets a new network namespace, and web2 is left in the old one: the line is drawn as broken, and the panel says how to mend it.':
    'web1 会得到新的网络命名空间，web2 却还留在旧的里面：图中的连线会显示为失效，面板会给出修复方法。',
  'Clean up': '清理',
  'Nothing else was changed.': '除此之外，没有改动任何东西。',

  // isolation-places.ts
  'The mount table of pid {pid} has {mounts}.': 'PID {pid} 的挂载表中有 {mounts}。',

  // isolation.ts
  'Processes in namespaces of their own': '有进程在自己的命名空间中',
  'A process in it made or joined other namespaces than those of its main process.':
    '容器内有进程创建或加入了与主进程不同的命名空间。',
  'The links in /proc/PID/ns differ from those of its main process: {differences}.':
    '/proc/PID/ns 中的链接与主进程不同：{differences}。',
  '{kind} (pid {pids})': '{kind}（PID {pids}）',
  'Not looked into': '未能查看',
  'No process of it was seen, so neither its namespaces nor its rights are known.':
    '没有看到它的任何进程，因此它的命名空间和权限都未知。',
  'The engine says that it runs as pid {pid}.': '引擎报告它正在以 PID {pid} 运行。',
  'The probe reported no such process.': '探针没有发现这个进程。',

  // isolation-guards.ts
  'Not in the machine’s {kinds}': '不在宿主机的 {kinds} 命名空间中',
  'It does not see what is in these namespaces of the machine.': '它看不到宿主机这些命名空间中的内容。',
  '/proc/{pid}/ns has {namespaces}; the host has others.': '/proc/{pid}/ns 中是 {namespaces}，与宿主机不同。',
  'Its {kinds} could not be read': '无法读取它的 {kinds} 命名空间',
  'Whether it shares these with the machine is not known.': '无法确定它是否与宿主机共享这些命名空间。',
  '{path} could not be read.': '无法读取 {path}。',
  Capabilities: '能力（capability）',
  'They could not be read.': '无法读取。',
  'No capability is withheld': '所有能力均已授予',
  '{count, plural, one {# capability is withheld} other {# capabilities are withheld}}':
    '有 {count, number} 项能力未授予',
  'It has none, and no program in it can get one.': '它没有任何能力，其中的程序也无法获得。',
  'It can have all of them.': '它可以拥有全部能力。',
  'It can have {capabilities}.': '它可以拥有 {capabilities}。',
  'CapBnd of its main process (pid {pid}) is {bounding}, CapEff is {effective}.':
    '主进程（PID {pid}）的 CapBnd 是 {bounding}，CapEff 是 {effective}。',
  'Whether system calls are filtered is not known.': '无法确定系统调用是否受到过滤。',
  '{field} of pid {pid} could not be read.': '无法读取 PID {pid} 的 {field}。',
  'System calls are filtered': '系统调用受到过滤',
  'By the engine’s default profile, as the engine says.': '据引擎报告，使用引擎的默认配置文件。',
  'By a profile of its own, as the engine says.': '据引擎报告，使用容器自己的配置文件。',
  'The kernel says that there is a filter, but not what it lets through.': '内核只说明存在过滤器，不说明它放行什么。',
  'Seccomp of its main process (pid {pid}) is {mode}, with {count, plural, one {# filter} other {# filters}}.':
    '主进程（PID {pid}）的 Seccomp 是 {mode}，有 {count, number} 个过滤器。',
  'The machine has no AppArmor or SELinux': '宿主机没有 AppArmor 或 SELinux',
  'No such module confines any container here.': '这里的容器都不受此类安全模块约束。',
  'Confined by {profile}': '受 {profile} 约束',
  'The security module refuses what its profile does not allow, even to root.':
    '配置文件不允许的操作，安全模块一律拒绝，root 也不例外。',
  '{path} is {value}.': '{path} 的内容是 {value}。',
  'Its security label does not confine it': '它的安全标签没有约束作用',
  'No profile is in force for it.': '没有对它生效的配置文件。',
  'The security label of pid {pid} was not read.': '没有读取 PID {pid} 的安全标签。',
  'AppArmor or SELinux': 'AppArmor 或 SELinux',
  'Whether a profile confines it is not known.': '无法确定是否有配置文件约束它。',
  'New privileges': '提升权限',
  'Whether programs in it can gain privileges is not known.': '无法确定其中的程序能否提升权限。',
  'No program in it can gain privileges by the set-user-id bit or file capabilities.':
    '其中的程序都无法借助 set-user-ID 位或文件能力提升权限。',
  Users: '用户映射',
  'Whether root inside is root outside is not known.': '无法确定容器内的 root 是否就是宿主机的 root。',
  'The user namespace of pid {pid} could not be read.': '无法读取 PID {pid} 的用户命名空间。',
  'Runs as uid {uid}': '以 UID {uid} 运行',
  'It is root neither inside nor outside; a set-user-id program may change that.':
    '无论在容器内还是在宿主机上，它都不是 root；但带有 set-user-ID 位的程序可能改变这一点。',
  'The effective uid of pid {pid} is {uid}, in {namespace}.': 'PID {pid} 在 {namespace} 中的有效 UID 是 {uid}。',
  'Root inside is root outside, by its map': '按映射，容器内的 root 就是宿主机的 root',
  'It has a user namespace of its own, but its map makes root inside root outside.':
    '它有自己的用户命名空间，但其中的 root 仍映射为宿主机的 root。',
  'A user namespace of its own': '有自己的用户命名空间',
  'Root inside is uid {uid} outside': '容器内的 root 在宿主机上是 UID {uid}',
  'Its root has no rights over what the machine owns.': '它的 root 对宿主机拥有的资源没有任何权限。',
  'Which user it maps to was not read.': '没有读取它映射到哪个用户。',
  'pid {pid} is in {namespace}, the machine’s own is {initial}.':
    'PID {pid} 在 {namespace} 中，宿主机自己的是 {initial}。',
  Devices: '设备',
  'Which devices it was given is not known.': '无法确定它获得了哪些设备。',
  'The engine does not tell.': '引擎没有提供。',
  'Where its mounts really lead': '挂载的真实来源',
  'Only the engine’s names for them are known: a link or another name may lead elsewhere.':
    '只知道引擎给出的名称：它可能是链接或别名，实际指向别处。',
  'The mount table of pid {pid} was not read.': '没有读取 PID {pid} 的挂载表。',

  // isolation-limits.ts
  'memory {size} ({cgroup})': '内存 {size}（{cgroup}）',
  '{point} is still the {source} that was mounted: it was removed or replaced since, and what is there now is not visible inside.':
    '{point} 是挂载时的 {source}：它后来被删除或替换，现在的内容看不到。',
  'The mount table of pid {pid} has {root} at {point}.': 'pid {pid} 的挂载表中，{point} 处是 {root}。',
  'docker restart {name}; to see each new one, mount its directory':
    'docker restart {name}；若要总能看到新文件，请挂载其所在目录',
  'Its main process is not in {cgroup} for all controllers: {elsewhere}.':
    '其主进程并非在所有控制器中都属于 {cgroup}：{elsewhere}。',
  '{processors} processors ({cgroup})': '{processors} 个处理器（{cgroup}）',
  '{count, number} threads ({cgroup})': '{count, number} 个线程（{cgroup}）',
  'Neither {cgroup} nor a cgroup above has one.': '{cgroup} 及其上级 cgroup 都没有设置限额。',
  'Limits are in force': '限额已生效',
  'It cannot take more than these.': '它用到的资源不能超过这些限额。',
  'Its cgroups have these limits: {limits}.': '它的 cgroup 有这些限额：{limits}。',
  'How much it may use is not known.': '无法确定它最多可以使用多少资源。',
  'The engine does not tell, and its cgroup was not read.': '引擎没有提供，也没有读取它的 cgroup。',
  'memory {size}': '内存 {size}',
  '{count, plural, one {# processor} other {# processors}}': '{count, number} 个处理器',
  'Limits are set': '已设置限额',
  'The engine set {limits}; its cgroup was not read.': '引擎设置了 {limits}；没有读取它的 cgroup。',

  // isolation-neighbours.ts
  'Through /proc/PID/root it enters the files of {name}, and so can do all that {name} can: {findings}.':
    '它可以通过 /proc/PID/root 进入 {name} 的文件，因此 {name} 能做的它都能做：{findings}。',
  'It sees the processes of {name}, and may signal those of the same user. {name} can do more than it can: {findings}.':
    '它能看到 {name} 的进程，并且可以向同一用户的进程发送信号。{name} 能做的比它多：{findings}。',
  'It reaches what {name} serves on its loopback address, and may take its ports when they are free. {name} can do more than it can: {findings}.':
    '它能访问 {name} 在回环地址上提供的服务，并且可以占用其空闲的端口。{name} 能做的比它多：{findings}。',
  'It may read and write the shared memory of {name}, as far as users allow. {name} can do more than it can: {findings}.':
    '在用户权限允许的范围内，它可以读写 {name} 的共享内存。{name} 能做的比它多：{findings}。',
  'Shares {kind} with {name}': '与 {name} 共享 {kind}',
  'pid {pid} and pid {other} ({name}) are both in {namespace}.':
    'PID {pid} 和 PID {other}（{name}）都在 {namespace} 中。',
  'Run it in a {kind} namespace that {name} is not in.': '让它在 {name} 之外的 {kind} 命名空间中运行。',

  // check.ts
  'The engine declares {declared}.': '引擎声明了 {declared}。',
  'No container has that id any more.': '已经没有使用该 ID 的容器。',
  '{name} has no process.': '{name} 没有进程。',
  'Create {name} again with a container that exists.': '重新创建 {name}，让它加入一个现有的容器。',
  'The namespace of pid {pid} could not be read.': '无法读取 PID {pid} 的命名空间。',
  'pid {pid} is in {namespace}.': 'PID {pid} 在 {namespace} 中。',
  '{name} (pid {pid}) is in {namespace}.': '{name}（PID {pid}）在 {namespace} 中。',
  'It is mounted at {path}.': '它挂载在 {path}。',
  'pid {pid} (ended)': 'PID {pid}（已结束）',
  'pid {pid} ({comm})': 'PID {pid}（{comm}）',
  'Thread {tid} of {process} is in it.': '{process} 的线程 {tid} 在其中。',
  'Children of {process} will be in it.': '{process} 的子进程将在其中。',
  '{process} has it open as descriptor {fd}.': '{process} 通过描述符 {fd} 打开了它。',
  'End pid {pid}, or have it close the descriptor.': '结束 PID {pid}，或让它关闭该描述符。',
  '{namespace} has no process and is kept alive.': '{namespace} 中没有进程，但仍被保留。',
  'No process is in it.': '其中没有进程。',
  '{place} was requested, but is not in force. {why}': '声明了 {place}，但未生效。{why}',
  'It does not list this port as published.': '引擎列出的已发布端口中没有它。',
  '{title}. {text}': '{title}。{text}',
  '{count, plural, one {A process has ended and its parent has not waited for it: it keeps its pid until then.} other {# processes have ended and their parents have not waited for them: they keep their pids until then.}}':
    '有 {count, number} 个进程已结束，但父进程还没有回收（wait）；在此之前它们一直占用 PID。',
  'The state is Z for pid {pids}.': '状态为 Z 的进程：PID {pids}。',
  'The parent is pid {pids}.': '父进程是 PID {pids}。',
  'The parent (pid {pids}) must wait for them, or end.': '父进程（PID {pids}）必须回收它们，或者结束。',
  'Run it with --init, which adds a first process that waits for all others.':
    '运行时加上 --init，它会增加一个负责回收所有子进程的进程。',
  'It ends and is started again, over and over.': '它反复退出又被重新启动。',
  'The last exit code is not known, the restart policy is {policy}.': '上次的退出码未知，重启策略是 {policy}。',
  'The last exit code was {code}, the restart policy is {policy}.': '上次的退出码是 {code}，重启策略是 {policy}。',
  'The engine could not remove it: part of it is still in use.': '引擎无法删除它：它仍有资源在使用中。',
  'A helper container of Bulkhead was left behind.': '遗留了一个 Bulkhead 的辅助容器。',
  'It has Bulkhead’s label.': '它带有 Bulkhead 的标签。',
  'The shim of {id}, which the engine does not know, holds no process.':
    '{id} 的 shim 下没有任何进程，而且引擎不认识这个容器。',
  'pid {pid} is {comm}, and no process has it as its parent.': 'PID {pid} 是 {comm}，没有进程以它为父进程。',
  'Find out why the engine forgot it (its log), then end pid {pid}.':
    '请查明引擎为何丢失了它（查看引擎日志），然后结束 PID {pid}。',

  // check-network.ts
  '{port} is published, but nothing in this Linux forwards it: {what}.':
    '{port} 已发布，但这个 Linux 中没有任何东西转发它：{what}。',
  '{port} is published, but the program listens on {places} only, which nothing outside the container can reach.':
    '{port} 已发布，但程序只在 {places} 上监听，容器外无法访问。',
  'The kernel lists the socket in its network namespace: {socket}.': '内核列出了其网络命名空间中的套接字：{socket}。',
  'Let the program listen on 0.0.0.0 (or ::) in {name}.': '让 {name} 中的程序在 0.0.0.0（或 ::）上监听。',
  '{port} is published, and nobody listens on {inside} in {name}.':
    '{port} 已发布，但 {name} 中没有程序在 {inside} 上监听。',
  'The kernel lists no such socket in its network namespace.': '内核没有在其网络命名空间中列出这样的套接字。',
  'Publish the port that the program listens on, or find out why it does not (its log).':
    '发布程序实际监听的端口，或者查明它为何没有监听（查看它的日志）。',
  '{port} is published, and its way ends at {hop}.': '{port} 已发布，但通路在 {hop} 处中断。',
  'The other end of {link} in {place} is nowhere to be found.': '{place} 中的 {link} 没有通向任何可见的位置。',
  'The other end of {link} in {place}, a port of {bridge}, is nowhere to be found.':
    '{place} 中的 {link} 没有通向任何可见的位置，它是 {bridge} 的一个端口。',
  'The kernel names no other end of it.': '内核没有给出它的另一端。',
  'According to the kernel, its other end is interface {index} of another network namespace, and no visible process, mount or descriptor has that namespace.':
    '据内核报告，它的另一端是另一个网络命名空间中的 {index} 号接口，但在可见的进程、挂载和描述符中都找不到那个命名空间。',
  'Find out whose it is, then: {command}': '请先查明它属于谁，然后运行：{command}',

  // why.ts
  'It was made for {name}.': '该命名空间为 {name} 创建。',
  'It was made for {name}, the sandbox of Kubernetes pod {pod}.':
    '该命名空间为 {name} 创建，后者是 Kubernetes Pod {pod} 的沙箱。',
  '{name} joined it: {setting}.': '{name} 加入了该命名空间：{setting}。',
  '{name} is in it, since it was started with {option}.': '{name} 在其中，因为启动时使用了 {option}。',
  '{name} is in it by default: {reason}.': '{name} 在其中，因为没有另行设置（{reason}）。',
  '{name} belongs to Kubernetes pod {pod}, whose containers share it.':
    '{name} 属于 Kubernetes Pod {pod}，该 Pod 的容器都共享它。',
  '{name} joined it at run time (setns); no setting of it explains that.':
    '{name} 在运行时加入了该命名空间（setns）；它的设置中没有任何一项能解释。',
  'It is {whose}.': '这是{whose}。',
  '{name} is in it; why is {reason}.': '{name} 在其中；原因{reason}。',
  'It declares {declared}, which is not in force.': '它声明了 {declared}，但并未生效。',
  '{name} is not running, so it has none.': '{name} 没有运行，因此没有命名空间。',
  'It could not be read.': '无法读取。',
  'The engine made it for {name} alone.': '由引擎专为 {name} 创建。',
  'Why it is in it is not known.': '无法确定它为何在其中。',
  'pid {pid} ({comm}) of {container}': '{container} 的 PID {pid}（{comm}）',
  'The kernel did not allow it to be read.': '内核不允许读取。',
  '{process} is in the same one as {container}.': '{process} 与 {container} 在同一个命名空间中。',
  '{process} is not in the {kind} namespace of {container}: it made this one or entered it (unshare, setns).':
    '{process} 不在 {container} 的 {kind} 命名空间中：当前这个命名空间要么由它创建，要么是它进入的（unshare、setns）。',
  'Which of them is not recorded.': '具体是哪一种，没有记录。',
  '{process} is in the machine’s own: nothing put it elsewhere.':
    '{process} 在宿主机自己的命名空间中：没有被移到别处。',
  'It is the only one in it, so the namespace was made for it (unshare or clone).':
    '其中只有它自己，因此该命名空间是为它创建的（unshare 或 clone）。',
  'It made the namespace, was started in it or entered it (unshare, fork, setns).':
    '该命名空间由它创建，或它生来就在其中，或它后来进入（unshare、fork、setns）。',
  '{process} is in none of the machine’s own.': '{process} 不在宿主机自己的命名空间中。',
  'It is the machine’s own.': '这是宿主机自己的命名空间。',
  'And {count, number} more.': '另有 {count, number} 项。',
  'Both are in it.': '两者都在其中。',
  'Whether they share one is not known.': '无法确定两者是否共享同一个命名空间。',
  'They are in different ones.': '两者在不同的命名空间中。',

  // why-target.ts
  '{id} container {name}': '{id} 容器 {name}',
  '{pid} process {comm}': '{pid} 进程 {comm}',
  'host the machine': 'host 宿主机',
  '{text} may be {count, number} things. Name one by its id.':
    '{text} 可能指 {count, number} 个对象。请用 ID 指明其中一个。',
  'No process has the pid {pid} outside; it is a pid inside. Take the number before the first arrow.':
    '宿主机上没有 PID 为 {pid} 的进程；这是容器内的 PID。请使用第一个箭头之前的数字。',
  'There is no container or process {text}. Give a container’s name or id, a pid outside, or `host`.':
    '没有名为 {text} 的容器或进程。请给出容器的名称或 ID、宿主机上的 PID，或 `host`。',
} as const;
