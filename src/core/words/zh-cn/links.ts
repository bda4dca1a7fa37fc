/** Links of the system that lead into the app. */
export const links = {
  'A link asks Bulkhead to show the container {container}.': '有链接请求 Bulkhead 显示容器 {container}。',
  'It comes from another program or from a web page. Nothing is changed by showing it.':
    '它来自其他程序或网页。显示它不会改变任何东西。',
  'Show it': '显示',
  'There is no container {name} in what is shown here.': '当前显示的内容中没有容器 {name}。',
} as const;
