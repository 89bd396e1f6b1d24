/** Where one types. A slash offers the app's commands, but not in threads, where Slack has none. */
import { useId, useRef, useState } from "react";
import { type Suggestion, suggestions } from "../suggestions";
import { useHere } from "../workspace";

interface ComposerProps {
  channel: string;
  placeholder: string;
  threadTs?: string;
  /** Told of each command that is sent. */
  onCommand?: (command: string) => void;
}

export function Composer({ channel, placeholder, threadTs, onCommand }: ComposerProps) {
  const { workspace, act } = useHere();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(-1);
  const [isClosed, setClosed] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  const offered = threadTs || isClosed ? [] : suggestions(text, workspace.commands);
  const active = chosen < 0 && !text.includes(" ") ? 0 : Math.min(chosen, offered.length - 1);

  const change = (typed: string) => {
    setText(typed);
    setChosen(-1);
    setClosed(false);
  };
  const take = (suggestion: Suggestion) => {
    change(suggestion.fill);
    field.current?.focus();
  };
  const send = () => {
    const typed = text.trim();
    if (typed === "") {
      return;
    }
    change("");
    if (!typed.startsWith("/")) {
      void act({ act: "say", channel, text: typed, threadTs });
      return;
    }
    const [command = ""] = typed.split(/\s/, 1);
    onCommand?.(command);
    void act({ act: "command", channel, command, text: typed.slice(command.length).trim(), threadTs });
  };
  const press = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const suggestion = offered[active];
    if (event.nativeEvent.isComposing) {
      // The key belongs to the input method, which is still composing a character.
    } else if (event.key === "Enter" && !(suggestion && text !== suggestion.fill.trim())) {
      event.preventDefault();
      send();
    } else if (step && offered.length > 0) {
      event.preventDefault();
      setChosen((active + step + offered.length) % offered.length);
    } else if (event.key === "Escape") {
      setClosed(true);
    } else if ((event.key === "Enter" || event.key === "Tab") && (suggestion ?? offered[0])) {
      event.preventDefault();
      take((suggestion ?? offered[0]) as Suggestion);
    }
  };

  return (
    <div className="composer">
      {offered.length > 0 && (
        <div className="suggestions" role="listbox" id={list} aria-label="Commands">
          {offered.map((suggestion, number) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the field, which has the keys
            <div
              key={suggestion.fill}
              id={`${list}-${number}`}
              role="option"
              tabIndex={-1}
              aria-selected={number === active}
              onClick={() => take(suggestion)}
            >
              <strong>{suggestion.label}</strong> <span>{suggestion.detail}</span>
            </div>
          ))}
        </div>
      )}
      <input
        ref={field}
        role="combobox"
        aria-expanded={offered.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={offered.length > 0 && active >= 0 ? `${list}-${active}` : undefined}
        aria-label={placeholder}
        placeholder={placeholder}
        value={text}
        autoComplete="off"
        onChange={(event) => change(event.target.value)}
        onKeyDown={press}
      />
      <button type="button" className="send" aria-label="Send" disabled={text.trim() === ""} onClick={send}>
        ➤
      </button>
    </div>
  );
}
