/** The left: who one is, the channels, the app. */
import type { Channel, Workspace } from "./protocol";
import { personOf, useHere } from "./workspace";

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
  const isHere = (id: string) => place.kind === "channel" && place.id === id;
  const people = workspace.people.filter((each) => !each.isBot);
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
      <ul>
        {channels
          .filter((channel) => !channel.isDirect)
          .map((channel) => (
            <li key={channel.id}>
              <button
                type="button"
                aria-current={isHere(channel.id) ? "page" : undefined}
                onClick={() => onGo({ kind: "channel", id: channel.id })}
              >
                # {channel.name}
              </button>
            </li>
          ))}
      </ul>
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
