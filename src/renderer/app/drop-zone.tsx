import { type ReactNode, useState } from 'react';
import { t } from '#core/words/words.ts';
import { usePage } from '../page/page.ts';
import { openFile } from './open-file.ts';

/** The page, on which a file can be dropped. */
export function DropZone({ children }: { readonly children: ReactNode }) {
  const { store } = usePage();
  const [dragging, setDragging] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a second way; the button has the first
    <div
      className="app"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) setDragging(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        const file = event.dataTransfer.files[0];
        if (file !== undefined) void openFile(file, store, 'open', true);
      }}
    >
      {children}
      {dragging && <div className="drop">{t('Drop a snapshot or a recording to open it')}</div>}
    </div>
  );
}
