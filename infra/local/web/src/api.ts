/** The page's calls to its server. What cannot be done throws `Refused`, with words for the person. */
import type { Act, Outcome, Raw, Refusal, Workspace, World, WorldOrder } from "./protocol";

export class Refused extends Error {}

async function answer<T>(response: Response): Promise<T> {
  if (!response.ok) {
    throw new Refused(((await response.json()) as Refusal).error);
  }
  return (await response.json()) as T;
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  return answer<T>(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

export const fetchWorkspace = async (): Promise<Workspace> => answer(await fetch("/api/workspace"));
export const fetchRaw = async (channel: string, ts: string): Promise<Raw> =>
  answer(await fetch(`/api/raw/${channel}/${ts}`));
export const perform = (act: Act): Promise<Outcome> => post("/api/act", act);
export const order = (wanted: WorldOrder): Promise<World> => post("/api/world", wanted);
