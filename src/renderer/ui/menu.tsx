import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface PopoverProps {
  readonly label: ReactNode;
  /** The name of the button and of what it opens. */
  readonly name: string;
  readonly menu?: boolean;
  readonly disabled?: boolean;
  readonly className?: string;
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a box below it; a click elsewhere, Escape, or leaving with Tab closes it. */
export function Popover({ label, name, menu = false, disabled = false, className = '', children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>('[role^=menuitem], input, select')?.focus();
    const away = (event: Event): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [open]);

  function close(): void {
    setOpen(false);
    button.current?.focus();
  }

  function key(event: KeyboardEvent): void {
    if (event.key === 'Escape' && open) {
      event.stopPropagation();
      event.preventDefault();
      close();
      return;
    }
    if (event.key === 'ArrowDown' && !open && event.target === button.current) {
      event.preventDefault();
      setOpen(true);
      return;
    }
    if (!menu || !open) return;
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[role^=menuitem]:not(:disabled)') ?? [])];
    const at = items.findIndex((item) => item.matches(':focus'));
    const to =
      event.key === 'ArrowDown'
        ? (at + 1) % items.length
        : event.key === 'ArrowUp'
          ? (at - 1 + items.length) % items.length
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? items.length - 1
              : null;
    if (to === null) return;
    event.preventDefault();
    items[to]?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the keys of the button and items within
    <span className={`popover ${className}`} ref={root} onKeyDown={key}>
      <button
        ref={button}
        type="button"
        disabled={disabled}
        aria-haspopup={menu ? 'menu' : undefined}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={name}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      {open &&
        (menu ? (
          <div id={id} className="popover-box" role="menu" aria-label={name}>
            {children(close)}
          </div>
        ) : (
          <section id={id} className="popover-box" aria-label={name}>
            {children(close)}
          </section>
        ))}
    </span>
  );
}
