/** What is said in many places. */
export const common = {
  Close: '关闭',
  Remove: '移除',
  Name: '名称',
  '{what}: {told}': '{what}：{told}',
  none: '无',
  'the machine': '宿主机',
} as const;
