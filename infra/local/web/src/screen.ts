/** What one person has on the screen: the server's snapshot, kept up to date by its changes. Pure. */
import type { Change, Ephemeral, Message, Notice, Snapshot } from "./protocol";

/** A notice, numbered so that it can be put away, and where it was called forth. */
export interface ShownNotice extends Notice {
  seq: number;
  threadTs: string | null;
}

/** A command typed in a thread. Slack answers each with a notice, which does not say that it was in a thread. */
interface Awaited {
  about: string;
  threadTs: string;
}

export interface Screen extends Omit<Snapshot, "messages" | "ephemerals"> {
  /** By channel, oldest first, replies among them. */
  messages: ReadonlyMap<string, readonly Message[]>;
  ephemerals: readonly Ephemeral[];
  notices: readonly ShownNotice[];
  awaited: readonly Awaited[];
}

export type ScreenEvent =
  /** Somebody else looks now: nothing of what the other saw may stay. */
  | { type: "left" }
  | { type: "snapshot"; snapshot: Snapshot }
  | { type: "change"; change: Change }
  | { type: "command_in_thread"; about: string; threadTs: string }
  | { type: "put_away"; seq: number };

export function screenAfter(screen: Screen | null, event: ScreenEvent): Screen | null {
  if (event.type === "snapshot") {
    return fresh(event.snapshot);
  }
  if (event.type === "left" || screen === null) {
    return null;
  }
  if (event.type === "put_away") {
    return { ...screen, notices: screen.notices.filter((notice) => notice.seq !== event.seq) };
  }
  if (event.type === "command_in_thread") {
    const { about, threadTs } = event;
    return { ...screen, awaited: [...screen.awaited, { about, threadTs }] };
  }
  return event.change.seq <= screen.seq
    ? screen
    : changed({ ...screen, seq: event.change.seq }, event.change);
}

function fresh(snapshot: Snapshot): Screen {
  const messages = new Map<string, Message[]>();
  for (const message of snapshot.messages) {
    messages.set(message.channel, [...(messages.get(message.channel) ?? []), message]);
  }
  return { ...snapshot, messages, notices: [], awaited: [] };
}

function changed(screen: Screen, change: Change): Screen {
  switch (change.kind) {
    case "message":
      return {
        ...screen,
        channels: withChannel(screen.channels, change.message.channel),
        messages: withMessage(screen.messages, change.message),
      };
    case "ephemeral":
      return { ...screen, ephemerals: placed(screen.ephemerals, change.ephemeral) };
    case "ephemeral_removed":
      return { ...screen, ephemerals: screen.ephemerals.filter((shown) => shown.ts !== change.ts) };
    case "notice":
      return withNotice(screen, change.notice, change.seq);
    case "modals":
      return { ...screen, modals: change.modals };
    case "home":
      return { ...screen, home: change.home };
  }
}

function withNotice(screen: Screen, notice: Notice, seq: number): Screen {
  const awaited = screen.awaited.find((each) => each.about === notice.about);
  const shown = { ...notice, seq, threadTs: awaited?.threadTs ?? null };
  return {
    ...screen,
    notices: [...screen.notices, shown],
    awaited: screen.awaited.filter((each) => each !== awaited),
  };
}

/** A conversation that the snapshot had not is a direct one, begun since: nobody joins a channel here. */
function withChannel(channels: Screen["channels"], id: string): Screen["channels"] {
  return channels.some((each) => each.id === id)
    ? channels
    : [...channels, { id, name: "", isDirect: true, members: [] }];
}

function withMessage(all: Screen["messages"], message: Message): Screen["messages"] {
  const there = all.get(message.channel) ?? [];
  const isRootOfReplies = there.some((other) => other.threadTs === message.ts);
  // Slack leaves a tombstone only where replies hang on it.
  const kept =
    message.isDeleted && !isRootOfReplies
      ? there.filter((other) => other.ts !== message.ts)
      : placed(there, message);
  return new Map(all).set(message.channel, kept);
}

/** The list with the item of the same ts replaced, or put where its time belongs. */
function placed<T extends { ts: string }>(list: readonly T[], item: T): T[] {
  const at = list.findIndex((other) => other.ts === item.ts);
  if (at >= 0) {
    return list.with(at, item);
  }
  const after = list.findLastIndex((other) => Number(other.ts) < Number(item.ts));
  return list.toSpliced(after + 1, 0, item);
}

export function rootsOf(messages: readonly Message[]): Message[] {
  return messages.filter((message) => message.threadTs === null || message.isBroadcast);
}

export function repliesTo(messages: readonly Message[], ts: string): Message[] {
  return messages.filter((message) => message.threadTs === ts);
}
