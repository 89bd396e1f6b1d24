/** The thread pane: a message and its replies. */
import type { Message as MessageRecord } from "../protocol";
import { repliesTo, type Screen } from "../screen";
import { useSticky } from "./channel";
import { Composer } from "./composer";
import { Ephemeral } from "./ephemeral";
import { Message } from "./message";

interface ThreadProps {
  root: MessageRecord;
  channelName: string;
  screen: Screen;
  onClose: () => void;
}

export function Thread({ root, channelName, screen, onClose }: ThreadProps) {
  const replies = repliesTo(screen.messages.get(root.channel) ?? [], root.ts);
  const ephemerals = screen.ephemerals.filter((each) => each.threadTs === root.ts);
  const shown = [...replies, ...ephemerals].sort((one, other) => Number(one.ts) - Number(other.ts));
  const scroll = useSticky(shown.length);
  return (
    <aside className="thread" aria-label="Thread">
      <header className="pane-head">
        <h2>Thread</h2>
        <span className="members"># {channelName}</span>
        <button type="button" className="quiet" aria-label="Close thread" onClick={onClose}>
          ✕
        </button>
      </header>
      <div className="scroll" ref={scroll} role="log" aria-label="Replies" aria-live="polite" tabIndex={-1}>
        <Message message={root} />
        <div className="day">
          <span>{replies.length === 1 ? "1 reply" : `${replies.length} replies`}</span>
        </div>
        {shown.map((each) =>
          "byApp" in each ? (
            <Ephemeral key={each.ts} shown={each} />
          ) : (
            <Message key={each.ts} message={each} />
          ),
        )}
      </div>
      <Composer channel={root.channel} threadTs={root.ts} placeholder="Reply…" />
    </aside>
  );
}
