/** Whether one end reaches another, and why not. */
export const reach = {
  // reach-bridge
  'The network has enable_icc=false: its members cannot reach each other. Cure: put both on another network.':
    '该网络设置了 enable_icc=false，成员之间不能互访。解决办法：把两者放到另一个网络中。',
  'bridge {bridge}': '网桥 {bridge}',
  'bridge {bridge} of network {network}': '网络 {network} 的网桥 {bridge}',
  'Both ends are on this bridge; the kernel lists its ports.': '两端都在这个网桥上，内核列出了它的端口。',
  'No rule stops what it forwards between them.': '没有规则拦截它在两者之间转发的包。',
  'from {by} on to {to}': '从 {by} 转发到 {to}',
  'from network {network} out by {to}': '从网络 {network} 经 {to} 出去',
  'from network {from} to network {into}': '从网络 {from} 到网络 {into}',
  '{name} is 0: nothing is forwarded from one link to another.': '{name} 为 0：不在网络接口之间转发任何包。',
  'No rule stops it.': '没有规则拦截。',
  'The engine isolates its networks from each other.': '引擎把各个网络相互隔离。',
  'Cure: `docker network connect` one of the two to the other’s network.':
    '解决办法：用 `docker network connect` 把其中一方接入另一方的网络。',
  'Network {name} is internal: the engine’s rules let nothing in or out. Cure: put both on one network.':
    '网络 {name} 是 internal 网络：引擎的规则不允许任何流量进出。解决办法：把两者放到同一个网络中。',
  'The engine isolates its networks from each other: its rules drop what goes from {by} to {to}.':
    '引擎把各个网络相互隔离：它的规则会丢弃从 {by} 到 {to} 的包。',
  'That it keeps rules for them is seen in the nat table; these themselves were not read.':
    '从 nat 表可以看出引擎为它们维护了规则，但这些规则本身没有读取。',
  'The machine’s rules for what it forwards were not read.': '宿主机的转发规则没有读取。',

  // reach-choices
  'exposed by {name}': '由 {name} 暴露',
  'listens in {name}': '在 {name} 中监听',
  'published by {name}': '由 {name} 发布',
  'another machine': '另一台机器',
  'the Linux that the engine runs on': '引擎所在的 Linux',

  // reach-deliver
  '{address}/{protocol} of {name}': '{name} 的 {address}/{protocol}',
  'The engine published it, and neither a rule nor a proxy for it was found here: it may be carried in elsewhere.':
    '引擎发布了该端口，但这里没有找到对应的规则或代理：流量可能从别处转入。',
  'It is published on the loopback’s address: publish it with -p {port}:… instead, to let others in.':
    '它发布在回环地址上：要让其他机器访问，请改用 -p {port}:… 发布。',
  'docker-proxy {pid} takes {from} to {to}': 'docker-proxy {pid} 把 {from} 转到 {to}',
  '{holder} holds the listening socket, and its arguments say where it leads.':
    '监听套接字由 {holder} 持有，它的参数表明了转发的去向。',

  // reach-ends
  '{text} is the beginning of several ids: {ids}.': '有多个 ID 以 {text} 开头：{ids}。',
  'No process has the number {pid} outside. It is a number inside a pid namespace: {pids}. Use the number before the arrow.':
    '外部没有编号为 {pid} 的进程。它是某个 pid 命名空间内的编号：{pids}。请使用箭头前的编号。',
  'There is no container or process {text} to come from. Right are: outside, host, a container ({names}) or a pid.':
    '没有名为 {text} 的容器或进程可作起点。可用的写法：outside、host、容器（{names}）或 pid。',
  '{text} has no port: {text}:80, for example.': '{text} 没有端口，例如应写成 {text}:80。',
  '“{text}” is not a destination.': '“{text}”不是有效的目标。',
  'Right are: a published port (:8001), container:port, address:port, [address]:port or name:port, with /udp for UDP.':
    '可用的写法：已发布的端口（:8001）、容器:端口、地址:端口、[地址]:端口或名称:端口，UDP 加 /udp。',
  '{port} is not a port: ports go from 1 to 65535.': '{port} 不是有效的端口：端口范围是 1 到 65535。',
  '[{address}] is not an IPv6 address.': '[{address}] 不是 IPv6 地址。',

  // reach-facts
  'in {net}': '在 {net} 中',

  // reach-filter
  'The firewall’s rules were not read by the version that saved this.': '保存该文件的版本没有读取过滤规则。',
  'The firewall’s rules could not be read.': '过滤规则无法读取。',
  'of what arrives': '检查到达的包',
  'of what is for it': '检查发给它的包',
  'of what it forwards': '检查它转发的包',
  'of what it sends': '检查它发出的包',
  'of what leaves': '检查离开的包',
  'firewall of {here}': '{here} 的防火墙',
  'firewall of {here}, {place}': '{here} 的防火墙，{place}',
  'firewall of {here}, {place} from {by} to {to}': '{here} 的防火墙，{place}：从 {by} 到 {to}',
  'the answer through the firewall of {here}': '应答经过 {here} 的防火墙',
  'the answer through the firewall of {here}, {place}': '应答经过 {here} 的防火墙，{place}',

  // reach-hop
  'Shown by: `{command}`': '查看方法：`{command}`',
  'Shown by: `{command}` {remark}': '查看方法：`{command}`（{remark}）',

  // reach-links
  '{link} to {there}': '{link} 到 {there}',
  '{child} there is {kind} of {link}: what the machine itself sends by that link never goes to such a link, nor back.':
    '那里的 {child} 是 {link} 的 {kind}：宿主机自己从该接口发出的包到不了这种接口，反向也不行。',
  'Cure: give the machine a {kind} link of its own, or use a bridge network.':
    '解决办法：给宿主机也建一个 {kind} 接口，或者使用 bridge 网络。',
  'link {link}': '网络接口 {link}',
  'It is a dummy: what is sent by it is thrown away.': '它是 dummy 接口：经它发出的包都会被丢弃。',
  'It has no carrier: nobody is at its other end, and what is sent by it is lost.':
    '它没有载波：另一端没有接收方，经它发出的包都会丢失。',
  'what lies behind {link}': '{link} 之后的部分',
  'It leads out of what is seen here.': '它通往此处看不到的地方。',
  '{kind} leads out of what is seen here.': '{kind} 通往此处看不到的地方。',
  'Where its other end is was not seen.': '没有看到它的另一端在哪里。',
  'The kernel lists both ends.': '内核列出了两端。',
  'The other end is down.': '另一端处于 down 状态。',
  '{address} at {link}': '{link} 处的 {address}',
  'Who answers for that address there is not known.': '那里由谁应答该地址未知。',
  'It is not among the links that were read.': '它不在已读取的网络接口之中。',
  'The link is down.': '该网络接口处于 down 状态。',
  '{address} on bridge {bridge}': '网桥 {bridge} 上的 {address}',
  'Nobody visible has that address, and not all of the bridge’s ports could be followed.':
    '能看到的成员都没有该地址，而且网桥的端口未能全部追踪。',
  'Nobody on that network has that address.': '该网络中没有成员使用这个地址。',
  '{kind} {link} to its sibling {sibling}': '{kind} {link} 到同级接口 {sibling}',
  'Both are links of the same parent, in the mode in which siblings hear each other.':
    '两者的父接口相同，且所处模式允许同级接口互通。',
  'Both are links of the same parent; in which mode is not known.': '两者的父接口相同，但模式未知。',
  '{kind} {link} to the machine': '{kind} {link} 到宿主机',
  '{address} is the machine’s own address, and a {kind} link cannot reach its own machine. Cure: a bridge network besides it, or a {kind} link for the machine.':
    '{address} 是宿主机自己的地址，而 {kind} 接口不能访问自己所在的宿主机。解决办法：另外接入一个 bridge 网络，或给宿主机建一个 {kind} 接口。',
  'The {kind} link leads into the network around the machine, which is not seen here.':
    '{kind} 接口通往宿主机外部的网络，此处看不到。',

  // reach-name
  '{name} is not running, so the name has no address. Cure: docker start {name}.':
    '{name} 没有运行，所以这个名称没有地址。解决办法：docker start {name}。',
  '{name} shares the network of {owner}, and has no name of its own there. Cure: use {owner}.':
    '{name} 共享 {owner} 的网络，在那里没有自己的名称。解决办法：使用 {owner}。',
  '{name} is in the machine’s own network, which has no names. Cure: use the machine’s address.':
    '{name} 在宿主机自己的网络中，那里没有名称。解决办法：使用宿主机的地址。',
  'The two have only the default bridge {network} in common, and that resolves no names. Cure: put both on a network of your own (docker network create).':
    '两者只共有默认的网络 {network}，而它不解析名称。解决办法：把两者放到自建的网络中（docker network create）。',
  '{asker} and {target} have no network in common that has names: {asker} is in {askers}, {target} in {targets}. Cure: {cure}.':
    '{asker} 和 {target} 没有共同的、能解析名称的网络：{asker} 在 {askers} 中，{target} 在 {targets} 中。解决办法：{cure}。',
  'put both on a network of your own (docker network create)': '把两者放到自建的网络中（docker network create）',
  '{name} is in the machine’s own network, whose resolver has no names of containers. Cure: use the address.':
    '{name} 在宿主机自己的网络中，其解析器没有容器的名称。解决办法：使用地址。',
  'the engine’s DNS': '引擎的 DNS',
  'the engine’s DNS, {holder} from outside': '引擎的 DNS，从外部看是 {holder}',
  'name {name}, asked of {server} ({resolver})': '名称 {name}，向 {server} 查询（{resolver}）',
  '{address} of {name} in network {network}': '{address}（{name}，网络 {network}）',
  'Both are in that network, where it has the name: {told}.': '两者都在该网络中，它在那里有这个名称：{told}。',
  'No container in its networks has that name, so it asks the resolver outside, which is not seen here.':
    '它所在的网络中没有容器使用这个名称，因此会询问外部解析器，此处看不到结果。',
  'No container in {networks} has that name, so it asks the resolver outside, which is not seen here.':
    '{networks} 中没有容器使用这个名称，因此会询问外部解析器，此处看不到结果。',
  'name {name}': '名称 {name}',
  'How the machine resolves names is not read, and no container is called so.':
    '没有读取宿主机如何解析名称，也没有叫这个名称的容器。',
  '/etc/hosts of {name} has {addresses}.': '{name} 的 /etc/hosts 中有 {addresses}。',
  '/etc/resolv.conf of {name} could not be read.': '{name} 的 /etc/resolv.conf 无法读取。',
  'name {name}, asked of no resolver': '名称 {name}，没有可询问的解析器',
  'name {name}, asked of {servers}': '名称 {name}，向 {servers} 查询',
  'That resolver is not the engine’s, and what it answers is not seen here.':
    '该解析器不是引擎的，此处看不到它的应答。',
  'It is not running, so it has no address. Cure: docker start {name}.':
    '它没有运行，所以没有地址。解决办法：docker start {name}。',
  'Its network namespace could not be looked into.': '无法查看它的网络命名空间。',
  'It shares the network of {owner}.': '它共享 {owner} 的网络。',
  'It is in the machine’s own network (--network=host, where -p does nothing).':
    '它在宿主机自己的网络中（--network=host，此时 -p 不起作用）。',
  'Its addresses are {addresses}.': '它的地址是 {addresses}。',
  'Its network has the loopback alone (--network=none).': '它的网络中只有回环接口（--network=none）。',

  // reach-nat
  'to one of {addresses}': '到 {addresses} 之一',
  'to one of the ports {ports}': '到端口 {ports} 之一',
  'it hands packets to a socket without changing them': '它把包原样交给某个套接字',

  // a loopback's address beyond the loopback
  '{address} beyond the loopback': '{address} 越出回环接口',
  '{address} beyond the loopback, by {link}': '{address} 越出回环接口，经由 {link}',
  'The kernel sends nothing from ::1 by another link: a proxy alone can take it on.':
    '内核不会从其他网络接口发出源地址为 ::1 的包：只有代理能接手。',
  'route_localnet is on.': 'route_localnet 已开启。',
  'The kernel lets that through only where route_localnet is on, and that was not read.':
    '只有开启 route_localnet 时内核才放行，而该设置没有读取到。',
  'The kernel lets that through only where {setting} is 1, and it is 0.':
    '只有 {setting} 为 1 时内核才放行，而它现在是 0。',

  // a rootless engine's network of its own
  'the rootless engine': 'rootless 引擎',
  'rootlesskit {pid}, which brings it into the network of the rootless engine':
    'rootlesskit {pid}，由它引入 rootless 引擎的网络',
  'It listens in the machine’s network; there the proxy has {place}.':
    '它在宿主机的网络中监听；在引擎的网络中，代理监听 {place}。',
  'Where it leads there is not known: no proxy of the engine listens on that port.':
    '它在那里通向何处未知：引擎没有代理监听该端口。',
  'It is in the network of the rootless engine (--network=host, where -p does nothing).':
    '它在 rootless 引擎的网络中（--network=host，此时 -p 不起作用）。',
  'That network is not the machine’s: what listens there is reached from there and by the engine’s other containers. Cure: a network of its own, and docker run -p {port}:{port}.':
    '那不是宿主机的网络：在那里监听的端口只有在其中以及该引擎的其他容器才能访问。解决办法：使用自己的网络，并执行 docker run -p {port}:{port}。',
  'Its gateway {gateway} is the rootless engine’s network.': '它的网关 {gateway} 是 rootless 引擎的网络。',

  // a port that the engine only keeps
  '{holder}, which listens on {place}': '{holder}，监听 {place}',
  'It only keeps the port from others (--userland-proxy=false), and no rule leads on: nothing answers there.':
    '它只是占住该端口（--userland-proxy=false），也没有规则把连接引向别处：那里不会有应答。',

  // reach-route
  'the route {to} of {by} says {type}': '{by} 中的路由 {to} 为 {type}',
  'the route {to} of {by} has several ways': '{by} 中的路由 {to} 有多个下一跳',
  '{to} by {device} ({by})': '{to} 经由 {device}（{by}）',
  '{to} by {device} through {gateway} ({by})': '{to} 经由 {device}，网关 {gateway}（{by}）',
  'it has no IPv6 route there': '没有到那里的 IPv6 路由',
  'no route': '没有路由',
  'table {table}': '路由表 {table}',
  'table {table}, rule {priority}: {when}': '路由表 {table}，规则 {priority}：{when}',
  'rule {priority} ({when}) was saved by an older version': '规则 {priority}（{when}）由旧版本保存',
  'rule {priority} ({when}) asks more than is known here': '规则 {priority}（{when}）的条件超出了此处已知的信息',
  'rule {priority} goes on at another rule': '规则 {priority} 跳转到另一条规则',
  'rule {priority} ({when}) says {action}': '规则 {priority}（{when}）为 {action}',

  // reach-way
  '{route}.': '{route}。',
  'This network namespace could not be looked into.': '无法查看这个网络命名空间。',
  'further on': '后续路径',
  'The way seems to go in a circle.': '路径似乎在兜圈子。',
  'The rules could not be read.': '规则无法读取。',
  'address translation in {here}': '{here} 中的地址转换',
  'The kernel lists the rule in {here}.': '内核在 {here} 中列出了该规则。',
  'The rule also asks or says: {told}.': '该规则还有其他条件或说明：{told}。',
  'route of {here} to {address}': '{here} 到 {address} 的路由',
  '{route}; the link is down.': '{route}；该网络接口处于 down 状态。',
  '{here} forwards it to {address}': '{here} 把它转发到 {address}',
  '{route}: that link is not seen.': '{route}：看不到该网络接口。',
  'the answer of {here}': '{here} 的应答',
  'the answer of {here} to {to}': '{here} 给 {to} 的应答',
  'It is not routed: {why}.': '无法路由：{why}。',
  'It leaves by the same link: {route}.': '应答从同一网络接口发出：{route}。',
  'It does not leave by {by}, which the question came by: {route}.': '应答不从请求进入的 {by} 发出：{route}。',
  'It never gets back to the client. Cure: a rule that sends answers from this address by the main table, or a route to the client.':
    '请求方永远收不到应答。解决办法：增加一条规则，让来自该地址的应答走 main 路由表；或者增加到请求方的路由。',

  // reach
  'Nothing is known about the way.': '对路径一无所知。',
  'Over IPv{family} it is reachable: {because}': '通过 IPv{family} 可达：{because}',
  'Over IPv{family} it is unknown: {because}': '通过 IPv{family} 是否可达未知：{because}',
  'Over IPv{family} it is not reachable: {because}': '通过 IPv{family} 不可达：{because}',
  'the machine, from outside, at port {port}/{protocol}': '从外部访问宿主机的端口 {port}/{protocol}',
  'What stands in front of the machine, such as a firewall or a VM’s forwarding, is not seen here.':
    '宿主机之前的环节（如防火墙或虚拟机的转发）此处看不到。',
  'port {port} of {name} is published as {published}': '{name} 的端口 {port} 发布为 {published}',
  'The engine lists the mapping.': '引擎列出了该映射。',
  'The engine lists the mapping of {owner}, whose network it shares.': '它共享 {owner} 的网络，引擎列出了后者的映射。',
  '{name} in the network around the machine': '宿主机外部网络中的 {name}',
  'Its link is on that network itself; what is there is not seen here.':
    '它的网络接口直接接在该网络上，此处看不到那里的情况。',
  'port {port}/{protocol} of {name}': '{name} 的端口 {port}/{protocol}',
  'It is not published, and the container’s own addresses exist within the machine alone. Cure: docker run -p {ports}.':
    '该端口没有发布，而容器自己的地址只在宿主机内部有效。解决办法：docker run -p {ports}。',
  'It is not running, so it has no network. Cure: docker start {name}.':
    '它没有运行，所以没有网络。解决办法：docker start {name}。',
  'Its network namespace is not known.': '它的网络命名空间未知。',
  'port {port} of the machine, seen from {name}': '从 {name} 看宿主机的端口 {port}',
  'It has no default route; the machine’s own address is taken.': '它没有默认路由，因此采用宿主机自己的地址。',
  'Its gateway {gateway} is the machine.': '它的网关 {gateway} 就是宿主机。',
  'localhost is {name} itself': 'localhost 就是 {name} 自己',
  'In a network namespace of its own the loopback leads back to it.': '在它自己的网络命名空间中，回环地址指向它自己。',
  'In a network namespace of its own the loopback leads back to it, and not to the port that {name} publishes on the machine.':
    '在它自己的网络命名空间中，回环地址指向它自己，而不是 {name} 在宿主机上发布的端口。',
  'By its address {address} it is reachable.': '通过它的地址 {address} 可达。',
  '{host} from outside': '从外部访问 {host}',
  'It is none of the addresses of this machine and its containers.': '它不是这台宿主机及其容器的地址。',
  'There is no container {host} to be reached from outside. There are: {names}.':
    '没有可从外部访问的容器 {host}。现有：{names}。',
  'The facts did not decide it.': '已知信息无法定论。',
  'The facts and the attempt agree.': '推断与实测一致。',
  'The facts and the attempt do not agree: something that was not read decides, such as a firewall.':
    '推断与实测不一致：起决定作用的东西没有读取到，例如防火墙规则。',

  // unpublished
  'With --network=host its ports are the machine’s own, and -p does nothing.':
    '使用 --network=host 时其端口就是宿主机的端口，-p 不起作用。',
  'Reach it on the port that its program listens on, or take --network=host away.':
    '直接连接其程序所监听的端口，或去掉 --network=host。',
  'With --network=none it has nothing but its loopback.': '使用 --network=none 时它只有回环接口。',
  'Create {name} again without --network=none.': '去掉 --network=none 后重新创建 {name}。',
  'It uses the network of {owner}, and only that one’s ports are published.':
    '它使用 {owner} 的网络，只有后者的端口会发布。',
  'Publish the port with {owner}: docker run -p {port}.': '在 {owner} 上发布该端口：docker run -p {port}。',
  'The engine lists it in {networks}.': '引擎列出它属于 {networks}。',
  'It was taken out of every network: nothing leads to it.': '它已被移出所有网络：没有任何途径通向它。',
  'The engine lists it in no network.': '引擎列出它不属于任何网络。',
  'It is in {networks} alone, and an internal network leads nowhere but to its members.':
    '它只在 {networks} 中，而内部网络只通向其成员。',
  'It is in {networks} alone, with an address of its own in the network around the machine, where -p does nothing.':
    '它只在 {networks} 中，在宿主机外的网络里有自己的地址，-p 在那里不起作用。',
  'Reach it at {address}.': '通过 {address} 访问它。',
  'The engine does not tell why.': '引擎没有说明原因。',
  '{name}, which is not running, publishes it when it runs. Cure: docker start {name}.':
    '{name} 未运行；运行时会发布该端口。解决办法：docker start {name}。',
  '{name} is set to publish it ({place}), but does not. {why}': '{name} 本应发布它（{place}），但没有。{why}',
  '{told} Cure: {cure}': '{told}解决办法：{cure}',
  'Cure: {cure}': '解决办法：{cure}',
  'An IPv6 address is written in brackets: [{address}]:{port}.': 'IPv6 地址要写在方括号中：[{address}]:{port}。',
  'Only TCP and UDP are followed, and not {protocol}.': '只追踪 TCP 和 UDP，不追踪 {protocol}。',
  'A range is several ports: ask for one of them.': '范围包含多个端口：请只询问其中一个。',
  'A place is written without scheme and path: {place}.': '位置不带协议前缀，也不带路径：{place}。',
} as const;
