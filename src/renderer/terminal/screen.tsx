import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import { useEffect, useRef } from 'react';
import { TERMINAL_INPUT } from '#api/contract.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import type { Backend, Tab } from '../workbench/workbench.ts';
import { createInput } from './input.ts';
import { withoutStyleElements } from './style-sheets.ts';

import '@xterm/xterm/css/xterm.css';
import { currentTheme, onTheme } from '../ui/theme.ts';

const SCROLLBACK = 5_000;

/** The state of a terminal; `message` is why it ended, if the exit code does not say it. */
export interface TabState {
  readonly phase: 'opening' | 'open' | 'ended';
  /** The command that does the same. */
  readonly command: string;
  readonly code: number | null;
  readonly message: string;
}

interface Props {
  readonly tab: Tab;
  readonly backend: Backend;
  /** True for the terminal that is visible and has the focus. */
  readonly active: boolean;
  readonly onState: (key: number, state: Partial<TabState>) => void;
  /** Called to move the focus out of the terminal. */
  readonly onLeave: () => void;
}

function themeNow(): ITheme {
  const { name, page, text } = currentTheme();
  const dark = name === 'dark';
  return {
    background: page,
    foreground: text,
    cursor: text,
    cursorAccent: page,
    selectionBackground: dark ? '#3b5066' : '#b9d4f0',
    // The usual sixteen are made for black: on white the light ones cannot be read.
    ...(dark
      ? {}
      : {
          yellow: '#7a5c00',
          green: '#177b4a',
          cyan: '#0f6f8a',
          white: '#55606d',
          brightBlack: '#55606d',
          brightYellow: '#7a5c00',
          brightGreen: '#177b4a',
          brightCyan: '#0f6f8a',
          brightWhite: '#16202b',
        }),
  };
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** One terminal. It lives as long as its tab is in the dock, visible or not; closing it ends the program. */
export function Screen({ tab, backend, active, onState, onLeave }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const parts = useRef<{ terminal: Terminal; fit: FitAddon } | null>(null);
  const leave = useRef(onLeave);
  leave.current = onLeave;

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const terminal = new Terminal({
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      fontSize: 13,
      scrollback: SCROLLBACK,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      theme: themeNow(),
      minimumContrastRatio: 4.5,
    });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    withoutStyleElements(() => terminal.open(element));
    fit.fit();
    parts.current = { terminal, fit };
    let name: string | null = null;
    let ended = false;
    const fail = (thrown: unknown): void => {
      if (ended) return;
      onState(tab.key, { message: thrown instanceof Error ? thrown.message : String(thrown) });
    };
    const input = createInput(
      (terminal, bytes) => backend.request('terminal.input', { terminal, data: base64(bytes) }),
      TERMINAL_INPUT,
      fail,
    );
    const end = (code: number | null, message: string): void => {
      if (ended) return;
      ended = true;
      terminal.options.cursorBlink = false;
      terminal.options.disableStdin = true;
      input.end();
      terminal.write(
        `\r\n\u001b[2m[${code === null ? t('ended') : t('ended with code {code}', { code })}]\u001b[0m\r\n`,
      );
      onState(tab.key, { phase: 'ended', code, message });
    };
    const stop = backend.subscribe(
      'terminal',
      { endpoint: tab.endpoint, target: tab.target, columns: terminal.cols, rows: terminal.rows },
      (event) => {
        if (event.type === 'notice') {
          terminal.write(`\u001b[33m${visibleText(event.message)}\u001b[0m\r\n`);
        } else if (event.type === 'opened') {
          name = event.terminal;
          input.open(name);
          onState(tab.key, { phase: 'open', command: event.command });
          const size = { terminal: name, columns: terminal.cols, rows: terminal.rows };
          backend.request('terminal.resize', size).catch(fail);
        } else if (event.type === 'output') {
          const bytes = Uint8Array.from(atob(event.data), (character) => character.charCodeAt(0));
          // Output is acknowledged only when it has been drawn, so that a flood of output waits in the program and not
          // in this page.
          terminal.write(bytes, () => {
            if (name !== null && !ended) {
              backend.request('terminal.acknowledge', { terminal: name, bytes: bytes.length }).catch(fail);
            }
          });
        } else end(event.code, event.message);
      },
      (error) => end(null, error.message),
    );
    const encoder = new TextEncoder();
    terminal.onData((text) => input.type(encoder.encode(text)));
    terminal.onBinary((text) => input.type(Uint8Array.from(text, (character) => character.charCodeAt(0))));
    terminal.onResize(({ cols, rows }) => {
      if (name !== null && !ended) {
        backend.request('terminal.resize', { terminal: name, columns: cols, rows }).catch(fail);
      }
    });
    terminal.attachCustomKeyEventHandler((event) => {
      if (event.type !== 'keydown') return true;
      if (event.key === 'F6') {
        // The page uses this key as well; inside a terminal it only moves the focus to the tab.
        event.preventDefault();
        leave.current();
        return false;
      }
      // Ctrl+C is the program's; with a selection and Shift it copies, as in other terminals.
      if (event.ctrlKey && event.shiftKey && event.code === 'KeyC' && terminal.hasSelection()) {
        event.preventDefault();
        void navigator.clipboard?.writeText(terminal.getSelection());
        return false;
      }
      return true;
    });
    const endTheme = onTheme(() => {
      terminal.options.theme = themeNow();
    });
    const observer = new ResizeObserver(() => {
      if (element.clientHeight > 0) fit.fit();
    });
    observer.observe(element);
    return () => {
      ended = true;
      input.end();
      observer.disconnect();
      endTheme();
      stop();
      terminal.dispose();
      parts.current = null;
    };
  }, [tab, backend, onState]);

  useEffect(() => {
    if (active) parts.current?.terminal.focus();
  }, [active]);

  return <div className="screen" ref={box} hidden={!active} />;
}
