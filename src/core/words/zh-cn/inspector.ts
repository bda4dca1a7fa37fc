/** What the inspector, the engines' connections and the hosts report. */
export const inspector = {
  // Details
  'Its cgroup cannot be read.': '无法读取其 cgroup。',
  'No process is known through whose tree the cgroups could be read.': '没有已知的进程可供通过其挂载树读取 cgroup。',
  'No process is in it, so its mount table cannot be read.': '其中没有进程，因此无法读取其挂载表。',
  'The probe’s answer is longer than {size} MiB and was not read.': '探针的应答超过 {size} MiB，没有读取。',
  'The shell did not start within {seconds} s. Try again, or look whether the engine hangs.':
    'shell 在 {seconds} 秒内没有启动。请重试，或检查引擎是否已停止响应。',
  'The probe did not answer for {seconds} s and was ended. Try again.': '探针 {seconds} 秒没有应答，已被结束。请重试。',
  'The probe’s answer does not fit its protocol.': '探针的应答不符合其协议。',
  'The details were closed.': '详情已关闭。',
  'No process is in it, and only other namespaces hold it, so it cannot be looked into.':
    '其中没有进程，只有其他命名空间使它保留，因此无法查看。',
  'No process is in it and nothing is known to hold it, so it cannot be looked into.':
    '其中没有进程，也没有已知的东西持有它，因此无法查看其内容。',
  'There is no namespace {id} any more.': '命名空间 {id} 已不存在。',
  'The probe did not say how the attempt ended.': '探针没有报告这次尝试的结果。',
  'It was accepted and closed at once, as a proxy does that finds nobody behind it.':
    '连接被接受后立即关闭，代理在后面没有服务时就会这样。',
  'Nothing came back, and nobody refused it: UDP tells no more.': '没有收到任何回应，也没有被拒绝：UDP 只能说明这些。',
  'The kernel does not tell how much memory there is.': '内核没有提供内存总量。',

  // Signals
  'the probe did not answer': '探针没有应答',
  'It is not known whether the signal was sent: {reason}. Look whether the process still runs.':
    '不清楚信号是否已发送：{reason}。请查看该进程是否仍在运行。',

  // Terminals
  'This container has no /bin/sh. Enter it instead: Bulkhead then brings a shell of its own.':
    '此容器没有 /bin/sh。请改用“进入”：这时 Bulkhead 会带去自己的 shell。',
  'The shell could not be started: the engine does not say why': '无法启动 shell：引擎没有说明原因',
  'The shell could not be started: {reason}': '无法启动 shell：{reason}',
  'The connection to the engine was lost. Open the shell again when the engine answers.':
    '与引擎的连接已断开。请在引擎恢复应答后重新打开 shell。',
  'There is no engine here. Enter a process instead.': '这里没有引擎。请改为进入某个进程。',
  'No process is surely this engine’s, run by root of the machine, so its tree is unknown. Choose the tree of init.':
    '没有进程能确定是由宿主机的 root 运行的此引擎，因此其挂载树未知。请选择 init 的挂载树。',
  'The shell was lost: its helper ended. Open it again.': 'shell 已断开：其辅助容器已结束。请重新打开。',

  // The probe
  'The probe for linux/{arch} is not built. Run: npm run build:probe':
    'linux/{arch} 的探针尚未构建。请运行：npm run build:probe',
  "The engine refused to import the probe's image: {reason}": '引擎拒绝导入探针的镜像：{reason}',
  'Allow image import, or go on with what the engine itself tells.': '请允许导入镜像，或者只使用引擎自己提供的信息。',
  'There is no probe for {arch} engines, so processes and namespaces cannot be read.':
    '没有适用于 {arch} 引擎的探针，因此无法读取进程和命名空间。',
  'amd64 and arm64 are supported.': '支持 amd64 和 arm64。',
  'the probe ended (exit code {code})': '探针已结束（退出码 {code}）',
  'the probe ended ({signal})': '探针已结束（{signal}）',
  'There is no probe for {arch} machines.': '没有适用于 {arch} 机器的探针。',
  'its helper container ended': '其辅助容器已结束',
  'So the helper cannot run, and processes and namespaces are unknown.': '因此辅助容器无法运行，进程和命名空间未知。',
  'The helper needs CONTAINERS=1, IMAGES=1 and POST=1 there; or use the engine’s own socket.':
    '辅助容器需要在该代理上设置 CONTAINERS=1、IMAGES=1 和 POST=1；或者使用引擎自己的套接字。',
  "The engine refused the probe's helper container: {reason}": '引擎拒绝了探针的辅助容器：{reason}',
  'What the engine itself tells is shown. Allow containers with --pid=host and CAP_SYS_PTRACE to see the rest.':
    '目前显示引擎自己提供的信息。要查看其余内容，请允许使用 --pid=host 和 CAP_SYS_PTRACE 的容器。',
  'Enhanced Container Isolation keeps containers out of the VM, so processes and namespaces cannot be read.':
    'Enhanced Container Isolation 使容器无法接触虚拟机，因此无法读取进程和命名空间。',
  'Ask your administrator to allow it, or go on with what the engine itself tells.':
    '请让管理员允许它，或者只使用引擎自己提供的信息。',
  "The engine runs containers in user namespaces (userns-remap) and refused the helper the host's.":
    '引擎在用户命名空间中运行容器（userns-remap），并拒绝让辅助容器使用宿主机的用户命名空间。',
  'Allow --userns=host for it, or run Bulkhead as root on that machine.':
    '请允许它使用 --userns=host，或者在那台机器上以 root 运行 Bulkhead。',
  'The engine cannot run programs of the architecture that it names, so processes and namespaces are unknown.':
    '引擎无法运行它所声称的体系结构的程序，因此进程和命名空间未知。',
  'Check that the engine’s VM is not emulated; amd64 and arm64 are supported.':
    '请确认引擎的虚拟机不是模拟的；支持 amd64 和 arm64。',
  'A security module of the engine’s system (AppArmor or SELinux) refused the helper.':
    '引擎所在系统的安全模块（AppArmor 或 SELinux）拒绝了辅助容器。',
  'Allow it there to read /proc of other processes, or run Bulkhead as root on that machine.':
    '请在那里允许它读取其他进程的 /proc，或者在那台机器上以 root 运行 Bulkhead。',
  'The engine runs without root, and its rights do not suffice to read processes and namespaces.':
    '引擎以非 root 身份运行，其权限不足以读取进程和命名空间。',
  'Use an engine that runs as root, or run Bulkhead on that machine.':
    '请使用以 root 运行的引擎，或者在那台机器上运行 Bulkhead。',

  // What an engine answers
  'The answer is longer than {size} MiB and was not read.': '应答超过 {size} MiB，没有读取。',
  'What answers there redirects {request}, which an engine does not do, and Bulkhead does not follow. Give the address of the engine itself.':
    '那里的应答把 {request} 重定向到别处；引擎不会这样做，Bulkhead 也不会跟随。请给出引擎自身的地址。',
  'The connection was lost in the middle of an answer.': '应答过程中连接断开。',
  'Something in front of the engine does not let connections be taken over (no 101).':
    '引擎前面的某个程序不允许接管连接（没有返回 101）。',
  'The engine did not answer {path} within {seconds} s. Restart it if that stays so.':
    '引擎在 {seconds} 秒内没有应答 {path}。如果一直如此，请重启引擎。',
  'What answers there is not a Docker engine: it switches protocols without being asked.':
    '那里应答的不是 Docker 引擎：它擅自更改了协议。',
  'The connection was closed without an answer.': '连接在没有应答的情况下被关闭。',
  'The answer to {request} is not what an engine says. Check what answers there.':
    '对 {request} 的应答不像来自引擎。请检查那里是什么在应答。',
  'This is neither the id nor the name of a container. Use one that `docker ps -a` lists.':
    '这不是容器的 id，也不是名称。请使用 `docker ps -a` 列出的 id 或名称。',
  'The engine answers without saying who it is: API version {version} may not fit. Update the engine or Bulkhead; where DOCKER_API_VERSION is set, unset it.':
    '引擎有应答，但没有说明自己是谁：API 版本 {version} 可能不合适。请更新引擎或 Bulkhead；如果设置了 DOCKER_API_VERSION，请取消设置。',
  'The engine’s list of containers is not a list.': '引擎返回的容器列表不是列表。',
  'the engine’s event stream has no line breaks': '引擎的事件流没有换行',
  'the engine closed its event stream': '引擎关闭了事件流',
  'the engine sent output that is not understood': '引擎发送了无法理解的输出',
  'This container is gone.': '此容器已不存在。',
  'A proxy in front of the engine cannot reach it: {request}. Check that the engine runs, and where the proxy looks for it.':
    '引擎前面的代理连不上引擎：{request}。请确认引擎正在运行，并检查代理所指向的位置。',
  'A proxy in front of the engine refuses {request}.': '引擎前面的代理拒绝了 {request}。',
  'It needs {switches}.': '它需要 {switches}。',
  'The engine answers {request} without saying why.': '引擎对 {request} 返回错误，但没有说明原因。',

  // Why a connection fails
  'The remote machine refused access to its engine’s socket: use a user who may use it.':
    '远端拒绝访问其引擎的套接字：请使用有权访问的用户。',
  'The program ssh could not be started: {reason}.': '无法启动 ssh 程序：{reason}。',
  'The program ssh is missing. Install OpenSSH’s client and see that it is on the PATH.':
    '缺少 ssh 程序。请安装 OpenSSH 客户端，并确认它在 PATH 中。',
  'ssh: the host’s key has changed since the last time. Find out why before you connect again.':
    'ssh：主机密钥自上次连接后已改变。请先查明原因，再重新连接。',
  'ssh: the host’s key is not known yet. Connect once by hand and accept it: ssh {host}':
    'ssh：主机密钥尚未知晓。请手动连接一次并接受它：ssh {host}',
  'ssh: the login was refused. Load your key into the agent (ssh-add) and try by hand: ssh {host}':
    'ssh：登录被拒绝。请把密钥加入代理（ssh-add），并手动试一次：ssh {host}',
  'ssh: the program docker is missing on the remote machine, or not on the PATH of a login without a terminal. Install it there.':
    'ssh：远端没有 docker 程序，或者它不在无终端登录的 PATH 中。请在远端安装。',
  'ssh: the host’s name is not known. Check the address.': 'ssh：无法解析主机名。请检查地址。',
  '{reason}. Check that the machine runs and its ssh server listens.':
    '{reason}。请确认那台机器正在运行，并且其 ssh 服务正在监听。',
  'The login worked, but the engine on the remote machine is not running. Start it there.':
    '登录成功，但远端的引擎没有运行。请在远端启动它。',
  'The engine’s TLS certificate has expired. Make a new one for the engine, and check this machine’s clock.':
    '引擎的 TLS 证书已过期。请为引擎签发新证书，并检查本机的时钟。',
  'The engine’s TLS certificate is not valid yet. Check both machines’ clocks.':
    '引擎的 TLS 证书尚未生效。请检查两台机器的时钟。',
  'The engine’s TLS certificate is signed by an authority that is not trusted here. Give the engine’s own ca.pem (in the context, or in the folder of DOCKER_CERT_PATH).':
    '引擎的 TLS 证书由此处不信任的机构签发。请提供引擎自己的 ca.pem（放在上下文中，或放在 DOCKER_CERT_PATH 指定的目录中）。',
  'The engine’s TLS certificate is for another name ({names}). Use a name that it holds, or make one that holds this name.':
    '引擎的 TLS 证书属于另一个名称（{names}）。请使用证书中的名称，或者签发包含此名称的证书。',
  'The engine does not accept the client’s TLS certificate, or none was given. Give cert.pem and key.pem signed by the engine’s authority.':
    '引擎不接受客户端的 TLS 证书，或者没有提供证书。请提供由引擎的机构签发的 cert.pem 和 key.pem。',
  'The engine does not speak TLS there. Unset DOCKER_TLS_VERIFY and DOCKER_TLS (or take TLS out of the context), or use the engine’s TLS port, usually 2376.':
    '引擎在该端口不使用 TLS。请取消设置 DOCKER_TLS_VERIFY 和 DOCKER_TLS（或从上下文中去掉 TLS），或者使用引擎的 TLS 端口，通常是 2376。',
  'The engine wants TLS there. Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a context that has the certificates.':
    '引擎在该端口要求 TLS。请设置 DOCKER_TLS_VERIFY=1 和 DOCKER_CERT_PATH，或者使用带有证书的上下文。',
  'Nobody listens on {address}: connection refused. Start the engine, and check the port.':
    '{address} 上没有程序在监听：连接被拒绝。请启动引擎，并检查端口。',
  'The host of {address} is not known. Check the name.': '无法解析 {address} 的主机名。请检查名称。',
  '{address} cannot be reached. Check that the machine runs and the network leads there.':
    '无法到达 {address}。请确认那台机器正在运行，并且网络可达。',
  '{path} cannot be a socket: its path is too long. Use a shorter one.':
    '{path} 不能作为套接字：路径过长。请使用较短的路径。',
  'The engine is too new for the API version that was asked for ({reason}). Update Bulkhead; where DOCKER_API_VERSION is set, unset it.':
    '对于所请求的 API 版本，引擎过新（{reason}）。请更新 Bulkhead；如果设置了 DOCKER_API_VERSION，请取消设置。',
  'The engine is older than DOCKER_API_VERSION says ({reason}). Unset it.':
    '引擎比 DOCKER_API_VERSION 所指定的版本旧（{reason}）。请取消设置该变量。',
  'Something answers there, but it is not a Docker engine.': '那里有程序应答，但不是 Docker 引擎。',
  'The connection was closed without an answer: it may not be a Docker engine, or it is one that is shutting down.':
    '连接在没有应答的情况下被关闭：那里可能不是 Docker 引擎，或者引擎正在退出。',
  'Docker Desktop is paused. Resume it in the menu of its whale, or in its window.':
    'Docker Desktop 已暂停。请在其鲸鱼图标的菜单或窗口中恢复运行。',
  'Something in front of the engine refuses GET /_ping (HTTP {status}). A filtering proxy needs PING=1 and VERSION=1; else ask who runs it.':
    '引擎前面的某个程序拒绝了 GET /_ping（HTTP {status}）。过滤代理需要 PING=1 和 VERSION=1；否则请询问其管理者。',
  'Something answers there, but it is not a Docker engine: GET /_ping gives HTTP {status}. Check the address; a proxy in front of an engine must let that through.':
    '那里有程序应答，但不是 Docker 引擎：GET /_ping 返回 HTTP {status}。请检查地址；引擎前面的代理必须放行该请求。',
  'Something answers there, but it is not a Docker engine. Check the address.':
    '那里有程序应答，但不是 Docker 引擎。请检查地址。',
  'The engine answers with an error (HTTP {status}): {reason}. Wait until it has started, or restart it.':
    '引擎返回错误（HTTP {status}）：{reason}。请等待它启动完成，或重启它。',
  'This engine runs Windows containers, which have no Linux namespaces. Switch to Linux containers in Docker Desktop’s menu.':
    '此引擎运行的是 Windows 容器，它们没有 Linux 命名空间。请在 Docker Desktop 的菜单中切换到 Linux 容器。',
  'DOCKER_API_VERSION is {value}, which is not a version such as 1.44. Correct or unset it.':
    'DOCKER_API_VERSION 的值是 {value}，不是 1.44 这样的版本号。请改正或取消设置。',
  'The engine names {value} as its API version. Check what answers there.':
    '引擎声称其 API 版本是 {value}。请检查那里是什么在应答。',
  'The engine is too old: it speaks API {version}, and Bulkhead needs {oldest}. Update the engine.':
    '引擎过旧：它使用 API {version}，而 Bulkhead 需要 {oldest}。请更新引擎。',
  'No answer within {seconds} s. Restart the engine if it should run.':
    '{seconds} 秒内没有应答。如果引擎应当在运行，请重启它。',

  // Products, and what starts them
  'Start it.': '请启动它。',
  'Start it: {command}': '请启动它：{command}',
  'Lima’s {name}': 'Lima 的 {name}',
  'Open it, and see in its Preferences › Container Engine that dockerd (moby) is chosen: containerd has no such socket.':
    '请打开它，并在 Preferences › Container Engine 中确认选择了 dockerd (moby)：containerd 没有这样的套接字。',
  'The rootless engine': 'rootless 引擎',
  'Podman’s machine': 'Podman 的虚拟机',
  'Start it from the Start menu and wait until its window says that the engine runs.':
    '请从“开始”菜单启动它，并等到其窗口显示引擎正在运行。',
  '{path} does not exist': '{path} 不存在',
  '{path} is there, but nobody listens: it is a leftover': '{path} 存在，但没有程序在监听，是残留的文件',
  '{name} is not running: {what}.': '{name} 没有运行：{what}。',
  'The engine is not running: {what}.': '引擎没有运行：{what}。',
  'Docker Desktop does not put a socket at {path}. Switch it on in its Settings › Advanced (allow the default Docker socket to be used), or use its own: docker context use desktop-linux':
    'Docker Desktop 没有在 {path} 创建套接字。请在 Settings › Advanced 中打开该功能（allow the default Docker socket to be used），或者使用它自己的套接字：docker context use desktop-linux',
  'There is no engine in {wsl}: {what}. Switch {wsl} on in Docker Desktop’s Settings › Resources › WSL integration, and open this terminal again.':
    '{wsl} 中没有引擎：{what}。请在 Docker Desktop 的 Settings › Resources › WSL integration 中启用 {wsl}，然后重新打开此终端。',
  'The engine of {wsl} is not running: {what}. Start it: sudo service docker start. For Docker Desktop’s, switch {wsl} on in its Settings › Resources › WSL integration.':
    '{wsl} 的引擎没有运行：{what}。请启动它：sudo service docker start。要使用 Docker Desktop 的引擎，请在其 Settings › Resources › WSL integration 中启用 {wsl}。',
  'this WSL distribution': '此 WSL 发行版',
  'Docker Desktop’s engine is not at {path}. Choose its context: docker context use desktop-linux':
    'Docker Desktop 的引擎不在 {path}。请选择它的上下文：docker context use desktop-linux',
  'Permission denied on {path}. As administrator, add your user to the group docker-users (net localgroup docker-users NAME /add), and log in again.':
    '没有权限访问 {path}。请以管理员身份把你的用户加入 docker-users 组（net localgroup docker-users NAME /add），然后重新登录。',
  'Permission denied on {path}: it is root’s engine. Run Bulkhead with sudo, or start your own: systemctl --user start podman.socket':
    '没有权限访问 {path}：它是 root 的引擎。请用 sudo 运行 Bulkhead，或者启动自己的引擎：systemctl --user start podman.socket',
  'Permission denied on {path}: it is another user’s. Log in as that user, or start your own engine.':
    '没有权限访问 {path}：它属于另一个用户。请以该用户登录，或者启动自己的引擎。',
  'Permission denied on {path}. Add your user to the group docker (sudo usermod -aG docker $USER) and log in again, or run Bulkhead with sudo.':
    '没有权限访问 {path}。请把你的用户加入 docker 组（sudo usermod -aG docker $USER）并重新登录，或者用 sudo 运行 Bulkhead。',
  'Permission denied on {path}: its owner alone may use it. Run Bulkhead with sudo.':
    '没有权限访问 {path}：只有其所有者可以使用。请用 sudo 运行 Bulkhead。',
  'Permission denied on {path}: the group {group} may use it, and you have come into it after you logged in. Log in again, or run: newgrp {group}':
    '没有权限访问 {path}：{group} 组可以使用它，而你是在登录之后才加入该组的。请重新登录，或运行：newgrp {group}',
  'Permission denied on {path}: the group {group} may use it. Add your user to it (sudo usermod -aG {group} $USER) and log in again, or run Bulkhead with sudo.':
    '没有权限访问 {path}：{group} 组可以使用它。请把你的用户加入该组（sudo usermod -aG {group} $USER）并重新登录，或者用 sudo 运行 Bulkhead。',

  // Endpoints and docker's configuration
  'There is no engine here. Choose one.': '这里没有引擎。请选择一个。',
  'The recorded snapshot is missing: resources/demo-snapshot.json. Install Bulkhead again.':
    '缺少录制的快照：resources/demo-snapshot.json。请重新安装 Bulkhead。',
  'This is a recording: nothing can be done to it. Choose an engine.': '这是录制，无法对其操作。请选择一个引擎。',
  'This machine': '本机',
  'Docker configuration': 'Docker 配置',
  'Bulkhead’s settings': 'Bulkhead 的设置',
  'Only Linux has namespaces of its own to show. Choose an engine.':
    '只有 Linux 自身有可显示的命名空间。请选择一个引擎。',
  'There is no endpoint {name}. Known: {names}; or give an address such as unix:///var/run/docker.sock or tcp://host:2375.':
    '没有端点 {name}。已知的端点：{names}；也可以给出地址，例如 unix:///var/run/docker.sock 或 tcp://host:2375。',
  'could not read CA certificate {file}: put the file there, or point DOCKER_CERT_PATH at the folder that holds it.':
    '无法读取 CA 证书 {file}：请把文件放在那里，或者让 DOCKER_CERT_PATH 指向存放它的目录。',
  'the --context option': '--context 选项',
  'the --host option': '--host 选项',
  'currentContext in config.json': 'config.json 中的 currentContext',
  'context {name}: context not found (chosen by {by}). Create it, or choose another one: docker context ls, docker context use NAME.':
    '找不到上下文 {name}（由 {by} 指定）。请创建它，或者选择另一个：docker context ls、docker context use NAME。',
  '{path} cannot be read ({reason}): the current context is not known. Correct the file.':
    '无法读取 {path}（{reason}）：当前上下文未知。请改正该文件。',
  '{path} cannot be read ({reason}): contexts may be missing. Check who may read it.':
    '无法读取 {path}（{reason}）：可能缺少一些上下文。请检查读取权限。',
  '{path} cannot be read ({reason}). Remove the context and create it again.':
    '无法读取 {path}（{reason}）。请删除该上下文并重新创建。',
  '{path} is in the wrong folder for its name, so docker cannot find it. Remove it and create the context again.':
    '{path} 所在的目录与其名称不符，docker 找不到它。请删除它并重新创建该上下文。',
  'The context {name} has no docker endpoint. Create it again.': '上下文 {name} 没有 docker 端点。请重新创建。',
  '{path} cannot be read ({reason}): check who may read it.': '无法读取 {path}（{reason}）：请检查读取权限。',
  'TLS: {file} is missing beside its counterpart. Put both files there, or neither.':
    'TLS：缺少与另一文件配套的 {file}。请把两个文件都放在那里，或者都不放。',
  'TLS: the private key is encrypted, which docker does not support. Store it without a passphrase.':
    'TLS：私钥已加密，而 docker 不支持加密的私钥。请去掉口令后再存放。',
  'TLS: the certificate files cannot be used ({reason}). Create them again.':
    'TLS：证书文件无法使用（{reason}）。请重新创建。',
  'wrong contents': '内容有误',
  'An fd:// address is for the engine itself. Give the address that it listens on.':
    'fd:// 地址只供引擎自己使用。请给出引擎监听的地址。',

  // Addresses
  'The address is empty. Write one such as unix:///var/run/docker.sock.':
    '地址为空。请写成 unix:///var/run/docker.sock 这样的地址。',
  'The address {address} contains control characters. Write it anew.': '地址 {address} 含有控制字符。请重新输入。',
  'Docker does not accept {scheme} addresses. Write {address} instead.':
    'Docker 不接受 {scheme} 地址。请改写为 {address}。',
  'The address {address} has an unknown scheme. Use unix, npipe, tcp or ssh.':
    '地址 {address} 的协议未知。请使用 unix、npipe、tcp 或 ssh。',
  'The socket path in {address} is not absolute. Write three slashes: {instead}.':
    '{address} 中的套接字路径不是绝对路径。请写三个斜杠：{instead}。',
  '{address} is not a named pipe. Write it as npipe:////./pipe/docker_engine.':
    '{address} 不是命名管道。请写成 npipe:////./pipe/docker_engine 的形式。',
  'The address {address} has a path, which is not supported. Remove {path}.':
    '地址 {address} 带有路径，不受支持。请去掉 {path}。',
  'The address {address} has a user name, which TCP does not know. Remove it, or use ssh://.':
    '地址 {address} 带有用户名，而 TCP 没有用户名。请去掉它，或者使用 ssh://。',
  'The address {address} is not host:port. Check the host and the port.':
    '地址 {address} 不是“主机:端口”的形式。请检查主机和端口。',
  'extra fragment after the host: {text}': '主机之后有多余的片段：{text}',
  'extra query after the host: {text}': '主机之后有多余的查询部分：{text}',
  'plain-text password is not supported: remove it from the ssh address and use a key or an agent':
    '不支持明文密码：请从 ssh 地址中去掉密码，改用密钥或代理',
  'The address {address} is not a valid ssh address: check the host and the port.':
    '地址 {address} 不是有效的 ssh 地址：请检查主机和端口。',
  'no host specified in {address}': '{address} 中没有指定主机',
  'The user name in {address} cannot be given to ssh. Put it into ~/.ssh/config for that host.':
    '{address} 中的用户名无法传给 ssh。请把它写入 ~/.ssh/config 中该主机的配置。',

  // Sessions
  'Starting the probe again.': '正在重新启动探针。',
  '{reason}.': '{reason}。',
  'This machine.': '本机。',
  'Live: {name}.': '实时：{name}。',
  'The engine did not list its containers within {seconds} s': '引擎在 {seconds} 秒内没有给出容器列表',
  'The probe ended: {reason}': '探针已结束：{reason}',
  'The probe does not answer any more': '探针不再应答',

  // Notices
  'Until then the engine’s name, its cgroups and whether it runs without root are unknown.':
    '在此之前，引擎的名称、cgroup 以及是否以非 root 身份运行均未知。',
  'So of {count, plural, one {# container} other {# containers}} only what the list says is shown.':
    '因此有 {count, plural, other {# 个容器}}只显示列表中的信息。',
  '{count, plural, one {# container was} other {# containers were}} not described by the engine in a way that is understood, or not in time.':
    '引擎对 {count, plural, other {# 个容器}}的描述无法理解，或没有及时给出。',
  'Of these only what the list says is shown, or nothing. Check what answers there.':
    '这些容器只显示列表中的信息，或完全不显示。请检查那里是什么在应答。',
  'You chose that no helper runs in this engine, so processes and namespaces are unknown.':
    '你已选择不在此引擎中运行辅助容器，因此进程和命名空间未知。',
  'The helper that reads processes and namespaces has not been started yet, so they are unknown.':
    '读取进程和命名空间的辅助容器尚未启动，因此进程和命名空间未知。',
  'The probe runs on this machine directly instead, with the rights of this program.':
    '探针改为直接在本机上运行，权限与本程序相同。',
  'Nothing is missing.': '信息没有缺失。',
  'As root it would see the processes of others too.': '以 root 运行时，还能看到其他用户的进程。',
  'The probe’s helper runs privileged, as you allowed.': '探针的辅助容器按你的许可以特权运行。',
  'It ends with this session.': '它随此会话结束。',
  'The probe’s helper runs in the host’s user namespace: the engine refused it in one of its own.':
    '探针的辅助容器在宿主机的用户命名空间中运行：引擎拒绝让它使用自己的用户命名空间。',
  'The engine runs without root, so of other users’ processes only what everybody may read is known.':
    '引擎以非 root 身份运行，因此对于其他用户的进程，只知道人人可读的信息。',
  'To see the rest, use an engine that runs as root.': '要查看其余信息，请使用以 root 运行的引擎。',

  // Pictures
  'Choose a smaller scale, filter it to fewer containers, or export SVG.':
    '请选择较小的倍数，过滤掉一些容器，或者导出 SVG。',
  'The picture was not drawn within {seconds} s.': '图未能在 {seconds} 秒内绘制完成。',
  'The picture was not drawn: {reason}': '图未能绘制：{reason}',
  'The picture was not drawn: its thread has ended.': '图未能绘制：其线程已结束。',
  'The PDF would have {size} MB.': 'PDF 将有 {size} MB。',
  'The PNG would have {size} MB.': 'PNG 将有 {size} MB。',
  'The picture would have {width} × {height} pixels; the limits are {side} on a side and {area} million in all.':
    '图将有 {width} × {height} 像素；上限为每边 {side}，总计 {area} 百万。',

  'the fonts that Bulkhead carries cannot be read': '无法读取 Bulkhead 自带的字体',

  // Settings
  '{file} cannot be read ({reason}).': '无法读取 {file}（{reason}）。',
  '{file} is not a JSON object.': '{file} 不是 JSON 对象。',
  '{file} has values that are not understood: {places}.': '{file} 含有无法理解的值：{places}。',
  '{file} is not valid JSON ({reason}).': '{file} 不是有效的 JSON（{reason}）。',
  'The settings could not be kept in {file}: {reason}': '无法把设置保存到 {file}：{reason}',
  'Defaults take the place of what is missing. The file is kept as {kept} when settings are next changed.':
    '缺失的设置使用默认值。下次更改设置时，该文件会保留为 {kept}。',

  'Bulkhead and all its parts': 'Bulkhead 及其全部组成部分',

  // The browser host
  'The page is not built: {folder} is missing. Run: npm run build':
    '页面尚未构建：缺少 {folder}。请运行：npm run build',
  'No such page.': '没有此页面。',
  'Bulkhead answers to its loopback address only. Use the address that it printed.':
    'Bulkhead 只在其回环地址上应答。请使用它输出的地址。',
  'Requests of other pages are refused.': '来自其他页面的请求会被拒绝。',
  'Only GET and HEAD.': '只接受 GET 和 HEAD。',
  'Port {port} is in use. Choose another one, or none for any free port.':
    '端口 {port} 已被占用。请选择另一个端口，或者不指定端口，由系统选择。',
  'Cannot listen on {address}: {reason}': '无法监听 {address}：{reason}',
} as const;
