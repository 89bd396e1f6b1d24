/** The left: who one is, the channels, the app. */
import type { Channel, Workspace } from "./protocol";
import { nameOf, personOf, useHere } from "./workspace";

export type Place = { kind: "channel"; id: string } | { kind: "home" };

interface SidebarProps {
  workspace: Workspace;
  channels: readonly Channel[];
  place: Place;
  onGo: (place: Place) => void;
  onBecome: (user: string) => void;
}

export function Sidebar({ workspace, channels, place, onGo, onBecome }: SidebarProps) {
  const { me } = useHere();
  const direct = channels.filter((channel) => channel.isDirect);
  const isHere = (id: string) => place.kind === "channel" && place.id === id;
  const people = workspace.people.filter((each) => !each.isBot);
  const conversation = (channel: Channel) => (
    <li key={channel.id}>
      <button
        type="button"
        aria-current={isHere(channel.id) ? "page" : undefined}
        onClick={() => onGo({ kind: "channel", id: channel.id })}
      >
        {nameOf(workspace, channel, me.id)}
      </button>
    </li>
  );
  return (
    <nav className="sidebar" aria-label="Workspace">
      <p className="workspace-name">{workspace.name}</p>
      <div className="switcher">
        <label htmlFor="me">You are</label>
        <select id="me" value={me.id} onChange={(event) => onBecome(event.target.value)}>
          {people.map((person) => (
            <option key={person.id} value={person.id}>
              {person.realName} · {person.role}
            </option>
          ))}
        </select>
      </div>
      <h2>Channels</h2>
      <ul>{channels.filter((channel) => !channel.isDirect).map(conversation)}</ul>
      {direct.length > 0 && (
        <>
          <h2>Direct messages</h2>
          <ul>{direct.map(conversation)}</ul>
        </>
      )}
      <h2>Apps</h2>
      <ul>
        <li>
          <button
            type="button"
            aria-current={place.kind === "home" ? "page" : undefined}
            onClick={() => onGo({ kind: "home" })}
          >
            <img src="/icon.svg" alt="" width={18} height={18} />
            {personOf(workspace, workspace.app.botUser)?.realName}
          </button>
        </li>
      </ul>
    </nav>
  );
}
