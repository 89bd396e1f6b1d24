/** Slack's `<!date^…>` tokens, told by the world's clock: what the bot writes is in world time. Pure. */

/** Slack's own names (docs.slack.dev, "Formatting message text", date formatting); `now` for what is relative. */
const TOKENS: Record<string, Intl.DateTimeFormatOptions> = {
  "{date_num}": { year: "numeric", month: "2-digit", day: "2-digit" },
  "{date_short}": { year: "numeric", month: "short", day: "numeric" },
  "{date}": { year: "numeric", month: "long", day: "numeric" },
  "{date_long}": { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  "{time}": { hour: "numeric", minute: "2-digit" },
  "{time_secs}": { hour: "numeric", minute: "2-digit", second: "2-digit" },
};
const PRETTY = /\{date(_short|_long)?_pretty\}/g;

/** `format` with its tokens replaced; both times in seconds since the epoch. */
export function slackDate(format: string, at: number, now: number): string {
  const plain = format
    .replaceAll("{ago}", ago(at, now))
    .replaceAll(PRETTY, (_, length = "") => nearDay(at, now) ?? `{date${length}}`);
  return plain.replaceAll(/\{\w+\}/g, (token) => {
    const options = TOKENS[token];
    return options ? new Intl.DateTimeFormat(undefined, options).format(at * 1000) : token;
  });
}

function ago(at: number, now: number): string {
  const minutes = Math.round((at - now) / 60);
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  if (Math.abs(minutes) < 60) {
    return minutes === 0 ? "just now" : relative.format(minutes, "minute");
  }
  const hours = Math.round(minutes / 60);
  return Math.abs(hours) < 24
    ? relative.format(hours, "hour")
    : relative.format(Math.round(hours / 24), "day");
}

/** "today", "yesterday" or "tomorrow", if it is one of them. */
function nearDay(at: number, now: number): string | undefined {
  const midnight = (seconds: number) => new Date(seconds * 1000).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000);
  return ["yesterday", "today", "tomorrow"][days + 1];
}
