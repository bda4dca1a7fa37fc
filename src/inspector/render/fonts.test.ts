import { expect, test } from 'vitest';
import { describeWith } from '../../../test/support/require.ts';
import { fontsFor } from './fonts.ts';

/** Where Debian keeps one font for Chinese and Japanese, one for Korean, one for emoji. */
const DEBIAN = ['droid/DroidSansFallbackFull', 'nanum/NanumGothic', 'ancient-scripts/Symbola_hint'];
const files = DEBIAN.map((name) => `/usr/share/fonts/truetype/${name}.ttf`);

describeWith('fonts of this machine', { linux: true, files }, () => {
  test('a name in any script that people use has a font: shipped, or found on this machine', async () => {
    const names = ['веб-сервер', 'ιστός', '前端服务', '網頁', 'データベース', '데이터베이스', 'خادم', '🐳🚀', 'đặng'];
    const { missing, more } = await fontsFor(names);
    expect(missing).toBe('');
    expect(more.length).toBeGreaterThan(1);
  });

  test('what a text has of a script comes from one font, though another has a part of it', async () => {
    const { byCharacter } = await fontsFor(['가각데이터베이스', '前端']);
    expect(new Set([...'가각데이터베이스'].map((character) => byCharacter.get(character))).size).toBe(1);
  });

  test('what one font lacks of a script does not keep the others from drawing the rest', async () => {
    // The first is of a part of Han that hardly any font has.
    const { byCharacter, missing } = await fontsFor(['\u{323af}前端']);
    expect(missing).toBe('\u{323af}');
    expect(byCharacter.get('前')).toBeTypeOf('number');
  });
});
