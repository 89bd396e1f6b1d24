import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { type Block, Message } from "slack-blocks-to-jsx";
import { expect, test } from "vitest";
import { calm } from "./calm";

function drawn(text: string, verbatim = true): string {
  const block = { type: "section", text: { type: "mrkdwn", text: calm(text, verbatim) } } as Block;
  const message = createElement(Message, { blocks: [block], logo: "", name: "", withoutWrapper: true });
  return renderToStaticMarkup(message).replaceAll("\u2060", "");
}

test("escaped mark-up is shown as plain text", () => {
  const shown = drawn("&lt;!channel&gt; &lt;@U0EVE&gt; &lt;https://evil.example|x&gt; a &amp; b &lt;b&gt;");
  expect(shown).toContain(
    "&lt;!channel&gt; &lt;@U0EVE&gt; &lt;https://evil.example|x&gt; a &amp; b &lt;b&gt;",
  );
  expect(shown).not.toContain("<a ");
  expect(shown).not.toContain("broadcast");
});

test("nothing is looked for in verbatim text", () => {
  const shown = drawn("@here @channel https://evil.example www.evil.example eve@evil.example");
  expect(shown).toContain("@here @channel https://evil.example www.evil.example eve@evil.example");
  expect(shown).not.toContain("<a ");
  expect(shown).not.toContain("broadcast");
});

test("what is meant as mark-up stays mark-up", () => {
  expect(drawn("<https://console.aws.amazon.com/drs/home|drsjob-1>")).toContain(
    'href="https://console.aws.amazon.com/drs/home"',
  );
  expect(drawn("<!channel>")).toContain("broadcast");
  expect(drawn("https://docs.slack.dev", false)).toContain("<a ");
});
