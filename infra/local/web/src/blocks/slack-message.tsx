/** What slack-blocks-to-jsx draws: blocks that are only read. */
import { type ReactNode, useMemo } from "react";
import { type Block as LibraryBlock, Message } from "slack-blocks-to-jsx";
import type { Block } from "../values";
import { useHere } from "../workspace";
import { calm } from "./calm";
import { SlackDate } from "./date";

function Mention({ children }: { children: ReactNode }) {
  return <span className="mention">{children}</span>;
}

/** See `calm` for `verbatim`. And the library makes a block's id an element's, though each message of a kind has it. */
const MISREAD = new Set(["verbatim", "block_id"]);

function withoutMisread<T>(part: T): T {
  if (Array.isArray(part)) {
    return part.map(withoutMisread) as T;
  }
  if (part === null || typeof part !== "object") {
    return part;
  }
  const kept = Object.entries(part).filter(([name]) => !MISREAD.has(name));
  const isVerbatim = (part as { verbatim?: boolean }).verbatim === true;
  const read = (name: string, value: unknown) =>
    name === "text" && typeof value === "string" ? calm(value, isVerbatim) : withoutMisread(value);
  return Object.fromEntries(kept.map(([name, value]) => [name, read(name, value)])) as T;
}

export function ReadBlocks({ blocks }: { blocks: readonly Block[] }) {
  const { workspace } = useHere();
  const hooks = useMemo(
    () => ({
      user: (user: { id: string }) => (
        <Mention>@{workspace.people.find((each) => each.id === user.id)?.realName ?? user.id}</Mention>
      ),
      channel: (channel: { id: string }) => (
        <Mention>#{workspace.channels.find((each) => each.id === channel.id)?.name ?? channel.id}</Mention>
      ),
      date: (date: { timestamp: string; format: string; fallback: string }) => (
        <SlackDate at={Number(date.timestamp)} format={date.format} fallback={date.fallback} />
      ),
      usergroup: (group: { id: string }) => (
        <Mention>@{workspace.groups.find((each) => each.id === group.id)?.handle ?? group.id}</Mention>
      ),
    }),
    [workspace],
  );
  const plain = useMemo(() => withoutMisread(blocks) as unknown as LibraryBlock[], [blocks]);
  return <Message blocks={plain} logo="" name="" theme="light" withoutWrapper hooks={hooks} />;
}

/** A piece of Slack's mrkdwn, outside of any message. */
export function Mrkdwn({ text }: { text: string }) {
  const block = { type: "section", block_id: "text", text: { type: "mrkdwn", text } };
  return <ReadBlocks blocks={[block]} />;
}
