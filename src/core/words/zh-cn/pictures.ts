/** What pictures, tables and lists of the picture say. */
export const pictures = {
  // change-marks
  added: '新增',
  removed: '已移除',
  changed: '已更改',
  '{name} ({change})': '{name}（{change}）',

  // chip-marks
  '{chip} joined': '{chip} 已加入',

  // enclosures, titles
  '{name} (continued)': '{name}（续）',
  Compose: 'Compose',
  Pod: 'Pod',
  'Shared with': '共享自',
  'Services of': '服务：',
  'Run by': '运行者：',
  'Inside ⟨a container⟩': '位于',
  'Network of': '网络',
  'PID namespace of': 'PID 命名空间：',
  'IPC of': 'IPC：',
  'Mounts of': '挂载：',
  'Hostname of': '主机名：',
  'Cgroup of': 'Cgroup：',
  'Users of': '用户：',
  'Time of': '时间：',

  // filter
  'A quotation mark is not closed: add the missing ".': '引号没有闭合：请补上缺少的 "。',
  '"{part}" needs a comparison and a number, for example shared>=2.': '"{part}" 需要比较符和数字，例如 shared>=2。',
  '"{part}" has no value: write it right after the colon, for example {name}:net.':
    '"{part}" 没有值：请紧跟在冒号后面写，例如 {name}:net。',
  '"{value}" is not a namespace kind: use one of {kinds}.': '"{value}" 不是命名空间类型，可用：{kinds}。',
  '"{part}" needs a number, for example {name}:1234.': '"{part}" 需要数字，例如 {name}:1234。',
  '"{name}" is not a filter field: use one of {fields}, or put the text in quotes.':
    '"{name}" 不是筛选字段，可用：{fields}；或者给文本加引号。',

  // graph
  '{count, plural, one {# service} other {# services}}': '{count, number} 个服务',
  '{count, plural, one {# foreign container} other {# foreign containers}}': '{count, number} 个外部容器',
  'joined at run time': '运行时加入',

  // legend-marks
  'from the one that joined to its owner': '从加入者指向持有者',
  'the machine’s own, by choice': '主动使用宿主机的',

  // processes
  shims: 'shim 进程',
  'port proxies': '端口代理',

  // reasons
  'pod {pod}': 'Pod {pod}',
  'its owner is gone': '持有者已不在',
  gone: '已不在',
  '{name} was restarted': '{name} 已重启',
  'was restarted': '已重启',
  '{name} has stopped': '{name} 已停止',
  'has stopped': '已停止',

  // remarks
  'Nothing is shared beyond the defaults.': '除默认共享外没有其他共享。',
  'Nothing is shared beyond the defaults; {networks, plural, one {# network connects} other {# networks connect}} {count, number} containers: see Wiring.':
    '除默认共享外没有其他共享；{networks, number} 个网络连接 {count, number} 个容器：见“布线”。',
  '{kinds}: the machine’s own, by default, for {count, number} of {all, number}':
    '{kinds}：{all, number} 个中有 {count, number} 个默认使用宿主机的',
  '{kinds}: the machine’s own, by default, for it': '{kinds}：默认使用宿主机的',
  '{kinds}: the machine’s own, by default, for all {count, number}': '{kinds}：{count, number} 个全部默认使用宿主机的',

  // levels
  'The machine: its users': '宿主机：用户',
  'The machine: its processes': '宿主机：进程',
  'User namespace': '用户命名空间',
  'PID namespace': 'PID 命名空间',
  '{name}, inside {outer}': '{name}，位于 {outer} 内',
  'sees every process of the machine': '能看到宿主机的所有进程',
  'root here is root of the machine': '此处的 root 就是宿主机的 root',
  'no root here: nobody outside stands for uid 0': '此处没有 root：uid 0 在外部没有对应的用户',
  'root here is root outside too': '此处的 root 在外部也是 root',
  'root here is uid {uid} outside': '此处的 root 在外部是 uid {uid}',
  'who is root here is unknown': '此处的 root 是谁未知',
  'created by uid {uid}; its map was not read': '由 uid {uid} 创建；其映射没有读取',

  // table
  '{cpus} CPU': '{cpus} CPU',
  Mounts: '挂载',
  'The same letter in a column is the same namespace, with how many are in it; ? is unknown':
    '同一列中字母相同表示同一命名空间，括号内为成员数；? 表示未知',
  'Inside: the number in its own pid namespace. User: as the machine counts':
    '内部：在自己 pid 命名空间中的编号。用户：宿主机的编号',

  // processes/rows
  stopped: '已停止',
  zombie: '僵尸',
} as const;
