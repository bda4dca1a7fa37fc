/** The command line. */
export const commandLine = {
  // check
  '{text} [{evidence}]': '{text}［{evidence}］',
  '{text} [{evidence}] Cure: {cure}': '{text}［{evidence}］解决办法：{cure}',
  '{severity} {code} {who}: {finding}': '{severity} {code} {who}：{finding}',
  'Nothing found that is {severity} or worse.': '没有“{severity}”及更严重的发现项。',
  '{count, number} found that is {severity} or worse.': '共有 {count, number} 个“{severity}”及更严重的发现项。',
  '{count, number} less severe, in --json.': '另有 {count, number} 个较轻的，见 --json。',

  // commander's own words
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
  'Allowed choices are {choices}.': '可选值：{choices}。',
  "error: unknown option ''{option}''": '错误：未知选项“{option}”',
  "error: unknown command ''{command}''": '错误：未知命令“{command}”',
  "error: missing required argument ''{argument}''": '错误：缺少必需的参数“{argument}”',
  "error: option ''{option}'' argument missing": '错误：选项“{option}”缺少值',
  "error: option ''{option}'' cannot be used with option ''{other}''":
    '错误：选项“{option}”不能与选项“{other}”同时使用',
  "error: too many arguments for ''{command}''. Expected {expected, plural, one {# argument} other {# arguments}} but got {got}.":
    '错误：“{command}”的参数过多：应为 {expected, plural, other {# 个}}，实际给出 {got} 个。',
  "error: option ''{option}'' argument ''{value}'' is invalid. {reason}":
    '错误：选项“{option}”的值“{value}”无效。{reason}',
  "error: command-argument value ''{value}'' is invalid for argument ''{argument}''. {reason}":
    '错误：参数“{argument}”的值“{value}”无效。{reason}',
  '(Did you mean {guess}?)': '（是否想输入 {guess}？）',
  '(Did you mean one of {guesses}?)': '（是否想输入 {guesses} 之一？）',
  '{description} (default: {usual})': '{description}（默认值：{usual}）',
  '{description} (choices: {choices})': '{description}（可选值：{choices}）',
  '{description} (choices: {choices}, default: {usual})': '{description}（可选值：{choices}；默认值：{usual}）',
  'display help for command': '显示命令的帮助',
  'output the version number': '输出版本号',
  'Try: bulkhead --help': '请参阅：bulkhead --help',

  // what every command may say
  'Interrupted.': '已中断。',
  'With --privileged-helper it may run; it still only reads.':
    '加上 --privileged-helper 即允许它运行；它仍然只做读取。',
  'Note: {problem}': '注意：{problem}',
  'Nothing below the engine is known: no processes, no namespaces.': '引擎之下的一切都未知：没有进程，也没有命名空间。',
  'stdout cannot be written: {reason}': '无法写入标准输出：{reason}',
  'Bulkhead caught an error and keeps running: {reason}': 'Bulkhead 出错，但会继续运行：{reason}',
  stdin: '标准输入',
  '{name}: ': '{name}：',
  '{name}: {reason}': '{name}：{reason}',
  '; ': '；',
  '{file} cannot be written: {reason}': '无法写入 {file}：{reason}',
  '{file} cannot be read: {reason}': '无法读取 {file}：{reason}',
  'Wrote {file}': '已写入 {file}',

  // diff
  'Only one of the two can be read from the standard input.': '两者之中只能有一个从标准输入读取。',

  // which endpoint
  '{name} cannot be used, and it is not known why.': '{name} 无法使用，原因未知。',
  '{name} cannot be used: {reason}': '{name} 无法使用：{reason}',
  'context "{name}": context not found. `docker context ls` lists them.':
    '找不到上下文“{name}”。可用 `docker context ls` 列出全部上下文。',
  "Showing this machine's own processes, because no engine was found.": '没有找到引擎，因此显示本机自己的进程。',
  'Showing {name}, because no engine was found where docker looks.': 'docker 默认使用的位置没有引擎，因此显示 {name}。',
  "Showing this machine's own processes, because {unusable} cannot be used.":
    '{unusable} 无法使用，因此显示本机自己的进程。',
  'Showing {name}, because {unusable} cannot be used.': '{unusable} 无法使用，因此显示 {name}。',
  'There is no endpoint "{name}". `bulkhead endpoints` lists what can be named.':
    '没有端点“{name}”。可用 `bulkhead endpoints` 列出可以指定的端点。',
  'No engine can be used. Start Docker, or name one with --endpoint.':
    '没有可用的引擎。请启动 Docker，或用 --endpoint 指定一个引擎。',

  // exit codes
  'Exit codes:': '退出码：',
  done: '完成',
  'failed; the message on stderr says why': '失败；原因见标准错误的消息',
  'wrong use: unknown command, option or value; a file that cannot be used':
    '用法错误：未知的命令、选项或值；无法使用的文件',
  'no usable endpoint': '没有可用的端点',
  "partial: the probe could not run, so only the engine's facts were printed; reach: unknown":
    '不完整：探针无法运行，只输出了引擎提供的信息；reach：未知',
  'check: something is at least as bad as --fail-on says; diff: something differs; reach: not reachable':
    'check：存在达到 --fail-on 所定严重程度的发现项；diff：存在差异；reach：不可达',
  'ended by Ctrl+C before the work was done': '工作完成之前被 Ctrl+C 中止',
  'Data goes to stdout, everything else to stderr. NO_COLOR turns colour off, FORCE_COLOR on.':
    '数据写到标准输出，其余内容写到标准错误。NO_COLOR 关闭颜色，FORCE_COLOR 打开颜色。',

  // export
  'Say which format with --format: {formats}; or name a file with -o, by whose ending it is chosen.':
    '请用 --format 指定格式：{formats}；或者用 -o 指定文件，按其扩展名选择格式。',
  'No format has files that end as {file} does. Say which with --format: {formats}.':
    '没有哪种格式的文件使用 {file} 这样的扩展名。请用 --format 指定格式：{formats}。',
  '{format} holds the whole snapshot and no view. With --view {view}: {formats}.':
    '{format} 包含整个快照，不包含视图。可与 --view {view} 搭配的格式：{formats}。',
  '{format} cannot hold the view {view}, only {views}. With --view {view}: {formats}.':
    '{format} 不支持视图 {view}，只支持 {views}。可与 --view {view} 搭配的格式：{formats}。',
  '{format} has no colours of ours: --theme goes with svg, png and pdf.':
    '{format} 不含由我们决定的颜色：--theme 只适用于 svg、png 和 pdf。',
  '--scale says how many pixels a PNG has; {format} has none.': '--scale 决定 PNG 的像素数；{format} 没有像素。',
  'This snapshot holds no links of networks. One of `bulkhead scan --details --json` does, and without a file a new scan is made.':
    '此快照不含网络接口。`bulkhead scan --details --json` 保存的快照则包含；不给出文件时会重新扫描。',
  'No font here has a glyph for {characters} and others: they are boxes in the file.':
    '这里没有任何字体能显示 {characters} 等字符：它们在文件中会显示为方框。',
  'No font here has a glyph for {characters}: they are boxes in the file.':
    '这里没有任何字体能显示 {characters}：它们在文件中会显示为方框。',
  'Install a font that has them, or export SVG, which each viewer draws with its own fonts.':
    '请安装包含这些字符的字体，或者导出 SVG，由查看器用自己的字体绘制。',
  '--at is a moment of a recording: name its file.': '--at 是录制中的某一时刻：请给出录制文件。',
  'A terminal cannot show a {format}. Name a file with -o, or pipe it on.':
    '终端无法显示 {format}。请用 -o 指定文件，或者通过管道传给其他程序。',
  'Only the wiring of a file with details can be masked: save one with `bulkhead scan --details --json`.':
    '要脱敏导出布线，需要一个含详情的文件：请用 `bulkhead scan --details --json` 保存一个。',

  // find
  'Several containers’ ids begin with {text}:': '有多个容器的 id 以 {text} 开头：',
  'Nothing to look for. Give a pid, a name, an id, a port, an address, a path …':
    '没有给出要查找的内容。可以是 pid、名称、id、端口、地址、路径等。',
  '{count, number} more are not listed.': '另有 {count, number} 项未列出。',
  'Nothing was found that is, has or is called {what}.': '没有找到与 {what} 相符的内容。',
  'There is no namespace {id}. `bulkhead scan --json` has them all.':
    '没有命名空间 {id}。可用 `bulkhead scan --json` 列出全部命名空间。',
  'Which {kinds} namespaces it is in could not be read: that needs the rights of root, or of the owner of the process.':
    '无法读取它所在的 {kinds} 命名空间：这需要 root 或该进程所属用户的权限。',
  '{name} is not running, so it has no namespaces and no processes. Start it first.':
    '{name} 没有运行，因此没有命名空间和进程。请先启动它。',
  'No process has the number {pid} outside. It is a number inside a pid namespace:':
    '在外部没有 pid 为 {pid} 的进程。它是某个 pid 命名空间内部的编号：',
  'Inspect one of them by the number before the arrow.': '请用箭头前的编号查看其中之一。',
  'There is no container, process or namespace {name}. `bulkhead scan` lists the containers.':
    '没有名为 {name} 的容器、进程或命名空间。可用 `bulkhead scan` 列出容器。',
  '{text} Shown by: {command}': '{text}查看命令：{command}',
  '{pid} is also a number inside:': '{pid} 也是容器内部的编号：',

  // isolation
  'There is no container {name}, and none runs.': '没有容器 {name}，也没有任何容器在运行。',
  'There is no container {name}. Running: {names}.': '没有容器 {name}。正在运行的容器：{names}。',
  '{name} is not running, so there is no isolation to describe. Start it first.':
    '{name} 没有运行，因此谈不上隔离。请先启动它。',
  'evidence:': '依据：',
  'closed by:': '解决办法：',
  'source:': '出处：',

  // lists
  'There is no column "{name}". There are: {columns}.': '没有列“{name}”。可用的列：{columns}。',
  '"{filter}" is not a filter. A filter is COLUMN=TEXT for the whole cell, COLUMN~TEXT for a part of it, and != or !~ for all others.':
    '“{filter}”不是过滤条件。过滤条件的写法：COLUMN=TEXT 匹配整个单元格，COLUMN~TEXT 匹配其中一部分，!= 或 !~ 匹配其余各行。',

  // help
  'See below the waterline of Docker: processes, namespaces and who shares them.':
    '看清 Docker 水面之下的一切：进程、命名空间，以及谁与谁共享。',
  'A port is a number from 0 to 65535.': '端口是 0 到 65535 之间的数字。',
  'A duration is a number with s, m or h: 90s, 10m, 2h; 596h at most.':
    '时长是带 s、m 或 h 的数字，例如 90s、10m、2h；最长 596h。',
  'an endpoint of `bulkhead endpoints`, an address, or `local`':
    '`bulkhead endpoints` 列出的端点、一个地址，或 `local`',
  'let the helper that reads run privileged if the engine refuses less':
    '引擎拒绝较低权限时，允许负责读取的辅助容器以特权运行',
  'a context, as with `docker --context`; it takes precedence over DOCKER_HOST':
    '上下文，同 `docker --context`；优先于 DOCKER_HOST',
  'a file of `scan --details --json` or the app (- for stdin) instead of a new scan':
    '不重新扫描，而是读取 `scan --details --json` 或图形界面保存的文件（- 表示标准输入）',
  'show these columns in this order, separated by commas': '按此顺序只显示这些列，列名以逗号分隔',
  'rows where COLUMN=TEXT, COLUMN~TEXT for a part, != and !~ for others; may be repeated':
    '只显示满足条件的行：COLUMN=TEXT 完全匹配，COLUMN~TEXT 部分匹配，!= 和 !~ 取反；可重复使用',
  'one id per line and nothing else': '每行只输出一个 id',
  'list the engines that were found, and why one cannot be used': '列出找到的引擎，以及不可用的原因',
  'as JSON': '输出 JSON',
  'scan once: containers and the standing of their namespaces': '扫描一次：列出容器及其各命名空间的状况',
  'with links, addresses, routes, sockets, mounts and limits, for views and answers offline':
    '包括网络接口、地址、路由、套接字、挂载和限制，供离线查看和查询',
  'as a snapshot, format 1': '输出快照，格式 1',
  'who shares which namespace with whom, and why': '谁与谁共享哪个命名空间，以及原因',
  'also what every container shares with the host by default': '也列出每个容器默认与宿主机共享的命名空间',
  'as JSON, which always has all': '输出 JSON，总是包含全部内容',
  'what the namespaces, the cgroup and the init of a container hold, or a process, or one namespace':
    '查看容器的各命名空间、cgroup 和主进程，或者某个进程、某个命名空间',
  "a container's name or id, a pid of the VM, or a namespace: net:[4026532184]":
    '容器的名称或 id、虚拟机中的 pid，或命名空间，例如 net:[4026532184]',
  'find what something belongs to: a pid inside or outside, a name, id, namespace, port, address, link, path, volume, layer':
    '它属于谁：内部或外部的 pid、名称、id、命名空间、端口、地址、网络接口、路径、卷、镜像层',
  'as it appears in a log or a list: 4711, web1, :8080, 172.17.0.2, veth1a2b, /srv/data, web1:/data':
    '照日志或列表中的写法：4711、web1、:8080、172.17.0.2、veth1a2b、/srv/data、web1:/data',
  'in which namespaces one is, or two are, and for which reason': '一个或两个对象处于哪些命名空间，以及原因',
  "a container's name or id, a pid of the VM, or `host`": '容器的名称或 id、虚拟机中的 pid，或 `host`',
  'another one': '另一个，写法相同',
  'changes as they happen, until Ctrl+C': '实时显示变化，直到按下 Ctrl+C',
  'one line of JSON per event': '每个事件输出一行 JSON',
  'find what is wrong: broken shares, leftovers, dangerous settings; exits with 5 if anything is':
    '检查异常：失效的共享、残留物、危险的设置；存在问题时退出码为 5',
  'a saved snapshot (- for stdin) instead of a new scan': '不重新扫描，而是读取已保存的快照（- 表示标准输入）',
  'the least severe that counts': '计入结果的最低严重程度',
  'all findings as JSON': '以 JSON 输出全部发现项',
  'whether a connection from one place to another arrives, and its whole way; exits with 5 if not, 4 if not known':
    '从一处到另一处的连接能否到达，以及完整路径；不可达时退出码为 5，未知时为 4',
  'outside, host, a container or a pid': 'outside（外部）、host（宿主机）、容器或 pid',
  'a published port (:8001), container:port, address:port or name:port; /udp for UDP':
    '已发布的端口（:8001）、容器:端口、地址:端口或名称:端口；UDP 加 /udp',
  'connect once for real, from within the network of <from>': '从 <from> 所在的网络中真正连接一次',
  'what a container can do to the machine and to others; without a name, all containers, the least isolated first':
    '容器能对宿主机和其他容器做什么；不指定容器时列出全部，隔离最弱的在前',
  'its name or id': '名称或 id',
  'what differs between two saved snapshots; `live` is a new scan. Exits with 5 if anything does':
    '两个已保存快照之间的差异；`live` 表示重新扫描。存在差异时退出码为 5',
  'a saved snapshot, - for stdin, live, or a moment of a recording: FILE.bulkhead@10m':
    '已保存的快照、-（标准输入）、live，或录制中的某一时刻：FILE.bulkhead@10m',
  'who uses the processors, memory and storage of the machine, until Ctrl+C':
    '谁在使用宿主机的处理器、内存和存储，持续显示直到按下 Ctrl+C',
  'print once, after measuring for a second': '观察一秒后只输出一次',
  'the order of the list': '列表的排序方式',
  'as JSON; without --once one line per second': '输出 JSON；不带 --once 时每秒一行',
  'the picture or the data of a saved snapshot (- for stdin), or of a new scan':
    '导出已保存快照（- 表示标准输入）或新扫描的图或数据',
  'a file that `bulkhead scan --json`, `bulkhead record` or the app saved':
    '由 `bulkhead scan --json`、`bulkhead record` 或图形界面保存的文件',
  'the format; by default chosen by the ending of -o': '输出格式；未指定时按 -o 的扩展名判断',
  'what to show; by default `sharing`': '要导出的视图；未指定时为 `sharing`',
  'colours of a picture; by default `light`': '图的配色；未指定时为 `light`',
  'pixels of a PNG for each unit; by default as sharp as its size allows':
    'PNG 中每个单位的像素数；未指定时在尺寸允许的范围内尽量清晰',
  'the moment of a recording: 2026-01-31T12:00:00Z, or 10m after its beginning':
    '录制中的时刻：2026-01-31T12:00:00Z，或开始后的 10m',
  'mark what has changed since this snapshot, or FILE.bulkhead@10m': '标出自此快照（或 FILE.bulkhead@10m）以来的变化',
  'A file does not say who uses what: without a file it is measured now, for a second.':
    '文件中没有资源用量：不给出文件时会现在测量一秒。',
  '--compare goes with the views {views}, in {formats}.': '--compare 可用于视图 {views}，格式为 {formats}。',
  'only these containers, as the filter of the app: `name:web* -image:nginx shared>=2`':
    '只包含这些容器，写法与应用中的筛选相同：`name:web* -image:nginx shared>=2`',
  'only these kinds of namespaces, with commas between them': '只包含这些类型的命名空间，以逗号分隔',
  'without containers that do not run': '不包含未运行的容器',
  'with the Docker networks': '包含 Docker 网络',
  "with services of the host and other engines' containers": '包含宿主机的服务和其他引擎的容器',
  "with everything that is the host's by default": '包含默认属于宿主机的一切',
  'Kinds are {kinds}.': '类型为 {kinds}。',
  '{flag} goes with the views {views}.': '{flag} 适用于视图 {views}。',
  '{format} holds the whole snapshot: {flag} goes with the views {views}.':
    '{format} 保存整个快照：{flag} 适用于视图 {views}。',
  '--filter asks for names, which --mask takes away: export without one of them.':
    '--filter 要查名称，而 --mask 会去掉名称：请只用其中一个。',
  'pseudonyms for names, images, paths, addresses, labels and arguments':
    '用化名代替名称、镜像、路径、地址、标签和命令行参数',
  'write to this file instead of stdout': '写入此文件，而不是标准输出',
  'record what changes into a file, until Ctrl+C; an existing recording is continued':
    '把变化写入文件，直到按下 Ctrl+C；已有的录制会继续追加',
  'the file; by default named by its time': '要写入的文件；未指定时按时间命名',
  'end after this time: 90s, 10m, 2h': '经过这段时间后结束：90s、10m、2h',
  'a shell in a container, as `docker exec`; with --vm, a root shell in the VM':
    '在容器中打开 shell，同 `docker exec`；加 --vm 时打开虚拟机的 root shell',
  'its name or id; after -- what to run instead of a shell': '容器的名称或 id；-- 之后是代替 shell 运行的命令',
  'a root shell in the VM, in the mount tree of its init or of its engine':
    '虚拟机中的 root shell，使用其 init 或引擎的挂载树',
  'in a container: as `docker exec --user`': '用于容器时：同 `docker exec --user`',
  'join namespaces of a container or process and run a shell there, as root of the VM or as the target':
    '加入容器或进程的命名空间并在其中运行 shell，身份为虚拟机的 root 或目标自身',
  "a container's name or id, or a pid of the VM": '容器的名称或 id，或虚拟机中的 pid',
  'what to run instead of a shell, after --': '代替 shell 运行的命令，写在 -- 之后',
  'join its {kind} namespace': '加入其 {kind} 命名空间',
  'take its root directory; without any of these, all are joined and the root is taken':
    '使用其根目录；这些选项都不指定时，加入全部命名空间并使用其根目录',
  'whom to run as': '以谁的身份运行',
  'the app in a browser on this machine': '在本机的浏览器中打开图形界面',
  'listen on this port of 127.0.0.1; 0 lets the system choose': '监听 127.0.0.1 的此端口；0 表示由系统选择',
  'open the browser': '打开浏览器',
  'a script that completes commands and options in your shell': '输出 shell 的命令和选项补全脚本',
  'which shell': '为哪种 shell 生成',

  // reach
  reachable: '可达',
  'not reachable': '不可达',
  'Tried: connected.': '实际尝试：已连接。',
  'Tried: not connected.': '实际尝试：未能连接。',
  'Tried: connected ({reason}).': '实际尝试：已连接（{reason}）。',
  'Tried: not connected ({reason}).': '实际尝试：未能连接（{reason}）。',
  '{verdict}. {because}': '{verdict}。{because}',
  'Nothing was tried: there is no address to connect to from there.': '没有尝试连接：从那里没有可以连接的地址。',
  '--try connects from this machine, and `outside` is not on it: name `host`, a container or a pid.':
    '--try 从宿主机上发起，而 `outside` 不在宿主机上：请指定 `host`、容器或 pid。',

  // files
  '{name}: the recording holds no moment.': '{name}：录制中没有任何时刻。',
  '{name} is a single moment, not a recording: leave the time out.': '{name} 是单一时刻的快照，不是录制：请去掉时间。',
  'Wrote {file}: {moments, plural, one {# moment} other {# moments}}, {size} kB.':
    '已写入 {file}：{moments, plural, other {# 个时刻}}，{size} kB。',
  'it exists and is not a recording. Name another file.': '文件已存在，且不是录制。请指定另一个文件。',

  // serve
  'Open Bulkhead': '打开 Bulkhead',
  'Open this address in a browser on this machine. It holds a secret: do not share it. Ctrl+C ends.':
    '请在本机的浏览器中打开此地址。地址中含有密钥，请勿分享。按 Ctrl+C 结束。',
  'No browser could be opened: open the address yourself.': '无法打开浏览器：请自行打开该地址。',

  // shell, enter
  'This shell is root outside of all containers: what it changes, it changes for every container.':
    '此 shell 是所有容器之外的 root：它所做的改动会影响每一个容器。',
  'This program may do what its target may, except as said here.': '除非此处另有说明，此程序的权限与其目标相同。',
  '{name} is not running. Start it first.': '{name} 没有运行。请先启动它。',
  'There is no container or process {name}. `bulkhead scan` lists the containers.':
    '没有容器或进程 {name}。可用 `bulkhead scan` 列出容器。',
  'Name a container, or say --vm for a root shell in the VM.': '请指定一个容器，或用 --vm 打开虚拟机的 root shell。',
  'No container was named.': '没有指定容器。',
  'Type yes to open a shell in the VM:': '输入 yes 以打开虚拟机中的 shell：',
  'No shell was opened.': '没有打开 shell。',

  // top
  rest: '其余',
  'none ⟨limit⟩': '无',
  'processors {percent} %': '处理器 {percent} %',
  'memory {percent} %': '内存 {percent} %',
  'storage {percent} %': '存储 {percent} %',
  'Processors: {busy} % of {all} % busy': '处理器：{all} % 中已用 {busy} %',
  'Processors: {busy} % of {all} % busy; waited in the last 10 s for {waits}':
    '处理器：{all} % 中已用 {busy} %；最近 10 秒内的等待：{waits}',

  // scan, shared, endpoints
  usable: '可用',
  'Engine: none': '引擎：无',
  'Engine: {name}, {kind} {version}, {endpoint}': '引擎：{name}，{kind} {version}，{endpoint}',
  'Host: {name}, Linux {kernel}, {arch}': '宿主机：{name}，Linux {kernel}，{arch}',
  '{processes} processes, {namespaces} namespaces, {containers} containers, {time}':
    '{processes} 个进程，{namespaces} 个命名空间，{containers} 个容器，{time}',
  'Pid {pid} ({comm}, uid {uid}) is in a cgroup with the id of {container}, but by its ancestors and namespaces it does not belong to that container.':
    'pid {pid}（{comm}，uid {uid}）所在的 cgroup 带有 {container} 的 id，但从其祖先进程和命名空间看，它不属于该容器。',
  'No containers.': '没有容器。',
  '{processes} ({outside} outside its cgroup)': '{processes}（其中 {outside} 个在其 cgroup 之外）',
  'shared by {count, number}': '{count, number} 方共享',
  'Not shown: {count, plural, one {# namespace} other {# namespaces}} that containers share with the host by default. --all shows them.':
    '未显示：容器默认与宿主机共享的 {count, plural, other {# 个命名空间}}。可用 --all 显示。',

  'context {name}': '上下文 {name}',
  settings: '设置',
  'well-known socket': '常用位置的套接字',
  'well-known pipe': '常用位置的命名管道',

  // watch
  'container {name} connected to network {network}': '容器 {name} 已连接到网络 {network}',
  'container {name} connected to network {network}, {ip}': '容器 {name} 已连接到网络 {network}，{ip}',
  'container {name} disconnected from network {network}': '容器 {name} 已从网络 {network} 断开',
  'container {name} {state}': '容器 {name} {state}',
  'process {pid} {comm}': '进程 {pid} {comm}',
  'process {pid} {comm} in {container}': '容器 {container} 中的进程 {pid} {comm}',
  '{process}, which made {namespaces}': '{process}，并创建了 {namespaces}',
  '{process}: {link} {before} -> {now}, which it made': '{process}：{link} {before} -> {now}，由其自行创建',
  '{process}: {link} {before} -> {now}': '{process}：{link} {before} -> {now}',
  '{state}, pid {pid}': '{state}，pid {pid}',

  // why
  'the same:': '等效命令：',
} as const;
