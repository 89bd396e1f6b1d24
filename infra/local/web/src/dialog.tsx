/** A dialog of the browser's own: it keeps the focus inside, and Escape closes it. */
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Mrkdwn } from "./blocks/slack-message";
import type { Confirm } from "./values";

interface DialogProps {
  title: string;
  className?: string;
  onClose: () => void;
  children: ReactNode;
}

export function Dialog({ title, className, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement as HTMLElement | null;
    shown?.showModal();
    return () => {
      shown?.close();
      before?.focus?.();
    };
  }, []);
  const cancelled = (event: React.SyntheticEvent) => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className ?? ""}`}
      aria-labelledby={heading}
      onCancel={cancelled}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" className="quiet" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </header>
      {children}
    </dialog>
  );
}

/** Slack's confirm dialog, with the words of the app. */
export function ConfirmDialog({ ask, onYes, onNo }: { ask: Confirm; onYes: () => void; onNo: () => void }) {
  return (
    <Dialog title={ask.title.text} className="confirm" onClose={onNo}>
      <div className="dialog-body">
        {ask.text.type === "mrkdwn" ? <Mrkdwn text={ask.text.text} /> : ask.text.text}
      </div>
      <footer>
        <button type="button" className="button" onClick={onNo}>
          {ask.deny.text}
        </button>
        <button type="button" className={`button ${ask.style ?? "primary"}`} onClick={onYes}>
          {ask.confirm.text}
        </button>
      </footer>
    </Dialog>
  );
}
