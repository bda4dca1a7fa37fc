/** The views beside the pictures' own words: graph, table, levels, processes, resources, wiring. */
export const views = {
  graph: '关系图',
  '{n, number} nodes and the namespaces they share. Arrow keys go from node to node, l and Shift+L along the lines of one, Enter selects, m shows the table.':
    '{n, number} 个节点及其共享的命名空间。方向键在节点间移动，l 和 Shift+L 沿节点的连线移动，Enter 选择，m 显示表格。',
  'No containers here: each box is a group of processes that share all their namespaces, named by its leader.':
    '这里没有容器：每个方框是一组所有命名空间均相同的进程，以首进程命名。',

  Legend: '图例',
  "{shared, number} shared, {chosen, number} in the host's by choice":
    '{shared, number} 个共享，{chosen, number} 个主动使用宿主机的',
  '{kind}: {told}. Click or {key} hides and shows it, with Shift it alone.':
    '{kind}：{told}。点击或按 {key} 隐藏或显示，同时按 Shift 则只显示它。',
  "A line to the machine for everything that is the machine's own, not only for what is by choice. Key h":
    '凡使用宿主机命名空间的都画出到宿主机的连线，而不只是主动选择的。按键 h',
  "All of the host's": '全部宿主机连线',
  "What runs on the host beside the containers: services, and other engines' containers. Key s":
    '宿主机上容器之外运行的内容：服务，以及其他引擎的容器。按键 s',
  "Two bars on every card: what it uses of the machine's processors, on the left, and memory, on the right. Key u":
    '每张卡片上的两个条：左边是所用的宿主机处理器，右边是所用的内存。按键 u',
  'Use ⟨of the machine⟩': '占用',
  'The Docker networks as thin lanes between the cards: a point where a container is in one. Key w':
    'Docker 网络以细线画在卡片之间：容器所在的网络处有一个点。快捷键 w',
  '{name}: the network of {who}': '{name}：{who} 所在的网络',
  '{count, plural, one {# network} other {# networks}}: {names}': '{count, number} 个网络：{names}',
  '{count, plural, one {# network} other {# networks}}': '{count, number} 个网络',
  'Docker network': 'Docker 网络',
  'Docker networks': 'Docker 网络',
  'use of processors, of memory': '处理器占用、内存占用',
  '{percent} % CPU': 'CPU {percent} %',
  'CPU unknown': 'CPU 未知',
  'uses {use}': '占用 {use}',
  'Close the legend': '关闭图例',

  'the layout could not be started': '无法启动布局计算',
  'the answer of the layout could not be read': '布局计算的结果无法读取',
  'the layout does not answer': '布局计算没有响应',
  'The picture could not be laid out: {message}.': '无法为图布局：{message}。',

  '{label}, {detail}, {n, plural, one {# process} other {# processes}} of no container':
    '{label}，{detail}，{n, number} 个不属于任何容器的进程',
  '{label}, {detail}, {n, plural, one {# process} other {# processes}} of the host':
    '{label}，{detail}，宿主机的 {n, number} 个进程',
  '{label}, {detail}, {n, plural, one {# process} other {# processes}} of another engine':
    '{label}，{detail}，其他引擎的 {n, number} 个进程',
  'added since the earlier snapshot': '与较早的快照相比为新增',
  'removed since the earlier snapshot': '与较早的快照相比已移除',
  'changed since the earlier snapshot': '与较早的快照相比有变化',
  '{clauses}.': '{clauses}。',
  '{kind} with {n, number} more': '{kind}（另有 {n, number} 个）',
  '{label}, {state}, {n, plural, one {# process} other {# processes}}': '{label}，{state}，{n, number} 个进程',
  'shares nothing': '没有共享',
  'shares {kinds}': '共享：{kinds}',
  'with the host: nothing': '不与宿主机共享',
  'with the host: {kinds}': '与宿主机共享：{kinds}',
  '{label}: {n, number}': '{label}：{n, number}',
  '{n, number} not running': '{n, number} 个未运行',
  '{n, plural, one {# share} other {# shares}} not in force': '{n, number} 个共享失效',
  '{n, number} with findings': '{n, number} 个有发现项',
  'unknown: {kinds}': '未知：{kinds}',
  'declares a share that is not in force': '声明了一个未生效的共享',
  pinned: '位置已固定',
  '{kinds}: declared between {who}, but not in force': '{kinds}：{who} 之间已声明，但未生效',
  '{kinds}: shared by {who}': '{kinds}：由 {who} 共享',
  "{kinds}: {name} is in the machine's own": '{kinds}：{name} 使用宿主机的命名空间',
  '{said} ({why})': '{said}（{why}）',

  'What is inside what: user namespaces say who is root, pid namespaces who sees whom. The pids of a process go from the outermost level to its own.':
    '命名空间的嵌套关系：用户命名空间决定谁是 root，pid 命名空间决定谁能看到谁。进程的编号从最外层列到它自己所在的层。',
  'and {n, plural, one {# more container} other {# more containers}}': '另有 {n, number} 个容器',
  '{n, plural, one {# process} other {# processes}} besides those further in': '{n, number} 个进程（不含内层的进程）',
  "Pid at each level, the machine's first: {pids}": '各层的 pid（宿主机在前）：{pids}',

  'Its pid on the machine': '在宿主机上的 pid',
  'Its pid in its own pid namespace': '在自己的 pid 命名空间中的 pid',
  'Its arguments; in brackets its name, where it has none': '命令行参数；没有参数时，方括号中为进程名',
  'The container that it belongs to': '所属容器',
  'Its effective user id: in its own user namespace → on the machine':
    '有效用户 ID：在自己的用户命名空间中 → 在宿主机上',
  "Those that are not the machine's": '与宿主机不同的命名空间',
  'How many threads it has': '线程数',
  'Whether it runs, sleeps or waits': '运行、睡眠还是等待',
  Order: '排列方式',
  Tree: '树',
  List: '列表',
  'Filter processes': '筛选进程',
  'Filter by name, pid, container, user': '按名称、pid、容器、用户筛选',
  'Kernel threads': '内核线程',
  '{shown, number} of {n, plural, one {# process} other {# processes}}': '{shown, number} / {n, number} 个进程',
  'Processes. Arrow keys go from row to row and fold, Enter selects, Shift+Enter shows the card.':
    '进程。方向键在行间移动和折叠，Enter 选择，Shift+Enter 显示卡片。',
  'No process matches the filter.': '没有符合筛选条件的进程。',
  Unfold: '展开',
  Fold: '折叠',
  'not readable': '无法读取',

  'Other processes': '其他进程',
  Free: '空闲',
  Idle: '空闲',
  'In none of these': '不属于以上各项',
  '{kind}: {n, number} small ones': '{kind}：{n, number} 个小项',
  'What of it is in memory now, with what it shares with others': '它现在在内存中的部分，包括与别的进程共享的',
  'Fold all networks': '全部折叠',
  'Unfold all networks': '全部展开',
  'Members of {name}': '{name} 的成员',
  'Memory: {total}': '内存：{total}',
  'Processors: {cpus}': '处理器：{cpus}',
  'Waited in the last 10 s: for processors {cpu}, for memory {memory}, for storage {io}.':
    '最近 10 秒的等待时间：处理器 {cpu}，内存 {memory}，存储 {io}。',
  'Swap: none.': 'swap：无。',
  'Swap: {used} of {total}.': 'swap：{used} / {total}。',
  'Killed because memory ran out: unknown.': '因内存不足被终止的进程：未知。',
  'Killed because memory ran out: {n, number}.': '因内存不足被终止的进程：{n, number}。',
  'Resources are measured live': '资源只有实时数据',
  'Use is measured while a live machine is shown; a saved snapshot, a recording and the past have none.':
    '资源用量只在查看运行中的宿主机时测量；保存的快照、录制和过去的时刻没有这些数据。',
  'Measuring: a rate needs two samples, a second apart…': '正在测量：速率需要相隔一秒的两次读数…',
  'Who uses what. Arrow keys go from row to row and fold projects, Enter shows the card.':
    '谁用了什么资源。方向键在行间移动并折叠项目，Enter 显示卡片。',
  'Set by {cgroup}': '由 {cgroup} 设定',

  '{kind}: unknown': '{kind}：未知',
  '{kind}: shared with {n, number} more': '{kind}：共享，另有 {n, number} 个成员',
  '{kind}: shared, {letter}, with {n, number} more': '{kind}：共享，{letter}，另有 {n, number} 个成员',
  "{kind}: the host's": '{kind}：宿主机的',
  '{kind}: private': '{kind}：私有',
  '{said}, {namespace}': '{said}，{namespace}',

  Columns: '列',
  'Filter rows': '筛选行',
  'Filter by name, image, address, port, mount': '按名称、镜像、地址、端口、挂载筛选',
  '{shown, number} of {n, plural, one {# row} other {# rows}}': '{shown, number} / {n, number} 行',
  '{n, plural, one {# row} other {# rows}}': '{n, number} 行',
  'Containers and their namespaces. Arrow keys go from cell to cell, Enter selects, or sorts in the head.':
    '容器及其命名空间。方向键在单元格间移动，Enter 选择，在表头则排序。',
  'Sort by {kind} namespace': '按 {kind} 命名空间排序',
  'Sort by {column}': '按 {column} 排序',
  'No container matches the filter.': '没有符合筛选条件的容器。',

  'on the way': '在路径上',
  'on the way: hop {hops}': '在路径上：第 {hops} 跳',
  'it fails at hop {hop}': '在第 {hop} 跳失败',
  'not known from hop {hop} on': '第 {hop} 跳之后未知',
  '{name}, {n, plural, one {# link} other {# links}}: {ports}': '{name}，{n, number} 个网络接口：{ports}',
  '{known, number} of {total, number} network namespaces read: {problem}':
    '已读取 {known, number} / {total, number} 个网络命名空间：{problem}',
  '{known, number} of {total, number} network namespaces read…':
    '已读取 {known, number} / {total, number} 个网络命名空间…',
  '{known, number} of {total, number} network namespaces read':
    '已读取 {known, number} / {total, number} 个网络命名空间',
  'No wiring of the past': '没有过去时刻的布线',
  'Links and ports are not recorded: they are only read live.': '网络接口和端口不会被录制：只在实时查看时读取。',
  'No wiring': '没有布线',
  'Links and ports are read live: choose an engine, or wait until it answers. A saved snapshot has them where it was saved with details.':
    '网络接口和端口是实时读取的：请选择引擎，或等待它响应。保存时包含详情的快照也有这些数据。',
  'Reading the links…': '正在读取网络接口…',
  'The links cannot be read': '无法读取网络接口',
  '{namespaces, plural, one {# network namespace} other {# network namespaces}}, {networks, plural, one {# network} other {# networks}}':
    '{namespaces, number} 个网络命名空间，{networks, number} 个网络',
  '{n, number} without links not drawn': '{n, number} 个没有网络接口，未画出',
  'Picture of the wiring': '布线图',
} as const;
