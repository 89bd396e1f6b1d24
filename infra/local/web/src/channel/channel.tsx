/** The middle of the page: a channel's messages, and what its reader alone sees. */
import { useCallback, useEffect, useMemo, useRef } from "react";
import { dayOf } from "../format";
import type {
  Channel as ChannelRecord,
  Ephemeral as EphemeralRecord,
  Message as MessageRecord,
} from "../protocol";
import { rootsOf, type Screen } from "../screen";
import { nameOf, useHere } from "../workspace";
import { Composer } from "./composer";
import { Ephemeral, Notice } from "./ephemeral";
import { Message } from "./message";

interface ChannelProps {
  channel: ChannelRecord;
  screen: Screen;
  onOpenThread: (message: MessageRecord) => void;
  onPutAway: (seq: number) => void;
}

export function Channel({ channel, screen, onOpenThread, onPutAway }: ChannelProps) {
  const { workspace, me } = useHere();
  const name = nameOf(workspace, channel, me.id);
  const messages = screen.messages.get(channel.id) ?? NOTHING;
  const replies = useMemo(() => grouped(messages), [messages]);
  const shown = useMemo(
    () =>
      inOrder(
        rootsOf(messages),
        screen.ephemerals.filter((each) => each.channel === channel.id && !each.threadTs),
      ),
    [messages, screen.ephemerals, channel.id],
  );
  const notices = screen.notices.filter(
    (each) => each.channel === channel.id && !each.threadTs && each.about.startsWith("/"),
  );
  const scroll = useSticky(shown.length + notices.length);
  return (
    <section className="channel" aria-label={channel.isDirect ? name : `Channel ${channel.name}`}>
      <header className="pane-head">
        <h1>{name}</h1>
        {!channel.isDirect && <span className="members">{channel.members.length} members</span>}
      </header>
      <div className="scroll" ref={scroll} role="log" aria-label="Messages" aria-live="polite" tabIndex={-1}>
        {shown.length === 0 && <Welcome name={channel.isDirect ? name : `#${channel.name}`} />}
        {shown.map((each, number) => (
          <Row
            key={each.ts}
            day={
              number === 0 || dayOf(each.ts) !== dayOf(shown[number - 1]?.ts ?? "0") ? dayOf(each.ts) : null
            }
          >
            {"byApp" in each ? (
              <Ephemeral shown={each} />
            ) : (
              <Message message={each} replies={replies.get(each.ts) ?? NOTHING} onOpenThread={onOpenThread} />
            )}
          </Row>
        ))}
        {notices.map((notice) => (
          <Notice key={notice.seq} notice={notice} onPutAway={() => onPutAway(notice.seq)} />
        ))}
      </div>
      <Composer
        channel={channel.id}
        placeholder={channel.isDirect ? `Message ${name}` : `Message #${channel.name}`}
      />
    </section>
  );
}

const NOTHING: readonly MessageRecord[] = [];

function Row({ day, children }: { day: string | null; children: React.ReactNode }) {
  return (
    <>
      {day && (
        <div className="day">
          <span>{day}</span>
        </div>
      )}
      {children}
    </>
  );
}

function Welcome({ name }: { name: string }) {
  return (
    <div className="welcome">
      <h2>This is the beginning of {name}</h2>
      <p>
        Type <code>/drs drill payments</code> below and press Enter. The bot checks the plan and offers Start.
      </p>
    </div>
  );
}

function grouped(messages: readonly MessageRecord[]): Map<string | null, MessageRecord[]> {
  const found = new Map<string | null, MessageRecord[]>();
  for (const message of messages) {
    found.set(message.threadTs, [...(found.get(message.threadTs) ?? []), message]);
  }
  return found;
}

function inOrder(
  messages: readonly MessageRecord[],
  ephemerals: readonly EphemeralRecord[],
): (MessageRecord | EphemeralRecord)[] {
  return [...messages, ...ephemerals].sort((one, other) => Number(one.ts) - Number(other.ts));
}

/** Stays at the bottom as long as the reader has not scrolled away from it. */
export function useSticky(changes: number): React.RefCallback<HTMLDivElement> {
  const scroll = useRef<HTMLDivElement | null>(null);
  const isAtEnd = useRef(true);
  const toEnd = useCallback(() => {
    if (scroll.current && isAtEnd.current) {
      scroll.current.scrollTop = scroll.current.scrollHeight;
    }
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever was added is what it is for
  useEffect(toEnd, [changes]);
  return useCallback(
    (element: HTMLDivElement | null) => {
      scroll.current = element;
      if (element === null) {
        return;
      }
      const moved = () => {
        isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 60;
      };
      element.addEventListener("scroll", moved, { passive: true });
      // A message that grows by an edit pushes the end away as a new one does.
      const grown = new MutationObserver(toEnd);
      grown.observe(element, { childList: true, subtree: true, characterData: true });
      // A lower window, a picture that has loaded: both cover the end.
      const resized = new ResizeObserver(toEnd);
      resized.observe(element);
      element.addEventListener("load", toEnd, { capture: true });
      toEnd();
      return () => {
        element.removeEventListener("scroll", moved);
        element.removeEventListener("load", toEnd, { capture: true });
        grown.disconnect();
        resized.disconnect();
      };
    },
    [toEnd],
  );
}
