/** Every element in which something is chosen or typed, drawn with the browser's own controls. */
import { useId, useState } from "react";
import type { ActValue } from "../protocol";
import { type Element, type Option, optionsOf } from "../values";
import { useHere } from "../workspace";
import { useUse } from "./use";

export interface ChooserProps {
  element: Element;
  value: ActValue;
  onChange: (value: ActValue) => void;
  /** Its name, where no label on the page names it. */
  label?: string;
  id?: string;
  describedBy?: string;
}

const TEXT: Record<string, string> = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
  datepicker: "date",
  timepicker: "time",
};

export function Chooser(props: ChooserProps) {
  const { type } = props.element;
  if (type === "checkboxes" || type === "radio_buttons") {
    return <Ticks {...props} />;
  }
  if (type === "external_select") {
    return <Searched {...props} />;
  }
  return type in TEXT ? <Typed {...props} /> : <Select {...props} />;
}

function Typed({ element, value, onChange, label, id, describedBy }: ChooserProps) {
  const common = {
    id,
    value: (value as string | null) ?? "",
    placeholder: element.placeholder?.text,
    minLength: element.min_length,
    maxLength: element.max_length ?? 3000,
    "aria-label": label,
    "aria-describedby": describedBy,
  };
  return element.multiline ? (
    <textarea {...common} rows={3} onChange={(event) => onChange(event.target.value)} />
  ) : (
    <input
      {...common}
      type={TEXT[element.type]}
      min={element.min_value}
      max={element.max_value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Select({ element, value, onChange, label, id, describedBy }: ChooserProps) {
  const options = useOptions(element);
  const isMultiple = element.type.startsWith("multi_");
  const chosen = (event: React.ChangeEvent<HTMLSelectElement>): ActValue =>
    isMultiple ? [...event.target.selectedOptions].map((option) => option.value) : event.target.value || null;
  return (
    <select
      id={id}
      multiple={isMultiple}
      value={value ?? (isMultiple ? [] : "")}
      aria-label={label}
      aria-describedby={describedBy}
      data-action={element.action_id}
      onChange={(event) => onChange(chosen(event))}
    >
      {!isMultiple && <option value="">{element.placeholder?.text ?? "Choose"}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.text.text}
        </option>
      ))}
    </select>
  );
}

function useOptions(element: Element): Option[] {
  const { workspace } = useHere();
  const named = (value: string, text: string): Option => ({ value, text: { type: "plain_text", text } });
  if (element.type.endsWith("users_select")) {
    return workspace.people.filter((each) => !each.isBot).map((each) => named(each.id, each.realName));
  }
  if (element.type.endsWith("channels_select") || element.type.endsWith("conversations_select")) {
    return workspace.channels.filter((each) => each.name).map((each) => named(each.id, `#${each.name}`));
  }
  return optionsOf(element);
}

function Ticks({ element, value, onChange, label }: ChooserProps) {
  const name = useId();
  const isRadio = element.type === "radio_buttons";
  const held = Array.isArray(value) ? value : value === null ? [] : [value];
  const tick = (option: string, isOn: boolean) =>
    onChange(isRadio ? option : isOn ? [...held, option] : held.filter((other) => other !== option));
  return (
    <fieldset className="ticks" aria-label={label}>
      {optionsOf(element).map((option) => (
        <label key={option.value}>
          <input
            type={isRadio ? "radio" : "checkbox"}
            name={name}
            checked={held.includes(option.value)}
            onChange={(event) => tick(option.value, event.target.checked)}
          />
          <span>
            {option.text.text}
            {option.description && <small>{option.description.text}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** The app is asked for each thing typed; what it offers is chosen from the browser's own list. */
function Searched({ element, value, onChange, label, id, describedBy }: ChooserProps) {
  const { onSearch } = useUse();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Option[]>([]);
  const list = useId();
  const type = async (typed: string) => {
    setText(typed);
    onChange(found.find((option) => option.text.text === typed)?.value ?? null);
    if (onSearch && typed.length >= (element.min_query_length ?? 3)) {
      setFound((await onSearch(element, typed)) as unknown as Option[]);
    }
  };
  return (
    <>
      <input
        id={id}
        list={list}
        value={text}
        placeholder={element.placeholder?.text}
        aria-label={label}
        aria-describedby={describedBy}
        data-chosen={value ?? undefined}
        onChange={(event) => void type(event.target.value)}
      />
      <datalist id={list}>
        {found.map((option) => (
          <option key={option.value} value={option.text.text} />
        ))}
      </datalist>
    </>
  );
}
