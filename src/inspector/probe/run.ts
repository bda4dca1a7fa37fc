import { createFrameReader, type FrameOrProblem } from '#core/parse/frames.ts';

/** A probe that runs. Whoever started it stops it. */
export interface RunningProbe {
  readonly via: 'helper' | 'direct';
  /** Asks for a scan at once instead of at the next interval. */
  rescan(): void;
  /** Ends it; safe to call twice. */
  stop(): Promise<void>;
}

export interface ProbeListener {
  onFrames(frames: readonly FrameOrProblem[]): void;
  /** Once, when it ends by itself; the reason is a clause for people. */
  onEnd(reason: string): void;
}

/** Bytes in, frames out: UTF-8 that is split between chunks is kept together. */
export function createDecoder(listener: ProbeListener): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder();
  const reader = createFrameReader();
  return (chunk) => {
    const frames = reader.push(decoder.decode(chunk, { stream: true }));
    if (frames.length > 0) listener.onFrames(frames);
  };
}
