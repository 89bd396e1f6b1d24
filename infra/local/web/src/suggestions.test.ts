import { expect, test } from "vitest";
import { suggestions } from "./suggestions";

const COMMANDS = [
  {
    command: "/drs",
    description: "Disaster recovery drills",
    usageHint: "drill <plan> | plans | status [drill] | help",
  },
];
const fills = (text: string) => suggestions(text, COMMANDS).map((each) => each.fill);

test("a slash offers the commands, and text offers nothing", () => {
  expect(fills("/")).toEqual(["/drs "]);
  expect(fills("/d")).toEqual(["/drs "]);
  expect(fills("/x")).toEqual([]);
  expect(fills("hello")).toEqual([]);
});

test("behind a command comes what its hint names, narrowed by what is typed", () => {
  expect(fills("/drs ")).toEqual(["/drs drill ", "/drs plans", "/drs status ", "/drs help"]);
  expect(fills("/drs s")).toEqual(["/drs status "]);
});

test("what is typed out is not offered again", () => {
  expect(fills("/drs plans")).toEqual([]);
  expect(fills("/drs drill payments")).toEqual([]);
});
