import { answers } from './answers.ts';
import { commandLine } from './command-line.ts';
import { commands } from './commands.ts';
import { common } from './common.ts';
import { details } from './details.ts';
import { dialogs } from './dialogs.ts';
import { exportWords } from './exports.ts';
import { facts } from './facts.ts';
import { files } from './files.ts';
import { find } from './find.ts';
import { inspector } from './inspector.ts';
import { links } from './links.ts';
import { nat } from './nat.ts';
import { native } from './native.ts';
import { page } from './page.ts';
import { panels } from './panels.ts';
import { pictures } from './pictures.ts';
import { reach } from './reach.ts';
import { recording } from './recording.ts';
import { sharing } from './sharing.ts';
import { views } from './views.ts';
import { whatIs } from './what-is.ts';

/** Simplified Chinese for each English message, by what it is about. Words of the kernel and of Docker stay as they are. */
export const zhCn = {
  ...common,
  ...answers,
  ...recording,
  ...reach,
  ...find,
  ...facts,
  ...details,
  ...nat,
  ...whatIs,
  ...sharing,
  ...pictures,
  ...exportWords,
  ...panels,
  ...links,
  ...views,
  ...page,
  ...commands,
  ...dialogs,
  ...native,
  ...inspector,
  ...files,
  ...commandLine,
} as const;
