/** What files of pictures, the report and recordings say. */
export const exportWords = {
  // formats
  'SVG picture': 'SVG 图',
  'PNG picture': 'PNG 图',
  PDF: 'PDF',
  'draw.io': 'draw.io',
  'Graphviz (DOT)': 'Graphviz（DOT）',
  Mermaid: 'Mermaid',
  'Table (CSV)': '表格（CSV）',
  'Snapshot (JSON)': '快照（JSON）',
  'Report (Markdown)': '报告（Markdown）',
  GraphML: 'GraphML',
  'Cytoscape (JSON)': 'Cytoscape（JSON）',
  'Containers (CSV)': '容器（CSV）',
  'Processes (CSV)': '进程（CSV）',
  'Namespaces (CSV)': '命名空间（CSV）',
  'Ports (CSV)': '端口（CSV）',
  'Mounts (CSV)': '挂载（CSV）',
  'Recording: {machine}': '录制：{machine}',
  'Compared with {time}': '与 {time} 比较',
  'Levels of {machine}': '{machine} 的层级',
  'Wiring of {machine}': '{machine} 的布线',
  'Containers of {machine}': '{machine} 的容器',
  'Processes of {machine}': '{machine} 的进程',
  'Resources of {machine}': '{machine} 的资源',
  'Memory as the kernel counts it against the limit, file cache with it; ? is unknown':
    '内存按内核计入限额的方式统计，包含文件缓存；? 表示未知',

  // levels-drawing
  'and {count, plural, one {# more container} other {# more containers}}': '以及另外 {count, number} 个容器',
  '{count, plural, one {# process} other {# processes}} in no deeper one': '{count, number} 个进程不在更深的层级中',
  '{count, number} more': '还有 {count, number} 个',
  'the pids of a process go from the outermost level to its own': '进程的编号从最外层排到它自己那一层',
  '{line}. User and pid namespaces as they are nested.': '{line}。用户命名空间和 pid 命名空间的嵌套关系。',

  // mermaid
  'Filter the picture to fewer containers, or export SVG or DOT instead.':
    '请筛选以减少图中的容器，或改为导出 SVG 或 DOT。',
  'Mermaid draws {most} lines at most, this picture has {count, number}.':
    'Mermaid 最多画 {most} 条线，此图有 {count, number} 条。',
  '{kinds} broken': '{kinds} 失效',
  'Mermaid reads {most} characters at most, this picture needs {count, number}.':
    'Mermaid 最多读取 {most} 个字符，此图需要 {count, number} 个。',

  // report
  'The picture is left out: {why}': '图已省略：{why}',
  '{machine}: {containers, plural, one {# container} other {# containers}}, {running} of them running, {processes, plural, one {# process} other {# processes}}, {namespaces, plural, one {# namespace} other {# namespaces}}.':
    '{machine}：{containers, number} 个容器，其中 {running} 个正在运行，{processes, number} 个进程，{namespaces, number} 个命名空间。',
  'Who shares what, and why': '谁共享什么，以及原因',
  'Declared, and not in force': '已声明但未生效',
  '{member} ({cause})': '{member}（{cause}）',
  'What it means': '含义',
  'Found ⟨findings⟩': '发现项',
  Severity: '严重程度',
  What: '内容',
  Evidence: '依据',
  Cure: '解决办法',
  Port: '端口',
  'On the host': '宿主机上',

  // scene-drawing
  '{count, plural, one {# container} other {# containers}}': '{count, number} 个容器',
  '{count, number} of {all, plural, one {# container} other {# containers}}': '{count, number} / {all, number} 个容器',
  '{count, plural, one {# group of processes} other {# groups of processes}}': '{count, number} 个进程组',
  '{line}. Containers as cards inside the machine; lines and hubs join containers that share Linux namespaces.':
    '{line}。卡片是宿主机内的容器；线和汇聚点连接共享 Linux 命名空间的容器。',

  // table-drawing
  'and {count, plural, one {# more row} other {# more rows}}: CSV has all of them':
    '还有 {count, number} 行：CSV 中包含全部',
  '{count, plural, one {# row} other {# rows}}': '{count, number} 行',
  'own ⟨namespace⟩': '独有',
  'page {page} of {pages}': '第 {page} 页，共 {pages} 页',
  '{line}. {note}.': '{line}。{note}。',

  // wiring-drawing
  'Network namespaces and their links': '网络命名空间及其接口',

  // recording
} as const;
