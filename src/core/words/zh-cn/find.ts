/** What is found by a name or a number, what differs between two snapshots, and who uses the machine. */
export const find = {
  // find
  'Links, addresses, listening ports, mount tables and layers are not in this snapshot: it was saved without details.':
    '该快照中没有网络接口、地址、监听端口、挂载表和镜像层：它保存时不含详情。',

  // find-mounts
  'read-only': '只读',
  '{who} has it at {point}': '{who} 挂载在 {point}',
  'within {place}': '位于 {place} 之内',
  '{who} has {place}, a part of it, at {point}': '{who} 把其中的 {place} 挂载在 {point}',
  'in {who} it is {path} of the machine': '在 {who} 中，它是宿主机的 {path}',
  'the root of {who}': '{who} 的根目录',
  '{point} of {who}': '{who} 的 {point}',
  'what {who} wrote to its root': '{who} 写入根目录的内容',
  'what {who} wrote to {point}': '{who} 写入 {point} 的内容',
  'the work directory of {place}': '{place} 的工作目录',
  'layer {n, number} of {count, number} below {place}': '{place} 之下的第 {n, number} 层，共 {count, number} 层',
  '{what}: {path} inside': '{what}：其中的 {path}',
  'a mount of {who}: {place}': '{who} 的挂载：{place}',
  'on the machine in {path} once {who} has changed it, else in a layer of its image':
    '如果 {who} 改过它，则在宿主机的 {path} 中，否则在镜像层中',
  '{path} of the machine': '宿主机的 {path}',
  'in {who} it is on {point}: {place}': '在 {who} 中，它位于 {point}：{place}',

  // find-names
  'image {image}': '镜像 {image}',
  'its id is {id}': '它的 ID 是 {id}',
  '{name} was made of it': '{name} 由该镜像创建',
  'its label {label}': '它的标签 {label}',
  'a network of the engine; {name} is in it': '引擎的网络；{name} 在其中',
  'a network of the engine; {name} is in it with {addresses}': '引擎的网络；{name} 在其中，地址为 {addresses}',
  '{name} has it at {point}; its content is in {source}': '{name} 挂载在 {point}；内容存放在 {source}',
  '{name} has it at {point}, read-only; its content is in {source}': '{name} 挂载在 {point}，只读；内容存放在 {source}',
  'it runs as uid {uid}, as the machine numbers users': '它以 uid {uid} 运行（宿主机的用户编号）',
  'a cgroup with {count, plural, one {# process} other {# processes}}': '含 {count, number} 个进程的 cgroup',
  'a cgroup with {count, plural, one {# process} other {# processes}} of {name}':
    '{name} 的 cgroup，含 {count, number} 个进程',
  '{count, plural, one {# process} other {# processes}} in it': '其中有 {count, number} 个进程',
  'the {kind} namespace of {name}': '{name} 的 {kind} 命名空间',
  'the {kind} namespace with that inode, of {name}': '{name} 的 {kind} 命名空间，inode 相符',
  '{path}, the {kind} namespace of {name}': '{path}，即 {name} 的 {kind} 命名空间',
  'pid {pid} outside': '外部 pid {pid}',
  'pid {pid} outside; inside it is {pids}': '外部 pid {pid}；内部为 {pids}',
  'a pid namespace below': '下级 pid 命名空间',
  'pid {pid} is its number inside {whose}, level {level} of {levels}; outside it is {outside}':
    'pid {pid} 是它在 {whose} 内的编号，第 {level} 层，共 {levels} 层；外部为 {outside}',
  'pid {pid}, {number} is an argument: {line}': 'pid {pid}，{number} 是其参数：{line}',

  // find-network
  'all addresses': '所有地址',
  '{name} exposes it; it is not published': '{name} 暴露了该端口，但没有发布',
  'published on {addresses}, port {hostPort}; it leads to port {port} of {name}':
    '发布在 {addresses} 的端口 {hostPort}；通往 {name} 的端口 {port}',
  'a process that cannot be seen': '某个看不到的进程',
  '{who} listens in the network namespace of {whose}': '{who} 在 {whose} 的网络命名空间中监听',
  '{who} listens in the network namespace of {whose}, which it has left':
    '{who} 在 {whose} 的网络命名空间中监听，但它已离开该命名空间',
  '{listens}; reachable only from within, since it is the loopback': '{listens}；这是回环地址，只能从内部访问',
  'the loopback': '回环接口',
  'a link': '网络接口',
  'of link {link}': '属于网络接口 {link}',
  'in the network namespace of {name}': '在 {name} 的网络命名空间中',
  'member of {bridge}': '{bridge} 的成员',
  'its other end is not seen': '看不到另一端',
  'its other end is {link} of {name}': '另一端是 {name} 的 {link}',
  '{name} has it in network {network}': '{name} 在网络 {network} 中使用该地址',
  '{name} publishes it when it runs': '{name} 运行时会发布它',
  'network {network} has it as {alias}': '网络 {network} 中它名为 {alias}',
  'published on {address}; it leads to port {port} of {name}': '发布在 {address}；通往 {name} 的端口 {port}',

  // difference-facts
  '{size} ({bytes} bytes)': '{size}（{bytes} 字节）',
  hostname: '主机名',
  'cgroup version': 'cgroup 版本',
  'security modules': '安全模块',
  state: '状态',
  'exit code': '退出码',
  'image id': '镜像 ID',
  privileged: '特权',
  'added capabilities': '添加的 capability',
  'dropped capabilities': '去除的 capability',
  'security options': '安全选项',
  'security profile': '安全配置',
  devices: '设备',
  'restart policy': '重启策略',
  'memory limit': '内存上限',
  'processors limit': '处理器上限',
  'tasks limit': '任务数上限',
  default: '默认',
  'exposed only': '仅暴露',
  'no address': '无地址',

  // difference-standing
  'of {name}': '属于 {name}',
  'a process': '某个进程',
  'held by {path}': '由 {path} 保持',
  'without a process': '没有进程',
  '{kind} with {whose}': '与 {whose} 共享 {kind}',
  'reason unknown': '原因未知',
  'declared, not in force': '已声明，未生效',

  // difference-text
  'machine {text}': '宿主机：{text}',
  'share {text}': '共享：{text}',
  'process {text}': '进程 {text}',

  // difference
  'port {port}': '端口 {port}',
  'mount at {point}': '{point} 处的挂载',
  'network {name}': '网络 {name}',
  'label {name}': '标签 {name}',
  'it was made again': '已重新创建',
  'it was started again': '已重新启动',
  'It is not known whether these are of one boot: containers and processes are compared by name, namespace ids and pids are not.':
    '不清楚两者是否来自同一次启动：容器和进程按名称比较，命名空间 ID 和 pid 不作比较。',
  'These are two boots, or two machines: containers and processes are compared by name, namespace ids and pids are not.':
    '两者来自两次启动或两台机器：容器和进程按名称比较，命名空间 ID 和 pid 不作比较。',
  'Neither of them has processes, since the probe did not run: only what the engine reports is compared.':
    '两者都没有进程信息，因为探针没有运行：只比较引擎提供的内容。',
  'One of them does not have processes, since the probe did not run: only what the engine reports is compared.':
    '其中一个没有进程信息，因为探针没有运行：只比较引擎提供的内容。',
  'Limits of {count, plural, one {# container} other {# containers}} are known in one of them only, and not compared.':
    '有 {count, number} 个容器的上限只在其中一个快照中已知，不作比较。',

  // usage-columns
  'The container, or the service of the machine': '容器，或宿主机的服务',
  'CPU %': 'CPU %',
  'Of one processor: two busy ones are 200': '以单个处理器为 100：两个满载为 200',
  'As the kernel counts it against the limit, file cache with it': '内核按上限计算的用量，含文件缓存',
  'docker stats': 'docker stats',
  'The same without file cache that was not used lately: what docker stats shows':
    '同上，但不含近期未用的文件缓存：即 docker stats 显示的值',
  Limit: '上限',
  'The smallest limit up to the root; – means none': '逐级向上的最小值；– 表示没有上限',
  'Content of files: it is dropped when others need the memory': '文件内容：其他程序需要内存时会释放',
  'Moved out of memory': '从内存换出的部分',
  'Read/s': '读取/秒',
  'From storage': '从存储读取',
  'Written/s': '写入/秒',
  'To storage': '写入存储',
  'In/s': '接收/秒',
  'Received by the links of its network namespace, whoever shares it': '其网络命名空间的接口收到的流量，不论由谁共享',
  'Out/s': '发送/秒',
  'Sent by the links of its network namespace, whoever shares it': '其网络命名空间的接口发出的流量，不论由谁共享',
  'Throttled %': '限流 %',
  'Share of the time in which its processor limit held it back': '因处理器上限而被限流的时间占比',
  'Waits %': '等待 %',
  'Share of the last 10 s in which a task of it waited for memory': '最近 10 秒内其任务等待内存的时间占比',
  'OOM kills': 'OOM 终止',
  'Processes that the kernel killed because memory ran out': '因内存不足被内核终止的进程数',
  'How many, those of all its processes': '所有进程的线程总数',

  project: '项目',
  pod: 'Pod',
  'It is not known for one of its members, so the sum is not known.': '其中一个成员的用量未知，因此总和未知。',
  'It has no cgroup of its own, so the kernel counts it together with others. Memory is what its processes have resident.':
    '它没有自己的 cgroup，因此内核把它与其他进程合并计算。内存为其各进程驻留内存之和。',
  'The kernel does not count {controllers} for its cgroup: the controller is not enabled there.':
    '内核没有为其 cgroup 统计 {controllers}：该控制器未在此启用。',
  '? of {count, number}: {reason}': '{count, number} 项为 ?：{reason}',

  // usage-report
  '{total} is the machine’s.': '宿主机共有 {total}。',
  'Of that it could give back about {back}: what is free, file cache, and what the kernel can drop.':
    '其中约 {back} 可以归还：空闲内存、文件缓存，以及内核可以释放的部分。',
  'Around a VM, Task Manager (VmmemWSL) and Activity Monitor show what the machine ever touched and has not given back, so they may show more than is used here.':
    '在虚拟机之外，任务管理器（VmmemWSL）和活动监视器显示的是宿主机曾经占用且尚未归还的内存，因此可能高于此处的用量。',

  // usage
  'other processes': '其他进程',
  'file cache of all others': '其余部分的文件缓存',
  free: '空闲',
  'the kernel and other processes': '内核和其他进程',
  'slab (the kernel’s objects)': 'slab（内核对象）',
  'page tables': '页表',
  stacks: '内核栈',
  'per-processor data': '每处理器数据',
  'swap compression': '交换压缩',
  'huge pages': '大页',
} as const;
