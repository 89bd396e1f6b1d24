/** An input block of a modal, with its label, hint and what the app said of it. */
import { useId } from "react";
import type { Block } from "../values";
import { Chooser } from "./chooser";
import { useUse } from "./use";

export function InputBlock({ block }: { block: Block }) {
  const { held, onChange, errors } = useUse();
  const id = useId();
  const { element } = block;
  if (element === undefined) {
    return null;
  }
  const error = errors?.[block.block_id];
  const isGroup = element.type === "checkboxes" || element.type === "radio_buttons";
  const label = (
    <>
      {block.label?.text}
      {block.optional && <span className="optional"> (optional)</span>}
    </>
  );
  return (
    <div className="input-block">
      {isGroup ? <div className="label">{label}</div> : <label htmlFor={id}>{label}</label>}
      <Chooser
        element={element}
        id={id}
        label={isGroup ? block.label?.text : undefined}
        isInvalid={error !== undefined}
        isRequired={!block.optional}
        describedBy={error ? `${id}-error` : undefined}
        value={held?.(element) ?? null}
        onChange={(value) => onChange?.(element, value)}
      />
      {block.hint && <p className="hint">{block.hint.text}</p>}
      {error && (
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
