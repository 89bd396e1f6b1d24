/** What the simulation is, and what it does not model. */
import { Dialog } from "./dialog";

const MISSING = [
  "No AWS and no Slack are behind this page: DRS, the table, the queues and the schedule run on this machine.",
  "Times of messages are this machine's; times within them are the world's, which runs as fast as the panel says.",
  "Slack: no notifications, search, huddles, mentions that ping, editing of messages, or apps but this one.",
  "Slack: user groups, external selects and files work; workflow steps, canvases and rich text input do not.",
  "DRS: replication does not move by itself, EC2 has no instances of its own, and the caller's rights are not judged.",
  "A server that is to fail keeps failing until it is mended; mend it before you click Retry.",
];

export function About({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="A simulation" onClose={onClose}>
      <div className="dialog-body">
        <p>
          The bot is the real one: each click goes to it as a signed request, in Slack's own format, and its
          functions run as they do on Lambda.
        </p>
        <ul>
          {MISSING.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
