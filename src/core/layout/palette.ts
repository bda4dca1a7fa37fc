import type { NamespaceKind } from '../snapshot/namespace.ts';

export type ThemeName = 'light' | 'dark';
export type HubShape =
  | 'square'
  | 'diamond'
  | 'circle'
  | 'hexagon'
  | 'triangle-up'
  | 'pentagon'
  | 'octagon'
  | 'triangle-down';

/** How one kind looks. Colour is never the only sign: dash, hub shape, short label and strip position repeat it. */
export interface KindStyle {
  /** Line and fill colour, at least 3:1 against page and panel. */
  readonly light: string;
  readonly dark: string;
  /** Text upon a fill of that colour. */
  readonly onLight: string;
  readonly onDark: string;
  /** SVG stroke-dasharray, '' for solid. */
  readonly dash: string;
  /** Drawn as two thin lines. */
  readonly double: boolean;
  readonly shape: HubShape;
  /** Three letters for a strip slot. */
  readonly short: string;
}

const WHITE = '#FFFFFF';
const INK = '#0F1419';

/** The eight kinds. The colours were optimised together; the test recomputes contrast and colour distances. */
export const KIND_STYLES: Readonly<Record<NamespaceKind, KindStyle>> = {
  mnt: {
    light: '#4D5BD5',
    dark: '#7B93F5',
    onLight: WHITE,
    onDark: INK,
    dash: '10 4',
    double: false,
    shape: 'square',
    short: 'mnt',
  },
  pid: {
    light: '#553277',
    dark: '#8D63A8',
    onLight: WHITE,
    onDark: WHITE,
    dash: '5 3',
    double: false,
    shape: 'diamond',
    short: 'pid',
  },
  net: {
    light: '#177B4A',
    dark: '#4C8B69',
    onLight: WHITE,
    onDark: INK,
    dash: '',
    double: false,
    shape: 'circle',
    short: 'net',
  },
  ipc: {
    light: '#958C21',
    dark: '#CAC346',
    onLight: INK,
    onDark: INK,
    dash: '1.5 3',
    double: false,
    shape: 'hexagon',
    short: 'ipc',
  },
  uts: {
    light: '#762605',
    dark: '#B45E27',
    onLight: WHITE,
    onDark: WHITE,
    dash: '8 3 1.5 3',
    double: false,
    shape: 'triangle-up',
    short: 'uts',
  },
  user: {
    light: '#40434A',
    dark: '#6B6F76',
    onLight: WHITE,
    onDark: WHITE,
    dash: '12 3 4 3',
    double: false,
    shape: 'pentagon',
    short: 'usr',
  },
  cgroup: {
    light: '#EB527D',
    dark: '#F1839E',
    onLight: INK,
    onDark: INK,
    dash: '',
    double: true,
    shape: 'octagon',
    short: 'cgr',
  },
  time: {
    light: '#2196B5',
    dark: '#66CDE4',
    onLight: INK,
    onDark: INK,
    dash: '8 3 1.5 3 1.5 3',
    double: false,
    shape: 'triangle-down',
    short: 'tim',
  },
};

/** Surfaces and text colours of one theme. */
export interface Theme {
  readonly name: ThemeName;
  readonly page: string;
  readonly panel: string;
  readonly node: string;
  readonly border: string;
  readonly groupBorder: string;
  readonly text: string;
  readonly muted: string;
  readonly running: string;
  readonly danger: string;
  readonly warning: string;
  /** The edge of the machine, and text upon it. */
  readonly hull: string;
  readonly onHull: string;
}

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: {
    name: 'light',
    page: '#FFFFFF',
    panel: '#F4F6F8',
    node: '#FFFFFF',
    border: '#8A94A0',
    groupBorder: '#C9D1D9',
    text: '#16202B',
    muted: '#55606D',
    running: '#17803D',
    danger: '#C02626',
    warning: '#9A5B00',
    hull: '#16202B',
    onHull: '#FFFFFF',
  },
  dark: {
    name: 'dark',
    page: '#0F1419',
    panel: '#1B222A',
    node: '#232C36',
    border: '#64707E',
    groupBorder: '#37424E',
    text: '#EEF2F6',
    muted: '#A3AEBB',
    running: '#4CC38A',
    danger: '#FF7B7B',
    warning: '#E8B04B',
    hull: '#526375',
    onHull: '#FFFFFF',
  },
};

/** The colour of a kind in a theme. */
export function kindColour(kind: NamespaceKind, theme: ThemeName): string {
  return KIND_STYLES[kind][theme];
}

/** The text colour upon a fill of the kind's colour. */
export function onKindColour(kind: NamespaceKind, theme: ThemeName): string {
  return theme === 'light' ? KIND_STYLES[kind].onLight : KIND_STYLES[kind].onDark;
}
