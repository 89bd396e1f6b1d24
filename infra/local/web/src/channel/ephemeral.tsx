/** What one person alone sees: the app's ephemeral messages, and Slackbot's word about a command. */
import { Blocks } from "../blocks/blocks";
import { Mrkdwn } from "../blocks/slack-message";
import { clockOf } from "../format";
import type { Ephemeral as EphemeralRecord, Notice as NoticeRecord } from "../protocol";
import type { Block } from "../values";
import { useHere } from "../workspace";
import { AuthorName, Avatar } from "./author";

const SLACKBOT = "USLACKBOT";

export function Ephemeral({ shown }: { shown: EphemeralRecord }) {
  const { act, workspace } = useHere();
  const user = shown.byApp ? workspace.app.botUser : SLACKBOT;
  return (
    <article
      className="message ephemeral"
      data-ts={shown.ts}
      aria-label={`Only visible to you: ${shown.text}`}
    >
      <Avatar user={user} />
      <div className="message-body">
        <p className="only-you">👁 Only visible to you</p>
        <div className="message-head">
          <AuthorName user={user} />
          <time>{clockOf(shown.ts)}</time>
        </div>
        <div className="content">
          {shown.blocks.length > 0 ? (
            <Blocks
              blocks={shown.blocks as unknown as Block[]}
              use={{
                onUse: (element, value) =>
                  act({
                    act: "click_ephemeral",
                    channel: shown.channel,
                    ts: shown.ts,
                    actionId: element.action_id,
                    value,
                  }),
              }}
            />
          ) : (
            <Mrkdwn text={shown.text} />
          )}
        </div>
      </div>
    </article>
  );
}

export function Notice({ notice, onPutAway }: { notice: NoticeRecord; onPutAway: () => void }) {
  return (
    <article
      className="message ephemeral notice"
      aria-label={`Slackbot, only visible to you: ${notice.text}`}
    >
      <Avatar user={SLACKBOT} />
      <div className="message-body">
        <p className="only-you">👁 Only visible to you</p>
        <div className="message-head">
          <AuthorName user={SLACKBOT} />
        </div>
        <p>{notice.text}</p>
        <button type="button" className="link" onClick={onPutAway}>
          Dismiss message
        </button>
      </div>
    </article>
  );
}
