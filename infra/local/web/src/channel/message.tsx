/** One message of a channel or thread. Drawn again only when it has changed. */
import { memo, useCallback, useState } from "react";
import { Blocks } from "../blocks/blocks";
import { Mrkdwn } from "../blocks/slack-message";
import { Menu } from "../blocks/usable";
import { bytes, clockOf, isoOf } from "../format";
import type { ActValue, FileInfo, Message as MessageRecord } from "../protocol";
import type { Block, Element } from "../values";
import { useHere } from "../workspace";
import { AuthorName, Avatar } from "./author";
import { RawDialog } from "./raw";

interface MessageProps {
  message: MessageRecord;
  /** Replies under it; none in a thread. */
  replies?: readonly MessageRecord[];
  onOpenThread?: (message: MessageRecord) => void;
}

export const Message = memo(function Message({ message, replies, onOpenThread }: MessageProps) {
  return (
    <article className="message" data-ts={message.ts} aria-label={`${clockOf(message.ts)}: ${message.text}`}>
      <Avatar user={message.user} />
      <div className="message-body">
        <div className="message-head">
          <AuthorName user={message.user} />
          <time dateTime={isoOf(message.ts)}>{clockOf(message.ts)}</time>
        </div>
        <Content message={message} />
        {message.files.map((file) => (
          <FileCard key={file.id} file={file} />
        ))}
        {message.reactions.length > 0 && (
          <div className="reactions">
            {message.reactions.map((reaction) => (
              <div key={reaction.name} title={`:${reaction.name}:`}>
                <Mrkdwn text={`:${reaction.name}: ${reaction.users.length}`} />
              </div>
            ))}
          </div>
        )}
        {replies && replies.length > 0 && onOpenThread && (
          <button type="button" className="replies" onClick={() => onOpenThread(message)}>
            {replies.length === 1 ? "1 reply" : `${replies.length} replies`}
            <span> Last at {clockOf(replies.at(-1)?.ts ?? message.ts)}</span>
          </button>
        )}
      </div>
      {!message.isDeleted && <MessageMenu message={message} onOpenThread={onOpenThread} />}
    </article>
  );
});

function Content({ message }: { message: MessageRecord }) {
  const { act } = useHere();
  const { channel, ts, revision } = message;
  const onUse = useCallback(
    (element: Element, value: ActValue) =>
      act({ act: "click", channel, ts, actionId: element.action_id, value, revision }),
    [act, channel, ts, revision],
  );
  if (message.isDeleted) {
    return <p className="tombstone">This message was deleted.</p>;
  }
  return (
    <div className="content">
      {message.blocks.length > 0 ? (
        <Blocks blocks={message.blocks as unknown as Block[]} use={{ onUse }} />
      ) : (
        <Mrkdwn text={message.text} />
      )}
      {message.editedTs && <span className="edited">(edited)</span>}
    </div>
  );
}

function FileCard({ file }: { file: FileInfo }) {
  if (file.mimeType.startsWith("image/") && file.mimeType !== "image/svg+xml") {
    return (
      <a className="picture" href={file.url} target="_blank" rel="noreferrer">
        <img src={file.url} alt={file.title} />
      </a>
    );
  }
  return (
    <a className="file" href={file.url} download={file.name}>
      <strong>{file.title || file.name}</strong>
      <span>
        {file.name} · {bytes(file.size)} · Download
      </span>
    </a>
  );
}

function MessageMenu({ message, onOpenThread }: Pick<MessageProps, "message" | "onOpenThread">) {
  const { workspace, act } = useHere();
  const [isOpen, setOpen] = useState(false);
  const [isRaw, setRaw] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const { channel, ts } = message;
  const shortcuts = workspace.shortcuts.filter((each) => each.kind === "message");
  return (
    <div className="message-menu">
      {onOpenThread && (
        <button
          type="button"
          className="quiet"
          title="Reply in thread"
          aria-label="Open thread"
          onClick={() => onOpenThread(message)}
        >
          💬
        </button>
      )}
      <button
        type="button"
        className="quiet"
        title="More"
        aria-label="More actions on this message"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        ⋮
      </button>
      {isOpen && (
        <Menu
          onClose={close}
          items={[
            ...shortcuts.map((each) => ({
              label: each.name,
              go: () => void act({ act: "message_shortcut", channel, ts, callbackId: each.callbackId }),
            })),
            { label: "Raw payload", go: () => setRaw(true) },
            { label: "Delete message", go: () => void act({ act: "delete", channel, ts }) },
          ]}
        />
      )}
      {isRaw && <RawDialog channel={channel} ts={ts} onClose={() => setRaw(false)} />}
    </div>
  );
}
