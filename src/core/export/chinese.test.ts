import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_VIEW } from '../layout/graph.ts';
import { fitText, textWidth } from '../layout/marks.ts';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { setLanguage } from '../words/language.ts';
import { type ExportView, exportFormat } from './formats.ts';

const snapshot = snapshotOf({
  containers: [
    { name: 'web1' },
    { name: 'web2', namespaces: { net: 'web1' } },
    { name: 'exporter', namespaces: { net: 'host' } },
    { name: 'off', running: false },
  ],
});

function render(id: 'svg' | 'csv' | 'markdown', view: ExportView): string {
  const picture = { snapshot, view, theme: 'light', options: DEFAULT_VIEW, scene: null, nets: [] } as const;
  const content = exportFormat(id).render(picture);
  return content.type === 'text' ? content.text : '';
}

const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');

beforeEach(() => setLanguage('zh-CN'));
afterEach(() => setLanguage('en'));

it('draws cards, lines, legend and tables with Chinese words', () => {
  expect(textsOf(render('svg', 'sharing'))).toEqual(
    expect.arrayContaining(['1 个进程', '从加入者指向持有者', '主动使用宿主机的', '已退出']),
  );
  const table = textsOf(render('svg', 'table'));
  expect(table).toEqual(expect.arrayContaining(['名称', '状态', 'net', 'A (2)', '独有', '宿主机', '运行中']));
  expect(table).not.toContain('own');
});

it('writes the report in Chinese', () => {
  expect(render('markdown', 'sharing')).toMatch(/## 谁共享什么，以及原因\n\n\| 类型 \| 命名空间 \| 成员 \|/);
});

it('leaves a table for programs as it is', () => {
  const chinese = render('csv', 'table');
  setLanguage('en');
  expect(chinese).toBe(render('csv', 'table'));
});

it('gives a Chinese character the room that it has: an em', () => {
  expect(textWidth('容器，', 10)).toBe(30);
  expect(fitText('容器和进程', 10, 49)).toBe('容器和…');
});
