/**
 * Text as the library must be given it. Slack shows escaped text as it is, and takes nothing for a mention or a link by
 * itself where `verbatim` is true. The library undoes the escapes first and looks for mark-up afterwards, so that
 * `&lt;!channel&gt;` becomes a mention there; and it takes `verbatim` for "no mark-up at all". A word joiner, which
 * nobody sees, keeps it from both.
 */
const JOINER = "\u2060";
const MARK_UP = /(<[^<>]*>)/;

export function calm(text: string, verbatim: boolean): string {
  return text
    .split(MARK_UP)
    .map((part) => (MARK_UP.test(part) ? part : plain(part, verbatim)))
    .join("");
}

function plain(part: string, verbatim: boolean): string {
  const escaped = part.replaceAll("&lt;", `<${JOINER}`).replaceAll("&gt;", `${JOINER}>`);
  if (!verbatim) {
    return escaped;
  }
  return escaped
    .replaceAll("@", `@${JOINER}`)
    .replaceAll("://", `:${JOINER}//`)
    .replaceAll("www.", `www${JOINER}.`);
}
