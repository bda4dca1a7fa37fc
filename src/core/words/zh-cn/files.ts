/** What snapshots, recordings and the probe tell, and what is said of their files. */
export const files = {
  // What snapshots and recordings tell
  '/proc hides processes of other users (hidepid); run as root, or mount /proc without it.':
    '/proc 隐藏了其他用户的进程（hidepid）；请以 root 运行，或者不带该选项挂载 /proc。',
  'Some namespaces are held by more than what is told.': '某些命名空间的持有者不止所列出的这些。',
  'Some mount tables are too long to be read whole.': '某些挂载表过长，无法完整读取。',
  '{count} of {all} namespaces, processes and cgroups could not be looked into.':
    '{all} 个命名空间、进程和 cgroup 中有 {count} 个无法查看内容。',
  'The details of {count} of {all} were left out: they are more than a snapshot takes.':
    '{all} 项中有 {count} 项的详情被略去：超出了快照的容量。',
  'The kernel did not tell its links and routes.': '内核没有给出其网络接口和路由。',
  'Not all links could be read.': '未能读取全部网络接口。',
  'Not all addresses could be read.': '未能读取全部地址。',
  'Not all routes could be read.': '未能读取全部路由。',
  'Not all rules of routing could be read.': '未能读取全部路由规则。',
  'Unix sockets are read from a text here, where a name with a line end in it can pretend others: this kernel has not loaded unix_diag.':
    '此处的 Unix 套接字读自一段文本，名称中的换行可以伪造出其他套接字：此内核没有加载 unix_diag。',
  "The target's seccomp filter is not taken over ({reason}): the program may use system calls that the target may not.":
    '没有沿用目标的 seccomp 过滤器（{reason}）：该程序可以使用目标不能使用的系统调用。',
  "The target's {kind} {name} is not taken over ({reason}): the program is not confined by it.":
    '没有沿用目标的 {kind} {name}（{reason}）：该程序不受其限制。',
  "The program is not in the target's cgroup, whose limits and list of devices do not hold for it. It may not make device files.":
    '该程序不在目标的 cgroup 中，其限制和设备列表对该程序无效。该程序不能创建设备文件。',
  'Process {pid} is frozen: its container is paused. Unpause it first.':
    '进程 {pid} 被冻结：其容器已暂停。请先恢复容器。',
  'The target runs in strict seccomp mode, in which no program can be started: the program is not confined by it.':
    '目标以严格 seccomp 模式运行，在该模式下无法启动任何程序：该程序不受其限制。',
  "Not all of the target's capabilities can be given to it here.": '此处无法给予该程序目标的全部 capability。',
  'The capabilities that the target has not cannot be dropped: {reason}.':
    '无法去掉目标所没有的 capability：{reason}。',
  "The target's seccomp filter cannot be taken over: {reason}.": '无法沿用目标的 seccomp 过滤器：{reason}。',
  'The terminal stays ours: what opens it by its name is refused.': '终端仍归 Bulkhead 所有：按名称打开它会被拒绝。',
  'There is no shell in this tree, and Bulkhead has none for this architecture. Give a command.':
    '此挂载树中没有 shell，Bulkhead 也没有适用于此体系结构的 shell。请给出一个命令。',
  'There is no terminal to be had: neither here nor there is a /dev/ptmx.':
    '无法获得终端：这里和那里都没有 /dev/ptmx。',
  'A process cannot be started: {reason}.': '无法启动进程：{reason}。',
  'How the program ended is not known: {reason}.': '不清楚该程序是如何结束的：{reason}。',
  'What started the program was killed, so how it ended is not known.':
    '启动该程序的进程已被杀死，因此不清楚该程序是如何结束的。',
  'Process {pid} has ended.': '进程 {pid} 已结束。',
  'Process {pid} has ended. Choose one that runs.': '进程 {pid} 已结束。请选择一个正在运行的进程。',
  'The signal was not sent: {reason}.': '信号没有发送：{reason}。',
  'It has ended, or another has its number by now.': '它已结束，或者其编号现在属于另一个进程。',
  'No process could be started to look inside.': '无法启动进程来查看内部。',
  'Looking inside took too long, or ended half way.': '查看内部耗时过长，或者中途结束。',
  'The namespace cannot be joined: this needs CAP_SYS_ADMIN.': '无法加入该命名空间：这需要 CAP_SYS_ADMIN。',
  'The {kind} namespace of process {pid} cannot be opened: {reason}.':
    '无法打开进程 {pid} 的 {kind} 命名空间：{reason}。',
  'The root directory of process {pid} cannot be opened: {reason}.': '无法打开进程 {pid} 的根目录：{reason}。',
  'Process {pid} calls itself {name}, and runs {program}: it is not entered.':
    '进程 {pid} 自称 {name}，实际运行的是 {program}：不会进入它。',
  'The {kind} namespace cannot be joined: {reason}.': '无法加入 {kind} 命名空间：{reason}。',
  'The root directory cannot be taken: {reason}.': '无法使用其根目录：{reason}。',
  'The root directory cannot be entered: {reason}.': '无法进入其根目录：{reason}。',
  'User {uid} and group {gid} cannot be taken: {reason}.': '无法切换为用户 {uid} 和组 {gid}：{reason}。',
  'User {uid} and group {gid} of the user namespace cannot be taken: {reason}.':
    '无法切换为用户命名空间中的用户 {uid} 和组 {gid}：{reason}。',
  'This user namespace has no user 0: the program runs as user {uid} of it, without capabilities.':
    '此用户命名空间没有用户 0：该程序以其中的用户 {uid} 运行，没有 capability。',
  'The program keeps the supplementary groups of who started it: they cannot be given up here.':
    '该程序保留其启动者的附加组：此处无法放弃它们。',
  '{program} cannot be run: {reason}.': '无法运行 {program}：{reason}。',
} as const;
