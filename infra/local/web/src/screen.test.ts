import { expect, test } from "vitest";
import type { Change, Message, Snapshot } from "./protocol";
import { repliesTo, rootsOf, type Screen, screenAfter } from "./screen";

const message = (ts: string, more: Partial<Message> = {}): Message => ({
  channel: "C1",
  ts,
  user: "U1",
  text: ts,
  blocks: [],
  threadTs: null,
  isBroadcast: false,
  editedTs: null,
  isDeleted: false,
  revision: 0,
  files: [],
  reactions: [],
  ...more,
});

function showing(...messages: Message[]): Screen {
  const snapshot: Snapshot = { seq: 5, channels: [], messages, ephemerals: [], modals: [], home: null };
  return screenAfter(null, { type: "snapshot", snapshot }) as Screen;
}

const after = (screen: Screen, change: Change): Screen =>
  screenAfter(screen, { type: "change", change }) as Screen;
const told = (seq: number, shown: Message): Change => ({ seq, kind: "message", message: shown });

test("a new message comes last, and one that was delayed comes where its time belongs", () => {
  const screen = after(after(showing(message("1.0")), told(6, message("3.0"))), told(7, message("2.0")));
  expect(screen.messages.get("C1")?.map((each) => each.ts)).toEqual(["1.0", "2.0", "3.0"]);
});

test("an edited message stays where it is", () => {
  const screen = after(showing(message("1.0"), message("2.0")), told(6, message("1.0", { text: "new" })));
  expect(screen.messages.get("C1")?.map((each) => each.text)).toEqual(["new", "2.0"]);
});

test("a change that the snapshot has already is passed over", () => {
  const screen = showing(message("1.0"));
  expect(after(screen, told(5, message("1.0", { text: "old" })))).toBe(screen);
});

test("a deleted message goes, but a root with replies leaves a tombstone", () => {
  const reply = message("2.0", { threadTs: "1.0" });
  const gone = after(showing(message("1.0")), told(6, message("1.0", { isDeleted: true })));
  expect(gone.messages.get("C1")).toEqual([]);
  const left = after(showing(message("1.0"), reply), told(6, message("1.0", { isDeleted: true })));
  expect(left.messages.get("C1")?.map((each) => each.isDeleted)).toEqual([true, false]);
});

test("replies are in the thread and not in the channel, unless they are broadcast", () => {
  const all = [
    message("1.0"),
    message("2.0", { threadTs: "1.0" }),
    message("3.0", { threadTs: "1.0", isBroadcast: true }),
  ];
  expect(rootsOf(all).map((each) => each.ts)).toEqual(["1.0", "3.0"]);
  expect(repliesTo(all, "1.0").map((each) => each.ts)).toEqual(["2.0", "3.0"]);
});

test("a notice stays until it is put away", () => {
  const notice = { text: "no", about: "/drs", channel: "C1" };
  const screen = after(showing(), { seq: 6, kind: "notice", notice });
  expect(screen.notices).toEqual([{ ...notice, seq: 6, threadTs: null }]);
  expect(screenAfter(screen, { type: "put_away", seq: 6 })?.notices).toEqual([]);
});

test("whoever looks next sees nothing of what the one before saw", () => {
  expect(screenAfter(showing(message("1.0")), { type: "left" })).toBe(null);
  expect(screenAfter(null, { type: "put_away", seq: 1 })).toBe(null);
});

test("Slack's answer to a command in a thread is shown there, and the next one is not", () => {
  const typed = { type: "command_in_thread", about: "/drs", threadTs: "1.0" } as const;
  const notice = (seq: number, about: string): Change => ({
    seq,
    kind: "notice",
    notice: { text: "no", about, channel: "C1" },
  });
  let screen = screenAfter(showing(message("1.0")), typed) as Screen;
  screen = after(after(after(screen, notice(6, "/other")), notice(7, "/drs")), notice(8, "/drs"));
  expect(screen.notices.map((each) => each.threadTs)).toEqual([null, "1.0", null]);
});

test("a direct message begun since is a conversation of its own", () => {
  const screen = after(showing(), told(6, message("1.0", { channel: "D1" })));
  expect(screen.channels).toEqual([{ id: "D1", name: "", isDirect: true, members: [] }]);
  expect(after(screen, told(7, message("2.0", { channel: "D1" }))).channels).toBe(screen.channels);
});
