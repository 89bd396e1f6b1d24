/**
 * What the page and its server (`infra/local/page`) say to each other.
 *
 * | route                         | what it is                                                              |
 * |-------------------------------|-------------------------------------------------------------------------|
 * | GET  /                        | the page; its parts under /assets                                       |
 * | GET  /api/workspace           | Workspace: who and what is there                                        |
 * | GET  /api/updates?as=USER     | server-sent events: `snapshot` (Snapshot) once, then `change` (Change)  |
 * | GET  /api/world/updates       | server-sent events: `world` (World) and `drs` (DrsConsole), when changed |
 * | POST /api/act                 | Act -> Outcome                                                          |
 * | POST /api/world               | WorldOrder -> World                                                     |
 * | GET  /api/raw/CHANNEL/TS      | Raw: a message as Slack keeps it, with each of its revisions            |
 * | GET  /files/ID/NAME           | an uploaded file                                                        |
 *
 * A request that cannot be done is answered with 4xx and Refusal. Requests from other sites are refused (Host and
 * Origin must be the server's own).
 */

/** A Block Kit block, element or object, as Slack takes it. */
export type Json = Record<string, unknown>;

export interface Person {
  id: string;
  /** The handle. */
  name: string;
  realName: string;
  isBot: boolean;
  /** What they may do in the plans, for the person switcher: "operator", "approver", ... or "outsider". */
  role: string;
}

export interface Channel {
  id: string;
  name: string;
  isDirect: boolean;
  /** User ids. */
  members: string[];
}

export interface UserGroup {
  id: string;
  handle: string;
}

export interface SlashCommand {
  /** With the slash: "/drs". */
  command: string;
  description: string;
  usageHint: string;
}

export interface Shortcut {
  callbackId: string;
  name: string;
  kind: "global" | "message";
}

export interface Workspace {
  name: string;
  teamId: string;
  app: { id: string; name: string; botUser: string; hasHome: boolean };
  people: Person[];
  channels: Channel[];
  groups: UserGroup[];
  commands: SlashCommand[];
  shortcuts: Shortcut[];
  /** The channel shown first. */
  mainChannel: string;
}

export interface FileInfo {
  id: string;
  name: string;
  title: string;
  /** Bytes. */
  size: number;
  mimeType: string;
  /** Where it is downloaded: "/files/F123/report.pdf". */
  url: string;
}

export interface Message {
  channel: string;
  ts: string;
  /** User id of the author. */
  user: string;
  text: string;
  blocks: Json[];
  /** The ts of the thread's root, for replies. */
  threadTs: string | null;
  /** Also shown in the channel. */
  isBroadcast: boolean;
  editedTs: string | null;
  isDeleted: boolean;
  /** The newest revision's number, from 0: a click says which one was on the screen. */
  revision: number;
  files: FileInfo[];
  reactions: { name: string; users: string[] }[];
}

/** A message that one person alone sees. `byApp` is false when Slack itself speaks. */
export interface Ephemeral {
  channel: string;
  ts: string;
  text: string;
  blocks: Json[];
  threadTs: string | null;
  byApp: boolean;
}

/** What Slack itself tells a person: a failed command, a button's warning, a modal's error line. */
export interface Notice {
  text: string;
  /** The command, action_id or view it is about. */
  about: string;
  channel: string | null;
}

export interface View {
  id: string;
  kind: "modal" | "home";
  /** The view as the app gave it: title, submit, close, blocks, ... */
  definition: Json;
  /** By block_id: what the app said of an input. */
  errors: Record<string, string>;
}

/** All that one person sees at one moment. */
export interface Snapshot {
  /** Counts what has happened; Changes follow it without a gap. */
  seq: number;
  channels: Channel[];
  messages: Message[];
  ephemerals: Ephemeral[];
  /** The stack of modals, the one on top last. */
  modals: View[];
  home: View | null;
}

export type Change = { seq: number } & (
  | { kind: "message"; message: Message }
  | { kind: "ephemeral"; ephemeral: Ephemeral }
  | { kind: "ephemeral_removed"; channel: string; ts: string }
  | { kind: "notice"; notice: Notice }
  | { kind: "modals"; modals: View[] }
  | { kind: "home"; home: View | null }
);

/** What somebody does. `value` of a click: which of several buttons, or the chosen option's value. */
export type Act = { as: string } & (
  | { act: "command"; channel: string; command: string; text: string; threadTs?: string }
  | { act: "say"; channel: string; text: string; threadTs?: string }
  | { act: "click"; channel: string; ts: string; actionId: string; value?: ActValue; revision?: number }
  | { act: "click_ephemeral"; channel: string; ts: string; actionId: string; value?: ActValue }
  | { act: "click_in_view"; actionId: string; value?: ActValue; inHome: boolean }
  | { act: "submit"; values: Record<string, ActValue> }
  | { act: "dismiss"; wholeStack: boolean }
  | { act: "search"; actionId: string; text: string }
  | { act: "open_home" }
  | { act: "shortcut"; callbackId: string }
  | { act: "message_shortcut"; channel: string; ts: string; callbackId: string }
  | { act: "delete"; channel: string; ts: string }
);

export type ActValue = string | string[] | null;

export interface Outcome {
  /** The HTTP status with which the bot answered; null when it did not, or was not asked. */
  status: number | null;
  /** Milliseconds until its answer. */
  took: number | null;
  /** What Slack told the person, if anything. */
  notice: Notice | null;
  /** For "search": the options that the app offers. */
  options?: Json[];
}

export interface Refusal {
  error: string;
}

/** Something that can be made to go wrong, and be mended again if it lasts. */
export interface Fault {
  name: string;
  /** "Slack is down" */
  label: string;
  /** One sentence: what then happens. */
  tells: string;
  /** "server": it needs a server's id. "switch": on or off. "once": it happens at the next occasion. */
  scope: "server" | "switch" | "once";
  isOn: boolean;
}

export interface World {
  /** Seconds since the epoch at which the two clocks were read together. */
  wall: number;
  world: number;
  /** World seconds per wall second; 0 when paused. */
  speed: number;
  speeds: number[];
  faults: Fault[];
  /** Faults of servers that wait for their next job, or hold one up: server id -> fault names. */
  serverFaults: Record<string, string[]>;
  /** The bot's functions that failed, the newest last. */
  failures: { function: string; at: number; error: string }[];
}

export type WorldOrder =
  | { order: "speed"; speed: number }
  | { order: "fault"; name: string; on: boolean; server?: string }
  | { order: "mend" };

export interface SourceServer {
  id: string;
  name: string;
  /** Plans and waves that name it: "payments, wave 1". */
  usedBy: string[];
  replicationState: string;
  /** ISO 8601 duration, as DRS tells it. */
  lag: string | null;
  lastLaunch: { type: string; status: string; jobId: string } | null;
}

export interface JobLogItem {
  at: string;
  event: string;
  server: string | null;
  error: string | null;
}

export interface Job {
  id: string;
  type: string;
  initiatedBy: string;
  status: string;
  startedAt: string;
  endedAt: string | null;
  tags: Record<string, string>;
  servers: { id: string; name: string; launchStatus: string }[];
  log: JobLogItem[];
}

export interface Instance {
  id: string;
  server: string;
  name: string;
  jobId: string;
  isDrill: boolean;
  state: string;
  launchedAt: string;
}

export interface DrsConsole {
  account: string;
  region: string;
  servers: SourceServer[];
  /** The newest first. */
  jobs: Job[];
  instances: Instance[];
}

export interface Raw {
  message: Json;
  revisions: { ts: string; text: string; blocks: Json[]; metadata: Json | null }[];
}
