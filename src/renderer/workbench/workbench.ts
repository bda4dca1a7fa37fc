import { createContext } from 'react';
import type { Client, TerminalTarget } from '#api/contract.ts';
import type { Container, Process, Snapshot } from '#core/snapshot/snapshot.ts';

/** The calls that tools make; they fail with a sentence while the page is not connected. */
export type Backend = Pick<Client, 'request' | 'subscribe'>;

/** A terminal that the user opened. */
export interface Tab {
  readonly key: number;
  readonly title: string;
  readonly endpoint: string;
  readonly target: TerminalTarget;
  /** Root outside of containers: drawn in red. */
  readonly root: boolean;
}

/** What can be done to what the picture shows; only while it shows a live endpoint. */
export interface Workbench {
  readonly endpoint: string;
  readonly backend: Backend;
  readonly snapshot: Snapshot;
  open(tab: Omit<Tab, 'key' | 'endpoint'>): void;
  /** Asks which namespaces to join, then opens a terminal. */
  enter(process: Process, title: string): void;
  /** Asks for full privilege and for the tree, then opens a terminal in the VM. */
  enterVm(): void;
  /** Runs one command outside and inside, side by side. */
  prove(container: Container, process: Process): void;
}

export const WorkbenchContext = createContext<Workbench | null>(null);

/** A question that a dialog asks before a terminal opens. */
export type Asked =
  | { readonly type: 'enter'; readonly process: Process; readonly title: string }
  | { readonly type: 'vm' }
  | { readonly type: 'prove'; readonly container: Container; readonly process: Process };

/** The terminals that are open, and what is being asked before the next one. */
export interface Terminals {
  readonly tabs: readonly Tab[];
  readonly active: number;
  readonly asked: Asked | null;
  activate(key: number): void;
  close(key: number): void;
  /** The dialog is done, with or without a terminal. */
  answered(): void;
}

export const TerminalsContext = createContext<Terminals | null>(null);
