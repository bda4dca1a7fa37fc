/** The page around the views: bar, dialogs, terminal, reach, time, compare. */
export const page = {
  Language: '语言',
  'As the system': '跟随系统',
} as const;
