/** Electron's menus and dialogs, and what the page and its backend say of each other. */
export const native = {
  // Menus
  '&File': '文件(&F)',
  '&Edit': '编辑(&E)',
  '&View': '视图(&V)',
  Window: '窗口',
  Help: '帮助',
  'New Window': '新建窗口',
  'Services ⟨macOS⟩': '服务',
  'Hide Bulkhead': '隐藏 Bulkhead',
  'Hide Others': '隐藏其他',
  'Show All': '全部显示',
  'Quit Bulkhead': '退出 Bulkhead',
  Quit: '退出',
  Exit: '退出',
  'Close Window': '关闭窗口',
  Redo: '重做',
  Cut: '剪切',
  Copy: '复制',
  Paste: '粘贴',
  'Select All': '全选',
  'Toggle Full Screen': '切换全屏',
  Minimize: '最小化',
  'Zoom ⟨window⟩': '缩放',
  'Bring All to Front': '前置全部窗口',
  'Look for an Update…': '检查更新…',

  // Dialogs
  '{name} cannot be opened': '无法打开 {name}',
  'Bulkhead could not start': 'Bulkhead 无法启动',
  'Build it again with: npm run build': '请重新构建：npm run build',
  'Bulkhead {version} is the newest release.': 'Bulkhead {version} 已是最新版本。',
  'Bulkhead {version} is there.': '有新版本 Bulkhead {version}。',
  'This is {version}.': '当前版本为 {version}。',
  Download: '下载',
  'Bulkhead {version} is downloaded.': 'Bulkhead {version} 已下载。',
  'It is installed when Bulkhead restarts.': '重新启动 Bulkhead 时安装。',
  'Restart now': '立即重启',
  'The update failed.': '更新失败。',
  'This version goes on as it is.': '当前版本照常运行。',

  // Calls between the page and its backend
  'The connection to the inspector has ended. Reload the page, or start Bulkhead again.':
    '与后端的连接已断开。请重新加载页面，或重新启动 Bulkhead。',
  'The page and the inspector are of different versions of Bulkhead. Reload the page; if that does not help, start Bulkhead again.':
    '页面与后端属于不同版本的 Bulkhead。请重新加载页面；如果无效，请重新启动 Bulkhead。',
  'Bulkhead failed: {why}': 'Bulkhead 出错：{why}',
  'Bulkhead failed and could not say why.': 'Bulkhead 出错，且无法说明原因。',
  'It is too large to be passed between Bulkhead and its page. The command line has no such limit.':
    '内容过大，无法在 Bulkhead 与其页面之间传递。命令行没有此限制。',
  "The inspector's answer to {name} is not understood ({why}). Reload the page; if it stays, report it.":
    '无法理解后端对 {name} 的回答（{why}）。请重新加载页面；如果仍然出现，请报告。',
  'The request {name} is not understood: {why}.': '无法理解请求 {name}：{why}。',
  'The subscription {name} is not understood: {why}.': '无法理解订阅 {name}：{why}。',
  'Too many calls are open at once. Wait for some to finish, or reload the page.':
    '同时打开的调用过多。请等待部分完成，或重新加载页面。',
  'The inspector does not know this call. Reload the page.': '后端不认识此调用。请重新加载页面。',
  'A name has letters, digits, “.”, “_” and “-”.': '名称由字母、数字、“.”、“_”和“-”组成。',
  'is not a container id (64 hexadecimal digits)': '不是容器 id（64 位十六进制数字）',
  'Open Recent': '最近打开',
  'Clear the List': '清空列表',
  'Snapshots and recordings': '快照和录制',
  'All files': '所有文件',
  'It is not a file.': '它不是文件。',
} as const;
