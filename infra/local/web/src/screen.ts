/** What one person has on the screen: the server's snapshot, kept up to date by its changes. Pure. */
import type { Change, Ephemeral, Message, Notice, Snapshot } from "./protocol";

/** A notice, numbered so that it can be put away. */
export interface ShownNotice extends Notice {
  seq: number;
}

export interface Screen extends Omit<Snapshot, "messages" | "ephemerals"> {
  /** By channel, oldest first, replies among them. */
  messages: ReadonlyMap<string, readonly Message[]>;
  ephemerals: readonly Ephemeral[];
  notices: readonly ShownNotice[];
}

export type ScreenEvent =
  /** Somebody else looks now: nothing of what the other saw may stay. */
  | { type: "left" }
  | { type: "snapshot"; snapshot: Snapshot }
  | { type: "change"; change: Change }
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
  return event.change.seq <= screen.seq
    ? screen
    : changed({ ...screen, seq: event.change.seq }, event.change);
}

function fresh(snapshot: Snapshot): Screen {
  const messages = new Map<string, Message[]>();
  for (const message of snapshot.messages) {
    messages.set(message.channel, [...(messages.get(message.channel) ?? []), message]);
  }
  return { ...snapshot, messages, notices: [] };
}

function changed(screen: Screen, change: Change): Screen {
  switch (change.kind) {
    case "message":
      return { ...screen, messages: withMessage(screen.messages, change.message) };
    case "ephemeral":
      return { ...screen, ephemerals: placed(screen.ephemerals, change.ephemeral) };
    case "ephemeral_removed":
      return { ...screen, ephemerals: screen.ephemerals.filter((shown) => shown.ts !== change.ts) };
    case "notice":
      return { ...screen, notices: [...screen.notices, { ...change.notice, seq: change.seq }] };
    case "modals":
      return { ...screen, modals: change.modals };
    case "home":
      return { ...screen, home: change.home };
  }
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
