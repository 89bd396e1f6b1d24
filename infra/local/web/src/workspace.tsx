/** What every part of the page needs: the workspace, who one is, and how to act. */
import { createContext, useContext } from "react";
import type { Act, Channel, Outcome, Person, Workspace } from "./protocol";
import type { Confirm } from "./values";

/** An act without its actor: that is whoever one is just now. */
export type Wanted = Act extends infer A ? (A extends { as: string } ? Omit<A, "as"> : never) : never;

export interface Here {
  workspace: Workspace;
  me: Person;
  /** Do something; undefined when it was refused, of which the person has been told. */
  act: (wanted: Wanted) => Promise<Outcome | undefined>;
  /** Ask first, as Slack's confirm dialog does. */
  confirmed: (ask: Confirm | undefined, go: () => void) => void;
  /** World time, in seconds since the epoch. */
  worldNow: () => number;
}

const HereContext = createContext<Here | null>(null);
export const HereProvider = HereContext.Provider;

export function useHere(): Here {
  const here = useContext(HereContext);
  if (here === null) {
    throw new Error("outside of the workspace");
  }
  return here;
}

/** What a conversation is called by one of its members: a direct one by whom it is with. */
export function nameOf(workspace: Workspace, channel: Channel, me: string): string {
  const other = channel.members.find((each) => each !== me) ?? workspace.app.botUser;
  return channel.isDirect ? (personOf(workspace, other)?.realName ?? other) : `# ${channel.name}`;
}

export function personOf(workspace: Workspace, id: string): Person | undefined {
  return workspace.people.find((person) => person.id === id);
}
