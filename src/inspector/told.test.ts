import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inEnglish, setLanguage } from '#core/words/language.ts';
import { createInspector } from './inspector.ts';
import { errorText, ToldError } from './told.ts';

let folder: string;
const before = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulkhead-told-'));
  Object.assign(process.env, {
    XDG_STATE_HOME: folder,
    XDG_CONFIG_HOME: folder,
    DOCKER_HOST: `unix://${folder}/none.sock`,
    LC_ALL: 'zh_CN.UTF-8',
  });
});
afterEach(() => {
  setLanguage('en');
  process.env = { ...before };
  rmSync(folder, { recursive: true, force: true });
});

it('says a failure in the language of whoever reads it', () => {
  setLanguage('zh-CN');
  const error = new ToldError(() => (inEnglish(() => 'x') === 'x' ? 'said' : ''));
  expect([error.message, errorText(error), errorText(new Error('theirs')), errorText('text')]).toEqual([
    'said',
    'said',
    'theirs',
    'text',
  ]);
});

it.skipIf(process.platform !== 'linux')(
  'tells people in Chinese what the log and the diagnostics keep in English',
  async () => {
    const inspector = createInspector({ host: 'web', version: '1.2.3', nativeMenu: false });
    try {
      const { settings } = await inspector.request['settings.get']({});
      expect(settings.language).toBe('system');
      await expect(
        inspector.request['container.act']({ endpoint: 'demo', id: 'web1', action: 'stop' }),
      ).rejects.toMatchObject({ code: 'endpoint', message: '这是录制，无法对其操作。请选择一个引擎。' });
      const lost = `unix://${folder}/none.sock`;
      await expect(inspector.request['snapshot.take']({ endpoint: lost })).rejects.toMatchObject({
        message: expect.stringMatching(/^引擎没有运行：.*不存在。请启动它。$/) as string,
      });
      await expect(inspector.request['snapshot.take']({ endpoint: 'nowhere' })).rejects.toMatchObject({
        message: expect.stringContaining('没有端点 "nowhere"') as string,
      });
      const { text } = await inspector.request['app.diagnostics']({ endpoint: lost });
      expect(text).not.toMatch(/\p{Script=Han}/u);
    } finally {
      await inspector.close();
    }
    const log = readFileSync(join(folder, 'bulkhead', 'bulkhead.log'), 'utf8');
    expect(log).toContain('failed.container.act This is a recording: nothing can be done to it. Choose an engine.');
    expect(log).toMatch(/session\.connecting unix:\S+: The engine is not running: \S+ does not exist\. Start it\.\n/);
    expect(log).not.toMatch(/\p{Script=Han}/u);
  },
);
