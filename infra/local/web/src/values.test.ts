import { expect, test } from "vitest";
import {
  type Block,
  complaints,
  type Element,
  initialValue,
  localTime,
  secondsOf,
  submitted,
} from "./values";

const option = (value: string) => ({ text: { type: "plain_text", text: value }, value });
const input = (element: Element): Block => ({ type: "input", block_id: element.action_id, element });

test("an input that nobody touched is submitted as it was given", () => {
  const blocks = [
    input({ type: "plain_text_input", action_id: "why", initial_value: "because" }),
    input({ type: "static_select", action_id: "plan", options: [option("a")], initial_option: option("a") }),
    input({ type: "checkboxes", action_id: "which", options: [option("x")], initial_options: [option("x")] }),
  ];
  expect(submitted(blocks, {})).toEqual({ why: "because", plan: "a", which: ["x"] });
});

test("what was touched counts, and what was emptied is left out", () => {
  const blocks = [
    input({ type: "plain_text_input", action_id: "why", initial_value: "because" }),
    input({ type: "plain_text_input", action_id: "more" }),
  ];
  expect(submitted(blocks, { why: "", more: "words" })).toEqual({ more: "words" });
});

test("a menu of several begins as a list", () => {
  expect(initialValue({ type: "multi_static_select", action_id: "m" })).toEqual([]);
});

test("a required input that is empty is complained of, an optional one is not", () => {
  const why = input({ type: "plain_text_input", action_id: "why" });
  const which = input({ type: "checkboxes", action_id: "which" });
  const required = "Please complete this required field.";
  expect(complaints([why, which], { which: [] })).toEqual({ why: required, which: required });
  expect(complaints([{ ...why, optional: true }], {})).toEqual({});
  expect(complaints([why], { why: "because" })).toEqual({});
});

test("what is too short is complained of, even where nothing need be written", () => {
  const why = { ...input({ type: "plain_text_input", action_id: "why", min_length: 5 }), optional: true };
  expect(complaints([why], { why: "four" })).toEqual({ why: "Please write at least 5 characters." });
  expect(complaints([why], { why: "fives" })).toEqual({});
});

test("a moment goes into the browser's own control and comes back the same", () => {
  const moment = { type: "datetimepicker", action_id: "time", initial_date_time: 1772445600 };
  expect(initialValue(moment)).toBe("1772445600");
  expect(localTime("1772445600")).toMatch(/^2026-03-0[123]T\d\d:\d0$/);
  expect(secondsOf(localTime("1772445600"))).toBe("1772445600");
  expect([localTime(null), secondsOf("")]).toEqual(["", null]);
});
