import { useContext, useEffect, useMemo, useState } from 'react';
import { renderWiringSvg } from '#core/export/wiring-svg.ts';
import { visibleText } from '#core/text/visible.ts';
import { layOutWiring, type NetFacts } from '#core/wiring/wiring.ts';
import { wiringMarks } from '#core/wiring/wiring-marks.ts';
import { download } from '../app/download.ts';
import { MarksSvg } from '../graph/marks-svg.tsx';
import { useTheme } from '../graph/theme.ts';
import type { Selection } from '../state/state.ts';
import { WorkbenchContext } from '../terminal/workbench.ts';
import { count } from '../ui/words.ts';
import './wiring.css';

const EVERY_MS = 4_000;

interface Props {
  readonly onSelect: (selection: Selection) => void;
  /** Draws an SVG of ours. */
  readonly png: (svg: string) => Promise<{ readonly bytes: Uint8Array<ArrayBuffer> }>;
}

/** All network namespaces that have processes, asked anew while they are looked at. */
function useNets(): { readonly nets: readonly NetFacts[] | null; readonly failed: string | null } {
  const bench = useContext(WorkbenchContext);
  const [nets, setNets] = useState<readonly NetFacts[] | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const endpoint = bench?.endpoint ?? null;
  const backend = bench?.backend;
  const ids = (bench?.snapshot.namespaces ?? [])
    .filter(({ kind, pids }) => kind === 'net' && pids.length > 0)
    .map(({ id }) => id)
    .join(' ');

  useEffect(() => {
    if (endpoint === null || backend === undefined || ids === '') return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      const answers = await Promise.allSettled(
        ids.split(' ').map(async (id): Promise<NetFacts> => {
          const detail = await backend.request('detail', { endpoint, subject: { type: 'namespace', id } });
          return { id, links: detail.kind === 'net' ? detail.links : [] };
        }),
      );
      if (stopped) return;
      const known = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      const reason = answers.find((answer) => answer.status === 'rejected')?.reason;
      setFailed(known.length > 0 || reason === undefined ? null : String(reason?.message ?? reason));
      if (known.length > 0) setNets(known);
      timer = setTimeout(() => void look(), EVERY_MS);
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [endpoint, backend, ids]);
  return { nets, failed };
}

/** Network namespaces as boxes, links as ports, veth pairs and published ports as lines. */
export function WiringView({ onSelect, png }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const [drawing, setDrawing] = useState(false);
  const bench = useContext(WorkbenchContext);
  const theme = useTheme();
  const { nets, failed } = useNets();
  const snapshot = bench?.snapshot ?? null;
  const wiring = useMemo(
    () => (snapshot === null || nets === null ? null : layOutWiring(snapshot, nets)),
    [snapshot, nets],
  );
  const marks = useMemo(() => (wiring === null ? [] : wiringMarks(wiring, theme)), [wiring, theme]);
  if (bench === null) {
    return (
      <div className="empty">
        <h2>No wiring</h2>
        <p>Links and ports are read live: choose an engine, or wait until it answers.</p>
      </div>
    );
  }
  if (wiring === null) {
    return (
      <div className="empty" role={failed === null ? 'status' : 'alert'}>
        <h2>{failed === null ? 'Looking at the links…' : 'The links cannot be read'}</h2>
        {failed !== null && <p>{visibleText(failed)}</p>}
      </div>
    );
  }
  const { host, takenAt } = bench.snapshot;
  const file = (): string =>
    renderWiringSvg(wiring, { theme: theme.name, title: `Wiring of ${host.hostname}`, takenAt });
  const exportPng = async (): Promise<void> => {
    setDrawing(true);
    setProblem(null);
    try {
      const { bytes } = await png(file());
      download('bulkhead-wiring.png', 'image/png', bytes);
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    }
    setDrawing(false);
  };
  return (
    <section className="wiring" aria-label="Wiring">
      <div className="wiring-bar">
        <span className="muted">
          {count(wiring.boxes.length, 'network namespace')}, {count(wiring.lines.length, 'line')}
          {wiring.leftOut > 0 && `; ${wiring.leftOut} without links not drawn`}
        </span>
        <span className="grow" />
        {problem !== null && <span role="alert">{problem}</span>}
        <button type="button" onClick={() => download('bulkhead-wiring.svg', 'image/svg+xml', file())}>
          Export wiring as SVG
        </button>
        <button type="button" disabled={drawing} onClick={() => void exportPng()}>
          {drawing ? 'Drawing…' : 'Export wiring as PNG'}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="wiring-scroll" tabIndex={0} aria-label="Picture of the wiring">
        <div className="wiring-picture">
          <MarksSvg width={wiring.width} height={wiring.height} marks={marks} />
          {wiring.boxes.map((box) => (
            <button
              key={box.key}
              type="button"
              className="wiring-box"
              aria-label={`${visibleText(box.title)}, ${count(box.ports.length, 'link')}: ${box.ports.map(({ name, detail }) => visibleText(`${name} ${detail}`)).join('; ')}`}
              style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
              onClick={() => onSelect({ type: 'namespace', id: box.key })}
            />
          ))}
        </div>
      </section>
    </section>
  );
}
