/** Recordings, and what happens to containers. */
export const recording = {
  '{name} joined the {kind} namespace of the machine': '{name} 加入了宿主机的 {kind} 命名空间',
  '{name} joined the {kind} namespace of {names}': '{name} 加入了 {names} 的 {kind} 命名空间',
  '{name} joined the {kind} namespace of {names} and {n, number} more':
    '{name} 加入了 {names} 及另外 {n, number} 个容器的 {kind} 命名空间',
  '{name} left the {kind} namespace of the machine': '{name} 离开了宿主机的 {kind} 命名空间',
  '{name} left the {kind} namespace of {names}': '{name} 离开了 {names} 的 {kind} 命名空间',
  '{name} was connected to the network {network}': '{name} 连接到网络 {network}',
  '{name} was connected to the network {network}, as {ip}': '{name} 连接到网络 {network}，地址为 {ip}',
  '{name} was disconnected from the network {network}': '{name} 与网络 {network} 断开',
  'process {process} in {name} made namespaces of its own: {kinds}':
    '{name} 中的进程 {process} 创建了自己的命名空间：{kinds}',
  'process {process}, outside of all containers, made namespaces of its own: {kinds}':
    '容器之外的进程 {process} 创建了自己的命名空间：{kinds}',
  '{name} left the {kind} namespace of {names} and {n, number} more':
    '{name} 离开了 {names} 及另外 {n, number} 个容器的 {kind} 命名空间',

  // Files
} as const;
