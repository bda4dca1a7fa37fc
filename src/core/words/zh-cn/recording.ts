/** Recordings, and what happens to containers. */
export const recording = {
  '{name} joined the {kind} namespace of the machine': '{name} 加入了宿主机的 {kind} 命名空间',
  '{name} joined the {kind} namespace of {names}': '{name} 加入了 {names} 的 {kind} 命名空间',
  '{name} joined the {kind} namespace of {names} and {n} more':
    '{name} 加入了 {names} 及另外 {n} 个容器的 {kind} 命名空间',
  '{name} left the {kind} namespace of the machine': '{name} 离开了宿主机的 {kind} 命名空间',
  '{name} left the {kind} namespace of {names}': '{name} 离开了 {names} 的 {kind} 命名空间',
  '{name} left the {kind} namespace of {names} and {n} more':
    '{name} 离开了 {names} 及另外 {n} 个容器的 {kind} 命名空间',

  // Files
} as const;
