/** Every element in which something is chosen or typed, drawn with the browser's own controls. */
import { useId, useState } from "react";
import type { ActValue } from "../protocol";
import { type Element, localTime, type Option, type OptionGroup, optionsOf, secondsOf } from "../values";
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
  isInvalid?: boolean;
  isRequired?: boolean;
}

/** What a control is called, and how it stands, for those who do not see it. */
const named = ({ id, label, describedBy, isInvalid, isRequired }: ChooserProps) => ({
  id,
  "aria-label": label,
  "aria-describedby": describedBy,
  "aria-invalid": isInvalid || undefined,
  "aria-required": isRequired || undefined,
});

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
  if (type === "datetimepicker") {
    return <Moment {...props} />;
  }
  return type in TEXT ? <Typed {...props} /> : <Select {...props} />;
}

function Typed(props: ChooserProps) {
  const { element, value, onChange } = props;
  const common = {
    ...named(props),
    value: (value as string | null) ?? "",
    placeholder: element.placeholder?.text,
    minLength: element.min_length,
    maxLength: element.max_length ?? 3000,
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

/** A day and a time in the browser's own time zone. */
function Moment(props: ChooserProps) {
  return (
    <input
      {...named(props)}
      type="datetime-local"
      value={localTime(props.value)}
      onChange={(event) => props.onChange(secondsOf(event.target.value))}
    />
  );
}

function Select(props: ChooserProps) {
  const { element, value, onChange } = props;
  const groups = useGroups(element);
  const isMultiple = element.type.startsWith("multi_");
  const chosen = (event: React.ChangeEvent<HTMLSelectElement>): ActValue =>
    isMultiple ? [...event.target.selectedOptions].map((option) => option.value) : event.target.value || null;
  return (
    <select
      {...named(props)}
      multiple={isMultiple}
      value={value ?? (isMultiple ? [] : "")}
      data-action={element.action_id}
      onChange={(event) => onChange(chosen(event))}
    >
      {!isMultiple && <option value="">{element.placeholder?.text ?? "Choose"}</option>}
      {groups.map(({ label, options }) =>
        label ? (
          <optgroup key={label.text} label={label.text}>
            {options.map(choice)}
          </optgroup>
        ) : (
          options.map(choice)
        ),
      )}
    </select>
  );
}

const choice = (option: Option) => (
  <option key={option.value} value={option.value}>
    {option.text.text}
  </option>
);

function useGroups(element: Element): OptionGroup[] {
  const { workspace } = useHere();
  const option = (value: string, text: string): Option => ({ value, text: { type: "plain_text", text } });
  if (element.type.endsWith("users_select")) {
    const people = workspace.people.filter((each) => !each.isBot);
    return [{ options: people.map((each) => option(each.id, each.realName)) }];
  }
  if (element.type.endsWith("channels_select") || element.type.endsWith("conversations_select")) {
    const channels = workspace.channels.filter((each) => each.name);
    return [{ options: channels.map((each) => option(each.id, `#${each.name}`)) }];
  }
  return element.option_groups ?? [{ options: optionsOf(element) }];
}

function Ticks({ element, value, onChange, label, describedBy }: ChooserProps) {
  const name = useId();
  const isRadio = element.type === "radio_buttons";
  const held = Array.isArray(value) ? value : value === null ? [] : [value];
  const tick = (option: string, isOn: boolean) =>
    onChange(isRadio ? option : isOn ? [...held, option] : held.filter((other) => other !== option));
  return (
    <fieldset className="ticks" aria-label={label} aria-describedby={describedBy}>
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
function Searched(props: ChooserProps) {
  const { element, value, onChange } = props;
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
        {...named(props)}
        list={list}
        value={text}
        placeholder={element.placeholder?.text}
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
