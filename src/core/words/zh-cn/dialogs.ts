/** The page's dialogs. */
export const dialogs = {
  // About
  'Reading…': '正在读取…',
  'About Bulkhead': '关于 Bulkhead',
  Version: '版本',
  'Probe for linux/{arch}': 'linux/{arch} 探针',
  'SHA-256 of the probe for {arch}': '{arch} 探针的 SHA-256',
  'the place of the settings': '设置文件的路径',
  Log: '日志',
  'the place of the log': '日志文件的路径',
  'The probe is the program that runs in the engine; its SHA-256 tells which build it is. The log names engines and containers, and stays on this computer. Bulkhead sends nothing to anybody, and looks for an update only when you ask.':
    '探针是在引擎中运行的程序，其 SHA-256 表明是哪个构建。日志中有引擎和容器的名称，只保存在本机。Bulkhead 不向任何人发送任何内容，只在你要求时才检查更新。',
  Licences: '许可证',
  'Copy diagnostics': '复制诊断信息',

  // Engines
  'The processes and namespaces of this computer, without an engine': '本机的进程和命名空间，不经过引擎',
  'A recorded example, not this computer': '录制的示例，不是本机',
  shown: '当前显示',
  'docker uses this': 'docker 正在使用',
  'Found by: {sources}': '来源：{sources}',
  'why {name} cannot be used': '{name} 不可用的原因',
  'Write an address, for example ssh://me@server or tcp://10.0.0.5:2376, or the name of a context.':
    '请输入地址，例如 ssh://me@server 或 tcp://10.0.0.5:2376，或上下文的名称。',
  'Another address or context': '其他地址或上下文',
  'Trying…': '正在尝试…',
  Connect: '连接',
  'the reason': '原因',

  // Export
  'What the file will show': '文件中的画面',
  'What the file will hold': '文件中的内容',
  'and so on, {n, plural, one {# character} other {# characters}}': '以下省略，共 {n, number} 个字符',
  'Copying…': '正在复制…',
  'Not copied: save the file instead': '未能复制：请改为保存文件',
  Format: '格式',
  'The whole snapshot': '整个快照',
  Colours: '配色',
  Transparent: '透明',
  Automatic: '自动',
  'As on the screen, not for a page of 16:9': '与屏幕上一致，不按 16:9 页面排版',
  'What is selected, with its partners, alone': '只含所选对象及与其共享者',
  'Mask names, images, paths and addresses': '对名称、镜像、路径和地址脱敏',
  'Drawing…': '正在绘制…',
  'Copy as picture': '复制为图片',
  'Copy as text': '复制为文本',

  // Settings
  Appearance: '外观',
  Theme: '主题',
  Light: '浅色',
  Dark: '深色',
  Language: '语言',
  'As the system': '跟随系统',
  Scans: '扫描',
  'Scan a quiet machine every': '系统空闲时的扫描间隔',
  'Events of the engine are shown at once, whatever is chosen here. A longer interval costs less but may miss short-lived processes.':
    '无论在此如何选择，引擎的事件都会立即显示。间隔越长开销越小，但可能漏掉存活时间更短的进程。',
  Privileges: '权限',
  'Helper containers may run in engines': '允许在引擎中运行辅助容器',
  'Without them only what an engine itself tells is shown. Full privileges are asked for each time that Bulkhead is started, and never kept.':
    '没有辅助容器时，只显示引擎自身提供的信息。每次启动 Bulkhead 后，需要完全特权时都会重新询问，从不保存。',
  'No helper runs in:': '以下引擎中不运行辅助容器：',
  'Allow helpers in {name} again': '重新允许在 {name} 中运行辅助容器',
  'Allow again': '重新允许',
  'This name is already used.': '已有同名的引擎。',
  'An address begins with unix://, npipe://, tcp:// or ssh://.': '地址须以 unix://、npipe://、tcp:// 或 ssh:// 开头。',
  'A name has letters, digits, “.”, “_” and “-”, and begins with a letter or a digit.':
    '名称由字母、数字、“.”、“_”和“-”组成，并以字母或数字开头。',
  '{name} removed': '已移除 {name}',
  'Engines added by hand': '手动添加的引擎',
  'Docker’s contexts, DOCKER_HOST and the usual sockets are found automatically. The environment’s TLS settings apply to these addresses.':
    'docker 的上下文、DOCKER_HOST 和常见的套接字会自动发现。这里的地址使用环境变量中的 TLS 设置。',
  'Remove {name}': '移除 {name}',
  'All settings are kept in one file, which you may edit:': '以上设置都保存在一个文件中，可以直接编辑：',
  Done: '完成',

  // The first page
  'Bulkhead shows which of your containers share Linux namespaces, why, and which processes stand behind them. Each container is a card inside the machine that it runs on, and a line between two cards is something that they share by choice. It only looks: nothing is changed unless you ask for it.':
    'Bulkhead 显示哪些容器共享 Linux 命名空间、为什么共享，以及背后是哪些进程。每个容器是所在宿主机中的一张卡片，两张卡片之间的连线表示它们有意共享的东西。Bulkhead 只查看：除非你要求，否则不作任何更改。',
  'The helper': '辅助容器',
  'Processes and namespaces can be read only inside the machine that runs the containers. For that Bulkhead starts a small container of its own there, made from one program that it brings along. It sees all processes of the machine, changes nothing, has no network and no disk to write to, and is removed when Bulkhead ends.':
    '进程和命名空间只能在运行容器的宿主机内读取。为此 Bulkhead 会在那里启动一个自己的小容器，其中只有自带的一个程序。它能看到宿主机的所有进程，不作任何更改，没有网络，也没有可写的磁盘，并随 Bulkhead 退出而消失。',
  'A container with the label <code>{label}</code>, of an image that Bulkhead imports: nothing is pulled.':
    '带有标签 <code>{label}</code> 的容器，镜像由 Bulkhead 导入，不拉取任何内容。',
  '<code>{options}</code>, no new privileges.': '<code>{options}</code>，并设置 no-new-privileges。',
  'to read /proc/<pid>/ns, root and fd of processes of other users (ptrace(2), READ check)':
    '读取其他用户的进程的 /proc/<pid>/ns、root 和 fd（ptrace(2) 的 READ 检查）',
  'to read /proc entries whose mode hides them from other users (proc(5))':
    '读取 /proc 中因权限位而对其他用户不可见的条目（proc(5)）',
  'Where AppArmor is on, its profile for containers is left out: it would forbid reading.':
    '启用 AppArmor 时不使用其容器配置文件，因为它会禁止读取。',
  'Where an engine refuses this, Bulkhead asks before it tries full privileges, each time that it is started.':
    '如果引擎拒绝这样运行，Bulkhead 会先询问再尝试完全特权，每次启动后都会重新询问。',
  'The contents of a namespace (interfaces, sockets, mounts) are read by a second helper, which may also enter namespaces (SYS_ADMIN among others), and only while you look at them.':
    '命名空间的内容（网络接口、套接字、挂载）由第二个辅助容器读取，它还可以进入命名空间（需要 SYS_ADMIN 等权限），且只在你查看时运行。',
  'No engine can be used yet': '还没有可用的引擎',
  'None was found. Start Docker or Podman, and look again.': '没有找到引擎。请启动 Docker 或 Podman，然后重新查找。',
  'Welcome to Bulkhead': '欢迎使用 Bulkhead',
  'Found: <strong>{name}</strong>, {engine} on {system}.':
    '已找到：<strong>{name}</strong>，{engine}，运行于 {system}。',
  'Show the recording': '查看示例',
  'Seven short steps with two containers, with commands to copy': '用两个容器完成的七个小步骤，附可复制的命令',
  'Guided experiment': '引导实验',
  'The engine’s own facts are shown, nothing below it': '只显示引擎自身提供的信息，不显示更底层的内容',
  'Never here': '不在此引擎中运行',
  'Start the helper': '启动辅助容器',
  'Show this machine': '显示本机',
  Continue: '继续',
  'The past': '过去',
  'Keep nothing': '不保留',
  '{minutes} min': '{minutes} 分钟',
  'What was seen can be looked at again on the timeline. It is in memory, at most 64 MiB, and gone when Bulkhead ends.':
    '看到过的内容可以在时间线上回看。它只在内存中，最多 64 MiB，Bulkhead 退出后即消失。',
  Updates: '更新',
  'Look for a newer release at each start': '每次启动时检查新版本',
  'Without a window': '没有窗口时',
  'Keep an entry in the menu bar or beside the clock': '在菜单栏或时钟旁保留一个图标',
  'Bulkhead then keeps running when its last window is closed, and reads nothing until a window is open again. Some desktops show no such entry: starting Bulkhead once more opens a window, too.':
    '关闭最后一个窗口后，Bulkhead 仍会保留，但在重新打开窗口之前不查看任何内容。有的桌面环境不显示这类图标：再次启动 Bulkhead 也会打开窗口。',
  'Nothing is downloaded or installed before you say so.': '在你同意之前，不会下载或安装任何内容。',
} as const;
