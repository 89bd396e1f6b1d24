/** What the composer offers behind a slash: the app's commands, then what may follow one, from its usage hint. Pure. */
import type { SlashCommand } from "./protocol";

export interface Suggestion {
  /** What is put into the composer. */
  fill: string;
  label: string;
  detail: string;
}

export function suggestions(text: string, commands: readonly SlashCommand[]): Suggestion[] {
  if (!text.startsWith("/")) {
    return [];
  }
  const [typed = "", ...rest] = text.split(" ");
  if (rest.length === 0) {
    return commands
      .filter((each) => each.command.startsWith(typed))
      .map((each) => ({ fill: `${each.command} `, label: each.command, detail: each.description }));
  }
  const command = commands.find((each) => each.command === typed);
  const begun = rest.join(" ");
  return command ? following(command).filter((each) => isBegunBy(each, `${typed} ${begun}`)) : [];
}

/** The alternatives of a usage hint such as `drill <plan> | plans | status [drill]`. */
function following(command: SlashCommand): Suggestion[] {
  return command.usageHint
    .split("|")
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [word = "", ...takes] = part.split(" ");
      const fill = `${command.command} ${word}${takes.length ? " " : ""}`;
      return { fill, label: `${command.command} ${word}`, detail: takes.join(" ") };
    });
}

function isBegunBy(suggestion: Suggestion, text: string): boolean {
  return suggestion.fill.startsWith(text) && suggestion.fill !== text;
}
