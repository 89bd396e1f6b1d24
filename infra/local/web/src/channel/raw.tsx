/** A message as Slack keeps it, with each of its revisions. */
import { useEffect, useState } from "react";
import { fetchRaw } from "../api";
import { Dialog } from "../dialog";
import { clockOf } from "../format";
import type { Raw } from "../protocol";

export function RawDialog({ channel, ts, onClose }: { channel: string; ts: string; onClose: () => void }) {
  const [raw, setRaw] = useState<Raw | null>(null);
  const [at, setAt] = useState(-1);
  useEffect(() => {
    let isShown = true;
    fetchRaw(channel, ts).then(
      (found) => isShown && setRaw(found),
      () => isShown && onClose(),
    );
    return () => {
      isShown = false;
    };
  }, [channel, ts, onClose]);
  const shown = raw && (at < 0 ? raw.message : raw.revisions[at]);
  return (
    <Dialog title="Raw payload" className="raw" onClose={onClose}>
      <div className="dialog-body">
        <label>
          What is shown{" "}
          <select value={at} onChange={(event) => setAt(Number(event.target.value))}>
            <option value={-1}>the message, as the Web API returns it</option>
            {raw?.revisions.map((revision, number) => (
              <option key={revision.ts} value={number}>
                revision {number}, at {clockOf(revision.ts)}
              </option>
            ))}
          </select>
        </label>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <pre tabIndex={0}>{shown ? JSON.stringify(shown, null, 2) : "…"}</pre>
      </div>
    </Dialog>
  );
}
