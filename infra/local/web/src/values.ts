/** What the inputs of a modal hold, by action_id. Pure. */
import type { ActValue, Json } from "./protocol";

export interface TextObject {
  type: string;
  text: string;
}

export interface Option {
  text: TextObject;
  value: string;
  description?: TextObject;
}

/** Options under a label; without one they stand by themselves. */
export interface OptionGroup {
  label?: TextObject;
  options: Option[];
}

export interface Confirm {
  title: TextObject;
  text: TextObject;
  confirm: TextObject;
  deny: TextObject;
  style?: string;
}

/** An interactive element of Block Kit, with the fields that any of them may have. */
export interface Element {
  type: string;
  action_id: string;
  text?: TextObject;
  value?: string;
  url?: string;
  style?: string;
  confirm?: Confirm;
  placeholder?: TextObject;
  options?: Option[];
  option_groups?: OptionGroup[];
  initial_option?: Option;
  initial_options?: Option[];
  initial_value?: string;
  initial_date?: string;
  initial_time?: string;
  initial_date_time?: number;
  initial_user?: string;
  initial_channel?: string;
  initial_conversation?: string;
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  min_query_length?: number;
  accessibility_label?: string;
}

export interface Block {
  type: string;
  block_id: string;
  elements?: Element[];
  element?: Element;
  accessory?: Element;
  label?: TextObject;
  hint?: TextObject;
  optional?: boolean;
  dispatch_action?: boolean;
  [field: string]: unknown;
}

export type Values = Record<string, ActValue>;

const INTERACTIVE = /button|select|overflow|picker|checkboxes|radio_buttons|input/;

export const isInteractive = (element: Element | undefined): element is Element =>
  element !== undefined && INTERACTIVE.test(element.type);

export const blocksOf = (definition: Json): Block[] => (definition.blocks ?? []) as unknown as Block[];

export function optionsOf(element: Element): Option[] {
  return [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
}

/** What an element holds before anybody has touched it. */
export function initialValue(element: Element): ActValue {
  if (element.type === "checkboxes" || element.type.startsWith("multi_")) {
    return (element.initial_options ?? []).map((option) => option.value);
  }
  return (
    element.initial_option?.value ??
    element.initial_value ??
    element.initial_date ??
    element.initial_time ??
    element.initial_date_time?.toString() ??
    element.initial_user ??
    element.initial_channel ??
    element.initial_conversation ??
    null
  );
}

/** A moment as Slack tells it, in seconds since 1970, the way the browser's own control takes it: in local time. */
export function localTime(seconds: ActValue): string {
  if (typeof seconds !== "string") {
    return "";
  }
  const at = new Date(Number(seconds) * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The way back. */
export const secondsOf = (local: string): ActValue =>
  local === "" ? null : Math.floor(new Date(local).getTime() / 1000).toString();

/** What Slack's own client says of inputs before it sends them to the app, by block_id. */
export function complaints(blocks: readonly Block[], values: Values): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { block_id, element, optional } of blocks) {
    const complaint = element && complaintOf(element, values[element.action_id], optional ?? false);
    if (complaint) {
      found[block_id] = complaint;
    }
  }
  return found;
}

function complaintOf(element: Element, value: ActValue | undefined, optional: boolean): string | undefined {
  if (value === undefined || value === null || value.length === 0) {
    return optional ? undefined : "Please complete this required field.";
  }
  if (typeof value === "string" && value.length < (element.min_length ?? 0)) {
    return `Please write at least ${element.min_length} characters.`;
  }
  return undefined;
}

/** What is submitted: each input's value, as touched or as it was given; what is empty is left out. */
export function submitted(blocks: readonly Block[], touched: Values): Values {
  const held: Values = {};
  for (const element of blocks.map((block) => block.element)) {
    if (element) {
      const value =
        element.action_id in touched ? (touched[element.action_id] ?? null) : initialValue(element);
      if (value !== null && value !== "") {
        held[element.action_id] = value;
      }
    }
  }
  return held;
}
