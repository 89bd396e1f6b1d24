import { expect, test } from "vitest";
import { slackDate } from "./slack-date";

const NOON = new Date(2026, 2, 2, 12, 0).getTime() / 1000;
const HOUR = 3600;

test("what is relative is told by the world's clock, not by the browser's", () => {
  expect(slackDate("{ago}", NOON - 9 * 60, NOON)).toBe("9 minutes ago");
  expect(slackDate("Started {ago}", NOON, NOON)).toBe("Started just now");
  expect(slackDate("{ago}", NOON - 30 * HOUR, NOON)).toBe("yesterday");
});

test("a near day is named, a far one is dated", () => {
  expect(slackDate("{date_short_pretty} at {time}", NOON, NOON)).toMatch(/^today at 12:00/);
  expect(slackDate("{date_pretty}", NOON + 24 * HOUR, NOON)).toBe("tomorrow");
  expect(slackDate("{date_short_pretty}", NOON + 240 * HOUR, NOON)).toMatch(/2026/);
});

test("a token that Slack has not is left as it is", () => {
  expect(slackDate("{what}", NOON, NOON)).toBe("{what}");
});
