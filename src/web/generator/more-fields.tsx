import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface MoreFieldsProps {
  /** Something in here is to be mended, so it has to be seen. */
  readonly opened: boolean;
  readonly children: ComponentChildren;
}

/** Fields that few need. What a problem opened stays open when it is mended: somebody is typing in there. */
export function MoreFields({ opened, children }: MoreFieldsProps) {
  const [open, setOpen] = useState(false);
  return (
    <details open={open || opened} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>More</summary>
      {children}
    </details>
  );
}
