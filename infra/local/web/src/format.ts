/** Times and sizes as people read them, in the browser's own time zone. */

import type { World } from "./protocol";

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const SECONDS = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", month: "long", day: "numeric" });

/** The time of a Slack timestamp (seconds since the epoch). */
export const clockOf = (ts: string): string => CLOCK.format(Number(ts) * 1000);
export const dayOf = (ts: string): string => DAY.format(Number(ts) * 1000);
export const isoOf = (ts: string): string => new Date(Number(ts) * 1000).toISOString();

/** A moment of the world: seconds since the epoch, or what DRS writes. */
export function worldTime(moment: number | string): string {
  return SECONDS.format(typeof moment === "number" ? moment * 1000 : new Date(moment));
}

/** The world's time at a moment of the browser's, both in seconds since the epoch. */
export function worldTimeAt(world: World | null, wall: number): number {
  return world ? world.world + Math.max(wall - world.wall, 0) * world.speed : wall;
}

export function bytes(size: number): string {
  return size < 1024
    ? `${size} bytes`
    : size < 1024 * 1024
      ? `${Math.round(size / 1024)} KB`
      : `${(size / 1024 / 1024).toFixed(1)} MB`;
}

/** `CREATING_SNAPSHOT` as "Creating snapshot". */
export function words(code: string): string {
  const text = code.replaceAll(/[_-]/g, " ").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
