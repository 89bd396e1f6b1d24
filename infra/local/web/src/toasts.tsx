/** What went wrong just now: Slack's warnings about a click, and what the page itself could not do. */
export interface Toast {
  key: string;
  text: string;
  onClose: () => void;
}

export function Toasts({ toasts }: { toasts: readonly Toast[] }) {
  if (toasts.length === 0) {
    return null;
  }
  return (
    <div className="toasts" role="alert">
      {toasts.map((toast) => (
        <p key={toast.key}>
          ⚠️ {toast.text}
          <button type="button" className="quiet" aria-label="Dismiss" onClick={toast.onClose}>
            ✕
          </button>
        </p>
      ))}
    </div>
  );
}
