/** A face: the first letter on a colour of one's own; the bot has its badge. */
import { personOf, useHere } from "../workspace";

const COLOURS = ["#0b6e4f", "#7a3e9d", "#9c4a00", "#1d5fa8", "#8c2f5b", "#4a5d23"];

export function Avatar({ user }: { user: string }) {
  const { workspace } = useHere();
  if (user === workspace.app.botUser) {
    return <img className="avatar" src="/icon.svg" alt="" width={36} height={36} />;
  }
  const at = workspace.people.findIndex((each) => each.id === user);
  const name = personOf(workspace, user)?.realName ?? "?";
  return (
    <span
      className="avatar"
      aria-hidden="true"
      style={{ background: COLOURS[Math.max(at, 0) % COLOURS.length] }}
    >
      {name.charAt(0)}
    </span>
  );
}

export function AuthorName({ user }: { user: string }) {
  const { workspace } = useHere();
  const person = personOf(workspace, user);
  return (
    <>
      <span className="author">{person?.realName ?? user}</span>
      {person?.isBot && <span className="badge">APP</span>}
    </>
  );
}
