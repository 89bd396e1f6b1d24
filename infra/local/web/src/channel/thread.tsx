/** The thread pane: a message and its replies. */
import { type Dispatch, useEffect, useRef } from "react";
import type { Channel, Message as MessageRecord } from "../protocol";
import { repliesTo, type Screen, type ScreenEvent } from "../screen";
import { nameOf, useHere } from "../workspace";
import { useSticky } from "./channel";
import { Composer } from "./composer";
import { Ephemeral, Notice } from "./ephemeral";
import { Message } from "./message";

interface ThreadProps {
  root: MessageRecord;
  channel: Channel;
  screen: Screen;
  dispatch: Dispatch<ScreenEvent>;
  onClose: () => void;
}

export function Thread({ root, channel, screen, dispatch, onClose }: ThreadProps) {
  const { workspace, me } = useHere();
  const pane = useOpened();
  const replies = repliesTo(screen.messages.get(root.channel) ?? [], root.ts);
  const ephemerals = screen.ephemerals.filter((each) => each.threadTs === root.ts);
  const shown = [...replies, ...ephemerals].sort((one, other) => Number(one.ts) - Number(other.ts));
  const notices = screen.notices.filter((each) => each.threadTs === root.ts);
  const scroll = useSticky(shown.length + notices.length);
  return (
    <aside ref={pane} className="thread" aria-label="Thread">
      <header className="pane-head">
        <h2>Thread</h2>
        <span className="members">{nameOf(workspace, channel, me.id)}</span>
        <button type="button" className="quiet" aria-label="Close thread" onClick={onClose}>
          ✕
        </button>
      </header>
      <div className="scroll" ref={scroll} role="log" aria-label="Replies" aria-live="polite" tabIndex={-1}>
        <Message message={root} />
        {replies.length > 0 && (
          <div className="day">
            <span>{replies.length === 1 ? "1 reply" : `${replies.length} replies`}</span>
          </div>
        )}
        {shown.map((each) =>
          "byApp" in each ? (
            <Ephemeral key={each.ts} shown={each} />
          ) : (
            <Message key={each.ts} message={each} />
          ),
        )}
        {notices.map(({ seq, ...notice }) => (
          <Notice key={seq} notice={notice} onPutAway={() => dispatch({ type: "put_away", seq })} />
        ))}
      </div>
      <Composer
        channel={root.channel}
        threadTs={root.ts}
        placeholder="Reply…"
        onCommand={(about) => dispatch({ type: "command_in_thread", about, threadTs: root.ts })}
      />
    </aside>
  );
}

/** Whoever opens a thread from the channel goes on in it, and goes back when it is closed. */
function useOpened(): React.RefObject<HTMLElement | null> {
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    if (before instanceof HTMLElement && before.closest("main")) {
      pane.current?.querySelector("input")?.focus();
      return () => {
        if (document.activeElement === document.body) {
          before.focus();
        }
      };
    }
  }, []);
  return pane;
}
